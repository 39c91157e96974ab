"""Does the desk's routing give the right answers to problems that others wrote, with their own checker?"""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from app.planning.neutral.instance import problem_of
from app.planning.neutral.solving import Solved, solve

SMALL = ("ample-n50-k200-s11", "peak-n50-k200-s11", "scarce-n50-k200-s11", "mixed-n50-k200-s11")


def answer(instance: dict[str, Any], *, together: bool = True) -> Solved:
    return solve(problem_of(instance), together=together, seconds=60)


def cases(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted((folder / "edges").glob("E*.json"))]


@pytest.mark.parametrize("seed", [None, "3"], ids=["as written", "rows shuffled"])
def test_every_edge_case_gets_its_one_right_answer(
    routing: Path, judge: ModuleType, seed: str | None
) -> None:
    wrong = {}
    for case in cases(routing):
        instance = case["instance"]
        given = instance if seed is None else judge.shuffled(instance, seed)
        why = judge.judge(case, answer(given).solution)
        if why:
            wrong[case["id"], case["title"]] = why
    assert wrong == {}


@pytest.mark.parametrize("name", SMALL)
def test_a_plan_costs_what_the_proven_optimum_costs(
    routing: Path, judge: ModuleType, name: str
) -> None:
    known = json.loads((routing / "best_known.json").read_text())[name]
    instance = json.loads((routing / "instances" / f"{name}.json").read_text())
    solved = answer(instance)
    result = judge.check(judge.Instance(instance), solved.solution)
    assert result["feasible"], result["violations"]
    assert result["total_cents"] == known["best_known_cents"] == solved.summary["cost_cents"]
    assert solved.summary["bound_cents"] <= known["best_known_cents"]
    assert result["avoidable_unfilled"] <= known["avoidable"]
    assert result["explain"]["orders"] == len(instance["orders"])
    assert result["explain"]["alternatives"] >= len(instance["orders"])
    assert (result["explain"]["cost_wrong"], result["explain"]["alternatives_false"]) == (0, 0)


@pytest.mark.parametrize("name", SMALL)
def test_one_order_at_a_time_is_no_dearer_than_the_cheapest_that_does_so(
    routing: Path, judge: ModuleType, name: str
) -> None:
    known = json.loads((routing / "best_known.json").read_text())[name]
    instance = json.loads((routing / "instances" / f"{name}.json").read_text())
    result = judge.check(judge.Instance(instance), answer(instance, together=False).solution)
    assert result["feasible"], result["violations"]
    assert result["total_cents"] <= known["cheapest_myopic_cents"]
    assert (result["explain"]["cost_wrong"], result["explain"]["alternatives_false"]) == (0, 0)


@pytest.mark.parametrize("together", [True, False], ids=["plan", "single"])
def test_the_order_of_the_rows_decides_nothing(
    routing: Path, judge: ModuleType, together: bool
) -> None:
    instance = json.loads((routing / "instances" / f"{SMALL[2]}.json").read_text())
    plain = answer(instance, together=together).solution["orders"]
    mixed = answer(judge.shuffled(instance, "5"), together=together).solution["orders"]
    assert mixed == plain


@pytest.mark.parametrize(
    "forbids",
    [
        lambda found: found["substitutions"][0].update(channels=[]),
        lambda found: found["channels"][0].update(substitution_allowed=False),
    ],
    ids=["not approved for the channel", "the channel allows none"],
)
def test_a_substitute_that_nobody_approved_is_named_as_what_keeps_the_order(
    routing: Path, forbids: Any
) -> None:
    case = next(each for each in cases(routing) if each["instance"].get("substitutions")
                and len(each["instance"]["orders"]) == 1
                and each["answer"]["orders"][0]["status"] == "ship")  # fmt: skip
    found = case["instance"]
    asked = found["orders"][0]["channel"]
    found["channels"] = [{**each, "backorder_allowed": False} for each in found["channels"]
                         if each["id"] == asked]  # fmt: skip
    for place in found["locations"]:
        place["serves"] = [asked]
    found["channel_reserves"] = []
    forbids(found)
    (row,) = answer(found).solution["orders"]
    assert (row["status"], row["reason"]) == ("exception", "substitution_not_approved")
