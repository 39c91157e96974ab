"""How do rows get out of a list? As a table with titles: to the clipboard, or to a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication

from app.ui.lists.columns import Column
from app.ui.lists.sources import Order, Source
from app.ui.words import visible

if TYPE_CHECKING:  # the list copies its rows, and the rows are those of the list
    from app.ui.lists.list_view import ListView

MOST_COPIED = 20_000
Ids = Callable[[Source, Order], list[int]]


def shown_columns(view: ListView) -> list[Column]:
    """Return the columns that can be seen, from left to right."""
    named = {column.name: column for column in view.rows.columns}
    return [named[name] for name in view.shape.on_screen()]


def selected_in_order(view: ListView) -> Ids:
    """Return how to find the selected ids in the order of the list; to be run in the background."""
    if view.is_all_selected:
        return lambda source, order: source.ids(*order)
    ranges, afar = view.ranges, view.chosen.afar
    between = view.rows.reading_ids(ranges)

    def read(source: Source, order: Order) -> list[int]:
        ids = between(source, order)
        if not afar:
            return ids
        wanted = afar.union(ids)
        return [each for each in source.ids(*order) if each in wanted]

    return read


def copy_rows(view: ListView) -> None:
    """Put the selected rows on the clipboard; very many of them belong into a file."""
    if view.selected_count > MOST_COPIED:
        view.too_many.emit(view.selected_count)
        return
    columns, ids = shown_columns(view), selected_in_order(view)

    def read(source: Source, order: Order) -> str:
        return tabbed(columns, source.rows(ids(source, order)))

    view.rows.ask(read, QGuiApplication.clipboard().setText)


def tabbed(columns: Sequence[Column], rows: Iterable[Any]) -> str:
    """Return rows as text that a spreadsheet takes, with the titles in front."""
    lines = [titles(columns), *(cells(columns, row) for row in rows)]
    return "\n".join("\t".join(line) for line in lines)


def titles(columns: Sequence[Column]) -> list[str]:
    """Return the titles; of a column that has only a mark, what it is about."""
    return [as_text(column.words) for column in columns]


def cells(columns: Sequence[Column], row: Any) -> list[str]:
    """Return what the columns say of a row."""
    return [as_text(column.text(row)) for column in columns]


def as_text(text: str) -> str:
    """Return text that a spreadsheet takes as text: a formula in it must not run.

    The minus of an amount is written as a spreadsheet reads it.
    """
    text = visible(text)
    if text[:1] == "−" and _AMOUNT.fullmatch(f"-{text[1:]}"):
        return f"-{text[1:]}"
    return f"'{text}" if text.lstrip()[:1] in _SIGNS and not _AMOUNT.fullmatch(text) else text


_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_AMOUNT = re.compile(r"[-+]\W?\d[\d.,\s]*")
