"""The list on every page: keeps selection, cursor and scroll while data come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.ui.lists.delegates import CellDelegate, row_height
from app.ui.lists.table import Index, Source, TableModel
from app.ui.timers import once
from app.ui.words import visible

SOLE = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
ALSO = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


class ListView(QTableView):
    """A dense list over a ``TableModel``. The selection is known by ids, so that a refresh keeps it."""

    selection_changed = Signal()
    current_changed = Signal(object)  # the row under the cursor, or None
    opened = Signal(object)  # Enter or double click

    def __init__(self, model: TableModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.setObjectName(name.lower())
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(CellDelegate(model, self))
        self._behave()
        self._head()
        self._is_restoring = False
        self._kept_all = False
        self._kept_number = 0
        self._kept: set[int] = set()
        self._kept_current: int | None = None
        self._kept_top = 0
        self._wants_first = True
        self._sought: int | None = None
        self.announced: int | None = None
        self._settle = once(self, 0, self._announce)
        model.about_to_change.connect(self._remember)
        model.loaded.connect(self._restore)
        model.page_arrived.connect(self._settle.start)
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
        """Give every row the dense height of the font in use."""
        height = row_height(self.font())
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)

    def _head(self) -> None:
        head = self.horizontalHeader()
        # Qt's header asks at every paint whether each column is selected in all rows: 7 s at a
        # million rows. A selection model of its own, always empty, answers at once.
        head.setSelectionModel(QItemSelectionModel(self.rows, head))
        head.setHighlightSections(False)
        head.setSectionsMovable(True)
        head.setSortIndicatorShown(True)
        head.setSortIndicatorClearable(True)
        head.setSectionsClickable(True)
        head.setMinimumSectionSize(34)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.size_columns()
        head.sortIndicatorChanged.connect(self._sort)

    def size_columns(self) -> None:
        """Give every column the width that it asks for."""
        for number in range(len(self.rows.columns)):
            self.setColumnWidth(number, self._wished(number))
        self._show_sorting()
        self.stretch()

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
        if column < 0 or not self.rows.columns[column].sort:
            self._show_sorting()
            return
        self.rows.sort_by(column, order == Qt.SortOrder.DescendingOrder)

    # ---- what is shown --------------------------------------------------------------------------

    def show_source(self, source: Source) -> None:
        """Show another query from its top."""
        self._wants_first = True
        self.rows.show(source)

    def seek(self, row_id: int) -> None:
        """Put the cursor on a row as soon as it is here, if the first page that comes has it."""
        self._sought = row_id

    def refresh(self) -> None:
        """Read again what is on the screen; cursor, selection and scroll stay."""
        first, last = self.visible_rows()
        self.rows.reload({first, last, max(0, self.currentIndex().row())})

    def visible_rows(self) -> tuple[int, int]:
        """Return the first and the last row on the screen."""
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        return first, last if last >= 0 else max(0, self.rows.rowCount() - 1)

    def _prefetch(self) -> None:
        self.rows.prefetch(*self.visible_rows())

    # ---- selection ------------------------------------------------------------------------------

    @property
    def current_row(self) -> Any | None:
        """The row under the cursor, if it is here."""
        return self.rows.peek(self.currentIndex().row()) if self.currentIndex().isValid() else None

    @property
    def is_all_selected(self) -> bool:
        """Whether every row of the query is selected, those that are not here included."""
        return self.selected_count == self.rows.rowCount() > 1

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """The selection as ranges of row numbers; reading it costs nothing however large it is."""
        parts = self.selectionModel().selection()
        found = sorted((parts.at(n).top(), parts.at(n).bottom()) for n in range(parts.count()))
        merged: list[tuple[int, int]] = []
        for top, bottom in found:
            if merged and top <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(bottom, merged[-1][1]))
            else:
                merged.append((top, bottom))
        return merged

    @property
    def selected_count(self) -> int:
        """How many rows are selected."""
        return sum(last - first + 1 for first, last in self.ranges)

    def here(self, limit: int = 2000) -> list[Any]:
        """Return the selected rows that are here, at most ``limit`` of them."""
        found = []
        for first, last in self.ranges:
            for number in range(first, min(last + 1, first + limit)):
                row = self.rows.peek(number)
                if row is not None:
                    found.append(row)
        return found[:limit]

    def selected_ids(self, then: Callable[[list[int]], object]) -> None:
        """Find the ids of all selected rows, loaded or not."""
        if self.is_all_selected:
            self.rows.all_ids(then)
            return
        here = self.here()
        if len(here) == self.selected_count:
            then([row.id for row in here])
        else:
            self.rows.rows_between(self.ranges, lambda rows: then([row.id for row in rows]))

    def select_ids(self, ids: Iterable[int]) -> None:
        """Select these rows as far as they are here (what a bulk action left over, for one)."""
        parts = QItemSelection()
        for row_id in ids:
            number = self.rows.number_of(row_id)
            if number is not None:
                parts.select(self.rows.index(number, 0), self._end(number))
        self.selectionModel().select(parts, SOLE)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell the page, once for many changes."""
        super().selectionChanged(selected, deselected)
        if not getattr(self, "_is_restoring", True):
            self._settle.start()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell the page."""
        super().currentChanged(current, previous)
        if not getattr(self, "_is_restoring", True):
            self._settle.start()

    def _announce(self) -> None:
        self.selection_changed.emit()
        row = self.current_row
        self.announced = row.id if row else None
        self.current_changed.emit(row)

    # ---- keeping the place ----------------------------------------------------------------------

    def _remember(self) -> None:
        self._is_restoring = True
        self._kept_all = self.is_all_selected
        self._kept = {row.id for row in self.here()}
        row = self.current_row
        self._kept_current = row.id if row else None
        self._kept_number = self.currentIndex().row()
        self._kept_top = self._kept_number - self.visible_rows()[0]

    def _restore(self) -> None:
        if self._wants_first:
            self._wants_first = False
            self._go_to(self._first_place())
        else:
            self._go_to(self._place_of_current())
            if self._kept_all:
                self.selectAll()
            elif len(self._kept) > 1:
                self._reselect()
        self._is_restoring = False
        self._settle.start()

    def _first_place(self) -> int:
        """Return where the cursor begins: on the row that was sought, or else on top."""
        sought, self._sought = self._sought, None
        return (self.rows.number_of(sought) if sought is not None else None) or 0

    def _place_of_current(self) -> int:
        """Return where the cursor's row is now; if it has gone, the row that took its place."""
        if self._kept_current is not None:
            number = self.rows.number_of(self._kept_current)
            if number is not None:
                return number
        return min(max(0, self._kept_number), self.rows.rowCount() - 1)

    def _go_to(self, number: int) -> None:
        if number < 0 or number >= self.rows.rowCount():
            self.selectionModel().clear()
            return
        self.selectionModel().setCurrentIndex(self.rows.index(number, 0), SOLE)
        self.verticalScrollBar().setValue(max(0, number - max(0, self._kept_top)))
        self.scrollTo(self.rows.index(number, 0))

    def _reselect(self) -> None:
        for row_id in self._kept:
            number = self.rows.number_of(row_id)
            if number is not None:
                self.selectionModel().select(self.rows.index(number, 0), ALSO)

    def _end(self, number: int) -> QModelIndex:
        return self.rows.index(number, len(self.rows.columns) - 1)

    # ---- keys -----------------------------------------------------------------------------------

    def go(self, step: int) -> None:
        """Move the cursor by some rows."""
        number = self.currentIndex().row() + step
        if 0 <= number < self.rows.rowCount():
            self.selectionModel().setCurrentIndex(self.rows.index(number, 0), SOLE)

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
        self.rows.rows_between(self.ranges, self._copy_rows)

    def _copy_rows(self, rows: list[Any]) -> None:
        columns = self.rows.columns
        lines = ["\t".join(column.title for column in columns)]
        lines += ["\t".join(_cell(column.text(row)) for column in columns) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    # ---- shape ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give what is left of the width to the column that stretches."""
        super().resizeEvent(event)
        self.stretch()
        self._prefetch()

    def stretch(self) -> None:
        """Give what is left of the width to the column that stretches."""
        room = self.viewport().width()
        shown = self._shown(room)
        others = sum(self._wished(n) for n in shown if not self.rows.columns[n].stretches)
        for number, column in enumerate(self.rows.columns):
            self.setColumnHidden(number, number not in shown)
            if column.stretches:
                self.setColumnWidth(number, max(self._wished(number), room - others))

    def _wished(self, number: int) -> int:
        digit = self.fontMetrics().horizontalAdvance("0")
        return self.rows.columns[number].width * digit + 14

    def _shown(self, room: int) -> list[int]:
        """Return the columns for which there is room: the least important ones go first."""
        shown = [n for n, column in enumerate(self.rows.columns) if not column.is_hidden]
        going = sorted(
            (n for n in shown if self.rows.columns[n].leaves),
            key=lambda n: self.rows.columns[n].leaves,
        )
        while going and sum(map(self._wished, shown)) > room:
            shown.remove(going.pop(0))
        return shown

    def changeEvent(self, event: QEvent) -> None:
        """Fit the rows when the font changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit_rows()


def _cell(text: str) -> str:
    """Return text that a spreadsheet takes as text: a formula in it must not run."""
    text = visible(text)
    return f"'{text}" if text[:1] in "=+-@" and not text[1:2].isdigit() else text
