"""How do the rows of Amazon's order reports become orders?

Tab separated and never quoted; one row per order item, what belongs to the order repeated on each.
Prices are totals of the line, not of a unit. Pending orders have neither price nor address.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder, MapperHold
from app.sync.channels.amazon import marketplaces, statuses
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.line_states import combined, unknown_status
from app.sync.files.moments import PACIFIC, deadline, iso
from app.sync.files.orders import LineIds, Rows, build_orders, group_rows, unique_lines
from app.sync.files.sheet import Mapped, Sheet

_MONEY = ("item-price", "item-tax", "shipping-price", "shipping-tax", "gift-wrap-price",
          "gift-wrap-tax", "item-promotion-discount", "ship-promotion-discount")  # fmt: skip
_ADDRESS = ("recipient-name", "ship-address-1", "ship-address-2", "ship-address-3", "ship-city",
            "ship-state", "ship-postal-code", "ship-country", "ship-phone-number")  # fmt: skip
_OPTIONAL = ("buyer-name", "buyer-email", "currency", "ship-service-level", "promise-date",
             "quantity-to-ship", "sales-channel", "asin", "last-updated-date", "item-status",
             "fulfillment-channel", "order-status", "delivery-instructions", "order-item-id",
             *_MONEY, *_ADDRESS)  # fmt: skip
_ITEMS = ("order-id", "order-item-id", "purchase-date", "sku", "product-name",
          "quantity-purchased")  # fmt: skip

ORDERS = Layout(
    required=_ITEMS, optional=_OPTIONAL, money=_MONEY, identity=("order-id",),
    ids=("order-item-id", "sku"), quoted_tabs=False,
)  # fmt: skip
UNSHIPPED = Layout(
    required=(*_ITEMS, "promise-date", "quantity-to-ship"), optional=_OPTIONAL, money=_MONEY,
    identity=("order-id",), ids=("order-item-id", "sku"), quoted_tabs=False,
)  # fmt: skip
ALL_ORDERS = Layout(
    required=("order-id", "purchase-date", "order-status", "sku", "product-name",
              "quantity-purchased"),
    optional=_OPTIONAL, money=_MONEY, identity=("order-id",), ids=("sku", "asin"),
    spellings={"amazon-order-id": "order-id", "quantity": "quantity-purchased"}, quoted_tabs=False,
)  # fmt: skip


def orders_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of an order report to orders."""
    return build_orders(sheet, group_rows(sheet, sheet.place("order-id")), _Builder(sheet).order)


_PROMISE = deadline(iso, PACIFIC)


