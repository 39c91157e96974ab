"""How are money, times, numbers and other people's text said on the screen?"""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal
from PySide6.QtCore import QLocale

from app.domain.money import exponent, to_decimal

_CONTROLS = {
    "\u200e": "LRM", "\u200f": "RLM", "\u061c": "ALM", "\u202a": "LRE", "\u202b": "RLE",
    "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2066": "LRI", "\u2067": "RLI",
    "\u2068": "FSI", "\u2069": "PDI", "\u200b": "ZWSP", "\ufeff": "BOM",
}  # fmt: skip
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f" + "".join(_CONTROLS) + "]")


def visible(text: str) -> str:
    """Return text on one line, with marks that turn or hide letters shown as what they are."""
    return _UNSEEN.sub(_mark, text) if _UNSEEN.search(text) else text


def paragraphs(text: str) -> str:
    """Return text as ``visible`` does, but with its own line breaks."""
    return "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))


def _mark(found: re.Match[str]) -> str:
    character = found.group()
    if character in "\n\r\t":
        return " "
    return f"[{_CONTROLS.get(character, f'U+{ord(character):04X}')}]"


def literal_tooltip(text: str) -> str:
    """Return text as a tooltip that shows it letter by letter, markup included."""
    return f"<span>{html.escape(paragraphs(text)).replace(chr(10), '<br>')}</span>" if text else ""


def _of_the_system() -> Locale:
    try:
        return Locale.parse(QLocale.system().name())
    except (UnknownLocaleError, ValueError):
        return Locale("en", "US")


class _Habits:
    """How the person writes money and dates: like the theme, one for the whole program."""

    locale: Locale | None = None
    desk_zone: ZoneInfo | None = None


def locale() -> Locale:
    """Return the person's own way of writing money and dates."""
    if _Habits.locale is None:
        _Habits.locale = _of_the_system()
    return _Habits.locale


def write_as_in(name: str) -> None:
    """Write money, numbers and dates as in a country ("de_DE"); an empty name asks the system."""
    _Habits.locale = Locale.parse(name) if name else None
    money.cache_clear()
    number.cache_clear()


def count_days_in(zone: str) -> None:
    """Know in which time zone the desk lives, for whoever looks at it from another."""
    _Habits.desk_zone = ZoneInfo(zone) if zone else None


@lru_cache(maxsize=4096)
def money(minor: int | None, currency: str) -> str:
    """Return minor units as money; a dash where the amount is not known (which is not 0)."""
    if minor is None:
        return "–"
    return _minus(format_currency(to_decimal(minor, currency), currency, locale=locale()))


class NotMoneyError(ValueError):
    """What was typed is no amount of money; the message says so to the person."""


def minor_units(text: str, currency: str) -> int:
    """Return an amount that a person typed as minor units.

    Raises:
        NotMoneyError: it is none, or has more decimals than the currency.
    """
    try:
        minor = Decimal(text.strip().replace(",", ".") or "0").scaleb(exponent(currency))
    except InvalidOperation as error:
        raise NotMoneyError(f"“{text}” is no amount; write digits, such as 1.50.") from error
    if minor != minor.to_integral_value() or not 0 <= minor < 10**9:
        raise NotMoneyError(f"“{text}” is no amount in {currency}; write it such as 1.50.")
    return int(minor)


def basis_points(text: str) -> int:
    """Return per cents that a person typed as hundredths of a per cent: "2.9" are 290.

    Raises:
        NotMoneyError: it is no share.
    """
    try:
        points = Decimal(text.strip().replace(",", ".") or "0").scaleb(2)
    except InvalidOperation as error:
        raise NotMoneyError(f"“{text}” is no share; write per cents, such as 2.9.") from error
    if points != points.to_integral_value() or not 0 <= points <= 100_00:
        raise NotMoneyError(f"“{text}” is no share; write per cents up to 100, such as 2.9.")
    return int(points)


def plain_amount(minor: int, currency: str) -> str:
    """Return minor units as digits alone, to be edited."""
    return f"{to_decimal(minor, currency)}"


def more_or_less(minor: int, currency: str) -> str:
    """Return a difference of money with its sign: what another choice costs more."""
    if minor == 0:
        return "the same"
    return f"{money(abs(minor), currency)} {'more' if minor > 0 else 'less'}"


@lru_cache(maxsize=4096)
def number(value: int) -> str:
    """Return a whole number with the person's own thousands mark."""
    return _minus(format_decimal(value, locale=locale()))


def weight(grams: int) -> str:
    """Return grams; where scales show pounds and ounces, with those too."""
    said = f"{number(grams)} g"
    if locale().territory not in _IN_POUNDS:
        return said
    ounces = grams / 28.349523125
    there = f"{ounces:.1f} oz" if ounces < 16 else f"{ounces / 16:.1f} lb"
    return f"{said} ({there})"


_IN_POUNDS = frozenset(("US", "LR", "MM"))


def signed(value: int) -> str:
    """Return a change of units with its sign."""
    return f"+{number(value)}" if value > 0 else number(value)


