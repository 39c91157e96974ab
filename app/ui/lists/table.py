"""How does a list show any number of rows without ever reading them all? Pages of a query, on demand.

``data()`` only looks into the pages that are here; a missing one is asked for in the background and a
placeholder is shown meanwhile. Rows are frozen values with an ``id``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.ui.lists.columns import Column
from app.ui.operations import Operations, Problem
from app.ui.timers import once
from app.ui.words import literal_tooltip, visible

PAGE = 100  # two screens: a jump waits for one of these
KEPT_PAGES = 200
AROUND_MS = 80  # after a jump: who jumps on at once needs nothing from around here
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
FOLLOWED_PAGES = 4
Index = QModelIndex | QPersistentModelIndex
Order = tuple[str, bool]
Answer = TypeVar("Answer")


class Source(Protocol):
    """Where rows come from; every method runs on a reader thread with everything it needs in it."""

    def count(self) -> int:
        """Return how many rows there are."""

    def page(self, sort: str, descending: bool, limit: int, offset: int) -> Sequence[Any]:
        """Return some of the rows."""

    def ids(
        self, sort: str, descending: bool, limit: int | None = None, offset: int = 0
    ) -> list[int]:
        """Return the ids of some of the rows, or of all."""

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """Return the rows of these ids that there still are, in the order given."""


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
        self._pages: OrderedDict[int, Sequence[Any]] = OrderedDict()
        self._asked: set[int] = set()
        self._wanted: set[int] = set()
        self._screen = range(1)
        self._generation = 0
        self._fetch = once(self, 0, self._fetch_wanted)
        self._fetch_around = once(self, AROUND_MS, self._fetch_wanted)

    # ---- changing what is shown -----------------------------------------------------------------

    def show(self, source: Source) -> None:
        """Show another query; what is here stays until its first page has come."""
        self._source = source
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

    def sort_by(self, sort: str, descending: bool) -> None:
        """Sort by a name that the query knows, in SQL."""
        self.sorting, self.descending = sort, descending
        self.reload()

    def _load(self, numbers: set[int], following: Set[int] = frozenset()) -> None:
        source = self._source
        if source is None:
            return
        self._generation += 1
        turn, sort, descending = self._generation, self.sorting, self.descending

        def page(number: int) -> Sequence[Any]:
            return source.page(sort, descending, PAGE, number * PAGE)

        def read() -> Window:
            pages = {number: page(number) for number in sorted(numbers)}
            _follow(following, pages, page)
            return Window(source.count(), pages)

        self._operations.ask(
            read, then=lambda window: self._arrive(turn, window), slot=self,
            otherwise=lambda problem: self._refuse(turn, problem),
        )  # fmt: skip

    def _arrive(self, turn: int, window: Window) -> None:
        if turn != self._generation:
            return
        self.about_to_change.emit()
        self._pages = OrderedDict(window.pages)
        self._asked.clear()
        self._resize(window.count)
        self.is_ready = True
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
        page = self._pages.get(number // PAGE)
        if page is None:
            if 0 <= number < self._count:
                self._want(number // PAGE)
            return None
        at = number % PAGE
        return page[at] if at < len(page) else None

    def peek(self, number: int) -> Any | None:
        """Return a row only if it is here."""
        page = self._pages.get(number // PAGE, ())
        at = number % PAGE
        return page[at] if at < len(page) else None

    def prefetch(self, first: int, last: int) -> None:
        """Ask for the pages just before and after what is on the screen."""
        self._screen = range(first // PAGE, last // PAGE + 1)
        for number in (first - PAGE // 2, first, last, last + PAGE // 2):
            if 0 <= number < self._count and number // PAGE not in self._pages:
                self._want(number // PAGE)

    def number_of(self, row_id: int) -> int | None:
        """Return where a row is, if it is among those that are here."""
        for page, rows in self._pages.items():
            for at, row in enumerate(rows):
                if row.id == row_id:
                    return page * PAGE + at
        return None

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
        for page in on_screen or near:
            self._asked.add(page)
            self._operations.ask(
                partial(source.page, self.sorting, self.descending, PAGE, page * PAGE),
                then=partial(self._page_arrived, self._generation, page),
            )
        self._wanted = near - on_screen if on_screen else set()

    def _around(self) -> range:
        return range(self._screen.start - 1, self._screen.stop + 1)

    def _page_arrived(self, turn: int, page: int, rows: Sequence[Any]) -> None:
        if turn != self._generation:
            return
        self._asked.discard(page)
        self._pages[page] = rows
        if self._wanted:
            self._fetch_around.start()
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        first = page * PAGE
        last = min(first + len(rows), self._count) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
        self.page_arrived.emit(page)

    def pages_here(self) -> list[int]:
        """Return the numbers of the pages that are here."""
        return list(self._pages)

    def page(self, number: int) -> Sequence[Any]:
        """Return a page that is here."""
        return self._pages.get(number, ())

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
        self.ask(self.reading_ids(ranges), then)

    def reading_ids(
        self, ranges: Sequence[tuple[int, int]]
    ) -> Callable[[Source, Order], list[int]]:
        """Return how to read ids: of rows that are here as they stand now, of others in order."""
        pages = dict(self._pages)

        def read(source: Source, order: Order) -> list[int]:
            return [
                row_id
                for first, last in ranges
                for row_id in _ids(source, order, pages, first, last)
            ]

        return read

    def rows_between(
        self, ranges: list[tuple[int, int]], then: Callable[[list[Any]], object]
    ) -> None:
        """Read the rows of some ranges, those that are not here included."""

        def read(source: Source, order: Order) -> list[Any]:
            return [
                row
                for first, last in ranges
                for row in source.page(*order, last - first + 1, first)
            ]

        self.ask(read, then)

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


def _follow(
    ids: Set[int], pages: dict[int, Sequence[Any]], page: Callable[[int], Sequence[Any]]
) -> None:
    """Read the pages after (and before) those that are here until they hold these ids."""
    first, last = min(pages, default=0), max(pages, default=0)
    for number in (*range(last + 1, last + 1 + FOLLOWED_PAGES), first - 1):
        if ids <= {row.id for rows in pages.values() for row in rows}:
            return
        if number >= 0 and number not in pages:
            pages[number] = page(number)


def _ids(
    source: Source, order: Order, pages: Mapping[int, Sequence[Any]], first: int, last: int
) -> list[int]:
    inside = range(first // PAGE, last // PAGE + 1)
    if all(number in pages for number in inside):
        here = [row.id for number in inside for row in pages[number]]
        return here[first - inside[0] * PAGE : last + 1 - inside[0] * PAGE]
    return source.ids(*order, last - first + 1, first)


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
