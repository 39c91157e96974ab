"""How do numbered names stand in a row? 1, 2, 10; A-2 before A-10; the same on both engines.

What stands before the last number is compared first, then how long the name is, then the name.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, String, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_DIGITS: Final[ColumnElement[str]] = literal_column("'0123456789'")


class ByLetter(FunctionElement[str]):
    """Text compared letter by letter, whatever language the database was made for."""

    name = "by_letter"
    type = String()
    inherit_cache = True


@compiles(ByLetter)
def _as_it_is(element: ByLetter, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clauses, **how)


@compiles(ByLetter, "postgresql")
def _in_c(element: ByLetter, compiler: SQLCompiler, **how: Any) -> str:
    return f'({compiler.process(element.clauses, **how)}) COLLATE "C"'


def natural(column: ColumnElement[str]) -> tuple[ColumnElement[Any], ...]:
    """Return what to sort a column of numbered names by."""
    return ByLetter(func.rtrim(column, _DIGITS)), func.length(column), ByLetter(column)
