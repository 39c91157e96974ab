"""Take in what carriers report: kept as it came, mapped, and the parcel's state worked out anew.

A report that is here already changes nothing, whichever door it comes by.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, String, func, select

from app.domain.tracking.carriers import house_of
from app.domain.tracking.codebook import CodeBook, exact, folded
from app.domain.tracking.timeline import CarrierEvent
from app.models.bulk import insert_rows
from app.models.codebook import book, stored
from app.models.fulfilment import shipments, tracking_events
from app.models.identity import Identity
from app.models.reports import estimates_of
from app.models.sets import among
from app.models.tracking import arrival_estimates, carrier_feeds
from app.services.tracking.standing import work_out

PART = 500


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported of one parcel of ours; ``expected_at`` if it was said when it arrives."""

    shipment_id: int
    events: tuple[CarrierEvent, ...] = ()
    expected_at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """The ids of the reports that are new, how many were known, and the parcels that have news."""

    new: tuple[int, ...] = ()
    known: int = 0
    parcels: tuple[int, ...] = ()


def receive(db: Connection, reports: Sequence[Report], *, now: datetime) -> Received:
    """Keep what is new of these reports, and say anew how far their parcels are."""
    reading = book(db)
    new: list[int] = []
    parcels: set[int] = set()
    known = 0
    for at in range(0, len(reports), PART):
        part = reports[at : at + PART]
        rows = _new_rows(db, part, reading)
        known += sum(len(each.events) for each in part) - len(rows)
        insert_rows(db, tracking_events, rows)
        new.extend(row["id"] for row in rows)
        parcels |= {row["shipment_id"] for row in rows} | _estimate(db, part, now)
    work_out(db, parcels, reading)
    heard(db, [each.shipment_id for each in reports if each.events], at=now)
    return Received(tuple(new), known, tuple(sorted(parcels)))


def heard(db: Connection, parcels: Collection[int], *, at: datetime) -> None:
    """Remember that something was heard of the carriers of these parcels."""
    wanted = {"parcels": sorted(set(parcels))}
    names = set(db.execute(_CARRIERS, wanted).scalars()) if wanted["parcels"] else set()
    heard_of(db, {house_of(name) for name in names}, at=at)


def heard_of(db: Connection, houses: Collection[str], *, at: datetime) -> None:
    """Remember that these carriers were heard of, or asked, at a time."""
    known = {row.carrier: row.heard_at for row in db.execute(select(carrier_feeds))}
    for house in sorted(houses):
        if house not in known:
            db.execute(carrier_feeds.insert(), [{"carrier": house, "heard_at": at}])
        elif known[house] < at:
            mine = carrier_feeds.c.carrier == house
            db.execute(carrier_feeds.update().where(mine).values(heard_at=at))


def parcels_of(db: Connection, numbers: Collection[str]) -> Mapping[str, tuple[int, ...]]:
    """Return, by tracking number as it is given, the parcels that have it.

    Blanks, hyphens and capitals do not matter. One that was taken back counts only where no other has
    the number; orders that share a parcel share its reports.
    """
    plain = {plain_number(number) for number in numbers} - {""}
    found: dict[str, list[tuple[bool, int]]] = defaultdict(list)
    wanted = {"numbers": sorted(plain | set(numbers))}
    for row in db.execute(_SAME, wanted):
        found[plain_number(row.tracking_number)].append((row.voided_at is not None, row.id))
    if missing := plain - set(found):
        for row in db.execute(_ALIKE, {"numbers": sorted(missing)}):
            found[plain_number(row.tracking_number)].append((row.voided_at is not None, row.id))
    return {number: _live(found.get(plain_number(number), ())) for number in numbers}


def known_reports(db: Connection, parcels: Collection[int]) -> set[tuple[int, str]]:
    """Return what was reported of these parcels already: parcel and fingerprint."""
    rows = db.execute(_KNOWN, {"parcels": sorted(parcels)})
    return {(row.shipment_id, row.fingerprint) for row in rows}


def plain_number(text: str) -> str:
    """Return a tracking number as it compares."""
    return "".join(text.split()).replace("-", "").upper()


def fingerprint(event: CarrierEvent) -> str:
    """Return what a report is known by: the same thing at the same time and place, said by anybody."""
    parts = (
        event.carrier, exact(event.code), folded(event.words), folded(event.place),
        event.at.astimezone(UTC).isoformat(),
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _live(found: Iterable[tuple[bool, int]]) -> tuple[int, ...]:
    live = [key for is_voided, key in found if not is_voided]
    return tuple(sorted(live or [key for _is_voided, key in found]))


_COLUMNS = (shipments.c.id, shipments.c.tracking_number, shipments.c.voided_at)
_BARE = func.replace(shipments.c.tracking_number, " ", "", type_=String)
_PLAIN = func.upper(func.replace(_BARE, "-", "", type_=String), type_=String)
_SAME = select(*_COLUMNS).where(among(shipments.c.tracking_number, "numbers"))
_ALIKE = select(*_COLUMNS).where(among(_PLAIN, "numbers"))
_CARRIERS = select(shipments.c.carrier).where(among(shipments.c.id, "parcels")).distinct()
_KNOWN = select(tracking_events.c.shipment_id, tracking_events.c.fingerprint).where(
    among(tracking_events.c.shipment_id, "parcels")
)


def _new_rows(db: Connection, reports: Sequence[Report], reading: CodeBook) -> list[dict[str, Any]]:
    seen = known_reports(db, {each.shipment_id for each in reports})
    ids = Identity(db, tracking_events)
    rows: list[dict[str, Any]] = []
    for report in reports:
        for event in report.events:
            mark = (report.shipment_id, fingerprint(event))
            if mark not in seen:
                seen.add(mark)
                rows.append(_row(ids.take(tracking_events), *mark, event, reading))
    return rows


def _row(
    key: int, parcel: int, mark: str, event: CarrierEvent, reading: CodeBook
) -> dict[str, Any]:
    means = reading.meaning(event.carrier, event.code, event.words)
    return {
        "id": key,
        "shipment_id": parcel,
        "carrier": event.carrier,
        "code": event.code,
        "description": event.words,
        "happened_at": event.at,
        "stated": event.stated,
        "is_zone_known": event.is_zone_known,
        "place": event.place,
        "source": event.source,
        "recorded_at": event.recorded_at,
        "status": means.status.value,
        "incident": stored(means.incident),
        "withdrawn_at": None,
        "fingerprint": mark,
    }


def _estimate(db: Connection, reports: Sequence[Report], now: datetime) -> set[int]:
    """Keep what is news about when parcels arrive, and return the parcels."""
    said = {each.shipment_id: each for each in reports if each.expected_at is not None}
    before = estimates_of(db, sorted(said))
    news = [
        key
        for key, each in sorted(said.items())
        if key not in before or before[key].now != each.expected_at
    ]
    ids = Identity(db, arrival_estimates)
    insert_rows(
        db, arrival_estimates,
        [
            {
                "id": ids.take(arrival_estimates), "shipment_id": key, "source": said[key].source,
                "expected_at": said[key].expected_at, "recorded_at": now,
            }
            for key in news
        ],
    )  # fmt: skip
    return set(news)
