"""The shape of most pages: views with counts, a search, a dense list, and the detail beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from app.services.desk import Desk
from app.ui.icons import icon
from app.ui.lists.columns import Column
from app.ui.lists.list_view import ListView
from app.ui.lists.search_box import SearchField
from app.ui.lists.table import TableModel
from app.ui.operations import Problem
from app.ui.pages.page import Page, Shell
from app.ui.timers import once
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.text import Text
from app.ui.words import count_of, literal_tooltip, number

TYPING_PAUSE_MS = 140


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at a list: its name, and the search behind it."""

    key: str
    title: str
    query: str
    hint: str = ""
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Queries:
    """The three readings behind a list, as functions of the queries package."""

    rows: Callable[..., Sequence[Any]]
    count: Callable[..., int]
    ids: Callable[..., list[int]] | None = None


@dataclass(frozen=True, slots=True)
class SearchSource:
    """The rows that a search finds. Made on the window's thread, read on any other."""

    desk: Desk
    queries: Queries
    query: str
    fixed: dict[str, Any]

    def count(self) -> int:
        """Return how many rows there are."""
        return self.desk.read(self.queries.count, query=self.query, **self.fixed)

    def page(self, sort: str, descending: bool, limit: int, offset: int) -> Sequence[Any]:
        """Return some of the rows."""
        order = {"sort": sort, "descending": descending} if sort else {}
        return self.desk.read(
            self.queries.rows, query=self.query, limit=limit, offset=offset, **order, **self.fixed
        )

    def ids(self) -> list[int]:
        """Return the ids of all rows."""
        if self.queries.ids is not None:
            return self.desk.read(self.queries.ids, query=self.query, **self.fixed)
        rows = self.desk.read(self.queries.rows, query=self.query, limit=None, **self.fixed)
        return [row.id for row in rows]


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
        self._views = views
        self._sort = (sort, descending)
        self.view = views[0]
        self.model = TableModel(
            self.operations, columns, sort=sort, descending=descending, parent=self
        )
        self.list = ListView(self.model, self.title)
        self._tabs = {each.key: self._tab(each) for each in views}
        self._field = self._search_field()
        self._said = Text(quiet=True)
        self._wrong = Text(tone=Tone.BAD, wraps=True)
        self._wrong.hide()
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        self.foot = across(self._said, None, spacing=12, margins=(12, 3, 12, 3))
        self._typing = once(self, TYPING_PAUSE_MS, self._search_typed)
        self._lay_out()
        self.model.loaded.connect(self._loaded)
        self.model.refused.connect(self._refused)
        self.list.selection_changed.connect(self._selection_said)

    # ---- layout ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        detail = self.make_detail()
        left = boxed(down(self._wrong, self._stack, boxed(self.foot), spacing=0))
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(detail)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        detail.setMinimumWidth(380)
        self.splitter.setSizes([1250, 470])
        head = boxed(self._header())
        head.setObjectName("header")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setLayout(down(head, self.splitter, spacing=0))

    def _header(self) -> QHBoxLayout:
        tabs = across(*self._tabs.values(), spacing=2) if len(self._tabs) > 1 else 0
        return across(
            Text(self.title, step="heading"), 6, tabs, None, *self.header_tools(), self._field,
            spacing=8, margins=(14, 7, 12, 7),
        )  # fmt: skip

    def _tab(self, view: View) -> QWidget:
        made = button(view.title, lambda: self.show_view(view), kind="tab", hint=view.hint)
        made.setCheckable(True)
        made.setChecked(view is self.view)
        return made

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

    def count_views(self) -> dict[str, str]:
        """Return the views whose counts are shown, with their searches."""
        return {view.key: view.query for view in self._views} if len(self._views) > 1 else {}

    # ---- reading --------------------------------------------------------------------------------

    @property
    def query(self) -> str:
        """The search as a whole: the view's and what was typed."""
        typed = self._field.text().strip()
        if not self.view.query or not typed:
            return self.view.query or typed
        return f"{self.view.query} ({typed})"

    def show_view(self, view: View) -> None:
        """Look at the list in another way; what is typed in the search stays."""
        self._choose(view)
        self._show()
        self.start()

    def _choose(self, view: View) -> None:
        if view is not self.view:
            self.list.sort_rows(view.sort or self._sort[0], descending=view.descending)
        self.view = view
        for key, tab in self._tabs.items():
            tab.setChecked(key == view.key)  # type: ignore[attr-defined]

    def view_of(self, key: str) -> View:
        """Return a view by its key."""
        return next(view for view in self._views if view.key == key)

    def offered_views(self) -> list[tuple[str, str]]:
        """Return the views that can be shown now, each as its key and title."""
        return [(view.key, view.title) for view in self._views]

    def show_view_by_key(self, key: str) -> None:
        """Look at the list as a view does; one that is not offered any more changes nothing."""
        if key in dict(self.offered_views()):
            self.show_view(self.view_of(key))

    def state(self) -> dict[str, Any]:
        """Return which view is shown, how it is sorted, and where the cursor is."""
        row = self.list.current_row
        return {
            "view": self.view.key,
            "sort": self.model.sorting,
            "descending": self.model.descending,
            "row": row.id if row is not None else None,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show the same view again, sorted as it was, with the cursor where it was."""
        known = [view for view in self._views if view.key == state.get("view")]
        if known:
            self._choose(known[0])
        sorts = {column.sort for column in self.model.columns if column.sort}
        if state.get("sort") in sorts:
            self.list.sort_rows(state["sort"], descending=bool(state.get("descending")))
        if isinstance(state.get("row"), int):
            self.list.seek(state["row"])

    def search(self, query: str) -> None:
        """Search in everything, or open the view that means just that."""
        same = [view for view in self._views if view.query == query]
        self._field.setText("" if same else query)
        self._typing.stop()
        everything = next(view for view in self._views if not view.query)
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
        wanted, desk, fixed = self.count_views(), self.operations.desk, self.fixed()
        if not wanted:
            return

        def read() -> dict[str, int]:
            return {
                key: desk.read(self._queries.count, query=query, **fixed)
                for key, query in wanted.items()
            }

        self.operations.ask(read, then=self._counted, slot=(self.id, "counts"))

    def _counted(self, counts: dict[str, int]) -> None:
        for key, count in counts.items():
            view = self.view_of(key)
            self._tabs[key].setText(f"{view.title}  {number(count)}")  # type: ignore[attr-defined]
            self._tabs[key].setAccessibleName(f"{view.title}, {count}")

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
        total = self.model.rowCount()
        selected = self.list.selected_count
        words = count_of(total, *self.noun)
        if selected > 1:
            words = f"{number(selected)} of {words} selected"
        self._said.say(words if self.model.is_ready else "Reading …")
        self.shell.state_changed()

    # ---- search ---------------------------------------------------------------------------------

    def _search_typed(self) -> None:
        self._show()

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
            pane = max(380, min(480, int(self.width() * 0.33)))
            self.splitter.setSizes([self.width() - pane, pane])

    def start(self) -> None:
        """Put the cursor into the list."""
        if self._stack.currentWidget() is self.list:
            self.list.setFocus()
        else:
            self.setFocus()
