"""What is best for all open orders together, given that stock, slots and time are shared?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from app.domain.routing.fares import Fares, best_quotes
from app.domain.routing.goods import Wanted
from app.domain.routing.network import Network
from app.domain.routing.options import Option
from app.domain.routing.shelves import Shelves
from app.planning.columns import Column, Columns
from app.planning.first_plan import first_plan
from app.planning.model import INFINITY, Ask, Model
from app.planning.pricing import Pricing
from app.planning.scarcity import Scarcity
from app.planning.ties import settle_ties

FEW_ORDERS = 12
"""Up to here each day is a way of its own, so that ties are decided to the last rule."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An option for each order by its id. No plan at all costs less than ``bound`` (minor units)."""

    options: Mapping[int, Option]
    cost: int
    bound: int

    @property
    def gap(self) -> float:
        """Return how much dearer than the bound the plan could be, as a share of its cost."""
        return (self.cost - self.bound) / self.cost if self.cost > 0 else 0.0


def plan_queue(
    network: Network,
    orders: Sequence[Wanted],
    shelves: Shelves,
    *,
    seconds: float,
    ask: Ask | None = None,
) -> Plan:
    """Return the cheapest plan found in the time given; the shelves are left as they are.

    ``ask`` is asked now and then whether to stop; the best plan so far is returned then.
    """
    ends = monotonic() + seconds
    few = len(orders) <= FEW_ORDERS
    scarcity = Scarcity(network, orders, shelves, by_day=few)
    columns = Columns(scarcity, orders, all_ways=few)
    chosen = {order: ways[0] for order, ways in columns.of.items()}
    undecided = [
        order for order, ways in columns.of.items() if len(ways) > 1 or order in columns.unfinished
    ]
    bound = sum(way.standing.cost for way in chosen.values())
    if undecided:
        found, least = _decide(columns, undecided, ends, ask, few)
        bound += least - sum(chosen[order].standing.cost for order in undecided)
        chosen.update(found)
    options = _on_days(columns, orders, chosen)
    cost = sum(option.cost for option in options.values())
    return Plan(options, cost, min(cost, bound))


def _decide(
    columns: Columns, orders: Sequence[int], ends: float, ask: Ask | None, few: bool
) -> tuple[dict[int, Column], int]:
    """Return the chosen way of each of these orders, and a bound on what they cost together."""
    model = Model(columns, orders)
    pricing = Pricing(model)
    pricing.run(ends, ask)
    start = first_plan(model)
    answer = model.solve(model.costs(), _left(ends), start, ask)
    bound = pricing.bound
    if answer.is_best:
        cost = sum(model.ways[number].standing.cost for number in answer.chosen)
        known = len(model.ways)
        if cost - bound < 1 or pricing.complete(cost - bound, ends):
            if len(model.ways) > known:
                answer = model.solve(model.costs(), _left(ends), answer.chosen, ask)
            bound = max(bound, answer.bound)
    if few and answer.is_best:
        answer = settle_ties(model, answer, _left(ends))
    chosen = {
        order: model.ways[number] for order, number in zip(orders, answer.chosen, strict=True)
    }
    return chosen, whole(bound)


def _left(ends: float) -> float:
    return max(1.0, ends - monotonic())


def whole(bound: float) -> int:
    """Return a bound as whole minor units, a little rounding forgiven."""
    return -int(-(bound - 1e-6) // 1) if bound > -INFINITY else -(10**15)


def _on_days(
    columns: Columns, orders: Sequence[Wanted], chosen: Mapping[int, Column]
) -> dict[int, Option]:
    """Give every parcel its day: the one that must leave first gets the first slot."""
    if columns.scarcity.by_day:
        return {order: way.option for order, way in chosen.items()}
    queue = sorted(
        (quote.day, order.turn, order.id, place)
        for order in orders
        if (on := chosen[order.id].option.allotment) is not None
        for place, quote in zip(on.places, chosen[order.id].option.quotes, strict=True)
    )
    calendar = _Calendar(columns)
    days = {(order, place): calendar.next_day(place) for _last, _turn, order, place in queue}
    return {order.id: _moved(columns, order, chosen[order.id].option, days) for order in orders}


class _Calendar:
    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._at = dict.fromkeys(columns.scarcity.slots, 0)
        self._given = dict.fromkeys(columns.scarcity.slots, 0)

    def next_day(self, place: int) -> int:
        """Return the first day of a place's list that has a slot left, and take the slot."""
        slots = self._columns.scarcity.slots[place]
        at = self._at[place]
        limit = slots.on[at]
        while limit is not None and self._given[place] >= limit:
            at += 1
            limit, self._given[place] = slots.on[at], 0
        self._at[place] = at
        self._given[place] += 1
        return at


def _moved(
    columns: Columns, order: Wanted, option: Option, days: Mapping[tuple[int, int], int]
) -> Option:
    """Return an option with its parcels on the days that they got, at the best quotes there."""
    on = option.allotment
    if on is None:
        return option
    network, fares = columns.network, Fares(columns.network, order)
    parcels = []
    for place, contents in zip(on.places, on.contents, strict=True):
        day = columns.scarcity.slots[place].days[days[order.id, place]]
        weight, hazmat = network.weight(contents), network.has_hazmat(contents)
        parcels.append(fares.quotes(place, weight, hazmat, (day,))[0])
    cost, quotes = best_quotes(fares.terms, parcels)
    return option._replace(cost=on.cost + cost, quotes=quotes)
