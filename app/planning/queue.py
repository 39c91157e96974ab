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
from app.planning.columns import FEW_ORDERS, Column, Columns
from app.planning.model import Answer, Model
from app.planning.thinning import thin
from app.planning.ties import settle_ties


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
    network: Network, orders: Sequence[Wanted], shelves: Shelves, *, seconds: float
) -> Plan:
    """Return the cheapest plan found in the time given; the shelves are left as they are."""
    ends = monotonic() + seconds
    columns = Columns(network, orders, shelves, by_day=len(orders) <= FEW_ORDERS)
    rows = thin(columns)
    chosen = {order: ways[0] for order, ways in columns.of.items()}
    open_orders = [order for order, ways in columns.of.items() if len(ways) > 1]
    bound = sum(way.standing.cost for way in chosen.values())
    if open_orders:
        model = Model(columns, open_orders, rows)
        answer = model.solve(model.costs(), max(1.0, ends - monotonic()), _greedy(model, columns))
        if len(orders) <= FEW_ORDERS and answer.is_best:
            answer = settle_ties(model, answer, max(1.0, ends - monotonic()))
        bound -= sum(chosen[order].standing.cost for order in open_orders)
        bound += _whole(answer)
        for order, number in zip(open_orders, answer.chosen, strict=True):
            chosen[order] = model.ways[number]
    options = _on_days(columns, orders, chosen)
    cost = sum(option.cost for option in options.values())
    return Plan(options, cost, min(cost, bound))


def _whole(answer: Answer) -> int:
    """Return the bound as whole minor units, a little rounding forgiven."""
    return -int(-(answer.bound - 1e-6) // 1)


def _greedy(model: Model, columns: Columns) -> list[int]:
    """Return a first plan: the best way of each order in turn that still fits."""
    left = _Left(columns)
    found = []
    for begin, end in model.of:
        number = next(n for n in range(begin, end) if left.has(model.ways[n]))
        left.take(model.ways[number])
        found.append(number)
    return found


class _Left:
    """What is left of each row while ways take from it."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._left: dict[tuple[int, ...], int | None] = {}
        self._cells: dict[tuple[int, ...], int] = {}

    def has(self, way: Column) -> bool:
        """Return whether a way fits."""
        return all(self._room(row) >= units for row, units in way.takes.items())

    def _room(self, row: tuple[int, ...]) -> int:
        if row not in self._left:
            self._left[row] = self._columns.limit(row)
        left = self._left[row]
        if left is None:
            return 1 << 60
        return left if len(row) == 2 or row[2] < 0 else min(left, self._open(row))

    def _open(self, row: tuple[int, ...]) -> int:
        """Return what a channel may still take where some units are held for channels.

        A first plan may be cautious: it counts all that was taken against what is open to all.
        """
        cell = row[0], row[1]
        return self._columns.shelves.open_units(cell) - self._cells.get(cell, 0)

    def take(self, way: Column) -> None:
        """Take what a way takes."""
        for row, units in way.takes.items():
            left = self._left.get(row, self._columns.limit(row))
            self._left[row] = None if left is None else left - units
            if len(row) == 3:
                self._cells[row[:2]] = self._cells.get(row[:2], 0) + units


def _on_days(
    columns: Columns, orders: Sequence[Wanted], chosen: Mapping[int, Column]
) -> dict[int, Option]:
    """Give every parcel its day: the one that must leave first gets the first slot."""
    if columns.by_day:
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
        self._at = dict.fromkeys(columns.slots, 0)
        self._given = dict.fromkeys(columns.slots, 0)

    def next_day(self, place: int) -> int:
        """Return the first day of a place's list that has a slot left, and take the slot."""
        slots = self._columns.slots[place]
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
        day = columns.slots[place].days[days[order.id, place]]
        weight, hazmat = network.weight(contents), network.has_hazmat(contents)
        parcels.append(fares.quotes(place, weight, hazmat, (day,))[0])
    cost, quotes = best_quotes(fares.terms, parcels)
    return option._replace(cost=on.cost + cost, quotes=quotes)
