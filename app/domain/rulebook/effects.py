"""What do the rules ask of one order's routing?

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
class Effects:
    """What the rules say of one order.

    ``tiers`` are sets of locations: the first that can ship all of it does, and ``tiers_by`` is the rule
    that says so; ``otherwise`` says what happens when none can. ``never`` may not ship it at all.
    ``prefer`` ranks locations where nothing else tells them apart. ``service`` is the name of a
    service level, instead of the one that the channel's words ask for. ``max_parcels`` of 1 forbids
    a split; ``None`` leaves it to the channel, whose contract is never widened by a rule. ``hold`` is
    the reason to stop. ``needs`` are what the parcel must have: "signature", "insurance".
    ``priority`` is higher for what is served first when stock or capacity is scarce.
    """

    tiers: tuple[tuple[int, ...], ...] = ()
    tiers_by: str = ""
    otherwise: Otherwise = Otherwise.ANYWHERE
    never: tuple[Barred, ...] = ()
    prefer: tuple[int, ...] = ()
    service: str = ""
    max_parcels: int | None = None
    hold: str = ""
    tags: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    priority: int = 0
    rules: tuple[str, ...] = ()

    def bars(self, location_id: int) -> str:
        """Return the rule that keeps a location from shipping the order; empty if none does."""
        return next((each.rule for each in self.never if each.location_id == location_id), "")

    def allows_beyond_tiers(self) -> bool:
        """Return whether locations outside of the tiers may ship it in the end."""
        return not self.tiers or self.otherwise is Otherwise.ANYWHERE


NOTHING_ASKED: Final = Effects()
