"""What does a scan say in plain words? What happened, and why it is not further; never a code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.domain.tracking.statuses import Incident, TrackingStatus

_S = TrackingStatus
WORDS: Final[Mapping[TrackingStatus, str]] = {
    _S.PRE_TRANSIT: "Label made",
    _S.ACCEPTED: "Handed to the carrier",
    _S.IN_TRANSIT: "On its way",
    _S.DELAYED: "Delayed",
    _S.HELD: "Held",
    _S.OUT_FOR_DELIVERY: "Out for delivery",
    _S.READY_FOR_PICKUP: "Waits to be picked up",
    _S.ATTEMPTED: "Could not be delivered",
    _S.RETURN_TO_SENDER: "Going back to you",
    _S.RETURNED: "Back with you",
    _S.DELIVERED: "Delivered",
    _S.LOST: "Lost",
    _S.CANCELLED: "Label cancelled",
    _S.UNMAPPED: "Something that has no meaning here yet",
}


_SAID_ALREADY: Final = ("lost", "cannot be delivered")


def in_words(status: str, incident: str = "") -> str:
    """Return "Could not be delivered: nobody home"; ``incident`` is a name of :class:`Incident`."""
    said, because = WORDS.get(TrackingStatus(status), status), why(incident)
    if because.startswith(said.casefold()):
        return because.capitalize()  # "Held by customs"
    return f"{said}: {because}" if because and because not in _SAID_ALREADY else said


def why(incident: str) -> str:
    """Return why a parcel is not further, or nothing."""
    return Incident[incident.upper()].value if incident else ""
