"""Which plan is there to begin with? The best way of each order in turn that still fits."""

from __future__ import annotations

from app.planning.columns import Column
from app.planning.model import Model


def first_plan(model: Model) -> list[int]:
    """Return the number of a way for each order; an order can always be left unfilled."""
    left = _Left(model)
    found = []
    for nth, numbers in enumerate(model.of):
        best_first = sorted(numbers, key=lambda number: model.ways[number].standing)
        number = next(each for each in best_first if left.has(nth, model.ways[each]))
        left.take(nth, model.ways[number])
        found.append(number)
    return found


class _Left:
    """What is left of each row while ways take from it.

    A first plan may be cautious: it uses held units only for their own channel, and never the open
    units beside them.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._left = [0.0] * len(model.orders) + model.upper
        for nth in range(len(model.orders)):
            self._left[nth] = 1.0

    def has(self, nth: int, way: Column) -> bool:
        """Return whether a way fits."""
        return all(self._left[row] >= units for row, units in self._model.entries(nth, way))

    def take(self, nth: int, way: Column) -> None:
        """Take what a way takes."""
        for row, units in self._model.entries(nth, way):
            self._left[row] -= units
