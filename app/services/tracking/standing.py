"""How far is each parcel? Worked out from all reports about it, each time that one is added.

The reports are the truth; what is said of a parcel is their projection, which ``verify`` replays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam

from app.domain.tracking.clocks import hours_between
from app.domain.tracking.codebook import CodeBook
from app.domain.tracking.statuses import NO_SCAN
from app.domain.tracking.timeline import Timeline, timeline
from app.models.bulk import insert_rows
from app.models.codebook import stored
from app.models.fulfilment import tracking_events
from app.models.reports import REPORTS, Estimates, estimates_of, reports_of
from app.models.sets import among
from app.models.tracking import parcel_states

PART = 500
_UTC = ZoneInfo("UTC")


def work_out(db: Connection, parcels: Collection[int], book: CodeBook) -> None:
    """Write down how far these parcels are."""
    wanted = sorted(parcels)
    for at in range(0, len(wanted), PART):
        part = wanted[at : at + PART]
        rows = [row for _key, row in standings(db, part, book)]
        db.execute(_FORGET, {"parcels": part})
        insert_rows(db, parcel_states, rows)


def standings(
    db: Connection, parcels: Sequence[int], book: CodeBook
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give the row of each parcel of which anything was reported."""
    said = reports_of(db, parcels)
    expected = estimates_of(db, parcels)
    for key, events in said.items():
        yield key, _row(key, timeline(events, book), expected.get(key, Estimates()))


_FORGET = parcel_states.delete().where(among(parcel_states.c.shipment_id, "parcels"))
_MEANS = (
    tracking_events.update()
    .where(tracking_events.c.id == bindparam("key"))
    .values(status=bindparam("means"), incident=bindparam("because"))
)


def read_again(db: Connection, parcels: Collection[int], book: CodeBook) -> int:
    """Read these parcels' reports by another book, and return how many mean something else now."""
    wanted, changed = sorted(parcels), 0
    for at in range(0, len(wanted), PART):
        rows = db.execute(REPORTS, {"parcels": wanted[at : at + PART]}).all()
        new = [each for row in rows if (each := _otherwise(row, book))]
        if new:
            db.execute(_MEANS, new)
        changed += len(new)
    work_out(db, wanted, book)
    return changed


def _otherwise(row: Any, book: CodeBook) -> dict[str, Any] | None:
    means = book.meaning(row.carrier, row.code, row.description)
    because = stored(means.incident)
    if (row.status, row.incident) == (means.status.value, because):
        return None
    return {"key": row.id, "means": means.status.value, "because": because}


def _row(key: int, way: Timeline, expected: Estimates) -> dict[str, Any]:
    last = way.telling
    if last is None or way.since_at is None:
        raise ValueError("a parcel of which nothing was reported stands nowhere")
    quiet = _longest_quiet(way)
    return {
        "shipment_id": key,
        "status": way.status.value,
        "incident": stored(way.incident),
        "since_at": way.since_at,
        "accepted_at": way.accepted_at,
        "last_scan_at": way.last_scan_at,
        "delivered_at": way.delivered_at,
        "said": last.words,
        "place": last.place,
        "expected_at": expected.now,
        "first_expected_at": expected.first,
        "attempts": way.attempts,
        "scans": len(way.scans),
        "quiet_from_at": quiet[0],
        "quiet_to_at": quiet[1],
    }


def _longest_quiet(way: Timeline) -> tuple[datetime, datetime] | tuple[None, None]:
    """Return the two scans between which nothing was seen for longest, until it arrived."""
    end = way.delivered_at
    seen = [
        scan.at for scan in way.scans
        if scan.status not in NO_SCAN and (end is None or scan.at <= end)
    ]  # fmt: skip
    return max(pairwise(seen), key=_hours, default=(None, None))


def _hours(gap: tuple[datetime, datetime]) -> float:
    return hours_between(gap[0], gap[1], _UTC)
