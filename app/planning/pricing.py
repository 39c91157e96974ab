"""Which ways of the large orders are worth knowing, and what does the best plan cost at least?

The problem without whole numbers gives a price to everything scarce. A way that was not looked at yet
is worth knowing only if it is cheaper than the ways known, at those prices. When no order has such a
way any more, the cost of that problem is a bound on every plan.
"""

from __future__ import annotations

from time import monotonic

import numpy as np

from app.planning.columns import Column, Worth
from app.planning.model import INFINITY, Ask, Model, packed

MOST_ROUNDS = 60
MOST_MORE = 20_000
"""Ways that are looked at to prove a plan the best: a few seconds' worth."""


class _Prices:
    """The prices of what is scarce, as one order's channel sees them."""

    def __init__(self, model: Model, dual: list[float], channel: int) -> None:
        self._scarcity = model.columns.scarcity
        self._rows, self._dual, self._channel = model.row_of, dual, channel

    def unit(self, sku_id: int, place_id: int) -> float:
        """Return the price of a unit at a place."""
        row = self._scarcity.row(sku_id, place_id, self._channel)
        return 0.0 if row is None else max(0.0, -self._dual[self._rows[row]])

    def parcel(self, place_id: int) -> float:
        """Return the lowest price of a slot at a place."""
        days = self._scarcity.slots[place_id].days
        return min((self._slot(place_id, day.number) for day in days), default=0.0)

    def _slot(self, place_id: int, day: int) -> float:
        rows = self._scarcity.slot_rows(place_id, day)
        return sum(max(0.0, -self._dual[self._rows[row]]) for row in rows)


class Pricing:
    """The problem without whole numbers, kept while ways are added to it."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._solver = model.solver(model.costs(), whole=False)
        self._nth = {order: nth for nth, order in enumerate(model.orders)}
        self.bound = -INFINITY
        self._dual: list[float] = []

    def run(self, ends: float, ask: Ask | None = None) -> None:
        """Add ways until none pays, or the time is over; ``bound`` holds in either case."""
        for _round in range(MOST_ROUNDS):
            cost, known = self._solve(), len(self._model.ways)
            missed = self._add_paying()
            self.bound = max(self.bound, cost + missed)
            is_over = monotonic() > ends or (ask is not None and ask())
            if is_over or len(self._model.ways) == known:
                return

    def complete(self, most_worth: float, ends: float) -> bool:
        """Add every way that a plan within so much of the bound could use; say if all were seen.

        Where that would be too much to look at, nothing is added: how much that is does not depend
        on the clock, so that the same orders always get the same plan.
        """
        left, added = MOST_MORE, list[tuple[int, Column]]()
        for order, nth in self._unfinished():
            found, looked_at = self._model.columns.within(
                order, most_worth, *self._priced(order, nth), left
            )
            left -= looked_at
            if left < 0 or monotonic() > ends:
                return False
            added += [(nth, way) for way in found]
        for nth, way in added:
            self._model.add(nth, way)
        return True

    def _unfinished(self) -> list[tuple[int, int]]:
        unfinished = self._model.columns.unfinished
        return [(order, nth) for order, nth in self._nth.items() if order in unfinished]

    def _solve(self) -> float:
        self._solver.run()
        self._dual = list(self._solver.getSolution().row_dual)
        return float(self._solver.getInfo().objective_function_value)

    def _add_paying(self) -> float:
        """Add the ways that pay; return by how much all orders together could still gain."""
        missed, added = 0.0, list[tuple[int, Column]]()
        for order, nth in self._unfinished():
            found = self._model.columns.paying(order, *self._priced(order, nth))
            missed += found.least
            added += [(nth, way) for way in found.ways]
        self._add(added)
        return missed

    def _priced(self, order: int, nth: int) -> tuple[float, _Prices, Worth]:
        """Return what an order's best way costs at the prices, the prices, and a way's worth."""
        model, dual = self._model, self._dual
        base = dual[nth]

        def worth(way: Column) -> float:
            taken = sum(dual[model.row_of[row]] * units for row, units in way.takes.items())
            return way.standing.cost - taken - base

        return base, _Prices(model, dual, model.columns.orders[order].channel_id), worth

    def _add(self, added: list[tuple[int, Column]]) -> None:
        if not added:
            return
        for nth, way in added:
            self._model.add(nth, way)
        columns = [self._model.entries(nth, way) for nth, way in added]
        starts, index, value = packed(columns)
        count = len(columns)
        self._solver.addCols(
            count,
            np.array([float(way.standing.cost) for _nth, way in added]),
            np.zeros(count),
            np.full(count, INFINITY),
            len(index),
            starts[:-1],
            index,
            value,
        )
