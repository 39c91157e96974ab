"""The shape of most pages: views with counts, a search, a dense list, and the detail beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from app.domain.changes import Changes, Touched
from app.errors import DeskError
from app.services.desk import Desk
from app.ui.icons import icon
from app.ui.lists.chooser import ColumnChooser
from app.ui.lists.columns import Column, Layout, layout_of
from app.ui.lists.copying import MOST_COPIED
from app.ui.lists.exporting import ListExport
from app.ui.lists.foot import Foot
from app.ui.lists.list_view import ListView
from app.ui.lists.search_box import SearchField
from app.ui.lists.sources import Queries, SearchSource
from app.ui.lists.table import TableModel
from app.ui.lists.view_actions import VIEW_COMMANDS, ViewActions
from app.ui.lists.view_tabs import ViewTabs
from app.ui.lists.views import View, Views
from app.ui.operations import Problem
from app.ui.pages.page import Page, Shell
from app.ui.timers import once
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, down
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.form import InlineForm, Question
from app.ui.widgets.text import Text
from app.ui.words import literal_tooltip, number

TYPING_PAUSE_MS = 140


class ListPage(Page):
    """A page around one list. What differs is said by the methods that subclasses fill in."""

    search_hint = "Search"
    search_help = ""
    noun = ("row", "rows")

    def __init__(
        self,
        shell: Shell,
        *,
        queries: Queries,
        columns: Sequence[Column],
        views: Sequence[View],
        sort: str = "",
        descending: bool = False,
    ) -> None:
        super().__init__(shell)
        self._queries = queries
        self._sort = (sort, descending)
        self._layouts: dict[str, Layout] = {}
        self._wanted: Mapping[str, Any] = {}
        self.views = Views(self.id, views, self.operations, self)
        self.view = views[0]
        self.view_actions = ViewActions(self)
        self.model = TableModel(
            self.operations, columns, sort=sort, descending=descending, parent=self
        )
        self.list = ListView(self.model, self.title)
        self.chooser = ColumnChooser(self, self.list)
        self.exports = ListExport(self)
        self.tabs = ViewTabs(self.title.lower(), self._fill_menu)
        self._field = self._search_field()
        self._wrong = Text(tone=Tone.BAD, wraps=True)
        self._wrong.hide()
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        self.foot = Foot(self.noun, self._select_one)
        self._typing = once(self, TYPING_PAUSE_MS, self._search_typed)
        self._pane_width = 0
        self._lay_out()
        self._listen()
        self._offer_views()
        self.views.read()

    def _listen(self) -> None:
        self.model.loaded.connect(self._loaded)
        self.model.refused.connect(self._refused)
        self.list.selection_changed.connect(self._selection_said)
        self.list.sorted_by_hand.connect(self._mark_changed)
        self.list.shape.changed.connect(self._reshaped)
        self.list.shape_wanted.connect(lambda _at: self.chooser.open())
        self.list.too_many.connect(self._too_many)
        self.views.changed.connect(self._views_changed)
        self.tabs.chosen.connect(self.show_view_by_key)

    # ---- layout ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        detail = self.make_detail()
        left = boxed(down(self._wrong, self._stack, self.foot, spacing=0))
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(detail)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        detail.setMinimumWidth(380)
        self.splitter.setSizes([1250, 470])
        self.splitter.splitterMoved.connect(self._split)
        head = boxed(self._header())
        head.setObjectName("header")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setLayout(down(head, self.splitter, spacing=0))

    def _header(self) -> QHBoxLayout:
        head = across(
            Text(self.title, step="heading"), 6, self.tabs, *self.header_tools(), self._field,
            spacing=8, margins=(14, 7, 12, 7),
        )  # fmt: skip
        head.setStretchFactor(self.tabs, 1)
        return head

    def _search_field(self) -> SearchField:
        field = SearchField()
        field.setAccessibleName(f"Search {self.title.lower()}")
        field.setPlaceholderText(self.search_hint)
        field.setToolTip(
            literal_tooltip(f"Press / or Ctrl+F to search, Esc to clear.\n{self.search_help}")
        )
        field.setMinimumWidth(300)
        field.setMaximumWidth(420)
        field.setClearButtonEnabled(False)
        glass = QAction(icon("search"), "", field)
        field.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        field.textChanged.connect(lambda _text: self._typing.start())
        field.left.connect(self._leave_search)
        return field

    # ---- what subclasses say ---------------------------------------------------------------------

    def make_detail(self) -> QWidget:
        """Return the pane beside the list."""
        raise NotImplementedError

    def header_tools(self) -> Sequence[QWidget]:
        """Return what stands beside the search."""
        return ()

    def fixed(self) -> dict[str, Any]:
        """Return what every reading of this list needs besides the search."""
        return {}

    def say_empty(self, empty: EmptyState) -> None:
        """Say why there is nothing in this view."""
        empty.say("done", "Nothing here")

    def ask(self, question: Question) -> InlineForm:
        """Ask beside the list."""
        raise NotImplementedError

    def answered(self) -> None:
        """Close the question."""

    def complain(self, problem: Problem) -> None:
        """Say why nothing was done."""
        raise NotImplementedError

    # ---- reading --------------------------------------------------------------------------------

    @property
    def query(self) -> str:
        """The search as a whole: the view's and what was typed. An own view's stands in the field."""
        typed, own = self._field.text().strip(), "" if self.view.own else self.view.query
        return f"{own} ({typed})" if own and typed else own or typed

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
            self.list.shape.apply(self._layouts.get(self._layout_key, view.layout))
        self._mark_changed()

    def view_of(self, key: str) -> View:
        """Return a view by its key."""
        return next(view for view in self.views.all if view.key == key)

    def offered_views(self) -> list[tuple[str, str]]:
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
        """Under what the shape of the list is kept: for each own view, and once for the page."""
        return self.view.key if self.view.own else ""

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
            "columns": {key: layout.as_data() for key, layout in self._layouts.items()},
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

    def search(self, query: str) -> None:
        """Search in everything, or open the view that means just that."""
        same = [view for view in self.views.presets if view.query == query]
        self._field.setText("" if same else query)
        self._typing.stop()
        everything = next(view for view in self.views.presets if not view.query)
        self.show_view(same[0] if same else everything)

    def refresh(self) -> None:
        """Read again what is shown, and the counts of the views."""
        if self.model.is_ready:
            self.model.adopt(self._source())
            self.list.refresh()
        else:
            self.list.show_source(self._source())
        self._count()

    def _show(self) -> None:
        self.list.show_source(self._source())
        self._count()

    def _source(self) -> SearchSource:
        return SearchSource(self.operations.desk, self._queries, self.query, self.fixed())

    def _count(self) -> None:
        """Count the rows of every view, beside everything else."""
        wanted = {view.key: view.query for view in self.views.all}
        desk, count, fixed = self.operations.desk, self._queries.count, self.fixed()
        if len(wanted) > 1:
            self.operations.ask(
                lambda: {key: _counted(desk, count, query, fixed) for key, query in wanted.items()},
                then=self.tabs.count, slot=(self.id, "counts"),
            )  # fmt: skip

    # ---- answers --------------------------------------------------------------------------------

    def _loaded(self) -> None:
        self._wrong.hide()
        self._mark_wrong(False)
        if self.model.rowCount():
            self._stack.setCurrentWidget(self.list)
            if self.hasFocus():
                self.list.setFocus()
        else:
            had_focus = self.list.hasFocus()
            self._say_nothing()
            self._stack.setCurrentWidget(self._empty)
            if had_focus:
                self.setFocus()
        self._selection_said()

    def _say_nothing(self) -> None:
        if self._field.text().strip():
            self._empty.say("search", "Nothing found", f"No {self.noun[0]} fits “{self._field.text()}”.",
                            ("Clear the search", self._field.clear))  # fmt: skip
        else:
            self.say_empty(self._empty)

    def _refused(self, problem: Problem) -> None:
        self._wrong.say(f"{problem.title} {problem.advice}".strip())
        self._wrong.setContentsMargins(14, 6, 14, 6)
        self._wrong.show()
        self._mark_wrong(True)
        if not self.model.rowCount():
            self._empty.say("search", "This search cannot be read yet",
                            "Press F1 or hover over the search field for what it understands.")  # fmt: skip

    def _mark_wrong(self, is_wrong: bool) -> None:
        self._field.setProperty("wrong", is_wrong)
        self._field.style().unpolish(self._field)
        self._field.style().polish(self._field)

    def _selection_said(self) -> None:
        self.foot.say(self.model.rowCount(), self.list.selected_count,
                      is_all=self.list.is_all_selected, is_ready=self.model.is_ready)  # fmt: skip
        self.shell.state_changed()

    def _select_one(self) -> None:
        self.list.select_only_current()
        self.list.setFocus()

    def _too_many(self, count: int) -> None:
        self.shell.complain(
            f"Nothing was copied: {number(count)} rows are too many for the clipboard.",
            f"Select at most {number(MOST_COPIED)}, or export the list to a file.",
        )

    # ---- search ---------------------------------------------------------------------------------

    def _search_typed(self) -> None:
        self._show()
        self._mark_changed()

    def _leave_search(self) -> None:
        if self._typing.isActive():
            self._typing.stop()
            self._show()
        self.list.setFocus()

    def focus_search(self) -> None:
        """Put the cursor into the search."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def lists(self) -> Sequence[QWidget]:
        """Return the list, and the page itself for when the list is empty."""
        return (self.list, self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the list at least three fifths of the width, on small screens too."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            pane = self._pane_width or max(380, min(480, int(self.width() * 0.33)))
            self.splitter.setSizes([self.width() - pane, pane])

    def _split(self) -> None:
        self._pane_width = self.splitter.sizes()[1]

    def start(self) -> None:
        """Put the cursor into the list."""
        if self._stack.currentWidget() is self.list:
            self.list.setFocus()
        else:
            self.setFocus()


def _counted(
    desk: Desk, count: Callable[..., int], query: str, fixed: dict[str, Any]
) -> int | None:
    try:
        return desk.read(count, query=query, **fixed)
    except DeskError:  # a search that was kept when it could still be read
        return None
