"""What is done with cards: give them to somebody, put them aside, write on them, put them together, end them."""

from __future__ import annotations

from typing import Any, Protocol

from app.queries.inbox.cards import Card
from app.queries.team import people
from app.services.casework.drafting import Draft, draft_of
from app.ui.lists.list_view import ListView
from app.ui.operations import Problem
from app.ui.pages.asking import Asker
from app.ui.pages.orders.doing import offers
from app.ui.pages.orders.until import NEVER, end_of, ends
from app.ui.pages.page import Shell
from app.ui.widgets.form import Field, Question
from app.ui.words import count_of

NOBODY = "nobody"
UNTIL_IT_CHANGES = "until it changes"
WHY_ASIDE = (
    "Waiting for an answer",
    "Stock is on its way",
    "The supplier is closed",
    "Known, it is fine",
)
WHY_SETTLED = ("Settled on the channel", "Settled with the customer", "It is fine as it is")


class Place(Asker, Protocol):
    """The page, as the verbs see it."""

    card: Card | None
    list: ListView


class CardVerbs:
    """The verbs on what is selected."""

    def __init__(self, shell: Shell, place: Place) -> None:
        self._shell, self._place, self._operations = shell, place, shell.operations

    @property
    def _what(self) -> str:
        return count_of(self._place.list.selected_count, "card")

    def assign(self) -> None:
        """Ask who is to take care of it."""
        self._operations.query(people, then=self._ask_person)

    def _ask_person(self, names: list[str]) -> None:
        self._place.ask(Question(
            f"Give {self._what} to", [Field("person", "Who", is_needed=True)], "Give",
            lambda values: self._assign(str(values["person"])), suggests="person",
            suggestions=offers((*names[:5], NOBODY)),
        ))  # fmt: skip

    def _assign(self, person: str) -> None:
        to = "" if person.strip().casefold() == NOBODY else person
        self._all("assign_cases", to=to)

    def put_aside(self) -> None:
        """Ask until when, and why."""
        moments = [
            UNTIL_IT_CHANGES if words == NEVER else words for words in ends(self._operations.now())
        ]
        self._place.ask(Question(
            f"Put {self._what} aside",
            [Field("until", "Until", moments[1], choices=[(each, each) for each in moments], is_open=True),
             Field("reason", "Why", is_needed=True)],
            "Put aside", self._aside, suggestions=offers(WHY_ASIDE),
            note="It comes back by itself, at the latest when the order is due.",
        ))  # fmt: skip

    def _aside(self, values: Any) -> None:
        words = str(values["until"]).strip()
        try:
            until = end_of(NEVER if words == UNTIL_IT_CHANGES else words, self._operations.now())
        except ValueError as error:
            self._place.complain(Problem(str(error), ""))
            return
        self._all("snooze_cases", until=until, reason=str(values["reason"]))

    def take_back(self) -> None:
        """Let what was put aside be back at once."""
        self._all("wake_cases")

    def write_note(self) -> None:
        """Ask what to write on it."""
        self._place.ask(Question(
            f"Write on {self._what}", [Field("text", "Note", is_needed=True)], "Write",
            lambda values: self._all("write_case_note", text=str(values["text"])),
            note="Only your team sees it.",
        ))  # fmt: skip

    def settle(self) -> None:
        """Ask why it is over, or can be lived with."""
        self._place.ask(Question(
            f"Settle {self._what}", [Field("reason", "Why", is_needed=True)], "Settle",
            lambda values: self._all("settle_cases", reason=str(values["reason"])),
            suggestions=offers(WHY_SETTLED),
            note="What is still true is put aside, and comes back when it changes or the order is due.",
        ))  # fmt: skip

    def put_together(self) -> None:
        """Put what is selected together: one cause, one decision."""
        self._place.list.selected_ids(self._join)

    def _join(self, ids: list[int]) -> None:
        if self._place.card is None or len(ids) < 2:
            self._place.complain(Problem("Only one card is selected; nothing was put together.",
                                         "Select the cards that have one cause, then press M."))  # fmt: skip
            return
        to = self._place.card.id if self._place.card.id in ids else ids[0]
        others = [each for each in ids if each != to]
        self._place.run("join_cases", case_ids=others, to=to)

    def take_apart(self) -> None:
        """Take apart what somebody put together."""
        self._all("part_cases")

    def turn_into_rule(self) -> None:
        """Show what was drafted for what comes again and again."""
        if self._place.card is not None:
            case_id = self._place.card.case.id
            self._operations.query(draft_of, case_id=case_id, now=self._operations.now(),
                                   then=lambda draft: self._ask_draft(case_id, draft))  # fmt: skip

    def _ask_draft(self, case_id: int, draft: Draft) -> None:
        self._place.ask(Question(
            draft.title, [], "Take it over",
            lambda _values: self._place.run("take_draft", case_id=case_id), note=draft.words,
        ))  # fmt: skip

    # ---- doing it -------------------------------------------------------------------------------

    def _all(self, operation: str, **arguments: Any) -> None:
        """Do it to all that is selected, read or not."""
        self._place.list.selected_ids(
            lambda ids: self._place.run(operation, case_ids=ids, **arguments)
        )
