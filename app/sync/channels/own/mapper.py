"""How do the rows of an own store's file become orders? The layout is ours, and plain.

One row per line: ``order_id, created_at, email, name, address1, address2, city, state, zip,
country, sku, title, quantity, unit_price, currency, note``; what belongs to the order is repeated
on each of its rows. Times are ISO 8601. Optional: ``company, phone, service, ship_by, line_id,
status`` and, as amounts of the order, ``shipping, tax, discount, total``. With ``line_id`` equal
lines stay apart; without it the same row twice is one line.
"""

from __future__ import annotations

from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder, MapperHold
from app.sync.channels.own.statuses import state_of
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.line_states import combined, unknown_status
from app.sync.files.moments import EASTERN, deadline, iso
from app.sync.files.orders import (
    LineIds,
    Rows,
    build_orders,
    group_rows,
    most,
    same_throughout,
    unique_lines,
)
from app.sync.files.sheet import Mapped, Sheet
from app.sync.files.totals import adds_up, lines_total, total_mismatch

_MONEY = ("unit_price", "shipping", "tax", "discount", "total")
_ADDRESS = ("name", "company", "address1", "address2", "city", "state", "zip", "country", "phone")
_REQUIRED = ("order_id", "created_at", "sku", "quantity", "unit_price", "currency")
_OPTIONAL = ("email", "title", "note", "service", "ship_by", "line_id", "status", *_MONEY,
             *_ADDRESS)  # fmt: skip
LAYOUT = Layout(
    required=_REQUIRED,
    optional=_OPTIONAL,
    money=_MONEY,
    identity=("order_id",),
    dates=("created_at", "ship_by"),
    ids=("sku", "line_id"),
    spellings={
        "order id": "order_id", "created at": "created_at", "unit price": "unit_price",
        "price": "unit_price", "qty": "quantity", "postcode": "zip", "postal_code": "zip",
        "address 1": "address1", "address_1": "address1", "address 2": "address2",
        "address_2": "address2", "line id": "line_id", "ship by": "ship_by",
    },
)  # fmt: skip
_SHIP_BY = deadline(iso, EASTERN)


def orders_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of an own store's file to orders."""
    return build_orders(sheet, group_rows(sheet, sheet.place("order_id")), _Builder(sheet).order)


class _Builder:
    """Holds where the columns are; one for a file."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._cells = Cells(sheet)
        self._at = {x: sheet.place(x) for x in (*_REQUIRED, *_OPTIONAL)}
        self._of_the_order = tuple(self._at[x] for x in ("currency", "name", "address1", "zip"))

    def order(self, rows: Rows, source_lines: tuple[int, ...]) -> IncomingOrder:
        """Build one order from the rows of its lines."""
        at, read = self._at, self._cells
        rows = self._distinct(rows)
        rows.sort(key=lambda x: not x[at["created_at"]].strip())  # a row that says it all is first
        same_throughout(rows, self._of_the_order)
        first = rows[0]
        number = read.identity(first, at["order_id"])
        currency = read.currency(first, at["currency"])
        lines = self._lines(rows, currency)
        shipping, tax, discount = [
            most(read.amount(x, at[column], currency) for x in rows)
            for column in ("shipping", "tax", "discount")
        ]
        total = self._total(rows, currency)
        net = lines_total(lines) + shipping - discount
        taxed = total is not None and adds_up(total, net, currency)  # prices contain the tax
        state, holds = self._state(first)
        address = self._ship_to(first)
        return IncomingOrder(
            channel="own",
            external_id=number,
            number=number,
            placed_at=read.moment(first, at["created_at"], iso),
            currency=currency,
            lines=lines,
            ship_to=address,
            buyer_name=address.name,
            buyer_email=first[at["email"]],
            service=first[at["service"]],
            shipping=shipping,
            tax=tax,
            discount=discount,
            total=total,
            state=state,
            ship_by=read.later(first, at["ship_by"], _SHIP_BY),
            note=first[at["note"]],
            holds=holds + total_mismatch(total, net if taxed else net + tax, currency),
            source_lines=source_lines,
        )

    def _distinct(self, rows: Rows) -> Rows:
        key = self._at["line_id"]
        return unique_lines(rows, self._sheet, lambda x: self._cells.code(x, key) or repr(x), key)

    def _total(self, rows: Rows, currency: str) -> int | None:
        place = self._at["total"]
        stating = next((x for x in rows if x[place].strip()), rows[0])
        return self._cells.stated(stating, place, currency)

    def _lines(self, rows: Rows, currency: str) -> tuple[IncomingLine, ...]:
        ids = LineIds()
        return tuple(self._line(x, currency, ids) for x in rows)

    def _line(self, cells: list[str], currency: str, ids: LineIds) -> IncomingLine:
        at, read = self._at, self._cells
        quantity = read.quantity(cells, at["quantity"])
        price, rest = read.unit_price(cells, at["unit_price"], currency, quantity)
        sku, title = read.code(cells, at["sku"]), cells[at["title"]]
        line_id = read.code(cells, at["line_id"]) or ids.next(sku or title)
        return IncomingLine(line_id, sku, title, quantity, price, rest)

    def _state(self, first: list[str]) -> tuple[ChannelState, tuple[MapperHold, ...]]:
        word = first[self._at["status"]]
        state = state_of(word)
        return combined([state]) if state else (ChannelState.OPEN, (unknown_status(word),))

    def _ship_to(self, first: list[str]) -> Address:
        name, company, line1, line2, city, state, postcode, country, phone = [
            first[self._at[x]] for x in _ADDRESS
        ]
        return Address(name, company, line1, line2, "", city, state, postcode, country, phone)
