"""Where do a page's rows come from? From functions of the queries package, read on any thread."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.services.desk import Desk

Order = tuple[str, bool]


class Source(Protocol):
    """Where rows come from; every method runs on a reader thread with everything it needs in it."""

    def count(self) -> int:
        """Return how many rows there are."""

    def page(self, sort: str, descending: bool, limit: int, offset: int) -> Sequence[Any]:
        """Return some of the rows."""

    def ids(
        self, sort: str, descending: bool, limit: int | None = None, offset: int = 0
    ) -> list[int]:
        """Return the ids of some of the rows, or of all."""

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """Return the rows of these ids that there still are, in the order given."""

    def line_up(self, sort: str, descending: bool) -> None:
        """Get to know the order of all rows, if that helps to find any page of them at once."""


@dataclass(frozen=True, slots=True)
class Queries:
    """The readings behind a list, as functions of the queries package.

    ``ids`` takes what ``rows`` takes; ``of_ids`` reads rows by their ids. Where there are never many
    rows, both can be done without.
    """

    rows: Callable[..., Sequence[Any]]
    count: Callable[..., int]
    ids: Callable[..., list[int]] | None = None
    of_ids: Callable[..., Sequence[Any]] | None = None


@dataclass(frozen=True, slots=True)
class SearchSource:
    """The rows that a search finds. Made on the window's thread, read on any other."""

    desk: Desk
    queries: Queries
    query: str
    fixed: dict[str, Any]
    _lined_up: dict[Order, array[int]] = field(default_factory=dict, compare=False)

    def count(self) -> int:
        """Return how many rows there are."""
        return self.desk.read(self.queries.count, query=self.query, **self.fixed)

    def page(self, sort: str, descending: bool, limit: int | None, offset: int) -> Sequence[Any]:
        """Return some of the rows: by their ids where their order is known, else by counting off."""
        known = self._lined_up.get((sort, descending))
        if known is not None and limit is not None:
            return self.rows(list(known[offset : offset + limit]))
        part = self._part(sort, descending, limit, offset)
        return self.desk.read(self.queries.rows, query=self.query, **part)

    def ids(
        self, sort: str, descending: bool, limit: int | None = None, offset: int = 0
    ) -> list[int]:
        """Return the ids of some of the rows, or of all."""
        if self.queries.ids is None:
            return [row.id for row in self.page(sort, descending, limit, offset)]
        part = self._part(sort, descending, limit, offset)
        return self.desk.read(self.queries.ids, query=self.query, **part)

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """Return the rows of these ids that there still are, in the order given."""
        if self.queries.of_ids is not None:
            return self.desk.read(self.queries.of_ids, ids)
        found = {row.id: row for row in self.page("", False, None, 0)}
        return [found[each] for each in ids if each in found]

    def line_up(self, sort: str, descending: bool) -> None:
        """Read the ids of all rows in order: eight bytes a row."""
        if self.queries.ids is not None and self.queries.of_ids is not None:
            self._lined_up[sort, descending] = array("q", self.ids(sort, descending))

    def _part(self, sort: str, descending: bool, limit: int | None, offset: int) -> dict[str, Any]:
        order = {"sort": sort, "descending": descending} if sort else {}
        return {"limit": limit, "offset": offset, **order, **self.fixed}
