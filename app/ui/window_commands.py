"""Which actions does the window itself have, whatever page is shown?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from app.ui.commands import Command
from app.ui.lists.list_view import ListView

if TYPE_CHECKING:  # the window declares its commands, and the commands run on the window
    from app.ui.window import Window


def window_commands(window: Window) -> Sequence[Command]:
    """Declare what works everywhere."""
    return (*_files(window), *_edit(window), *_view(window), *_go(window), *_list(), *_help(window))


def _files(window: Window) -> Sequence[Command]:
    return (
        Command("app.import_files", "Import files…", window.choose_files, "Ctrl+O", "import", "File",
                help="Orders, stock, catalogue or listings, as downloaded from a channel"),
        Command("app.back_up_desk", "Back up…", window.choose_backup, "", "copy", "File",
                help="A verified copy of everything, while you go on working"),
        Command("app.quit_desk", "Quit", QApplication.quit, "Ctrl+Q", "", "File",
                standard_role=QAction.MenuRole.QuitRole),
    )  # fmt: skip


def _edit(window: Window) -> Sequence[Command]:
    operations = window.operations

    def nothing_done() -> str:
        return "" if operations.next_undo else "nothing was done yet"

    return (
        Command("app.undo_last", "Undo", window.undo, "Ctrl+Z", "undo", "Edit",
                why_not=nothing_done),
        Command("app.find_rows", "Search this page", window.focus_search, "Ctrl+F", "search", "Edit"),
        Command("list.copy_rows", "Copy rows", _on_list(ListView.copy), "Ctrl+C", "copy", "Edit",
                why_not=_no_list),
    )  # fmt: skip


def _view(window: Window) -> Sequence[Command]:
    themes = (("system", "Follow the system"), ("light", "Light"), ("dark", "Dark"))
    return (
        Command("app.open_palette", "Commands…", window.open_palette, "Ctrl+K", "search", "View"),
        *(
            Command(f"app.set_theme_{mode}", f"Theme: {title.lower()}",
                    partial(window.set_theme, mode), "", "theme", "View")
            for mode, title in themes
        ),
    )  # fmt: skip


def _go(window: Window) -> Sequence[Command]:
    return [
        Command(f"go.open_{page.id}", page.title, partial(window.go, page.id),
                f"Ctrl+{number}|G, {page.letter}", page.icon, "Go")
        for number, page in enumerate(window.pages.values(), 1)
    ]  # fmt: skip


def _list() -> Sequence[Command]:
    return (
        Command("list.next_row", "Next row", _on_list(lambda view: view.go(1)), "J", "", "Go",
                why_not=_no_list),
        Command("list.previous_row", "Previous row", _on_list(lambda view: view.go(-1)), "K", "",
                "Go", why_not=_no_list),
        Command("list.find_rows", "Search", _search, "/", "search", "Go", why_not=_no_list),
    )  # fmt: skip


def _help(window: Window) -> Sequence[Command]:
    return (
        Command("app.open_keys", "Keys", window.open_keys, "F1", "keyboard", "Help"),
        Command(
            "list.open_keys", "Show all keys", window.open_keys, "?|Shift+?", "keyboard", "Help"
        ),
    )


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
