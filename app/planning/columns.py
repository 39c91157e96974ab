"""What are the ways of each order worth when all orders are planned together, and what do they take?

A way that needs nothing that others could want too, and is dearer than another such way, can never be
in the best plan. What is left after such ways are gone is the problem that the optimiser sees.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from app.domain.routing.allotting import Allotting
from app.domain.routing.calendar import ShipDay
from app.domain.routing.choosing import Standing, standing, unfilled
from app.domain.routing.fares import DayQuotes, Fares, best_quotes
from app.domain.routing.goods import Wanted
from app.domain.routing.network import Network
from app.domain.routing.options import Allotment, Option, Outcome, Quote
from app.domain.routing.shelves import Shelves

Row = tuple[int, ...]
"""What is taken: (SKU, place, channel) with channel -1 where none has units held for it, or
(place, day) with a day of the place's list."""
NOBODY = -1
Best = tuple[int, tuple[Quote, ...]]

FEW_ORDERS = 40
"""Up to here each day is a way of its own, so that ties are decided to the last rule."""


@dataclass(slots=True, eq=False)
class Column:
    """One way of one order. ``takes`` are units and slots by row; ``days`` the last days that cost so."""

    option: Option
    standing: Standing
    takes: dict[Row, int]


class Slots(NamedTuple):
    """The ship days of a place that planning looks at, and the parcels up to each of them."""

    days: tuple[ShipDay, ...]
    up_to: tuple[int | None, ...]
    on: tuple[int | None, ...]


class Columns:
    """The ways of all orders, and how much there is of what they take."""

    def __init__(
        self, network: Network, orders: Sequence[Wanted], shelves: Shelves, *, by_day: bool
    ) -> None:
        self.network, self.shelves, self.by_day = network, shelves, by_day
        self.slots = {place: self._slots(place, orders) for place in network.places}
        self.of: dict[int, list[Column]] = {}
        for order in sorted(orders, key=lambda each: each.turn):
            self.of[order.id] = self._columns(order)

    def limit(self, row: Row) -> int | None:
        """Return how much there is of a row; ``None`` for as much as is wanted."""
        if len(row) == 3:
            return max(0, self.shelves.free(row[0], row[1], row[2]))
        place, day = row
        slots = self.slots[place]
        at = next(n for n, each in enumerate(slots.days) if each.number == day)
        return (slots.on if self.by_day else slots.up_to)[at]

    def row_of(self, sku: int, place: int, channel: int) -> Row:
        """Return the row of units that a channel takes at a place."""
        return (sku, place, channel if (sku, place) in self.shelves.held else NOBODY)

    def _slots(self, place_id: int, orders: Sequence[Wanted]) -> Slots:
        """Leave out days without a slot, and days after the one by which all could have left."""
        place = self.network.places[place_id]
        wanting = sum(place.serves is None or each.channel_id in place.serves for each in orders)
        days, up_to, on, total = [], [], [], 0
        for each in self.network.ship_days(place_id):
            count = place.slots_of(each.day)
            left = None if count is None else count - self.shelves.parcels(place_id, each.day)
            if left is not None and left <= 0:
                continue
            enough = left is None or total + left >= wanting
            total += left or 0
            days.append(each)
            up_to.append(None if enough else total)
            on.append(None if left is None or left >= wanting else left)
            if enough:
                break
        return Slots(tuple(days), tuple(up_to), tuple(on))

    def _columns(self, order: Wanted) -> list[Column]:
        nothing = unfilled(self.network, order)
        found = [Column(nothing, standing(self.network, nothing), {})]
        if order.hold:
            return found
        search = Allotting(
            Fares(self.network, order),
            lambda sku, place: self.shelves.free(sku, place, order.channel_id),
            nothing.cost,
        )
        for allotment in search.ways():
            options = self._options(search, allotment)
            found.extend(self._column(order, each) for each in options if each.cost <= nothing.cost)
        return found

    def _column(self, order: Wanted, option: Option) -> Column:
        on = option.allotment
        takes: dict[Row, int] = defaultdict(int)
        if on is not None:
            for place, contents, quote in zip(on.places, on.contents, option.quotes, strict=True):
                for sku, units in contents:
                    takes[self.row_of(sku, place, order.channel_id)] += units
                for day in self._days_taken(place, quote.day):
                    takes[place, day] += 1
        return Column(option, standing(self.network, option), dict(takes))

    def _days_taken(self, place_id: int, day: int) -> Iterator[int]:
        """Return the days on whose slots a parcel counts: its own, or all up to which it may wait."""
        if self.by_day:
            yield day
            return
        for each in self.slots[place_id].days:
            if each.number >= day:
                yield each.number

    def _options(self, search: Allotting, allotment: Allotment) -> Iterator[Option]:
        parcels = []
        for place, contents in zip(allotment.places, allotment.contents, strict=True):
            weight, hazmat = self.network.weight(contents), self.network.has_hazmat(contents)
            quotes = search.fares.quotes(place, weight, hazmat, self.slots[place].days)
            if not quotes:
                return
            parcels.append(quotes if self.by_day else _last_days(quotes))
        for cost, chosen in self._by_days(search, parcels):
            yield Option(Outcome.SHIP, allotment.cost + cost, allotment, chosen)

    def _by_days(self, search: Allotting, parcels: list[DayQuotes]) -> Iterator[Best]:
        """Return the best quotes for each choice of days, or for the last days of each price."""
        spans = [range(len(each)) for each in parcels]
        if not self.by_day:
            last = tuple(len(each) - 1 for each in parcels)
            at_last = _at(search, parcels, last)
            if at_last[0] == _at(search, parcels, tuple(0 for _ in parcels))[0]:
                yield at_last
                return
        known = {days: _at(search, parcels, days) for days in product(*spans)}
        for days, found in known.items():
            if self.by_day or _is_last(days, found[0], known):
                yield found


@lru_cache(maxsize=4096)
def _last_days(days: DayQuotes) -> DayQuotes:
    """Keep, of days that offer the very same, the last."""
    later = [*days[1:], ()]
    return tuple(
        quotes for quotes, after in zip(days, later, strict=True) if _offer(quotes) != _offer(after)
    )


def _offer(quotes: tuple[Quote, ...]) -> list[tuple[int | bool, ...]]:
    return [quote[1:] for quote in quotes]


def _at(search: Allotting, parcels: list[DayQuotes], days: tuple[int, ...]) -> Best:
    chosen = [each[day] for each, day in zip(parcels, days, strict=True)]
    return best_quotes(search.terms, chosen)


def _is_last(days: tuple[int, ...], cost: int, known: Mapping[tuple[int, ...], Best]) -> bool:
    """Return whether waiting a day longer with any parcel would cost more."""
    for nth in range(len(days)):
        later = (*days[:nth], days[nth] + 1, *days[nth + 1 :])
        if later in known and known[later][0] == cost:
            return False
    return True
