"""Take in files about where parcels are: a 3PL's list, a warehouse's export, a carrier's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from app.domain.importing import TrackingRow
from app.domain.tracking.carriers import house_of
from app.domain.tracking.statuses import TrackingStatus
from app.domain.tracking.timeline import CarrierEvent
from app.models import house
from app.models.codebook import book
from app.models.fulfilment import shipments
from app.models.sets import among
from app.services.tracking.receiving import Report, fingerprint, known_reports, parcels_of, receive


@dataclass(frozen=True, slots=True)
class TrackingPlan:
    """Which rows are news ("new" or "unchanged" by line), and which name no parcel of ours."""

    states: Mapping[int, str] = field(default_factory=dict)
    unknown: tuple[TrackingRow, ...] = ()
    has_unmapped: bool = False


def plan(db: Connection, rows: Sequence[TrackingRow]) -> TrackingPlan:
    """Say what a file would bring; nothing is written."""
    reports, unknown = _reports(db, rows, "", _NOT_YET)
    known = known_reports(db, {parcel for parcel, _row, _event in reports})
    reading = book(db)
    states: dict[int, str] = {}
    has_unmapped = False
    for parcel, row, event in reports:
        mark = (parcel, fingerprint(event))
        states[row.source_line] = "unchanged" if mark in known else "new"
        known.add(mark)
        means = reading.meaning(event.carrier, event.code, event.words)
        has_unmapped = has_unmapped or means.status is TrackingStatus.UNMAPPED
    return TrackingPlan(states, unknown, has_unmapped)


def take(db: Connection, rows: Sequence[TrackingRow], source: str, *, now: datetime) -> None:
    """Keep what a file reports of our parcels, and say anew how far they are."""
    reports, _unknown = _reports(db, rows, source, now)
    events: dict[int, list[CarrierEvent]] = defaultdict(list)
    expected: dict[int, datetime] = {}
    for parcel, row, event in reports:
        events[parcel].append(event)
        if row.expected_at is not None:
            expected[parcel] = row.expected_at
    receive(
        db,
        [Report(key, tuple(mine), expected.get(key), source) for key, mine in events.items()],
        now=now,
    )


_NOT_YET = datetime(1970, 1, 1, tzinfo=UTC)
_CARRIERS = select(shipments.c.id, shipments.c.carrier).where(among(shipments.c.id, "parcels"))


def _reports(
    db: Connection, rows: Sequence[TrackingRow], source: str, now: datetime
) -> tuple[list[tuple[int, TrackingRow, CarrierEvent]], tuple[TrackingRow, ...]]:
    """Return each row with the parcel that it is about, and the rows that are about none."""
    parcels = parcels_of(db, {row.tracking_number for row in rows})
    carriers = _carriers(db, {key for keys in parcels.values() for key in keys})
    zone = ZoneInfo(house.time_zone(db))
    found = [
        (parcel, row, _event(row, carriers[parcel], source, now, zone))
        for row in rows
        for parcel in parcels[row.tracking_number]
    ]
    return found, tuple(row for row in rows if not parcels[row.tracking_number])


def _carriers(db: Connection, keys: Iterable[int]) -> dict[int, str]:
    rows = db.execute(_CARRIERS, {"parcels": sorted(keys)})
    return {row.id: row.carrier for row in rows}


def _event(
    row: TrackingRow, carrier: str, source: str, now: datetime, zone: ZoneInfo
) -> CarrierEvent:
    at = row.at if row.is_zone_known else row.at.replace(tzinfo=zone).astimezone(UTC)
    return CarrierEvent(
        house_of(row.carrier or carrier), row.code, row.words, at, now, row.place, source,
        row.is_zone_known, row.stated,
    )  # fmt: skip
