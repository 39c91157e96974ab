"""Learn how long each lane takes, once a day, from the parcels that this desk has sent.

What is learnt can be forgotten at any time: it is worked out again from the parcels themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from app.domain.delivery import is_home, zip3
from app.domain.tracking.carriers import house_of
from app.domain.tracking.clocks import (
    Clock,
    Clocks,
    Lane,
    Leg,
    Sample,
    hours_between,
    learn,
)
from app.domain.tracking.codebook import folded
from app.models import house
from app.models.bulk import insert_rows
from app.models.fulfilment import fulfilment_orders, shipments
from app.models.inventory import locations
from app.models.orders import orders
from app.models.tracking import lane_clocks, parcel_states

OF_THE_LAST: Final = timedelta(days=120)
AGAIN_AFTER: Final = timedelta(hours=20)
FEWEST_DELIVERED: Final = 30
_sent, _state = shipments.c, parcel_states.c


def is_due(db: Connection, *, now: datetime) -> bool:
    """Return whether there is something to learn from, and it was not done today."""
    last = db.execute(select(func.max(lane_clocks.c.learnt_at))).scalar()
    if last is not None:
        return bool(now - last > AGAIN_AFTER)
    arrived = select(_state.shipment_id).where(_state.status == "delivered")
    return len(db.execute(arrived.limit(FEWEST_DELIVERED)).all()) == FEWEST_DELIVERED


def learn_clocks(db: Connection, *, now: datetime) -> int:
    """Learn every lane anew, and return how many clocks there are."""
    learnt = learn(_samples(db, now))
    db.execute(lane_clocks.delete())
    insert_rows(
        db, lane_clocks,
        [
            {
                "leg": leg.value, "carrier": lane.carrier, "service": lane.service,
                "origin": lane.origin, "region": lane.region, "points": list(clock.points),
                "parcels": clock.count, "learnt_at": now,
            }
            for (leg, lane), clock in learnt.items()
        ],
    )  # fmt: skip
    return len(learnt)


def clocks(db: Connection) -> Clocks:
    """Return what was learnt."""
    found: dict[tuple[Leg, Lane], Clock] = {}
    for row in db.execute(select(lane_clocks)):
        lane = Lane(row.carrier, row.service, row.origin, row.region)
        found[Leg(row.leg), lane] = Clock(tuple(row.points), row.parcels, lane)
    return Clocks(found)


def lane_of(row: Any) -> Lane:
    """Return the lane of a parcel's row: carrier, service, postcode, ship_state, ship_country."""
    region = row.ship_state if is_home(row.ship_country or "US") else row.ship_country
    return Lane(
        house_of(row.carrier), folded(row.service)[:60], zip3(row.postcode or ""),
        (region or "").strip().upper()[:60],
    )  # fmt: skip


LANE: Final = (
    _sent.carrier, _sent.service, locations.c.postcode, orders.c.ship_state, orders.c.ship_country,
)  # fmt: skip
_PAST: Final = (
    select(
        _sent.shipped_at, _state.accepted_at, _state.delivered_at, _state.quiet_from_at,
        _state.quiet_to_at, *LANE,
    )
    .join(parcel_states, _state.shipment_id == _sent.id)
    .join(orders, orders.c.id == _sent.order_id)
    .join(fulfilment_orders, fulfilment_orders.c.id == _sent.fulfilment_order_id)
    .join(locations, locations.c.id == fulfilment_orders.c.location_id)
    .where(_sent.voided_at.is_(None), _state.accepted_at.is_not(None))
)  # fmt: skip


def _samples(db: Connection, now: datetime) -> Iterator[Sample]:
    zone = ZoneInfo(house.time_zone(db))

    def took(start: datetime | None, end: datetime | None) -> float | None:
        return hours_between(start, end, zone) if start and end else None

    for row in db.execute(_PAST.where(_sent.shipped_at > now - OF_THE_LAST)):
        yield Sample(
            lane_of(row),
            took(row.shipped_at, row.accepted_at),
            took(row.quiet_from_at, row.quiet_to_at) if row.delivered_at else None,
            took(row.accepted_at, row.delivered_at),
        )
