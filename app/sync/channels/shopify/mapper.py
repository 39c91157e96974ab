"""How do the rows of a Shopify order export become orders?

One row per line. What belongs to the order stands on its first row only; later rows repeat its
name. The identity is Id where the export has one, else Name; Name is what people see. Prices are
per unit and before discounts. Shops that price with tax contain it in the total, others add it.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder, MapperHold
from app.sync.channels.shopify import statuses
from app.sync.channels.shopify.grouping import group_orders
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.moments import with_offset
from app.sync.files.orders import Rows, build_orders
from app.sync.files.sheet import Mapped, Sheet
from app.sync.files.totals import adds_up, lines_total, total_mismatch

_MONEY = ("lineitem price", "lineitem discount", "shipping", "taxes", "total", "discount amount",
          "duties")  # fmt: skip
_ADDRESS = tuple(
    f"shipping {x}"
    for x in ("name", "company", "street", "address1", "address2", "city", "province", "zip",
              "country", "phone")
)  # fmt: skip
LAYOUT = Layout(
    required=("name", "created at", "currency", "lineitem quantity", "lineitem name",
              "lineitem price", "lineitem sku"),
    optional=("id", "email", "financial status", "fulfillment status", "cancelled at",
              "shipping method", "lineitem requires shipping", "notes", "billing name", "risk level",
              *_MONEY, *_ADDRESS),
    money=_MONEY,
    identity=("id", "name"),
    ids=("lineitem sku",),
)  # fmt: skip


def orders_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of an order export to orders."""
    return build_orders(sheet, group_orders(sheet), _Builder(sheet).order)


@dataclass(frozen=True, slots=True)
class _Amounts:
    """An order's own amounts, minor units; ``line_discounts`` are as its lines state them."""

    shipping: int
    tax: int
    duties: int
    discount: int
    line_discounts: int
    total: int | None


class _Builder:
    """Holds where the columns are; one for a file."""

    def __init__(self, sheet: Sheet) -> None:
        place = sheet.place
        self._cells = Cells(sheet)
        self._name, self._id = place("name"), place("id")
        self._created, self._currency = place("created at"), place("currency")
        self._quantity, self._title = place("lineitem quantity"), place("lineitem name")
        self._price, self._sku = place("lineitem price"), place("lineitem sku")
        self._line_discount = place("lineitem discount")
        self._ships = place("lineitem requires shipping")
        self._address = tuple(map(place, _ADDRESS))
        self._amounts_at = tuple(
            map(place, ("shipping", "taxes", "duties", "discount amount", "total"))
        )
        self._status = tuple(map(place, ("financial status", "fulfillment status", "cancelled at")))
        self._risk = place("risk level")
        self._texts = tuple(map(place, ("billing name", "email", "shipping method", "notes")))
        self._states: dict[tuple[str, ...], tuple[ChannelState, tuple[MapperHold, ...]]] = {}

    def order(self, rows: Rows, source_lines: tuple[int, ...]) -> IncomingOrder:
        """Build one order from its rows, the order's own row first."""
        first, read = rows[0], self._cells
        currency = read.currency(first, self._currency)
        lines = self._lines(rows, currency)
        amounts = self._amounts(first, currency, lines)
        state, holds = self._state(first)
        buyer, email, service, note = [first[i] for i in self._texts]
        address = self._ship_to(first)
        number = read.identity(first, self._name)
        discount, computed = _settled(amounts, lines, currency)
        return IncomingOrder(
            channel="shopify",
            external_id=read.identity(first, self._id) if first[self._id] else number,
            number=number,
            placed_at=read.moment(first, self._created, with_offset),
            currency=currency,
            lines=lines,
            ship_to=address,
            buyer_name=buyer or address.name,
            buyer_email=email,
            service=service,
            shipping=amounts.shipping,
            tax=amounts.tax,
            discount=discount,
            total=amounts.total,
            state=state,
            note=note,
            holds=holds + total_mismatch(amounts.total, computed, currency),
            is_trusted=statuses.is_trusted(first[self._risk]),
            source_lines=source_lines,
        )

    def _lines(self, rows: Rows, currency: str) -> tuple[IncomingLine, ...]:
        read, sku_at, title_at = self._cells, self._sku, self._title
        seen: dict[str, int] = {}
        lines = []
        for cells in rows:
            quantity = read.quantity(cells, self._quantity)
            price, rest = read.unit_price(cells, self._price, currency, quantity)
            discount = read.amount(cells, self._line_discount, currency) + rest
            sku, title, ships = read.code(cells, sku_at), cells[title_at], cells[self._ships]
            key = sku or title
            count = seen[key] = seen.get(key, 0) + 1
            lines.append(
                IncomingLine(
                    f"{key}:{count}",
                    sku,
                    title,
                    quantity,
                    price,
                    discount,
                    requires_shipping=ships == "true" or ships.strip().casefold() != "false",
                )
            )
        return tuple(lines)

    def _amounts(
        self, first: list[str], currency: str, lines: tuple[IncomingLine, ...]
    ) -> _Amounts:
        read = self._cells.amount
        shipping, tax, duties, discount, total = self._amounts_at
        return _Amounts(
            shipping=read(first, shipping, currency),
            tax=read(first, tax, currency),
            duties=read(first, duties, currency),
            discount=read(first, discount, currency),
            line_discounts=sum([x.discount for x in lines]),
            total=self._cells.stated(first, total, currency),
        )

    def _state(self, first: list[str]) -> tuple[ChannelState, tuple[MapperHold, ...]]:
        financial, fulfilment, cancelled = [first[i] for i in self._status]
        key = (financial, fulfilment, cancelled, risk := first[self._risk])
        known = self._states.get(key)
        if known is None:
            state, holds = statuses.state_of(financial, fulfilment, cancelled)
            known = self._states[key] = state, holds + statuses.risk_holds(risk, state)
        return known

    def _ship_to(self, first: list[str]) -> Address:
        name, company, street, line1, line2, city, state, postcode, country, phone = [
            first[i] for i in self._address
        ]
        return Address(
            name, company, line1 or street, line2, "", city, state, without_apostrophe(postcode),
            country, phone,
        )  # fmt: skip


def without_apostrophe(postcode: str) -> str:
    """Return a postcode without the apostrophe that Shopify writes so that Excel keeps zeros."""
    return postcode.removeprefix("'")


def _settled(amounts: _Amounts, lines: tuple[IncomingLine, ...], currency: str) -> tuple[int, int]:
    """Return the order's discount beyond its lines', and what the order comes to.

    Discount Amount usually repeats what the lines state, but not in every shop, and tax may be
    contained in the prices. Of these readings the one that gives the stated total holds.
    """
    gross = lines_total(lines) + amounts.shipping + amounts.duties
    beyond = max(0, amounts.discount - amounts.line_discounts)
    plain = beyond, gross - beyond + amounts.tax
    if amounts.total is None or adds_up(amounts.total, plain[1], currency):
        return plain
    for discount in (beyond, amounts.discount):
        for tax in (amounts.tax, 0):
            computed = gross - discount + tax
            if adds_up(amounts.total, computed, currency):
                return discount, computed
    return plain
