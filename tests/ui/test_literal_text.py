"""What a buyer typed is text, wherever it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.services.desk import Desk
from app.ui.widgets.controls import button
from app.ui.words import literal_tooltip, visible
from tests.queries import brand
from tests.ui.conftest import DeskWindow

HOSTILE = "<img src=file:///etc/passwd> <b>Bob</b>"
SOURCES = Path(__file__).resolve().parents[2] / "app" / "ui"


def test_markup_in_a_name_is_shown_letter_by_letter(
    desk: Desk, open_window: Callable[[Desk], DeskWindow]
) -> None:
    brand.take_in(desk, brand.order("EVIL", ("TEA-001", 1), buyer_name=HOSTILE, note=HOSTILE))
    shown = open_window(desk)
    shown.go("orders", "all")
    shown.select("EVIL")
    labels = [label for label in shown.window.findChildren(QLabel) if "<img" in label.text()]
    assert labels
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    cells = [
        shown.orders.list.rows.index(shown.orders.list.currentIndex().row(), n) for n in range(6)
    ]
    assert HOSTILE in [cell.data() for cell in cells]


def test_a_button_shows_every_letter_of_a_name(qtbot: QtBot) -> None:
    made = button("SALT&PEPPER-2")
    qtbot.addWidget(made)
    assert made.text() == "SALT&PEPPER-2"
    assert made.shortcut().isEmpty(), "Alt+P presses it"
    assert QPushButton.text(made) == "SALT&&PEPPER-2"
    made.setText("Open B && C & Sons…")
    assert made.text() == "Open B && C & Sons…"
    assert QPushButton.text(made) == "Open B &&&& C && Sons…"


def test_every_button_is_one_that_shows_its_words() -> None:
    others = [
        path.name for path in SOURCES.rglob("*.py") if "QPushButton(" in path.read_text("utf-8")
    ]
    assert others == []


def test_every_label_is_a_plain_one() -> None:
    made = re.compile(r"\bQLabel\(|QMessageBox|setTextFormat\((?!Qt\.TextFormat\.PlainText)")
    found = [
        f"{path.name}: {line}"
        for path in SOURCES.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if made.search(line) and not line.startswith("class Text(QLabel)")
    ]
    assert found == []


def test_marks_that_turn_the_direction_are_visible() -> None:
    assert visible("invoice\u202etxt.exe") == "invoice[RLO]txt.exe"
    assert visible("two\nlines") == "two lines"


def test_letters_of_every_script_stay_as_they_are() -> None:
    for name in ("Zoë Müller", "山田 花子", "נועה", "👩‍🚀"):
        assert visible(name) == name


def test_a_tooltip_shows_markup_as_text() -> None:
    assert "&lt;img" in literal_tooltip(HOSTILE)
