"""Route the orders of a neutral problem, and say what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from app.domain.routing.options import Option
from app.planning.neutral.instance import Problem
from app.planning.neutral.solution import solution
from app.planning.one_by_one import one_by_one


@dataclass(frozen=True, slots=True)
class Solved:
    """The content of a solution file, and its figures."""

    solution: dict[str, Any]
    summary: dict[str, Any]


def solve(problem: Problem, *, together: bool, seconds: float) -> Solved:
    """Route all orders: together as one plan, or each for itself in order of arrival."""
    begun = perf_counter()
    bound: int | None = None
    if together:
        from app.planning.queue import plan_queue

        plan = plan_queue(problem.network, problem.orders, problem.shelves(), seconds=seconds)
        options, bound = plan.options, plan.bound
    else:
        options = one_by_one(problem.network, problem.orders, problem.shelves())
    content = solution(problem, options)
    return Solved(content, _summary(problem, options, bound, perf_counter() - begun))


def _summary(
    problem: Problem, options: Mapping[int, Option], bound: int | None, seconds: float
) -> dict[str, Any]:
    cost = sum(option.cost for option in options.values())
    counts = Counter(option.outcome.value for option in options.values())
    parts = [sum(each) for each in zip(*(option.parts for option in options.values()), strict=True)]
    names = ("shipping", "handling", "landed", "split", "late", "substitution", "unfilled")
    return {
        "instance": problem.name,
        "mode": "single" if bound is None else "plan",
        "orders": len(options),
        "outcomes": dict(sorted(counts.items())),
        "cost_cents": cost,
        "breakdown": dict(zip(names, parts, strict=False)),
        "bound_cents": bound,
        "gap_pct": None if bound is None else round(100 * (cost - bound) / max(1, cost), 4),
        "seconds": round(seconds, 3),
    }
