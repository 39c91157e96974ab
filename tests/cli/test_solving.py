"""``solve``: a problem comes as a file, its solution goes to a file, and no database is touched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Door

MONDAY = "2026-11-23T15:00:00Z"


def an_instance() -> dict[str, Any]:
    """Return two orders for one mug: the first came first, the second costs more to disappoint."""
    service = {
        "id": "ground", "carrier": "van", "level": "standard", "zone_upper_miles": [],
        "base_cents": [500], "per_kg_cents": [0], "transit_days": [1], "max_weight_g": 30000,
        "delivery_weekdays": [0, 1, 2, 3, 4],
    }  # fmt: skip
    place = {
        "id": "GARAGE", "kind": "own", "zip": "02138", "lat": 42.4, "lon": -71.1, "region": "CONUS",
        "timezone": "America/New_York", "cutoff": "14:00", "pickup": "17:00",
        "workdays": [0, 1, 2, 3, 4], "capacity_per_day": None, "priority": 1, "serves": ["web", "market"],
        "handling_cents": {"order": 100, "line": 0, "unit": 0},
    }  # fmt: skip
    return {
        "format": "routing-instance/1", "id": "two-for-one", "now": MONDAY,
        "last_ship_date": "2026-11-27", "level_rank": {"standard": 1}, "locations": [place],
        "channels": [a_channel("web", 1000), a_channel("market", 9000)], "services": [service],
        "skus": [{"id": "MUG", "weight_g": 400, "price_cents": 2000, "unit_cost_cents": 900}],
        "stock": [{"sku": "MUG", "location": "GARAGE", "on_hand": 1}],
        "orders": [an_order("A", "web", "08:00"), an_order("B", "market", "09:00")],
    }  # fmt: skip


def a_channel(name: str, unfilled: int) -> dict[str, Any]:
    return {
        "id": name, "kind": "dtc", "fee_bp": 0, "split_allowed": False, "max_packages": 1,
        "split_cents": 0, "substitution_allowed": False, "backorder_allowed": False,
        "partial_backorder_allowed": False, "backorder_cents": 0, "unfilled_cents": unfilled,
        "allowed_levels": ["standard"], "late_ship_cents": 0, "late_delivery_cents": 0,
    }  # fmt: skip


def an_order(name: str, channel: str, clock: str) -> dict[str, Any]:
    return {
        "id": name, "channel": channel, "placed_at": f"2026-11-23T{clock}:00Z",
        "ship_by": "2026-11-24T04:59:59Z", "deliver_by": "2026-11-30",
        "ship_to": {"zip": "10001", "lat": 40.8, "lon": -74.0, "region": "CONUS"},
        "lines": [{"line": "1", "sku": "MUG", "qty": 1}],
    }  # fmt: skip


def solved(door: Door, mode: str) -> tuple[dict[str, Any], dict[str, Any]]:
    given, out = door.folder / "instance.json", door.folder / f"{mode}.json"
    given.write_text(json.dumps(an_instance()))
    summary = door.json("solve", str(given), "--out", str(out), "--mode", mode)
    rows = {row["order"]: row for row in json.loads(out.read_text())["orders"]}
    return summary, rows


def test_one_at_a_time_the_first_order_gets_the_last_mug(door: Door) -> None:
    summary, rows = solved(door, "single")
    assert rows["A"]["status"] == "ship"
    assert (rows["B"]["status"], rows["B"]["reason"]) == ("exception", "no_stock")
    assert summary["cost_cents"] == 600 + 9000 + 1100
    assert not (door.folder / "desk.db").exists()


def test_planned_together_the_mug_goes_where_it_saves_most(door: Door) -> None:
    summary, rows = solved(door, "plan")
    assert rows["B"]["status"] == "ship"
    assert rows["A"]["explain"] == {
        "cost_cents": 2100,
        "alternatives": [
            {
                "shipments": [
                    {"location": "GARAGE", "service": "ground", "ship_date": "2026-11-23",
                     "lines": [{"line": "1", "qty": 1}]}
                ],
                "blocked_by": "stock_exceeded",
            }
        ],
    }  # fmt: skip
    assert summary["cost_cents"] == summary["bound_cents"] == 600 + 1000 + 1100


def test_a_file_that_is_no_problem_is_refused_with_a_sentence(door: Door, tmp_path: Path) -> None:
    wrong = tmp_path / "other.json"
    wrong.write_text('{"format": "something/2"}')
    said = door("solve", str(wrong), "--out", str(tmp_path / "out.json"))
    assert said.status == 2
    assert "nothing was planned" in said.err
    assert not (tmp_path / "out.json").exists()


def test_a_problem_that_names_a_sku_which_is_not_there_is_refused(door: Door) -> None:
    instance = an_instance()
    instance["orders"][0]["lines"][0]["sku"] = "CUP"
    given = door.folder / "instance.json"
    given.write_text(json.dumps(instance))
    assert door("solve", str(given), "--out", str(door.folder / "out.json")).status == 2


def test_a_field_that_cannot_be_is_named_in_one_sentence_and_nothing_is_written(door: Door) -> None:
    instance = an_instance()
    instance["orders"][1]["lines"][0]["qty"] = -3
    given, out = door.folder / "instance.json", door.folder / "out.json"
    given.write_text(json.dumps(instance))
    said = door("solve", str(given), "--out", str(out))
    assert said.status == 2
    assert "orders[1].lines[0].qty is -3, where there should be a whole number from 1" in said.err
    assert "Traceback" not in said.err
    assert not out.exists()