class _Builder:
    """Holds where the columns are; one for a file."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._cells = Cells(sheet)
        self._at = {x: sheet.place(x) for x in (*_ITEMS, *_OPTIONAL)}
        self._address = tuple(self._at[x] for x in _ADDRESS)
        self._priced = sheet.has("item-price")

    def order(self, rows: Rows, source_lines: tuple[int, ...]) -> IncomingOrder:
        """Build one order from the rows of its items."""
        rows = self._distinct(self._newest(rows))
        first, read, at = rows[0], self._cells, self._at
        number = read.identity(first, at["order-id"])
        currency = self._currency(first)
        by_amazon = statuses.is_fulfilled_by_amazon(first[at["fulfillment-channel"]])
        states, unknown = self._states(rows)
        lines = self._lines(rows, states, currency)
        state, holds = combined([_settled(s, x) for s, x in zip(states, lines, strict=True)])
        buyer, address = first[at["buyer-name"]], self._ship_to(first)
        return IncomingOrder(
            channel="amazon",
            external_id=number,
            number=number,
            placed_at=read.moment(first, at["purchase-date"], iso),
            currency=currency,
            lines=lines,
            ship_to=address,
            buyer_name=buyer or address.name,
            buyer_email=first[at["buyer-email"]],
            service=first[at["ship-service-level"]],
            shipping=self._sum(rows, ("shipping-price", "gift-wrap-price"), currency),
            tax=self._sum(rows, ("item-tax", "shipping-tax", "gift-wrap-tax"), currency),
            discount=self._sum(rows, ("ship-promotion-discount",), currency),
            state=state,
            ship_by=read.later(first, at["promise-date"], _PROMISE),
            fulfilled_by_channel=by_amazon,
            has_line_ids=all(x[at["order-item-id"]].strip() for x in rows),
            note=first[at["delivery-instructions"]],
            holds=() if by_amazon else holds + unknown,
            source_lines=source_lines,
        )

    def _newest(self, rows: Rows) -> Rows:
        """Drop what an order was before its last update: downloads are often appended."""
        place = self._at["last-updated-date"]
        if len({x[place] for x in rows}) < 2:
            return rows
        stamps = [self._updated(x, place) for x in rows]
        self._sheet.notices["OLDER_ROWS_SKIPPED"] = None
        return [x for x, stamp in zip(rows, stamps, strict=True) if stamp == max(stamps)]

    def _updated(self, cells: list[str], place: int) -> datetime:
        return self._cells.moment(cells, place, iso)

    def _distinct(self, rows: Rows) -> Rows:
        item = self._at["order-item-id"]
        if self._sheet.has("order-item-id"):
            return unique_lines(rows, self._sheet, lambda x: self._cells.code(x, item), item)
        return unique_lines(rows, self._sheet, repr, item)

    def _currency(self, first: list[str]) -> str:
        if first[self._at["currency"]].strip():
            return self._cells.currency(first, self._at["currency"])
        return marketplaces.currency_of(
            first[self._at["sales-channel"]], first[self._at["ship-country"]]
        )

    def _states(self, rows: Rows) -> tuple[list[ChannelState], tuple[MapperHold, ...]]:
        """Return each line's state: its own if it was cancelled, else its order's."""
        order_at, item_at = self._at["order-status"], self._at["item-status"]
        states: list[ChannelState] = []
        unknown: tuple[MapperHold, ...] = ()
        for cells in rows:
            order, item = statuses.state_of(cells[order_at]), statuses.state_of(cells[item_at])
            cancelled = item is ChannelState.CANCELLED and order is not ChannelState.SHIPPED
            states.append(ChannelState.CANCELLED if cancelled else order or ChannelState.OPEN)
            if order is None:
                unknown = (unknown_status(cells[order_at]),)
        return states, unknown

    def _lines(
        self, rows: Rows, states: Sequence[ChannelState], currency: str
    ) -> tuple[IncomingLine, ...]:
        ids = LineIds()
        return tuple(
            self._line(cells, state, currency, ids)
            for cells, state in zip(rows, states, strict=True)
        )

    def _line(
        self, cells: list[str], state: ChannelState, currency: str, ids: LineIds
    ) -> IncomingLine:
        at, read = self._at, self._cells
        sku = read.code(cells, at["sku"])
        quantity = self._quantity(cells, state)
        price, rest = self._price(cells, state, currency, quantity)
        asin = read.code(cells, at["asin"])
        return IncomingLine(
            external_id=read.code(cells, at["order-item-id"]) or ids.next(f"{sku}/{asin}"),
            sku_text=sku,
            title=cells[at["product-name"]],
            quantity=quantity,
            unit_price=price,
            discount=rest + read.amount(cells, at["item-promotion-discount"], currency),
            tax=read.amount(cells, at["item-tax"], currency),
            listing_id=asin,
        )

    def _quantity(self, cells: list[str], state: ChannelState) -> int:
        """Return what is still to ship; cancelled items count nothing."""
        if state is ChannelState.CANCELLED:
            return 0
        remaining = self._at["quantity-to-ship"]
        if cells[remaining].strip():
            return self._cells.units(cells, remaining)
        return self._cells.quantity(cells, self._at["quantity-purchased"])

    def _price(
        self, cells: list[str], state: ChannelState, currency: str, quantity: int
    ) -> tuple[int, int]:
        place = self._at["item-price"]
        if not cells[place].strip():
            if self._priced and state in (ChannelState.OPEN, ChannelState.SHIPPED):
                self._sheet.notices["ZERO_PRICE"] = None  # a replacement is sent for nothing
            return 0, 0
        return self._cells.line_price(cells, place, currency, quantity)

    def _sum(self, rows: Rows, columns: Sequence[str], currency: str) -> int:
        amount = self._cells.amount
        return sum(amount(x, self._at[c], currency) for x in rows for c in columns)

    def _ship_to(self, first: list[str]) -> Address:
        name, line1, line2, line3, city, state, postcode, country, phone = [
            first[i] for i in self._address
        ]
        return Address(name, "", line1, line2, line3, city, state, postcode, country, phone)


def _settled(state: ChannelState, line: IncomingLine) -> ChannelState:
    """Return a line's state, shipped if the unshipped report has nothing left to send of it."""
    return ChannelState.SHIPPED if state is ChannelState.OPEN and not line.quantity else state
