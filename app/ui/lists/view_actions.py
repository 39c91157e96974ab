"""What can be done with a view? Keep it, change it, copy it, name, pin, end, move and forget it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from app.domain.changes import Changes
from app.ui.days import NotADayError, read_day, written_day
from app.ui.lists.views import View, own_key
from app.ui.operations import Problem
from app.ui.widgets.form import Field, Question, Values

if TYPE_CHECKING:  # the page has these actions, and they act on the page
    from app.ui.lists.list_page import ListPage

# The menu "Views" of a page; an empty word is a line between two groups.
VIEW_COMMANDS: Final = (
    "view.save_view", "view.save_changes", "view.discard_changes", "view.duplicate_view", "",
    "view.rename_view", "view.pin_view", "view.end_view", "view.move_left", "view.move_right", "",
    "view.delete_view", "", "view.choose_columns",
)  # fmt: skip
OWN_NOTE = "Search, sorting and columns as they are now. Only you see it."


class ViewActions:
    """Acts on the view that a page shows."""

    def __init__(self, page: ListPage) -> None:
        self._page = page

    # ---- what stands in the way -------------------------------------------------------------------

    def no_own(self) -> str:
        """Need a view of the operator's own."""
        return "" if self._page.view.own else "it is not a view of your own; duplicate it first"

    def not_changed(self) -> str:
        """Need a view of the operator's own that was changed."""
        return self.no_own() or ("" if self._page.is_changed else "nothing was changed in it")

    def no_neighbour(self, step: int) -> str:
        """Need another view of the operator's own on that side."""
        return self.no_own() or ("" if self._neighbour(step) else "there is none on that side")

    # ---- acting ---------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep what is shown now, under a name."""
        self._ask_name("Save this view", "Save view", OWN_NOTE, "", self._page.looked_at())

    def duplicate(self) -> None:
        """Keep a copy of the view under another name."""
        view = self._page.view
        self._ask_name(f"Duplicate “{view.title}”", "Save copy", OWN_NOTE,
                       f"{view.title} (copy)", self._page.looked_at())  # fmt: skip

    def _ask_name(
        self, title: str, verb: str, note: str, name: str, look: Mapping[str, Any]
    ) -> None:
        def save(values: Values) -> None:
            self._run("save_view", page=self._page.id, name=str(values["name"]),
                      is_pinned=values["is_pinned"] == "tab", **look)  # fmt: skip

        pinned = Field(
            "is_pinned", "Show it", "tab", (("tab", "As a tab"), ("menu", "In the menu"))
        )
        self._page.ask(
            Question(title, [Field("name", "Name", name, is_needed=True), pinned], verb, save, note)
        )

    def save_changes(self) -> None:
        """Keep the search, sorting and columns in the view that is shown."""
        self._change(self._page.looked_at())

    def discard_changes(self) -> None:
        """Show the view again as it was saved."""
        self._page.show_view(self._page.view, anew=True)

    def rename(self) -> None:
        """Give the view another name."""
        view = self._page.view

        def name(values: Values) -> None:
            self._change({"name": str(values["name"])})

        self._page.ask(
            Question(f"Rename “{view.title}”", [Field("name", "Name", view.title, is_needed=True)],
                     "Rename", name)
        )  # fmt: skip

    def toggle_pin(self) -> None:
        """Give the view a tab, or leave it in the menu only."""
        self._change({"is_pinned": not self._page.view.is_pinned})

    def set_end(self) -> None:
        """Say until which day the view is offered."""
        view, today = self._page.view, self._page.operations.now().astimezone().date()
        until = written_day(view.until.astimezone().date()) if view.until else ""
        offers = [(written_day(today + timedelta(days=n)), words)
                  for n, words in ((0, "Today"), (7, "In a week"), (30, "In a month"))]  # fmt: skip

        def end(values: Values) -> None:
            words = str(values["until"]).strip()
            try:
                last = end_of(read_day(words)) if words else None
            except NotADayError:
                self._page.complain(Problem(f"“{words}” is no day.",
                                            f"Write it such as {written_day(today)}."))  # fmt: skip
                return
            self._change({"until": last})

        self._page.ask(
            Question(f"Until when is “{view.title}” offered?",
                     [Field("until", "Last day", until, placeholder="Always")], "Set the end", end,
                     "After that day it is gone from the tabs and the menu. Empty means always.",
                     suggests="until", suggestions=(*offers, ("", "Always")))
        )  # fmt: skip

    def move(self, step: int) -> None:
        """Let the view change places with its neighbour."""
        other, view = self._neighbour(step), self._page.view
        if other is None:
            return
        self._run("swap_views", view_id=view.own, with_id=other.own)

    def _neighbour(self, step: int) -> View | None:
        own = self._page.views.own
        at = next((n for n, view in enumerate(own) if view.own == self._page.view.own), None)
        if at is None or not 0 <= at + step < len(own):
            return None
        return own[at + step]

    def delete(self) -> None:
        """Forget the view; Undo brings it back."""
        view = self._page.view
        self._page.operations.run(
            "delete_view", view_id=view.own, otherwise=self._page.complain,
            then=lambda _changes: self._page.shell.say(f"Deleted the view “{view.title}”",
                                                       can_undo=True),
        )  # fmt: skip

    def _change(self, changes: Mapping[str, Any]) -> None:
        self._run("change_view", view_id=self._page.view.own, changes=changes)

    def _run(self, operation: str, **arguments: Any) -> None:
        self._page.operations.run(
            operation, then=self._done, otherwise=self._page.complain, **arguments
        )

    def _done(self, changes: Changes) -> None:
        self._page.answered()
        self._page.show_when_offered(own_key(changes.done[0]))


def end_of(day: date) -> datetime:
    """Return the last moment of a day here."""
    return datetime.combine(day, time.max).astimezone()
