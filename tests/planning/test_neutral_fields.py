"""Which files does ``solve`` refuse at the door, and does its sentence say where to look?"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.errors import RefusedError
from app.planning.neutral.instance import problem_of, read
from app.planning.neutral.solving import solve
from tests.cli.test_solving import an_instance

NAN, ENDLESS = float("nan"), float("inf")
KIT = {"id": "KIT", "price_cents": 4000, "components": [{"sku": "MUG", "qty": 2}]}
MISSING = object()


def a_full_instance() -> dict[str, Any]:
    """Return a problem that uses every part of the format."""
    given = an_instance()
    given["kits"] = [copy.deepcopy(KIT)]
    given["skus"].append({"id": "TEA", "weight_g": 4, "price_cents": 200, "unit_cost_cents": 9})
    given["stock"].append({"sku": "TEA", "location": "GARAGE", "on_hand": 4, "safety": 1})
    given["substitutions"] = [
        {"sku": "MUG", "substitute": "TEA", "channels": ["web"], "cost_cents": 5}
    ]
    given["channel_reserves"] = [{"sku": "TEA", "location": "GARAGE", "channel": "web", "qty": 1}]
    given["carrier_holidays"] = ["2026-11-26"]
    given["locations"][0]["capacity_by_date"] = {"2026-11-23": 3}
    given["services"][0]["region_zone"] = {"AK": 1}
    given["orders"][1]["lines"].append({"line": "2", "sku": "KIT", "qty": 1, "price_cents": 300})
    return given


def with_field(*path: str | int, value: object) -> dict[str, Any]:
    """Return the full problem with another value in one field."""
    given = a_full_instance()
    inner: Any = given
    for step in path[:-1]:
        inner = inner[step]
    if value is MISSING:
        del inner[path[-1]]
    elif isinstance(inner, list) and path[-1] == len(inner):
        inner.append(value)
    else:
        inner[path[-1]] = value
    return given


def name_of(path: tuple[str | int, ...]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


LINE = ("orders", 1, "lines", 0)
SHIP_TO = ("orders", 0, "ship_to")
SERVICE, PLACE, CHANNEL = ("services", 0), ("locations", 0), ("channels", 0)
COMPONENTS = ("kits", 0, "components")
WRONG: tuple[tuple[tuple[str | int, ...], Any], ...] = (
    *(((*LINE, "qty"), value) for value in (-3, 0, 1.5, NAN, "2", None, True, 10**18, MISSING)),
    *(((*CHANNEL, "unfilled_cents"), value) for value in (NAN, ENDLESS, -1, 0.5, "x", None, {"a": 1}, 1e308)),
    *(((*CHANNEL, name), None) for name in ("max_packages", "split_cents", "backorder_cents", "fee_bp")),
    *(((*PLACE, "handling_cents", name), 1.5) for name in ("order", "line", "unit")),
    *(((*PLACE, "capacity_per_day"), value) for value in (-1, "9", 2.5)),
    ((*PLACE, "capacity_by_date", "2026-11-23"), -1),
    ((*PLACE, "priority"), "first"), ((*PLACE, "timezone"), "../../etc/passwd"),
    ((*PLACE, "workdays", 0), 7), ((*PLACE, "cutoff"), "25:00"), ((*PLACE, "lat"), ENDLESS),
    *(((*SHIP_TO, "lat"), value) for value in (NAN, ENDLESS, 91, "42")),
    *(((*SHIP_TO, "zip"), value) for value in (None, 10001, [None], MISSING)),
    (("skus", 0, "weight_g"), 1.5), (("skus", 0, "unit_cost_cents"), None),
    ((*COMPONENTS, 0, "qty"), 0), ((*COMPONENTS, 0, "qty"), 1.5), (COMPONENTS, []),
    *(((*COMPONENTS, 0, "sku"), value) for value in ("KIT", "CUP")),
    ((*SERVICE, "transit_days"), []), ((*SERVICE, "per_kg_cents"), []),
    ((*SERVICE, "base_cents", 0), "free"), ((*SERVICE, "max_weight_g"), None),
    ((*SERVICE, "delivery_weekdays"), []), ((*SERVICE, "zone_upper_miles"), [300, 150]),
    ((*SERVICE, "level"), "overnight"), ((*SERVICE, "region_zone", "AK"), 0),
    *((("now",), value) for value in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "2026-11-23T15:00:00")),
    *((("last_ship_date",), value) for value in ("9999-12-31", "2199-01-01", "soon")),
    (("orders", 0, "ship_by"), "0001-01-01T00:00:00+14:00"), (("orders", 0, "placed_at"), "2026-11-23T08:00:00"),
    (("orders", 1, "id"), "A"), (("orders", 1, "lines", 1, "line"), "1"), (("orders", 0, "lines"), []),
    (("orders", 0, "channel"), "fair"), (("orders", 0, "selected_level"), "overnight"),
    ((*LINE, "sku"), "CUP"), (("skus", 1, "id"), "MUG"), (("kits", 0, "id"), "TEA"),
    (("stock", 0, "sku"), "CUP"), (("stock", 0, "location"), "ATTIC"), (("stock", 0, "reserved"), -5),
    (("channel_reserves", 0, "channel"), "fair"), (("channel_reserves", 0, "qty"), -1),
    (("substitutions", 0, "substitute"), "CUP"), (("substitutions", 0, "cost_cents"), NAN),
    (("carrier_holidays", 0), "Thanksgiving"), (("id",), NAN), (("orders",), {}),
)  # fmt: skip


def test_a_full_problem_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "full.json"
    path.write_text(json.dumps(a_full_instance()))
    assert len(solve(read(path), together=True, seconds=5).solution["orders"]) == 2


@pytest.mark.parametrize(
    ("path", "value"), WRONG, ids=[f"{name_of(path)} {value!r:.20}" for path, value in WRONG]
)
def test_what_cannot_be_is_refused_and_the_sentence_names_the_field(
    tmp_path: Path, path: tuple[str | int, ...], value: Any
) -> None:
    file = tmp_path / "given.json"
    file.write_text(json.dumps(with_field(*path, value=value)))
    with pytest.raises(RefusedError, match="nothing was planned") as refusal:
        read(file)
    said = refusal.value.advice
    assert said.startswith(f"{name_of(path)} is "), said
    assert ", where there should be " in said
    shown = "missing" if value is MISSING else json.dumps(value)
    assert said.startswith(f"{name_of(path)} is {shown}")


def test_kits_that_hold_each_other_are_refused(tmp_path: Path) -> None:
    given = a_full_instance()
    kits = [("A", "B"), ("B", "C"), ("C", "A")]
    given["kits"] += [
        {"id": name, "price_cents": 1, "components": [{"sku": inner, "qty": 1}]}
        for name, inner in kits
    ]
    file = tmp_path / "circle.json"
    file.write_text(json.dumps(given))
    with pytest.raises(RefusedError) as refusal:
        read(file)
    assert 'kits[1].components[0].sku is "B"' in refusal.value.advice
    assert "neither itself nor another kit" in refusal.value.advice


def test_two_rows_for_one_shelf_are_refused() -> None:
    given = a_full_instance()
    given["stock"].append(given["stock"][0])
    with pytest.raises(ValueError, match=r"^stock\[2\] is "):
        problem_of(given)


def freedoms() -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Give what the format allows though it looks odd."""
    yield from (
        (("stock", 0, "on_hand"), -2), (("stock", 0, "on_hand"), 0),
        ((*PLACE, "capacity_per_day"), 0), ((*PLACE, "capacity_by_date"), MISSING),
        ((*PLACE, "workdays"), []), ((*PLACE, "serves"), []), ((*PLACE, "serves", 2), "fair"),
        ((*SHIP_TO, "lat"), None), ((*SHIP_TO, "lon"), MISSING),
        ((*SERVICE, "base_cents"), [None]), ((*SERVICE, "base_cents"), []),
        ((*SERVICE, "locations"), None), ((*SERVICE, "channels"), ["fair"]),
        ((*SERVICE, "region_zone"), {"AK": 9}), ((*SERVICE, "region_zone"), MISSING),
        ((*SERVICE, "max_weight_g"), 0), ((*CHANNEL, "handling"), {"business_days": NAN}),
        (("orders", 0, "hold"), "fraud_review"), (("orders", 0, "hold"), None),
        (("orders", 0, "deliver_by"), "9999-12-31"), (("orders", 0, "deliver_by"), "0001-01-01"),
        (("orders",), []), (("kits", 0, "ship_together"), False), (("note",), ENDLESS),
        (("last_ship_date",), "2026-11-01"), (("skus", 0, "weight_g"), 0),
        (("skus", 0, "price_cents"), 0), (("substitutions",), MISSING), (("level_rank", "slow"), 0),
        ((*CHANNEL, "unfilled_cents"), 10**12), ((*LINE, "qty"), 10**6),
    )  # fmt: skip


@pytest.mark.parametrize("together", [True, False], ids=["plan", "single"])
def test_what_the_format_allows_is_taken_and_solved_in_whole_cents(together: bool) -> None:
    for path, value in freedoms():
        found = solve(problem_of(with_field(*path, value=value)), together=together, seconds=5)
        assert type(found.summary["cost_cents"]) is int, path
        assert json.dumps(found.solution, allow_nan=False)
