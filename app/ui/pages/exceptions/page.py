"""The page Exceptions: a card for each cause, the highest score first, each with one to three choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.changes import Touched
from app.domain.search_fields import CASE_FIELDS
from app.queries.cases import CaseRow
from app.queries.inbox.cards import Card, card_ids, card_rows, count_cards
from app.queries.inbox.notes import CardMore, card_more
from app.ui.commands import Command
from app.ui.lists.list_page import ListPage
from app.ui.lists.sources import Queries
from app.ui.lists.views import View
from app.ui.pages.exceptions.columns import card_columns
from app.ui.pages.exceptions.detail import body_of, head_of
from app.ui.pages.exceptions.together import MOST, Choices
from app.ui.pages.exceptions.verbs import CardVerbs
from app.ui.pages.exceptions.way import Way
from app.ui.pages.exceptions.ways_out import WaysOut
from app.ui.pages.page import Shell
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.text import Text
from app.ui.words import money

VIEWS = (
    View("open", "Open", "", "Everything that needs a person"),
    View("high", "High", "severity:high", "Customers feel these first"),
    View("overdue", "Overdue", "is:overdue", "Past the time by which they had to be decided"),
    View("mine", "Mine", "is:mine", "What was given to you"),
    View("aside", "Put aside", "is:snoozed", "Out of the way; it comes back by itself"),
    View(
        "settled",
        "Settled",
        "is:resolved",
        "What is over, and how it ended",
        "opened_at",
        descending=True,
    ),
)


class ExceptionsPage(ListPage):
    """Settle what is wrong, one card at a time."""

    id = "exceptions"
    title = "Exceptions"
    icon = "exceptions"
    letter = "E"
    interests = Touched.CASES | Touched.ORDERS
    search_hint = "Search cases, orders, SKUs"
    search_fields = CASE_FIELDS
    noun = ("card", "cards")

    def __init__(self, shell: Shell) -> None:
        self.card: Card | None = None
        self.row: CaseRow | None = None
        self._more: CardMore | None = None
        self._is_score_open = False
        self.ways = WaysOut(shell, self)
        self.verbs = CardVerbs(shell, self)
        self.choices = Choices(self.ways, self.verbs.settle, self.verbs.take_back)
        super().__init__(
            shell,
            queries=Queries(partial(card_rows, say=money), count_cards, card_ids),
            columns=card_columns(shell.operations.now),
            views=VIEWS,
        )
        self.list.current_changed.connect(self._follow)
        self.list.opened.connect(lambda _card: self.ways.open())

    def make_detail(self) -> QWidget:
        """Return the pane of the card."""
        self.pane = DetailPane("Case")
        self.pane.answered.connect(self.list.setFocus)
        return self.pane

    def fixed(self) -> dict[str, Any]:
        """Return the time by which overdue is told, and whose the own cards are."""
        return {"now": self.operations.now(), "actor": self.operations.desk.actor.name}

    def say_empty(self, empty: EmptyState, has_orders: bool) -> None:
        """Nothing wrong is good news."""
        if not has_orders:
            self.say_first_steps(empty, "exceptions", "Nothing can be wrong yet")
            return
        empty.say("done", "Nothing needs you here",
                  "Orders, stock and files that need a person appear here by themselves.")  # fmt: skip

    # ---- one card -------------------------------------------------------------------------------

    def _follow(self, card: Card | None) -> None:
        is_same = card is not None and self.card is not None and card.id == self.card.id
        self.card, self.row = card, card.case if card is not None else None
        if not is_same:
            self.pane.close_question()
            self._more = None
        self._show_card(keeps_place=is_same)
        if card is not None:
            self.operations.query(card_more, card_id=card.id, case_ids=card.case_ids,
                                  now=self.operations.now(), then=self._read_more,
                                  slot=(self.id, "more"))  # fmt: skip

    def _read_more(self, more: CardMore) -> None:
        if self.card is not None and self.card.id == more.id:
            self._more = more
            self._show_card(keeps_place=True)

    def _show_card(self, *, keeps_place: bool = True) -> None:
        card, now = self.card, self.operations.now()
        if card is None:
            self.pane.fill([], [Text("Select a card to see what can be done.", quiet=True)])
        else:
            self.pane.fill(
                head_of(card, now, self.open_score, is_open=self._is_score_open),
                body_of(card, self._more, self.choices.of(card), now,
                        turn_into_rule=self.verbs.turn_into_rule, open_order=self.shell.open_order),
                keeps_place=keeps_place,
            )  # fmt: skip
        self.shell.state_changed()

    def show_again(self) -> None:
        """Draw the card again: more is known of it."""
        self._show_card()

    def open_score(self) -> None:
        """Show or hide how the score is made up."""
        self._is_score_open = not self._is_score_open
        self._show_card()

    # ---- keys -----------------------------------------------------------------------------------

    def commands(self) -> Sequence[Command]:
        """Declare the verbs: the choices by number, and what is done with every card."""
        verbs = self.verbs
        takes = [
            Command(f"exceptions.take_way_{at}", f"Take way out {at}", partial(self.take, at), str(at),
                    "accept", "Case", self.id, partial(self._why_not, at))
            for at in range(1, MOST + 1)
        ]  # fmt: skip
        return [
            *takes,
            self._verb("explain_score", "Explain the score", self.open_score, "E", "info"),
            self._verb("assign_cards", "Give to somebody…", verbs.assign, "A", "person"),
            self._verb("put_aside", "Put aside…", verbs.put_aside, "Z", "clock"),
            self._verb("take_back", "Take back", verbs.take_back, "U", "undo", self._not_aside),
            self._verb("write_note", "Write a note…", verbs.write_note, "N", "note"),
            self._verb("put_together", "Put together", verbs.put_together, "M", "select"),
            self._verb("take_apart", "Take apart", verbs.take_apart, "", "split", self._not_joined),
            self._verb("settle_cards", "Settle…", verbs.settle, "D", "accept"),
            self._verb("turn_into_rule", "Turn into a rule…", verbs.turn_into_rule, "W", "rules",
                       self._not_again),
        ]  # fmt: skip

    def _verb(
        self, name: str, title: str, run: Callable[[], object], key: str, icon: str,
        why_not: Callable[[], str] = lambda: "",
    ) -> Command:  # fmt: skip
        def stands_in_the_way() -> str:
            if self.card is None:
                return "no card is selected"
            return "it is over" if self.card.case.resolved_at is not None else why_not()

        return Command(f"exceptions.{name}", title, run, key, icon, "Case", self.id,
                       stands_in_the_way, group="card")  # fmt: skip

    def take(self, at: int) -> None:
        """Do what the choice of this number says."""
        if self.card is not None and not self._why_not(at):
            self.offered()[at - 1].run()

    def offered(self) -> Sequence[Way]:
        """Return the choices of the card under the cursor."""
        return self.choices.of(self.card) if self.card is not None else ()

    def _why_not(self, at: int) -> str:
        if self.card is None:
            return "no card is selected"
        return "" if len(self.offered()) >= at else "there are fewer choices"

    def _not_aside(self) -> str:
        is_aside = self.row is not None and self.row.snoozed_until is not None
        return "" if is_aside else "it is not put aside"

    def _not_joined(self) -> str:
        is_joined = self._more is not None and any(each.is_joined for each in self._more.cases)
        return "" if is_joined else "nobody has put it together"

    def _not_again(self) -> str:
        again = self.card.comes_again if self.card is not None else None
        return "" if again else "it has not come more than twice in 30 days"
