"""How are columns named, and how are times, ids, money and JSON stored on both engines?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    TextClause,
    TypeDecorator,
    and_,
    literal_column,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_WHERE = "where"

Id = BigInteger().with_variant(Integer, "sqlite")
Minor = BigInteger().with_variant(Integer, "sqlite")


@lru_cache(maxsize=8192)
def utc_text(value: datetime | None) -> str | None:
    """Return a time as SQLite keeps it: sortable text in UTC."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {value!r}")
    at = value if value.tzinfo is UTC else value.astimezone(UTC)
    return at.isoformat(" ", "microseconds")[:26]  # without “+00:00”: it is always that


class _Json(TypeDecorator[Any]):
    """JSON as text on SQLite, taken apart once on PostgreSQL, whose types load only with it."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose each engine's own kind."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON(none_as_null=True))
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB(none_as_null=True))


Json = _Json()


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python on both engines; SQLite, which knows no zones, keeps sortable text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose text on SQLite, a zoned timestamp on PostgreSQL."""
        kind: TypeEngine[Any] = String(26) if dialect.name == "sqlite" else self.impl_instance
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive times."""
        if value is None:
            return None
        text = utc_text(value)
        return text if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give every stored time its zone back."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        return value.astimezone(UTC)  # type: ignore[no-any-return]


def id_column() -> Column[int]:
    """Return the surrogate key: ours, handed out by ``identity.allocate`` inside the write unit."""
    return Column("id", Id, primary_key=True, autoincrement=False)


def partial_index(
    name: str, *columns: Column[Any], where: ColumnElement[Any] | TextClause, unique: bool = False
) -> Index:
    """Return an index of some rows only, the same ones on both engines.

    Said here and not by ``postgresql_where``, which loads that whole engine into every desk.
    """
    return Index(name, *columns, unique=unique, sqlite_where=where, info={_WHERE: where})


@compiles(CreateIndex, "postgresql")
def _create_index(create: CreateIndex, compiler: Any, **kw: Any) -> str:
    index = create.element
    if _WHERE in index.info:
        index.dialect_options["postgresql"]["where"] = index.info[_WHERE]
    return str(compiler.visit_create_index(create, **kw))


def is_state(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """Return the condition with its values written out: only so may a partial index answer it."""
    words: list[ColumnElement[Any]] = [literal_column(f"'{value}'") for value in values]
    return column == words[0] if len(words) == 1 else column.in_(words)


def is_no_state(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """Return that a column has none of these values, for a partial index over the rare ones.

    One comparison for each value that is common: an insert of such a row ends at the first or second,
    where a list of the rare ones would be walked to its end.
    """
    return and_(*(column != literal_column(f"'{value}'") for value in values))


def reference(
    name: str, target: str, *, optional: bool = False, index: bool = False
) -> Column[Any]:
    """Return a foreign key column."""
    return Column(name, Id, ForeignKey(target), nullable=optional, index=index)


def _time_as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON")


# JSON without blanks, as it is stored; one encoder, since making one costs more than using it.
compact_json = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=_time_as_text
).encode
