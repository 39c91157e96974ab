"""How far has a parcel come, in the few words of the board?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.domain.tracking.statuses import TrackingStatus


class ParcelState(StrEnum):
    """Where a parcel is on its way."""

    NOT_SCANNED = "not scanned"
    MOVING = "in transit"
    DELAYED = "delayed"
    HELD = "held"
    OUT = "out for delivery"
    ATTEMPTED = "not delivered"
    PICK_UP = "to be picked up"
    DELIVERED = "delivered"
    COMING_BACK = "coming back"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "label cancelled"
    VOIDED = "voided"


STATE_OF: Final[Mapping[str, ParcelState]] = {
    TrackingStatus.PRE_TRANSIT: ParcelState.NOT_SCANNED,
    TrackingStatus.ACCEPTED: ParcelState.MOVING,
    TrackingStatus.IN_TRANSIT: ParcelState.MOVING,
    TrackingStatus.DELAYED: ParcelState.DELAYED,
    TrackingStatus.HELD: ParcelState.HELD,
    TrackingStatus.OUT_FOR_DELIVERY: ParcelState.OUT,
    TrackingStatus.ATTEMPTED: ParcelState.ATTEMPTED,
    TrackingStatus.READY_FOR_PICKUP: ParcelState.PICK_UP,
    TrackingStatus.DELIVERED: ParcelState.DELIVERED,
    TrackingStatus.RETURN_TO_SENDER: ParcelState.COMING_BACK,
    TrackingStatus.RETURNED: ParcelState.RETURNED,
    TrackingStatus.LOST: ParcelState.LOST,
    TrackingStatus.CANCELLED: ParcelState.CANCELLED,
    TrackingStatus.UNMAPPED: ParcelState.MOVING,
}
# Nobody waits for these to move any further.
AT_REST: Final = frozenset(
    {
        ParcelState.DELIVERED,
        ParcelState.RETURNED,
        ParcelState.LOST,
        ParcelState.CANCELLED,
        ParcelState.VOIDED,
    }
)


def state_of(status: str | None, *, is_voided: bool = False) -> ParcelState:
    """Return where a parcel is by its status; one that nobody knows still says that it moves."""
    if is_voided:
        return ParcelState.VOIDED
    if status is None:
        return ParcelState.NOT_SCANNED
    return STATE_OF.get(status, ParcelState.MOVING)


def statuses_of(*states: ParcelState) -> tuple[str, ...]:
    """Return the statuses that count as these states."""
    return tuple(str(status) for status, state in STATE_OF.items() if state in states)
