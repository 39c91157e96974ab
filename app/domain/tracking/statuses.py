"""What can be said of a parcel on its way, and what can stand in its way?

Two levels: a *status* says how far the parcel is, an *incident* why it is not further. Carriers have
hundreds of codes for both; :mod:`app.domain.tracking.codebook` says which of them mean what.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TrackingStatus(StrEnum):
    """How far a parcel is."""

    PRE_TRANSIT = "pre_transit"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    DELAYED = "delayed"
    HELD = "held"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY_FOR_PICKUP = "available_for_pickup"
    ATTEMPTED = "attempted"
    RETURN_TO_SENDER = "return_to_sender"
    RETURNED = "returned"
    DELIVERED = "delivered"
    LOST = "lost"
    CANCELLED = "cancelled"
    UNMAPPED = "unmapped"  # a code that nobody has given a meaning yet; it waits for one


class Incident(StrEnum):
    """Why a parcel is not further; the value is what a person reads."""

    ADDRESS_NOT_FOUND = "address not found"
    ADDRESS_WRONG = "address wrong or incomplete"
    NO_ACCESS = "no access to the door"
    CLOSED = "business closed"
    NOT_HOME = "nobody home"
    NOT_AVAILABLE = "recipient not available"
    REFUSED = "refused"
    ID_CHECK = "identity not proved"
    NO_SAFE_PLACE = "no safe place to leave it"
    MOVED = "recipient moved"
    RECIPIENT_CANCELLED = "cancelled by the recipient"
    DAMAGED = "damaged"
    LOST = "lost"
    DESTROYED = "destroyed"
    MISSORTED = "sent the wrong way"
    VEHICLE = "vehicle trouble"
    LATE = "carrier late"
    CAPACITY = "carrier has no room"
    CUSTOMS = "held by customs"
    CUSTOMS_PAPERS = "customs papers missing"
    DUTIES = "duties not paid"
    PROHIBITED = "not allowed into the country"
    WEATHER = "weather"
    DISASTER = "natural disaster"
    SECURITY = "security"
    REGULATION = "held by an authority"
    SEARCHED = "being searched for"
    SENDER_DATA = "data of ours missing or wrong"
    SENDER_SIZE = "measured differently from what we said"
    PACKAGING = "packaging not good enough"
    NOT_HANDED_OVER = "not handed over"
    SENDER_CANCELLED = "cancelled by us"
    ACTION_NEEDED = "carrier waits for an answer"
    UNDELIVERABLE = "cannot be delivered"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a carrier's code means."""

    status: TrackingStatus
    incident: Incident | None = None


# A parcel in one of these is at the end of its way, unless a carrier takes it back in words.
FINAL = frozenset(
    {
        TrackingStatus.DELIVERED,
        TrackingStatus.RETURNED,
        TrackingStatus.LOST,
        TrackingStatus.CANCELLED,
    }
)
# Before these nobody but us has seen the parcel: a label is no scan.
NO_SCAN = frozenset({TrackingStatus.PRE_TRANSIT, TrackingStatus.CANCELLED})
# Of two scans in one minute, the one that is further on its way came later.
PROGRESS: tuple[TrackingStatus, ...] = (
    TrackingStatus.PRE_TRANSIT,
    TrackingStatus.CANCELLED,
    TrackingStatus.ACCEPTED,
    TrackingStatus.UNMAPPED,
    TrackingStatus.IN_TRANSIT,
    TrackingStatus.DELAYED,
    TrackingStatus.HELD,
    TrackingStatus.OUT_FOR_DELIVERY,
    TrackingStatus.ATTEMPTED,
    TrackingStatus.READY_FOR_PICKUP,
    TrackingStatus.LOST,
    TrackingStatus.DELIVERED,
    TrackingStatus.RETURN_TO_SENDER,
    TrackingStatus.RETURNED,
)
