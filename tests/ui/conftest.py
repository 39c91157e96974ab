"""A real window on a real store: a small brand with one order in each state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.services.desk import Desk
from app.sync.files.exporter import FileExporter
from app.sync.files.importer import FileImporter
from app.ui.operations import Operations
from app.ui.pages.inventory.page import InventoryPage
from app.ui.pages.orders.page import OrdersPage
from app.ui.resting import come_to_rest
from app.ui.theme import Theme
from app.ui.window import Window
from tests.queries import brand

PATIENCE_S = 60.0


class DeskWindow:
    """The window as a person uses it: look, press keys, click, wait until it is quiet."""

    def __init__(self, desk: Desk, qtbot: QtBot, theme: Theme) -> None:
        self.desk, self.qtbot = desk, qtbot
        self.operations = Operations(desk)
        self.bugs: list[str] = []
        self.operations.crashed.connect(self.bugs.append)
        self.window = Window(self.operations, theme)
        self.window.resize(1920, 1080)
        with qtbot.waitExposed(self.window):
            self.window.show()
        # A key only becomes a command in the active window; the one before may be so a moment longer.
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        # The program remembers what the last key was pressed with, in whichever test that was.
        QTest.keyRelease(self.window, Qt.Key.Key_Control)

    def settle(self) -> None:
        """Wait until everything that was asked has been answered and shown."""
        assert come_to_rest(self.operations, PATIENCE_S), "the window does not come to rest"
        assert not self.bugs, self.bugs[0]

    @property
    def orders(self) -> OrdersPage:
        """The page Orders."""
        page = self.window.pages["orders"]
        assert isinstance(page, OrdersPage)
        return page

    @property
    def inventory(self) -> InventoryPage:
        """The page Inventory."""
        page = self.window.pages["inventory"]
        assert isinstance(page, InventoryPage)
        return page

    def go(self, page: str, view: str = "") -> None:
        """Open a page, in one of its views."""
        self.window.go(page)
        self.settle()
        if view:
            here = self.orders
            here.show_view(here.view_of(view))
            self.settle()

    def select(self, number: str) -> None:
        """Put the cursor on an order."""
        rows = self.orders.list.rows
        at = next(n for n in range(rows.rowCount()) if rows.peek(n).number == number)  # type: ignore[union-attr]
        self.orders.list.selectRow(at)
        self.settle()

    def press(self, key: Qt.Key, widget: QWidget | None = None) -> None:
        """Press a key in a widget, by default the list of the page Orders, and wait."""
        QApplication.processEvents()
        QTest.keyClick(widget or self.orders.list, key)
        self.settle()

    def numbers(self) -> list[str]:
        """Return the order numbers that are listed."""
        rows = self.orders.list.rows
        return [rows.peek(n).number for n in range(rows.rowCount())]  # type: ignore[union-attr]

    def close(self) -> None:
        """Close as a person does."""
        self.operations.close()
        QCoreApplication.processEvents()
        self.window.close()
        self.window.deleteLater()
        # Without a running loop nothing is deleted by itself, and every theme after this one would
        # be put on all the windows before it as well.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """Put the light theme on."""
    return Theme(qapp, "light")


@pytest.fixture
def open_window(qtbot: QtBot, theme: Theme) -> Iterator[Callable[[Desk], DeskWindow]]:
    """Open windows on desks, and close them in the end."""
    opened: list[DeskWindow] = []

    def open_it(desk: Desk) -> DeskWindow:
        desk.importer, desk.exporter = FileImporter(desk), FileExporter(desk)
        opened.append(DeskWindow(desk, qtbot, theme))
        return opened[-1]

    yield open_it
    for each in opened:
        each.close()
        each.desk.store.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Open the desk of a small brand with one order in each state."""
    return brand.busy_desk(f"sqlite:///{tmp_path / 'desk.sqlite'}")


@pytest.fixture
def shown(desk: Desk, open_window: Callable[[Desk], DeskWindow]) -> DeskWindow:
    """Open the window on that desk, on the page Orders with everything listed."""
    window = open_window(desk)
    window.go("orders", "all")
    return window
