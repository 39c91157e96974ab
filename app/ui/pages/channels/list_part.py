"""What do the second lists of the page Channels have in common? Views as tabs, a list, and a pane beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from app.domain.changes import Changes
from app.services.desk import Desk
from app.ui.lists.columns import Column
from app.ui.lists.list_view import ListView
from app.ui.lists.small import SmallSource
from app.ui.lists.table import TableModel
from app.ui.pages.asking import Asks
from app.ui.pages.page import Shell
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.pane import DetailPane


class ListPart(Asks, QWidget):
    """A list of a few hundred things, seen by views; whoever inherits it says what they are.

    ``views`` are the titles of the tabs, ``sizes`` how wide list and pane are at first.
    """

    name: ClassVar[str]
    views: ClassVar[Sequence[str]]
    sizes: ClassVar[Sequence[int]]

    def __init__(
        self, shell: Shell, columns: Sequence[Column], pane: DetailPane, *, first: int = 0
    ) -> None:
        super().__init__()
        self.shell, self._operations = shell, shell.operations
        self.pane, self._view = pane, first
        self.model = TableModel(self._operations, columns, parent=self)
        self.list = ListView(self.model, self.name)
        self.list.current_changed.connect(self.follow)
        self.model.loaded.connect(self.loaded)
        self.empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        pane.setMinimumWidth(380)
        body = QSplitter(Qt.Orientation.Horizontal)
        body.setHandleWidth(1)
        body.setChildrenCollapsible(False)
        body.addWidget(boxed(down(self._top(), self._stack, spacing=0)))
        body.addWidget(pane)
        body.setStretchFactor(0, 1)
        body.setSizes(list(self.sizes))
        self.setLayout(down(body))

    def _top(self) -> QWidget:
        self._tabs = [
            button(title, partial(self.show_view, at), kind="tab")
            for at, title in enumerate(self.views)
        ]
        for at, tab in enumerate(self._tabs):
            tab.setCheckable(True)
            tab.setChecked(at == self._view)
        return boxed(across(*self._tabs, None, *self.tools(), spacing=6, margins=(12, 6, 12, 6)))

    # ---- what each says of itself ---------------------------------------------------------------

    def tools(self) -> Sequence[QWidget]:
        """Return the buttons beside the tabs."""
        raise NotImplementedError

    def read(self, desk: Desk, view: int) -> Sequence[Any]:
        """Read the rows of a view; away from the window's thread."""
        raise NotImplementedError

    def say_nothing(self, view: int) -> None:
        """Say that a view is empty, and what may be done."""
        raise NotImplementedError

    def follow(self, row: Any) -> None:
        """Show the row that is selected, or that none is."""
        raise NotImplementedError

    # ---- the list -------------------------------------------------------------------------------

    def show_view(self, at: int) -> None:
        """Show another view."""
        self._view = at
        for n, tab in enumerate(self._tabs):
            tab.setChecked(n == at)
        self.refresh()

    def refresh(self) -> None:
        """Read the list again."""
        self.model.show(SmallSource(partial(self._read, view=self._view)))

    def _read(self, *, view: int) -> Sequence[Any]:
        return self.read(self._operations.desk, view)

    def loaded(self) -> None:
        """Show the list, or that it is empty."""
        has_rows = bool(self.model.rowCount())
        self._stack.setCurrentIndex(0 if has_rows else 1)
        if not has_rows:
            self.say_nothing(self._view)
            self.follow(None)

    # ---- acting ---------------------------------------------------------------------------------

    def done(self, changes: Changes) -> None:
        """Read the list again."""
        super().done(changes)
        self.refresh()
