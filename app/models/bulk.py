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

from sqlalchemy import Connection, Table, Update, bindparam, literal_column
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.schema import ScalarElementColumnDefault
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
    given: dict[str, ColumnElement[Any]] = {name: bindparam(name) for name in columns}
    statement = table.insert().values({**given, **_written_out(dialect, table, columns)})
    compiled = _compiled(statement.compile(dialect=dialect))
    names: Sequence[str] = compiled.positiontup or ()
    pick: Values = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    convert = [
        (at, process)
        for at, name in enumerate(names)
        if (process := _processor(table.c[name].type, dialect))
    ]

    def values_of(row: Row) -> tuple[Any, ...]:
        values = list(pick(row))
        for at, process in convert:
            values[at] = process(values[at])
        return tuple(values)

    return compiled.string, values_of


def _written_out(
    dialect: Dialect, table: Table, columns: tuple[str, ...]
) -> dict[str, ColumnElement[Any]]:
    """Return the table's fixed defaults of other columns as part of the statement: no row carries them."""
    written: dict[str, ColumnElement[Any]] = {}
    for column in table.c:
        default = column.default
        if column.name not in columns and isinstance(default, ScalarElementColumnDefault):
            in_words = column.type.dialect_impl(dialect).literal_processor(dialect)
            if in_words is not None:
                written[column.name] = literal_column(in_words(default.arg))
    return written


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
