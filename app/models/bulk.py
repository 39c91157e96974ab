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
Column = Sequence[Any]
Process = Callable[[Any], Any]


def insert_rows(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns."""
    if not rows:
        return
    names = tuple(rows[0])
    values = map(itemgetter(*names), rows) if len(names) > 1 else [(r[names[0]],) for r in rows]
    insert_columns(db, table, dict(zip(names, zip(*values, strict=True), strict=True)))


def insert_columns(db: Connection, table: Table, columns: Mapping[str, Column]) -> None:
    """Insert rows that are given column by column."""
    if db.dialect.paramstyle != "qmark":
        rows = zip(*columns.values(), strict=True)
        db.execute(table.insert(), [dict(zip(columns, row, strict=True)) for row in rows])
        return
    empty = _empty(table, columns)
    given = tuple(name for name in columns if name not in empty) if empty else tuple(columns)
    sql, processes = _insert(db.dialect, table, given)
    ready = [
        list(map(process, columns[name])) if process else columns[name]
        for name, process in processes
    ]
    db.exec_driver_sql(sql, list(zip(*ready, strict=True)))


def _empty(table: Table, columns: Mapping[str, Column]) -> set[str]:
    """Return the columns that are NULL in every row: left out, since the driver is slow at NULLs."""
    may_lack = _may_lack(table)
    return {
        name
        for name, values in columns.items()
        if values[0] is None and name in may_lack and values.count(None) == len(values)
    }


@lru_cache(maxsize=128)
def _may_lack(table: Table) -> frozenset[str]:
    """Return the columns that are NULL where nothing is said of them."""
    return frozenset(
        column.name
        for column in table.c
        if column.default is None and column.server_default is None
    )


def update_rows(db: Connection, statement: Update, rows: Sequence[Row]) -> int:
    """Run a prepared update with whole-number parameters for each row; return the rows hit."""
    if not rows:
        return 0
    if db.dialect.paramstyle != "qmark":
        return db.execute(statement, list(rows)).rowcount
    sql, pick = _update(db.dialect, statement)
    return db.exec_driver_sql(sql, list(map(pick, rows))).rowcount


@lru_cache(maxsize=256)
def _insert(
    dialect: Dialect, table: Table, columns: tuple[str, ...]
) -> tuple[str, Sequence[tuple[str, Process | None]]]:
    """Compile an insert, and return its columns in order, with how a value becomes the driver's."""
    given: dict[str, ColumnElement[Any]] = {name: bindparam(name) for name in columns}
    statement = table.insert().values({**given, **_written_out(dialect, table, columns)})
    compiled = _compiled(statement.compile(dialect=dialect))
    names: Sequence[str] = compiled.positiontup or ()
    return compiled.string, [(name, _processor(table.c[name].type, dialect)) for name in names]


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
def _update(dialect: Dialect, statement: Update) -> tuple[str, Callable[[Row], tuple[Any, ...]]]:
    """Compile an update; fixed values that it holds are added to every row's tuple."""
    compiled = _compiled(statement.compile(dialect=dialect))
    names: Sequence[str] = compiled.positiontup or ()
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    pick = itemgetter(*names)
    return compiled.string, (lambda row: pick({**fixed, **row})) if fixed else pick


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    """Return how a value becomes the driver's; times by their own remembered conversion."""
    if isinstance(kind, UtcDateTime):
        return utc_text
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _compiled(compiled: object) -> SQLCompiler:
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("only statements about tables are prepared here")
    return compiled
