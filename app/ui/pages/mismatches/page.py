"""The page Mismatches: what the rows, the channels and the shelves disagree on, what costs most first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.changes import Changes, Touched
from app.domain.mismatching.causes import Reason
from app.domain.search_fields import MISMATCH_FIELDS
from app.queries import mismatches
from app.queries.codes import near_misses
from app.queries.mismatches import Concerned, MismatchRow, RunRow, concerned, runs
from app.services.desk import Desk
from app.services.mismatching.running import report_now
from app.ui.commands import Command
from app.ui.lists.list_page import ListPage
from app.ui.lists.sources import Queries
from app.ui.lists.views import View
from app.ui.pages.mismatches.columns import mismatch_columns
from app.ui.pages.mismatches.pane import MismatchPane, Verbs
from app.ui.pages.page import Shell
from app.ui.timers import once
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.form import Field, Question
from app.ui.words import count_of

VIEWS = (
    View("wrong", "To settle", "is:error", "What costs most first", "money", descending=True),
    View("oversold", "Too many shown", "is:oversold", "More can be sold than there is", "money",
         descending=True),
    View("stock", "Stock", "is:error is:stock", "What lies at locations", "money", descending=True),
    View("explained", "Explained", "is:explained", "On its way, or as your policy says"),
    View("accepted", "Accepted", "is:accepted", "Somebody lives with it"),
    View("fixed", "Fits again", "is:fixed", "What is over"),
    View("all", "All open", "", "Everything that differs"),
)  # fmt: skip
_ELSEWHERE = {Reason.PUSH_WAITING: "", Reason.ORDER_NOT_IMPORTED: "", Reason.BY_POLICY: "policy"}


@dataclass(frozen=True, slots=True)
class Story:
    """What the pane shows of one row."""

    row_id: int | None
    orders: Sequence[Concerned]
    runs: Sequence[RunRow]


def read_story(desk: Desk, row: MismatchRow | None) -> Story:
    """Read the orders that a row concerns, and how the reports went."""
    orders = desk.read(concerned, row.order_ids) if row is not None and row.order_ids else []
    return Story(row.id if row else None, orders, desk.read(runs))


class MismatchPage(ListPage):
    """Find what does not fit, and end it."""

    pane: MismatchPane
    id = "mismatches"
    title = "Mismatches"
    icon = "adjust"
    letter = "M"
    interests = Touched.CASES | Touched.QUANTITIES | Touched.STOCK
    search_hint = "Search SKUs, channels, places"
    search_fields = MISMATCH_FIELDS
    noun = ("mismatch", "mismatches")

    def __init__(self, shell: Shell) -> None:
        self.row: MismatchRow | None = None
        self._runs: Sequence[RunRow] = ()
        self._is_running = False
        super().__init__(
            shell,
            queries=Queries(mismatches.mismatch_rows, mismatches.count_mismatches,
                            of_ids=mismatches.rows_of),
            columns=mismatch_columns(shell.operations.now), views=VIEWS, sort="money",
            descending=True,
        )  # fmt: skip
        self._read_soon = once(self, 60, self._read)
        self.list.current_changed.connect(self._follow)
        self.list.opened.connect(lambda _row: self.open_sku())

    def make_detail(self) -> QWidget:
        """Return the pane of the row."""
        verbs = Verbs(self.fix, self.accept, self.reopen, self.open_sku, self.shell.open_order)
        self.pane = MismatchPane(verbs, self.operations.now)
        self.pane.answered.connect(self.list.setFocus)
        self.pane.show_nothing(())
        return self.pane

    def fixed(self) -> dict[str, Any]:
        """Return the time by which ages are told."""
        return {"now": self.operations.now()}

    def say_empty(self, empty: EmptyState, has_orders: bool) -> None:
        """Say that everything fits, or that nobody has looked yet."""
        again = ("Look now", self.make_report)
        if not self._runs:
            empty.say("adjust", "Nobody has looked yet",
                      "The report compares what every channel should show with what it was told and "
                      "what it shows, once a day.", again)  # fmt: skip
        elif self.view.key in ("wrong", "all", "oversold", "stock"):
            empty.say("done", "Everything fits",
                      f"{count_of(self._runs[0].numbers, 'number')} looked at.", again)  # fmt: skip
        else:
            empty.say(
                "done",
                "Nothing here",
                "",
                ("Show what is to settle", lambda: self.show_view(VIEWS[0])),
            )

    def refresh(self) -> None:
        """Read the list, and the row again."""
        super().refresh()
        self._read_soon.start()

    # ---- one row --------------------------------------------------------------------------------

    def _follow(self, row: MismatchRow | None) -> None:
        self._show_row(row, ())
        self._read_soon.start()

    def _show_row(self, row: MismatchRow | None, orders: Sequence[Concerned]) -> None:
        is_same = row is not None and self.row is not None and row.id == self.row.id
        self.row = row
        if row is None:
            self.pane.show_nothing(self._runs)
        else:
            self.pane.show_row(row, orders, self._runs, is_same=is_same)
        self.shell.state_changed()

    def _read(self) -> None:
        question = partial(read_story, self.operations.desk, self.list.current_row)
        self.operations.ask(question, then=self._told, slot=(self.id, "story"))

    def _told(self, story: Story) -> None:
        was_unknown = not self._runs
        self._runs = story.runs
        row = self.list.current_row
        if (row.id if row else None) == story.row_id:
            self._show_row(row, story.orders)
        if was_unknown and self._runs and not self.model.rowCount():
            self._say_nothing()

    # ---- verbs ----------------------------------------------------------------------------------

    def make_report(self) -> None:
        """Look at every number now, beside the work."""
        if self._is_running:
            return
        self._is_running = True
        shown = self.operations.activity.begin("Look for mismatches")

        def made(changes: Changes) -> None:
            self._is_running = False
            shown.end(changes.label)
            self.operations.changed.emit(changes)

        def not_made(problem: Any) -> None:
            self._is_running = False
            self.complain(problem)

        self.operations.job(partial(report_now, self.operations.desk), then=made,
                            otherwise=not_made, shown=shown)  # fmt: skip

    def fix(self) -> None:
        """Do the one thing that ends it; where a person has to choose, ask or lead there."""
        row = self.row
        if row is None or row.state != "open":
            return
        reason = Reason(row.cause)
        if row.fix:
            self.run(row.fix, **row.arguments)
        elif reason is Reason.UNMAPPED_ALIAS:
            self.operations.query(near_misses, text=row.sku, then=partial(self._ask_sku, row))
        elif reason is Reason.LAG:
            self.make_report()
        elif reason in _ELSEWHERE:
            self.shell.go("channels", _ELSEWHERE[reason])
        else:
            self.open_sku()

    def _ask_sku(self, row: MismatchRow, near: Sequence[tuple[str, str]]) -> None:
        question = Question(
            f"Which of your SKUs is “{row.sku}”?",
            [Field("sku", "Your SKU", near[0][0] if near else "", is_needed=True)], "Link it",
            lambda v: self.run("link", sku_code=str(v["sku"]), **row.arguments),
            note="The link is remembered: every order that waits for it goes on.",
            suggests="sku", suggestions=[(sku, f"{sku}  {name}") for sku, name in near],
        )  # fmt: skip
        self.ask(question)

    def accept(self) -> None:
        """Ask why, and live with it."""
        row = self.row
        if row is None:
            return
        self.ask(Question(
            f"Live with {row.sku} on {row.place}",
            [Field("reason", "Why", is_needed=True)], "Live with it",
            lambda v: self.run("accept_mismatches", mismatch_ids=[row.id], reason=str(v["reason"])),
            note="It stays known, and is asked about again once its number changes.",
        ))  # fmt: skip

    def reopen(self) -> None:
        """Count it as wrong again."""
        if self.row is not None:
            self.run("reopen_mismatches", mismatch_ids=[self.row.id])

    def open_sku(self) -> None:
        """Show the SKU on the page Inventory, or the first order that it concerns."""
        row = self.row
        if row is None:
            return
        if row.kind in ("pair", "place"):
            self.shell.open_sku(row.sku)
        elif row.order_ids:
            self.shell.open_order(row.order_ids[0])

    def done(self, changes: Changes) -> None:
        """Look at every number anew, when one was put right."""
        super().done(changes)
        self.make_report()

    def commands(self) -> Sequence[Command]:
        """Declare the verbs."""
        return [
            Command("mismatches.fix_row", "Put it right", self.fix, "F", "accept", "Stock", self.id,
                    self._not_open, help="Do the one thing that ends this mismatch"),
            Command("mismatches.accept_row", "Live with it…", self.accept, "A", "minus", "Stock",
                    self.id, self._not_open, help="Keep it as it is, and say why"),
            Command("mismatches.make_report", "Look for mismatches now", self.make_report, "N",
                    "refresh", "Stock", self.id, help="Look at every number, and name what is wrong"),
        ]  # fmt: skip

    def _not_open(self) -> str:
        if self.row is None:
            return "no row is selected"
        return "" if self.row.state == "open" else "it is settled"
