"""Everyone can read it, hear it and reach it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.tokens import DARK, LIGHT, Tokens, contrast, pairs
from tests.ui.conftest import DeskWindow


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_all_text_stands_out_from_its_ground(theme: Tokens) -> None:
    faint = {what: contrast(text, ground) for what, text, ground in pairs(theme)}
    assert {what: ratio for what, ratio in faint.items() if ratio < 4.5} == {}


def test_whatever_takes_the_focus_has_a_name(shown: DeskWindow) -> None:
    for page in shown.window.pages:
        shown.go(page)
    shown.window.open_palette()
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in shown.window.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.objectName().startswith("qt_")
        and not widget.accessibleName()
    ]
    assert nameless == []


def test_the_theme_changes_without_a_restart(shown: DeskWindow) -> None:
    shown.window.set_theme("dark")
    base = QApplication.palette().color(QPalette.ColorRole.Base).name()
    assert base.upper() == DARK.surface
    shown.window.set_theme("light")
    base = QApplication.palette().color(QPalette.ColorRole.Base).name()
    assert base.upper() == LIGHT.surface


def test_the_window_comes_back_as_it_was_left(shown: DeskWindow) -> None:
    shown.window.resize(1300, 800)
    shown.window.set_theme("dark")
    shown.window.close()
    assert shown.window.settings().value("theme") == "dark"
    assert shown.window.settings().value("geometry") is not None
