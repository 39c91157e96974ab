"""How far has a parcel come, as its carrier tells it?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ParcelState(StrEnum):
    """Where a parcel is on its way."""

    NOT_SCANNED = "not scanned"
    MOVING = "in transit"
    DELAYED = "delayed"
    OUT = "out for delivery"
    PICK_UP = "to be picked up"
    DELIVERED = "delivered"
    COMING_BACK = "coming back"
    VOIDED = "voided"


# What carriers, and those who ask them for us, call each of these.
STATE_OF: Mapping[str, ParcelState] = {
    "pre_transit": ParcelState.NOT_SCANNED,
    "in_transit": ParcelState.MOVING,
    "delayed": ParcelState.DELAYED,
    "out_for_delivery": ParcelState.OUT,
    "available_for_pickup": ParcelState.PICK_UP,
    "delivered": ParcelState.DELIVERED,
    "return_to_sender": ParcelState.COMING_BACK,
    "returned": ParcelState.COMING_BACK,
}


def state_of(last_scan: str | None, *, is_voided: bool = False) -> ParcelState:
    """Return where a parcel is by its last scan; a scan that nobody knows still says that it moves."""
    if is_voided:
        return ParcelState.VOIDED
    if last_scan is None:
        return ParcelState.NOT_SCANNED
    return STATE_OF.get(last_scan, ParcelState.MOVING)
