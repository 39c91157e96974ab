"""How does one statement ask for many rows by key, whatever their number?

``IN (?, ?, …)`` is compiled again for every number of values. A whole set as one parameter is not:
SQLite takes it as JSON, PostgreSQL as an array.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, Integer, String, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Whole(TypeDecorator[Any]):
    """A set of keys as one parameter."""

    impl = String
    cache_ok = True

    def __init__(self, of_text: bool) -> None:
        super().__init__()
        self.of_text = of_text

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = String() if self.of_text else BigInteger()
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import ARRAY  # only where it is that engine

            return dialect.type_descriptor(ARRAY(kind))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        keys = list(value or ())
        return keys if dialect.name == "postgresql" else json.dumps(keys)


class Among(FunctionElement[Any]):
    """The condition that a column is one of the keys in a parameter."""

    inherit_cache = True
    # Not Boolean: SQLite would be asked for "… = 1", which no index answers.
    type = Integer()


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of the keys in the parameter ``name``."""
    whole = _Whole(isinstance(column.type, String))
    return Among(column, bindparam(name, type_=whole))


@compiles(Among, "sqlite")
def _as_json(element: Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({keys}))"


@compiles(Among, "postgresql")
def _as_array(element: Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} = ANY({keys})"
