"""How do the rows of Etsy's sold-orders file become orders?

One row per order and no item lines: only an order of exactly one item with exactly one SKU says
what to ship. Every other order is kept back with the advice to import the sold-order-items file,
for a guessed line is a wrong parcel.
"""

from __future__ import annotations

from app.domain.orders import Address, IncomingLine, IncomingOrder
from app.sync.channels.etsy.mapper import order_number
from app.sync.channels.etsy.statuses import state_of
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.line_states import combined
from app.sync.files.moments import month_first
from app.sync.files.orders import Rows, build_orders, group_rows, unique_lines
from app.sync.files.sheet import CellError, Mapped, Sheet
from app.sync.files.totals import total_mismatch

_MONEY = ("order value", "shipping", "sales tax", "discount amount", "shipping discount",
          "order total")  # fmt: skip
_ADDRESS = ("full name", "street 1", "street 2", "ship city", "ship state", "ship zipcode",
            "ship country")  # fmt: skip
_REQUIRED = ("sale date", "order id", "number of items", "order value", "order total")
_OPTIONAL = ("buyer", "currency", "date paid", "date shipped", "sku", *_MONEY, *_ADDRESS)
LAYOUT = Layout(
    required=_REQUIRED,
    optional=_OPTIONAL,
    money=_MONEY,
    identity=("order id",),
    ids=("sku",),
    month_first=("sale date", "date paid", "date shipped"),
)


def orders_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a sold-orders file to orders."""
    return build_orders(sheet, group_rows(sheet, sheet.place("order id")), _Builder(sheet).order)


class _Builder:
    """Holds where the columns are; one for a file."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._cells = Cells(sheet)
        self._at = {x: sheet.place(x) for x in (*_REQUIRED, *_OPTIONAL)}
        self._address = tuple(self._at[x] for x in _ADDRESS)

    def order(self, rows: Rows, source_lines: tuple[int, ...]) -> IncomingOrder:
        """Build one order from its row."""
        at, read = self._at, self._cells
        key = at["order id"]
        first = unique_lines(rows, self._sheet, lambda x: read.code(x, key), key)[0]
        number = order_number(read.identity(first, key))
        currency = read.currency(first, at["currency"]) if self._sheet.has("currency") else "USD"
        line = self._line(first, currency)
        paid = first[at["date paid"]] if self._sheet.has("date paid") else None
        state, holds = combined([state_of(paid=paid, shipped=first[at["date shipped"]])])
        shipping = read.amount(first, at["shipping"], currency)
        tax = read.amount(first, at["sales tax"], currency)
        discount = read.amount(first, at["discount amount"], currency)
        discount += read.amount(first, at["shipping discount"], currency)
        total = read.stated(first, at["order total"], currency)
        computed = line.unit_price + shipping + tax - discount
        name, line1, line2, city, state_name, postcode, country = [first[i] for i in self._address]
        return IncomingOrder(
            channel="etsy",
            external_id=number,
            number=number,
            placed_at=read.moment(first, at["sale date"], month_first),
            currency=currency,
            lines=(line,),
            ship_to=Address(name, "", line1, line2, "", city, state_name, postcode, country),
            buyer_name=first[at["buyer"]] or name,
            shipping=shipping,
            tax=tax,
            discount=discount,
            total=total,
            state=state,
            has_line_ids=False,  # the order items file has them
            holds=holds + total_mismatch(total, computed, currency),
            source_lines=source_lines,
        )

    def _line(self, cells: list[str], currency: str) -> IncomingLine:
        at, read = self._at, self._cells
        items, sku = read.quantity(cells, at["number of items"]), read.code(cells, at["sku"])
        if items != 1 or not sku or "," in sku:
            why = (
                f"this file has no item lines, and {items} item(s) with the SKU “{sku}” do not say "
                "what to ship. Import Etsy's “Order Items” download for the same months instead."
            )
            raise CellError("NO_ITEM_LINES", cells, at["number of items"], why)
        price, _ = read.unit_price(cells, at["order value"], currency, 1)
        return IncomingLine(f"{sku}:1", sku, "", 1, price)
