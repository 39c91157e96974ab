"""How is a day written into a field, and read again? As the person writes days; 2026-11-24 is understood as well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from babel.dates import format_skeleton, parse_date

from app.ui.words import clock, clock_time, locale, read_clock


class NotADayError(ValueError):
    """What was typed is no day, or no moment; the message says so to the person."""


def written_day(on: date) -> str:
    """Return a day as the person writes it, to be edited: "11/24/2026"."""
    return format_skeleton("yMd", on, locale=locale())


def read_day(text: str) -> date:
    """Read a day as people write it.

    Raises:
        NotADayError: it is none.
    """
    ways: tuple[Callable[[str], date], ...] = (
        date.fromisoformat, lambda typed: parse_date(typed, locale=locale(), format="short")
    )  # fmt: skip
    for read in ways:
        try:
            return read(text.strip())
        except (ValueError, IndexError):
            continue
    raise NotADayError(
        f"“{text.strip()}” is no day; write it such as {written_day(date(2026, 12, 25))}."
    )


def written_moment(at: datetime) -> str:
    """Return a moment as the person writes it, to be edited: "11/24/2026 2:05 PM"."""
    return f"{written_day(at.astimezone().date())} {clock(at)}"


def read_moment(text: str) -> datetime:
    """Read a day and a time of day, here.

    Raises:
        NotADayError: they are none.
    """
    words = text.split()
    for at in range(1, len(words)):  # a day may be written with spaces
        try:
            day, time = read_day(" ".join(words[:at])), read_clock(" ".join(words[at:]))
        except ValueError:
            continue
        return datetime.combine(day, time).astimezone()
    like = f"{written_day(date(2026, 11, 20))} {clock_time('14:05')}"
    raise NotADayError(f"Write a day and a time, such as {like}.")
