"""Nothing is cut off: on a small screen, in a larger font, in a language with longer words."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.theme import Theme
from tests.ui.conftest import DeskWindow
from tests.ui.looking import clipped, lengthen

SIZES = [(1366, 768), (1920, 1080)]


def everywhere(shown: DeskWindow) -> dict[str, list[str]]:
    """Look at every page, and say what does not fit there."""
    found = {}
    for page in shown.window.pages:
        shown.go(page)
        found[page] = clipped(shown.window)
    return {page: words for page, words in found.items() if words}


@pytest.mark.parametrize(("wide", "tall"), SIZES)
def test_all_words_fit_on_every_page(shown: DeskWindow, wide: int, tall: int) -> None:
    shown.window.resize(wide, tall)
    assert everywhere(shown) == {}


@pytest.mark.parametrize(("wide", "tall"), SIZES)
def test_all_words_fit_in_a_font_a_quarter_larger(
    shown: DeskWindow, theme: Theme, wide: int, tall: int
) -> None:
    font = QApplication.font()
    larger = QApplication.font()
    larger.setPointSizeF(font.pointSizeF() * 1.25)
    try:
        QApplication.setFont(larger)
        theme.set_mode("light")
        shown.window.resize(wide, tall)
        assert everywhere(shown) == {}
    finally:
        QApplication.setFont(font)
        theme.set_mode("light")


@pytest.mark.parametrize(("wide", "tall"), SIZES)
def test_words_that_are_two_fifths_longer_still_fit(
    shown: DeskWindow, wide: int, tall: int
) -> None:
    shown.window.resize(wide, tall)
    found = {}
    for page in shown.window.pages:
        shown.go(page)
        lengthen(shown.window)
        shown.window.resize(wide + 1, tall)  # what is laid out by hand is laid out anew
        shown.settle()
        found[page] = clipped(shown.window)
    assert {page: words for page, words in found.items() if words} == {}
