"""The page Today: one list of what needs action now, and what each choice would do beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QSplitter, QStackedWidget, QWidget

from app.domain.changes import Changes
from app.queries.cases import CaseRow
from app.queries.digest import Digest, digest
from app.queries.order_detail import OrderDetail
from app.queries.today import Deadline
from app.queries.today_items import Item
from app.ui.commands import Command
from app.ui.lists.bulk import BulkRun
from app.ui.lists.list_view import ListView
from app.ui.lists.table import TableModel
from app.ui.operations import Problem
from app.ui.pages.asking import AskingPage
from app.ui.pages.page import Shell
from app.ui.pages.today.choices import MOST, Choices
from app.ui.pages.today.columns import item_columns
from app.ui.pages.today.detail import ItemPane
from app.ui.pages.today.place import OneAtATime
from app.ui.pages.today.reading import AgendaSource, More, read_counts, read_more
from app.ui.pages.today.since import digest_banner
from app.ui.pages.today.tiles import TILES, Tiles
from app.ui.timers import every, once
from app.ui.widgets.controls import across, boxed, button, down, empty_out
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.text import Text
from app.ui.words import count_of, moment

TICK_MS = 60_000
SOON_MS = 60


class TodayPage(OneAtATime, AskingPage):
    """Start the day here."""

    pane: ItemPane
    id = "today"
    title = "Today"
    icon = "today"
    letter = "T"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.row: CaseRow | None = None
        self.detail: OrderDetail | None = None
        self.item: Item | None = None
        self._more: More | None = None
        self._is_score_open = False
        self._is_busy = False
        self._sorts = self._looks_for_back = False
        self._listed: frozenset[int] = frozenset()
        self._gone: frozenset[int] = frozenset()
        self._seen: dict[str, str] = {}
        self.choices = Choices(shell, self)
        self._source = AgendaSource(self.operations.desk, ())
        self.model = TableModel(
            self.operations, item_columns(self.choices, self.operations.now), parent=self
        )
        self.list = ListView(self.model, "What needs you")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tiles = Tiles(self.shell.go)
        self.pane = ItemPane(
            self.operations.now, self.open_score, shell.open_order, self.choices.open
        )
        self._read_soon = once(self, SOON_MS, self._read_more)
        self._lay_out()
        self.pane.answered.connect(self.list.setFocus)
        self.list.current_changed.connect(self._follow)
        self.list.opened.connect(self.choices.open)
        self.model.loaded.connect(self._loaded)
        self.operations.history.turned.connect(self._turned)
        every(self, TICK_MS, self.make_stale).start()

    # ---- layout ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._said = Text(quiet=True)
        self._sort = button("Sort them in (R)", self.sort_again, kind="link",
                            hint="Put what came in meanwhile where its score belongs")  # fmt: skip
        self._sort.hide()
        self._digest = down(margins=(14, 10, 12, 0))
        self._digest_box = boxed(self._digest)
        self._digest_box.hide()
        self._calm = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._calm)
        foot = boxed(across(self._said, self._sort, None, spacing=12, margins=(12, 3, 12, 3)))
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(boxed(down(self._stack, foot, spacing=0)))
        self.splitter.addWidget(self.pane)
        self.splitter.setStretchFactor(0, 1)
        self.pane.setMinimumWidth(340)
        self.pane.show_nothing("")
        tiles = boxed(across(self.tiles, margins=(14, 8, 12, 9)))
        head = boxed(down(across(Text(self.title, step="heading"), None, margins=(14, 8, 12, 0)),
                          self._digest_box, tiles, spacing=0))  # fmt: skip
        head.setObjectName("header")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = down(head, self.splitter, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the list most of the width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            pane = max(340, min(480, int(self.width() * 0.33)))
            self.splitter.setSizes([self.width() - pane, pane])

    # ---- reading --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read again; what is on the screen keeps its place."""
        desk, now = self.operations.desk, self.operations.now()
        known = () if self._sorts else [item.id for item in self._items()]
        self._source = AgendaSource(desk, known)
        if self.model.is_ready:
            self.model.adopt(self._source)
            self.list.refresh()
        else:
            self.list.show_source(self._source)
        wanted = [(tile.page, tile.query) for tile in TILES]
        self.operations.ask(partial(read_counts, desk, wanted, now), then=self.tiles.say,
                            otherwise=self._not_counted, slot=(self.id, "tiles"))  # fmt: skip

    def sort_again(self) -> None:
        """Put every line where its score belongs, and show where the cursor is then."""
        self._sorts = True
        self.refresh()

    def _turned(self, _changes: Changes) -> None:
        """Something was taken back or done again: what comes back stands where it stood."""
        self._sorts = self._looks_for_back = self.isVisible()
        self.make_stale()

    def showEvent(self, event: QShowEvent) -> None:
        """Sort in what came at the end while somebody looked: whoever enters looks anew."""
        self._is_stale = self._sorts = self._is_stale or not self._source.is_in_order
        super().showEvent(event)

    def _items(self) -> Sequence[Item]:
        rows = (self.model.peek(number) for number in range(self.model.rowCount()))
        return [row for row in rows if row is not None]

    def _not_counted(self, problem: Problem) -> None:
        self.tiles.cannot_say()
        if not problem.details:
            self.operations.failed.emit(problem.title, problem.advice)

    def _loaded(self) -> None:
        count = self.model.rowCount()
        self._said.say(f"{count_of(count, 'thing')} to decide" if count else "")
        self._sort.setVisible(not self._source.is_in_order)
        self._find_place()
        had_focus = self.list.hasFocus() or self.hasFocus()
        self._stack.setCurrentWidget(self.list if count else self._calm)
        if not count:
            self._say_calm(self._source.next_deadline)
            self._follow(None)
        if had_focus:
            self.start()

    def _find_place(self) -> None:
        """Put the cursor on what has come back, and scroll to it where lines were sorted."""
        shown = [item.id for item in self._items()]
        back = [at for at, each in enumerate(shown) if each in self._gone]
        self._gone = (self._gone | self._listed).difference(shown)
        self._listed = frozenset(shown)
        if not self._source.is_sorted:
            return
        if back and self._looks_for_back:
            self.list.show_cursor(back[0])
        else:
            self.list.show_cursor(self.list.currentIndex().row())
        self._sorts = self._looks_for_back = False

    def _say_calm(self, deadline: Deadline | None) -> None:
        words = "New orders appear by themselves."
        if self._source.is_new:
            steps = self.shell.action("app.show_first_steps")
            self._calm.say("today", "Nothing has come in yet",
                           "Bring in a file of orders, or look around with demo data.",
                           ("First steps…", steps.trigger))  # fmt: skip
            return
        if deadline is None:
            self._calm.say("done", "Nothing needs you now", words)
            return
        due = moment(deadline.due_at, self.operations.now())
        self._calm.say("done", "Nothing needs you now",
                       f"The next deadline: {deadline.number} has to leave {due}. {words}",
                       ("Open it", partial(self.shell.open_order, deadline.order_id)))  # fmt: skip

    # ---- following the cursor -------------------------------------------------------------------

    def _follow(self, item: Item | None) -> None:
        self.item = item
        self.row = item.case if item is not None else None
        if self._is_busy:
            return
        if item is None:
            self.detail = self._more = None
            self.pane.show_nothing("What is selected is explained here.")
        else:
            self._read_soon.start()
        self.shell.state_changed()

    def _read_more(self) -> None:
        if self.item is not None:
            self.operations.ask(partial(read_more, self.operations.desk, self.item),
                                then=self._show_more, slot=(self.id, "more"))  # fmt: skip

    def _show_more(self, more: More) -> None:
        if self.item is None or self.item.id != more.item.id or self._is_busy:
            return
        self.detail, self._more = more.order, more
        self._show()

    def show_again(self) -> None:
        """Draw what is selected again: more is known of it."""
        self._show()

    def _show(self) -> None:
        if self._more is not None:
            self.pane.show_item(self._more, self.choices.of(self._more.item),
                                is_score_open=self._is_score_open)  # fmt: skip
        self.shell.state_changed()

    @property
    def is_score_open(self) -> bool:
        """Whether it shows how the score is made up."""
        return self._is_score_open

    def open_score(self) -> None:
        """Show or hide how the score is made up."""
        self._is_score_open = not self._is_score_open
        self._show()

    # ---- since you left -------------------------------------------------------------------------

    def _who(self) -> str:
        """Name this person at this desk: one window may open several desks."""
        desk = self.operations.desk
        return f"{desk.store.label} {desk.actor.name}"

    def state(self) -> dict[str, Any]:
        """Remember when this person left."""
        return {"seen": {**self._seen, self._who(): self.operations.now().isoformat()}}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Say what happened since this person left."""
        seen = state.get("seen")
        self._seen = (
            {str(key): str(at) for key, at in seen.items()} if isinstance(seen, dict) else {}
        )
        try:
            since = datetime.fromisoformat(self._seen[self._who()])
        except (KeyError, ValueError):
            return
        self.operations.query(digest, since=since, actor=self.operations.desk.actor.name,
                              then=self._show_digest, slot=(self.id, "digest"))  # fmt: skip

    def _show_digest(self, found: Digest) -> None:
        empty_out(self._digest)
        if found.is_empty:
            return
        banner = digest_banner(found, self.operations.now(), self.shell.go)
        banner.closed.connect(self._digest_box.hide)
        self._digest.addWidget(banner)
        self._digest_box.show()

    # ---- what the choices ask -------------------------------------------------------------------

    def selected_ids(self, then: Callable[[list[int]], object]) -> None:
        """Find the order that the line is about."""
        then([self.detail.id] if self.detail else [])

    def selected_count(self) -> int:
        """Return how many orders that is."""
        return 1 if self.detail else 0

    def show_bulk(self, run: BulkRun, _ids: list[int]) -> None:
        """Show how far it is, then the outcome; the list moves on by itself."""
        self._is_busy = True
        run.progressed.connect(lambda done, total: self.pane.say_progress(done, total, run.cancel))
        run.finished.connect(self._bulk_done)
        run.stopped.connect(self._bulk_stopped)

    def _bulk_done(self, changes: Changes) -> None:
        self._is_busy = False
        self.shell.say_done(changes)
        self._follow(self.list.current_row)

    def _bulk_stopped(self, problem: Problem) -> None:
        self._is_busy = False
        self.complain(problem)
        self._follow(self.list.current_row)

    # ---- commands -------------------------------------------------------------------------------

    def commands(self) -> Sequence[Command]:
        """Declare the verbs: the choices by number."""
        choices = [
            Command(f"today.take_choice_{at}", f"Take way out {at}", partial(self.take, at), str(at),
                    "accept", "Case", self.id, partial(self._why_not, at))
            for at in range(1, MOST + 1)
        ]  # fmt: skip
        return [
            *choices,
            Command("today.explain_score", "Explain the score", self.open_score, "E", "info", "Case",
                    self.id, partial(self._why_not, 1)),
            Command("today.sort_again", "Sort in what is new", self.sort_again, "R", "refresh", "View",
                    self.id),
        ]  # fmt: skip

    def take(self, at: int) -> None:
        """Do what the choice of this number says."""
        if self.item is not None and not self._why_not(at):
            self.choices.of(self.item)[at - 1].run()

    def _why_not(self, at: int) -> str:
        if self.item is None or self._is_busy:
            return "nothing is selected" if self.item is None else "one moment, it is under way"
        if self._more is None or self._more.item.id != self.item.id:
            return "it is still being read"
        return "" if len(self.choices.of(self.item)) >= at else "there are fewer choices"

    def lists(self) -> Sequence[QWidget]:
        """Return the list, and the page itself for when the list is empty."""
        return (self.list, self)

    def start(self) -> None:
        """Put the cursor into the list."""
        if self._stack.currentWidget() is self.list:
            self.list.setFocus()
        else:
            self.setFocus()
