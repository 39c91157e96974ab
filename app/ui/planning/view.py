"""Plan the queue: what it would save, which orders would ship from elsewhere; take all, some or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QCheckBox, QWidget

from app.domain.changes import Changes, Touched
from app.services.planning.plans import PlannedOrder, Proposal, taken_over
from app.ui.operations import Problem, Then
from app.ui.overlay import Overlay
from app.ui.planning import words
from app.ui.planning.work import Planning
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import (
    across,
    as_wide_as_its_words,
    boxed,
    button,
    choice,
    down,
    empty_out,
    scrolling,
)
from app.ui.widgets.text import Elided, Text
from app.ui.window_overlays import OverlaidWindow
from app.ui.words import count_of, number

SHOWN = 200
TIMES = ((10, "10 seconds"), (30, "30 seconds"), (120, "2 minutes"), (600, "10 minutes"))
_STALE = Touched.ORDERS | Touched.STOCK | Touched.RULES


class PlanView(Overlay):
    """Shows the plan beside what is suggested now; nothing is changed before a person says so."""

    def __init__(self, window: OverlaidWindow) -> None:
        super().__init__(window, "Plan the queue")
        self._window, self._operations = window, window.operations
        self._planning: Planning | None = None
        self._is_taking = False
        self.plan: Proposal | None = None
        self.rows: list[_Row] = []
        self._lay_out()
        self._operations.changed.connect(self._heard)

    def _lay_out(self) -> None:
        self.said = Text("", step="strong", wraps=True)
        self.proven = Text("", quiet=True, wraps=True)
        self._totals = down(spacing=2)
        self._list = down(spacing=0)
        inside = boxed(down(self._list, None))
        inside.setObjectName("body")
        self._time = choice("Time for planning", TIMES, 30)
        as_wide_as_its_words(self._time)
        self.again = button(
            "Plan again", self.replan, hint="Read the queue and the stock once more"
        )
        self.stop = button("Stop", self._stop, hint="Show the best plan so far")
        self.accept_all = button("Accept all", self._accept_all, kind="primary")
        self.take_some = button("Take over what is ticked", self._take_ticked)
        self._close = button("Close", self.close_overlay, hint="Esc")
        head = across(Text("Plan the queue", step="title"), None, self._time, self.stop, self.again,
                      self._close)  # fmt: skip
        foot = across(self.accept_all, self.take_some, None)
        layout = down(
            head, self.said, self.proven, self._totals,
            scrolling(inside, "Orders that would ship from elsewhere"), foot,
            spacing=8, margins=(24, 18, 20, 16),
        )  # fmt: skip
        layout.setStretch(4, 1)
        self.setLayout(layout)

    def open(self) -> None:
        """Plan at once."""
        super().open()
        self._close.setFocus()
        self.replan()

    def close_overlay(self) -> None:
        """A plan that nobody waits for is not worked out."""
        self._stop()
        super().close_overlay()

    def place(self) -> None:
        """Stand in the middle."""
        room = self.room()
        wide, tall = min(940, room.width() - 60), min(760, room.height() - 50)
        self.setGeometry((room.width() - wide) // 2, (room.height() - tall) // 2, wide, tall)

    # ---- planning -------------------------------------------------------------------------------

    def replan(self) -> None:
        """Plan what is undecided now, as a job beside everything else."""
        self._stop()
        planning = Planning(self._operations.desk, float(self._time.currentData()))
        self._planning = planning
        item = self._operations.activity.begin("Plan the queue", stop=planning.cancel)
        self._show_none("Looking for the best way to ship everything together …")
        self._operations.job(planning.run, then=partial(self._arrived, planning),
                             otherwise=self._refused, shown=item)  # fmt: skip

    def _arrived(self, planning: Planning, plan: Proposal) -> None:
        if planning is self._planning:
            self._planning = None
            self._show_plan(plan)

    def _refused(self, problem: Problem) -> None:
        self._planning = None
        self._show_none(problem.title)
        self.proven.say(problem.advice)

    def _stop(self) -> None:
        if self._planning is not None:
            self._planning.cancel()

    def _heard(self, changes: Changes) -> None:
        """Plan again when orders or stock have changed while the plan is looked at."""
        if self._is_taking or not self.isVisible() or not changes.touched & _STALE:
            return
        self.replan()

    # ---- showing --------------------------------------------------------------------------------

    def _show_none(self, said: str) -> None:
        self.plan, self.rows = None, []
        empty_out(self._list)
        empty_out(self._totals)
        self.said.say(said)
        self.proven.say("")
        self._show_state()

    def _show_plan(self, plan: Proposal) -> None:
        self._show_none(words.headline(plan))
        self.plan = plan
        self.proven.say(words.proof(plan))
        for title, totals in (("As planned", plan.planned), ("As suggested now", plan.now),
                              ("Each order for itself", plan.one_by_one)):  # fmt: skip
            if plan.orders:
                said = Text(words.total(totals, plan.currency))
                line = across(Elided(title, quiet=True), said, None)
                line.setStretch(0, 2)
                line.setStretch(2, 5)
                self._totals.addLayout(line)
        self.rows = [_Row(each, plan.currency, self._show_state) for each in plan.changes[:SHOWN]]
        for row in self.rows:
            self._list.addWidget(row)
        rest = len(plan.changes) - len(self.rows)
        if rest:
            more = f"… and {count_of(rest, 'more order')}, taken over with all."
            self._list.addWidget(Text(more, quiet=True))
        self._show_state()

    def _show_state(self) -> None:
        is_busy = self._planning is not None or self._is_taking
        ready = self._ready() if self.plan is not None else []
        self.stop.setVisible(self._planning is not None)
        self.again.setEnabled(not is_busy)
        self.accept_all.setText(f"Accept all {number(len(ready))}" if ready else "Accept all")
        self.accept_all.setEnabled(bool(ready) and not is_busy)
        self.take_some.setVisible(bool(self.rows))
        self.take_some.setEnabled(any(row.tick.isChecked() for row in self.rows) and not is_busy)

    def _ready(self) -> list[int]:
        """Return the orders that can be accepted as planned."""
        plan = self.plan
        return (
            [each.order_id for each in plan.orders if each.at and not each.is_held] if plan else []
        )

    # ---- taking it over -------------------------------------------------------------------------

    def _accept_all(self) -> None:
        """Take the whole plan over, then accept what is ready."""
        if self.plan is not None:
            ready = self._ready()
            self._take(self.plan.changes, lambda _changes: self._accept(ready))

    def _take_ticked(self) -> None:
        self._take([row.planned for row in self.rows if row.tick.isChecked()], self._taken)

    def _take(self, orders: Sequence[PlannedOrder], then: Then) -> None:
        self._is_taking = True
        self._show_state()
        self._operations.run("take_plan", **taken_over(orders), then=then, otherwise=self._failed)

    def _accept(self, order_ids: list[int]) -> None:
        self._operations.run("accept", order_ids=order_ids, then=self._accepted,
                             otherwise=self._failed)  # fmt: skip

    def _accepted(self, changes: Changes) -> None:
        self._is_taking = False
        self.close_overlay()
        self._window.say_done(changes)

    def _taken(self, changes: Changes) -> None:
        self._is_taking = False
        self._window.say_done(changes)
        self.replan()

    def _failed(self, problem: Problem) -> None:
        self._is_taking = False
        self._show_state()
        self._window.complain(problem.title, problem.advice)


class _Row(QWidget):
    """One order that the plan would ship from elsewhere."""

    def __init__(self, planned: PlannedOrder, currency: str, changed: Callable[[], object]) -> None:
        super().__init__()
        self.planned = planned
        route, means = words.change(planned, currency)
        self.tick = QCheckBox()
        self.tick.setChecked(True)
        self.tick.setAccessibleName(f"{planned.number}: {route}, {means}")
        self.tick.toggled.connect(lambda _on: changed())
        number_of = Elided(planned.number, step="strong")
        tone = Tone.GOOD if planned.saving >= 0 else Tone.NEUTRAL
        line = across(
            self.tick, number_of, Elided(route), IconLabel("money", tone, 14), Elided(means, quiet=True),
            spacing=10, margins=(4, 5, 8, 5),
        )  # fmt: skip
        line.setStretch(1, 2)
        line.setStretch(2, 4)
        line.setStretch(4, 2)
        self.setLayout(line)
