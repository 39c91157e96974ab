"""What does the value of a search field mean: a text with wildcards, a choice, a range?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from app.domain.search_errors import SearchError, nearest
from app.domain.search_fields import FieldKind, SearchField


@dataclass(frozen=True, slots=True)
class Today:
    """The day at the desk, so many days from now."""

    days: int = 0


Value = Decimal | timedelta | date | Today


@dataclass(frozen=True, slots=True)
class Match:
    """A text field. ``parts`` are the literal pieces between wildcards: "MUG-*" is ("MUG-", "").

    With one part and ``is_whole`` the field is exactly that; otherwise it contains it.
    """

    field: str
    parts: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that is one word of a few."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Bound:
    """An end of a range; ``is_open`` leaves the value itself out.

    A ``timedelta`` counts from now; a ``date`` or :class:`Today` is that whole day at the desk; numbers are units, or
    whole units of money.
    """

    value: Value
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """A field that lies in a range; an end that is ``None`` is unlimited."""

    field: str
    low: Bound | None
    high: Bound | None


Leaf = Match | Choice | Between

_UNITS: Final[Mapping[str, timedelta]] = {
    "m": timedelta(minutes=1), "min": timedelta(minutes=1), "h": timedelta(hours=1),
    "d": timedelta(days=1), "w": timedelta(weeks=1),
}  # fmt: skip
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,4})?", re.ASCII)
_SPAN = re.compile(r"([+-]?)(\d{1,5})(min|m|h|d|w)", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_COMPARED = re.compile(r"(<=|>=|<|>|=)(.*)", re.DOTALL)


def leaf(field: SearchField, text: str, is_quoted: bool, at: int) -> Leaf:
    """Return what one value of a field means.

    Raises:
        SearchError: the value is not of the field's kind.
    """
    if field.kind is FieldKind.CHOICE:
        return _choice(field, text, at)
    if field.kind in (FieldKind.CODE, FieldKind.WORDS):
        parts = (text,) if is_quoted else tuple(re.split(r"\*+", text))
        return Match(field.name, parts, len(parts) > 1 or field.kind is FieldKind.CODE)
    return _range(field, text, at)


def _choice(field: SearchField, text: str, at: int) -> Choice:
    value = text.casefold()
    if value not in field.choices:
        near = nearest(value, field.choices)
        meant = f"Did you mean {field.name}:{near}? " if near else ""
        raise SearchError(
            f"“{field.name}:” does not know “{text}”.",
            f"{meant}It knows {', '.join(field.choices)}.",
            at=at,
            length=len(text),
            instead=near,
        )
    return Choice(field.name, value)


_WRITTEN: Final = {
    FieldKind.NUMBER: "a number, such as {}:>3",
    FieldKind.MONEY: "a number, such as {}:>50",
    FieldKind.MOMENT: "a day or the time that is left, such as {0}:today or {0}:<+4h",
    FieldKind.AGE: "how long ago, such as {}:>2d",
}


def _what_to_write(field: SearchField) -> str:
    return f"Write {_WRITTEN[field.kind].format(field.name)}. {field.help}."


def _range(field: SearchField, text: str, at: int) -> Between:
    read = _READERS[field.kind]

    def value(part: str) -> Value:
        found = read(part.strip())
        if found is None:
            raise SearchError(
                f"“{field.name}:” cannot read “{text}”.",
                _what_to_write(field),
                at=at,
                length=len(text),
            )
        return found

    if ".." in text:
        low, high = text.split("..", 1)
        if low or high:
            return Between(
                field.name, Bound(value(low)) if low else None, Bound(value(high)) if high else None
            )
    compared = _COMPARED.fullmatch(text)
    sign, rest = (compared[1], compared[2]) if compared else ("", text)
    return _compared(field, sign, value(rest))


def _compared(field: SearchField, sign: str, value: Value) -> Between:
    if sign in ("<", "<="):
        return Between(field.name, None, Bound(value, sign == "<"))
    if sign in (">", ">="):
        return Between(field.name, Bound(value, sign == ">"), None)
    if sign == "" and isinstance(value, timedelta):
        return _span(field, value)
    return Between(field.name, Bound(value), Bound(value))


def _span(field: SearchField, value: timedelta) -> Between:
    """Read a bare span: due within it, or at least that old; no moment is hit exactly."""
    if field.kind is FieldKind.AGE or value < timedelta(0):
        return Between(field.name, Bound(value), None)
    return Between(field.name, None, Bound(value))


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _money(text: str) -> Decimal | None:
    return _number(text.lstrip("$€£"))


def _length(text: str) -> timedelta | None:
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    span = int(found[2]) * _UNITS[found[3].casefold()]
    return -span if found[1] == "-" else span


_DAYS: Final[Mapping[str, int]] = {"today": 0, "tomorrow": 1, "yesterday": -1}


def _moment(text: str) -> Value | None:
    word = text.casefold()
    if word == "now":
        return timedelta(0)
    if word in _DAYS:
        return Today(_DAYS[word])
    span = _length(text)
    return _date(text) if span is None else span


def _date(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_READERS: Final[Mapping[FieldKind, Callable[[str], Value | None]]] = {
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.MOMENT: _moment,
    FieldKind.AGE: _length,
}
