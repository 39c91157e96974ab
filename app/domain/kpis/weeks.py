"""When does a week begin? On Monday at midnight where the desk is, whatever its clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def week_of(at: datetime, zone: ZoneInfo) -> date:
    """Return the Monday of the week in which a moment falls."""
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def begins(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def last_weeks(now: datetime, zone: ZoneInfo, count: int) -> list[date]:
    """Return the Mondays of the last weeks, the running one last."""
    newest = week_of(now, zone)
    return [newest - timedelta(weeks=back) for back in range(count - 1, -1, -1)]


def weeks_between(first: datetime, last: datetime, zone: ZoneInfo) -> list[date]:
    """Return the Mondays of the weeks from one moment until before another, at least one."""
    monday, found = week_of(first, zone), [week_of(first, zone)]
    while begins(monday := monday + timedelta(weeks=1), zone) < last:
        found.append(monday)
    return found
