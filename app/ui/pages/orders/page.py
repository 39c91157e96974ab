"""The page Orders: the queue on the left, the order under the cursor on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.changes import Changes, Touched
from app.queries import orders
from app.queries.order_detail import OrderDetail, order_detail
from app.queries.order_effects import Effects, effects
from app.services.holding import ended_holds
from app.ui.commands import Command
from app.ui.lists.bulk import BulkRun
from app.ui.lists.list_page import ListPage
from app.ui.lists.sources import Queries
from app.ui.lists.views import View
from app.ui.pages.orders.actions import OrderActions
from app.ui.pages.orders.ahead import Details
from app.ui.pages.orders.burning import Budgets
from app.ui.pages.orders.columns import WHY_HELD, order_columns
from app.ui.pages.orders.commands import order_commands
from app.ui.pages.orders.detail import OrderPane
from app.ui.pages.page import Shell
from app.ui.taking_back import Step
from app.ui.timers import every, once
from app.ui.widgets.empty import EmptyState

VIEWS = (
    View(
        "ready",
        "To decide",
        "is:ready",
        "Every unit is reserved and a location is suggested: accept them",
    ),
    View("held", "On hold", "is:held", "Something has to be cleared up first", layout=WHY_HELD),
    View("short", "Short", "is:short,nolocation", "Not enough stock, or no location has all of it"),
    View("toship", "To ship", "is:toship", "Decided; the parcels have to go out"),
    View("late", "Late", "is:late", "Should have left by now"),
    View("shipped", "Shipped", "is:shipped", "Everything has left", "placed_at", descending=True),
    View("all", "All", "", "Every order that this desk knows", "placed_at", descending=True),
)
_ALL_DONE = {
    "ready": ("Nothing waits for a decision", "What is decided waits to be packed and shipped."),
    "held": ("Nothing is on hold", ""),
    "short": ("Every order has its stock", ""),
    "toship": ("Nothing waits to be shipped", ""),
    "late": ("Nothing is late", ""),
    "shipped": (
        "Nothing has left yet",
        "Orders stand here once all their parcels are on their way.",
    ),
}
_NEXT = {"ready": ("Show what is to ship", "toship")}  # the one next step of a view that is empty
TICK_MS = 60_000
SOON_MS = 60
# After these the order needs nothing more for now, and the next one is at hand.
TRIAGE = ("Accept", "Override", "Split", "Hold", "Cancel", "Ship", "Release", "Withdraw")


class OrdersPage(ListPage):
    """Work through the queue: accept, override, hold, ship."""

    pane: OrderPane
    id = "orders"
    title = "Orders"
    icon = "orders"
    letter = "O"
    interests = Touched.ORDERS | Touched.SHIPMENTS | Touched.STOCK | Touched.CASES
    search_hint = "Search orders, buyers, SKUs, tracking"
    noun = ("order", "orders")

    def __init__(self, shell: Shell) -> None:
        self.detail: OrderDetail | None = None
        self.verbs = OrderActions(shell, self)
        self.budgets = Budgets(shell.operations)
        super().__init__(
            shell,
            queries=Queries(
                orders.order_rows, orders.count_orders, orders.matching_ids, orders.rows_of
            ),
            columns=order_columns(shell.operations.now, self.budgets.column()),
            views=VIEWS,
            sort="ship_by",
        )
        self._is_bulk = False
        self._receipt_shown = False
        self._wanted_id: int | None = None
        self._read_soon = once(self, SOON_MS, self._read_detail)
        self._add_up_soon = once(self, SOON_MS, self._add_up)
        self._details = Details(self.operations, self.id)
        self.list.selection_changed.connect(self._follow)
        self.list.opened.connect(lambda _row: self.show_alone(True))
        # Hours left run down by themselves.
        every(self, TICK_MS, self.tick).start()

    def tick(self) -> None:
        """A minute has passed: hours left are fewer, and holds may have come to their end."""
        self.list.viewport().update()
        self.budgets.ask()
        desk = self.operations.desk

        def lift(ended: list[int]) -> None:
            if ended:
                self.operations.write(desk.lift_ended_holds)

        self.operations.query(ended_holds, now=self.operations.now(), then=lift)

    def make_detail(self) -> QWidget:
        """Return the pane of the order."""
        self.pane = OrderPane(self.verbs)
        self.pane.answered.connect(self.start)
        self.pane.show_nothing()
        return self.pane

    def fixed(self) -> dict[str, Any]:
        """Return the time by which late and soon are told."""
        return {"now": self.operations.now()}

    def explain(self) -> None:
        """Show why the order ships from where it is suggested."""
        self.pane.explain()

    def commands(self) -> Sequence[Command]:
        """Declare the verbs."""
        return order_commands(self)

    def say_empty(self, empty: EmptyState, has_orders: bool) -> None:
        """Say why this view is empty: all done is not the same as nothing yet."""
        if not has_orders:
            self.say_first_steps(empty, "orders", "No orders yet")
            return
        words = _ALL_DONE.get(self.view.key, ("Nothing fits this view", ""))
        title, view = _NEXT.get(self.view.key, ("Show all orders", "all"))
        empty.say("done", *words, (title, lambda: self.show_view(self.view_of(view))))

    # ---- following the cursor -------------------------------------------------------------------

    def open_order(self, order_id: int) -> None:
        """Show one order, wherever it stands in the list."""
        self._wanted_id = order_id
        self._field.clear()
        self.operations.query(
            order_detail, order_id=order_id, now=self.operations.now(),
            then=self._open,
        )  # fmt: skip

    def _open(self, detail: OrderDetail) -> None:
        self._field.setText(f"order:{quoted(detail.number)}")
        self._typing.stop()
        self.show_view(VIEWS[-1])

    def _follow(self) -> None:
        count = self.list.selected_count
        if self._receipt_shown and count != 1:
            return
        if count > 1:
            self._is_bulk = True
            self._receipt_shown = False
            self._show_many(None)
            self._add_up_soon.start()
            return
        self._is_bulk = False
        row = self.list.current_row
        if row is None:
            if not self._receipt_shown:
                self._put(None)
        else:
            self._receipt_shown = False
            known = self._details.known(row.id)
            if known is not None:
                self._show_detail(known)
            self._read_soon.start(0 if self.detail and self.detail.id == row.id else SOON_MS)

    def _show_many(self, found: Effects | None) -> None:
        self.pane.show_many(self.list.selected_count, self.model.rowCount(), found,
                            is_all=self.list.is_all_selected)  # fmt: skip

    def _add_up(self) -> None:
        """Work out, away from the window, what is selected and what each verb would do."""
        if self._is_bulk and not self._receipt_shown:
            self.list.selected_ids(self._ask_effects)

    def _ask_effects(self, ids: list[int]) -> None:
        self.operations.query(
            effects, order_ids=ids, now=self.operations.now(), then=self._added_up,
            slot=(self.id, "effects"),
        )  # fmt: skip

    def _added_up(self, found: Effects) -> None:
        """Show it, unless something else is selected by now."""
        if self._is_bulk and not self._receipt_shown and found.count == self.list.selected_count:
            self._show_many(found)

    def _read_detail(self) -> None:
        row = self.list.current_row
        if row is None or self._is_bulk:
            return
        self._details.read(row.id, self._read)

    def _read(self, detail: OrderDetail) -> None:
        self._show_detail(detail)
        here = self.list.currentIndex().row()
        near = [self.model.peek(number) for number in (here + 1, here - 1, here + 2)]
        self._details.look_ahead([row.id for row in near if row is not None])

    def _show_detail(self, detail: OrderDetail) -> None:
        if self._is_bulk or self._receipt_shown:
            return
        if detail != self.detail or not self.pane.shows(detail.id):
            self._put(detail)

    def _put(self, detail: OrderDetail | None) -> None:
        self.detail = detail
        if detail is None:
            self.pane.show_nothing()
        else:
            self.pane.show_order(detail)
        self.shell.state_changed()

    def make_stale(self) -> None:
        """Read again soon what changed; what was read ahead is old at once."""
        self._details.forget()
        super().make_stale()

    def done(self, changes: Changes) -> None:
        """Go to the next order when the one under the cursor is done with."""
        super().done(changes)
        row = self.list.current_row
        is_done = changes.label.partition(" ")[0] in TRIAGE and row and row.id in changes.done
        if is_done and self.list.selected_count <= 1:
            self.list.go(1)

    def show_alone(self, is_alone: bool) -> None:
        """Give one order the whole width, or put the list back beside it, at the same row."""
        self._beside().setVisible(not is_alone)
        self.pane.widen(is_alone)
        (self if is_alone else self.list).setFocus(Qt.FocusReason.OtherFocusReason)
        if self.detail is not None:
            self.pane.show_order(self.detail)

    def start(self) -> None:
        """Put the cursor into the list, or onto the order that has the whole width."""
        if self._beside().isVisibleTo(self):
            super().start()
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _beside(self) -> QWidget:
        """Return the half with the list."""
        half = self.splitter.widget(0)
        if half is None:
            raise RuntimeError("the page has no list")
        return half

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between orders while one has the whole width, and give it back with Esc."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if self._beside().isVisibleTo(self):
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
            self.show_alone(False)
        elif event.key() in steps:
            self.list.go(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def refresh(self) -> None:
        """Read the queue and the order again."""
        self.budgets.ask()
        super().refresh()
        if not self._is_bulk:
            self._read_soon.start()

    # ---- what the actions ask -------------------------------------------------------------------

    def why_not_repeat(self) -> str:
        """Need something to do it to."""
        return "" if self.list.selected_count else "no order is selected"

    def repeat(self, last: Step) -> None:
        """Do the last action again, to the orders that are selected."""
        self.verbs.repeat(last)

    def selected_ids(self, then: Callable[[list[int]], object]) -> None:
        """Find the ids of what is selected."""
        self.list.selected_ids(then)

    def selected_count(self) -> int:
        """Return how many orders are selected."""
        return self.list.selected_count

    def select_all(self) -> None:
        """Select everything that the view shows."""
        self._receipt_shown = False
        super().select_all()

    def select_none(self) -> None:
        """Select only the order under the cursor."""
        self._receipt_shown = False
        self.list.select_only_current()
        self.list.setFocus()

    def show_bulk(self, run: BulkRun, ids: list[int]) -> None:
        """Show progress, then the receipt; what was skipped stays selected."""
        self._receipt_shown = True
        run.progressed.connect(lambda done, total: self.pane.say_progress(done, total, run.cancel))
        run.finished.connect(partial(self._bulk_done, ids))
        run.stopped.connect(self.complain)

    def _bulk_done(self, ids: list[int], changes: Changes) -> None:
        self.pane.say_receipt(changes)
        # Never "all": what comes in from now on was not meant.
        self.list.select_ids(set(ids) - set(changes.done) if changes.skipped else ())
        self.shell.say_done(changes)


def quoted(text: str) -> str:
    """Return text as one word of the search language."""
    return '"' + text.replace('"', " ").strip() + '"'
