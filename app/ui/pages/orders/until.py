"""Until when should an order wait? A few moments that people mean most, or a date."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.ui.days import read_day

NEVER = "until it is released"
MORNING = time(9)


def ends(now: datetime) -> dict[str, datetime | None]:
    """Return the moments that are offered, by their words."""
    today = now.astimezone().date()
    monday = today + timedelta(days=7 - today.weekday())
    return {
        NEVER: None,
        "2 hours": now + timedelta(hours=2),
        "tomorrow morning": morning(today + timedelta(days=1)),
        "next Monday": morning(monday),
        "in a week": morning(today + timedelta(days=7)),
    }


def morning(on: date) -> datetime:
    """Return nine o'clock on a day, here."""
    return datetime.combine(on, MORNING).astimezone()


def end_of(words: str, now: datetime) -> datetime | None:
    """Return the moment that was chosen, or the morning of a date that was typed.

    Raises:
        NotADayError: it is neither; the message says what to type.
    """
    offered = ends(now)
    if words.strip() in offered:
        return offered[words.strip()]
    return morning(read_day(words))
