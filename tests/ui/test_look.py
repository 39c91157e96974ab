"""Everyone can read it, hear it and reach it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QListWidget, QListWidgetItem, QWidget

from app.ui import statuses
from app.ui.lists.columns import Pill
from app.ui.theme import Theme
from app.ui.tokens import DARK, LIGHT, Tokens, contrast, marks, pairs
from tests.ui.conftest import DeskWindow


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_all_text_stands_out_from_its_ground(theme: Tokens) -> None:
    faint = {what: contrast(text, ground) for what, text, ground in pairs(theme)}
    assert {what: ratio for what, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_all_marks_stand_out_from_their_ground(theme: Tokens) -> None:
    faint = {what: contrast(colour, ground) for what, colour, ground in marks(theme)}
    assert {what: ratio for what, ratio in faint.items() if ratio < 3} == {}


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("state", Qt.CheckState)
def test_a_box_to_tick_is_seen_alone_and_in_a_list(
    theme: Theme, mode: str, state: Qt.CheckState
) -> None:
    theme.set_mode(mode)
    alone = QCheckBox()
    alone.setTristate()
    alone.setCheckState(state)
    listed = QListWidget()
    item = QListWidgetItem("")
    item.setCheckState(state)
    listed.addItem(item)
    for widget in (alone, listed):
        widget.resize(60, 40)
        image = widget.grab().toImage()
        ground = image.pixelColor(widget.width() - 2, widget.height() - 2).name()
        seen_at = [
            QColor(image.pixelColor(x, y)).name()
            for x in range(image.width() - 20) for y in range(image.height())
        ]  # fmt: skip
        assert sum(contrast(each, ground) >= 3 for each in seen_at) > 30
    theme.set_mode("light")


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


# How the three cone deficiencies see linear red, green and blue (Machado, Oliveira, Fernandes 2009,
# severity 1.0: https://doi.org/10.1109/TVCG.2009.113, table 1).
SEEN_BY = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
                   (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def seen(colour: str, by: str) -> str:
    """Return a colour as somebody with a cone deficiency sees it."""
    light = [(int(colour[at : at + 2], 16) / 255) ** 2.2 for at in (1, 3, 5)]
    mixed = [sum(part * way for part, way in zip(light, row, strict=True)) for row in SEEN_BY[by]]
    return "#" + "".join(f"{round(255 * min(1, max(0, each)) ** (1 / 2.2)):02X}" for each in mixed)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("eyes", SEEN_BY)
def test_text_stands_out_for_the_colour_blind_too(theme: Tokens, eyes: str) -> None:
    faint = {
        what: contrast(seen(text, eyes), seen(ground, eyes)) for what, text, ground in pairs(theme)
    }
    assert {what: ratio for what, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("words", [statuses.STEPS, statuses.SEVERITIES], ids=["orders", "cases"])
def test_no_two_statuses_differ_by_colour_alone(words: Mapping[str, Pill]) -> None:
    pills = list(words.values())
    assert all(pill.text and pill.icon for pill in pills)
    assert len({pill.text for pill in pills}) == len({pill.icon for pill in pills}) == len(pills)
