"""The list Returns beside Shipments: what comes back, what is next for each, and its money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.changes import Touched
from app.domain.search_fields import RETURN_FIELDS
from app.queries import returns
from app.queries.inventory import location_rows
from app.queries.return_matches import MatchRow, suggested_orders
from app.queries.returns import ReturnDetail, return_detail
from app.services.desk import Desk
from app.ui.commands import Command
from app.ui.lists.list_page import ListPage
from app.ui.lists.sources import Queries
from app.ui.lists.views import View
from app.ui.operations import Problem
from app.ui.pages.page import Shell
from app.ui.pages.returns import questions
from app.ui.pages.returns.columns import return_columns
from app.ui.pages.returns.pane import ReturnPane, Verbs
from app.ui.timers import once
from app.ui.widgets.controls import button
from app.ui.widgets.empty import EmptyState

VIEWS = (
    View("open", "Open", "is:open", "Everything that needs a person", descending=True),
    View("inspect", "To inspect", "is:inspect", "Here, and nobody has looked at it"),
    View("whose", "Whose?", "is:orphan", "Came back unannounced"),
    View("expected", "To come", "is:expected", "Announced, and not here yet"),
    View("refund", "To refund", "is:torefund", "Money is promised and was not given yet"),
    View("done", "Done", "is:done", "Nothing of it is open", descending=True),
    View("all", "All", "", "Every return", descending=True),
)  # fmt: skip
_EMPTY = {
    "open": ("done", "Nothing is open", "What customers send back appears here."),
    "inspect": ("done", "Nothing waits to be looked at", ""),
    "whose": ("done", "Every parcel that came back has its order", ""),
    "expected": ("returns", "Nothing is to come", ""),
    "refund": ("done", "No money is owed", ""),
}
SOON_MS = 60


@dataclass(frozen=True, slots=True)
class Story:
    """What the pane shows: a return, and whose it may be."""

    detail: ReturnDetail
    found: Sequence[MatchRow]


def read_story(desk: Desk, return_id: int) -> Story:
    """Read a return; of one of nobody known also the orders that fit."""
    detail = desk.read(return_detail, return_id)
    found = () if detail.row.order_id is not None else desk.read(suggested_orders, return_id)
    return Story(detail, found)


class ReturnsPage(ListPage):
    """Receive, inspect and put away what comes back, and settle its money."""

    pane: ReturnPane
    id = "returns"
    title = "Returns"
    icon = "undo"
    letter = "B"
    beside = "shipments"
    interests = Touched.SHIPMENTS | Touched.ORDERS
    search_hint = "Search returns, orders, SKUs"
    search_fields = RETURN_FIELDS
    noun = ("return", "returns")

    def __init__(self, shell: Shell) -> None:
        self.detail: ReturnDetail | None = None
        super().__init__(
            shell,
            queries=Queries(
                returns.return_rows,
                returns.count_returns,
                returns.matching_returns,
                returns.rows_of,
            ),
            columns=return_columns(shell.operations.now),
            views=VIEWS,
            sort="opened_at",
            descending=True,
        )
        self._read_soon = once(self, SOON_MS, self._read_detail)
        self.list.current_changed.connect(self._follow)
        self.list.opened.connect(lambda _row: self.next_step())

    def make_detail(self) -> QWidget:
        """Return the pane of the return."""
        verbs = Verbs(self.receive, self.give_up, self.inspect, self.refund, self.deny, self.paid,
                      self.withdraw, self.match, self.match_other, self.open_its_order)  # fmt: skip
        self.pane = ReturnPane(verbs, self.operations.now)
        self.pane.answered.connect(self.list.setFocus)
        self.pane.show_nothing()
        return self.pane

    def header_tools(self) -> Sequence[QWidget]:
        """Lead back to the parcels that left, and take in what nobody announced."""
        return (
            button("Parcels", partial(self.shell.go, "shipments"), icon_name="shipments",
                   hint="The parcels that left"),
            button("A parcel came…", self.take_parcel, icon_name="plus",
                   hint="Take in a parcel that nobody announced (N)"),
        )  # fmt: skip

    def fixed(self) -> dict[str, Any]:
        """Return the time by which ages are told."""
        return {"now": self.operations.now()}

    def say_empty(self, empty: EmptyState, has_orders: bool) -> None:
        """Say why this view is empty, and lead on."""
        if not has_orders:
            self.say_first_steps(empty, "undo", "No returns yet")
            return
        if self.view.key in _EMPTY:
            icon, title, more = _EMPTY[self.view.key]
            show = ("Show all returns", lambda: self.show_view(VIEWS[-1]))
            empty.say("undo" if icon == "returns" else icon, title, more, show)
        else:
            empty.say("undo", "Nothing has come back yet",
                      "Announce a return from the parcel that left, or take in one that came "
                      "unannounced.", ("A parcel came…", self.take_parcel))  # fmt: skip

    # ---- following the cursor -------------------------------------------------------------------

    def _follow(self, row: Any | None) -> None:
        if row is None:
            self.detail = None
            self.pane.show_nothing()
            self.shell.state_changed()
        else:
            self._read_soon.start()

    def _read_detail(self) -> None:
        row = self.list.current_row
        if row is not None:
            question = partial(read_story, self.operations.desk, row.id)
            self.operations.ask(question, then=self._show_detail, slot=(self.id, "detail"))

    def _show_detail(self, story: Story) -> None:
        row = self.list.current_row
        if row is None or row.id != story.detail.row.id:
            return
        self.detail = story.detail
        self.pane.show_return(story.detail, story.found)
        self.shell.state_changed()

    def refresh(self) -> None:
        """Read the list and the return again."""
        super().refresh()
        self._read_soon.start()

    # ---- verbs ----------------------------------------------------------------------------------

    def next_step(self) -> None:
        """Do what is next for the return."""
        if self.detail is not None:
            steps = {"expected": self.receive, "inspect": self.inspect, "put away": self.inspect,
                     "refund": self.paid, "decide": self.refund, "whose": self.match_other}  # fmt: skip
            steps.get(self.detail.row.step, self.open_its_order)()

    def open_its_order(self) -> None:
        """Show the order that it belongs to."""
        if self.detail is not None and self.detail.row.order_id is not None:
            self.shell.open_order(self.detail.row.order_id)

    def receive(self) -> None:
        """Ask where it came to, and take it in."""
        self.operations.query(location_rows, then=self._ask_where)

    def _ask_where(self, places: Sequence[Any]) -> None:
        if self.detail is not None:
            row = self.detail.row
            self.ask(questions.receive(row.number, places, partial(
                self.run, "receive_return", return_id=row.id)))  # fmt: skip

    def take_parcel(self) -> None:
        """Ask what is in a parcel that nobody announced, and take it in."""
        self.operations.query(location_rows, then=self._ask_parcel)

    def _ask_parcel(self, places: Sequence[Any]) -> None:
        self.ask(questions.parcel(places, partial(self.run, "take_parcel"), self.complain))

    def give_up(self) -> None:
        """Ask why, and expect it no longer."""
        if self.detail is not None:
            row = self.detail.row
            self.ask(questions.why(
                f"Expect {row.number} no longer", "Expect it no longer",
                partial(self.run, "give_up_return", return_ids=[row.id]),
                ("They keep it", "It was never sent", "It is lost on its way")))  # fmt: skip

    def inspect(self) -> None:
        """Ask what is seen, and put what is here where that grade goes."""
        here = self._units("received", "graded")
        if self.detail is not None and here:
            self.ask(
                questions.inspect(self.detail.row.number, here, partial(self.run, "inspect_return"))
            )

    def refund(self) -> None:
        """Ask how much, and promise it."""
        ids = self._open_money()
        if self.detail is not None and ids:
            row = self.detail.row
            left = row.worth - row.refunded - row.promised
            self.ask(questions.refund(row.number, left, row.currency, partial(
                self.run, "promise_refund", unit_ids=ids), self.complain))  # fmt: skip

    def deny(self) -> None:
        """Ask why, and give nothing."""
        ids = self._open_money()
        if self.detail is not None and ids:
            self.ask(questions.why(
                f"No money for {self.detail.row.number}", "Give nothing",
                partial(self.run, "deny_refund", unit_ids=ids),
                ("It was used", "Too late", "Not what we sent")))  # fmt: skip

    def paid(self) -> None:
        """Say that the promised money was given."""
        if due := self._due():
            self.run("pay_refund", refund_id=due)

    def withdraw(self) -> None:
        """Ask why, and promise it no longer."""
        if self.detail is not None and (due := self._due()):
            self.ask(questions.why(
                f"Withdraw the refund for {self.detail.row.number}", "Withdraw it",
                partial(self.run, "withdraw_refund", refund_id=due),
                ("Promised by mistake", "Another amount was agreed")))  # fmt: skip

    def match(self, order_id: int) -> None:
        """Say whose parcel it is."""
        if self.detail is not None:
            self.run("match_return", return_id=self.detail.row.id, order_id=order_id)

    def match_other(self) -> None:
        """Ask for the order."""
        if self.detail is not None and self.detail.row.order_id is None:
            self.ask(questions.whose(self.detail.row.number, self._match_named))

    def _match_named(self, text: str) -> None:
        def found(order_id: int | None) -> None:
            if order_id is None:
                self.complain(Problem("There is no such order.",
                                      "Give its number or the channel's own id."))  # fmt: skip
            else:
                self.match(order_id)

        self.operations.query(questions.find_order, text=text, then=found)

    # ---- helpers --------------------------------------------------------------------------------

    def _units(self, *states: str) -> list[int]:
        if self.detail is None:
            return []
        return [each.id for each in self.detail.units if each.custody in states]

    def _open_money(self) -> list[int]:
        if self.detail is None or self.detail.row.order_id is None:
            return []
        return [each.id for each in self.detail.units
                if each.custody != "not_returned" and each.money in ("none", "partly_refunded")
                and each.worth > each.refunded]  # fmt: skip

    def _due(self) -> int:
        if self.detail is None:
            return 0
        return next((each.id for each in self.detail.refunds if each.state == "due"), 0)

    # ---- commands -------------------------------------------------------------------------------

    def commands(self) -> Sequence[Command]:
        """Declare the verbs."""
        return [
            Command("returns.receive", "Receive…", self.receive, "R", "receive", "Order", self.id,
                    self._unless(lambda: bool(self._units("authorised", "in_transit")), "nothing of it is to come"),
                    help="It is here: take it in"),
            Command("returns.inspect", "Inspect and put away…", self.inspect, "I", "search", "Order", self.id,
                    self._unless(lambda: bool(self._units("received", "graded")), "nothing of it waits here"),
                    help="Say what you see, and where it goes"),
            Command("returns.refund", "Refund…", self.refund, "F", "money", "Order", self.id,
                    self._unless(lambda: bool(self._open_money()), "no money is open"),
                    help="Promise money for it"),
            Command("returns.paid", "The money was given", self.paid, "P", "accept", "Order", self.id,
                    self._unless(lambda: bool(self._due()), "nothing is promised"),
                    help="You gave it on the channel's own pages"),
            Command("returns.deny", "No money…", self.deny, "D", "cancel", "Order", self.id,
                    self._unless(lambda: bool(self._open_money()), "no money is open"),
                    help="Give nothing for it"),
            Command("returns.give_up", "Expect it no longer…", self.give_up, "U", "cancel", "Order", self.id,
                    self._unless(lambda: bool(self._units("authorised", "in_transit")), "nothing of it is to come")),
            Command("returns.match", "Say whose it is…", self.match_other, "M", "link", "Order", self.id,
                    self._unless(lambda: self.detail is not None and self.detail.row.order_id is None, "its order is known")),
            Command("returns.open_order", "Open its order", self.open_its_order, "O", "orders", "Order", self.id,
                    self._unless(lambda: self.detail is not None and self.detail.row.order_id is not None,
                                 "nobody knows whose it is")),
            Command("returns.take_parcel", "A parcel came unannounced…", self.take_parcel, "N", "plus", "Order", self.id,
                    help="Take in what somebody sent back without a word"),
        ]  # fmt: skip

    def _unless(self, can: Any, why: str) -> Any:
        def say() -> str:
            if self.detail is None:
                return "no return is selected"
            return "" if can() else why

        return say
