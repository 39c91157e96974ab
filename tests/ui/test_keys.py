"""Can every key be changed, does everything then show the new one, and do signs work on any layout?"""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.config import document
from app.ui import keys
from app.ui.commands import Command, Register
from app.ui.key_editor import with_first
from app.ui.key_table import page
from app.ui.keys import Keymap
from app.ui.theme import Theme
from app.ui.window import Window
from tests.ui.conftest import DeskWindow


def write(widget: QWidget, sign: str, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    """Press a key that writes a sign, as a keyboard of some country has it, and let go of all of them."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, modifiers, sign))
    # Qt remembers a held Shift for whoever selects next, until a key goes down without it.
    nothing = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, nothing)
    assert QApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier


def press_new(shown: DeskWindow, command: str, key: Qt.Key,
              modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:  # fmt: skip
    """Change the key of a command as a person does: click, press."""
    editor = shown.window.key_editor
    if not editor.isVisible():
        shown.window.register.run("app.change_keys")
    field = editor.row(command).field
    field.click()
    QTest.keyClick(field, key, modifiers)
    shown.qtbot.waitUntil(lambda: not field.is_recording, timeout=5000)


def click(shown: DeskWindow, words: str) -> None:
    shown.settle()  # a message is there at once, and visible after the next round
    (button,) = [
        each for each in shown.window.key_editor.findChildren(QPushButton)
        if each.text() == words and each.isVisible()
    ]  # fmt: skip
    button.click()


def test_a_new_key_is_shown_everywhere_and_works(shown: DeskWindow) -> None:
    press_new(shown, "orders.hold_orders", Qt.Key.Key_F7)
    window = shown.window
    assert window.register.get("orders.hold_orders").key_text == "F7"
    assert "(F7)" in window.register.action("orders.hold_orders").toolTip()
    window.key_editor.close_overlay()
    window.open_keys()
    assert "F7" in {label.text() for label in window.key_sheet.findChildren(QLabel)}
    window.key_sheet.close_overlay()
    window.open_palette()
    window.palette_box.type_text("hold")
    assert "F7" in [entry.key for entry in window.palette_box.entries]
    window.palette_box.close_overlay()
    shown.select("READY")
    window.activateWindow()
    shown.press(Qt.Key.Key_F7)
    assert shown.orders.pane.form is not None


def test_a_chosen_key_is_still_there_after_a_restart(shown: DeskWindow, theme: Theme) -> None:
    press_new(shown, "orders.hold_orders", Qt.Key.Key_F7)
    again = Window(shown.operations, theme)
    assert again.register.get("orders.hold_orders").shortcut == "F7"
    again.deleteLater()


def test_a_key_that_is_taken_says_who_has_it_and_is_swapped(shown: DeskWindow) -> None:
    register = shown.window.register
    hold, note = register.get("orders.hold_orders"), register.get("orders.write_note")
    press_new(shown, hold.id, Qt.Key.Key_N)
    words = {label.text() for label in shown.window.key_editor.findChildren(QLabel)}
    assert "N belongs to “Note”." in words
    assert register.get(hold.id).shortcut == hold.shortcut
    click(shown, "Swap them")
    assert register.get(hold.id).shortcut == note.shortcut
    assert register.get(note.id).shortcut == hold.shortcut


def test_a_key_that_others_begin_with_is_not_given_away(shown: DeskWindow) -> None:
    press_new(shown, "orders.hold_orders", Qt.Key.Key_G)
    assert shown.window.register.get("orders.hold_orders").shortcut == "H"
    words = [label.text() for label in shown.window.key_editor.findChildren(QLabel)]
    assert any(word.startswith("Other keys begin with G") for word in words)


def test_two_keys_one_after_the_other_can_be_chosen(shown: DeskWindow) -> None:
    shown.window.register.run("app.change_keys")
    field = shown.window.key_editor.row("app.open_activity").field
    field.click()
    QTest.keyClick(field, Qt.Key.Key_G)
    QTest.keyClick(field, Qt.Key.Key_J)
    assert shown.window.register.get("app.open_activity").key_texts == ["G then J"]


def test_keys_are_reset_one_by_one_and_all_together(shown: DeskWindow) -> None:
    register = shown.window.register
    press_new(shown, "orders.hold_orders", Qt.Key.Key_N)
    click(shown, "Swap them")
    register.reset_keys("orders.hold_orders")
    assert [register.get(f"orders.{name}").shortcut for name in ("hold_orders", "write_note")] == [
        "H", "N",
    ]  # fmt: skip
    press_new(shown, "orders.hold_orders", Qt.Key.Key_F7)
    click(shown, "Reset all keys")
    assert not [command for command in register.all() if register.is_chosen(command.id)]


def test_backspace_takes_a_key_away_and_escape_leaves_it(shown: DeskWindow) -> None:
    press_new(shown, "orders.hold_orders", Qt.Key.Key_Escape)
    assert shown.window.register.get("orders.hold_orders").shortcut == "H"
    press_new(shown, "orders.hold_orders", Qt.Key.Key_Backspace)
    assert shown.window.register.get("orders.hold_orders").shortcut == ""


def test_a_key_of_every_list_stays_what_it_is(shown: DeskWindow) -> None:
    press_new(shown, "orders.hold_orders", Qt.Key.Key_Return)
    assert shown.window.register.get("orders.hold_orders").shortcut == "H"


def test_commands_are_found_by_name_and_by_key(shown: DeskWindow) -> None:
    shown.window.register.run("app.change_keys")
    editor = shown.window.key_editor
    for text, command in (("hold", "orders.hold_orders"), ("ctrl+k", "app.open_palette")):
        editor._find.setText(text)  # noqa: SLF001
        assert editor.row(command).isVisible()
        assert not editor.row("app.quit_desk").isVisible()


def test_a_slash_searches_on_a_german_keyboard(shown: DeskWindow) -> None:
    shown.select("READY")
    shown.orders.list.setFocus()
    write(shown.orders.list, "/", Qt.Key.Key_7, Qt.KeyboardModifier.ShiftModifier)
    assert shown.orders._field.hasFocus()  # noqa: SLF001


def test_a_question_mark_shows_the_keys_wherever_it_lies(shown: DeskWindow) -> None:
    shown.select("READY")
    write(shown.orders.list, "?", Qt.Key.Key_ssharp, Qt.KeyboardModifier.ShiftModifier)
    assert shown.window.key_sheet.isVisible()


def test_a_sign_is_a_letter_while_one_types(shown: DeskWindow) -> None:
    field = shown.orders._field  # noqa: SLF001
    field.setFocus()
    write(field, "?", Qt.Key.Key_ssharp, Qt.KeyboardModifier.ShiftModifier)
    shown.settle()
    assert not shown.window.key_sheet.isVisible()
    assert field.text() == "?"


def test_a_pressed_key_is_named_by_the_sign_that_it_writes() -> None:
    def named(key: Qt.Key, text: str, *modifiers: Qt.KeyboardModifier) -> str:
        held = Qt.KeyboardModifier.NoModifier
        for each in modifiers:
            held |= each
        return keys.pressed(QKeyEvent(QEvent.Type.KeyPress, key, held, text))

    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    assert named(Qt.Key.Key_7, "/", shift) == "/"
    assert named(Qt.Key.Key_A, "A", shift) == "Shift+A"
    assert named(Qt.Key.Key_H, "", control, shift) == "Ctrl+Shift+H"
    assert named(Qt.Key.Key_Shift, "", shift) == ""


def test_a_new_first_key_leaves_the_second_one_alone() -> None:
    assert with_first("Ctrl+2|G, O", "F9") == "F9|G, O"


@pytest.mark.usefixtures("qapp")
def test_a_person_s_key_goes_before_one_that_a_newer_version_declares() -> None:
    keymap = Keymap()
    keymap.choose("orders.hold", "N")
    register = Register(keymap=keymap)
    register.add([Command("orders.note", "Note", print, "N", scope="orders")])
    register.add([Command("orders.hold", "Hold", print, "H", scope="orders")])
    assert register.get("orders.hold").shortcut == "N"
    assert register.get("orders.note").shortcut == ""


def test_the_manual_s_key_table_is_up_to_date(shown: DeskWindow) -> None:
    written = document("keys.md").read_text(encoding="utf-8")
    assert written == page(shown.window.register), "run scripts/write_key_table"
