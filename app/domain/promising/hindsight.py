"""What did a period's numbers cost: sold and not there, or there and not sold? Sums over single sales."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Fate(StrEnum):
    """What became of a line that a buyer wanted."""

    FILLED = "filled"
    OVERSOLD = "oversold"
    NOT_SOLD = "not_sold"


@dataclass(frozen=True, slots=True)
class Sale:
    """One line of an order: when its buyer asked, when it came in here, and what it was worth.

    ``units`` are of the SKU, ``worth`` is minor units of the desk's money (0 for an order in another).
    ``mark`` is where in the ledger it took its units when it came in, if it found any. What was sent
    anew for a parcel that was lost ``is_bought`` by nobody: no listing decides on it.
    """

    line_id: int
    order_id: int
    number: str
    account_id: int
    channel: str
    sku_id: int
    units: int
    worth: int
    asked_at: datetime
    came_at: datetime
    mark: int | None
    was_oversold: bool
    was_cancelled: bool = False
    is_bought: bool = True


@dataclass(frozen=True, slots=True)
class Toll:
    """What all sales together cost under one sheet; money is minor units.

    ``work`` is the time that the oversold orders cost. ``held_back`` are units kept off a listing, on
    average over all listings and moments; ``blank_days`` are days of a listing that showed 0.
    """

    oversold_orders: int = 0
    oversold_units: int = 0
    oversold: int = 0
    work: int = 0
    unsold_orders: int = 0
    unsold_units: int = 0
    unsold: int = 0
    held_back: float = 0.0
    blank_days: int = 0

    @property
    def harm(self) -> int:
        """What went wrong, in money: taken and not there, its work, and not sold although it was there."""
        return self.oversold + self.work + self.unsold


Fates = Mapping[int, Fate]  # by line


def toll(
    sales: Iterable[Sale], fates: Fates, before: Fates, a_case: int, held_back: float, blank_days: int
) -> Toll:  # fmt: skip
    """Add up what became of the sales; ``a_case`` is the work on one order that cannot be sent.

    Not to have sold what was not there (``before``) loses nothing.
    """
    short, unsold = list[Sale](), list[Sale]()
    for each in sales:
        if fates[each.line_id] is Fate.OVERSOLD:
            short.append(each)
        elif fates[each.line_id] is Fate.NOT_SOLD and before[each.line_id] is Fate.FILLED:
            unsold.append(each)
    orders = len({each.order_id for each in short})
    return Toll(
        orders, _units(short), _worth(short), orders * a_case,
        len({each.order_id for each in unsold}), _units(unsold), _worth(unsold),
        held_back, blank_days,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """One setting of a sweep, and what it would have cost."""

    value: int
    toll: Toll


def knee(tried: Sequence[Tried]) -> Tried:
    """Return the setting with the least harm; of equal ones that which holds back least.

    Below it a unit more avoids more than it loses, above it the other way round.
    """
    return min(tried, key=lambda each: (each.toll.harm, each.toll.held_back, each.value))


def _units(sales: Iterable[Sale]) -> int:
    return sum(each.units for each in sales)


def _worth(sales: Iterable[Sale]) -> int:
    return sum(each.worth for each in sales)
