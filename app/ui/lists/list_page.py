"""The shape of most pages: views with counts, a search, a dense list, and the detail beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from app.errors import DeskError
from app.queries.overview import has_orders
from app.services.desk import Desk
from app.ui.lists.chooser import ColumnChooser
from app.ui.lists.columns import Column
from app.ui.lists.copying import MOST_COPIED
from app.ui.lists.exporting import ListExport
from app.ui.lists.foot import Foot
from app.ui.lists.list_view import ListView
from app.ui.lists.searched_page import SearchedPage
from app.ui.lists.sources import Queries, SearchSource
from app.ui.lists.table import TableModel
from app.ui.lists.view_actions import ViewActions
from app.ui.lists.view_tabs import ViewTabs
from app.ui.lists.views import View, Views
from app.ui.operations import Problem
from app.ui.pacing import Paced
from app.ui.pages.page import Shell
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, down
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.text import Text
from app.ui.words import number


class ListPage(SearchedPage):
    """A page around one list. What differs is said by the methods that subclasses fill in."""

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
        self._counting = Paced(self.operations, self)
        self._make_search()
        self._wrong = Text(tone=Tone.BAD, wraps=True)
        self._wrong.hide()
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        self.foot = Foot(self.noun, self.select_all, self._select_one)
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
            Text(self.title, step="heading"), 6, self.tabs, *self.header_tools(),
            self.search_box, spacing=8, margins=(14, 7, 12, 7),
        )  # fmt: skip
        # The tabs take what they need, the search what is left, up to its greatest width.
        head.setStretchFactor(self.search_box, 1)
        return head

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

    def say_empty(self, empty: EmptyState, has_orders: bool) -> None:
        """Say why there is nothing in this view: all done is not the same as nothing yet."""
        empty.say("done", "Nothing here")

    def say_first_steps(self, empty: EmptyState, icon_name: str, title: str) -> None:
        """Lead whoever has nothing in the desk yet to their own files, or to the demo."""
        steps = self.shell.action("app.show_first_steps")
        empty.say(icon_name, title, "Bring in a file of orders, or look around with demo data.",
                  ("First steps…", steps.trigger))  # fmt: skip

    # ---- reading --------------------------------------------------------------------------------

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

    def _read_anew(self) -> None:
        self.list.show_source(self._source())
        self._count()

    def _source(self) -> SearchSource:
        return SearchSource(self.operations.desk, self._queries, self.query, self.fixed())

    def _count(self) -> None:
        """Count the rows of every view, beside everything else."""
        wanted = {view.key: view.query for view in self.views.all}
        desk, count, fixed = self.operations.desk, self._queries.count, self.fixed()
        if len(wanted) > 1:
            self._counting.ask(
                lambda: {key: _counted(desk, count, query, fixed) for key, query in wanted.items()},
                then=self.tabs.count,
            )

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
            self.operations.query(
                has_orders, then=partial(self.say_empty, self._empty), slot=(self.id, "empty")
            )

    def _refused(self, problem: Problem) -> None:
        if self.search_box.error is None:  # otherwise the search itself says what is wrong
            self._wrong.say(problem.said)
            self._wrong.setContentsMargins(14, 6, 14, 6)
            self._wrong.show()
        self._mark_wrong(True)
        if not self.model.rowCount():
            self._empty.say("search", "This search cannot be read yet",
                            "Below the search stands what would be right. Search help (Shift+F1) "
                            "shows what it understands.")  # fmt: skip

    def _mark_wrong(self, is_wrong: bool) -> None:
        self._field.setProperty("wrong", is_wrong)
        self._field.style().unpolish(self._field)
        self._field.style().polish(self._field)

    def _selection_said(self) -> None:
        self.foot.say(self.model.rowCount(), self.list.selected_count,
                      is_all=self.list.is_all_selected, is_ready=self.model.is_ready)  # fmt: skip
        self.shell.state_changed()

    def select_all(self) -> None:
        """Select everything that the view shows, also what has not been read."""
        self.list.selectAll()
        self.list.setFocus()

    def _select_one(self) -> None:
        self.list.select_only_current()
        self.list.setFocus()

    def _too_many(self, count: int) -> None:
        self.shell.complain(
            f"Nothing was copied: {number(count)} rows are too many for the clipboard.",
            f"Select at most {number(MOST_COPIED)}, or export the list to a file.",
        )

    # ---- room and keys ----------------------------------------------------------------------------

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
