"""How do the rows of Walmart's payment report become payout lines?

One amount a row. The period, its total and its currency may stand in the row that sums the payment up
only; the rows below it belong to that period.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from app.domain.payouts.lines import LineType, PayoutLine
from app.sync.files.layout import Layout
from app.sync.files.posting_times import posted_at
from app.sync.files.settlements import Booking, lines_from_rows
from app.sync.files.sheet import Mapped, Sheet

LAYOUT = Layout(
    required=("period start date", "period end date", "transaction posted timestamp",
              "transaction type", "purchase order #", "amount", "amount type"),
    optional=("total payable", "currency", "transaction key", "transaction description",
              "customer order #", "purchase order line #", "partner item id",
              "transaction reason description"),
    money=("amount", "total payable"),
    identity=("purchase order #",),
    ids=("partner item id", "customer order #"),
)  # fmt: skip
_POSTAGE: Final = ("shipping label", "shipping service", "return shipping")


def lines_of_report(sheet: Sheet) -> Mapped:
    """Map the rows of a payment report."""
    read = Booking(sheet)
    sums = [cells for cells in sheet.rows if _is_sum(read, cells)]
    first = sums[0] if sums else None

    def period(cells: list[str]) -> str:
        for row in (cells, first):
            if row is not None and read.text(row, "period end date"):
                return _days(read, row)
        return read.text(cells, "transaction key")[:10].replace("_", "-")

    def build(cells: list[str], line: int) -> Iterable[PayoutLine]:
        said = read.text(cells, "currency") or (read.text(first, "currency") if first else "")
        currency, is_sum = read.currency(cells, said.upper()), _is_sum(read, cells)
        column = "total payable" if is_sum else "amount"
        amount = read.amount(cells, column, currency)
        if not amount:
            return
        posted = _posted(read, cells, is_sum)
        type_ = LineType.TRANSFER if is_sum else _type_of(read, cells)
        label = read.text(cells, "amount type")
        if type_ in (LineType.FEE, LineType.POSTAGE, LineType.ADJUSTMENT) and label in _VAGUE:
            label = read.text(cells, "transaction description") or label
        yield PayoutLine(
            period(cells), type_, "Paid out" if is_sum else label, -amount if is_sum else amount,
            currency, posted, read.code(cells, "purchase order #"),
            read.code(cells, "partner item id"), read.code(cells, "purchase order line #"),
            posted if is_sum else None, line,
        )  # fmt: skip

    return lines_from_rows(sheet, sheet.place("purchase order #"), build)


_VAGUE: Final = ("", "Fee/Reimbursement", "Other")


def _is_sum(read: Booking, cells: list[str]) -> bool:
    return read.text(cells, "transaction type").replace(" ", "").casefold() == "paymentsummary"


def _days(read: Booking, cells: list[str]) -> str:
    """Return a period as its first and last day."""
    days = (read.text(cells, "period start date"), read.text(cells, "period end date"))
    return " to ".join(_day(day) for day in days if day)


def _day(text: str) -> str:
    try:
        return f"{posted_at(text):%Y-%m-%d}"
    except ValueError:
        return text


def _posted(read: Booking, cells: list[str], is_sum: bool) -> datetime:
    column = "transaction posted timestamp"
    if is_sum and not read.text(cells, column):
        column = "period end date"
    return read.moment(cells, column, UTC)


def _type_of(read: Booking, cells: list[str]) -> LineType:
    kind = read.text(cells, "transaction type").casefold()
    group = read.text(cells, "amount type").casefold()
    words = f"{group} {read.text(cells, 'transaction description').casefold()}"
    gives_back = "refund" in kind or "return" in kind or "dispute" in kind
    told = (
        (any(name in words for name in _POSTAGE), LineType.POSTAGE),
        ("commission" in group or group == "fee/reimbursement" or "wfs" in words, LineType.FEE),
        ("reserve" in words or "deposit" in group or "hold" in group, LineType.RESERVE),
        (gives_back, LineType.REFUND),
        ("tax" in group, LineType.TAX),
        (group == "shipping", LineType.SHIPPING),
        (group == "product price", LineType.SALE),
    )
    return next((type_ for is_so, type_ in told if is_so), LineType.ADJUSTMENT)
