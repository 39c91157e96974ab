"""Where is a parcel, by everything that was ever reported about it?

Reports come late, twice, in any order, and with the wrong clock. The timeline is worked out anew from all of
them, so that it is the same whatever came first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce

from app.domain.tracking.codebook import CodeBook, exact, folded
from app.domain.tracking.statuses import NO_SCAN, PROGRESS, Incident, TrackingStatus

SAME_SCAN = timedelta(seconds=90)
WIDEST_ZONE = timedelta(hours=14)
ZONE_STEP = timedelta(minutes=15)  # zones differ by whole quarters of an hour
CLOCK_SLACK = timedelta(minutes=10)
_RANK = {status: rank for rank, status in enumerate(PROGRESS)}
_TAKES_BACK = {
    # what a parcel in one of these states must report to be in another one again
    TrackingStatus.DELIVERED: {TrackingStatus.RETURN_TO_SENDER, TrackingStatus.RETURNED},
    TrackingStatus.RETURNED: set[TrackingStatus](),
    TrackingStatus.RETURN_TO_SENDER: {TrackingStatus.RETURNED, TrackingStatus.LOST},
}


@dataclass(frozen=True, slots=True)
class CarrierEvent:
    """One report, as it came. ``at`` is aware; a zone that had to be assumed is not ``is_zone_known``.

    ``stated`` is the time as the carrier wrote it.
    """

    carrier: str
    code: str
    words: str
    at: datetime
    recorded_at: datetime
    place: str = ""
    source: str = ""
    is_zone_known: bool = True
    stated: str = ""


@dataclass(frozen=True, slots=True)
class ParcelReport:
    """All that a carrier says about one parcel. ``unread`` names fields that could not be read."""

    carrier: str
    number: str
    events: tuple[CarrierEvent, ...]
    expected_at: datetime | None = None
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """One thing that happened to a parcel. ``is_telling`` unless what it says was overtaken."""

    at: datetime
    status: TrackingStatus
    incident: Incident | None
    carrier: str
    code: str
    words: str
    place: str
    source: str
    is_telling: bool = True


@dataclass(frozen=True, slots=True)
class Timeline:
    """A parcel's way. ``accepted_at`` is the first time that somebody else than we saw it, ``since_at``
    when its state began; ``attempts`` counts how often it could not be delivered."""

    scans: tuple[Scan, ...] = ()
    status: TrackingStatus = TrackingStatus.PRE_TRANSIT
    incident: Incident | None = None
    accepted_at: datetime | None = None
    delivered_at: datetime | None = None
    last_scan_at: datetime | None = None
    since_at: datetime | None = None
    attempts: int = 0

    @property
    def telling(self) -> Scan | None:
        """The last scan that was not overtaken."""
        return next((scan for scan in reversed(self.scans) if scan.is_telling), None)


def timeline(events: Iterable[CarrierEvent], book: CodeBook) -> Timeline:
    """Return a parcel's way from all reports about it, in whatever order and however often they came."""
    mended = sorted(map(_with_possible_time, events), key=_by_time)
    scans = sorted((_scan(event, book) for event in _once(mended)), key=_by_progress)
    return reduce(_told, scans, Timeline())


def unmapped(events: Iterable[CarrierEvent], book: CodeBook) -> tuple[tuple[str, str, str], ...]:
    """Return (carrier, code, words) of the reports that nobody has given a meaning, each once."""
    found = {
        (event.carrier, event.code, event.words)
        for event in events
        if book.meaning(event.carrier, event.code, event.words).status is TrackingStatus.UNMAPPED
    }
    return tuple(sorted(found))


def _with_possible_time(event: CarrierEvent) -> CarrierEvent:
    """Put back a report from the future by as many whole hours as its zone must be wrong."""
    ahead = event.at - event.recorded_at
    if event.is_zone_known or not CLOCK_SLACK < ahead <= WIDEST_ZONE:
        return event
    hours = -(-ahead // timedelta(hours=1))
    return replace(event, at=event.at - timedelta(hours=hours))


def _by_time(event: CarrierEvent) -> tuple[object, ...]:
    return (
        not event.is_zone_known, event.at, event.carrier, event.code, event.words, event.place,
        event.source,
    )  # fmt: skip


def _once(events: Sequence[CarrierEvent]) -> list[CarrierEvent]:
    """Leave out what was said before; those whose time is certain come first."""
    kept: dict[tuple[str, str, str], list[CarrierEvent]] = {}
    for event in events:
        same_kind = kept.setdefault(_what_and_where(event), [])
        if not any(_is_same(event, other) for other in same_kind):
            same_kind.append(event)
    return [event for each in kept.values() for event in each]


def _what_and_where(event: CarrierEvent) -> tuple[str, str, str]:
    return (event.carrier, exact(event.code) or folded(event.words), folded(event.place))


def _is_same(one: CarrierEvent, other: CarrierEvent) -> bool:
    apart = abs(one.at - other.at)
    if apart <= SAME_SCAN:
        return True
    if one.is_zone_known == other.is_zone_known or apart > WIDEST_ZONE:
        return False
    beside = apart % ZONE_STEP
    return min(beside, ZONE_STEP - beside) <= SAME_SCAN


def _scan(event: CarrierEvent, book: CodeBook) -> Scan:
    meaning = book.meaning(event.carrier, event.code, event.words)
    return Scan(
        event.at, meaning.status, meaning.incident, event.carrier, event.code, event.words,
        event.place, event.source,
    )  # fmt: skip


def _by_progress(scan: Scan) -> tuple[object, ...]:
    return (scan.at, _RANK[scan.status], scan.carrier, scan.code, scan.words, scan.place)


def _told(so_far: Timeline, scan: Scan) -> Timeline:
    """Add one scan, the latest by its time, to a parcel's way."""
    status = _status_after(so_far, scan)
    scan = replace(scan, is_telling=status is not None)
    accepted, delivered = so_far.accepted_at, so_far.delivered_at
    if accepted is None and scan.status not in NO_SCAN:
        accepted = scan.at
    if delivered is None and status is TrackingStatus.DELIVERED:
        delivered = scan.at
    is_news = status is not None and status is not so_far.status
    return Timeline(
        (*so_far.scans, scan),
        so_far.status if status is None else status,
        so_far.incident if status is None else scan.incident,
        accepted,
        delivered,
        so_far.last_scan_at if scan.status in NO_SCAN else scan.at,
        scan.at if is_news or so_far.since_at is None else so_far.since_at,
        so_far.attempts + (status is TrackingStatus.ATTEMPTED),
    )


def _status_after(so_far: Timeline, scan: Scan) -> TrackingStatus | None:
    """Return the state that a scan puts a parcel into; nothing if it says nothing new.

    A delivered parcel stays delivered unless it is said to go back; whoever goes back and is then
    delivered is with us again; a label that is made later than the first scan is only paper.
    """
    now, said = so_far.status, scan.status
    if said is TrackingStatus.UNMAPPED:
        return said if so_far.accepted_at is None else None
    if now is TrackingStatus.RETURN_TO_SENDER and said is TrackingStatus.DELIVERED:
        return TrackingStatus.RETURNED
    if now in _TAKES_BACK:
        return said if said in _TAKES_BACK[now] else None
    if said in NO_SCAN and so_far.accepted_at is not None:
        return None
    return said
