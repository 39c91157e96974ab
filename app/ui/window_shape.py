"""How does the window look, and how does it look the same the next time?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtWidgets import QMainWindow

from app.config import home
from app.ui.lists.delegates import COMPACT, DENSITIES
from app.ui.lists.list_view import ListView
from app.ui.operations import Operations
from app.ui.pages.page import Page
from app.ui.theme import Theme

TITLE_BAR = 40


def kept_settings() -> QSettings:
    """Return where windows keep their shape, and what was chosen for them."""
    return QSettings(str(home() / "window.ini"), QSettings.Format.IniFormat)


class ShapedWindow(QMainWindow):
    """A window that keeps its size, its theme, the density of its rows and how its pages were left."""

    def __init__(self, operations: Operations, theme: Theme) -> None:
        super().__init__()
        self.operations, self.theme = operations, theme
        self.pages: dict[str, Page] = {}
        self._first = ""

    def settings(self) -> QSettings:
        """Return where the window keeps its shape."""
        return kept_settings()

    def theme_mode(self) -> str:
        """Return what was chosen: system, light or dark."""
        return self.theme.mode

    def set_theme(self, mode: str) -> None:
        """Change light and dark."""
        self.theme.set_mode(mode)
        self.settings().setValue("theme", mode)

    def density(self) -> str:
        """Return how the rows of lists are shown."""
        kept = str(self.settings().value("density"))
        return kept if kept in DENSITIES else COMPACT

    def set_density(self, density: str) -> None:
        """Show the rows of every list compact or comfortable."""
        self.settings().setValue("density", density)
        self._show_density(density)

    def _show_density(self, density: str) -> None:
        for view in self.findChildren(ListView):
            view.set_density(density)

    def restore(self) -> None:
        """Look as one was left the last time."""
        settings = self.settings()
        kept = settings.value("geometry")
        if kept is None or not self.restoreGeometry(kept):
            self.resize(self._fitting(QSize(1440, 900)))
        for each in self.pages.values():
            each.restore(_state(settings.value(f"pages/{each.id}")))
        self._show_density(self.density())
        self._first = str(settings.value("page") or "")

    def first_page(self) -> str:
        """Return the page to begin with: the one that was shown last."""
        return self._first if self._first in self.pages else "today"

    def _fitting(self, wanted: QSize) -> QSize:
        """Return a size that leaves room for the title bar: a status line below the edge is lost."""
        screen = self.screen().availableGeometry().size()
        return wanted.boundedTo(screen - QSize(0, TITLE_BAR))

    def remember(self, page: str) -> None:
        """Keep how one looks, and which page is shown."""
        settings = self.settings()
        settings.setValue("geometry", self.saveGeometry())
        settings.setValue("page", page)
        for each in self.pages.values():
            settings.setValue(f"pages/{each.id}", json.dumps(each.state()))

    def come_forward(self) -> None:
        """Stand before the other windows, with the keyboard."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()


def _state(text: object) -> Mapping[str, Any]:
    """Return how a page was left; what somebody has spoilt by hand counts as nothing."""
    try:
        kept = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        kept = {}
    return kept if isinstance(kept, dict) else {}
