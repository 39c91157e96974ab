"""In which ways could each order go, when all are planned together, and what does each way take?

Most orders have few ways, and all of them are found at once. An order of many lines may have
thousands; of those the first are found, and later those that pay at the prices of what is scarce.
"""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from app.domain.routing.allotting import Allotting
from app.domain.routing.choosing import Standing, standing, unfilled
from app.domain.routing.fares import DayQuotes, Fares, best_quotes
from app.domain.routing.floors import Prices
from app.domain.routing.goods import Wanted
from app.domain.routing.options import Allotment, Option, Outcome, Quote
from app.planning.scarcity import Row, Scarcity

FIRST_WAYS = 150
"""Ways of one order that are looked at before anything is known about prices."""
AT_ONCE = 12
"""Ways that are added for one order at a time when they pay."""
A_LITTLE = 1e-4
Worth = Callable[["Column"], float]
Best = tuple[int, tuple[Quote, ...]]


@dataclass(slots=True, eq=False)
class Column:
    """One way of one order, and what it takes of what is scarce."""

    option: Option
    standing: Standing
    takes: dict[Row, int]


class Found(NamedTuple):
    """Ways that pay, and the least worth of any way: 0 where none pays, minus infinity if unknown."""

    ways: list[Column]
    least: float


class Columns:
    """The ways of all orders that have been found so far."""

    def __init__(self, scarcity: Scarcity, orders: Sequence[Wanted], *, all_ways: bool) -> None:
        self.scarcity = scarcity
        self.network = scarcity.network
        self.orders = {order.id: order for order in sorted(orders, key=lambda each: each.turn)}
        self.of: dict[int, list[Column]] = {}
        self.unfinished: dict[int, set[tuple[object, ...]]] = {}
        self._fares: dict[int, Fares] = {}
        for order in self.orders.values():
            self._begin(order, None if all_ways else FIRST_WAYS)

    def _begin(self, order: Wanted, most: int | None) -> None:
        nothing = unfilled(self.network, order)
        found = [Column(nothing, standing(self.network, nothing), {})]
        self.of[order.id] = found
        if order.hold:
            return
        search = self._search(order, nothing.cost, None, most)
        found += [way for way in self._ways(order, search) if way.standing.cost <= nothing.cost]
        if search.is_cut_short:
            self.unfinished[order.id] = {_mark(way) for way in found}
            self._fares[order.id] = search.fares
        self.of[order.id] = thinned(found)

    def _search(
        self, order: Wanted, bound: float, prices: Prices | None, most: int | None
    ) -> Allotting:
        shelves, channel = self.scarcity.shelves, order.channel_id
        return Allotting(
            self._fares.get(order.id) or Fares(self.network, order),
            lambda sku, place: shelves.free(sku, place, channel),
            bound,
            prices,
            most,
        )

    def _ways(self, order: Wanted, search: Allotting) -> Iterator[Column]:
        for allotment in search.ways():
            for option in self._options(search, allotment):
                yield Column(
                    option,
                    standing(self.network, option, order.ranks),
                    self.scarcity.takes(order, option),
                )

    def paying(self, order_id: int, base: float, prices: Prices, worth: Worth) -> Found:
        """Return the best new ways that are worth less than nothing, and the least worth.

        ``base`` is what the order's best known way costs at the prices; worth counts from there. Once
        enough ways are found, only better ones are looked for.
        """
        order, known = self.orders[order_id], self.unfinished[order_id]
        search = self._search(order, base - A_LITTLE, prices, None)
        found: list[tuple[float, Standing, Column]] = []
        for way in self._ways(order, search):
            value = worth(way)
            if value < search.bound - base and _mark(way) not in known:
                insort(found, (value, way.standing, way), key=lambda each: each[:2])
                if len(found) > AT_ONCE:
                    found.pop()
                    search.bound = base + found[-1][0]
        best = [way for _value, _standing, way in found]
        known.update(map(_mark, best))
        if search.is_cut_short:
            return Found(best, -math.inf)
        return Found(best, found[0][0] if found else 0.0)

    def within(
        self, order_id: int, most_worth: float, base: float, prices: Prices, worth: Worth, most: int
    ) -> tuple[list[Column], int]:
        """Return all new ways that are worth less than so much, and how many were looked at.

        None is returned when more than ``most`` would have to be looked at.
        """
        order, known = self.orders[order_id], self.unfinished[order_id]
        search = self._search(order, base + most_worth, prices, most)
        found = [way for way in self._ways(order, search) if worth(way) < most_worth]
        if search.is_cut_short:
            return [], most + 1
        return [way for way in thinned(found) if _mark(way) not in known], search.looked_at

    def _options(self, search: Allotting, allotment: Allotment) -> Iterator[Option]:
        parcels = []
        for place, contents in zip(allotment.places, allotment.contents, strict=True):
            weight, hazmat = self.network.weight(contents), self.network.has_hazmat(contents)
            days = self.scarcity.slots[place].days
            quotes = search.fares.quotes(place, weight, hazmat, days)
            if not quotes:
                return
            parcels.append(quotes if self.scarcity.by_day else _last_days(quotes))
        for cost, chosen in self._by_days(search, parcels):
            yield Option(Outcome.SHIP, allotment.cost + cost, allotment, chosen)

    def _by_days(self, search: Allotting, parcels: list[DayQuotes]) -> Iterator[Best]:
        """Return the best quotes for each choice of days, or for the last days of each price."""
        if not self.scarcity.by_day:
            last = tuple(len(each) - 1 for each in parcels)
            at_last = _at(search, parcels, last)
            if not any(last) or at_last[0] == _at(search, parcels, (0,) * len(last))[0]:
                yield at_last
                return
        spans = [range(len(each)) for each in parcels]
        known = {days: _at(search, parcels, days) for days in product(*spans)}
        for days, found in known.items():
            if self.scarcity.by_day or _is_last(days, found[0], known):
                yield found


def _mark(way: Column) -> tuple[object, ...]:
    on = way.option.allotment
    if on is None:
        return ()
    return on.places, on.shares, on.variants, tuple(quote.day for quote in way.option.quotes)


@lru_cache(maxsize=8192)
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


def thinned(ways: list[Column]) -> list[Column]:
    """Leave out the ways of an order that can never be best: a better one takes as little."""
    best: dict[frozenset[tuple[Row, int]], Column] = {}
    for way in ways:
        taken = frozenset(way.takes.items())
        known = best.get(taken)
        if known is None or way.standing < known.standing:
            best[taken] = way
    kept: list[Column] = []
    for way in sorted(best.values(), key=lambda each: each.standing):
        if not any(_takes_no_more(other.takes, way.takes) for other in kept[:MOST_COMPARED]):
            kept.append(way)
    return kept


MOST_COMPARED = 40


def _takes_no_more(one: Mapping[Row, int], other: Mapping[Row, int]) -> bool:
    return len(one) <= len(other) and all(units <= other.get(row, 0) for row, units in one.items())
