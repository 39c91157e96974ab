"""How is a list shown of which there are never many rows? Read whole, and sorted here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SmallSource:
    """Rows of one reading, each with an ``id``; sorted by the name of a field."""

    read: Callable[[], Sequence[Any]]

    def _rows(self, sort: str, descending: bool) -> list[Any]:
        rows = list(self.read())
        if sort:
            rows.sort(key=lambda row: _order(row, sort), reverse=descending)
        return rows

    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.read())

    def page(self, sort: str, descending: bool, limit: int, offset: int) -> Sequence[Any]:
        """Return some of the rows."""
        return self._rows(sort, descending)[offset : offset + limit]

    def ids(
        self, sort: str, descending: bool, limit: int | None = None, offset: int = 0
    ) -> list[int]:
        """Return the ids of some of the rows, or of all."""
        end = None if limit is None else offset + limit
        return [row.id for row in self._rows(sort, descending)[offset:end]]

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """Return the rows of these ids that there still are, in the order given."""
        known = {row.id: row for row in self.read()}
        return [known[each] for each in ids if each in known]

    def line_up(self, sort: str, descending: bool) -> None:
        """Know the order already."""


def _order(row: Any, sort: str) -> tuple[bool, Any]:
    value = getattr(row, sort)
    return (value is not None, value if value is not None else 0)
