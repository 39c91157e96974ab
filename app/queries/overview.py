"""How much of each kind of work is waiting? The numbers beside the navigation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Integer, case, func, select

from app.models import house
from app.models.catalogue import skus
from app.models.orders import orders
from app.queries import order_states
from app.queries.inbox.cards import count_cards


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits for someone: each number is the count of the search ``is:`` that word.

    ``late`` orders are not shipped and past their time. ``orders`` and ``skus`` say whether there
    is anything in the desk at all.
    """

    to_decide: int
    held: int
    short: int
    no_location: int
    to_ship: int
    late: int
    open_cases: int
    orders: int
    skus: int


def overview(db: Connection, *, now: datetime) -> Overview:
    """Count the work that waits."""
    row = db.execute(
        select(
            _count(order_states.READY),
            _count(order_states.HELD),
            _count(order_states.SHORT),
            _count(order_states.NO_LOCATION),
            _count(order_states.TO_SHIP),
            _count(orders.c.ship_by < now),
        ).where(order_states.OURS)
    ).one()
    to_decide, held, short, no_location, to_ship, late = (int(count or 0) for count in row)
    return Overview(
        to_decide=to_decide,
        held=held,
        short=short,
        no_location=no_location,
        to_ship=to_ship,
        late=late,
        open_cases=count_cards(db, now=now),
        orders=db.execute(select(func.count()).select_from(orders)).scalar_one(),
        skus=db.execute(select(func.count()).select_from(skus)).scalar_one(),
    )


def is_empty(db: Connection) -> bool:
    """Return whether there is neither an order nor a product yet."""
    return not any(
        db.execute(select(table.c.id).limit(1)).first() is not None for table in (orders, skus)
    )


def has_orders(db: Connection) -> bool:
    """Return whether any order has come in yet."""
    return db.execute(select(orders.c.id).limit(1)).first() is not None


def desk_zone(db: Connection) -> str:
    """Return the time zone in which the desk counts its days."""
    return house.time_zone(db)


def has_demo(db: Connection) -> bool:
    """Return whether what is here was made up to look around in."""
    return house.DEMO in house.named(db, house.DEMO)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0), type_=Integer)


def _size(db: Connection, condition: ColumnElement[bool]) -> int:
    return db.execute(select(func.count()).where(condition)).scalar_one()
