"""How do the rows of a Walmart purchase order export become orders?

One row per line. The identity is PO#: one customer order (Order#) may be several purchase orders,
shipped apart. Item Cost is taken per unit. The file names no country and no currency: it is the US.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder, MapperHold
from app.sync.channels.walmart import statuses
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.line_states import combined, unknown_status
from app.sync.files.moments import EASTERN, deadline, month_first
from app.sync.files.orders import LineIds, Rows, build_orders, group_rows, unique_lines
from app.sync.files.sheet import Mapped, Sheet

_MONEY = ("item cost", "shipping cost", "tax")
_ADDRESS = ("customer name", "ship to address 1", "ship to address 2", "city", "state", "zip",
            "customer phone number")  # fmt: skip
_REQUIRED = ("po#", "order date", "qty", "sku", "item cost")
_OPTIONAL = ("order#", "ship by", "delivery date", "line#", "status", "item description",
             "shipping method", "shipping tier", "fulfillment entity", *_MONEY,
             *_ADDRESS)  # fmt: skip
LAYOUT = Layout(
    required=_REQUIRED,
    optional=_OPTIONAL,
    money=_MONEY,
    identity=("po#",),
    ids=("sku", "line#"),
    month_first=("order date", "ship by", "delivery date"),
    spellings={"po #": "po#", "order #": "order#", "line #": "line#", "quantity": "qty"},
)
_CURRENCY = "USD"
_DEADLINE = deadline(month_first, EASTERN)


def orders_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a purchase order export to orders."""
    return build_orders(sheet, group_rows(sheet, sheet.place("po#")), _Builder(sheet).order)


class _Builder:
    """Holds where the columns are; one for a file."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._cells = Cells(sheet)
        self._at = {x: sheet.place(x) for x in (*_REQUIRED, *_OPTIONAL)}

    def order(self, rows: Rows, source_lines: tuple[int, ...]) -> IncomingOrder:
        """Build one order from the rows of its lines."""
        at, read = self._at, self._cells
        key = at["line#"]
        rows = unique_lines(rows, self._sheet, lambda x: read.code(x, key) or repr(x), key)
        first = rows[0]
        number = read.identity(first, at["po#"])
        states, unknown = self._states(rows)
        state, holds = combined(states)
        by_walmart = statuses.is_fulfilled_by_walmart(first[at["fulfillment entity"]])
        address = self._ship_to(first)
        return IncomingOrder(
            channel="walmart",
            external_id=number,
            number=number,
            placed_at=read.moment(first, at["order date"], month_first),
            currency=_CURRENCY,
            lines=self._lines(rows, states),
            ship_to=address,
            buyer_name=address.name,
            service=first[at["shipping method"]] or first[at["shipping tier"]],
            shipping=sum(read.amount(x, at["shipping cost"], _CURRENCY) for x in rows),
            tax=sum(read.amount(x, at["tax"], _CURRENCY) for x in rows),
            state=state,
            ship_by=read.later(first, at["ship by"], _DEADLINE),
            deliver_by=read.later(first, at["delivery date"], _DEADLINE),
            fulfilled_by_channel=by_walmart,
            holds=() if by_walmart else holds + unknown,
            source_lines=source_lines,
        )

    def _states(self, rows: Rows) -> tuple[list[ChannelState], tuple[MapperHold, ...]]:
        words = [x[self._at["status"]] for x in rows]
        states = [statuses.state_of(x) for x in words]
        unknown = [x for x, state in zip(words, states, strict=True) if state is None]
        holds = (unknown_status(unknown[0]),) if unknown else ()
        return [x or ChannelState.OPEN for x in states], holds

    def _lines(self, rows: Rows, states: Sequence[ChannelState]) -> tuple[IncomingLine, ...]:
        ids = LineIds()
        return tuple(self._line(x, s, ids) for x, s in zip(rows, states, strict=True))

    def _line(self, cells: list[str], state: ChannelState, ids: LineIds) -> IncomingLine:
        at, read = self._at, self._cells
        quantity = read.quantity(cells, at["qty"])
        price, rest = read.unit_price(cells, at["item cost"], _CURRENCY, quantity)
        sku = read.code(cells, at["sku"])
        return IncomingLine(
            external_id=read.code(cells, at["line#"]) or ids.next(sku),
            sku_text=sku,
            title=cells[at["item description"]],
            quantity=0 if state is ChannelState.CANCELLED else quantity,
            unit_price=price,
            discount=rest,
            tax=read.amount(cells, at["tax"], _CURRENCY),
        )

    def _ship_to(self, first: list[str]) -> Address:
        name, line1, line2, city, state, postcode, phone = [first[self._at[x]] for x in _ADDRESS]
        return Address(name, "", line1, line2, "", city, state, postcode, "US", phone)
