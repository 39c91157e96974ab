"""Does Ctrl+K find commands, views, orders and SKUs by a few letters, and what was used last first?"""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.ui.palette_entries import Entry, best
from tests.ui.conftest import DeskWindow


def typed(shown: DeskWindow, text: str) -> list[Entry]:
    if not shown.window.palette_box.isVisible():
        shown.window.open_palette()
    shown.window.palette_box.type_text(text)
    shown.settle()
    return shown.window.palette_box.entries


def choose(shown: DeskWindow, text: str) -> None:
    typed(shown, text)
    field = shown.window.focusWidget()
    assert field is not None
    shown.press(Qt.Key.Key_Return, field)


def test_a_slip_of_the_finger_still_finds_the_command(shown: DeskWindow) -> None:
    assert "Import files" in [entry.title for entry in typed(shown, "improt files")][:2]


def test_what_has_nothing_to_do_with_it_is_not_found(shown: DeskWindow) -> None:
    assert typed(shown, "qqzzxx") == []


def test_a_view_of_a_list_is_opened(shown: DeskWindow) -> None:
    shown.go("today")
    choose(shown, "orders on hold")
    assert shown.window.page is shown.orders
    assert shown.orders.view.key == "held"


def test_a_sku_is_found_and_opened(shown: DeskWindow) -> None:
    found = typed(shown, "MUG-RED")
    assert any(entry.title.startswith("MUG-RED") for entry in found)
    entry = next(entry for entry in found if entry.title.startswith("MUG-RED"))
    entry.run()
    shown.settle()
    assert shown.window.page is shown.inventory


def test_what_was_used_last_comes_first_after_a_restart_too(shown: DeskWindow) -> None:
    choose(shown, "theme dark")
    choose(shown, "read again")
    assert [entry.id for entry in typed(shown, "")][:2] == ["app.look_again", "app.set_theme_dark"]
    kept = shown.window.settings().value("palette/recent")
    assert kept == ["app.look_again", "app.set_theme_dark"]


def test_what_cannot_be_done_says_why_and_does_not_run(shown: DeskWindow) -> None:
    shown.go("inventory")
    (entry, *_others) = typed(shown, "accept suggestion")
    assert entry.why_not == "on the page Orders"
    field = shown.window.focusWidget()
    assert field is not None
    shown.press(Qt.Key.Key_Return, field)
    assert shown.window.palette_box.isVisible()


def test_a_command_says_what_it_would_do_now(shown: DeskWindow) -> None:
    shown.operations.run("count", sku="MUG-RED", location="RENO", counted=3, reason="Counted")
    shown.settle()
    assert typed(shown, "undo")[0].title.startswith("Undo count")


def test_its_own_words_come_before_what_is_nearly_so() -> None:
    entries = [Entry("Release", print, "Order", why_not="it is not on hold", id="b"),
               Entry("Relase notes", print, "Help", id="a")]  # fmt: skip
    assert best(entries, "release", recent=(), page="")[0].id == "b"
