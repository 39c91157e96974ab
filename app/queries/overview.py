"""How much of each kind of work is waiting? The numbers beside the navigation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, func, select

from app.domain.orders import OrderStatus
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.exchange import outbox_messages
from app.models.orders import orders


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits for someone. ``late`` orders are not shipped and past their time.

    ``orders`` and ``skus`` say whether there is anything in the desk at all.
    """

    to_route: int
    held: int
    short: int
    no_location: int
    to_ship: int
    late: int
    open_cases: int
    waiting_messages: int
    orders: int
    skus: int


def overview(db: Connection, *, now: datetime) -> Overview:
    """Count the work that waits."""
    row = db.execute(
        select(
            _count(_OPEN & _FREE & ~orders.c.is_short & orders.c.is_routed),
            _count(orders.c.is_held),
            _count(_OPEN & _FREE & orders.c.is_short),
            _count(_OPEN & _FREE & ~orders.c.is_short & ~orders.c.is_routed),
            _count(~_OPEN & _FREE),
            _count(orders.c.ship_by < now),
        ).where(orders.c.status.in_(_ALIVE), ~orders.c.fulfilled_by_channel)
    ).one()
    to_route, held, short, no_location, to_ship, late = (int(count or 0) for count in row)
    return Overview(
        to_route=to_route,
        held=held,
        short=short,
        no_location=no_location,
        to_ship=to_ship,
        late=late,
        open_cases=_size(db, exception_cases.c.state == "open"),
        waiting_messages=_size(db, outbox_messages.c.state == "pending"),
        orders=db.execute(select(func.count()).select_from(orders)).scalar_one(),
        skus=db.execute(select(func.count()).select_from(skus)).scalar_one(),
    )


_ALIVE = (OrderStatus.OPEN, OrderStatus.ACCEPTED, OrderStatus.PARTLY_SHIPPED)
_OPEN = orders.c.status == OrderStatus.OPEN
_FREE = and_(~orders.c.is_held)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0), type_=Integer)


def _size(db: Connection, condition: ColumnElement[bool]) -> int:
    return db.execute(select(func.count()).where(condition)).scalar_one()
