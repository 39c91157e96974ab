"""How do the engines count seconds between two stored times, and which hour is a time in?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, String
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


class HourOf(FunctionElement[str]):
    """The UTC hour of a time, as "2026-11-23 17"."""

    inherit_cache = True
    type = String()


@compiles(HourOf, "sqlite")
def _hour_of_text(element: HourOf, compiler: SQLCompiler, **kw: Any) -> str:
    return f"substr({compiler.process(element.clauses, **kw)}, 1, 13)"


@compiles(HourOf, "postgresql")
def _hour_of_stamp(element: HourOf, compiler: SQLCompiler, **kw: Any) -> str:
    return _cut(element, compiler, "YYYY-MM-DD HH24", **kw)


class MinuteOf(FunctionElement[str]):
    """The UTC minute of a time, as "2026-11-23 17:05": for zones whose hours begin at half past."""

    inherit_cache = True
    type = String()


@compiles(MinuteOf, "sqlite")
def _minute_of_text(element: MinuteOf, compiler: SQLCompiler, **kw: Any) -> str:
    return f"substr({compiler.process(element.clauses, **kw)}, 1, 16)"


@compiles(MinuteOf, "postgresql")
def _minute_of_stamp(element: MinuteOf, compiler: SQLCompiler, **kw: Any) -> str:
    return _cut(element, compiler, "YYYY-MM-DD HH24:MI", **kw)


def _cut(element: FunctionElement[str], compiler: SQLCompiler, form: str, **kw: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **kw)} AT TIME ZONE 'UTC', '{form}')"
