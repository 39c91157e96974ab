"""Which way of each order is cheapest for all of them together? Asked of HiGHS.

Everything is a whole number of minor units, so that a bound within one unit of a plan proves it best.
Columns and rows are always built in the same order, and HiGHS works with one thread and a fixed seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import highspy
import numpy as np

from app.planning.columns import Column, Columns
from app.planning.scarcity import NOBODY, Row

INFINITY = highspy.kHighsInf
ALMOST_ONE = 0.9
Entries = list[tuple[int, float]]
Ask = Callable[[], bool]


class _Quiet(highspy.Highs):
    """HiGHS without its greeting: standard output belongs to the desk.

    What presolving finds, the ways were thinned by already; it took up to six times as long as the rest.
    """

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)
        self.setOptionValue("threads", 1)
        self.setOptionValue("random_seed", 7)
        self.setOptionValue("presolve", "off")


class Answer(NamedTuple):
    """The chosen way of each order, by its number, and a proven bound on the cost of all ways."""

    chosen: list[int]
    bound: float
    is_best: bool


class Model:
    """The ways of several orders as one problem of whole numbers."""

    def __init__(self, columns: Columns, orders: Sequence[int]) -> None:
        self.columns, self.orders = columns, list(orders)
        self.row_of: dict[Row, int] = {}
        self.upper: list[float] = []
        self.extra: list[Entries] = []
        self._lay_rows()
        self.ways: list[Column] = []
        self.of: list[list[int]] = [[] for _ in self.orders]
        self.more: list[tuple[float, Entries]] = []
        for nth, order in enumerate(self.orders):
            for way in columns.of[order]:
                self.add(nth, way)

    def _lay_rows(self) -> None:
        """Lay a row for each order, each place's slots, and each SKU that is scarce at a place."""
        first = len(self.orders)
        scarcity = self.columns.scarcity
        for row, limit in sorted(scarcity.limits.items()):
            self._lay(first, row, limit)
        for sku, place in sorted(scarcity.cells):
            self._lay_units(first, sku, place)

    def _lay(self, first: int, row: Row, limit: float) -> int:
        self.row_of[row] = first + len(self.upper)
        self.upper.append(limit)
        return self.row_of[row]

    def _lay_units(self, first: int, sku: int, place: int) -> None:
        """Let what channels take beyond the units held for them fit into what is open to all."""
        scarcity = self.columns.scarcity
        shelves, cell = scarcity.shelves, (sku, place)
        pool = self._lay(first, (sku, place, NOBODY), shelves.open_units(cell))
        if cell not in shelves.held:
            return
        for channel in sorted(scarcity.network.terms):
            own = shelves.own_units(cell, channel)
            if own:
                row = self._lay(first, (sku, place, channel), own)
                self.extra.append([(row, -1.0), (pool, 1.0)])
            else:
                self.row_of[sku, place, channel] = pool

    def add(self, nth: int, way: Column) -> int:
        """Add a way of the ``nth`` order; return its number."""
        self.of[nth].append(len(self.ways))
        self.ways.append(way)
        return len(self.ways) - 1

    def entries(self, nth: int, way: Column) -> Entries:
        """Return a way's column: its order's row, and what it takes."""
        return [(nth, 1.0), *((self.row_of[row], float(n)) for row, n in way.takes.items())]

    def costs(self) -> list[float]:
        """Return what each way costs."""
        return [float(way.standing.cost) for way in self.ways]

    def solve(
        self, costs: Sequence[float], seconds: float, start: Sequence[int], ask: Ask | None = None
    ) -> Answer:
        """Return the cheapest choice that was found in time; ``ask`` says whether to stop."""
        solver = self.solver(costs, whole=True)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", ALMOST_ONE)
        solver.setOptionValue("time_limit", seconds)
        _let_stop(solver, ask)
        known = highspy.HighsSolution()
        values = np.zeros(len(self.extra) + len(self.ways))
        values[[len(self.extra) + number for number in start]] = 1.0
        known.col_value = list(values)
        solver.setSolution(known)
        solver.run()
        info = solver.getInfo()
        if info.primal_solution_status != 2:
            return Answer(list(start), float(info.mip_dual_bound), False)
        found = np.asarray(solver.getSolution().col_value)[len(self.extra) :]
        chosen = [max(numbers, key=lambda number: float(found[number])) for numbers in self.of]
        best = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return Answer(chosen, float(info.mip_dual_bound), best)

    def solver(self, costs: Sequence[float], *, whole: bool) -> highspy.Highs:
        """Return HiGHS with the problem; the columns for held units come first, then the ways."""
        columns = [*self.extra]
        owner = {number: nth for nth, numbers in enumerate(self.of) for number in numbers}
        columns += [self.entries(owner[number], way) for number, way in enumerate(self.ways)]
        count, extra, orders = len(columns), len(self.extra), len(self.orders)
        problem = highspy.HighsLp()
        problem.num_col_, problem.num_row_ = count, orders + len(self.upper)
        problem.col_cost_ = np.array([*([0.0] * extra), *costs])
        problem.col_lower_ = np.zeros(count)
        problem.col_upper_ = np.array(
            [INFINITY] * extra + [1.0 if whole else INFINITY] * len(costs)
        )
        problem.row_lower_ = np.array([1.0] * orders + [-INFINITY] * len(self.upper))
        problem.row_upper_ = np.array([1.0] * orders + self.upper)
        starts, index, value = packed(columns)
        problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        problem.a_matrix_.start_, problem.a_matrix_.index_ = starts, index
        problem.a_matrix_.value_ = value
        if whole:
            problem.integrality_ = [highspy.HighsVarType.kContinuous] * extra + [
                highspy.HighsVarType.kInteger
            ] * len(costs)
        solver = _Quiet()
        solver.passModel(problem)
        for most, entries in self.more:
            numbers = np.array([extra + number for number, _value in entries], dtype=np.int32)
            values = np.array([value for _number, value in entries])
            solver.addRow(-INFINITY, most, len(entries), numbers, values)
        return solver


def packed(columns: Sequence[Entries]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return columns as HiGHS takes them: where each begins, its rows, its values."""
    starts = np.zeros(len(columns) + 1, dtype=np.int32)
    starts[1:] = np.cumsum([len(each) for each in columns])
    index = np.array([row for each in columns for row, _value in each], dtype=np.int32)
    value = np.array([value for each in columns for _row, value in each])
    return starts, index, value


def _let_stop(solver: highspy.Highs, ask: Ask | None) -> None:
    """Let HiGHS ask now and then whether it is to stop."""
    if ask is None:
        return
    interrupt = highspy.cb.HighsCallbackType.kCallbackMipInterrupt

    def callback(kind: object, _message: str, _out: object, into: object, _data: object) -> None:
        if kind == interrupt and ask():
            into.user_interrupt = True  # type: ignore[attr-defined]

    solver.setCallback(callback, None)
    solver.startCallback(interrupt)
