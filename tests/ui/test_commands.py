"""Every action is declared once, and found in menus, palette and key sheet."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QScrollArea

from app.config import resource
from app.ui.commands import Command, DuplicateError, Register
from app.ui.key_sheet import in_columns
from app.ui.keys import parts
from app.ui.menus import MENUS
from app.ui.palette_entries import matches
from tests.ui.conftest import DeskWindow


def nothing() -> None:
    """Do nothing."""


@pytest.mark.usefixtures("qapp")
def test_two_commands_never_share_a_key() -> None:
    register = Register()
    register.add([Command("orders.accept", "Accept", nothing, "A", scope="orders")])
    register.add([Command("stock.adjust", "Adjust", nothing, "A", scope="inventory")])
    with pytest.raises(DuplicateError):
        register.add([Command("orders.again", "Again", nothing, "A", scope="orders")])
    with pytest.raises(DuplicateError):
        register.add([Command("app.always", "Always", nothing, "A")])


@pytest.mark.usefixtures("qapp")
def test_two_commands_never_share_a_name() -> None:
    register = Register()
    register.add([Command("orders.accept", "Accept", nothing)])
    with pytest.raises(DuplicateError):
        register.add([Command("orders.accept", "Accept", nothing)])


def test_every_command_is_in_a_menu(shown: DeskWindow) -> None:
    menus = shown.window.menuBar().findChildren(QMenu)
    in_menus = {action.objectName() for menu in menus for action in menu.actions()}
    assert {command.id for command in shown.window.register.all()} <= in_menus


def test_every_command_has_words_an_icon_and_a_status_tip(shown: DeskWindow) -> None:
    for command in shown.window.register.all():
        action = shown.window.register.action(command.id)
        assert action.text(), command.id
        assert action.statusTip(), command.id
        assert not action.icon().isNull(), command.id
        assert resource("icons", f"{command.icon}.svg").exists(), command.id
        assert command.menu in MENUS, command.id


def test_no_two_commands_share_a_key_where_both_could_be_meant(shown: DeskWindow) -> None:
    register = shown.window.register
    for command in register.all():
        for key in parts(command.shortcut):
            assert not register.clashes(command, key), (command.id, key)


def test_the_keys_that_every_program_has_mean_what_they_mean_everywhere(shown: DeskWindow) -> None:
    keys = {command.id: parts(command.shortcut) for command in shown.window.register.all()}
    assert "Ctrl+Q" in keys["app.quit_desk"]
    assert "Ctrl+W" in keys["app.close_desk"]
    assert "Ctrl+F" in keys["app.find_rows"]
    assert "Ctrl+Z" in keys["app.undo_last"]
    assert {"Ctrl+Shift+Z", "Ctrl+Y"} <= set(keys["app.redo_last"])
    assert "Ctrl+A" in keys["orders.select_all"]
    assert "Ctrl+C" in keys["list.copy_rows"]
    assert "Ctrl+," in keys["app.open_settings"]


def test_the_roles_of_the_system_s_own_menu_are_given(shown: DeskWindow) -> None:
    roles = {
        shown.window.register.action(command.id).menuRole()
        for command in shown.window.register.all()
    }
    assert {QAction.MenuRole.QuitRole, QAction.MenuRole.PreferencesRole} <= roles


def test_close_closes_what_lies_over_the_page_first(shown: DeskWindow) -> None:
    shown.window.open_keys()
    shown.window.register.run("app.close_desk")
    assert not shown.window.key_sheet.isVisible()
    assert shown.window.isVisible()
    shown.window.register.run("app.close_desk")
    assert not shown.window.isVisible()


def test_a_plain_letter_is_no_key_of_the_window(shown: DeskWindow) -> None:
    register = shown.window.register
    for command in register.all():
        if command.is_typing_key:
            context = register.action(command.id).shortcutContext()
            assert context == Qt.ShortcutContext.WidgetShortcut, command.id


def test_the_palette_finds_words_in_any_order() -> None:
    assert matches("Accept suggestion", ["sug", "acc"])
    assert not matches("Accept suggestion", ["hold"])


def test_the_palette_runs_a_command(shown: DeskWindow) -> None:
    shown.select("READY")
    shown.window.open_palette()
    palette = shown.window.palette_box
    palette.type_text("note")
    shown.settle()
    assert palette.entries[0].title == "Note"
    field = shown.window.focusWidget()
    assert field is not None
    shown.press(Qt.Key.Key_Return, field)
    assert not palette.isVisible()
    assert shown.orders.pane.form is not None


def test_the_palette_says_why_a_command_cannot_run(shown: DeskWindow) -> None:
    shown.select("SHIPPED")
    shown.window.open_palette()
    shown.window.palette_box.type_text("ship from elsewhere")
    shown.settle()
    assert shown.window.palette_box.entries[0].why_not == "it is decided already"


def test_the_palette_finds_orders(shown: DeskWindow) -> None:
    shown.window.open_palette()
    shown.window.palette_box.type_text("APART")
    shown.settle()
    assert any("APART" in entry.title for entry in shown.window.palette_box.entries)


def test_the_key_sheet_shows_the_keys(shown: DeskWindow) -> None:
    shown.window.open_keys()
    words = {label.text() for label in shown.window.key_sheet.findChildren(QLabel)}
    assert {"Accept suggestion", "A", "Commands", "Ctrl+K"} <= words


def test_pages_are_reached_by_number(shown: DeskWindow) -> None:
    shown.window.activateWindow()
    numbered = [page for page in shown.window.pages.values() if not page.beside]
    for at, page in enumerate(numbered, 1):
        shown.window.register.action(f"go.open_{page.id}").trigger()
        assert shown.window.page is page
        shortcut = shown.window.register.get(f"go.open_{page.id}").shortcut
        assert shortcut.startswith(f"Ctrl+{at % 10}|G, ")


def test_the_key_sheet_needs_no_scrolling_on_a_small_screen(shown: DeskWindow) -> None:
    shown.window.resize(1366, 768)
    shown.window.open_keys()
    shown.settle()
    (area,) = shown.window.key_sheet.findChildren(QScrollArea)
    assert area.verticalScrollBar().maximum() == 0
    assert area.horizontalScrollBar().maximum() == 0


def test_the_groups_of_keys_stay_whole_in_columns_of_about_one_height() -> None:
    sizes = {"In a list": 11, "File": 7, "View": 11, "Go": 12, "Order": 24, "Stock": 16, "Rule": 7}
    groups = [
        (title, [(f"{title} {n}", "X") for n in range(size)]) for title, size in sizes.items()
    ]
    columns = in_columns(groups, 4)
    assert sorted(title for column in columns for title, _rows in column) == sorted(sizes)
    assert all(len(rows) == sizes[title] for column in columns for title, rows in column)
    assert columns[0][0][0] == "In a list"
    assert max(sum(len(part) + 2 for _title, part in column) for column in columns) <= 27


def test_ways_out_have_one_line_though_several_pages_have_them(shown: DeskWindow) -> None:
    shown.window.open_keys()
    said = [label.text() for label in shown.window.key_sheet.findChildren(QLabel)]
    assert [words for words in said if "way out" in words] == ["Take a way out, by its number"]
