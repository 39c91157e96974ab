"""Where do a page's rows come from? From functions of the queries package, read on any thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.services.desk import Desk


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

    def count(self) -> int:
        """Return how many rows there are."""
        return self.desk.read(self.queries.count, query=self.query, **self.fixed)

    def page(self, sort: str, descending: bool, limit: int | None, offset: int) -> Sequence[Any]:
        """Return some of the rows."""
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

    def _part(self, sort: str, descending: bool, limit: int | None, offset: int) -> dict[str, Any]:
        order = {"sort": sort, "descending": descending} if sort else {}
        return {"limit": limit, "offset": offset, **order, **self.fixed}
