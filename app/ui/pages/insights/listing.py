"""The rows behind a number: a title that says which they are, the list, and the way to each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from app.ui.lists.columns import Column
from app.ui.lists.list_view import ListView
from app.ui.lists.sources import Source
from app.ui.lists.table import TableModel
from app.ui.pages.page import Shell
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.text import Text

_BLANK: Final = (Column("Row", lambda row: str(row.id)),)


@dataclass(frozen=True, slots=True)
class RowList:
    """What is listed: from where, by which columns, how so many rows are said, and what one opens."""

    source: Callable[[], Source]
    columns: Sequence[Column]
    says: Callable[[int], str]
    opens: Callable[[Any], object]


class RowsPanel(QWidget):
    """Lists what a number counts; nothing, and out of sight, until somebody asks."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.listing: RowList | None = None
        self.model = TableModel(shell.operations, _BLANK, parent=self)
        self.list = ListView(self.model, "Rows")
        self.list.opened.connect(lambda _row: self.open_row())
        self.list.current_changed.connect(lambda _row: shell.state_changed())
        self.model.loaded.connect(self._say)
        self._title = Text(step="strong", wraps=True)
        close = button("Close", self.put_away, kind="link", name="Close the rows")
        opens = button("Open", self.open_row, kind="link", hint="Open the row under the cursor (Enter)",
                       name="Open the row")  # fmt: skip
        layout = down(across(self._title, opens, close, margins=(14, 6, 14, 2)), self.list,
                      spacing=0)  # fmt: skip
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.hide()

    def show_rows(self, listing: RowList) -> None:
        """List exactly these rows."""
        self.listing = listing
        self.model.empty_for(listing.columns)
        self.list.size_columns()
        self.show()
        self._title.say("Reading …")
        self.model.show(listing.source())
        self.list.setFocus()

    def refresh(self) -> None:
        """Read the rows again."""
        if self.listing is not None:
            self.model.adopt(self.listing.source())
            self.list.refresh()

    def put_away(self) -> None:
        """List nothing any more."""
        self.listing = None
        self.hide()

    def _say(self) -> None:
        if self.listing is not None:
            self._title.say(self.listing.says(self.model.rowCount()))

    def why_not_open(self) -> str:
        """Say why there is nothing to open."""
        return "" if self._current() is not None else "no row is selected"

    def open_row(self) -> None:
        """Open what the row under the cursor is about."""
        row = self._current()
        if row is not None and self.listing is not None:
            self.listing.opens(row)

    def _current(self) -> Any:
        return None if self.listing is None else self.list.current_row


class OverRows(QSplitter):
    """Something with the rows of its numbers below or beside it, once somebody asks for them."""

    def __init__(
        self, above: QWidget, rows: RowsPanel, way: Qt.Orientation = Qt.Orientation.Vertical
    ) -> None:
        super().__init__(way)
        self.setChildrenCollapsible(False)
        self._rows = rows
        self.addWidget(above)
        self.addWidget(rows)

    def show_rows(self, listing: RowList) -> None:
        """List rows, and give them their room."""
        was_hidden = self._rows.isHidden()
        self._rows.show_rows(listing)
        if was_hidden:
            is_below = self.orientation() is Qt.Orientation.Vertical
            room = max(300, self.height() if is_below else self.width())
            self.setSizes([round(room * 0.55), round(room * 0.45)])


def padded(inside: QWidget) -> QWidget:
    """Return it with the room around it that charts have here."""
    return boxed(down(inside, margins=(10, 2, 16, 10)))
