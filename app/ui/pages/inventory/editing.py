"""Edit a cell where it stands: Enter keeps it and goes down, Tab goes to the next column, Esc leaves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.ui.lists.list_view import ListView

Save = Callable[[int, str, str], object]  # the row's id, the field, and what was written


class CellEditor(QLineEdit):
    """A field over one cell of the grid; one at a time."""

    def __init__(self, view: ListView, save: Save) -> None:
        super().__init__(view.viewport())
        self._view, self._save = view, save
        self._at = (-1, -1)
        self._before = ""
        self._row_id = 0
        self.setObjectName("cell")
        self.setAccessibleName("Cell")
        self.hide()
        view.verticalScrollBar().valueChanged.connect(self.leave)
        view.horizontalScrollBar().valueChanged.connect(self.leave)
        view.rows.loaded.connect(self._follow)

    @property
    def is_open(self) -> bool:
        """Whether a cell is being edited."""
        return not self.isHidden()

    def why_not(self) -> str:
        """Say why the cell under the cursor cannot be edited, or nothing."""
        if self._view.current_row is None:
            return "no SKU is selected"
        return "" if self._columns() else "no column that is shown can be edited: choose some"

    def open(self) -> None:
        """Edit the cell under the cursor, or the first one of its row that can be."""
        index = self._view.currentIndex()
        columns = self._columns()
        if not index.isValid() or not columns:
            return
        at = index.column() if index.column() in columns else columns[0]
        self._edit(index.row(), at)

    def leave(self) -> None:
        """Keep nothing, and give the list its keys back."""
        if self.is_open:
            self._at = (-1, -1)
            self.hide()
            self._view.setFocus()

    def _follow(self) -> None:
        """Stay on the row while the list is read anew, with what was written so far."""
        row = self._view.current_row
        if not self.is_open:
            return
        if row is None or row.id != self._row_id:
            self.leave()
            return
        self._at = (self._view.currentIndex().row(), self._at[1])
        self.setGeometry(self._view.visualRect(self._view.rows.index(*self._at)))

    def _columns(self) -> list[int]:
        """Return the columns that are shown and can be edited, from left to right."""
        head = self._view.horizontalHeader()
        shown = [n for n, c in enumerate(self._view.rows.columns)
                 if c.edits and not head.isSectionHidden(n)]  # fmt: skip
        return sorted(shown, key=head.visualIndex)

    def _edit(self, row: int, column: int) -> None:
        record = self._view.rows.peek(row)
        if record is None:
            return
        self._view.go(row - self._view.currentIndex().row())
        self._at = (row, column)
        index = self._view.rows.index(row, column)
        self._view.scrollTo(index)
        shown = self._view.rows.columns[column]
        self._row_id, self._before = record.id, shown.text(record)
        self.setAccessibleName(f"{shown.words} of {self._view.rows.columns[0].text(record)}")
        self.setText(self._before)
        self.setGeometry(self._view.visualRect(index))
        self.show()
        self.selectAll()
        self.setFocus()

    def _keep(self) -> None:
        if self._at[0] >= 0 and self.text() != self._before:
            field = self._view.rows.columns[self._at[1]].edits
            self._save(self._row_id, field, self.text())

    def _on(self, rows: int, columns: int) -> None:
        """Keep what was written, and edit another cell."""
        self._keep()
        row, there = self._at[0] + rows, self._columns()
        at = there.index(self._at[1]) + columns if self._at[1] in there else 0
        if 0 <= row < self._view.rows.rowCount() and 0 <= at < len(there):
            self._edit(row, there[at])
        else:
            self.leave()

    def event(self, event: QEvent) -> bool:
        """Take Tab before it moves the focus."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Tab: (0, 1), Qt.Key.Key_Backtab: (0, -1)}.get(Qt.Key(event.key()))
            if steps is not None:
                self._on(*steps)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep with Enter (and go down) or an arrow, leave with Esc."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Down:
                self._on(1, 0)
            case Qt.Key.Key_Up:
                self._on(-1, 0)
            case Qt.Key.Key_Escape:
                self.leave()
            case _:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep what was written when somebody goes elsewhere; a menu or another window is not that."""
        super().focusOutEvent(event)
        elsewhere = event.reason() not in (
            Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason,
        )  # fmt: skip
        if elsewhere and self.is_open and self._at[0] >= 0:
            self._keep()
            self._at = (-1, -1)
            self.hide()
