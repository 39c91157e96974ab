"""A person's keys: each goes to whatever has the focus, and nothing but keys is used."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import DeskWindow


class Keyboard:
    """Presses keys in the window that is active, and waits for what each of them does."""

    def __init__(self, shown: DeskWindow) -> None:
        self._shown = shown

    def press(self, *keys: str) -> None:
        """Press keys by name, one after the other: "G", "Down", "Return"."""
        for name in keys:
            QTest.keySequence(_focused(), QKeySequence(name))
            self._shown.settle()

    def write(self, *fields: str) -> None:
        """Type into the fields of a question, one after the other, and send it; "" leaves one as it is."""
        for at, words in enumerate(fields):
            if at:
                self.press("Tab")
            QTest.keyClicks(_focused(), words)
        self.press("Return")


def _focused() -> QWidget:
    field = QApplication.focusWidget()
    assert field is not None, "no key would arrive: nothing has the focus"
    return field
