"""How do the rows of an Etsy statement become payout lines?

A statement is the account of a month. What was sent to the bank stands in words only, and need not be
what the lines above it add up to: the rest stays at Etsy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC
from typing import Final

from app.domain.payouts.lines import LineType, PayoutLine
from app.sync.files.amounts import currency_of, rounded, ten_thousandths
from app.sync.files.layout import Layout
from app.sync.files.settlements import Booking, Part, lines_from_rows
from app.sync.files.sheet import CellError, Mapped, Sheet

LAYOUT = Layout(
    required=("date", "type", "title", "info", "currency", "amount", "fees & taxes", "net"),
    money=("amount", "fees & taxes", "net"),
    pads_short_rows=True,  # Etsy's header has two names more than its rows have cells
)
_TYPES: Final = {
    "sale": LineType.SALE, "fee": LineType.FEE, "tax": LineType.TAX, "vat": LineType.TAX,
    "refund": LineType.REFUND, "shipping": LineType.POSTAGE, "marketing": LineType.FEE,
    "deposit": LineType.TRANSFER, "buyer fee": LineType.TAX, "reserve": LineType.RESERVE,
}  # fmt: skip
_ORDER: Final = re.compile(r"order #\s?([0-9]+)", re.IGNORECASE)
_SENT: Final = re.compile(r"[^0-9$£€¥]{0,4}[$£€¥]?[A-Z]{0,3}\s?[0-9][0-9.,'\u00a0]*")


def lines_of_statement(sheet: Sheet) -> Mapped:
    """Map the rows of a statement."""
    read = Booking(sheet)

    def build(cells: list[str], line: int) -> Iterable[PayoutLine]:
        currency = read.currency(cells)
        title, type_ = read.text(cells, "title"), _type_of(read, cells)
        net = read.amount(cells, "net", currency)
        if type_ is LineType.TRANSFER and not net:
            net = -_sent(sheet, cells, title, currency)
        if not net:
            return
        _must_add_up(read, cells, net, currency, type_)
        posted = read.moment(cells, "date", UTC)
        label, _, item = title.partition(": ")
        order = _ORDER.search(f"{read.text(cells, 'info')} {title}")
        yield PayoutLine(
            f"{posted:%Y-%m}", type_, "Paid out" if type_ is LineType.TRANSFER else _short(label),
            net, currency, posted, order[1] if order else "", item,
            "" if order else read.text(cells, "info"),
            posted if type_ is LineType.TRANSFER else None, line,
        )  # fmt: skip

    return lines_from_rows(sheet, sheet.place("info"), build)


def _type_of(read: Booking, cells: list[str]) -> LineType:
    type_ = _TYPES.get(read.text(cells, "type").casefold(), LineType.ADJUSTMENT)
    gives_back = read.text(cells, "title").casefold().startswith("refund to buyer")
    return LineType.REFUND if type_ is LineType.TAX and gives_back else type_


def _short(label: str) -> str:
    """Return what a line is, without the order's number, which stands beside it."""
    return _ORDER.sub("", label).rstrip(" ,:").removesuffix(" for").strip() or label


def _must_add_up(read: Booking, cells: list[str], net: int, currency: str, type_: LineType) -> None:
    named = ((name, read.amount(cells, name, currency) or 0) for name in ("amount", "fees & taxes"))
    parts: list[Part] = [(type_, name, amount) for name, amount in named]
    if type_ is not LineType.TRANSFER:
        read.must_add_up(cells, "net", parts, net, currency)


def _sent(sheet: Sheet, cells: list[str], title: str, currency: str) -> int:
    """Return what a deposit says in words: "$15.34 sent to your bank account"."""
    found = _SENT.search(title)
    text = found[0].strip() if found else ""
    exact = ten_thousandths(text, sheet.decimal)
    if exact is None or currency_of(text) not in ("", currency, "USD"):
        why = "how much was sent to your bank cannot be read from these words."
        raise CellError("AMOUNT_INVALID", cells, sheet.place("title"), why)
    return rounded(exact, currency)
