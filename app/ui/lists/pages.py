"""Which pages of a list are here? A few hundred of them, the one that was read longest ago goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from app.ui.lists.sources import Order, Source

PAGE = 100  # two screens: a jump waits for one of these
KEPT_PAGES = 200
FOLLOWED_PAGES = 4


class Pages:
    """Rows by their place, as far as they have been read."""

    def __init__(self, pages: Mapping[int, Sequence[Any]] | None = None) -> None:
        self._pages: OrderedDict[int, Sequence[Any]] = OrderedDict(pages or {})

    def __contains__(self, number: int) -> bool:
        return number in self._pages

    def add(self, number: int, rows: Sequence[Any]) -> None:
        """Keep a page that has come."""
        self._pages[number] = rows
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)

    def numbers(self) -> list[int]:
        """Return which pages are here."""
        return list(self._pages)

    def page(self, number: int) -> Sequence[Any]:
        """Return the rows of a page; none if it is not here."""
        return self._pages.get(number, ())

    def row(self, place: int) -> Any | None:
        """Return the row at a place, if it is here."""
        page, at = self.page(place // PAGE), place % PAGE
        return page[at] if at < len(page) else None

    def place_of(self, row_id: int) -> int | None:
        """Return where a row is, if it is among those that are here."""
        for number, rows in self._pages.items():
            for at, row in enumerate(rows):
                if row.id == row_id:
                    return number * PAGE + at
        return None

    def reading_ids(
        self, ranges: Sequence[tuple[int, int]]
    ) -> Callable[[Source, Order], list[int]]:
        """Return how to read ids: of rows that are here as they stand now, of others in order."""
        here = dict(self._pages)

        def read(source: Source, order: Order) -> list[int]:
            return [
                row_id
                for first, last in ranges
                for row_id in _ids(source, order, here, first, last)
            ]

        return read


def read_pages(
    source: Source, order: Order, numbers: Set[int], following: Set[int]
) -> dict[int, Sequence[Any]]:
    """Read some pages, and those after (and before) them until they hold certain ids."""

    def page(number: int) -> Sequence[Any]:
        return source.page(*order, PAGE, number * PAGE)

    pages = {number: page(number) for number in sorted(numbers)}
    first, last = min(pages, default=0), max(pages, default=0)
    for number in (*range(last + 1, last + 1 + FOLLOWED_PAGES), first - 1):
        if following <= {row.id for rows in pages.values() for row in rows}:
            break
        if number >= 0 and number not in pages:
            pages[number] = page(number)
    return pages


def runs_of(numbers: Set[int]) -> list[range]:
    """Return page numbers as stretches without gaps: a screen that is on two pages is one question."""
    found: list[range] = []
    for number in sorted(numbers):
        if found and number == found[-1].stop:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found


def _ids(
    source: Source, order: Order, pages: Mapping[int, Sequence[Any]], first: int, last: int
) -> list[int]:
    inside = range(first // PAGE, last // PAGE + 1)
    if all(number in pages for number in inside):
        here = [row.id for number in inside for row in pages[number]]
        return here[first - inside[0] * PAGE : last + 1 - inside[0] * PAGE]
    return source.ids(*order, last - first + 1, first)
