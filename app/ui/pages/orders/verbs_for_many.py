"""What can be done to one order as well as to a hundred thousand?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.domain.papers import PaperKind
from app.queries.team import TagRow, known_tags, people
from app.ui.operations import Problem
from app.ui.pages.orders.doing import Doing, offers
from app.ui.pages.orders.until import NEVER, end_of, ends
from app.ui.taking_back import Step
from app.ui.widgets.form import Field, Question, Values

CANCEL_REASONS = (
    "The customer asked for it", "Out of stock", "Looks like fraud", "Ordered twice",
)  # fmt: skip
HOLD_REASONS = (
    "Waiting for the customer", "Check the address", "Pre-order", "Ship together with another",
)  # fmt: skip
NOBODY = "Nobody"
SHOWN_WORDS = 8


class VerbsForMany(Doing):
    """The verbs that work on everything that is selected."""

    def accept(self) -> None:
        """Accept the suggestions of what is selected."""
        self._for_selected("Accept", "accept")

    def ship_what_is_there(self) -> None:
        """Accept what of the order has stock; the rest waits."""
        self._for_selected("Accept", "accept", part_is_enough=True)

    def release(self) -> None:
        """Lift the holds that a person may lift."""
        self._for_selected("Release", "release", reason="Released by hand.")

    def withdraw(self) -> None:
        """Take the decision back."""
        self._for_selected("Withdraw", "withdraw")

    def print_slips(self) -> None:
        """Show the packing slips of what is selected."""
        self._place.selected_ids(partial(self._shell.print_papers, PaperKind.SLIP))

    def print_picks(self) -> None:
        """Show the pick list of what is selected."""
        self._place.selected_ids(partial(self._shell.print_papers, PaperKind.PICK))

    def hold(self) -> None:
        """Ask why and until when, and put on hold."""
        offered = list(ends(self.now()))
        fields = [
            Field("reason", "Why", is_needed=True),
            Field("until", "Until", NEVER, [(each, each) for each in offered], is_open=True),
        ]
        self._place.ask(
            Question(f"Hold {self._what()}", fields, "Hold", self._hold,
                     note="Choose when it goes on by itself, or write a date.",
                     suggestions=offers(HOLD_REASONS))
        )  # fmt: skip

    def _hold(self, values: Values) -> None:
        try:
            until = end_of(str(values["until"]), self.now())
        except ValueError as error:
            self._place.complain(Problem(str(error), ""))
            return
        self._for_selected("Hold", "hold", reason=values["reason"], until=until)

    def tag(self) -> None:
        """Ask for a word to put on what is selected."""
        self._operations.query(known_tags, then=self._ask_tag)

    def _ask_tag(self, known: list[TagRow]) -> None:
        detail = self._place.detail if self._place.selected_count() == 1 else None
        here = detail.tags if detail else ()
        self._ask_word("Tag", [row.tag for row in known if row.tag not in here],
                       lambda tag: self._for_selected("Tag", "tag_orders", tag=tag))  # fmt: skip

    def untag(self) -> None:
        """Ask which word to take off what is selected."""
        self._operations.query(known_tags, then=self._ask_untag)

    def _ask_untag(self, known: list[TagRow]) -> None:
        detail = self._place.detail if self._place.selected_count() == 1 else None
        words = list(detail.tags) if detail else [row.tag for row in known]
        self._ask_word("Untag", words, self.take_tag_off)

    def take_tag_off(self, tag: str) -> None:
        """Take a word off what is selected."""
        self._for_selected("Untag", "untag_orders", tag=tag)

    def _ask_word(self, verb: str, words: list[str], answer: Callable[[str], object]) -> None:
        question = Question(
            f"{verb} {self._what()}", [Field("tag", "Tag", is_needed=True)], verb,
            lambda values: answer(str(values["tag"])), suggests="tag",
            suggestions=offers(tuple(words[:SHOWN_WORDS])),
            note="Only your team sees tags.",
        )  # fmt: skip
        self._place.ask(question)

    def assign(self) -> None:
        """Ask who is to take care of what is selected."""
        self._operations.query(people, then=self._ask_person)

    def _ask_person(self, names: list[str]) -> None:
        offered = [*names[: SHOWN_WORDS - 1], NOBODY]
        question = Question(
            f"Assign {self._what()}", [Field("person", "To", is_needed=True)], "Assign",
            lambda values: self._assign(str(values["person"])), suggests="person",
            suggestions=offers(tuple(offered)),
        )  # fmt: skip
        self._place.ask(question)

    def _assign(self, person: str) -> None:
        to = "" if person.strip().casefold() == NOBODY.casefold() else person
        self._for_selected("Assign", "assign_orders", to=to)

    def cancel(self) -> None:
        """Ask why, and cancel."""
        note = "The units go back on sale, and the channel is told. You can undo it for a moment."
        self._ask_reason("Cancel", "cancel", f"Cancel {self._what()}", CANCEL_REASONS, note=note,
                         kind="danger")  # fmt: skip

    def repeat(self, last: Step) -> None:
        """Do what was done last, to what is selected now."""
        if last.again is not None:
            self._for_selected(last.verb.capitalize(), last.again.operation, **last.arguments)

    def select_all(self) -> None:
        """Select everything that the view shows."""
        self._place.select_all()

    def select_none(self) -> None:
        """Select only the order under the cursor."""
        self._place.select_none()
