"""How does a list show any number of rows without ever reading them all? Pages of a query, on demand.

``data()`` only looks into the pages that are here; a missing one is asked for in the background and a
placeholder is shown meanwhile. Rows are frozen values with an ``id``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.ui.lists.columns import Column
from app.ui.lists.pages import PAGE, Pages, read_pages, runs_of
from app.ui.lists.sources import Order, Source
from app.ui.operations import Operations, Problem
from app.ui.timers import once
from app.ui.words import literal_tooltip, visible

AROUND_MS = 80  # after a jump: who jumps on at once needs nothing from around here
LONG = 5_000  # rows: to count off any more of them takes longer than to know their ids in order
LINE_UP_MS = 300
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
Answer = TypeVar("Answer")


@dataclass(slots=True)
class Window:
    """One consistent answer: how many rows there are, and some pages of them."""

    count: int
    pages: dict[int, Sequence[Any]] = field(default_factory=dict)


class TableModel(QAbstractTableModel):
    """The rows of a query, page by page."""

    about_to_change = Signal()
    loaded = Signal()  # a new count and its first pages are in place
    page_arrived = Signal(int)
    refused = Signal(object)  # Problem: the query cannot be answered

    def __init__(
        self,
        operations: Operations,
        columns: Sequence[Column],
        *,
        sort: str = "",
        descending: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.sorting, self.descending = sort, descending
        self.is_ready = False
        self._operations = operations
        self._source: Source | None = None
        self._count = 0
        self._pages = Pages()
        self._lined_up: tuple[Source, Order] | None = None
        self._asked: set[int] = set()
        self._wanted: set[int] = set()
        self._screen = range(1)
        self._generation = 0
        self._fetch = once(self, 0, self._fetch_wanted)
        self._fetch_around = once(self, AROUND_MS, self._fetch_wanted)
        self._line_up_soon = once(self, LINE_UP_MS, self._line_up)

    # ---- changing what is shown -----------------------------------------------------------------

    def show(self, source: Source) -> None:
        """Show another query; what is here stays until its first page has come."""
        self._source, self._lined_up = source, None
        self._load({0})

    def adopt(self, source: Source) -> None:
        """Use a new source of the same rows (its clock has moved on) from the next reading."""
        self._source = source

    def reload(self, around: set[int] | None = None, following: Set[int] = frozenset()) -> None:
        """Read again what is on the screen, and a little further if some ids are not there now."""
        if self._source is not None:
            self._load({row // PAGE for row in around or {0}}, following)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns of the same rows."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def empty_for(self, columns: Sequence[Column]) -> None:
        """Show nothing until rows of another kind come, by their own columns."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self._generation += 1  # what is on its way is of the kind before
        self._count, self._pages, self._lined_up = 0, Pages(), None
        self._asked.clear()
        self.endResetModel()

    def sort_by(self, sort: str, descending: bool) -> None:
        """Sort by a name that the query knows, in SQL."""
        self.sorting, self.descending, self._lined_up = sort, descending, None
        self.reload()

    def _load(self, numbers: set[int], following: Set[int] = frozenset()) -> None:
        source = self._source
        if source is None:
            return
        self._generation += 1
        turn, order = self._generation, (self.sorting, self.descending)

        def read() -> Window:
            pages = read_pages(source, order, numbers, following)
            return Window(source.count(), pages)

        self._operations.ask(
            read, then=lambda window: self._arrive(turn, window), slot=self,
            otherwise=lambda problem: self._refuse(turn, problem),
        )  # fmt: skip

    def _arrive(self, turn: int, window: Window) -> None:
        if turn != self._generation:
            return
        self.about_to_change.emit()
        self._pages = Pages(window.pages)
        self._asked.clear()
        self._resize(window.count)
        self.is_ready = True
        if self._count > LONG and self._lined_up is None:
            self._line_up_soon.start()
        if self._count:
            last = self.index(self._count - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self.loaded.emit()

    def _resize(self, count: int) -> None:
        """Grow or shrink at the end, so that the view keeps its place."""
        none = QModelIndex()
        if count > self._count:
            self.beginInsertRows(none, self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(none, count, self._count - 1)
            self._count = count
            self.endRemoveRows()

    def _refuse(self, turn: int, problem: Problem) -> None:
        if turn == self._generation:
            self.refused.emit(problem)

    # ---- pages ----------------------------------------------------------------------------------

    def row(self, number: int) -> Any | None:
        """Return a row if it is here; one that is not is asked for."""
        if number // PAGE not in self._pages and 0 <= number < self._count:
            self._want(number // PAGE)
        return self._pages.row(number)

    def peek(self, number: int) -> Any | None:
        """Return a row only if it is here."""
        return self._pages.row(number)

    def prefetch(self, first: int, last: int) -> None:
        """Ask for the pages just before and after what is on the screen."""
        self._screen = range(first // PAGE, last // PAGE + 1)
        for number in (first - PAGE // 2, first, last, last + PAGE // 2):
            if 0 <= number < self._count and number // PAGE not in self._pages:
                self._want(number // PAGE)

    def number_of(self, row_id: int) -> int | None:
        """Return where a row is, if it is among those that are here."""
        return self._pages.place_of(row_id)

    def _want(self, page: int) -> None:
        if page not in self._asked:
            self._wanted.add(page)
            self._fetch.start()

    def _fetch_wanted(self) -> None:
        """Ask for what is on the screen; for what is around it when one has stayed there a moment."""
        source = self._source
        if source is None:
            return
        # When someone drags the scroll bar, only what they stopped at matters.
        near = {page for page in self._wanted if page in self._around()}
        on_screen = {page for page in near if page in self._screen}
        for pages in runs_of(on_screen or near):
            self._asked.update(pages)
            self._operations.ask(
                partial(source.page, self.sorting, self.descending, PAGE * len(pages),
                        pages.start * PAGE),
                then=partial(self._pages_arrived, self._generation, pages),
            )  # fmt: skip
            if pages.stop * PAGE > LONG:
                self._line_up_soon.start()
        self._wanted = near - on_screen if on_screen else set()

    def _around(self) -> range:
        return range(self._screen.start - 1, self._screen.stop + 1)

    def _line_up(self) -> None:
        """Let the source know its rows in order, so that any place in a long list is at hand."""
        asked = self.asked()
        if asked is not None and asked != self._lined_up:
            self._lined_up = asked
            source, order = asked
            self._operations.ask(partial(source.line_up, *order), then=_nothing_more)

    def _pages_arrived(self, turn: int, pages: range, rows: Sequence[Any]) -> None:
        if turn != self._generation:
            return
        self._asked.difference_update(pages)
        for at, number in enumerate(pages):
            self._page_arrived(number, rows[at * PAGE : (at + 1) * PAGE])
        if self._wanted:
            self._fetch_around.start()

    def _page_arrived(self, page: int, rows: Sequence[Any]) -> None:
        self._pages.add(page, rows)
        first = page * PAGE
        last = min(first + len(rows), self._count) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
        self.page_arrived.emit(page)

    def pages_here(self) -> list[int]:
        """Return the numbers of the pages that are here."""
        return self._pages.numbers()

    def page(self, number: int) -> Sequence[Any]:
        """Return a page that is here."""
        return self._pages.page(number)

    def ask(
        self, question: Callable[[Source, Order], Answer], then: Callable[[Answer], object]
    ) -> None:
        """Ask the source something in the background; it is told how the rows are sorted."""
        source = self._source
        if source is not None:
            order = (self.sorting, self.descending)
            self._operations.ask(lambda: question(source, order), then=then)

    def asked(self) -> tuple[Source, Order] | None:
        """Return what is shown and how it is sorted, for work on another thread."""
        return None if self._source is None else (self._source, (self.sorting, self.descending))

    def all_ids(self, then: Callable[[list[int]], object]) -> None:
        """Read the ids of all rows."""
        self.ask(lambda source, order: source.ids(*order), then)

    def ids_between(
        self, ranges: Sequence[tuple[int, int]], then: Callable[[list[int]], object]
    ) -> None:
        """Read the ids of some ranges."""
        self.ask(self._pages.reading_ids(ranges), then)

    def reading_ids(
        self, ranges: Sequence[tuple[int, int]]
    ) -> Callable[[Source, Order], list[int]]:
        """Return how to read ids: of rows that are here as they stand now, of others in order."""
        return self._pages.reading_ids(ranges)

    # ---- what Qt asks ---------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Return how many rows the query has."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (the same)
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Answer from the pages that are here; never from the database."""
        row = self.row(index.row())
        column = self.columns[index.column()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None if row is None else _said(column, row, role)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return (column.about or None) if role == Qt.ItemDataRole.ToolTipRole else None


def _nothing_more(_answer: object) -> None:
    """The next question is answered quicker; that is all."""


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.is_numeric else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _said(column: Column, row: Any, role: int) -> str | None:
    if role == Qt.ItemDataRole.DisplayRole:
        return visible(column.text(row))
    if role == Qt.ItemDataRole.ToolTipRole:
        return literal_tooltip(column.hint(row) or column.text(row))
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return f"{column.title}: {visible(column.text(row)) or 'nothing'}"
    return None
