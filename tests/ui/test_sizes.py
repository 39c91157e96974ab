"""Nothing is cut off: on a small screen, in a larger font, in a language with longer words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.queries.settings import Brand
from app.services.backup_schedule import Schedule
from app.ui import statuses
from app.ui.lists.columns import Pill
from app.ui.overlay import Overlay
from app.ui.pages.asking import AskingPage
from app.ui.pages.settings.page import SettingsPage
from app.ui.theme import Theme
from app.ui.tokens import Tone
from app.ui.widgets.controls import choice
from app.ui.widgets.pane import Beside
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Text
from tests.ui.conftest import DeskWindow
from tests.ui.looking import clipped, lengthen

SIZES = [(1366, 768), (1920, 1080)]


# What the system asks in a window of its own, and what needs more than one thing to be there.
NOT_OURS = (
    "app.import_files",
    "app.back_up_desk",
    "app.show_first_steps",
    "view.export_list",
    "inventory.export_catalogue",
    "inventory.export_kits",
)
OVERLAYS = ("app.open_palette", "app.show_keys", "app.change_keys", "app.set_notifications",
            "app.open_activity", "app.open_manual", "app.show_about", "app.search_help")  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_answers_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every dialog of the system's own be left at once: nobody is here to answer it."""
    left = {"getSaveFileName": ("", ""), "getOpenFileName": ("", ""), "getOpenFileNames": ([], ""),
            "getExistingDirectory": ""}  # fmt: skip
    for name, answer in left.items():
        monkeypatch.setattr(QFileDialog, name, lambda *_a, answer=answer, **_k: answer)


@contextmanager
def larger_font(theme: Theme) -> Iterator[None]:
    """Read everything in a font a quarter larger."""
    font, larger = QApplication.font(), QApplication.font()
    larger.setPointSizeF(font.pointSizeF() * 1.25)
    try:
        QApplication.setFont(larger)
        theme.set_mode("light")
        yield
    finally:
        QApplication.setFont(font)
        theme.set_mode("light")


def questions(shown: DeskWindow) -> Iterator[str]:
    """Open every form and overlay that a command opens, one after the other; yield which."""
    register = shown.window.register
    for page in shown.window.pages:
        shown.go(page)
        for command in register.all():
            asks = (command.title.endswith("…") and command.scope == page) or (
                page == "orders" and command.scope == "" and command.title.endswith("…")
            )
            wanted = asks or (page == "orders" and command.id in OVERLAYS)
            if not wanted or command.id in NOT_OURS or not register.run(command.id):
                continue
            shown.settle()
            yield command.id
            put_away(shown)

    yield from settings(shown)


def settings(shown: DeskWindow) -> Iterator[str]:
    """Open the questions of the page Settings."""
    shown.go("settings")
    page = shown.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    for ask in (page.places.add_place, page.people.add_person,
                lambda: page.brand.ask(Brand("Fictional Tea", "", "", "America/New_York")),
                lambda: page.backups.ask(Schedule())):  # fmt: skip
        ask()
        shown.settle()
        form = page.pane.form
        yield form.accessibleName() if form is not None else "nothing was asked"
        put_away(shown)


def put_away(shown: DeskWindow) -> None:
    """Leave whatever is open."""
    while (on_top := Overlay.on_top(shown.window)) is not None:
        on_top.leave()
    page = shown.window.page
    if isinstance(page, AskingPage):
        page.answered()
    shown.settle()


def cut_off(shown: DeskWindow, *, is_long: bool) -> dict[str, list[str]]:
    """Say what does not fit in which form or overlay."""
    found = {}
    for name in questions(shown):
        if is_long:
            lengthen(shown.window)
            shown.window.resize(shown.window.width() + 1, shown.window.height())
            shown.settle()
        found[name] = clipped(shown.window)
    assert len(found) > 20, "most forms did not open"
    return {name: words for name, words in found.items() if words}


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


@pytest.mark.parametrize(("wide", "below"), [(343, True), (640, False)])
def test_what_is_said_of_a_long_number_goes_below_it(
    qtbot: QtBot, theme: Theme, wide: int, below: bool
) -> None:
    theme.set_mode("light")
    title = Text("112-3147688-7445267", step="title", copies=True)
    pill = PillLabel(statuses.step("nolocation"))
    head = Beside(title, pill, PillLabel(Pill("13 h left", Tone.NEUTRAL, "clock")))
    qtbot.addWidget(head)
    head.resize(wide, 80)
    head.show()
    QApplication.processEvents()
    assert clipped(head) == []
    assert (pill.y() >= title.geometry().bottom()) is below


def test_a_choice_without_room_ends_in_an_ellipsis(qtbot: QtBot, theme: Theme) -> None:
    theme.set_mode("light")
    words = "Studio and garage: $11.60, $1.20 more, later than promised"
    box = choice("Ship from", [(1, words)])
    qtbot.addWidget(box)
    box.resize(180, 32)
    shown = box.grab().toImage()
    box.setItemText(0, f"{words}, and more")
    assert box.grab().toImage() == shown
    box.setItemText(0, words[:18])  # all of it has room
    assert box.grab().toImage() != shown
    box.setItemText(0, words)
    assert words in box.toolTip()


@pytest.mark.parametrize(("wide", "tall"), SIZES)
def test_all_words_fit_in_a_font_a_quarter_larger(
    shown: DeskWindow, theme: Theme, wide: int, tall: int
) -> None:
    shown.window.resize(wide, tall)
    with larger_font(theme):
        assert everywhere(shown) == {}


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


def test_all_words_of_forms_and_overlays_fit_in_a_font_a_quarter_larger(
    shown: DeskWindow, theme: Theme
) -> None:
    shown.window.resize(1366, 768)
    with larger_font(theme):
        assert cut_off(shown, is_long=False) == {}


def test_longer_words_fit_into_forms_and_overlays_too(shown: DeskWindow) -> None:
    shown.window.resize(1366, 768)
    assert cut_off(shown, is_long=True) == {}
