"""Which actions does the window itself have, whatever page is shown?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from app.ui.commands import Command
from app.ui.lists.commands import list_commands
from app.ui.lists.delegates import COMFORTABLE, COMPACT
from app.ui.lists.list_view import ListView
from app.ui.lists.search_commands import search_commands

if TYPE_CHECKING:  # the window declares its commands, and the commands run on the window
    from app.ui.window import Window

_ROLE = QAction.MenuRole


def window_commands(window: Window) -> Sequence[Command]:
    """Declare what works everywhere."""
    return (
        *_files(window), *_undo(window), *_edit(window), *_view(window),
        *list_commands(lambda: window.page), *_go(window), *_list(),
        *search_commands(window), *_help(window),
    )  # fmt: skip


def _files(window: Window) -> Sequence[Command]:
    return (
        Command("app.import_files", "Import files…", window.choose_files, "Ctrl+O", "import", "File",
                help="Orders, stock, catalogue or listings, as downloaded from a channel"),
        Command("app.show_imports", "Files being imported", window.show_imports, "Ctrl+Shift+O",
                "file", "File", why_not=window.imports.why_empty,
                help="Back to the files that wait for you to look at them"),
        Command("app.back_up_desk", "Back up…", window.files.choose_backup, "", "copy", "File",
                help="A verified copy of everything, while you go on working"),
        Command("app.close_desk", "Close", window.close_what_is_open, "Ctrl+W", "close", "File",
                help="Close what lies over the page, or else the window", group="end"),
        Command("app.quit_desk", "Quit", window.quit, "Ctrl+Q", "quit", "File",
                help="Close the window and stop Orderdeck", standard_role=_ROLE.QuitRole,
                group="end"),
    )  # fmt: skip


def _undo(window: Window) -> Sequence[Command]:
    history = window.operations.history

    def undo_help() -> str:
        if history.obstacle:
            return f"Too late, {history.obstacle}: choose it to see what can be done instead"
        return "Take back what was done last"

    def why_not_repeat() -> str:
        if history.last is None:
            return "nothing was done yet"
        return window.page.why_not_repeat() if window.page else "no page is shown"

    def repeat_help() -> str:
        words = history.last.arguments.get("reason") if history.last else None
        return (
            f"Once more, to what is selected: {words}"
            if words
            else "Once more, to what is selected"
        )

    return (
        Command("app.undo_last", "Undo", history.undo, "Ctrl+Z", "undo", "Edit",
                why_not=lambda: "" if history.next_undo else "nothing was done yet",
                help="Take back what was done last", help_now=undo_help,
                title_now=lambda: _named("Undo", history.next_undo)),
        Command("app.redo_last", "Redo", history.redo, "Ctrl+Shift+Z|Ctrl+Y", "redo", "Edit",
                why_not=lambda: "" if history.next_redo else "nothing was undone",
                help="Do again what was taken back last",
                title_now=lambda: _named("Redo", history.next_redo)),
        Command("list.repeat_last", "Repeat", window.repeat, ".", "repeat", "Edit",
                why_not=why_not_repeat, help="Do the last action to what is selected now",
                help_now=repeat_help,
                title_now=lambda: _named("Repeat", history.last.verb if history.last else "")),
    )  # fmt: skip


def _edit(window: Window) -> Sequence[Command]:
    return (
        Command("app.find_rows", "Search this page", window.focus_search, "Ctrl+F", "search", "Edit",
                help="Put the cursor into the search", group="rows"),
        Command("list.copy_rows", "Copy rows", _on_list(ListView.copy), "Ctrl+C", "copy", "Edit",
                why_not=_no_list, help="As a table for a spreadsheet", group="rows"),
        Command("app.open_settings", "Settings", partial(window.go, "settings"), "Ctrl+,",
                "settings", "Edit", help="Places, people, watched folders, light and dark",
                standard_role=_ROLE.PreferencesRole, group="settings"),
        Command("app.show_first_steps", "First steps…", window.show_first_run, "", "demo", "Edit",
                help="Brand, first orders and cut-off times, one step after the other",
                group="settings"),
        Command("app.remove_demo", "Remove the demo data", window.demo_data.remove, "", "cancel",
                "Edit", why_not=window.demo_data.why_not, group="settings",
                help="Takes the made-up brand out; the desk is as new"),
        Command("app.change_keys", "Change keys…", window.open_key_editor, "", "keyboard", "Edit",
                help="Give any command another key", group="settings"),
    )  # fmt: skip


def _view(window: Window) -> Sequence[Command]:
    themes = (("system", "Follow the system"), ("light", "Light"), ("dark", "Dark"))
    return (
        Command("app.open_palette", "Commands…", window.open_palette, "Ctrl+K", "search", "View",
                help="Every command, page, view, order and SKU, by a few letters of it"),
        Command("app.open_activity", "Activity", window.open_activity, "Ctrl+J", "activity",
                "View", help="What is under way and what was said, with outcomes"),
        Command("app.look_again", "Read again", window.look_again, "F5", "refresh", "View",
                help="Read what is shown from the store once more"),
        Command("app.set_notifications", "Notifications…", window.open_notify_settings, "", "bell",
                "View", help="What you are called for, and when not", group="notify"),
        *(
            Command(f"app.set_theme_{mode}", f"Theme: {title.lower()}",
                    partial(window.set_theme, mode), "", "theme", "View", group="theme")
            for mode, title in themes
        ),
        *(
            Command(f"app.set_density_{density}", f"Rows: {density}",
                    partial(window.set_density, density), "", "all", "View", help=words, group="rows")
            for density, words in ((COMPACT, "As many rows on the screen as can be read"),
                                   (COMFORTABLE, "Rows with more air between them"))
        ),
    )  # fmt: skip


def _go(window: Window) -> Sequence[Command]:
    keys = {
        page.id: f"Ctrl+{number % 10}|G, {page.letter}"
        for number, page in enumerate((p for p in window.pages.values() if not p.beside), 1)
    }
    return [
        Command(f"go.open_{page.id}", page.title, partial(window.go, page.id),
                keys.get(page.id, f"G, {page.letter}"), page.icon, "Go",
                help=f"Show the page {page.title}")
        for page in window.pages.values()
    ]  # fmt: skip


def _list() -> Sequence[Command]:
    return (
        Command("list.next_row", "Next row", _on_list(lambda view: view.go(1)), "J", "down", "Go",
                why_not=_no_list, group="rows"),
        Command("list.previous_row", "Previous row", _on_list(lambda view: view.go(-1)), "K", "up",
                "Go", why_not=_no_list, group="rows"),
        Command("list.find_rows", "Search", _search, "/", "search", "Go", why_not=_no_list,
                help="Put the cursor into the search of this list", group="rows"),
    )  # fmt: skip


def _help(window: Window) -> Sequence[Command]:
    return (
        Command("app.open_manual", "Manual", window.open_manual, "F1", "book", "Help",
                help="How everything works, with a search"),
        Command("app.show_keys", "Keys", window.open_keys, "Ctrl+/", "keyboard", "Help",
                help="Every key on one sheet"),
        Command("list.open_keys", "Show all keys", window.open_keys, "?", "keyboard", "Help",
                help="The same, while a list has the focus"),
        Command("app.show_about", "About Orderdeck", window.open_about, "", "info", "Help",
                help="Version, licence and where the data lies", standard_role=_ROLE.AboutRole,
                group="about"),
    )  # fmt: skip


def _named(verb: str, what: str) -> str:
    """Return "Undo hold 12 orders"."""
    return f"{verb} {what[:1].lower()}{what[1:]}" if what else verb


def _focused() -> ListView | None:
    focus = QApplication.focusWidget()
    return focus if isinstance(focus, ListView) else None


def _no_list() -> str:
    return "" if _focused() else "no list has the focus"


def _on_list(act: Callable[[ListView], object]) -> Callable[[], object]:
    def run() -> None:
        view = _focused()
        if view is not None:
            act(view)

    return run


def _search() -> None:
    window = QApplication.activeWindow()
    focus = getattr(window, "focus_search", None)
    if focus is not None:
        focus()
