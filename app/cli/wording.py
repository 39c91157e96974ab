"""How are money, days and times said to a person in a terminal? In their own locale and time."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel import Locale, UnknownLocaleError, default_locale
from babel.dates import format_datetime, format_skeleton
from babel.numbers import format_currency, format_decimal

from app.domain.explaining import Wording
from app.domain.money import to_decimal


@lru_cache(maxsize=1)
def locale() -> Locale:
    """Return the person's locale; that of the United States where the system names none."""
    try:
        name = default_locale("LC_MONETARY") or "en_US"
        return Locale.parse("en_US" if name == "en_US_POSIX" else name)
    except (UnknownLocaleError, ValueError):
        return Locale("en", "US")


def money(minor: int | None, currency: str) -> str:
    """Return minor units as money; a dash where the amount is not known (which is not 0)."""
    if minor is None:
        return "–"
    try:
        return format_currency(to_decimal(minor, currency), currency, locale=locale())
    except (ValueError, LookupError):
        return f"{to_decimal(minor, currency)} {currency}"


def number(value: int | None) -> str:
    """Return a whole number; a dash where there is none."""
    return "–" if value is None else format_decimal(value, locale=locale())


def day(value: date) -> str:
    """Return a day, such as "Mon, Oct 12"."""
    return format_skeleton("MMMEd", value, locale=locale())


def moment(value: datetime | None) -> str:
    """Return a time in the person's own zone."""
    if value is None:
        return "–"
    return format_datetime(value.astimezone().replace(tzinfo=None), "short", locale=locale())


def counted(count: int, one: str, many: str = "") -> str:
    """Return "1 order" or "12 orders"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


WORDING = Wording(money, day)
