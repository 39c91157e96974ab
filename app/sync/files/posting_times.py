"""When was an amount booked? Settlement files of one channel alone write it in four ways.

A day without a time is noon of that day; a time without a zone is of the zone that is given.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final

from app.sync.files.moments import iso

_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_HOURS: Final = {
    "UTC": 0, "GMT": 0, "PST": -8, "PDT": -7, "MST": -7, "MDT": -6, "CST": -6, "CDT": -5, "EST": -5,
    "EDT": -4, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "JST": 9, "AEST": 10, "AEDT": 11,
}  # fmt: skip
_CLOCK: Final = (
    r"(?:[ ,T]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?: (?P<zone>[A-Z]{3,4}))?)?"
)
_NAMED: Final = re.compile(
    rf"(?P<month>[A-Za-z]{{3,9}})\.?[ -](?P<day>[0-9]{{1,2}})[, -]+(?P<year>[0-9]{{4}}){_CLOCK}"
)
_DAY_NAMED: Final = re.compile(
    rf"(?P<day>[0-9]{{1,2}})[ -](?P<month>[A-Za-z]{{3,9}})\.?[, -]+(?P<year>[0-9]{{4}}){_CLOCK}"
)
_SLASHED: Final = re.compile(
    rf"(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}})/(?P<year>[0-9]{{4}}|[0-9]{{2}}){_CLOCK}"
)
_DOTTED: Final = re.compile(
    rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.(?P<year>[0-9]{{4}}){_CLOCK}"
)
_YEAR_SLASHED: Final = re.compile(
    rf"(?P<year>[0-9]{{4}})/(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}}){_CLOCK}"
)
_WAYS: Final = (_NAMED, _DAY_NAMED, _SLASHED, _DOTTED, _YEAR_SLASHED)


@lru_cache(maxsize=4096)
def posted_at(text: str, zone: tzinfo = UTC) -> datetime:
    """Read a booking time.

    Raises:
        ValueError: there is no such time, or it is written in another way.
    """
    text = " ".join(text.split())
    if len(text) == 25 and text[19] == " ":  # 2026-07-01 07:33:09 +0200
        text = text[:19] + text[20:]
    for way in _WAYS:
        match = way.fullmatch(text)
        if match:
            return _moment(match, zone)
    return iso(text, zone)


def _moment(match: re.Match[str], zone: tzinfo) -> datetime:
    year, day = int(match["year"]), int(match["day"])
    on = date(year if year > 99 else 2000 + year, _month(match["month"]), day)
    name = match["zone"]
    if name:
        if name not in _HOURS:
            raise ValueError(match.string)
        zone = timezone(timedelta(hours=_HOURS[name]))
    return datetime.combine(on, _clock(match), tzinfo=zone).astimezone(UTC)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    short = text[:3].casefold()
    if short not in _MONTHS:
        raise ValueError(text)
    return _MONTHS.index(short) + 1


def _clock(match: re.Match[str]) -> time:
    if not match["hour"]:
        return time(12)
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    return time(hour, int(match["minute"]), int(match["second"] or 0))
