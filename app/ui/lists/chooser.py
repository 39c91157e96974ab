"""Which columns does one want to see? A list to tick and to move, over the page."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from app.ui.lists.columns import Column, Layout
from app.ui.lists.list_view import ListView
from app.ui.overlay import Overlay
from app.ui.widgets.controls import across, button, down
from app.ui.widgets.text import Text
from app.ui.words import literal_tooltip

NAME = Qt.ItemDataRole.UserRole + 1
WIDTH = 330
MARGIN = 12


class ColumnChooser(Overlay):
    """Shows at once what is chosen; nothing needs to be confirmed."""

    def __init__(self, parent: QWidget, view: ListView) -> None:
        super().__init__(parent, "Columns")
        self._view = view
        self.list = QListWidget()
        self.list.setObjectName("columns")
        self.list.setAccessibleName("Columns, from left to right")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.installEventFilter(self)
        self.list.itemChanged.connect(lambda _item: self._take_over())
        self.list.model().rowsMoved.connect(lambda *_where: self._take_over())
        self.up = button("Up", lambda: self.move_current(-1), name="Move the column to the left",
                         hint="Alt+Up")  # fmt: skip
        self.down = button("Down", lambda: self.move_current(1), name="Move the column to the right",
                           hint="Alt+Down")  # fmt: skip
        self.reset = button("Reset", self._reset, kind="quiet", name="Show the page's own columns",
                            hint="The columns, order and widths that the page itself has")  # fmt: skip
        done = button("Done", self.close_overlay, kind="primary", hint="Esc")
        hint = Text("Space shows or hides, Alt+↑ and Alt+↓ move. The first column always stays.",
                    quiet=True, wraps=True, step="small")  # fmt: skip
        self.setLayout(
            down(Text("Columns", step="strong"), self.list, hint,
                 across(self.up, self.down, self.reset, None, done, spacing=6),
                 spacing=8, margins=(13, 11, 13, 11))
        )  # fmt: skip

    def open(self) -> None:
        """Show the columns as they are now."""
        self._fill()
        super().open()
        self.list.setCurrentRow(min(1, self.list.count() - 1))
        self.list.setFocus()

    def place(self) -> None:
        """Stand at the list's right edge, below its header."""
        room = self.room()
        height = min(560, room.height() - 80)
        self.setGeometry(room.width() - WIDTH - MARGIN, 56, WIDTH, height)

    def _fill(self) -> None:
        """List what can be seen first, in its order, and then what is offered besides."""
        shown = self._view.shape.on_screen()
        named = {column.name: column for column in self._view.rows.columns}
        others = [name for name in named if name not in shown]
        self.list.blockSignals(True)
        self.list.clear()
        for name in [*shown, *others]:
            self.list.addItem(_item(named[name], is_shown=name in shown))
        first = self.list.item(0)
        first.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self.list.blockSignals(False)

    def _take_over(self) -> None:
        items = [self.list.item(row) for row in range(self.list.count())]
        names = [str(item.data(NAME)) for item in items
                 if item.checkState() == Qt.CheckState.Checked]  # fmt: skip
        shape = self._view.shape
        shape.choose(shape.layout.showing(names))

    def move_current(self, step: int) -> None:
        """Move a column by one place; nothing goes before the first."""
        row = self.list.currentRow()
        if row < 1 or not 1 <= row + step < self.list.count():
            return
        self.list.blockSignals(True)
        self.list.insertItem(row + step, self.list.takeItem(row))
        self.list.setCurrentRow(row + step)
        self.list.blockSignals(False)
        self._take_over()

    def _reset(self) -> None:
        self._view.shape.choose(Layout())
        self._fill()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move with Alt and the arrows."""
        if watched is self.list and isinstance(event, QKeyEvent) and _moves(event):
            self.move_current(-1 if event.key() == Qt.Key.Key_Up else 1)
            return True
        return super().eventFilter(watched, event)


def _moves(event: Any) -> bool:
    return bool(
        event.type() == QEvent.Type.KeyPress
        and event.modifiers() & Qt.KeyboardModifier.AltModifier
        and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
    )


def _item(column: Column, *, is_shown: bool) -> QListWidgetItem:
    made = QListWidgetItem(column.words)
    made.setData(NAME, column.name)
    made.setToolTip(literal_tooltip(column.about))
    made.setCheckState(Qt.CheckState.Checked if is_shown else Qt.CheckState.Unchecked)
    return made
