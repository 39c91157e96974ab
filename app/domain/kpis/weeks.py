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


def has_whole_hours(zone: ZoneInfo, *moments: datetime) -> bool:
    """Return whether the clocks there differ from UTC by whole hours at all of these moments."""
    offsets = [at.astimezone(zone).utcoffset() or timedelta() for at in moments]
    return all(not offset.total_seconds() % 3600 for offset in offsets)
