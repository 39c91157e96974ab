"""Which orders are in the queue? One page at a time, out of a hundred thousand.

A page is found first, by ids alone; only its own rows are then joined with lines, locations, costs
and tracking numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from app.domain.orders import OrderStatus
from app.domain.steps import step_of
from app.models.natural import natural
from app.models.orders import orders, total_of_order
from app.models.sets import among
from app.queries import order_facts, order_states
from app.queries.order_search import counted_by_words, order_condition

_CHUNK: Final = 500
QUEUE: Final = "queue"  # what is still to be done first, then by deadline


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of the queue.

    ``total`` is minor units of ``currency``; ``route_cost`` minor units of ``route_currency``, what
    the decided (or else the suggested) parcels cost. ``location`` names them; ``items`` reads
    "2 × TEA-001, 1 × MUG-BLUE". ``held_for`` says why it is on hold (``held_until``: when that ends
    by itself), ``alarm`` which open case of it is severe; all are empty for most orders. ``grams`` is
    what the items weigh, if that is known of each. ``time_zone`` is where its promises are made.
    """

    id: int
    number: str
    channel: str
    status: str
    step: str
    placed_at: datetime
    ship_by: datetime | None
    buyer_name: str
    city: str
    state: str
    postcode: str
    country: str
    service: str
    units: int
    total: int | None
    currency: str
    is_held: bool
    is_short: bool
    is_routed: bool
    items: str
    location: str
    route_cost: int | None
    route_currency: str
    tracking: str
    held_for: str
    alarm: str
    held_until: datetime | None
    tags: tuple[str, ...]
    assigned_to: str
    deliver_by: datetime | None
    taken_in_at: datetime
    email: str
    carrier: str
    cases: str
    notes: int
    grams: int | None
    slip_printed_at: datetime | None
    time_zone: str


def order_rows(
    db: Connection,
    *,
    query: str = "",
    now: datetime,
    sort: str = "ship_by",
    descending: bool = False,
    limit: int | None = 200,
    offset: int = 0,
) -> list[OrderRow]:
    """Return a page of the orders that a search finds; without a limit, all of them.

    Raises:
        SearchError: the query cannot be read.
    """
    return rows_of(
        db,
        matching_ids(
            db, query=query, now=now, sort=sort, descending=descending, limit=limit, offset=offset
        ),
    )


def rows_of(db: Connection, order_ids: Sequence[int]) -> list[OrderRow]:
    """Return the rows of these orders, in the order given."""
    chunks = [order_ids[at : at + _CHUNK] for at in range(0, len(order_ids), _CHUNK)]
    return [row for chunk in chunks for row in _rows(db, chunk)]


def count_orders(db: Connection, *, query: str = "", now: datetime) -> int:
    """Return how many orders a search finds."""
    at_once = counted_by_words(db, query)
    if at_once is not None:
        return at_once
    found = select(func.count()).select_from(orders).where(order_condition(db, query, now))
    return db.execute(found).scalar_one()


