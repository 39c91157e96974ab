"""What does each service cost and how long does it take, as rows that can be written, read and changed?

A service has a row for each weight step, one for what every further started step costs, and one for its
days in transit; each row has a value for each of nine zones (9 is abroad).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.domain.money import to_decimal

ZONES: Final = 9
HEADER: Final = ("service", "row", *(f"zone_{zone}" for zone in range(1, ZONES + 1)))
FIRST: Final = ("standard", "expedited")
"""The two services that every desk has: what orders ask for by word."""
NAMES: Final = ("words", "locations", "channels", "areas", "not_areas")
LIMITS: Final = ("rank", *NAMES, "most_g", "takes_hazmat")


class Row(StrEnum):
    """What a row of a rate table says."""

    UP_TO = "up to"
    FURTHER = "further"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class RateRow:
    """One row: prices in minor units, or days, by zone. ``grams`` is the weight that it is about."""

    service: str
    row: Row
    grams: int
    values: tuple[int, ...]
    source_line: int = 0

    @property
    def label(self) -> str:
        """Return what the row is called in a file: "up to 450", "further 1000", "days"."""
        return str(self.row) if self.row is Row.DAYS else f"{self.row} {self.grams}"


def labelled(text: str) -> tuple[Row, int]:
    """Read what a row is called; a weight may have a "g" behind it.

    Raises:
        ValueError: it is none of the three kinds.
    """
    words = " ".join(text.lower().split()).removesuffix("g").strip()
    if words == Row.DAYS.value:
        return Row.DAYS, 0
    for row in (Row.UP_TO, Row.FURTHER):
        grams = words.removeprefix(row.value).strip()
        if words.startswith(row.value) and grams.isascii() and grams.isdigit() and int(grams):
            return row, int(grams)
    raise ValueError(
        f"“{text}” is no row of a rate table; write “up to 450”, “further 1000” or “days”"
    )


def rows_of(body: Mapping[str, Any]) -> Iterator[RateRow]:
    """Return the rows of the tables as they are stored."""
    for each in services(body):
        for grams, prices in each["steps"]:
            yield RateRow(each["name"], Row.UP_TO, grams, tuple(prices))
        yield RateRow(each["name"], Row.FURTHER, each["extra_g"], tuple(each["extra"]))
        yield RateRow(each["name"], Row.DAYS, 0, tuple(each["days"]))


def services(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return every service as it is stored, the two first."""
    return [body["standard"], body["expedited"], *body.get("more", ())]


def written(body: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return the tables as lines of a file, the heading first; money with its decimals."""
    coin = body["currency"]
    return [HEADER, *((each.service, each.label, *_texts(each, coin)) for each in rows_of(body))]


def _texts(each: RateRow, currency: str) -> tuple[str, ...]:
    if each.row is Row.DAYS:
        return tuple(map(str, each.values))
    return tuple(str(to_decimal(value, currency)) for value in each.values)


def with_rows(body: Mapping[str, Any], rows: Iterable[RateRow]) -> dict[str, Any]:
    """Return the tables with the services that the rows name in place of those of the same name.

    Raises:
        ValueError: a service is not complete, or says something twice.
    """
    by_name: dict[str, list[RateRow]] = {}
    for each in rows:
        by_name.setdefault(each.service, []).append(each)
    found = dict(body)
    more = [dict(each) for each in body.get("more", ())]
    for name, mine in by_name.items():
        table = _table(name, mine)
        first = next((key for key in FIRST if body[key]["name"] == name), None)
        if first is not None:
            found[first] = {**body[first], **table}
        elif any(each["name"] == name for each in more):
            more = [{**each, **table} if each["name"] == name else each for each in more]
        else:
            more.append(table)
    return {**found, "more": more} if more else found


def _table(name: str, rows: Sequence[RateRow]) -> dict[str, Any]:
    steps = sorted((each.grams, list(each.values)) for each in rows if each.row is Row.UP_TO)
    further = [each for each in rows if each.row is Row.FURTHER]
    days = [each for each in rows if each.row is Row.DAYS]
    if not steps or len(further) != 1 or len(days) != 1:
        raise ValueError(
            f"{name} needs at least one row “up to …”, one row “further …” and one row “days”"
        )
    if len({grams for grams, _prices in steps}) < len(steps):
        raise ValueError(f"{name} says twice what a parcel of the same weight costs")
    if not all(days[0].values):
        raise ValueError(f"{name} cannot arrive on the day on which it leaves; write 1 day or more")
    return {
        "name": name, "steps": [list(step) for step in steps], "extra_g": further[0].grams,
        "extra": list(further[0].values), "days": list(days[0].values),
    }  # fmt: skip


def with_limits(body: Mapping[str, Any], name: str, limits: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables with a service offered as these limits say.

    Raises:
        ValueError: there is no such service or limit, or a limit cannot be so.
    """
    strange = sorted(limits.keys() - set(LIMITS))
    if strange:
        raise ValueError(
            f"“{strange[0]}” is nothing that a service says; known are {', '.join(LIMITS)}"
        )
    for key, value in limits.items():
        _check_limit(key, value)
    if not any(each["name"] == name for each in services(body)):
        raise ValueError(f"there is no service “{name}”")
    found: dict[str, Any] = {
        **body,
        **{key: {**body[key], **limits} for key in FIRST if body[key]["name"] == name},
    }
    more = [{**each, **limits} if each["name"] == name else each for each in body.get("more", ())]
    return {**found, "more": more} if more else found


def _check_limit(key: str, value: Any) -> None:
    if key in NAMES:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise ValueError(f"“{key}” is a list of names")
    elif key == "takes_hazmat":
        if type(value) is not bool:
            raise ValueError("“takes_hazmat” is true or false")
    elif value is not None and (type(value) is not int or value < 0):
        raise ValueError(f"“{key}” is a whole number")


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the names of the services that are not as before."""
    was = {each["name"]: each for each in services(before)}
    return [each["name"] for each in services(after) if was.get(each["name"]) != each]
