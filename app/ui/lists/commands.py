"""Which actions does every list have: its views, its columns, and the way into a file?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.ui.commands import Command
from app.ui.lists.list_page import ListPage
from app.ui.pages.page import Page


def list_commands(page: Callable[[], Page | None]) -> Sequence[Command]:
    """Declare what can be done with whatever list is shown."""
    return (*_views(page), *_columns(page))


def _views(page: Callable[[], Page | None]) -> Sequence[Command]:
    def command(
        name: str, title: str, run: Callable[[ListPage], object], key: str, icon: str,
        why_not: Callable[[ListPage], str] = lambda _page: "", explained: str = "",
        title_now: Callable[[], str] | None = None,
    ) -> Command:  # fmt: skip
        return Command(
            f"view.{name}", title, _on(page, run), key, icon, "View",
            why_not=_unless(page, why_not), help=explained, group="view",
            title_now=title_now,
        )  # fmt: skip

    def pin_now() -> str:
        shown = _list_page(page())
        is_pinned = shown is not None and shown.view.own and shown.view.is_pinned
        return "Unpin view" if is_pinned else "Pin view"

    return (
        command("save_view", "Save view…", lambda p: p.view_actions.save(), "Ctrl+Shift+S", "plus",
                explained="Keep this search, sorting and columns under a name"),
        command("save_changes", "Save changes to view", lambda p: p.view_actions.save_changes(),
                "Ctrl+S", "accept", lambda p: p.view_actions.not_changed()),
        command("discard_changes", "Discard changes to view",
                lambda p: p.view_actions.discard_changes(), "", "undo",
                lambda p: p.view_actions.not_changed()),
        command("duplicate_view", "Duplicate view…", lambda p: p.view_actions.duplicate(), "", "copy"),
        command("rename_view", "Rename view…", lambda p: p.view_actions.rename(), "", "note",
                lambda p: p.view_actions.no_own()),
        command("pin_view", "Pin or unpin view", lambda p: p.view_actions.toggle_pin(), "", "select",
                lambda p: p.view_actions.no_own(), "A pinned view has a tab of its own",
                title_now=pin_now),
        command("end_view", "End date of view…", lambda p: p.view_actions.set_end(), "", "clock",
                lambda p: p.view_actions.no_own(), "After its last day the view is not offered"),
        command("move_left", "Move view to the left", lambda p: p.view_actions.move(-1), "", "withdraw",
                lambda p: p.view_actions.no_neighbour(-1)),
        command("move_right", "Move view to the right", lambda p: p.view_actions.move(1), "", "next",
                lambda p: p.view_actions.no_neighbour(1)),
        command("delete_view", "Delete view", lambda p: p.view_actions.delete(), "", "cancel",
                lambda p: p.view_actions.no_own()),
    )  # fmt: skip


def _columns(page: Callable[[], Page | None]) -> Sequence[Command]:
    def no_list(_page: ListPage) -> str:
        return ""

    def empty(shown: ListPage) -> str:
        return "" if shown.model.rowCount() else "the list is empty"

    return (
        Command("view.choose_columns", "Columns…", _on(page, lambda p: p.chooser.open()),
                "Ctrl+Shift+C", "filter", "View", why_not=_unless(page, no_list),
                help="Choose the columns of this list and their order", group="columns"),
        Command("view.export_list", "Export list…", _on(page, lambda p: p.exports.choose()),
                "Ctrl+E", "export", "File", why_not=_unless(page, empty),
                help="The selected rows, or all that match, as CSV or Excel with the columns shown",
                group="list"),
    )  # fmt: skip


def _list_page(page: Page | None) -> ListPage | None:
    return page if isinstance(page, ListPage) else None


def _on(page: Callable[[], Page | None], run: Callable[[ListPage], object]) -> Callable[[], object]:
    def act() -> None:
        shown = _list_page(page())
        if shown is not None:
            run(shown)

    return act


def _unless(
    page: Callable[[], Page | None], why_not: Callable[[ListPage], str]
) -> Callable[[], str]:
    def say() -> str:
        shown = _list_page(page())
        return "this page has no list" if shown is None else why_not(shown)

    return say