def _minus(text: str) -> str:
    """Return a number with the sign that is as wide as "+"; a hyphen is no minus."""
    return text.replace("-", "−")


def count_of(value: int, one: str, many: str = "") -> str:
    """Return "1 order", "12 orders"."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def moment(at: datetime | None, now: datetime) -> str:
    """Return a moment as a person says it: "today 14:05", "yesterday 9:10", "Nov 12 14:05"."""
    if at is None:
        return "–"
    here = at.astimezone()
    return f"{day(here.date(), now)} {clock(here)}"


def clock(at: datetime) -> str:
    """Return the time of day, as the person writes it."""
    return clock_time(at.astimezone().time())


def clock_time(at: time | str) -> str:
    """Return a time of day ("14:00", as it is kept) as the person writes it."""
    of_day = time.fromisoformat(at) if isinstance(at, str) else at
    return format_time(of_day, "short", locale=locale()).replace("\u202f", " ")


class NotATimeError(ValueError):
    """What was typed is no time of day; the message says so to the person."""


def read_clock(text: str) -> time:
    """Read a time of day as people write it: "2:00 PM", "2 pm", "14:00", "14.00", "14".

    Raises:
        NotATimeError: it is none.
    """
    found = _CLOCK.fullmatch(text.strip().casefold().replace("\u202f", " "))
    if found is not None:
        hours, minutes, half = int(found[1]), int(found[2] or 0), (found[3] or "").replace(".", "")
        if half and 1 <= hours <= 12:
            hours = hours % 12 + 12 * (half[0] == "p")
        if hours < 24 and minutes < 60 and not (half and int(found[1]) > 12):
            return time(hours, minutes)
    raise NotATimeError(
        f"“{text.strip()}” is no time of day; write it such as {clock_time('14:00')}."
    )


_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*(a\.?m\.?|p\.?m\.?|a|p)?")
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")


def said_moments(text: str, now: datetime) -> str:
    """Return a sentence that was written for everybody with its moments as this person says them."""
    return _WRITTEN.sub(lambda found: moment(_from_utc(found.group()), now), text)


def _from_utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)


def until(at: datetime, now: datetime) -> str:
    """Return until when something lasts: "until 14:05", "until Mon 9:00"."""
    here = at.astimezone()
    if here.date() == now.astimezone().date():
        return f"until {clock(here)}"
    return f"until {day(here.date(), now)} {clock(here)}"


def day(on: date, now: datetime) -> str:
    """Return a day relative to now where that is shorter."""
    away = (on - now.astimezone().date()).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if away in near:
        return near[away]
    if 1 < away < 7:
        return format_date(on, "EEE", locale=locale())
    return format_skeleton("MMMd" if abs(away) < 300 else "yMMMd", on, locale=locale())


def coming_day(on: date, now: datetime) -> str:
    """Return a day in a sentence: "tomorrow", and what lies further ahead as ``weekday`` has it."""
    away = (on - now.astimezone().date()).days
    return weekday(on) if 1 < away < 300 else day(on, now)


def weekday(on: date) -> str:
    """Return a day with the name that it has in its week: "Fri, Nov 27"."""
    return format_skeleton("MMMEd", on, locale=locale())


def exact(at: datetime | None) -> str:
    """Return a moment in full, for a tooltip; also as the desk's own clock has it, if that differs."""
    if at is None:
        return ""
    here, there = at.astimezone(), at.astimezone(_Habits.desk_zone)
    words = f"{format_date(here.date(), 'full', locale=locale())}, {clock(here)}"
    if here.utcoffset() == there.utcoffset():
        return words
    return f"{words} · {clock_time(there.time())} {there:%Z} at the desk"


def promised(at: datetime | None, zone: str) -> str:
    """Return a promised moment where it was promised and here: "…, 17:00 EST · 23:00 here"."""
    if at is None:
        return ""
    there, here = at.astimezone(ZoneInfo(zone)), at.astimezone()
    said = clock_time(there.time())
    words = f"{format_date(there.date(), 'full', locale=locale())}, {said} {there:%Z}"
    if there.utcoffset() == here.utcoffset():
        return words
    away = (here.date() - there.date()).days
    other = {1: " the next day", -1: " the day before"}.get(away, "")
    return f"{words} · {clock(at)} here{other}"


def left(deadline: datetime | None, now: datetime) -> str:
    """Return how much time a deadline leaves: "5 h left", "3 d left", "2 h late"."""
    if deadline is None:
        return "no date"
    minutes = round((deadline - now).total_seconds() / 60)
    return f"{_span(abs(minutes))} {'left' if minutes >= 0 else 'late'}"


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was: "just now", "4 h ago"."""
    minutes = round((now - at).total_seconds() / 60)
    return "just now" if minutes < 1 else f"{_span(minutes)} ago"


def _span(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} d"


def sentence(text: str) -> str:
    """Return a clause as a sentence of its own: a capital first letter and a full stop."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?…”" else ".")


def joined(parts: list[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
