"""Make a parcel good from the list: what is wrong, the ways out with their costs, and one key each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from PySide6.QtWidgets import QLayout, QWidget

from app.domain.parcels import ParcelState
from app.domain.recovering.matrix import SITUATIONS, Offer, OfferKind, Situation
from app.domain.recovering.noticing import situation_of, speaks_against
from app.queries.recoveries import MadeGood, RecoveryRow, made_good
from app.queries.shipments import ParcelDetail
from app.services.desk import Desk
from app.services.recovering.weighing import Weighed, weigh
from app.ui.commands import Command
from app.ui.pages.asking import Asker
from app.ui.pages.offers import ICONS, offer_cost, offer_title
from app.ui.pages.page import Shell
from app.ui.pages.shipments.claims import Claims
from app.ui.widgets.controls import across, button
from app.ui.widgets.form import Field, Question
from app.ui.widgets.pane import section
from app.ui.widgets.text import Text
from app.ui.words import day, moment, money


@dataclass(frozen=True, slots=True)
class Story:
    """How a parcel was made good, and, if something is wrong with it, what may be offered."""

    parcel_id: int
    made: MadeGood
    situation: Situation | None = None
    weighed: Weighed | None = None


def read_story(desk: Desk, detail: ParcelDetail, said: Situation | None) -> Story:
    """Read what was chosen for a parcel, and its ways out; ``said`` is what a person says is wrong."""
    row, now = detail.row, desk.now()
    made = desk.read(made_good, row.id)
    if row.voided_at is not None or (made.live is not None and made.live.kind != OfferKind.WAIT):
        return Story(row.id, made)
    situation = said or situation_of(
        row.state,
        incident=row.incident,
        last_seen_at=row.scanned_at or row.shipped_at,
        arrive_by=row.arrive_by,
        now=now,
    )
    if situation is None:
        return Story(row.id, made)
    return Story(row.id, made, situation, desk.read(weigh, row.id, situation.value, now=now))


class Place(Asker, Protocol):
    """The page, as this part of it sees it."""

    @property
    def id(self) -> str:
        """The page's name."""

    detail: ParcelDetail | None

    def show_again(self) -> None:
        """Draw the pane again."""


