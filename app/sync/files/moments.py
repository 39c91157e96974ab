"""When was it? Every channel writes time in its own way; we keep aware UTC.

A day without a time is taken as noon there, which is the same calendar day nearly everywhere; a
deadline without a time is the end of that day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

Parse = Callable[[str], datetime]

EARLIEST: Final = date(1995, 1, 1)
LATEST_AHEAD: Final = timedelta(days=2)
PACIFIC: Final = ZoneInfo("America/Los_Angeles")
EASTERN: Final = ZoneInfo("America/New_York")
_NOON: Final = time(12)
_END_OF_DAY: Final = time(23, 59, 59)
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_SLASHES: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})(?:[ ,].*)?")
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*")
_NAMED: Final = re.compile(
    r"(?:([A-Za-z]{3})-([0-9]{1,2})|([0-9]{1,2})-([A-Za-z]{3}))-([0-9]{4}|[0-9]{2})"
    r"(?: ([0-9]{2}):([0-9]{2}):([0-9]{2}))?"
)


def with_offset(text: str) -> datetime:
    """Read ISO 8601 with an offset, a blank before it allowed: “2026-08-24 13:18:57 +0200”."""
    if len(text) == 25 and text[19] == " ":
        return datetime.fromisoformat(text[:19] + text[20:]).astimezone(UTC)
    return iso(text)


def iso(text: str, zone: tzinfo = UTC) -> datetime:
    """Read ISO 8601; without an offset it is a time of ``zone``, without a time noon."""
    text = text.strip()
    if not text.isascii() or not _ISO.fullmatch(text):
        raise ValueError(text)
    if len(text) > 19 and text.endswith((" UTC", " GMT")):
        text = text[:-4] + "+00:00"
    if len(text) == 10:
        return _utc(date.fromisoformat(text), _NOON, zone)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def month_first(text: str) -> datetime:
    """Read a US date without time: “11/21/25” or “11/21/2025” (Etsy writes both in one row)."""
    match = _SLASHES.fullmatch(text.strip())
    if not match or not text.isascii():
        return iso(text)  # never ambiguous, so a repaired date may be written so
    month, day, year = map(int, match.groups())
    return _utc(date(_full(year), month, day), _NOON, UTC)


def is_day_first(text: str) -> bool:
    """Say whether a date with slashes can only have its day first: there is no 31st month."""
    match = _SLASHES.fullmatch(text.strip())
    return bool(match) and int(match[1]) > 12 >= int(match[2]) if match else False


def month_named(text: str) -> datetime:
    """Read “Nov-21-25” or “21-Nov-25”, with or without a time, in Pacific time (eBay)."""
    match = _NAMED.fullmatch(text.strip())
    if not match or not text.isascii():
        return iso(text, PACIFIC)
    month = _MONTHS.get((match[1] or match[4]).casefold())
    if not month:
        raise ValueError(text)
    day = date(_full(int(match[5])), month, int(match[2] or match[3]))
    clock = time(int(match[6]), int(match[7]), int(match[8])) if match[6] else _NOON
    return _utc(day, clock, PACIFIC)


def deadline(parse: Parse, zone: tzinfo) -> Parse:
    """Return a reader of deadlines: a bare day means the end of it, not noon."""

    def read(text: str) -> datetime:
        moment = parse(text)
        if ":" in text:
            return moment
        return _utc(moment.astimezone(zone).date(), _END_OF_DAY, zone)

    return read


def _full(year: int) -> int:
    return year if year > 99 else 2000 + year


def _utc(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
