"""Does a parcel look as if something went wrong, by what its carrier says and when it was promised?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from app.domain.parcels import AT_REST, ParcelState
from app.domain.recovering.matrix import Situation

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
