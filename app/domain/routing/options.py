"""What can become of one order: ship so, wait for stock, or be an exception; and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from app.domain.routing.goods import Contents


class Outcome(StrEnum):
    """What becomes of an order."""

    SHIP = "ship"
    BACKORDER = "backorder"
    EXCEPTION = "exception"


class Quote(NamedTuple):
    """A service for one parcel on one day of the place's ship days."""

    day: int
    service_id: int
    postage: int
    leaves_late: bool
    days_late: int


class Share(NamedTuple):
    """Units of one piece of one line (both by their place in the order) in a parcel."""

    line: int
    piece: int
    units: int


@dataclass(frozen=True, slots=True)
class Allotment:
    """Which place ships what of one order, before day and service are chosen.

    ``variants`` says how each line is filled, ``None`` for a line that ships later. The money is all
    that does not depend on day and service.
    """

    places: tuple[int, ...]
    contents: tuple[Contents, ...]
    shares: tuple[tuple[Share, ...], ...]
    variants: tuple[int | None, ...]
    handling: int
    landed: int
    split: int
    substitution: int
    unfilled: int

    @property
    def later(self) -> tuple[int, ...]:
        """Return the lines (by their place in the order) that ship later."""
        return tuple(n for n, variant in enumerate(self.variants) if variant is None)

    @property
    def parcels(self) -> int:
        """Return the number of parcels, the later one included."""
        return len(self.places) + (None in self.variants)

    @property
    def lines(self) -> int:
        """Return how many lines the parcels have together."""
        return sum(map(len, self.shares))

    @property
    def cost(self) -> int:
        """Return the money that does not depend on day and service."""
        return self.handling + self.landed + self.split + self.substitution + self.unfilled


class Parts(NamedTuple):
    """What the cost of an order is made of, minor units."""

    shipping: int
    handling: int
    landed: int
    split: int
    late: int
    substitution: int
    unfilled: int


class Option(NamedTuple):
    """One thing that can become of an order, with its whole cost in minor units."""

    outcome: Outcome
    cost: int
    allotment: Allotment | None = None
    quotes: tuple[Quote, ...] = ()

    @property
    def parts(self) -> Parts:
        """Return what the cost is made of."""
        on = self.allotment
        if on is None:
            return Parts(0, 0, 0, 0, 0, 0, self.cost)
        shipping = sum(quote.postage for quote in self.quotes)
        late = self.cost - on.cost - shipping
        return Parts(shipping, on.handling, on.landed, on.split, late, on.substitution, on.unfilled)

    @property
    def is_late(self) -> bool:
        """Return whether a parcel leaves or arrives later than promised."""
        return any(quote.leaves_late or quote.days_late for quote in self.quotes)
