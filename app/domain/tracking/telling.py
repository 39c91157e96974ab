"""What does an alert say? How long, what is usual on this lane, and how many share it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.domain.cases import CaseKind
from app.domain.tracking.alerts import Alert
from app.domain.tracking.clocks import Clock, Leg
from app.domain.tracking.statuses import Incident, TrackingStatus

_SITUATIONS: Final = {
    CaseKind.UNSCANNED: "stuck", CaseKind.PARCEL_STUCK: "stuck", CaseKind.ETA_SLIPPED: "late",
    CaseKind.NOT_DELIVERED: "late", CaseKind.PARCEL_RETURNED: "returned",
    CaseKind.PARCEL_LOST: "lost", CaseKind.PARCEL_DAMAGED: "damaged",
}  # fmt: skip
_ENDS: Final = {Leg.FIRST_SCAN: "have their first scan", Leg.QUIET: "are seen again",
                Leg.TRANSIT: "have arrived"}  # fmt: skip
_LEGS: Final = {
    CaseKind.UNSCANNED: Leg.FIRST_SCAN,
    CaseKind.PARCEL_STUCK: Leg.QUIET,
    CaseKind.ETA_SLIPPED: Leg.TRANSIT,
}
_FEW: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
               "eleven", "twelve")  # fmt: skip


def title_of(alert: Alert, number: str, carrier: str, together: int) -> str:
    """Return "Order 1042: 31 h without a first scan, usual is 19 h; six labels of one pick-up"."""
    return f"Order {number}: {_what(alert, carrier)}{_together(alert, together)}"


def _what(alert: Alert, carrier: str) -> str:
    if alert.clock is not None:
        return _too_long(alert)
    if alert.kind is CaseKind.PARCEL_DAMAGED:
        return f"{carrier} says that the parcel is {_broken(alert.parcel.incident)}"
    incident = alert.parcel.incident
    said = _SAID[alert.kind, _state(alert)].format(carrier=carrier)
    why = f": {incident.value}" if incident and alert.kind is not CaseKind.PARCEL_LOST else ""
    times = _times(alert.parcel.attempts) if alert.kind is CaseKind.NOT_DELIVERED else ""
    return said + why + times


def _state(alert: Alert) -> TrackingStatus | None:
    status = alert.parcel.status
    return status if (alert.kind, status) in _SAID else None


_SAID: Final[Mapping[tuple[CaseKind, TrackingStatus | None], str]] = {
    (CaseKind.ETA_SLIPPED, None): "{carrier} now says a later day than you promised",
    (CaseKind.NOT_DELIVERED, None): "{carrier} could not deliver it",
    (CaseKind.NOT_DELIVERED, TrackingStatus.READY_FOR_PICKUP): "nobody picks the parcel up",
    (CaseKind.PARCEL_RETURNED, None): "{carrier} sends the parcel back",
    (CaseKind.PARCEL_RETURNED, TrackingStatus.RETURNED): "the parcel is back with you",
    (CaseKind.PARCEL_LOST, None): "{carrier} has lost the parcel",
}


def _too_long(alert: Alert) -> str:
    hours = f"{alert.hours:.0f} h"
    said = {
        CaseKind.UNSCANNED: f"{hours} unscanned",
        CaseKind.PARCEL_STUCK: f"{hours} without a scan",
    }
    slow = f"{hours} on its way, it will hardly arrive as promised"
    return said.get(alert.kind, slow) + _usual(alert.clock)


def _broken(incident: Incident | None) -> str:
    return "destroyed" if incident is Incident.DESTROYED else "damaged"


def _times(attempts: int) -> str:
    return f" ({_count(attempts)} times)" if attempts > 1 else ""


def _usual(clock: Clock | None) -> str:
    """Return "; this lane's 95th percentile is 19 h"."""
    if clock is None:
        return ""
    return f"; {_whose(clock)} 95th percentile is {clock.hours(95):.0f} h"


def _whose(clock: Clock) -> str:
    lane = clock.lane
    if lane is None:
        return "the usual"
    if lane.region:
        return "this lane's"
    if lane.origin:
        return "this place's"
    return "this service's" if lane.service else "this carrier's"


def _together(alert: Alert, together: int) -> str:
    if alert.kind is CaseKind.UNSCANNED and together > 1:
        return f"; {_count(together)} labels of one pick-up"
    if alert.kind is CaseKind.ETA_SLIPPED and together > 2:
        return f"; {_count(together)} parcels on this lane"
    return ""


def _count(number: int) -> str:
    return _FEW[number] if number < len(_FEW) else f"{number:,}"


def facts_of(
    alert: Alert, *, carrier: str, tracking: str, location: str, together: int
) -> Mapping[str, object]:
    """Return what stands behind the alert: numbers, the lane, and how many parcels it was learnt from."""
    found: dict[str, object] = {
        "situation": _SITUATIONS[alert.kind], "carrier": carrier, "tracking": tracking,
        "location": location,
    }  # fmt: skip
    leg = _LEGS.get(alert.kind)
    if alert.clock is not None and leg is not None:
        found |= {
            "hours": round(alert.hours), "usual_hours": round(alert.clock.hours(50)),
            "p95_hours": round(alert.clock.hours(95)), "learnt_from": alert.clock.count,
            "sentence": f"95 of 100 parcels {_ENDS[leg]} within {alert.clock.hours(95):.0f} h",
        }  # fmt: skip
    if together > 1 and (alert.cause or alert.kind is CaseKind.ETA_SLIPPED):
        found["together"] = together
    if alert.arrives_at is not None:
        found["arrives_at"] = alert.arrives_at.isoformat()
    return found
