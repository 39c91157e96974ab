"""How do the rows of a WooCommerce export become orders?

WooCommerce itself exports no orders; this is the common layout of its plug-ins: one row per item,
the order's totals on its first row only, item_total the total of the line. Times are the site's.
"""

from __future__ import annotations

from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder, MapperHold
from app.sync.channels.woocommerce.statuses import state_of
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.line_states import combined, unknown_status
from app.sync.files.moments import iso
from app.sync.files.orders import LineIds, Rows, build_orders, group_rows, unique_lines
from app.sync.files.sheet import Mapped, Sheet
from app.sync.files.totals import adds_up, lines_total, total_mismatch

_MONEY = ("item_total", "shipping_total", "tax_total", "discount_total", "order_total")
_ADDRESS = ("company", "address_1", "address_2", "city", "state", "postcode", "country")
_NAMES = ("first_name", "last_name")
_REQUIRED = ("order_number", "order_date", "product_name", "sku", "quantity", "item_total")
_OPTIONAL = ("status", "order_currency", "customer_email", "customer_note", "shipping_method",
             "billing_phone", "shipping_phone", *_MONEY,
             *(f"{x}_{y}" for x in ("shipping", "billing") for y in (*_NAMES, *_ADDRESS)),
             )  # fmt: skip
LAYOUT = Layout(
    required=_REQUIRED,
    optional=_OPTIONAL,
    money=_MONEY,
    identity=("order_number",),
    ids=("sku",),
    spellings={
        "order number": "order_number", "order_id": "order_number", "order date": "order_date",
        "item name": "product_name", "item total": "item_total", "currency": "order_currency",
        "order status": "status", "order_status": "status", "qty": "quantity",
    },
)  # fmt: skip


def orders_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of an export to orders."""
    groups = group_rows(sheet, sheet.place("order_number"))
    return build_orders(sheet, groups, _Builder(sheet).order)


class _Builder:
    """Holds where the columns are; one for a file."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._cells = Cells(sheet)
        self._at = {x: sheet.place(x) for x in (*_REQUIRED, *_OPTIONAL)}

    def order(self, rows: Rows, source_lines: tuple[int, ...]) -> IncomingOrder:
        """Build one order from the rows of its items."""
        rows = self._once(rows)
        at, read = self._at, self._cells
        first = self._own_row(rows)
        number = read.identity(first, at["order_number"])
        currency = self._currency(first)
        lines = self._lines(rows, currency)
        shipping, tax, discount = [
            read.amount(first, at[x], currency)
            for x in ("shipping_total", "tax_total", "discount_total")
        ]
        total = read.stated(first, at["order_total"], currency)
        # Most plug-ins write item_total after discounts; then discount_total only tells of them.
        gross = lines_total(lines) + shipping + tax
        contained = total is not None and adds_up(total, gross, currency)
        beyond = 0 if contained else discount
        state, holds = self._state(first)
        return IncomingOrder(
            channel="woocommerce",
            external_id=number,
            number=number,
            placed_at=read.moment(first, at["order_date"], iso),
            currency=currency,
            lines=lines,
            ship_to=self._ship_to(first),
            buyer_name=self._name(first, "billing"),
            buyer_email=first[at["customer_email"]],
            service=first[at["shipping_method"]],
            shipping=shipping,
            tax=tax,
            discount=beyond,
            total=total,
            state=state,
            note=first[at["customer_note"]],
            holds=holds + total_mismatch(total, gross - beyond, currency),
            source_lines=source_lines,
        )

    def _own_row(self, rows: Rows) -> list[str]:
        place = self._at["order_total"]
        return next((x for x in rows if x[place].strip()), rows[0])

    def _once(self, rows: Rows) -> Rows:
        """Drop the repetition of an order that stands in the file twice.

        Two equal lines are legal; two rows that both carry the order's total are not.
        """
        place = self._at["order_total"]
        if sum(1 for x in rows if x[place].strip()) < 2:
            return rows
        return unique_lines(rows, self._sheet, repr, self._at["order_number"])

    def _currency(self, first: list[str]) -> str:
        if not self._sheet.has("order_currency"):
            return "USD"
        return self._cells.currency(first, self._at["order_currency"])

    def _lines(self, rows: Rows, currency: str) -> tuple[IncomingLine, ...]:
        ids = LineIds()
        return tuple(self._line(x, currency, ids) for x in rows)

    def _line(self, cells: list[str], currency: str, ids: LineIds) -> IncomingLine:
        at, read = self._at, self._cells
        quantity = read.quantity(cells, at["quantity"])
        price, rest = read.line_price(cells, at["item_total"], currency, quantity)
        sku, title = read.code(cells, at["sku"]), cells[at["product_name"]]
        return IncomingLine(ids.next(sku or title), sku, title, quantity, price, rest)

    def _state(self, first: list[str]) -> tuple[ChannelState, tuple[MapperHold, ...]]:
        word = first[self._at["status"]]
        state = state_of(word)
        return combined([state]) if state else (ChannelState.OPEN, (unknown_status(word),))

    def _ship_to(self, first: list[str]) -> Address:
        """Return the shipping address; orders shipped to the payer leave it empty."""
        at = self._at
        side = "shipping" if first[at["shipping_address_1"]].strip() else "billing"
        company, line1, line2, city, state, postcode, country = [
            first[at[f"{side}_{x}"]] for x in _ADDRESS
        ]
        phone = first[at["shipping_phone"]] or first[at["billing_phone"]]
        name = self._name(first, side)
        return Address(name, company, line1, line2, "", city, state, postcode, country, phone)

    def _name(self, first: list[str], side: str) -> str:
        return " ".join(filter(None, (first[self._at[f"{side}_{x}"]] for x in _NAMES)))
