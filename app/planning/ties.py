"""Which of the plans of equal cost is the right one?

Orders that came first are filled first; then few parcels, few lines, the owner's ranking of the
places, early days, and last the ids, order by order. Each rule is asked of HiGHS as a problem of its own
among the plans that the rules before left equal, in whole numbers that it can tell apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from app.planning.columns import Column
from app.planning.model import Answer, Model

AT_ONCE = 12
"""Orders that are weighed in one problem by powers of two: 4,096 is told from 1 with ease."""


def settle_ties(model: Model, answer: Answer, seconds: float) -> Answer:
    """Return the right one of the plans that cost as little as the answer."""
    settler = _Settler(model, answer, seconds)
    settler.keep(model.costs())
    for weights in _rules(model):
        settler.settle(weights)
    return answer._replace(chosen=settler.chosen)


class _Settler:
    def __init__(self, model: Model, answer: Answer, seconds: float) -> None:
        self._model, self._seconds = model, seconds
        self.chosen = list(answer.chosen)

    def settle(self, weights: Sequence[float]) -> None:
        """Let one rule decide, and keep what it says."""
        if len(set(weights)) > 1:
            found = self._model.solve(weights, self._seconds, self.chosen)
            if found.is_best:
                self.chosen = found.chosen
            self.keep(weights)

    def keep(self, weights: Sequence[float]) -> None:
        """Leave only plans that are as good by these weights as the chosen one."""
        most = sum(weights[number] for number in self.chosen)
        entries = [(number, weight) for number, weight in enumerate(weights) if weight]
        self._model.more.append((most + 0.5, entries))


def _rules(model: Model) -> Iterator[list[float]]:
    """Return the rules as weights of the ways, first things first."""
    yield from _in_turn(model, lambda way: int(way.standing.is_unfilled))
    measures: tuple[Callable[[Column], int], ...] = (
        lambda way: way.standing.parcels,
        lambda way: way.standing.lines,
        lambda way: way.standing.ranks,
        lambda way: way.standing.days - _EPOCH * len(way.option.quotes),
    )
    for measure in measures:
        yield [float(measure(way)) for way in model.ways]
    yield from _by_ids(model)


_EPOCH = 700_000  # days are counted from year 1; a nearer start keeps the numbers small


def _in_turn(model: Model, measure: Callable[[Column], int]) -> Iterator[list[float]]:
    """Return weights that let each order's measure count for more than all later ones together."""
    for at in range(0, len(model.of), AT_ONCE):
        weights = [0.0] * len(model.ways)
        for nth, numbers in enumerate(model.of[at : at + AT_ONCE]):
            for number in numbers:
                weights[number] = float(measure(model.ways[number]) << (AT_ONCE - nth))
        yield weights


def _by_ids(model: Model) -> Iterator[list[float]]:
    """Return, order by order, the place of each way among the order's ways by its ids."""
    for numbers in model.of:
        known = sorted({model.ways[number].standing.ids for number in numbers})
        weights = [0.0] * len(model.ways)
        for number in numbers:
            weights[number] = float(known.index(model.ways[number].standing.ids))
        yield weights
