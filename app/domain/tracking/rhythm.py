"""How soon is a carrier asked about a parcel again? As soon as its state is likely to have news."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.domain.tracking.statuses import TrackingStatus

# How often it is looked which parcels are due.
PACE: Final = timedelta(minutes=5)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
# At the end of its way, nothing more is to be expected of a parcel.
ARRIVED: Final = frozenset(
    {TrackingStatus.DELIVERED, TrackingStatus.RETURNED, TrackingStatus.CANCELLED}
)
# Carriers keep what they know of a parcel for about four months.
FORGOTTEN: Final = timedelta(days=120)
_OLD: Final = timedelta(days=30)
_SOON: Final = {
    TrackingStatus.PRE_TRANSIT: 4 * _HOUR,
    TrackingStatus.OUT_FOR_DELIVERY: _HOUR,
    TrackingStatus.ATTEMPTED: 4 * _HOUR,
    TrackingStatus.READY_FOR_PICKUP: 12 * _HOUR,
    TrackingStatus.RETURN_TO_SENDER: 12 * _HOUR,
    TrackingStatus.LOST: _DAY,
}
_USUAL: Final = 6 * _HOUR
_FIRST: Final = 2 * _HOUR


def ask_again(
    status: TrackingStatus | None, shipped_at: datetime, now: datetime, unknown: int = 0
) -> datetime | None:
    """Return when a parcel is asked for next, or nothing once there is no more to hear.

    ``status`` is empty while the carrier has said nothing; ``unknown`` counts how often in a row it did not
    know the parcel: a label that is not handed over yet is asked for less and less often.
    """
    if status in ARRIVED or now - shipped_at > FORGOTTEN:
        return None
    if now - shipped_at > _OLD:
        return now + _DAY
    if unknown:
        return now + min(_FIRST * (1 << min(unknown, 8) - 1), _DAY)
    return now + (_FIRST if status is None else _SOON.get(status, _USUAL))
