"""How are many rows of one table written at once?

SQLAlchemy's own executemany works out every row's parameters anew; on the path that every order
takes, that costs more than SQLite itself. Here the statement is compiled once for a set of columns
and the rows go to the driver as plain tuples. Names, types and NULLs stay the table's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine.interfaces import Dialect

Row = Mapping[str, Any]


def insert_rows(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns."""
    if not rows:
        return
    if db.dialect.paramstyle != "qmark":
        db.execute(table.insert(), list(rows))
        return
    sql, values_of = _prepared(db.dialect, table, tuple(rows[0]))
    db.exec_driver_sql(sql, [values_of(row) for row in rows])


@lru_cache(maxsize=256)
def _prepared(
    dialect: Dialect, table: Table, columns: tuple[str, ...]
) -> tuple[str, Callable[[Row], tuple[Any, ...]]]:
    """Compile the insert, and return how a row becomes the driver's tuple."""
    compiled = table.insert().compile(dialect=dialect, column_keys=list(columns))
    names: Sequence[str] = compiled.positiontup or ()
    pick = itemgetter(*names)
    convert = [
        (at, process)
        for at, name in enumerate(names)
        if name in columns
        and (process := table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
    ]
    defaults = _defaults(table, names, columns)

    def values_of(row: Row) -> tuple[Any, ...]:
        values = list(pick({**defaults, **row} if defaults else row))
        for at, process in convert:
            values[at] = process(values[at])
        return tuple(values)

    return str(compiled), values_of


def _defaults(table: Table, names: Sequence[str], columns: tuple[str, ...]) -> dict[str, Any]:
    """Return the table's own defaults for columns that the rows leave out."""
    return {
        name: table.c[name].default.arg  # type: ignore[union-attr]
        for name in names
        if name not in columns
    }
