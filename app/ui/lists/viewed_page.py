"""A page whose list can be looked at in several ways: the page's own, and those that a person keeps."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QMenu, QSplitter

from app.domain.changes import Changes, Touched
from app.domain.search_fields import ORDER_FIELDS, Vocabulary
from app.domain.search_terms import and_also
from app.ui.lists.columns import Layout, layout_of
from app.ui.lists.list_view import ListView
from app.ui.lists.table import TableModel
from app.ui.lists.view_actions import VIEW_COMMANDS
from app.ui.lists.view_tabs import ViewTabs
from app.ui.lists.views import View, Views
from app.ui.pages.asking import AskingPage
from app.ui.pages.page import Shell


class ViewedPage(AskingPage):
    """Keeps which view is shown, and how what is shown differs from it."""

    search_fields: Vocabulary = ORDER_FIELDS
    views: Views
    view: View
    tabs: ViewTabs
    list: ListView
    model: TableModel
    splitter: QSplitter
    _field: QLineEdit
    _typing: QTimer
    _sort: tuple[str, bool]

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._layouts: dict[str, Layout] = {}
        self._wanted: Mapping[str, Any] = {}
        self._pane_width = 0

    # ---- what the page says ---------------------------------------------------------------------

    def _show(self) -> None:
        raise NotImplementedError

    def _count(self) -> None:
        raise NotImplementedError

    # ---- which view -----------------------------------------------------------------------------

    @property
    def query(self) -> str:
        """The search as a whole: the view's and what was typed. An own view's stands in the field."""
        typed, own = self._field.text().strip(), "" if self.view.own else self.view.query
        return and_also(own, typed, self.search_fields) if own and typed else own or typed

    def show_view(self, view: View, *, anew: bool = False) -> None:
        """Look at the list in another way; what is typed in the search stays, except in own views."""
        self._choose(view, anew=anew)
        self._show()
        self.start()

    def _choose(self, view: View, *, anew: bool = False) -> None:
        before, self.view = self.view, view
        if view.key != before.key or anew:
            self.list.own_sort = (view.sort or self._sort[0], view.descending)
            self.list.sort_rows(self.list.own_sort[0], descending=view.descending)
            if view.own or before.own:
                self._field.setText(view.query if view.own else "")
                self._typing.stop()
            if anew:
                self._layouts.pop(self._layout_key, None)
            self.list.shape.apply(self._layout())
        self._mark_changed()

    def view_of(self, key: str) -> View:
        """Return a view by its key."""
        return next(view for view in self.views.all if view.key == key)

    def offered_views(self) -> builtins.list[tuple[str, str]]:
        """Return the views that can be shown now, each as its key and title."""
        return [(view.key, view.title) for view in self.views.all]

    def show_view_by_key(self, key: str) -> None:
        """Look at the list as a view does; one that is not offered any more changes nothing."""
        view = self.views.find(key)
        if view is not None:
            self.show_view(view)

    # ---- views of one's own ---------------------------------------------------------------------

    @property
    def _layout_key(self) -> str:
        """Under what the shape of the list is kept: for a view with its own columns, or the page."""
        return self.view.key if self.view.own or self.view.layout.is_chosen else ""

    def _layout(self) -> Layout:
        """Return the columns of the view as they are wanted now; an own view's until it is saved."""
        own = self.view.layout
        kept = self._layouts.get(self._layout_key, own)
        has_own = bool(self.view.own) or own.is_chosen
        return replace(own, widths=kept.widths) if has_own and not kept.names else kept

    @property
    def is_changed(self) -> bool:
        """Whether an own view is shown otherwise than it was saved."""
        view, shape = self.view, self.list.shape
        if not view.own:
            return False
        columns = self.model.columns
        return (
            self._field.text().strip() != view.query.strip()
            or (self.model.sorting, self.model.descending) != self.list.own_sort
            or shape.layout.shown(columns) != view.layout.shown(columns)
        )

    def looked_at(self) -> dict[str, Any]:
        """Return how the list is looked at, as a view keeps it."""
        shown = self.list.shape.layout.shown(self.model.columns)
        is_own = shown != Layout().shown(self.model.columns)
        return {
            "query": self.query, "sort": self.model.sorting, "descending": self.model.descending,
            "columns": shown if is_own else None,
        }  # fmt: skip

    def show_when_offered(self, key: str) -> None:
        """Look at the list as a view does that was saved just now, as soon as it has been read."""
        self._wanted = {"view": key}
        self.views.read()

    def _views_changed(self) -> None:
        self._offer_views()
        wanted, self._wanted = self._wanted, {}
        found = self.views.find(str(wanted.get("view", self.view.key)))
        if found is None:
            self._put_aside()
        elif found.key != self.view.key:
            self._restore_view(found, wanted)
            if self.isVisible():
                self._show()
        else:
            self.view = found
            self.list.own_sort = (found.sort or self._sort[0], found.descending)
        self._mark_changed()
        self._count()

    def _put_aside(self) -> None:
        """Leave a view that is not offered any more."""
        if self.view.own and self.views.find(self.view.key) is None:
            self._choose(self.views.presets[0])
            self._show()

    def _offer_views(self) -> None:
        self.tabs.offer(self.views.all if len(self.views.all) > 1 else ())
        self.tabs.show_current(self.view.key, is_changed=self.is_changed)

    def _mark_changed(self) -> None:
        self.tabs.show_current(self.view.key, is_changed=self.is_changed)
        self.shell.state_changed()

    def _reshaped(self) -> None:
        self._layouts[self._layout_key] = self.list.shape.layout
        self._mark_changed()

    def _fill_menu(self, menu: QMenu) -> None:
        self.shell.state_changed()
        for command_id in VIEW_COMMANDS:
            if command_id:
                menu.addAction(self.shell.action(command_id))
            else:
                menu.addSeparator()

    def _heard(self, changes: Changes) -> None:
        super()._heard(changes)
        if changes.touched & Touched.VIEWS:
            self.views.read()

    # ---- coming back ----------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Return how the list is looked at: view, sorting, cursor, columns, and the pane's width."""
        row = self.list.current_row
        return {
            "view": self.view.key,
            "sort": self.model.sorting,
            "descending": self.model.descending,
            "row": row.id if row is not None else None,
            "pane": self._pane_width,
            "columns": {
                key: (layout.showing(()) if key else layout).as_data()
                for key, layout in self._layouts.items()
            },
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at the list as it was left; an own view comes as soon as it has been read."""
        pane, kept = state.get("pane"), state.get("columns")
        self._pane_width = pane if isinstance(pane, int) else 0
        if isinstance(kept, Mapping):
            self._layouts = {str(key): layout_of(data) for key, data in kept.items()}
        self.list.shape.apply(self._layouts.get("", Layout()))
        known = self.views.find(str(state.get("view")))
        if known is None:
            self._wanted = state
        else:
            self._restore_view(known, state)

    def _restore_view(self, view: View, state: Mapping[str, Any]) -> None:
        self._choose(view)
        sorts = {column.sort for column in self.model.columns if column.sort}
        if state.get("sort") in sorts:
            self.list.sort_rows(state["sort"], descending=bool(state.get("descending")))
        if isinstance(state.get("row"), int):
            self.list.seek(state["row"])
        self._mark_changed()
