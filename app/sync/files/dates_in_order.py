"""Are the dates of a file written day first or month first? A person says so, for the whole file.

The cells are rewritten as ISO 8601, which every mapper reads; what is no such date stays as it is, and
is kept back with its own sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from typing import Final

from app.domain.importing import DateOrder
from app.sync.files.layout import Layout
from app.sync.files.sheet import Sheet

_FIGURES: Final = re.compile(
    r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})"
    r"(?:,? +([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))? ?([AaPp][Mm])?)?"
)


def put_in_order(sheet: Sheet, layout: Layout, order: str) -> None:
    """Rewrite the dates of a sheet that are written in figures, in the order that a person said."""
    places = [sheet.places[x] for x in (*layout.dates, *layout.month_first) if sheet.has(x)]
    known: dict[str, str] = {}
    for place in places:
        for cells in sheet.rows:
            text = cells[place]
            if text not in known:
                known[text] = as_iso(text, order)
            cells[place] = known[text]


def as_iso(text: str, order: str) -> str:
    """Return a date in figures as ISO 8601, or the text itself if it is none in that order."""
    match = _FIGURES.fullmatch(text.strip())
    if not match or not text.isascii():
        return text
    first, _sign, second, year, hour, minute, sec, half = match.groups()
    day, month = (first, second) if order == DateOrder.DAY_FIRST else (second, first)
    full = int(year) if len(year) == 4 else 2000 + int(year)
    try:
        on = date(full, int(month), int(day))
        at = time(_hour(hour, half), int(minute or 0), int(sec or 0))
    except ValueError:
        return text
    return f"{on.isoformat()} {at.isoformat()}" if hour else on.isoformat()


def _hour(hour: str | None, half: str | None) -> int:
    if not half:
        return int(hour or 0)
    return int(hour or 0) % 12 + (12 if half.casefold() == "pm" else 0)


def likely_order(texts: Iterable[str]) -> str:
    """Return the order that dates prove or suggest; nothing where none is written in figures."""
    found = ""
    for text in texts:
        match = _FIGURES.fullmatch(text.strip())
        if not match:
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 or match[2] == ".":
            return DateOrder.DAY_FIRST
        found = DateOrder.MONTH_FIRST
        if second > 12:
            return found
    return found
