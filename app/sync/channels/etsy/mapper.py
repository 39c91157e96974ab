"""How do the rows of Etsy's sold-order-items file become orders?

One row per item. Order Shipping and Order Sales Tax are the order's amounts, repeated on every row:
they count once. Dates are the US way, month first, without time or zone. The SKU is often blank.
"""

from __future__ import annotations

from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder
from app.sync.channels.etsy.statuses import state_of
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.line_states import combined
from app.sync.files.moments import month_first
from app.sync.files.orders import Rows, build_orders, group_rows, most, unique_lines
from app.sync.files.sheet import Mapped, Sheet

_MONEY = ("price", "discount amount", "shipping discount", "order shipping", "order sales tax")
_ADDRESS = ("ship name", "ship address1", "ship address2", "ship city", "ship state",
            "ship zipcode", "ship country")  # fmt: skip
_REQUIRED = ("sale date", "item name", "quantity", "price", "transaction id", "order id")
_OPTIONAL = ("buyer", "currency", "listing id", "date paid", "date shipped", "variations", "sku",
             *_MONEY, *_ADDRESS)  # fmt: skip
LAYOUT = Layout(
    required=_REQUIRED,
    optional=_OPTIONAL,
    money=_MONEY,
    identity=("order id",),
    ids=("transaction id", "listing id", "sku"),
    month_first=("sale date", "date paid", "date shipped"),
    spellings={"ship address 1": "ship address1", "ship address 2": "ship address2"},
)


def orders_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a sold-order-items file to orders."""
    return build_orders(sheet, group_rows(sheet, sheet.place("order id")), _Builder(sheet).order)


def order_number(code: str) -> str:
    """Return an order id without the number sign that some tools put before it."""
    return code.removeprefix("#")


class _Builder:
    """Holds where the columns are; one for a file."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._cells = Cells(sheet)
        self._at = {x: sheet.place(x) for x in (*_REQUIRED, *_OPTIONAL)}
        self._address = tuple(self._at[x] for x in _ADDRESS)

    def order(self, rows: Rows, source_lines: tuple[int, ...]) -> IncomingOrder:
        """Build one order from the rows of its items."""
        at, read = self._at, self._cells
        key = at["transaction id"]
        rows = unique_lines(rows, self._sheet, lambda x: read.code(x, key) or repr(x), key)
        first = rows[0]
        number = order_number(read.identity(first, at["order id"]))
        currency = read.currency(first, at["currency"]) if self._sheet.has("currency") else "USD"
        state, holds = combined([self._state(x) for x in rows])
        address = self._ship_to(first)
        return IncomingOrder(
            channel="etsy",
            external_id=number,
            number=number,
            placed_at=read.moment(first, at["sale date"], month_first),
            currency=currency,
            lines=tuple(self._line(x, currency, i) for i, x in enumerate(rows, start=1)),
            ship_to=address,
            buyer_name=first[at["buyer"]] or address.name,
            shipping=most(read.amount(x, at["order shipping"], currency) for x in rows),
            tax=most(read.amount(x, at["order sales tax"], currency) for x in rows),
            discount=most(read.amount(x, at["shipping discount"], currency) for x in rows),
            state=state,
            holds=holds,
            source_lines=source_lines,
        )

    def _line(self, cells: list[str], currency: str, position: int) -> IncomingLine:
        at, read = self._at, self._cells
        quantity = read.quantity(cells, at["quantity"])
        price, rest = read.unit_price(cells, at["price"], currency, quantity)
        return IncomingLine(
            external_id=read.code(cells, at["transaction id"]) or f"line:{position}",
            sku_text=read.code(cells, at["sku"]),
            title=_title(cells[at["item name"]], cells[at["variations"]]),
            quantity=quantity,
            unit_price=price,
            discount=rest + read.amount(cells, at["discount amount"], currency),
            listing_id=read.code(cells, at["listing id"]),
        )

    def _state(self, cells: list[str]) -> ChannelState:
        paid = cells[self._at["date paid"]] if self._sheet.has("date paid") else None
        return state_of(paid=paid, shipped=cells[self._at["date shipped"]])

    def _ship_to(self, first: list[str]) -> Address:
        name, line1, line2, city, state, postcode, country = [first[i] for i in self._address]
        return Address(name, "", line1, line2, "", city, state, postcode, country)


def _title(name: str, variations: str) -> str:
    """Return what was bought: a variation without its own SKU is told apart by this alone."""
    return f"{name} ({variations.strip()})" if variations.strip() else name
