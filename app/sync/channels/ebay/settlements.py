"""How do the rows of eBay's transaction report become payout lines?

A row has the order's parts, one column for each fee (they come and go), and what is left of them. Rows
of single items beside an order's row state no amount of their own. A payout is a row as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.domain.payouts.lines import LineType, PayoutLine
from app.sync.files.layout import Layout, column_key
from app.sync.files.moments import PACIFIC
from app.sync.files.settlements import Booking, Part, lines_from_rows
from app.sync.files.sheet import Mapped, Sheet

_PARTS: Final = (
    ("item subtotal", LineType.SALE, "Item price"),
    ("shipping and handling", LineType.SHIPPING, "Shipping"),
    ("seller collected tax", LineType.TAX, "Tax that you collect"),
)
LAYOUT = Layout(
    required=("transaction date", "type", "order number", "payout id", "net amount"),
    optional=("item subtotal", "shipping and handling", "seller collected tax",
              "gross transaction amount", "transaction currency", "payout currency", "payout date",
              "reference id", "description", "custom label", "item id", "transaction id"),
    money=("net amount", "item subtotal", "shipping and handling", "gross transaction amount"),
    identity=("order number",),
    ids=("custom label", "item id", "transaction id", "payout id"),
    spellings={"transaction creation date": "transaction date",
               "postage and packaging": "shipping and handling",
               "postage and handling": "shipping and handling"},
)  # fmt: skip
_TYPES: Final = {
    "order": LineType.SALE, "refund": LineType.REFUND, "other fee": LineType.FEE,
    "shipping label": LineType.POSTAGE, "postage label": LineType.POSTAGE, "hold": LineType.RESERVE,
    "payout": LineType.TRANSFER, "claim": LineType.REFUND, "payment dispute": LineType.REFUND,
    "transfer": LineType.ADJUSTMENT, "charge": LineType.ADJUSTMENT, "adjustment": LineType.ADJUSTMENT,
    "credit": LineType.ADJUSTMENT,
}  # fmt: skip


def lines_of_report(sheet: Sheet) -> Mapped:
    """Map the rows of a transaction report."""
    read = Booking(sheet)
    fees = _fee_columns(sheet)

    def parts_of(cells: list[str], type_: LineType, currency: str) -> list[Part]:
        gross = read.amount(cells, "gross transaction amount", currency)
        parts = [(t, words, read.amount(cells, name, currency) or 0) for name, t, words in _PARTS]
        if type_ is not LineType.SALE or gross is None or _sum(parts) != gross:
            whole = gross if gross is not None else read.amount(cells, "net amount", currency)
            parts = [(type_, _words(read, cells), whole or 0)]
        parts += [(LineType.FEE, words, read.amount_at(cells, place, currency) or 0)
                  for place, words in fees]  # fmt: skip
        return [part for part in parts if part[2]]

    def build(cells: list[str], line: int) -> Iterable[PayoutLine]:
        currency = read.text(cells, "payout currency") or read.text(cells, "transaction currency")
        net = read.amount(cells, "net amount", currency or "USD")
        if net is None:
            return  # an item of the order in the row above, which has the amounts
        type_ = _TYPES.get(read.text(cells, "type").casefold(), LineType.ADJUSTMENT)
        is_converted = read.text(cells, "transaction currency") not in ("", currency)
        if is_converted or type_ is LineType.TRANSFER:
            parts: list[Part] = [(type_, _words(read, cells), net)]
        else:
            parts = parts_of(cells, type_, currency)
            read.must_add_up(cells, "net amount", parts, net, currency)
        posted = read.moment(cells, "transaction date", PACIFIC)
        paid_at = (
            posted if type_ is LineType.TRANSFER else read.perhaps(cells, "payout date", PACIFIC)
        )
        for kind, label, amount in parts:
            yield PayoutLine(
                read.code(cells, "payout id"), kind, label, amount, currency or "USD", posted,
                read.code(cells, "order number"),
                read.code(cells, "custom label") or read.code(cells, "item id"),
                read.code(cells, "reference id") or read.code(cells, "transaction id"),
                paid_at, line,
            )  # fmt: skip

    return lines_from_rows(sheet, sheet.place("order number"), build)


def _fee_columns(sheet: Sheet) -> list[tuple[int, str]]:
    """Return the columns that are fees: all that say so in their name."""
    return [
        (place, name.strip())
        for place, name in enumerate(sheet.header)
        if column_key(name).endswith(" fee") or column_key(name).startswith("final value fee")
    ]


def _words(read: Booking, cells: list[str]) -> str:
    kind = read.text(cells, "type")
    if kind.casefold() in ("other fee", "adjustment", "charge", "credit"):
        return read.text(cells, "description") or kind
    return "Paid out" if kind.casefold() == "payout" else kind


def _sum(parts: list[Part]) -> int:
    return sum(amount for _type, _words, amount in parts)
