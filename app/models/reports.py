"""What was reported of a parcel, as it came, and when was it said to arrive?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.tracking.timeline import CarrierEvent
from app.models.fulfilment import tracking_events
from app.models.sets import among
from app.models.tracking import arrival_estimates


@dataclass(frozen=True, slots=True)
class Estimates:
    """When a carrier first said that a parcel arrives, and when it says so now."""

    first: datetime | None = None
    now: datetime | None = None


def reports_of(db: Connection, parcels: Sequence[int]) -> dict[int, list[CarrierEvent]]:
    """Return all that was reported of each parcel and not taken back."""
    found: dict[int, list[CarrierEvent]] = defaultdict(list)
    for row in db.execute(REPORTS, {"parcels": parcels}):
        found[row.shipment_id].append(event_of(row))
    return found


def event_of(row: Any) -> CarrierEvent:
    """Return a stored report as it came."""
    return CarrierEvent(
        row.carrier, row.code, row.description, row.happened_at, row.recorded_at, row.place,
        row.source, row.is_zone_known, row.stated,
    )  # fmt: skip


def estimates_of(db: Connection, parcels: Sequence[int]) -> Mapping[int, Estimates]:
    """Return the first and the last word on when each parcel arrives."""
    found: dict[int, Estimates] = {}
    for row in db.execute(_ESTIMATES, {"parcels": parcels}):
        first = found[row.shipment_id].first if row.shipment_id in found else row.expected_at
        found[row.shipment_id] = Estimates(first, row.expected_at)
    return found


REPORTS: Final = (
    select(tracking_events)
    .where(
        among(tracking_events.c.shipment_id, "parcels"), tracking_events.c.withdrawn_at.is_(None)
    )
    .order_by(tracking_events.c.id)
)
_ESTIMATES: Final = (
    select(arrival_estimates)
    .where(among(arrival_estimates.c.shipment_id, "parcels"))
    .order_by(arrival_estimates.c.recorded_at, arrival_estimates.c.id)
)
