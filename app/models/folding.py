"""How do the engines compare texts as people do? By the same folding as ``domain.folding``."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.domain.folding import fold


class Folded(FunctionElement[str]):
    """``fold`` where the rows are; on PostgreSQL for all letters that names are written with."""

    inherit_cache = True
    type = Text()


@compiles(Folded, "sqlite")
def _by_our_own(element: Folded, compiler: SQLCompiler, **kw: Any) -> str:
    return f"order_desk_fold({compiler.process(element.clauses, **kw)})"


@compiles(Folded, "postgresql")
def _by_the_server(element: Folded, compiler: SQLCompiler, **kw: Any) -> str:
    apart = f"lower(normalize({compiler.process(element.clauses, **kw)}, NFKD))"
    plain = f"regexp_replace({apart}, '[\u0300-\u036f]+', '', 'g')"
    for letters, folded in _PAIRS:
        for letter in letters:
            plain = f"replace({plain}, '{letter}', '{folded}')"
    return f"translate({plain}, '{_SINGLE}', '{_FOLDED}')"


# Capitals, too: a server in the locale C knows those of ASCII only.
_PAIRS = (("ßẞ", "ss"), ("æÆ", "ae"), ("œŒ", "oe"), ("þÞ", "th"))
_SINGLE = "øØłŁđĐðÐħĦ\u0131\u03c2\t\r\v\f"
_FOLDED = "oollddddhhi\u03c3    "


def teach_to_fold(connection: sqlite3.Connection) -> None:
    """Let SQLite compare as people do."""
    connection.create_function("order_desk_fold", 1, _fold, deterministic=True)


def _fold(text: str | None) -> str | None:
    return None if text is None else fold(text)
