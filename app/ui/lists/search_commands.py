"""What can be done with the search, whatever page is shown?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.ui.commands import Command
from app.ui.lists.list_page import ListPage

if TYPE_CHECKING:  # the window declares its commands, and the commands run on the window
    from app.ui.window import Window


def search_commands(window: Window) -> Sequence[Command]:
    """Declare the way back and forward, the filter, and the help."""
    on_list = partial(_on_list, window)
    return (
        Command("go.step_back", "Back", on_list(lambda page: page.step(-1)), "Alt+Left", "previous",
                "Go",
                why_not=partial(_no_step, window, -1), help="The view and search before"),
        Command("go.step_forward", "Forward", on_list(lambda page: page.step(1)), "Alt+Right", "next",
                "Go", why_not=partial(_no_step, window, 1), help="The view and search after"),
        Command("list.filter_rows", "Filter…", on_list(lambda page: page.search_box.panel.open()), "",
                "filter", "Edit", why_not=partial(_no_list, window),
                help="Filter by choosing instead of typing"),
        Command("list.forget_searches", "Clear recent searches",
                on_list(lambda page: page.search_box.forget()), "", "close", "Edit",
                why_not=partial(_no_list, window),
                help="Recent searches are kept on this computer only"),
        Command("app.open_search_help", "Search help", window.open_search_help, "Shift+F1", "search",
                "Help", help="What the search of this page understands"),
    )  # fmt: skip


def _here(window: Window) -> ListPage | None:
    return window.page if isinstance(window.page, ListPage) else None


def _on_list(window: Window, act: Callable[[ListPage], object]) -> Callable[[], object]:
    def run() -> None:
        page = _here(window)
        if page is not None:
            act(page)

    return run


def _no_step(window: Window, steps: int) -> str:
    page = _here(window)
    if page is not None and page.trail.can_go(steps):
        return ""
    return f"nothing was looked at {'after' if steps > 0 else 'before'}"


def _no_list(window: Window) -> str:
    return "" if _here(window) else "this page has no list"
