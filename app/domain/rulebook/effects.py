"""What do the rules ask of one order, of its routing first of all?

The rulebook is asked before the routing and hands over this frozen value; the routing knows no rules,
and the rules know no stock. Locations are ids, in the order in which the rules name them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple


class Otherwise(StrEnum):
    """What happens where no tier of locations has everything."""

    ANYWHERE = "anywhere"  # the other locations are judged as if there were no tiers
    WAIT = "wait"  # nothing ships; the order waits with a case
    BACKORDER = "backorder"  # nothing ships; the rest is promised for when stock comes in


class Barred(NamedTuple):
    """A location that may not ship the order, and the rule that says so."""

    location_id: int
    rule: str


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the rules do to the order itself, once: what a person takes back stays taken back."""

    tags: tuple[str, ...] = ()
    untags: tuple[str, ...] = ()
    hold: str = ""
    assign: str = ""
    notes: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Every deed as one word of its own, by which it is known to be done."""
        if self is NO_DEEDS:  # every order is asked, and few rules do anything
            return ()
        return (
            *(f"tag {each}" for each in self.tags),
            *(f"untag {each}" for each in self.untags),
            *(("hold " + self.hold,) if self.hold else ()),
            *(("assign " + self.assign,) if self.assign else ()),
            *(f"note {each}" for each in self.notes),
            *(f"case {each}" for each in self.cases),
        )

    def without(self, done: frozenset[str]) -> Deeds:
        """Return what is left to do."""
        return Deeds(
            tuple(each for each in self.tags if f"tag {each}" not in done),
            tuple(each for each in self.untags if f"untag {each}" not in done),
            "" if f"hold {self.hold}" in done else self.hold,
            "" if f"assign {self.assign}" in done else self.assign,
            tuple(each for each in self.notes if f"note {each}" not in done),
            tuple(each for each in self.cases if f"case {each}" not in done),
        )


NO_DEEDS: Final = Deeds()


@dataclass(frozen=True, slots=True)
class Effects:
    """What the rules say of one order.

    ``tiers`` are sets of locations: the first that can ship all of it does, and ``tiers_by`` is the rule
    that says so; ``otherwise`` says what happens when none can. ``never`` may not ship it at all.
    ``prefer`` ranks locations where nothing else tells them apart. ``service`` is the name of a
    service level, instead of the one that the channel's words ask for. ``max_parcels`` of 1 forbids
    a split; ``None`` leaves it to the channel, whose contract is never widened by a rule. ``needs``
    are what the parcel must have: "signature", "insurance". ``priority`` is higher for what is served
    first when stock or capacity is scarce. ``rules`` are those that applied, in their order.
    """

    tiers: tuple[tuple[int, ...], ...] = ()
    tiers_by: str = ""
    otherwise: Otherwise = Otherwise.ANYWHERE
    never: tuple[Barred, ...] = ()
    prefer: tuple[int, ...] = ()
    service: str = ""
    max_parcels: int | None = None
    needs: tuple[str, ...] = ()
    priority: int = 0
    deeds: Deeds = NO_DEEDS
    rules: tuple[str, ...] = ()

    @property
    def hold(self) -> str:
        """Why the order must stop; empty if it need not."""
        return self.deeds.hold

    def bars(self, location_id: int) -> str:
        """Return the rule that keeps a location from shipping the order; empty if none does."""
        return next((each.rule for each in self.never if each.location_id == location_id), "")


NOTHING_ASKED: Final = Effects()
