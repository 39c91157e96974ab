"""What is a page, and what may it ask of the window around it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QWidget

from app.domain.changes import Changes, Touched
from app.domain.papers import PaperKind
from app.ui.asking import Decision
from app.ui.commands import Command
from app.ui.operations import Operations
from app.ui.taking_back import Step
from app.ui.timers import once

REFRESH_MS = 200


class Shell(Protocol):
    """The window as its pages see it."""

    operations: Operations

    def go(self, page: str, query: str | None = None) -> None:
        """Show a page, with a search if one is given."""

    def open_order(self, order_id: int) -> None:
        """Show an order on the page Orders."""

    def open_sku(self, code: str) -> None:
        """Show a SKU on the page Inventory."""

    def say(self, title: str, more: str = "", *, can_undo: bool = False) -> None:
        """Say what was done."""

    def say_done(self, changes: Changes) -> None:
        """Say what an operation did, what it left alone and why, with the way back."""

    def complain(self, title: str, advice: str) -> None:
        """Say what could not be done, and what to do about it."""

    def confirm(self, decision: Decision) -> None:
        """Ask before something that cannot be taken back; for everything else there is undo."""

    def save_file(self, name: str, content: bytes) -> None:
        """Let the person choose where a file goes, and write it there."""

    def print_papers(self, kind: PaperKind, order_ids: Sequence[int]) -> None:
        """Show the papers of orders as they will be printed."""

    def plan_queue(self) -> None:
        """Plan the whole queue, and show what that would change."""

    def choose_files(self) -> None:
        """Let the person choose files to import."""

    def import_again(self, name: str, content: bytes) -> None:
        """Preview a file that came in before and is kept here."""

    def set_theme(self, mode: str) -> None:
        """Change light and dark."""

    def theme_mode(self) -> str:
        """Return what was chosen: system, light or dark."""

    def action(self, command_id: str) -> QAction:
        """Return a command as Qt knows it, for a menu of the page's own."""

    def set_density(self, density: str) -> None:
        """Show the rows of every list compact or comfortable."""

    def density(self) -> str:
        """Return how the rows of lists are shown."""

    def state_changed(self) -> None:
        """Bring menus and buttons up to date: something else is selected or shown."""


class Page(QWidget):
    """One page. It reads again when something that it shows has changed, and only while it is seen."""

    id: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    letter: ClassVar[str] = ""
    # The page under which it stands in the navigation; empty for one with a place of its own.
    beside: ClassVar[str] = ""
    interests: ClassVar[Touched] = Touched.ALL

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.title)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.shell = shell
        self.operations = shell.operations
        self._is_stale = True
        self._soon = once(self, REFRESH_MS, self._refresh)
        self.operations.changed.connect(self._heard)

    def refresh(self) -> None:
        """Read again what is shown."""

    def commands(self) -> Sequence[Command]:
        """Declare what can be done here."""
        return ()

    def lists(self) -> Sequence[QWidget]:
        """Return where plain letters are commands; without a list, the page itself."""
        return (self,)

    def start(self) -> None:
        """Put the cursor where work begins."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def search(self, query: str) -> None:
        """Show what a search finds, where the page can search."""

    def state(self) -> dict[str, Any]:
        """Return how the page is looked at, so that the next start can show it again."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at the page as it was left; what makes no sense any more is left out."""

    def offered_views(self) -> Sequence[tuple[str, str]]:
        """Return the ways to look at the page, as (key, title), where there are several."""
        return ()

    def show_view_by_key(self, key: str) -> None:
        """Look at the page in one of these ways."""

    def why_not_repeat(self) -> str:
        """Say why nothing here can have the last action done to it as well."""
        return "select an order in a list"

    def repeat(self, last: Step) -> None:
        """Do the last action again, to what is selected here."""

    def _heard(self, changes: Changes) -> None:
        if changes.touched & self.interests:
            self.make_stale()

    def make_stale(self) -> None:
        """Read again soon: an import changes things fifty times a second, an eye needs five."""
        self._is_stale = True
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _refresh(self) -> None:
        if self._is_stale and self.isVisible():
            self._is_stale = False
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up on what changed while nobody looked."""
        super().showEvent(event)
        self._refresh()


Run = Callable[[], object]
