"""Which parcels need a person before the customer notices? Judged by the clocks of their lane.

A parcel that may still arrive in time is left alone for longer than one whose promise is at risk. One
parcel has one alert at most: the gravest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.cases import CaseKind
from app.domain.tracking.clocks import Clock, Clocks, Lane, Leg, hours_between
from app.domain.tracking.statuses import FINAL, Incident, TrackingStatus

LAST_MILE: Final = timedelta(hours=4)
AT_RISK: Final = 0.3  # a smaller chance than this to arrive in time
PATIENCE: Final = 1.5  # of the way from the middle to the slow end, added while nothing is at risk
PICKED_UP_WITHIN: Final = timedelta(days=4)
SETTLED_AFTER: Final = timedelta(days=30)
_S = TrackingStatus
_BROKEN: Final = frozenset({Incident.DAMAGED, Incident.DESTROYED})


@dataclass(frozen=True, slots=True)
class ParcelNow:
    """What is known of one parcel. ``heard_at`` is when its carrier was last heard of, with any parcel:
    nobody can say how long a parcel is quiet after that. ``promised_at`` is the customer's date.
    """

    id: int
    lane: Lane
    shipped_at: datetime
    heard_at: datetime
    status: TrackingStatus = TrackingStatus.PRE_TRANSIT
    incident: Incident | None = None
    since_at: datetime | None = None
    accepted_at: datetime | None = None
    last_scan_at: datetime | None = None
    expected_at: datetime | None = None
    promised_at: datetime | None = None
    location_id: int = 0
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Alert:
    """What is wrong with a parcel. ``hours`` is how long it lasts, ``clock`` what is usual there;
    ``cause`` is shared by the parcels that one thing has hit.
    """

    parcel: ParcelNow
    kind: CaseKind
    hours: float = 0.0
    clock: Clock | None = None
    cause: str = ""
    arrives_at: datetime | None = None


def judge(parcel: ParcelNow, clocks: Clocks, zone: ZoneInfo) -> Alert | None:
    """Return what is wrong with a parcel, or nothing."""
    if parcel.status is _S.DELIVERED:
        return None
    return _said(parcel) or _slow(parcel, clocks, zone)


def _said(parcel: ParcelNow) -> Alert | None:
    """Return what the carrier itself says is wrong."""
    kind = _KINDS.get(parcel.status)
    if parcel.incident in _BROKEN:
        kind = CaseKind.PARCEL_DAMAGED
    if parcel.status is _S.READY_FOR_PICKUP:
        waits = parcel.heard_at - (parcel.since_at or parcel.shipped_at)
        kind = CaseKind.NOT_DELIVERED if waits > PICKED_UP_WITHIN else None
    if kind is None or (parcel.status in FINAL and _is_old(parcel)):
        return None
    return Alert(parcel, kind)


_KINDS: Final = {
    _S.LOST: CaseKind.PARCEL_LOST,
    _S.ATTEMPTED: CaseKind.NOT_DELIVERED,
    _S.RETURN_TO_SENDER: CaseKind.PARCEL_RETURNED,
    _S.RETURNED: CaseKind.PARCEL_RETURNED,
}


def _is_old(parcel: ParcelNow) -> bool:
    return parcel.heard_at - (parcel.since_at or parcel.shipped_at) > SETTLED_AFTER


def _slow(parcel: ParcelNow, clocks: Clocks, zone: ZoneInfo) -> Alert | None:
    """Return whether it is slower than parcels like it."""
    if parcel.status in FINAL or parcel.status is _S.READY_FOR_PICKUP:
        return None
    if parcel.accepted_at is None or parcel.last_scan_at is None:
        return _unscanned(parcel, clocks, zone)
    return _stuck(parcel, clocks, zone) or _slipped(parcel, clocks, zone)


def _unscanned(parcel: ParcelNow, clocks: Clocks, zone: ZoneInfo) -> Alert | None:
    clock = clocks.of(Leg.FIRST_SCAN, parcel.lane)
    waits = hours_between(parcel.shipped_at, parcel.heard_at, zone)
    chance = _chance(parcel, clocks.of(Leg.TRANSIT, parcel.lane), 0.0, parcel.heard_at, zone)
    if waits <= _patience(clock, chance):
        return None
    day = parcel.shipped_at.astimezone(zone).date().isoformat()
    cause = f"manifest:{parcel.lane.carrier}:{parcel.location_id}:{day}"
    return Alert(parcel, CaseKind.UNSCANNED, waits, clock, cause)


def _stuck(parcel: ParcelNow, clocks: Clocks, zone: ZoneInfo) -> Alert | None:
    seen = parcel.last_scan_at or parcel.shipped_at
    clock = clocks.of(Leg.QUIET, parcel.lane)
    quiet = hours_between(seen, parcel.heard_at, zone)
    gone = hours_between(parcel.accepted_at or seen, parcel.heard_at, zone)
    chance = _chance(parcel, clocks.of(Leg.TRANSIT, parcel.lane), gone, parcel.heard_at, zone)
    if quiet <= _patience(clock, chance):
        return None
    return Alert(parcel, CaseKind.PARCEL_STUCK, quiet, clock)


def _patience(clock: Clock, chance: float) -> float:
    """Return how many hours are still nothing: fewer when the promise is at risk."""
    slow = clock.hours(95)
    return slow if chance < AT_RISK else slow + PATIENCE * (slow - clock.hours(50))


def _slipped(parcel: ParcelNow, clocks: Clocks, zone: ZoneInfo) -> Alert | None:
    """Return whether it will arrive later than promised: the carrier says so, or its lane does."""
    promised, accepted = parcel.promised_at, parcel.accepted_at
    if promised is None or accepted is None:
        return None
    if parcel.expected_at is not None and parcel.expected_at > promised:
        return Alert(parcel, CaseKind.ETA_SLIPPED, arrives_at=parcel.expected_at)
    clock = clocks.of(Leg.TRANSIT, parcel.lane)
    gone = hours_between(accepted, parcel.heard_at, zone)
    if parcel.status is _S.OUT_FOR_DELIVERY and parcel.heard_at <= promised:
        return None
    # Whatever its lane does: what is not with the driver by now is not handed over within so few hours.
    if (
        promised - parcel.heard_at > LAST_MILE
        and _chance(parcel, clock, gone, accepted, zone) >= AT_RISK
    ):
        return None
    return Alert(parcel, CaseKind.ETA_SLIPPED, gone, clock)


def _chance(parcel: ParcelNow, clock: Clock, gone: float, begun: datetime, zone: ZoneInfo) -> float:
    """Return the chance to arrive by the promise, of a parcel on its way for ``gone`` hours.

    ``begun`` is when the way begins, at the earliest; without a promise nothing is at risk.
    """
    if parcel.promised_at is None:
        return 1.0
    start = parcel.accepted_at or begun
    return clock.chance_by(hours_between(start, parcel.promised_at, zone), after=gone)
