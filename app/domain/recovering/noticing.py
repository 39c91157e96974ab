"""Does a parcel look as if something went wrong, by what its carrier says and when it was promised?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from app.domain.parcels import AT_REST, ParcelState
from app.domain.recovering.matrix import SITUATIONS, Situation

SILENT_FOR: Final = timedelta(days=4)
_SAID: Final[Mapping[ParcelState, Situation]] = {
    ParcelState.LOST: Situation.LOST,
    ParcelState.COMING_BACK: Situation.RETURNED,
    ParcelState.RETURNED: Situation.RETURNED,
    ParcelState.DELAYED: Situation.LATE,
}
# What each kind of case about a parcel says of it.
OF_CASE: Final[Mapping[str, Situation]] = {
    "parcel_stuck": Situation.STUCK,
    "eta_slipped": Situation.LATE,
    "not_delivered": Situation.LATE,
    "parcel_returned": Situation.RETURNED,
    "parcel_lost": Situation.LOST,
    "parcel_damaged": Situation.DAMAGED,
}


_NEVER_ARRIVED: Final = frozenset({Situation.STUCK, Situation.LOST, Situation.RETURNED})


def speaks_against(situation: Situation, state: ParcelState) -> tuple[str, str] | None:
    """Return why a parcel cannot be in a situation, as its carrier says, and what to do instead."""
    if state is ParcelState.DELIVERED and situation in _NEVER_ARRIVED:
        return (
            f"The carrier says that the parcel was delivered, so it is not “{SITUATIONS[situation]}”.",
            f"Look at what it said. If the buyer does not have it, choose “{SITUATIONS[Situation.MISSING]}”.",
        )
    if situation is Situation.MISSING and state is not ParcelState.DELIVERED:
        return (
            "The carrier does not say that the parcel was delivered.",
            f"Choose “{SITUATIONS[Situation.LATE]}”, “{SITUATIONS[Situation.STUCK]}” or “{SITUATIONS[Situation.LOST]}”.",
        )
    return None


def situation_of(
    state: str,
    *,
    incident: str = "",
    last_seen_at: datetime,
    arrive_by: datetime | None,
    now: datetime,
) -> Situation | None:
    """Return what is wrong with a parcel, as far as nobody has said so; nothing for one that is fine."""
    if "damage" in incident:
        return Situation.DAMAGED
    known = ParcelState(state)
    if known in _SAID:
        return _SAID[known]
    if known in AT_REST:
        return None
    if now - last_seen_at > SILENT_FOR:
        return Situation.STUCK
    return Situation.LATE if arrive_by is not None and arrive_by < now else None
