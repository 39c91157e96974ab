"""Which ids are free? Handed out inside a write unit, where nobody else can write."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select


@lru_cache(maxsize=64)
def _highest(tables: tuple[Table, ...]) -> Select[Any]:
    return select(
        *(
            select(func.coalesce(func.max(table.primary_key.columns[0]), 0)).scalar_subquery()
            for table in tables
        )
    )


class Identity:
    """Consecutive ids for new rows of some tables, valid until the write unit ends.

    One statement reads the highest ids; rows are never deleted, so no id comes back.
    """

    def __init__(self, db: Connection, *tables: Table) -> None:
        row = db.execute(_highest(tables)).one()
        self._next: dict[str, int] = {table.name: int(row[at]) for at, table in enumerate(tables)}

    def take(self, table: Table) -> int:
        """Return the next id of a table."""
        self._next[table.name] += 1
        return self._next[table.name]

    def take_many(self, table: Table, count: int) -> range:
        """Return so many next ids of a table."""
        first = self._next[table.name] + 1
        self._next[table.name] += count
        return range(first, first + count)