class Recovery:
    """What a person can do about a parcel that went wrong."""

    def __init__(self, shell: Shell, page: Place) -> None:
        self._shell, self._page = shell, page
        self._said: dict[int, Situation] = {}
        self.story: Story | None = None
        self.claims = Claims(shell, page)

    def read(self, detail: ParcelDetail) -> None:
        """Read how the parcel was made good, or can be; then the pane is drawn again."""
        if self.story is not None and self.story.parcel_id != detail.row.id:
            self.story = self.claims.row = None
        said = self._said.get(detail.row.id)
        question = partial(read_story, self._shell.operations.desk, detail, said)
        self._shell.operations.ask(question, then=self._told, slot=(self._page.id, "recovery"))

    def _told(self, story: Story) -> None:
        if self._page.detail is not None and story.parcel_id == self._page.detail.row.id:
            self.story, self.claims.row = story, story.made.claim
            self._page.show_again()
            self._shell.state_changed()

    # ---- what is shown --------------------------------------------------------------------------

    def sections(self, detail: ParcelDetail) -> list[QWidget | QLayout]:
        """Return what the pane shows of it: the ways out, or what was chosen; and the claim."""
        story = self.story
        if story is None or story.parcel_id != detail.row.id:
            return []
        found: list[QWidget | QLayout] = []
        if story.weighed is not None and story.situation is not None:
            found.append(self._card(story.weighed, story.situation))
        found += [self._chosen(each) for each in story.made.recoveries if each.state == "live"]
        if story.made.claim is not None:
            found.append(self.claims.section(story.made.claim))
        if story.made.replaces_id is not None:
            go = partial(self._shell.open_order, story.made.replaces_id)
            found.append(section("It replaces a parcel", across(
                button(f"Open order {story.made.replaces}", go, icon_name="orders"), None)))  # fmt: skip
        return found

    def _card(self, weighed: Weighed, situation: Situation) -> QWidget:
        """Show the ways out with the number that is the key of each."""
        worth = money(weighed.parcel.value, weighed.currency)
        spent = money(weighed.parcel.customer, weighed.currency)
        rows: list[QWidget | QLayout] = [
            Text(f"The parcel is {SITUATIONS[situation]}. {worth} of goods are in it; the customer has "
                 f"spent {spent} with you.", wraps=True),
        ]  # fmt: skip
        for at, offer in enumerate(weighed.offers, 1):
            rows += self._offer(at, offer, weighed.currency)
        return section("Ways out", *rows)

    def _offer(self, at: int, offer: Offer, currency: str) -> list[QWidget | QLayout]:
        if offer.why_not:
            return [
                Text(
                    f"{offer_title(offer, self._shell.operations.now())}: not now, {offer.why_not}.",
                    wraps=True,
                    quiet=True,
                )
            ]
        made = button(offer_title(offer, self._shell.operations.now()), partial(self.take, at), kind="primary" if at == 1 else "",
                      icon_name=ICONS[offer.kind])  # fmt: skip
        key = Text(str(at), quiet=True).hint(f"Press {at} in the list")
        return [across(made, key, None, Text(offer_cost(offer, currency), wraps=False), spacing=8)]

    def _chosen(self, row: RecoveryRow) -> QWidget:
        now = self._shell.operations.now()
        words = f"{row.kind_words}, chosen by {row.chosen_by} {moment(row.chosen_at, now)}."
        parts: list[QWidget | QLayout] = [Text(words, wraps=True)]
        if row.wait_until is not None:
            parts.append(
                Text(
                    f"Until {self._day(row.wait_until)}; then it comes up again.",
                    quiet=True,
                    wraps=True,
                )
            )
        if row.cost:
            parts.append(Text(f"It costs {money(row.cost, row.currency)}.", quiet=True))
        if row.refund_state == "due":
            parts.append(
                Text("The money was not given yet: give it on the channel's own pages.", wraps=True)
            )
            parts.append(across(button("The money was given", partial(
                self._page.run, "pay_refund", refund_id=row.refund_id), icon_name="accept"), None))  # fmt: skip
        if row.replacement_id is not None:
            go = partial(self._shell.open_order, row.replacement_id)
            parts.append(across(button(f"Open order {row.replacement}", go, icon_name="orders"),
                                Text(row.replacement_status.replace("_", " "), quiet=True), None))  # fmt: skip
        undo = button("Take it back…", partial(self._withdraw, row), kind="quiet", icon_name="undo")
        return section("Made good", *parts, across(undo, None))

    # ---- verbs ----------------------------------------------------------------------------------

    def take(self, at: int) -> None:
        """Take one of the ways out, by its number."""
        story = self.story
        if story is None or story.weighed is None or at > len(self._possible(story)):
            return
        offer = self._possible(story)[at - 1]
        self._page.run("recover", shipment_id=story.parcel_id, situation=str(story.situation),
                       kind=offer.kind.value, wait_until=offer.wait_until)  # fmt: skip

    def why_not_take(self, at: int) -> str:
        """Say why there is no such way out."""
        if self.story is None or self.story.weighed is None:
            return "nothing is wrong with the parcel, or it was made good"
        return "" if at <= len(self._possible(self.story)) else "there are fewer ways out"

    @staticmethod
    def _possible(story: Story) -> Sequence[Offer]:
        return [] if story.weighed is None else [x for x in story.weighed.offers if not x.why_not]

    def say_wrong(self) -> None:
        """Ask what is wrong; the ways out are shown then."""
        detail = self._page.detail
        if detail is None:
            return
        state = ParcelState(detail.row.state)
        choices = [(each.value, words.capitalize()) for each, words in SITUATIONS.items()
                   if speaks_against(each, state) is None]  # fmt: skip
        first = Situation.MISSING if state is ParcelState.DELIVERED else Situation.LOST
        self._page.ask(Question(
            f"What is wrong with the parcel of {detail.row.number}?",
            [Field("situation", "It is", first.value, choices=choices)], "Show the ways out",
            lambda v: self._say(detail, Situation(str(v["situation"]))),
        ))  # fmt: skip

    def _say(self, detail: ParcelDetail, situation: Situation) -> None:
        self._said[detail.row.id] = situation
        self._page.answered()
        self.read(detail)

    def _withdraw(self, row: RecoveryRow) -> None:
        self._page.ask(Question(
            "Take back what was chosen", [Field("reason", "Why", is_needed=True)], "Take it back",
            lambda v: self._page.run("withdraw_recovery", recovery_id=row.id, reason=str(v["reason"])),
            suggestions=[(each, each) for each in ("It arrived after all", "Another way was agreed")],
        ))  # fmt: skip

    # ---- commands -------------------------------------------------------------------------------

    def commands(self) -> Sequence[Command]:
        """Declare the verbs."""
        return [
            Command("shipments.say_wrong", "Something went wrong…", self.say_wrong, "W", "exceptions",
                    "Order", self._page.id, self._no_parcel,
                    help="Say what is wrong, and see the ways out with their costs"),
            *(
                Command(f"shipments.take_way_{at}", f"Take way out {at}", partial(self.take, at), str(at),
                        "accept", "Order", self._page.id, partial(self.why_not_take, at))
                for at in (1, 2, 3)
            ),
            *self.claims.commands(),
        ]  # fmt: skip

    def _day(self, at: datetime) -> str:
        return day(at.astimezone().date(), self._shell.operations.now())

    def _no_parcel(self) -> str:
        detail = self._page.detail
        if detail is None:
            return "no parcel is selected"
        return "it was taken back" if detail.row.state == ParcelState.VOIDED else ""
