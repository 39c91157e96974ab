"""How do the rows of Amazon's payment reports become payout lines?

Three reports tell the same: the date range report (a row an order, a column a kind of amount), the
settlement report V2 (a row an amount) and its older form (several amounts a row, each with its kind
beside it). The settlement reports state the payout in their first row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final

from app.domain.payouts.lines import LineType, PayoutLine
from app.sync.channels.amazon.marketplaces import currency_of
from app.sync.files.layout import Layout
from app.sync.files.moments import PACIFIC
from app.sync.files.settlements import Booking, Part, lines_from_rows
from app.sync.files.sheet import Mapped, Sheet

_SALE: Final = {
    "product sales": LineType.SALE, "product sales tax": LineType.TAX,
    "shipping credits": LineType.SHIPPING, "shipping credits tax": LineType.TAX,
    "gift wrap credits": LineType.SALE, "giftwrap credits tax": LineType.TAX,
    "gift wrap credits tax": LineType.TAX, "regulatory fee": LineType.TAX,
    "tax on regulatory fee": LineType.TAX, "promotional rebates": LineType.SALE,
    "promotional rebates tax": LineType.TAX, "sales tax collected": LineType.TAX,
    "marketplace withheld tax": LineType.TAX, "marketplace facilitator tax": LineType.TAX,
}  # fmt: skip
_FEES: Final = ("selling fees", "fba fees", "other transaction fees")
TRANSACTIONS = Layout(
    required=("date/time", "settlement id", "type", "order id", "description", "total"),
    optional=(*_SALE, *_FEES, "other", "sku", "marketplace"),
    money=(*_SALE, *_FEES, "other", "total"),
    identity=("order id",),
    ids=("sku", "settlement id"),
)
SETTLEMENT = Layout(
    required=("settlement-id", "total-amount", "transaction-type", "order-id", "amount-type",
              "amount-description", "amount"),
    optional=("currency", "posted-date", "posted-date-time", "deposit-date", "sku", "order-item-code",
              "adjustment-id", "settlement-end-date"),
    money=("amount", "total-amount"),
    identity=("order-id",),
    ids=("sku", "settlement-id", "order-item-code"),
    quoted_tabs=False,
    pads_short_rows=True,
)  # fmt: skip
_PAIRS: Final = (
    ("price-type", "price-amount"), ("item-related-fee-type", "item-related-fee-amount"),
    ("promotion-type", "promotion-amount"), ("shipment-fee-type", "shipment-fee-amount"),
    ("order-fee-type", "order-fee-amount"), ("direct-payment-type", "direct-payment-amount"),
    ("other-fee-reason-description", "other-fee-amount"), ("", "misc-fee-amount"),
    ("transaction-type", "other-amount"),
)  # fmt: skip
OLD_SETTLEMENT = Layout(
    required=("settlement-id", "total-amount", "transaction-type", "order-id", "price-type",
              "price-amount", "item-related-fee-type", "item-related-fee-amount"),
    optional=("currency", "posted-date", "deposit-date", "sku", "order-item-code", "adjustment-id",
              *(name for pair in _PAIRS for name in pair if name)),
    money=("total-amount", *(amount for _kind, amount in _PAIRS)),
    identity=("order-id",),
    ids=("sku", "settlement-id", "order-item-code"),
    quoted_tabs=False,
    pads_short_rows=True,
)  # fmt: skip
_GIVEN_BACK: Final = ("refund", "chargeback", "a-to-z", "a-z", "guarantee claim")
PAID_OUT: Final = "Paid out"
PartsOf = Callable[[list[str], str], list[Part]]


def transactions_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a date range report."""
    read = Booking(sheet)
    there = [(name, type_) for name, type_ in _SALE.items() if sheet.has(name)]

    def parts_of(cells: list[str], currency: str) -> list[Part]:
        kind = read.text(cells, "type")
        gives_back = _gives_back(kind)
        parts: list[Part] = []
        for name, type_ in there:
            is_back = gives_back and type_ is not LineType.TAX
            _add(parts, LineType.REFUND if is_back or gives_back else type_, name.capitalize(),
                 read.amount(cells, name, currency))  # fmt: skip
        for name in _FEES:
            _add(parts, LineType.FEE, name.capitalize(), read.amount(cells, name, currency))
        words = read.text(cells, "description") or kind
        _add(parts, _other(kind, words), words, read.amount(cells, "other", currency))
        return parts

    def build(cells: list[str], line: int) -> Iterable[PayoutLine]:
        currency = currency_of(read.text(cells, "marketplace"), "")
        total = read.amount(cells, "total", currency)
        if read.text(cells, "type").casefold() == "transfer":
            parts: list[Part] = [(LineType.TRANSFER, PAID_OUT, total or 0)]
        else:
            parts = parts_of(cells, currency)
            read.must_add_up(cells, "total", parts, total, currency)
        posted = read.moment(cells, "date/time", PACIFIC)
        for type_, label, amount in parts:
            yield PayoutLine(
                read.code(cells, "settlement id"), type_, label, amount, currency, posted,
                read.code(cells, "order id"), read.code(cells, "sku"), source_line=line,
                paid_at=posted if type_ is LineType.TRANSFER else None,
            )  # fmt: skip

    return lines_from_rows(sheet, sheet.place("order id"), build)


