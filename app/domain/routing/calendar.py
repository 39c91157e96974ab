"""On which days does a location hand parcels over, and when does a carrier deliver them?

A location lives by its own clock: its cut-off and its pickup are local times, and daylight saving is
what the time zone says it is, never an offset.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.delivery import MONDAY_TO_FRIDAY

_DAY = timedelta(days=1)
NO_DAYS: frozenset[date] = frozenset()


class ShipDay(NamedTuple):
    """A day on which a location hands over, the moment it does (UTC), and its place in the list."""

    number: int
    day: date
    leaves_at: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """When a location works. ``handling_days`` are working days between deciding and handing over."""

    time_zone: str
    cut_off: time
    pickup: time
    workdays: frozenset[int] = MONDAY_TO_FRIDAY
    closed: frozenset[date] = field(default=NO_DAYS)
    handling_days: int = 0

    def works_on(self, day: date, holidays: frozenset[date] = NO_DAYS) -> bool:
        """Return whether parcels leave here on a day; ``holidays`` are the carriers'."""
        return day.weekday() in self.workdays and day not in self.closed and day not in holidays

    def ship_days(
        self, now: datetime, last: date, holidays: frozenset[date] = NO_DAYS
    ) -> tuple[ShipDay, ...]:
        """Return the days up to ``last`` on which what is decided now can be handed over."""
        days = self._working_days(now, last, holidays)[self.handling_days :]
        return tuple(ShipDay(n, day, self.leaves_at(day)) for n, day in enumerate(days))

    def _working_days(self, now: datetime, last: date, holidays: frozenset[date]) -> list[date]:
        local = now.astimezone(ZoneInfo(self.time_zone))
        day = local.date()
        if (local.hour, local.minute) > (self.cut_off.hour, self.cut_off.minute):
            day += _DAY
        count = max(0, (last - day).days + 1)
        span = (day + n * _DAY for n in range(count))
        return [each for each in span if self.works_on(each, holidays)]

    def leaves_at(self, day: date) -> datetime:
        """Return the moment of a day's pickup, in UTC."""
        local = datetime.combine(day, self.pickup, tzinfo=ZoneInfo(self.time_zone))
        return local.astimezone(UTC)


def arrives_on(
    leaves: date, days: int, weekdays: frozenset[int], holidays: frozenset[date] = NO_DAYS
) -> date:
    """Return the ``days``-th delivery day after the day on which a parcel leaves."""
    while days > 0:
        leaves += _DAY
        days -= leaves.weekday() in weekdays and leaves not in holidays
    return leaves
