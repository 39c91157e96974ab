"""Launch: open a channel in order, watch its first weeks, slow it down with one key, and close the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.analytics.kpis.rows_behind import Counted
from app.domain.launching.checklist import Finding, Point
from app.services.launching.closing import lines_of
from app.services.launching.launches import Launch
from app.ui.commands import Command
from app.ui.lists.columns import Column
from app.ui.lists.small import SmallSource
from app.ui.pages.asking import QuestionPlace
from app.ui.pages.insights.launch.board import STATES, Verbs, board, says, shown_titles
from app.ui.pages.insights.launch.questions import of_opening, of_plan, of_throttle
from app.ui.pages.insights.launch.reading import Board, Launches, read_launches
from app.ui.pages.insights.listing import OverRows, RowList, RowsPanel
from app.ui.pages.insights.part import InsightsPart
from app.ui.pages.insights.rows import counted_listing
from app.ui.pages.linking import Unknown, ask_link
from app.ui.pages.page import Shell
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
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.form import Values
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided
from app.ui.words import count_of, moment, number

THROTTLE_PERCENT, THROTTLE_DAYS = 50, 3


class LaunchView(InsightsPart):
    """The board of one launch, with the rows of its numbers below."""

    key = "launch"
    title = "Launch"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.found: Launches | None = None
        self._wanted: int | None = None
        self.asking = QuestionPlace(shell)
        self.asking.has_done.connect(self._answered)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._which = choice("Launch", [])
        self._which.currentIndexChanged.connect(lambda _at: self._chosen())
        self._head, self._body = down(), down()
        self.rows = RowsPanel(shell)
        self.verbs = Verbs(
            self.show_finding, self.sign, shell.open_sku, self.show_rows, self.show_lines
        )
        self.empty = EmptyState()
        self.empty.say(
            "channels", "No channel is being opened",
            "Before a channel opens, the desk looks at its codes, barcodes, kits and policy, and rehearses "
            "its sales on the stock of today.", ("Plan a launch…", self.plan),
        )  # fmt: skip
        inside = boxed(self._body)
        inside.setObjectName("body")
        self._beside = OverRows(scrolling(inside, "Launch"), self.rows)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._beside)
        layout = down(boxed(self._head), self.asking, self._stack, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def tools(self) -> Sequence[QWidget]:
        """Return which launch is shown, and how to plan another."""
        plan = button(
            "Plan a launch…", self.plan, hint="Prepare the opening of a channel", icon_name="plus"
        )
        return self._which, plan

    # ---- reading ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the launches again."""
        self.operations.ask(partial(read_launches, self.operations.desk, self._wanted),
                            then=self._told, slot=("insights", "launches"))  # fmt: skip

    def _answered(self) -> None:
        """Read again; the keys are for the launch."""
        self.setFocus()
        self.refresh()

    def _told(self, found: Launches) -> None:
        self.found = found
        self._fill_choice(found)
        self.setUpdatesEnabled(False)
        empty_out(self._head)
        empty_out(self._body)
        if found.board is not None:
            self._head.addWidget(self._heading(found.board))
            self._body.addWidget(board(found, self.verbs))
        self._stack.setCurrentIndex(0 if found.board is None else 1)
        self.setUpdatesEnabled(True)
        self.rows.refresh()
        self.shell.state_changed()

    def _fill_choice(self, found: Launches) -> None:
        field = self._which
        field.blockSignals(True)
        field.clear()
        for value, words in shown_titles(found.launches):
            field.addItem(words, value)
        if found.board is not None:
            field.setCurrentIndex(field.findData(found.board.launch.id))
        field.setVisible(bool(found.launches))
        as_wide_as_its_words(field)
        field.blockSignals(False)

    def _heading(self, shown: Board) -> QWidget:
        launch, now = shown.launch, self.operations.now()
        words = says(shown)
        if launch.watched_until is not None and launch.state == "open":
            words += f" Watched until {moment(launch.watched_until, now)}."
        if shown.throttled_until is not None:
            words += f" Stock is held back until {moment(shown.throttled_until, now)}."
        said = across(PillLabel(STATES[launch.state]), Elided(words))
        said.setStretch(1, 1)
        ways = self._ways(launch)
        acts = [across(*ways, None)] if ways else []
        return boxed(down(said, *acts, spacing=7, margins=(16, 9, 16, 5)))

    def _ways(self, launch: Launch) -> list[QWidget]:
        name = launch.account.name
        if launch.state == "planned":
            return [button("Drop it", self.drop, kind="quiet", hint="Prepare it no longer"),
                    button(f"Open {name}…", self.open_channel, kind="primary")]  # fmt: skip
        if launch.state == "open":
            return [
                button("Throttle", self.throttle, icon_name="hold",
                       hint=f"Hold {THROTTLE_PERCENT} % back for {THROTTLE_DAYS} days; ends by itself (T)"),
                button("Throttle otherwise…", self.ask_throttle, kind="quiet"),
                button("Back to preparing", self.reopen, kind="quiet", hint="It was opened too early"),
                button("Close the launch", self.close_launch, hint="The channel is one like the others"),
            ]  # fmt: skip
        return []

    def _chosen(self) -> None:
        self._look_at(self._which.currentData())

    def search(self, query: str) -> None:
        """Show the launch of this number."""
        if query.isdecimal():
            self._look_at(int(query))

    def _look_at(self, launch_id: int) -> None:
        """Show another launch; what was asked and listed of the one before goes."""
        self._wanted = launch_id
        self.asking.answered()
        self.rows.put_away()
        self.refresh()

    @property
    def launch(self) -> Launch | None:
        """The launch that is shown."""
        return self.found.board.launch if self.found is not None and self.found.board else None

    # ---- acting ----------------------------------------------------------------------------------

    def plan(self) -> None:
        """Ask which channel is to be prepared."""
        if self.found is not None and self.found.accounts:
            self.asking.ask(of_plan(self.found.accounts, self._plan))
        else:
            self.shell.complain("There is no account that could be opened; nothing was planned.",
                                "Import a channel's files or connect it under Channels first.")  # fmt: skip

    def _plan(self, values: Values) -> None:
        self._wanted = None  # the newest one
        self.asking.run("plan_launch", account_id=values["account"], uplift=values["uplift"])

    def _run(self, operation: str, **named: Any) -> None:
        if (launch := self.launch) is not None:
            self._run_for(launch, operation, **named)

    def _run_for(self, launch: Launch, operation: str, **named: Any) -> None:
        """Do it with the launch that was asked about, whichever is shown by now."""
        self._wanted = launch.id
        self.asking.run(operation, launch_id=launch.id, **named)

    def sign(self, point: Point, is_signed: bool) -> None:
        """Sign a point, or take the signature back."""
        self._run("sign_launch" if is_signed else "unsign_launch", point=point.value)

    def open_channel(self) -> None:
        """Ask whether it opens now."""
        if self.found is not None and self.found.board is not None:
            launch = self.found.board.launch
            self.asking.ask(of_opening(self.found.board, lambda values: self._run_for(
                launch, "open_launch", reason=str(values.get("reason", "")))))  # fmt: skip

    def throttle(self) -> None:
        """Hold half of everything back for three days, at once."""
        self._run("throttle_launch", percent=THROTTLE_PERCENT, days=THROTTLE_DAYS)

    def ask_throttle(self) -> None:
        """Ask how much to hold back, and for how long."""
        if (launch := self.launch) is not None:
            self.asking.ask(
                of_throttle(
                    launch, lambda values: self._run_for(launch, "throttle_launch", **values)
                )
            )

    def reopen(self) -> None:
        """Set an opened launch back."""
        self._run("reopen_plan")

    def drop(self) -> None:
        """Prepare it no longer."""
        self._run("drop_launch")
        self._wanted = None

    def close_launch(self) -> None:
        """End the launch."""
        self._run("close_launch")

    # ---- what a finding or a number leads to -------------------------------------------------------

    def show_finding(self, point: Point, finding: Finding) -> None:
        """Go where a finding is put right."""
        launch = self.launch
        if launch is None:
            return
        if point is Point.CODES:
            unknown = Unknown(launch.account.id, finding.subject, "")
            ask_link(self.shell, self.asking, unknown, partial(self.asking.run, "link"))
        elif point is Point.LISTINGS:
            self.shell.choose_files()
        elif point in (Point.POLICY, Point.ALLOCATION):
            self.shell.go("channels", f"policy:{launch.account.channel}")
        elif point is Point.RULES:
            self.shell.go("rules")
        elif point is Point.SAME_BARCODE:
            self.shell.go("inventory", finding.subject)
        elif point is Point.SHADOW_ORDERS:
            self.shell.go("orders", finding.subject)
        else:
            self.shell.open_sku(finding.subject)

    def show_rows(self, counted: Counted) -> None:
        """List exactly the rows that a figure counts."""
        titles = self.found.places if self.found is not None else {}
        self._beside.show_rows(counted_listing(self.shell, counted, titles))

    def show_lines(self, sku: str, what: str) -> None:
        """List the orders whose units of a SKU were sold, shipped or cancelled."""
        launch, desk = self.launch, self.operations.desk
        if launch is None:
            return
        read = partial(desk.read, lines_of, launch, sku, what, now=self.operations.now())

        def say(count: int) -> str:
            return f"{count_of(count, 'order')} with {sku}: {what}"

        self._beside.show_rows(RowList(lambda: SmallSource(read), self._line_columns(), say,
                                       lambda row: self.shell.open_order(row.id)))  # fmt: skip

    def _line_columns(self) -> tuple[Column, ...]:
        now = self.operations.now
        return (
            Column("Order", lambda row: row.number, 24, "number", is_strong=True, stretches=True),
            Column("Ordered", lambda row: moment(row.placed_at, now()), 17, "placed_at"),
            Column("Units", lambda row: number(row.units), 8, "units", is_numeric=True),
        )

    # ---- as the page knows it ------------------------------------------------------------------------

    def lists(self) -> Sequence[QWidget]:
        """Return the list of rows, and the board."""
        return (self.rows.list, self)

    def start(self) -> None:
        """Let the keys be for the launch."""
        self.setFocus()

    def commands(self) -> Sequence[Command]:
        """Declare what can be done with a launch."""
        here, is_open = "insights", partial(self._why_not, "open")
        return [
            Command("insights.plan_launch", "Plan a launch…", self.plan, "", "plus", "Reports", here,
                    self._why_hidden, help="Prepare the opening of a channel"),
            Command("insights.open_launch", "Open the channel…", self.open_channel, "", "open", "Reports", here,
                    partial(self._why_not, "planned"), help="From now on it is watched for two weeks"),
            Command("insights.throttle", "Throttle the channel", self.throttle, "T", "hold", "Reports", here,
                    is_open, help="Hold half of everything back for three days; it ends by itself"),
            Command("insights.close_launch", "Close the launch", self.close_launch, "", "done", "Reports", here,
                    is_open, help="The channel is one like the others from now on"),
        ]  # fmt: skip

    def _why_hidden(self) -> str:
        return "" if self.isVisible() else "the launches are not shown"

    def _why_not(self, state: str) -> str:
        launch = self.launch
        if not self.isVisible() or launch is None:
            return "no launch is shown"
        return "" if launch.state == state else f"the launch is {STATES[launch.state].text.lower()}"

    def state(self) -> dict[str, Any]:
        """Return which launch is looked at."""
        return {"launch": self._wanted} if self._wanted is not None else {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at the launch that was looked at."""
        kept = state.get("launch")
        self._wanted = kept if isinstance(kept, int) else None
