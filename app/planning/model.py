"""Which way of each order is cheapest for all of them together? Asked of HiGHS.

Everything is a whole number of minor units, so that a bound within one unit of a plan proves it best.
Columns and rows are always built in the same order, and HiGHS works with one thread and a fixed seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import highspy
import numpy as np

from app.planning.columns import NOBODY, Column, Columns, Row

ALMOST_ONE = 0.9


class _Quiet(highspy.Highs):
    """HiGHS without its greeting: standard output belongs to the desk."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)


class Answer(NamedTuple):
    """The chosen way of each order, by its number, and a proven bound on the cost of all ways."""

    chosen: list[int]
    bound: float
    is_best: bool


@dataclass
class Lines:
    """The rows of the problem as HiGHS takes them."""

    lower: list[float]
    upper: list[float]
    columns: list[int]
    values: list[float]
    starts: list[int]

    def add(self, lower: float, upper: float, entries: Sequence[tuple[int, float]]) -> None:
        """Add a row."""
        self.starts.append(len(self.columns))
        self.lower.append(lower)
        self.upper.append(upper)
        for column, value in entries:
            self.columns.append(column)
            self.values.append(value)


class Model:
    """The ways of several orders as one problem of whole numbers."""

    def __init__(self, columns: Columns, orders: Sequence[int], rows: set[Row]) -> None:
        self.ways: list[Column] = []
        self.of: list[tuple[int, int]] = []
        self._columns = columns
        for order in orders:
            begin = len(self.ways)
            self.ways.extend(columns.of[order])
            self.of.append((begin, len(self.ways)))
        self.extra = 0
        self.lines = Lines([], [], [], [], [])
        for begin, end in self.of:
            self.lines.add(1, 1, [(n, 1.0) for n in range(begin, end)])
        self._share_out(rows)

    def _share_out(self, rows: set[Row]) -> None:
        takers: dict[Row, list[tuple[int, float]]] = {}
        for number, way in enumerate(self.ways):
            for row, units in way.takes.items():
                if row in rows:
                    takers.setdefault(row, []).append((number, float(units)))
        for row in sorted(takers, key=lambda each: (len(each), each)):
            limit = self._columns.limit(row)
            if limit is not None:
                self.lines.add(-highspy.kHighsInf, limit, takers[row])
        self._hold_back(takers)

    def _hold_back(self, takers: Mapping[Row, list[tuple[int, float]]]) -> None:
        """Let what channels take beyond their own units fit into what is open to all."""
        shelves = self._columns.shelves
        cells = sorted({row[:2] for row in takers if len(row) == 3 and row[2] != NOBODY})
        for sku, place in cells:
            beyond: list[tuple[int, float]] = []
            for row in sorted(row for row in takers if len(row) == 3 and row[:2] == (sku, place)):
                own = shelves.own_units((sku, place), row[2])
                if not own:
                    beyond.extend(takers[row])
                    continue
                extra = len(self.ways) + self.extra
                self.extra += 1
                self.lines.add(-highspy.kHighsInf, own, [*takers[row], (extra, -1.0)])
                beyond.append((extra, 1.0))
            self.lines.add(-highspy.kHighsInf, shelves.open_units((sku, place)), beyond)

    def costs(self) -> list[float]:
        """Return what each way costs."""
        return [float(way.standing.cost) for way in self.ways]

    def solve(
        self, costs: Sequence[float], seconds: float, start: Sequence[int] | None = None,
        gap: float = 0.0,
    ) -> Answer:  # fmt: skip
        """Return the cheapest choice that was found in time."""
        solver = self._solver(costs, seconds, gap)
        if start is not None:
            known = highspy.HighsSolution()
            values = np.zeros(len(self.ways) + self.extra)
            values[list(start)] = 1.0
            known.col_value = list(values)
            solver.setSolution(known)
        solver.run()
        found = np.asarray(solver.getSolution().col_value)
        info = solver.getInfo()
        if info.primal_solution_status != 2:
            return Answer(list(start or []), float(info.mip_dual_bound), False)
        chosen = [begin + int(np.argmax(found[begin:end])) for begin, end in self.of]
        best = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return Answer(chosen, float(info.mip_dual_bound), best)

    def _solver(self, costs: Sequence[float], seconds: float, gap: float) -> highspy.Highs:
        lines, count = self.lines, len(self.ways) + self.extra
        problem = highspy.HighsLp()
        problem.num_col_, problem.num_row_ = count, len(lines.lower)
        problem.col_cost_ = np.array([*costs, *([0.0] * self.extra)])
        problem.col_lower_ = np.zeros(count)
        problem.col_upper_ = np.array([1.0] * len(self.ways) + [highspy.kHighsInf] * self.extra)
        problem.row_lower_, problem.row_upper_ = np.array(lines.lower), np.array(lines.upper)
        problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        problem.a_matrix_.start_ = np.array([*lines.starts, len(lines.columns)], dtype=np.int32)
        problem.a_matrix_.index_ = np.array(lines.columns, dtype=np.int32)
        problem.a_matrix_.value_ = np.array(lines.values)
        whole = [highspy.HighsVarType.kInteger] * len(self.ways)
        problem.integrality_ = whole + [highspy.HighsVarType.kContinuous] * self.extra
        solver = _Quiet()
        for name, value in (
            ("threads", 1), ("random_seed", 7), ("mip_rel_gap", gap),
            ("mip_abs_gap", ALMOST_ONE), ("time_limit", seconds),
        ):  # fmt: skip
            solver.setOptionValue(name, value)
        solver.passModel(problem)
        return solver