def settlement_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a settlement report V2: one amount a row."""
    read = Booking(sheet)

    def parts_of(cells: list[str], currency: str) -> list[Part]:
        parts: list[Part] = []
        group, words = read.text(cells, "amount-type"), read.text(cells, "amount-description")
        kind = read.text(cells, "transaction-type")
        type_ = _type_of(kind, group, words)
        _add(parts, type_, words or group or kind, read.amount(cells, "amount", currency))
        return parts

    return _settlement(sheet, read, parts_of)


def old_settlement_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of the older settlement report: several amounts a row."""
    read = Booking(sheet)

    def parts_of(cells: list[str], currency: str) -> list[Part]:
        parts: list[Part] = []
        kind = read.text(cells, "transaction-type")
        for name, amount in _PAIRS:
            words = (read.text(cells, name) if name else "") or amount.replace("-amount", "")
            group = (
                "ItemFees" if "fee" in amount else "Promotion" if "promo" in amount else "ItemPrice"
            )
            group = "other" if amount == "other-amount" else group
            _add(parts, _type_of(kind, group, words), words, read.amount(cells, amount, currency))
        return parts

    return _settlement(sheet, read, parts_of)


def _settlement(sheet: Sheet, read: Booking, parts_of: PartsOf) -> Mapped:
    """Map either settlement report: what the first row states is what was paid out."""
    money = _currencies(sheet, read)
    said = {
        read.text(cells, "settlement-id")
        for cells in sheet.rows
        if read.text(cells, "transaction-type").casefold() == "transfer"
    }
    column = "posted-date-time" if sheet.has("posted-date-time") else "posted-date"

    def build(cells: list[str], line: int) -> Iterable[PayoutLine]:
        payout = read.code(cells, "settlement-id")
        currency = read.currency(cells, money.get(payout, "USD"))
        kind, deposited = read.text(cells, "transaction-type"), None
        stated = read.amount(cells, "total-amount", currency)
        parts: list[Part] = parts_of(cells, currency)
        if not kind and not parts and stated is not None and payout not in said:
            deposited = read.perhaps(cells, "deposit-date", UTC)
            parts = [(LineType.TRANSFER, PAID_OUT, -stated)]
        for type_, label, amount in parts:
            posted = deposited or _posted(read, cells, column)
            yield PayoutLine(
                payout, type_, label, amount, currency, posted, read.code(cells, "order-id"),
                read.code(cells, "sku"), read.code(cells, "order-item-code"),
                paid_at=posted if type_ is LineType.TRANSFER else None, source_line=line,
            )  # fmt: skip

    return lines_from_rows(sheet, sheet.place("order-id"), build)


def _posted(read: Booking, cells: list[str], column: str) -> datetime:
    named = column if read.text(cells, column) else "posted-date"
    named = named if read.text(cells, named) else "deposit-date"
    return read.moment(cells, named, UTC)


def _currencies(sheet: Sheet, read: Booking) -> dict[str, str]:
    """Return each settlement's currency, which only its first row may say."""
    found: dict[str, str] = {}
    for cells in sheet.rows:
        said = read.text(cells, "currency").upper()
        if said:
            found.setdefault(read.text(cells, "settlement-id"), said)
    return found


def _add(parts: list[Part], type_: LineType, label: str, amount: int | None) -> None:
    if amount:
        parts.append((type_, label, amount))


def _gives_back(kind: str) -> bool:
    return any(word in kind.casefold() for word in _GIVEN_BACK)


def _type_of(kind: str, group: str, words: str) -> LineType:
    """Say what an amount of a settlement report is for."""
    if kind.casefold() == "transfer":
        return LineType.TRANSFER
    group_ = group.casefold()
    if group_ == "itemfees":
        return LineType.FEE
    if group_ in ("itemprice", "promotion", "itemwithheldtax"):
        if _gives_back(kind):
            return LineType.REFUND
        return _of_price(group_, words.casefold())
    return _other(kind, f"{group} {words}")


def _of_price(group: str, words: str) -> LineType:
    if "tax" in words or "tax" in group or "vat" in words:
        return LineType.TAX
    return LineType.SHIPPING if "shipping" in words else LineType.SALE


_OTHERS: Final = (
    (("reserve", "held", "hold"), LineType.RESERVE),
    (("shipping label", "shipping services", "shippingservices", "postage", "buy shipping"), LineType.POSTAGE),
    (("fee", "subscription", "storage", "advert", "billing", "commission", "service"), LineType.FEE),
)  # fmt: skip


def _other(kind: str, words: str) -> LineType:
    """Say what an amount beside the orders is: what the channel calls it tells."""
    said = f"{kind} {words}".casefold()
    if _gives_back(kind):
        return LineType.REFUND
    return next(
        (type_ for names, type_ in _OTHERS if any(n in said for n in names)), LineType.ADJUSTMENT
    )
