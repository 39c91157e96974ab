"""How is one value of a channel's answer read? Exactly, and never on faith.

Answers change without notice: a field is missing, null, a text where it was a number, a word that
nobody has seen. What an order cannot do without (its identity, when it was placed, how many units)
makes the order unreadable. Everything else counts as not stated, and the field's name is kept, so
that the order is held until a person has looked: never a crash, never a silent default.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from app.domain.money import exponent
from app.sync.files import limits
from app.sync.files.moments import iso
from app.sync.live.channel import NotReadableError

MOST_UNITS: Final = 99_999
MOST_MINOR: Final = 10**12
# A number of a few letters (1E+999999) may have a million digits: to write them out takes for ever.
_MOST_DIGITS: Final = 40
_LATEST_YEAR: Final = 2100
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,12})?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_YES: Final = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


@dataclass(frozen=True, slots=True)
class Part:
    """One object of an answer. ``at`` is where it stands; ``unread`` what could not be read.

    A path of names leads from the object to a value: ``order.text("buyer", "name")``.
    """

    data: Mapping[str, Any]
    at: str = ""
    unread: list[str] = field(default_factory=list)

    def text(self, *path: str) -> str:
        """Return a text as the channel gave it; empty where it is missing or null."""
        value = self._value(path)
        if isinstance(value, str):
            return clean(value)
        if value is None or isinstance(value, bool | float | Mapping | list):
            self._note(path, value)
            return ""
        return str(value)

    def code(self, *path: str) -> str:
        """Return a SKU or id: outer blanks off, NFC, otherwise as written; empty if there is none."""
        code = unicodedata.normalize("NFC", self.text(*path).strip())
        if len(code) <= limits.ID_CHARS and not re.search(r"[\n\r\t]", code):
            return code
        self._note(path, code)
        return ""

    def currency(self, *path: str) -> str:
        """Return an ISO 4217 code, or nothing where none is stated.

        Raises:
            NotReadableError: something else stands there; no amount could be trusted.
        """
        code = self.code(*path)
        if code and not _CURRENCY.fullmatch(code):
            self._refuse(path, f"“{code[:20]}” is no currency")
        return code

    def word(self, *path: str) -> str:
        """Return one word of the channel's own list, in small letters."""
        return self.text(*path).strip().casefold()

    def one_of(self, known: Collection[str], *path: str) -> str:
        """Return one word, in capitals, of a list on which money hangs; one that is new is noted."""
        said = self.text(*path).strip().upper()
        if said and said not in known:
            self._note(path, said)
        return said

    def identity(self, *path: str) -> str:
        """Return what an order or line is known by.

        Raises:
            NotReadableError: it is missing.
        """
        return self.code(*path) or self._refuse(path, "there is no such id")

    def flag(self, *path: str) -> bool | None:
        """Return yes or no, or ``None`` where the channel does not say."""
        value = self._value(path)
        if isinstance(value, bool) or value is None:
            return value
        said = _YES.get(str(value).strip().casefold()) if isinstance(value, str | int) else None
        if said is None:
            self._note(path, value)
        return said

    def units(self, *path: str) -> int | None:
        """Return a count of units, or ``None`` where the channel does not say."""
        number = self._number(path)
        if number is None:
            return None
        if number == int(number) and 0 <= number <= MOST_UNITS:
            return int(number)
        self._note(path, number)
        return None

    def quantity(self, *path: str) -> int:
        """Return how many units; an order line cannot do without.

        Raises:
            NotReadableError: it is missing, or no whole number from 0 to 99,999.
        """
        units = self.units(*path)
        return self._refuse(path, "it must be a whole number of units") if units is None else units

    def amount(self, currency: str, *path: str) -> int | None:
        """Return an amount in minor units, half a unit rounded up; ``None`` where none is stated."""
        number = self._number(path)
        if number is None:
            return None
        minor = number.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_UP)
        if abs(minor) < MOST_MINOR:
            return int(minor)
        self._note(path, number)
        return None

    def money(
        self, currency: str, *path: str, amount: str = "amount", unit: str = "currencyCode"
    ) -> int | None:
        """Return an amount with its currency in minor units; another currency cannot be read."""
        stated = self.code(*path, unit)
        if stated in ("", currency):
            return self.amount(currency, *path, amount)
        self._note((*path, unit), stated)
        return None

    def decimal(self, *path: str) -> Decimal | None:
        """Return an exact number, or ``None`` where none is stated."""
        return self._number(path)

    def moment(self, *path: str) -> datetime | None:
        """Return a time written as ISO 8601, in UTC."""
        value = self._value(path)
        if value is None or value == "":
            return None
        return self._moment(path, value, lambda: iso(value))

    def epoch(self, *path: str, per_second: int = 1) -> datetime | None:
        """Return a time counted from 1970 in seconds (or a fraction of them), in UTC.

        Some channels give the same field as ISO 8601 elsewhere: that is read as well.
        """
        value = self._value(path)
        if value is None or value in ("", "0") or (value == 0 and not isinstance(value, bool)):
            return None
        if isinstance(value, bool):
            self._note(path, value)
            return None
        if isinstance(value, str) and not value.strip().isdigit():
            return self._moment(path, value, lambda: iso(value))
        return self._moment(
            path, value, lambda: _EPOCH + timedelta(seconds=float(Decimal(value) / per_second))
        )

    def when(self, moment: datetime | None, *path: str) -> datetime:
        """Return a time that an order cannot do without.

        Raises:
            NotReadableError: it is missing or no time.
        """
        return moment or self._refuse(path, "there is no such time")

    def part(self, *path: str) -> Part:
        """Return an object within; an empty one where it is missing."""
        value = self._value(path)
        if not isinstance(value, Mapping):
            self._note(path, value)
            value = {}
        return Part(value, self._place(path), self.unread)

    def parts(self, *path: str) -> tuple[Part, ...]:
        """Return the objects of a list within; some channels give a lone one without its list."""
        value = self._value(path)
        if isinstance(value, Mapping):
            return (Part(value, self._place(path), self.unread),)
        found = value if isinstance(value, list | tuple) else []
        if found is not value or not all(isinstance(x, Mapping) for x in found):
            self._note(path, value)
        place = self._place(path)
        return tuple(
            Part(each, f"{place}[{at}]", self.unread)
            for at, each in enumerate(found)
            if isinstance(each, Mapping)
        )

    def entries(self, *path: str) -> list[Any]:
        """Return whatever stands in a list within, objects or not."""
        value = self._value(path)
        if value is None:
            return []
        return list(value) if isinstance(value, list | tuple) else [value]

    def texts(self, *path: str) -> tuple[str, ...]:
        """Return the texts of a list within."""
        value = self._value(path)
        found = value if isinstance(value, list | tuple) else [] if value is None else [value]
        if not all(isinstance(x, str | int) for x in found):
            self._note(path, value)
        return tuple(clean(str(x)) for x in found if isinstance(x, str | int))

    def states(self, *path: str) -> bool:
        """Say whether the channel states anything there."""
        return self._value(path) not in (None, "", [], {})

    def has(self, *path: str) -> bool:
        """Say whether there is a list or object there, an empty one too."""
        return isinstance(self._value(path), Mapping | list)

    def _value(self, path: tuple[str, ...]) -> Any:
        value: Any = self.data
        for name in path:
            if not isinstance(value, Mapping):
                return None
            value = value.get(name)
        return value

    def _number(self, path: tuple[str, ...]) -> Decimal | None:
        value = self._value(path)
        if value is None or value == "":
            return None
        number = exact(value)
        if number is None:
            self._note(path, value)
        return number

    def _moment(
        self, path: tuple[str, ...], value: object, read: Callable[[], datetime]
    ) -> datetime | None:
        try:
            moment = read()
        except (ValueError, OverflowError, TypeError, AttributeError, InvalidOperation):
            moment = None
        if moment and moment >= _EPOCH and moment.year < _LATEST_YEAR:
            return moment
        self._note(path, value)
        return None

    def _note(self, path: tuple[str, ...], value: object) -> None:
        """Keep the name of a field whose value is there and cannot be read."""
        place = self._place(path)
        if value is not None and place not in self.unread:
            self.unread.append(place)

    def _place(self, path: tuple[str, ...]) -> str:
        return ".".join([*([self.at] if self.at else []), *path])

    def _refuse(self, path: tuple[str, ...], why: str) -> Any:
        raise NotReadableError(f"“{self._place(path)}” cannot be read: {why}")


def opened(payload: object) -> Part:
    """Return a payload as something to read from.

    Raises:
        NotReadableError: it is not an object at all.
    """
    if not isinstance(payload, Mapping):
        raise NotReadableError("this is not an object with fields")
    return Part(payload)


def exact(value: object) -> Decimal | None:
    """Return a number exactly, or ``None`` if it is none: no NaN, no exponent, no digit but ASCII."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(str(value)) if math.isfinite(value) else None
    if isinstance(value, Decimal):
        is_sane = value.is_finite() and abs(value.adjusted()) < _MOST_DIGITS
        return value if is_sane else None
    text = str(value).strip() if isinstance(value, str) else ""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def clean(text: str) -> str:
    """Return a text that every database takes: no NUL, no half of a surrogate pair, no megabytes."""
    text = text[: limits.CELL_CHARS].replace("\x00", "")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def first(values: Iterable[str]) -> str:
    """Return the first that is not empty."""
    return next((x for x in values if x), "")


def noted(*said: tuple[str, str]) -> str:
    """Return what an order's papers should say, a line for each that is not empty."""
    lines = (f"{label}: {text.strip()}" if label else text for label, text in said if text.strip())
    return "\n".join(dict.fromkeys(lines))
