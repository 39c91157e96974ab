"""How do the engines count the seconds between two stored times?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class SecondsBetween(FunctionElement[int]):
    """Whole seconds from the first time to the second; fractions of a second are cut off both."""

    inherit_cache = True
    type = Integer()


@compiles(SecondsBetween, "sqlite")
def _of_text(element: SecondsBetween, compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(part, **kw) for part in element.clauses)
    return f"(strftime('%s', {second}) - strftime('%s', {first}))"


@compiles(SecondsBetween, "postgresql")
def _of_stamps(element: SecondsBetween, compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(part, **kw) for part in element.clauses)
    return (
        f"CAST(extract(epoch FROM date_trunc('second', {second}) "
        f"- date_trunc('second', {first})) AS INTEGER)"
    )
