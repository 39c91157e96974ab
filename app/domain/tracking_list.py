"""Which tracking number belongs to which parcel? A list as it is pasted from a spreadsheet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

_BETWEEN = re.compile(r"[\t;,|]| {2,}")
_HEADINGS = ("order", "number", "order number", "order id", "tracking", "tracking number")


class Part(Protocol):
    """What waits to be shipped."""

    @property
    def number(self) -> str:
        """The number of its order."""

    @property
    def external_id(self) -> str:
        """What the channel calls its order."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; ``carrier`` is empty unless it has a third column."""

    order: str
    tracking: str
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class Matched:
    """The parcels that got a number (their place in the list of parts), and what is wrong with the rest."""

    rows: tuple[tuple[int, Row], ...]
    problems: tuple[str, ...]


def read_list(text: str) -> list[Row]:
    """Read the lines: order, tracking number and perhaps a carrier, in columns."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip().strip('"') for cell in _BETWEEN.split(line.strip()) if cell.strip()]
        if len(cells) == 1 and " " in cells[0]:
            cells = cells[0].split(None, 1)
        if not cells or cells[0].casefold() in _HEADINGS:
            continue
        order, tracking, carrier, *_ = [*cells, "", ""]
        found.append(Row(order, tracking.replace(" ", ""), carrier))
    return found


def match(rows: Sequence[Row], parts: Sequence[Part]) -> Matched:
    """Give each part the number that the list has for its order, in the list's order.

    An order with several parcels needs as many lines.
    """
    waiting: dict[str, list[int]] = defaultdict(list)
    for place, part in enumerate(parts):
        for name in {_plain(part.number), _plain(part.external_id)}:
            waiting[name].append(place)
    found: list[tuple[int, Row]] = []
    problems: list[str] = []
    seen: dict[str, str] = {}
    taken: set[int] = set()
    for row in rows:
        problem = _problem(row, seen)
        places = [place for place in waiting.get(_plain(row.order), ()) if place not in taken]
        if problem or not places:
            problems.append(problem or f"{row.order}: no parcel of it waits among these orders")
            continue
        taken.add(places[0])
        seen[row.tracking] = row.order
        found.append((places[0], row))
    missing = [part.number for place, part in enumerate(parts) if place not in taken]
    problems += [f"{number}: the list has no number for it" for number in missing]
    return Matched(tuple(found), tuple(problems))


def _problem(row: Row, seen: dict[str, str]) -> str:
    if not row.tracking:
        return f"{row.order}: no tracking number beside it"
    other = seen.get(row.tracking)
    if other is not None and other != row.order:
        return f"{row.order}: {row.tracking} stands beside {other} already"
    return ""


def _plain(text: str) -> str:
    return text.strip().removeprefix("#").casefold()
