"""The page Exceptions: the worst and most urgent first, each with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from app.domain.cases import CaseKind
from app.domain.changes import Touched
from app.domain.search_fields import CASE_FIELDS
from app.queries import cases
from app.queries.cases import CaseRow
from app.ui import statuses
from app.ui.commands import Command
from app.ui.lists.list_page import ListPage
from app.ui.lists.sources import Queries
from app.ui.lists.views import View
from app.ui.pages.exceptions.columns import case_columns
from app.ui.pages.exceptions.ways_out import WaysOut
from app.ui.pages.page import Shell
from app.ui.widgets.controls import across, button, down
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Text
from app.ui.words import ago, exact, joined, moment, money, sentence

VIEWS = (
    View("open", "Open", "", "Everything that needs a person"),
    View("high", "High", "severity:high", "Customers feel these first"),
    View("overdue", "Overdue", "is:overdue", "Past the time by which they had to be settled"),
    View(
        "settled",
        "Settled",
        "is:resolved",
        "What is over, and how it ended",
        "opened_at",
        descending=True,
    ),
)
_ABOUT_THE_ADDRESS = (CaseKind.ADDRESS_INVALID, CaseKind.TEXT_SUSPECT)


class ExceptionsPage(ListPage):
    """Settle what is wrong, one case at a time."""

    id = "exceptions"
    title = "Exceptions"
    icon = "exceptions"
    letter = "E"
    interests = Touched.CASES | Touched.ORDERS
    search_hint = "Search cases, orders, SKUs"
    search_fields = CASE_FIELDS
    noun = ("case", "cases")

    def __init__(self, shell: Shell) -> None:
        self.row: CaseRow | None = None
        self.ways = WaysOut(shell, self)
        super().__init__(
            shell,
            queries=Queries(cases.case_rows, cases.count_cases),
            columns=case_columns(shell.operations.now),
            views=VIEWS,
        )
        self.list.current_changed.connect(self._follow)
        self.list.opened.connect(lambda _row: self.ways.open())

    def make_detail(self) -> QWidget:
        """Return the pane of the case."""
        self.pane = DetailPane("Case")
        self.pane.answered.connect(self.list.setFocus)
        return self.pane

    def fixed(self) -> dict[str, Any]:
        """Return the time by which overdue is told."""
        return {"now": self.operations.now()}

    def say_empty(self, empty: EmptyState, has_orders: bool) -> None:
        """Nothing wrong is good news."""
        if not has_orders:
            self.say_first_steps(empty, "exceptions", "Nothing can be wrong yet")
            return
        empty.say("done", "Nothing needs you here",
                  "Orders, stock and files that need a person appear here by themselves.")  # fmt: skip

    # ---- one case -------------------------------------------------------------------------------

    def _follow(self, row: CaseRow | None) -> None:
        is_same = row is not None and self.row is not None and row.id == self.row.id
        self.row = row
        if not is_same:
            self.pane.close_question()
        if row is None:
            self.pane.fill([], [Text("Select a case to see the ways out.", quiet=True)])
        else:
            self.pane.fill(self._head_of(row), self._body_of(row), keeps_place=is_same)
        self.shell.state_changed()

    def show_again(self) -> None:
        """Draw the case again: more is known of it."""
        self._follow(self.row)

    def _head_of(self, row: CaseRow) -> list[QWidget | QLayout]:
        now = self.operations.now()
        pills: list[QWidget] = [PillLabel(statuses.SEVERITIES[row.severity])]
        due = statuses.promise(row.due_at, now)
        if due is not None and row.resolved_at is None:
            pills.append(PillLabel(due, exact(row.due_at)))
        about = f"{row.owner} · opened {ago(row.opened_at, now)}"
        return [Text(row.title, step="heading", wraps=True), across(*pills, None),
                Text(about, quiet=True)]  # fmt: skip

    def _body_of(self, row: CaseRow) -> list[QWidget | QLayout]:
        parts: list[QWidget | QLayout] = []
        if row.reason:
            parts.append(_titled("What was found", row.reason))
        if row.address and row.kind in _ABOUT_THE_ADDRESS:
            parts.append(_titled("Where it would go", row.address))
        parts.append(_titled("What it means", sentence(row.impact)))
        if row.money_at_risk:
            parts.append(_titled("At risk", money(row.money_at_risk, row.currency)))
        if row.resolved_at is not None:
            when = moment(row.resolved_at, self.operations.now())
            parts.append(_titled("How it ended", f"{sentence(row.resolution)} ({when})"))
        return [*parts, self._ways_out(row)]

    def _ways_out(self, row: CaseRow) -> QLayout:
        """Offer each way out with the number that is its key."""
        made = [
            across(button(way.title, way.run, kind=way.kind, icon_name=way.icon),
                   Text(str(at), quiet=True).hint(f"Press {at} in the list"), None)
            for at, way in enumerate(self.ways.of(row), 1)
        ]  # fmt: skip
        if row.resolved_at is not None:
            return down(*made, spacing=6)
        words = sentence(f"You can {joined(list(row.ways_out)).replace(' and ', ' or ')}")
        return down(Text("Ways out", step="strong"), Text(words, wraps=True), 2, *made, spacing=6)

    def commands(self) -> Sequence[Command]:
        """Declare the verbs: the offered ways out by number."""

        def why_not(at: int) -> Callable[[], str]:
            def say() -> str:
                if self.row is None:
                    return "no case is selected"
                return "" if len(self.ways.of(self.row)) >= at else "there are fewer ways out"

            return say

        def take(at: int) -> Callable[[], object]:
            return lambda: self.row and self.ways.of(self.row)[at - 1].run()

        return [
            Command(f"exceptions.take_way_{at}", f"Take way out {at}", take(at), str(at), "accept",
                    "Case", self.id, why_not(at))
            for at in (1, 2, 3)
        ]  # fmt: skip


def _titled(title: str, words: str) -> QLayout:
    return down(Text(title, step="strong"), Text(words, wraps=True, copies=True), spacing=3)
