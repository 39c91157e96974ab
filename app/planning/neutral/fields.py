"""What may stand in a field of a file, and where does it say something else?

A shape is a leaf, a list of one shape, a table of one shape, or a record of named shapes. What a
record does not name is not looked at: the format lets a file say more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

MOST = 10**12  # of cents, grams, units: beyond any trade, and within what a sum can hold exactly
YEARS = range(1970, 2201)  # in which a plan can be made
SHOWN = 60


class FieldError(ValueError):
    """A field of the file says what cannot be."""

    def __init__(self, where: str, value: object, wanted: str) -> None:
        super().__init__(f"{where} is {shown(value)}, where there should be {wanted}.")


class _Missing:
    """What a field says that is not there."""


MISSING = _Missing()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value: what is wanted in words, and whether a value is that."""

    wanted: str
    fits: Callable[[object], bool]

    def or_null(self) -> Leaf:
        """Return the same, where the file may also say null."""
        return Leaf(f"{self.wanted}, or null", lambda value: value is None or self.fits(value))


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of one shape."""

    each: Shape
    least: int = 0
    null: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """An object whose keys are the file's own, and whose values are of one shape."""

    each: Shape
    key: Leaf
    null: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """An object of named fields."""

    needed: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)


Shape = Leaf | Rows | Table | Record


def check(value: object, shape: Shape, where: str = "") -> None:
    """Look at a value and all that is in it.

    Raises:
        FieldError: something in it is not of its shape.
    """
    match shape:
        case Leaf():
            if not shape.fits(value):
                raise FieldError(where, value, shape.wanted)
        case Rows():
            _check_rows(value, shape, where)
        case Table():
            _check_table(value, shape, where)
        case Record():
            _check_record(value, shape, where)


def _check_rows(value: object, shape: Rows, where: str) -> None:
    if value is None and shape.null:
        return
    if not isinstance(value, list) or len(value) < shape.least:
        raise FieldError(where, value, "a list that is not empty" if shape.least else "a list")
    for nth, each in enumerate(value):
        check(each, shape.each, f"{where}[{nth}]")


def _check_table(value: object, shape: Table, where: str) -> None:
    if value is None and shape.null:
        return
    if not isinstance(value, dict):
        raise FieldError(where, value, "an object")
    for key, each in value.items():
        if not shape.key.fits(key):
            raise FieldError(f"A key of {where}", key, shape.key.wanted)
        check(each, shape.each, f"{where}.{key}")


def _check_record(value: object, shape: Record, where: str) -> None:
    if not isinstance(value, dict):
        raise FieldError(where, value, "an object")
    start = f"{where}." if where else ""
    for name, inner in shape.needed.items():
        check(value.get(name, MISSING), inner, f"{start}{name}")
    for name, inner in shape.optional.items():
        if name in value:
            check(value[name], inner, f"{start}{name}")


def shown(value: object) -> str:
    """Say what a field says, as the file has it, shortened."""
    if value is MISSING:
        return "missing"
    try:
        text = json.dumps(value, ensure_ascii=True)
    except RecursionError:
        return "lists within lists"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def whole(least: int = 0, most: int = MOST) -> Leaf:
    """Return a whole number between two."""
    return Leaf(
        f"a whole number from {least:,} to {most:,}",
        lambda value: type(value) is int and least <= value <= most,
    )


def number(least: float, most: float) -> Leaf:
    """Return a number between two, whole or not."""
    return Leaf(
        f"a number from {least:,} to {most:,}",
        lambda value: type(value) in (int, float) and least <= value <= most,  # type: ignore[operator]
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value) and not re.search("[\ud800-\udfff]", value)


def _reads(read: Callable[[str], object]) -> Callable[[object], bool]:
    """Return whether a text can be read as something."""

    def fits(value: object) -> bool:
        try:
            return isinstance(value, str) and bool(read(value))
        except (ValueError, OverflowError, KeyError, OSError):
            return False

    return fits


def _day(text: str) -> bool:
    return date.fromisoformat(text).isoformat() == text


def _moment(text: str) -> datetime | None:
    moment = datetime.fromisoformat(text)
    return None if moment.tzinfo is None else moment.astimezone(UTC)


def _clock(text: str) -> bool:
    parts = re.fullmatch("([0-9]{1,2}):([0-9]{2})", text)
    return parts is not None and time(int(parts[1]), int(parts[2])) is not None


TEXT = Leaf("a text that is not empty", _is_text)
FLAG = Leaf("true or false", lambda value: isinstance(value, bool))
DAY = Leaf("a date such as 2026-03-02", _reads(_day))
MOMENT = Leaf("a moment in UTC such as 2026-03-02T15:00:00Z", _reads(_moment))
CLOCK = Leaf("a time of day such as 14:00", _reads(_clock))
ZONE = Leaf("the name of a time zone such as America/New_York", _reads(ZoneInfo))
NEAR_DAY = Leaf(
    f"a date from {YEARS[0]} to {YEARS[-1]} such as 2026-03-02",
    lambda value: DAY.fits(value) and int(str(value)[:4]) in YEARS,
)
NEAR_MOMENT = Leaf(
    f"a moment in UTC from {YEARS[0]} to {YEARS[-1]} such as 2026-03-02T15:00:00Z",
    lambda value: MOMENT.fits(value) and int(str(value)[:4]) in YEARS,
)
