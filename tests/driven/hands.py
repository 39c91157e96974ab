"""A person's hands at the desk: keys and clicks go through the X server, like anybody's."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.services.desk import Desk
from app.sync.files.exporter import FileExporter
from app.sync.files.importer import FileImporter
from app.ui.lists.list_view import ListView
from app.ui.operations import Operations
from app.ui.pages.exceptions.page import ExceptionsPage
from app.ui.pages.orders.page import OrdersPage
from app.ui.theme import Theme
from app.ui.window import Window

PATIENCE_S = 60.0
CALM_S = 0.35


class Hands:
    """Presses, clicks and looks; counts what it took."""

    def __init__(self, application: QApplication, desk: Desk) -> None:
        desk.importer, desk.exporter = FileImporter(desk), FileExporter(desk)
        self.desk, self.keys, self.clicks = desk, 0, 0
        self.operations = Operations(desk)
        self.bugs: list[str] = []
        self.operations.crashed.connect(self.bugs.append)
        self.window = Window(self.operations, Theme(application, "light"))
        self.window.resize(1440, 860)
        self.window.show()
        self.window.open()
        self.wait(lambda: self.window.isActiveWindow() and self._is_shown(), "no window")

    def _is_shown(self) -> bool:
        return bool(self.window.page) or self.window.first_run.isVisible()

    def press(self, *keys: str) -> None:
        """Press keys by their X names, one after the other: "g", "ctrl+a", "Return"."""
        for key in keys:
            self.keys += 1
            _xdotool("key", "--clearmodifiers", key)
            self.settle()

    def settle_cases(
        self, ways: dict[str, list[str]], by: Callable[[str], None] | None = None
    ) -> None:
        """Take the way out that suits each case: press its keys, or do something else by them."""
        page = self.window.pages["exceptions"]
        assert isinstance(page, ExceptionsPage)
        for _ in range(len(ways)):
            for step in ways[page.row.kind] if page.row is not None else []:
                (by or self.press)(step)

    @property
    def orders(self) -> OrdersPage:
        """The page Orders."""
        page = self.window.pages["orders"]
        assert isinstance(page, OrdersPage)
        return page

    def accept_everything(self) -> None:
        """Select all that is listed, with one click, and accept it with another."""
        self.click_button("Select all")
        self.click_button("Accept ")

    def click(self, widget: QWidget, at: QPoint | None = None, *, held: str = "") -> None:
        """Click on a widget, in its middle unless said otherwise, with a key held down if one is named."""
        place = widget.mapToGlobal(at if at is not None else widget.rect().center())
        where = ("mousemove", str(place.x()), str(place.y()), "click", "1")
        self.clicks += 1
        _xdotool(*(("keydown", held, *where, "keyup", held) if held else where))
        self.settle()

    def click_button(self, words: str, inside: QWidget | None = None) -> None:
        """Click on the visible button that says something."""
        found = [
            each
            for each in (inside or self.window).findChildren(QAbstractButton)
            if each.isVisible() and each.isEnabled() and each.accessibleName().startswith(words)
        ]
        assert found, f"there is no button “{words}”"
        self.click(found[0])

    def click_row(self, view: ListView, number: int, *, held: str = "") -> None:
        """Click on a row of a list."""
        rect: QRect = view.visualRect(view.model().index(number, 0))
        self.click(view.viewport(), rect.center(), held=held)

    def settle(self) -> None:
        """Wait until what was pressed has arrived, been answered and been drawn."""
        end, calm = time.monotonic() + PATIENCE_S, time.monotonic()
        while time.monotonic() - calm < CALM_S:
            QCoreApplication.processEvents()
            if self.operations.is_busy:
                calm = time.monotonic()
            assert time.monotonic() < end, "the window does not come to rest"
            time.sleep(0.005)
        assert not self.bugs, self.bugs[0]

    def wait(self, until: Callable[[], bool], otherwise: str) -> None:
        """Wait for something to become true."""
        end = time.monotonic() + PATIENCE_S
        while not until():
            QCoreApplication.processEvents()
            time.sleep(0.01)
            assert time.monotonic() < end, otherwise
        self.settle()

    def leave(self) -> None:
        """Close the desk."""
        self.operations.close()
        self.window.close()
        self.desk.store.close()


def _xdotool(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True, timeout=20)
