"""How do the rows of an eBay orders report become orders?

An order of one item is one row. One of several may have a summary row with the totals and no item,
then a row per item. Sites outside the US say “Post to” for “Ship To”. Times are Pacific. Amounts
carry their currency's sign. The identity is the order number, in old reports the record number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder
from app.sync.channels.ebay.statuses import state_of
from app.sync.files.amounts import currency_of, split_line
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.line_states import combined
from app.sync.files.moments import PACIFIC, deadline, month_named
from app.sync.files.orders import Group, LineIds, Rows, build_orders, unique_lines
from app.sync.files.sheet import CellError, Mapped, Sheet
from app.sync.files.totals import adds_up, lines_total, total_mismatch

_MONEY = ("sold for", "shipping and handling", "total price", "seller collected tax",
          "ebay collected tax")  # fmt: skip
_ADDRESS = ("ship to name", "ship to address 1", "ship to address 2", "ship to city",
            "ship to state", "ship to zip", "ship to country", "ship to phone")  # fmt: skip
_REQUIRED = ("sales record number", "order number", "item title", "quantity", "sold for",
             "sale date")  # fmt: skip
_OPTIONAL = ("buyer username", "buyer name", "buyer email", "buyer note", "item number",
             "custom label", "paid on date", "ship by date", "shipped on date", "shipping service",
             "transaction id", "variation details", *_MONEY, *_ADDRESS)  # fmt: skip
_BRITISH = {
    **{x.replace("ship to", "post to"): x for x in _ADDRESS},
    "post to county": "ship to state",
    "post to suburb": "ship to city",
    "post to state/province": "ship to state",
    "post to postcode": "ship to zip",
    "postage and handling": "shipping and handling",
    "postage and packaging": "shipping and handling",
    "post by date": "ship by date",
    "dispatch by date": "ship by date",
    "posted on date": "shipped on date",
    "dispatched on date": "shipped on date",
    "postage service": "shipping service",
    "delivery service": "shipping service",
    "custom label (sku)": "custom label",
}
LAYOUT = Layout(
    required=_REQUIRED,
    optional=_OPTIONAL,
    money=_MONEY,
    identity=("order number", "sales record number"),
    ids=("item number", "transaction id", "custom label"),
    spellings=_BRITISH,
    record_footer=True,
)
_SHIP_BY = deadline(month_named, PACIFIC)


def orders_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of an orders report to orders."""
    return build_orders(sheet, _groups(sheet), _Builder(sheet).order)


def _groups(sheet: Sheet) -> Iterable[Group]:
    """Group the rows by order number; rows without one follow their record number."""
    order_at, record_at = sheet.place("order number"), sheet.place("sales record number")
    orders = {x[record_at].strip(): x[order_at].strip() for x in sheet.rows if x[order_at].strip()}
    groups: dict[str, Group] = {}
    for at, cells in enumerate(sheet.rows):
        record = cells[record_at].strip()
        label = cells[order_at].strip() or orders.get(record, record)
        groups.setdefault(label, Group(label)).at.append(at)
    return groups.values()


@dataclass(frozen=True, slots=True)
class _Amounts:
    """An order's amounts as the report states them, minor units."""

    shipping: int
    tax: int
    ebay_tax: int
    total: int | None