def matching_ids(
    db: Connection,
    *,
    query: str = "",
    now: datetime,
    sort: str = "ship_by",
    descending: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> list[int]:
    """Return the orders that a search finds, the one that must ship first in front."""
    is_newest_first = sort == "placed_at" and descending and limit is not None
    newest = offset + (limit or 0) if is_newest_first else 0
    wanted = order_condition(db, query, now, newest=newest)
    found = select(orders.c.id).where(wanted)
    page = found.order_by(*_order_by(sort, descending)).limit(limit).offset(offset)
    return list(db.execute(page).scalars().all())


SORTS: Final[Mapping[str, ColumnElement[Any]]] = {
    "ship_by": orders.c.ship_by,
    "placed_at": orders.c.placed_at,
    "number": orders.c.number,
    "channel": orders.c.channel,
    "status": orders.c.status,
    "step": orders.c.status,
    "buyer_name": orders.c.buyer_name,
    "city": orders.c.ship_city,
    "state": orders.c.ship_state,
    "postcode": orders.c.ship_postcode,
    "country": orders.c.ship_country,
    "service": orders.c.service,
    "units": orders.c.units,
    "total": func.coalesce(total_of_order(), 0),
    "taken_in_at": orders.c.taken_in_at,
    "deliver_by": orders.c.deliver_by,
    "email": orders.c.buyer_email,
    "assigned_to": func.coalesce(orders.c.assigned_to, ""),
    "id": orders.c.id,
}


def _order_by(sort: str, descending: bool) -> tuple[ColumnElement[Any], ...]:
    """Sort by a column and then by id, so that no row is on two pages."""
    if sort == QUEUE:
        return ~order_states.ALIVE, orders.c.ship_by, orders.c.id
    by = natural(orders.c.number) if sort == "number" else (SORTS.get(sort, orders.c.ship_by),)
    if descending:
        return *(each.desc() for each in by), orders.c.id.desc()
    return *(each.asc() for each in by), orders.c.id.asc()


def _rows(db: Connection, ids: Sequence[int]) -> list[OrderRow]:
    found = {row.id: row for row in db.execute(_WHOLE, {"orders": ids})}
    facts = order_facts.load(db, ids)
    return [_row(found[each], facts) for each in ids if each in found]


_COLUMNS = (
    orders.c.id, orders.c.number, orders.c.channel, orders.c.status, orders.c.placed_at,
    orders.c.ship_by, orders.c.buyer_name, orders.c.ship_name, orders.c.ship_city,
    orders.c.ship_state, orders.c.ship_postcode, orders.c.ship_country, orders.c.service,
    orders.c.units, orders.c.currency, orders.c.is_held, orders.c.is_short,
    orders.c.is_routed, orders.c.fulfilled_by_channel, orders.c.assigned_to, orders.c.deliver_by,
    orders.c.taken_in_at, orders.c.buyer_email, total_of_order().label("worth"),
)  # fmt: skip
_WHOLE = select(*_COLUMNS).where(among(orders.c.id, "orders"))


def _row(row: Any, facts: order_facts.Facts) -> OrderRow:
    cost, currency = facts.costs.get(row.id, (None, row.currency))
    return OrderRow(
        id=row.id,
        number=row.number,
        channel=row.channel,
        status=row.status,
        step=step_of(
            OrderStatus(row.status),
            by_channel=row.fulfilled_by_channel,
            is_held=row.is_held,
            is_short=row.is_short,
            is_routed=row.is_routed,
        ),
        placed_at=row.placed_at,
        ship_by=row.ship_by,
        buyer_name=row.buyer_name or row.ship_name,
        city=row.ship_city,
        state=row.ship_state,
        postcode=row.ship_postcode,
        country=row.ship_country,
        service=row.service,
        units=row.units,
        total=None if row.worth is None else int(row.worth),
        currency=row.currency,
        is_held=row.is_held,
        is_short=row.is_short,
        is_routed=row.is_routed,
        items=facts.items.get(row.id, ""),
        location=facts.locations.get(row.id, ""),
        route_cost=cost,
        route_currency=currency,
        tracking=facts.tracking.get(row.id, ""),
        held_for=facts.held_for.get(row.id, ""),
        alarm=facts.alarms.get(row.id, ""),
        held_until=facts.held_until.get(row.id),
        tags=facts.tags.get(row.id, ()),
        assigned_to=row.assigned_to or "",
        deliver_by=row.deliver_by,
        taken_in_at=row.taken_in_at,
        email=row.buyer_email,
        carrier=facts.carriers.get(row.id, ""),
        cases=facts.cases.get(row.id, ""),
        notes=facts.notes.get(row.id, 0),
        grams=facts.weights.get(row.id),
        slip_printed_at=facts.printed.get(row.id),
        time_zone=facts.time_zone,
    )
