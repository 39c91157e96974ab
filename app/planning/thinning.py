"""Which ways can be left out because another way of the same order is never worse?

A row is contested if all orders together could want more of it than there is. A way that takes only
what nobody contests costs the others nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from app.planning.columns import NOBODY, Column, Columns, Row

MOST_COMPARED = 60


def thin(columns: Columns) -> set[Row]:
    """Leave out what can never be best; return the rows that are still contested."""
    while True:
        rows = contested(columns)
        before = sum(map(len, columns.of.values()))
        for order_id, ways in columns.of.items():
            columns.of[order_id] = _undominated(_cheapest_of_each(ways, rows), rows)
        if sum(map(len, columns.of.values())) == before:
            return rows


def contested(columns: Columns) -> set[Row]:
    """Return the rows of which the orders together could want more than there is."""
    wanted: dict[Row, int] = defaultdict(int)
    for ways in columns.of.values():
        for row, units in _most(ways).items():
            wanted[row] += units
    held: dict[Row, int] = defaultdict(int)
    for row, units in wanted.items():
        if len(row) == 3 and row[2] != NOBODY:
            held[row[:2]] += units
    return {row for row, units in wanted.items() if _is_contested(columns, row, units, held)}


def _is_contested(columns: Columns, row: Row, units: int, held: Mapping[Row, int]) -> bool:
    if len(row) == 3 and row[2] != NOBODY:
        return held[row[:2]] > columns.shelves.open_units((row[0], row[1]))
    limit = columns.limit(row)
    return limit is not None and units > limit


def _most(ways: list[Column]) -> dict[Row, int]:
    most: dict[Row, int] = {}
    for way in ways:
        for row, units in way.takes.items():
            if units > most.get(row, 0):
                most[row] = units
    return most


def _cheapest_of_each(ways: list[Column], rows: set[Row]) -> list[Column]:
    """Keep the best of the ways that take the same of what is contested."""
    best: dict[frozenset[tuple[Row, int]], Column] = {}
    for way in ways:
        taken = frozenset(item for item in way.takes.items() if item[0] in rows)
        known = best.get(taken)
        if known is None or way.standing < known.standing:
            best[taken] = way
    return sorted(best.values(), key=lambda way: way.standing)


def _undominated(ways: list[Column], rows: set[Row]) -> list[Column]:
    """Keep the ways of which no better one takes as little; ``ways`` are best first."""
    kept: list[Column] = []
    for way in ways:
        if not any(_takes_no_more(other, way, rows) for other in kept[:MOST_COMPARED]):
            kept.append(way)
    return kept


def _takes_no_more(one: Column, other: Column, rows: set[Row]) -> bool:
    theirs = other.takes
    return all(units <= theirs.get(row, 0) for row, units in one.takes.items() if row in rows)
