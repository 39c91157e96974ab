"""The list on every page: keeps selection, cursor and scroll while data come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from app.ui.lists.copying import copy_rows
from app.ui.lists.delegates import COMPACT, CellDelegate, row_height
from app.ui.lists.frozen import FrozenHeader, paint_first_cells
from app.ui.lists.pages import PAGE
from app.ui.lists.place import Place
from app.ui.lists.selection import SOLE, RowSelection
from app.ui.lists.shape import Shape
from app.ui.lists.sources import Order, Source
from app.ui.lists.table import Index, TableModel
from app.ui.timers import once

KNOWN_AT_ONCE = 2000
SEARCHED_ROWS = 200_000


class ListView(QTableView):
    """A dense list over a ``TableModel``. The selection is known by ids, so that a refresh keeps it."""

    selection_changed = Signal()
    current_changed = Signal(object)  # the row under the cursor, or None
    opened = Signal(object)  # Enter or double click
    sorted_by_hand = Signal()
    shape_wanted = Signal(QPoint)  # the right button on the header
    too_many = Signal(int)  # rows that somebody wants to copy

    def __init__(self, model: TableModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.own_sort: Order = (model.sorting, model.descending)
        self.density = COMPACT
        self.setObjectName(name.lower())
        self.setAccessibleName(name)
        self.setModel(model)
        self.chosen = RowSelection(model, self)
        self.setSelectionModel(self.chosen)
        self.setItemDelegate(CellDelegate(model, self))
        self._behave()
        self._head()
        self.shape = Shape(self, model)
        self._place = Place(self)
        self._known: tuple[int, frozenset[int]] = (-1, frozenset())
        self.announced: int | None = None
        self._settle = once(self, 0, self._announce)
        self.size_columns()
        model.about_to_change.connect(self._place.remember)
        model.loaded.connect(self._loaded)
        model.page_arrived.connect(self._page_arrived)
        self.verticalScrollBar().valueChanged.connect(self._prefetch)
        self.doubleClicked.connect(lambda index: self._open(index.row()))

    # ---- set up ---------------------------------------------------------------------------------

    def _behave(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.fit_rows()

    def fit_rows(self) -> None:
        """Give every row the height of the font in use, dense or with some air."""
        height = row_height(self.font(), self.density)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)

    def set_density(self, density: str) -> None:
        """Show the rows dense or with some air; what was on top stays on top."""
        top = self.verticalScrollBar().value()
        self.density = density
        self.fit_rows()
        self.verticalScrollBar().setValue(top)

    def _head(self) -> None:
        self.setHorizontalHeader(FrozenHeader(self))
        self.horizontalScrollBar().valueChanged.connect(self._moved_sideways)
        head = self.horizontalHeader()
        # Qt's header asks at every paint whether each column is selected in all rows: 7 s at a
        # million rows. A selection model of its own, always empty, answers at once.
        head.setSelectionModel(QItemSelectionModel(self.rows, head))
        head.setHighlightSections(False)
        head.setSectionsMovable(True)
        head.setFirstSectionMovable(False)
        head.setSortIndicatorShown(True)
        head.setSortIndicatorClearable(True)
        head.setSectionsClickable(True)
        head.setMinimumSectionSize(34)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(
            lambda at: self.shape_wanted.emit(head.viewport().mapToGlobal(at))
        )
        head.sortIndicatorChanged.connect(self._sort)

    def size_columns(self) -> None:
        """Show the columns of the model, each as wide as it asks for."""
        self._show_sorting()
        self.shape.fit()

    # ---- sorting --------------------------------------------------------------------------------

    def _show_sorting(self) -> None:
        sorts = [column.sort for column in self.rows.columns]
        head = self.horizontalHeader()
        order = (
            Qt.SortOrder.DescendingOrder if self.rows.descending else Qt.SortOrder.AscendingOrder
        )
        with QSignalBlocker(head):
            known = bool(self.rows.sorting) and self.rows.sorting in sorts
            head.setSortIndicator(sorts.index(self.rows.sorting) if known else -1, order)

    def sort_rows(self, sort: str, *, descending: bool) -> None:
        """Sort by a name that the query knows, from the next reading on."""
        self.rows.sorting, self.rows.descending = sort, descending
        self._show_sorting()

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        """Sort as the header was clicked: up, down, and then as the view has it."""
        descending = order == Qt.SortOrder.DescendingOrder
        if column < 0:
            self.rows.sort_by(*self.own_sort)
        elif self.rows.columns[column].sort:
            self.rows.sort_by(self.rows.columns[column].sort, descending)
        self._show_sorting()
        self.sorted_by_hand.emit()

    # ---- what is shown --------------------------------------------------------------------------

    def show_source(self, source: Source) -> None:
        """Show another query from its top."""
        self._place.start_on_top()
        self.rows.show(source)

    def seek(self, row_id: int) -> None:
        """Put the cursor on a row when the list has come, wherever it stands by then."""
        self._place.sought = row_id

    def look_for(self, row_id: int) -> None:
        """Find the place of a row that is not here, and go there unless somebody went elsewhere."""
        turn = self.chosen.turn

        def found(number: int | None) -> None:
            if number is not None and turn == self.chosen.turn:
                self.chosen.setCurrentIndex(self.rows.index(number, 0), SOLE)
                self.scrollTo(self.currentIndex())

        if self.rows.rowCount() <= SEARCHED_ROWS:
            self.rows.ask(lambda source, order: _place_in(source.ids(*order), row_id), found)

    def refresh(self) -> None:
        """Read again what is on the screen; cursor, selection and scroll stay."""
        first, last = self.visible_rows()
        around = {first, last, max(0, self.currentIndex().row())}
        self.rows.reload(around, self._place.anchors())

    def visible_rows(self) -> tuple[int, int]:
        """Return the first and the last row on the screen."""
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        return first, last if last >= 0 else max(0, self.rows.rowCount() - 1)

    def _prefetch(self) -> None:
        self.rows.prefetch(*self.visible_rows())

    def _loaded(self) -> None:
        self._place.restore()
        self._settle.start()

    def _page_arrived(self, page: int) -> None:
        self.chosen.place(page)
        if page == self.currentIndex().row() // PAGE:
            self._settle.start()

    # ---- selection ------------------------------------------------------------------------------

    @property
    def current_row(self) -> Any | None:
        """The row under the cursor, if it is here."""
        return self.rows.peek(self.currentIndex().row()) if self.currentIndex().isValid() else None

    @property
    def is_all_selected(self) -> bool:
        """Whether every row of the query is selected, those that are not here included."""
        return self.chosen.is_all

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """The selected rows whose place is known, as ranges of row numbers."""
        return self.chosen.ranges

    @property
    def selected_count(self) -> int:
        """How many rows are selected."""
        return self.chosen.count

    def here(self, limit: int = KNOWN_AT_ONCE) -> list[Any]:
        """Return the selected rows that are here, at most ``limit`` of them."""
        found: list[Any] = []
        for first, last in self.ranges:
            for number in range(first, min(last + 1, first + limit - len(found))):
                row = self.rows.peek(number)
                if row is not None:
                    found.append(row)
        return found

    def selected_ids(self, then: Callable[[list[int]], object]) -> None:
        """Find the ids of all selected rows, loaded or not."""
        if self.is_all_selected:
            self.rows.all_ids(then)
            return
        here, afar = self.here(), sorted(self.chosen.afar)
        if len(here) + len(afar) == self.selected_count:
            then([*(row.id for row in here), *afar])
        else:
            self.rows.ids_between(self.ranges, lambda ids: then([*ids, *afar]))

    def selectAll(self) -> None:  # noqa: N802 (Qt's own name)
        """Select all that match: a flag beside the query, whatever it finds by the time."""
        super().selectAll()
        self.chosen.is_all = self.rows.rowCount() > 1

    def select_ids(self, ids: Iterable[int]) -> None:
        """Select these rows (what a bulk action left over, for one), also where they are not here."""
        self.chosen.only(ids)

    def selectionCommand(  # noqa: N802 (Qt's own name)
        self, index: Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Where one row at a time is selected, that is always the row under the cursor."""
        if self.selectionMode() == QAbstractItemView.SelectionMode.SingleSelection:
            return SOLE
        return super().selectionCommand(index, event)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell the page, once for many changes."""
        super().selectionChanged(selected, deselected)
        self._settle_soon()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell the page."""
        super().currentChanged(current, previous)
        self._settle_soon()

    def _settle_soon(self) -> None:
        place = getattr(self, "_place", None)  # Qt tells already while the list is made
        if place is not None and not place.is_restoring:
            self._settle.start()

    def _announce(self) -> None:
        self._learn_ids()
        self.selection_changed.emit()
        row = self.current_row
        self.announced = row.id if row else None
        self.current_changed.emit(row)

    def _learn_ids(self) -> None:
        """Find out early who the rows of a large selection are, before anything moves them."""
        turn = self.chosen.turn
        if self.is_all_selected or self._known[0] == turn or self._are_all_here():
            return
        between, afar = self.rows.reading_ids(self.ranges), self.chosen.afar

        def learnt(ids: frozenset[int]) -> None:
            if turn == self.chosen.turn:
                self._known = (turn, ids)

        self._known = (turn, frozenset())
        self.rows.ask(lambda source, order: afar.union(between(source, order)), learnt)

    def _are_all_here(self) -> bool:
        count = self.selected_count
        return count <= KNOWN_AT_ONCE and len(self.here()) == count

    def known_ids(self) -> frozenset[int]:
        """Return the selected rows as far as they are known by now."""
        turn, ids = self._known
        if ids and turn == self.chosen.turn:
            return ids
        return self.chosen.afar | {row.id for row in self.here()}

    # ---- keys -----------------------------------------------------------------------------------

    def go(self, step: int) -> None:
        """Move the cursor by some rows."""
        number = self.currentIndex().row() + step
        if 0 <= number < self.rows.rowCount():
            self.selectionModel().setCurrentIndex(self.rows.index(number, 0), SOLE)

    def show_cursor(self, number: int) -> None:
        """Put the cursor on a row, and scroll to it."""
        if 0 <= number < self.rows.rowCount():
            if number != self.currentIndex().row():
                self.chosen.setCurrentIndex(self.rows.index(number, 0), SOLE)
            self.scrollTo(self.currentIndex())

    def toggle_current(self) -> None:
        """Add the row under the cursor to the selection, or take it out, and move on."""
        index = self.currentIndex()
        flags = QItemSelectionModel.SelectionFlag.Toggle | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().select(index, flags)

    def select_only_current(self) -> None:
        """Select nothing but the row under the cursor."""
        if self.currentIndex().isValid():
            self.selectionModel().select(self.currentIndex(), SOLE)

    def keyboardSearch(self, search: str) -> None:
        """Leave letters to the commands."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter; everything else as Qt does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _open(self, number: int) -> None:
        row = self.rows.peek(number)
        if row is not None:
            self.opened.emit(row)

    def copy(self) -> None:
        """Copy the selected rows with their titles, as a spreadsheet takes them."""
        copy_rows(self)

    # ---- the column that stays ------------------------------------------------------------------

    def _moved_sideways(self) -> None:
        """What stays is painted where it was; Qt would carry its picture along."""
        self.viewport().update()
        self.horizontalHeader().viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and their first cells again where one has scrolled sideways."""
        super().paintEvent(event)
        paint_first_cells(self, self.chosen)

    # ---- size -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give what is left of the width to the column that stretches."""
        super().resizeEvent(event)
        self.shape.fit()
        self._prefetch()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the rows when the font changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit_rows()


def _place_in(ids: Sequence[int], row_id: int) -> int | None:
    return ids.index(row_id) if row_id in ids else None
