"""Do queues that nobody worked out by hand come out right: obeyed rules, true explanations, a proven cost?"""

from __future__ import annotations

from types import ModuleType

import pytest

from app.planning.neutral.instance import problem_of
from app.planning.neutral.solving import solve
from benchmarks.neutral_queues import REGIMES, draw


@pytest.mark.parametrize("regime", REGIMES)
def test_a_drawn_queue_is_planned_within_every_rule(judge: ModuleType, regime: str) -> None:
    queue = draw(80, regime)
    planned = solve(problem_of(queue), together=True, seconds=60)
    alone = solve(problem_of(queue), together=False, seconds=60)
    result = judge.check(judge.Instance(queue), planned.solution)
    assert result["feasible"], result["violations"]
    assert result["total_cents"] == planned.summary["cost_cents"]
    assert planned.summary["gap_pct"] == 0
    assert planned.summary["cost_cents"] <= alone.summary["cost_cents"]
    assert (result["explain"]["cost_wrong"], result["explain"]["alternatives_false"]) == (0, 0)


def test_the_order_of_the_rows_decides_nothing_where_not_all_ways_are_looked_at(
    judge: ModuleType,
) -> None:
    queue = draw(150, "scarce")
    plain = solve(problem_of(queue), together=True, seconds=60).solution["orders"]
    mixed = judge.shuffled(queue, "5")
    assert solve(problem_of(mixed), together=True, seconds=60).solution["orders"] == plain


def test_the_same_arguments_draw_the_same_queue() -> None:
    assert draw(30, "peak", seed=4) == draw(30, "peak", seed=4)
    assert draw(30, "peak", seed=4) != draw(30, "peak", seed=5)
