"""How are many rows written at once?

SQLAlchemy's own executemany works out every row's parameters anew; on the path that every order
takes, that costs more than SQLite itself. Here a statement is compiled once and the rows go to the
driver as plain tuples. Names, types and NULLs stay the table's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, Update
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from app.models.base import UtcDateTime, utc_text

Row = Mapping[str, Any]
Values = Callable[[Row], tuple[Any, ...]]


def insert_rows(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns."""
    if not rows:
        return
    if db.dialect.paramstyle != "qmark":
        db.execute(table.insert(), list(rows))
        return
    sql, values_of = _insert(db.dialect, table, tuple(rows[0]))
    db.exec_driver_sql(sql, list(map(values_of, rows)))


def update_rows(db: Connection, statement: Update, rows: Sequence[Row]) -> int:
    """Run a prepared update with whole-number parameters for each row; return the rows hit."""
    if not rows:
        return 0
    if db.dialect.paramstyle != "qmark":
        return db.execute(statement, list(rows)).rowcount
    sql, pick = _update(db.dialect, statement)
    return db.exec_driver_sql(sql, list(map(pick, rows))).rowcount


@lru_cache(maxsize=256)
def _insert(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> tuple[str, Values]:
    """Compile an insert, and return how a row becomes the driver's tuple."""
    compiled = _compiled(table.insert().compile(dialect=dialect, column_keys=list(columns)))
    names: Sequence[str] = compiled.positiontup or ()
    defaults = {
        name: table.c[name].default.arg  # type: ignore[union-attr]
        for name in names
        if name not in columns
    }
    pick = itemgetter(*names)
    convert = [
        (at, process)
        for at, name in enumerate(names)
        if name in columns and (process := _processor(table.c[name].type, dialect))
    ]

    def values_of(row: Row) -> tuple[Any, ...]:
        values = list(pick({**defaults, **row} if defaults else row))
        for at, process in convert:
            values[at] = process(values[at])
        return tuple(values)

    return compiled.string, values_of


@lru_cache(maxsize=64)
def _update(dialect: Dialect, statement: Update) -> tuple[str, Values]:
    """Compile an update; fixed values that it holds are added to every row's tuple."""
    compiled = _compiled(statement.compile(dialect=dialect))
    names: Sequence[str] = compiled.positiontup or ()
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    pick = itemgetter(*names)
    return compiled.string, lambda row: pick({**fixed, **row})


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return how a value becomes the driver's; times by their own remembered conversion."""
    if isinstance(kind, UtcDateTime):
        return utc_text
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _compiled(compiled: object) -> SQLCompiler:
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("only statements about tables are prepared here")
    return compiled
