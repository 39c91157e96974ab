"""How do Shopify Payments' exports become payout lines?

The transactions state what was charged, its fee and what is left, the payouts what went to the bank.
Neither names the payout in a way that both know but by its day; there is one a day and currency.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Final

from app.domain.payouts.lines import LineType, PayoutLine
from app.sync.files.layout import Layout
from app.sync.files.settlements import Booking, Part, lines_from_rows
from app.sync.files.sheet import Mapped, Sheet

TRANSACTIONS = Layout(
    required=("transaction date", "type", "order", "payout date", "amount", "fee", "net"),
    optional=("payout status", "payout id", "currency", "checkout"),
    money=("amount", "fee", "net"),
    identity=("order",),
)
PAYOUTS = Layout(
    required=("payout date", "status", "charges", "refunds", "adjustments", "fees", "total"),
    optional=("currency",),
    money=("charges", "refunds", "adjustments", "fees", "total"),
)
_TYPES: Final = {
    "charge": LineType.SALE, "sale": LineType.SALE, "refund": LineType.REFUND,
    "chargeback": LineType.REFUND, "dispute": LineType.REFUND, "payout": LineType.TRANSFER,
    "application_fee": LineType.FEE, "adjustment": LineType.ADJUSTMENT,
}  # fmt: skip
_NOT_SENT: Final = ("failed", "canceled", "cancelled")


def transactions_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a transactions export: what was charged or given back, and its fee."""
    read = Booking(sheet)

    def build(cells: list[str], line: int) -> Iterable[PayoutLine]:
        currency = read.currency(cells)
        kind = read.text(cells, "type")
        fee = read.amount(cells, "fee", currency) or 0
        parts: list[Part] = [
            (_type_of(kind), kind.replace("_", " ").capitalize(), read.amount(cells, "amount", currency) or 0),
            (LineType.FEE, "Payment fee", -fee),
        ]  # fmt: skip
        read.must_add_up(cells, "net", parts, read.amount(cells, "net", currency), currency)
        paid_at = read.perhaps(cells, "payout date", UTC)
        payout = f"{paid_at:%Y-%m-%d}" if paid_at else ""
        for type_, label, amount in parts:
            if amount:
                yield PayoutLine(
                    payout, type_, label, amount, currency,
                    read.moment(cells, "transaction date", UTC), read.code(cells, "order"),
                    ref=read.code(cells, "checkout"), paid_at=paid_at, source_line=line,
                )  # fmt: skip

    return lines_from_rows(sheet, sheet.place("order"), build)


def payouts_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a payouts export: what went to the bank."""
    read = Booking(sheet)

    def build(cells: list[str], line: int) -> Iterable[PayoutLine]:
        currency = read.currency(cells)
        total = read.amount(cells, "total", currency)
        if not total or read.text(cells, "status").casefold() in _NOT_SENT:
            return
        paid_at = read.moment(cells, "payout date", UTC)
        yield PayoutLine(f"{paid_at:%Y-%m-%d}", LineType.TRANSFER, "Paid out", -total, currency,
                         paid_at, paid_at=paid_at, source_line=line)  # fmt: skip

    return lines_from_rows(sheet, sheet.place("payout date"), build)


def _type_of(kind: str) -> LineType:
    said = kind.casefold()
    if "reserve" in said:
        return LineType.RESERVE
    if "shipping_label" in said or "shipping label" in said:
        return LineType.POSTAGE
    return _TYPES.get(said, LineType.ADJUSTMENT)
