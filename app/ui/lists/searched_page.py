"""A page whose list can be searched: what was looked at before, and where a search began."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.ui.lists.search_box import Offered, SearchBox
from app.ui.lists.search_trail import Step, Trail
from app.ui.lists.viewed_page import ViewedPage
from app.ui.lists.views import View


class SearchedPage(ViewedPage):
    """Keeps the search, and the trail of views and searches."""

    search_hint = "Search"
    trail: Trail
    search_box: SearchBox
    _before_search: int | None = None

    def _make_search(self) -> None:
        """Make the search, when the view and the list are there."""
        self.trail = Trail(Step(self.view.key, ""))
        offered = Offered(self.offered_views, self.show_view_by_key)
        box = SearchBox(self, self.operations, self.search_fields, f"Search {self.title.lower()}",
                        self.search_hint, offered, self.list)  # fmt: skip
        box.wanted.connect(self._search_wanted)
        box.left.connect(self.start)
        box.field.entered.connect(self._search_entered)
        box.field.cleared.connect(self._search_cleared)
        self.search_box, self._field, self._typing = box, box.field, box.typing

    def _show(self) -> None:
        self._show_step(is_typing=False)

    def _show_step(self, *, is_typing: bool) -> None:
        """Show what is asked for now, and take note of it for the way back."""
        self.trail.visit(Step(self.view.key, self._field.text().strip()), is_typing=is_typing)
        self._read_anew()

    def _read_anew(self) -> None:
        raise NotImplementedError

    def _search_wanted(self, is_typing: bool) -> None:
        self._show_step(is_typing=is_typing)
        self._mark_changed()

    def _search_entered(self, is_in: bool) -> None:
        """Remember the row from which a search began, and let each search be a step of its own."""
        self.trail.settle()
        row = self.list.current_row
        if is_in and not self._field.text():
            self._before_search = row.id if row is not None else None

    def _search_cleared(self) -> None:
        """Return to the row from which the search began."""
        if self._before_search is not None:
            self.list.seek(self._before_search)

    def focus_search(self) -> None:
        """Put the cursor into the search."""
        self.search_box.focus()

    def step(self, steps: int) -> None:
        """Go back (-1) or forward (1) through what was looked at."""
        step = self.trail.go(steps)
        view = self.views.find(step.view)
        if view is not None:
            self._choose(view)
        self._field.setText(step.text)
        self._typing.stop()
        self._search_wanted(is_typing=False)
        self.start()

    # ---- coming back ----------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Return also what was searched for lately."""
        return {**super().state(), "recent": self.search_box.recent}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Know again what was searched for lately."""
        super().restore(state)
        recent = state.get("recent")
        self.search_box.recent = [str(each) for each in recent] if isinstance(recent, list) else []

    def _restore_view(self, view: View, state: Mapping[str, Any]) -> None:
        super()._restore_view(view, state)
        self.trail.start(Step(view.key, self._field.text().strip()))