class _Builder:
    """Holds where the columns are; one for a file."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._cells = Cells(sheet)
        self._at = {x: sheet.place(x) for x in (*_REQUIRED, *_OPTIONAL)}

    def order(self, rows: Rows, source_lines: tuple[int, ...]) -> IncomingOrder:
        """Build one order from its summary row, if it has one, and the rows of its items."""
        items, heads = self._items(rows)
        at, read = self._at, self._cells
        first = heads[0]
        number = read.code(first, at["order number"]) or self._number(rows)
        currency = self._currency([*heads, *items])
        amounts = self._amounts(heads, currency)
        lines, tax, computed = _settled(self._lines(items, currency), amounts, currency)
        state, holds = combined([self._state(heads)])
        dated = self._filled(rows, "sale date")
        address = self._ship_to(rows)
        return IncomingOrder(
            channel="ebay",
            external_id=number,
            number=number,
            placed_at=read.moment(dated, at["sale date"], month_named),
            currency=currency,
            lines=lines,
            ship_to=address,
            buyer_name=self._text(rows, "buyer name") or address.name,
            buyer_email=self._text(rows, "buyer email"),
            service=self._text(rows, "shipping service"),
            shipping=amounts.shipping,
            tax=tax,
            total=amounts.total,
            state=state,
            ship_by=read.later(self._filled(rows, "ship by date"), at["ship by date"], _SHIP_BY),
            note=self._text(rows, "buyer note"),
            holds=holds + total_mismatch(amounts.total, computed, currency),
            source_lines=source_lines,
        )

    def _items(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return the rows of items, and the rows that carry the order's amounts."""
        at, read = self._at, self._cells
        names = at["item title"], at["item number"], at["custom label"]
        items = [x for x in rows if any(x[i].strip() for i in names)]
        if not items:
            why = "the order has no item. Download the report again with its item columns."
            raise CellError("NO_ITEM_LINES", rows[0], at["item title"], why)
        summary = [x for x in rows if not any(x[i].strip() for i in names)]
        key = at["transaction id"]
        items = unique_lines(items, self._sheet, lambda x: read.code(x, key) or repr(x), key)
        return items, summary[:1] or items

    def _number(self, rows: Rows) -> str:
        """Return the order number of any row, else the record number."""
        place = self._at["order number"]
        numbered = next((x for x in rows if x[place].strip()), None)
        if numbered:
            return self._cells.identity(numbered, place)
        return self._cells.identity(rows[0], self._at["sales record number"])

    def _lines(self, items: Rows, currency: str) -> tuple[IncomingLine, ...]:
        ids = LineIds()
        return tuple(self._line(x, currency, ids) for x in items)

    def _line(self, cells: list[str], currency: str, ids: LineIds) -> IncomingLine:
        at, read = self._at, self._cells
        quantity = read.quantity(cells, at["quantity"])
        price, rest = read.unit_price(cells, at["sold for"], currency, quantity)
        item = read.code(cells, at["item number"])
        transaction = read.code(cells, at["transaction id"])
        title, variation = cells[at["item title"]], cells[at["variation details"]].strip()
        return IncomingLine(
            external_id=f"{transaction}/{item}" if transaction else ids.next(item or title),
            sku_text=read.code(cells, at["custom label"]),
            title=f"{title} {variation}" if variation else title,
            quantity=quantity,
            unit_price=price,
            discount=rest,
            listing_id=item,
        )

    def _amounts(self, heads: Rows, currency: str) -> _Amounts:
        def summed(column: str) -> int:
            return sum(self._cells.amount(x, self._at[column], currency) for x in heads)

        place = self._at["total price"]
        stated = any(x[place].strip() for x in heads)
        return _Amounts(
            shipping=summed("shipping and handling"),
            tax=summed("seller collected tax"),
            ebay_tax=summed("ebay collected tax"),
            total=summed("total price") if stated else None,
        )

    def _currency(self, rows: Rows) -> str:
        places = self._at["sold for"], self._at["total price"]
        named = (currency_of(x[i]) for x in rows for i in places)
        return next(filter(None, named), "USD")

    def _state(self, heads: Rows) -> ChannelState:
        has_paid = self._sheet.has("paid on date")
        paid = self._text(heads, "paid on date") if has_paid else None
        return state_of(paid=paid, shipped=self._text(heads, "shipped on date"))

    def _filled(self, rows: Rows, column: str) -> list[str]:
        """Return the first row that fills a column, else the first row."""
        return next((x for x in rows if x[self._at[column]].strip()), rows[0])

    def _text(self, rows: Rows, column: str) -> str:
        return self._filled(rows, column)[self._at[column]]

    def _ship_to(self, rows: Rows) -> Address:
        name, line1, line2, city, state, postcode, country, phone = [
            self._text(rows, x) for x in _ADDRESS
        ]
        return Address(name, "", line1, line2, "", city, state, postcode, country, phone)


def _settled(
    lines: tuple[IncomingLine, ...], amounts: _Amounts, currency: str
) -> tuple[tuple[IncomingLine, ...], int, int]:
    """Return the lines, the tax that is part of the total, and what the order comes to.

    Sold For is a unit's price, in some reports the line's; eBay's own tax is part of the total or
    not. Of these readings the first that gives the stated total holds.
    """
    readings = [
        (each, tax, lines_total(each) + amounts.shipping + tax)
        for each in (lines, tuple(map(_priced_as_line, lines)))
        for tax in (amounts.tax + amounts.ebay_tax, amounts.tax)
    ]
    total = amounts.total
    if total is None:
        return readings[0]
    return next((x for x in readings if adds_up(total, x[2], currency)), readings[0])


def _priced_as_line(line: IncomingLine) -> IncomingLine:
    price, rest = split_line(line.unit_price, line.quantity)
    return IncomingLine(
        line.external_id, line.sku_text, line.title, line.quantity, price, rest,
        listing_id=line.listing_id,
    )  # fmt: skip
