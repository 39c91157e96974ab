"""How many parcels can a location still hand over, on which day?

A location that can hand over so many a day owes them first to what was decided already, and that
leaves in the order in which it was decided: today's slots go first, then tomorrow's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from app.domain.routing.calendar import Hours
from app.models.fulfilment import fulfilment_orders, shipments
from app.models.orders import reservations
from app.models.sets import among

_AHEAD: Final = timedelta(days=14)


class Taken(NamedTuple):
    """Parcels that wait to be handed over at a place, and those that have left it within a day."""

    waiting: int = 0
    left_at: tuple[datetime, ...] = ()


NOTHING: Final = Taken()


def taken(
    db: Connection, rows: Sequence[Any], now: datetime, *, with_suggested: bool
) -> dict[int, Taken]:
    """Return what is taken of the slots of those locations that have a limit."""
    limited = [row.id for row in rows if row.daily_capacity is not None]
    if not limited:
        return {}
    waiting: dict[int, int] = dict(db.execute(_WAITING, {"places": limited}).all())
    if with_suggested:
        for place, count in db.execute(_SUGGESTED, {"places": limited}):
            waiting[place] = waiting.get(place, 0) + count
    left: dict[int, list[datetime]] = {}
    since = now - timedelta(days=1)
    for place, at in db.execute(_LEFT.where(shipments.c.shipped_at > since), {"places": limited}):
        left.setdefault(place, []).append(at)
    return {each: Taken(waiting.get(each, 0), tuple(left.get(each, ()))) for each in limited}


_WAITING = (
    select(fulfilment_orders.c.location_id, func.count())
    .where(fulfilment_orders.c.state == "open", among(fulfilment_orders.c.location_id, "places"))
    .group_by(fulfilment_orders.c.location_id)
)
_SUGGESTED = (
    select(reservations.c.suggested_location_id, func.count(func.distinct(reservations.c.order_id)))
    .where(reservations.c.state == "held", among(reservations.c.suggested_location_id, "places"))
    .group_by(reservations.c.suggested_location_id)
)
_LEFT = (
    select(fulfilment_orders.c.location_id, shipments.c.shipped_at)
    .join(fulfilment_orders, fulfilment_orders.c.id == shipments.c.fulfilment_order_id)
    .where(shipments.c.voided_at.is_(None), among(fulfilment_orders.c.location_id, "places"))
)


def left(
    capacity: int | None, slots_on: Mapping[date, int], taken: Taken, hours: Hours, now: datetime,
    holidays: frozenset[date],
) -> Mapping[date, int | None]:  # fmt: skip
    """Return the slots of each day that are not the usual number: set for the day, or taken in part."""
    found: dict[date, int | None] = dict(slots_on)
    zone = ZoneInfo(hours.time_zone)
    today = now.astimezone(zone).date()
    gone = sum(at.astimezone(zone).date() == today for at in taken.left_at)
    waiting = taken.waiting
    for each in hours.ship_days(now, today + _AHEAD, holidays):
        slots = found.get(each.day, capacity)
        if slots is None:
            break
        free = max(0, slots - gone) if each.day == today else slots
        found[each.day] = max(0, free - waiting)
        waiting = max(0, waiting - free)
        if not waiting:
            break
    return found
