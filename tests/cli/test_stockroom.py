"""The stockroom and the SKU master from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import HEAD, Door, line


@pytest.fixture
def two(stocked: Door) -> Door:
    """A desk with a second location."""
    assert stocked("location", "add", "SHOP", "--name", "Shop").status == 0
    return stocked


def levels(door: Door, sku: str) -> dict[str, dict[str, int]]:
    (row,) = door.json("stock", "--sku", sku)
    names = ("on_hand", "incoming", "damaged", "quarantine", "returns_hold")
    return {
        each["location_code"]: {name: each[name] for name in names if each[name]}
        for each in row["levels"]
    }


def said(door: Door, *words: str, status: int = 0) -> str:
    answer = door(*words)
    assert answer.status == status, answer
    return answer.out + answer.err


def test_a_delivery_from_order_to_shelf(two: Door) -> None:
    said(two, "stock", "expect", "--location", "SHOP", "--line", "TEA-001=48", "--line",
         "MUG-RED=6", "--supplier", "Leaf", "--on", "2026-12-01")  # fmt: skip
    assert "Leaf" in said(two, "stock", "deliveries")
    said(two, "stock", "receive", "--delivery", "R-1", "--line", "TEA-001=40")
    assert levels(two, "TEA-001")["SHOP"] == {"on_hand": 40, "incoming": 8}
    assert "8 missing" in said(two, "stock", "receive", "--delivery", "R-1", "--line", "MUG-RED=6",
                               "--last")  # fmt: skip
    assert two.json("stock", "deliveries") == []
    assert "no delivery" in said(two, "stock", "receive", "--delivery", "R-9", status=2)


def test_a_delivery_takes_each_unit_that_was_named_and_nothing_impossible(two: Door) -> None:
    said(two, "stock", "expect", "--location", "SHOP", "--line", "TEA-001=48")
    of_it = ("stock", "receive", "--delivery", "R-1")
    said(two, *of_it, "--line", "TEA-001=5", "--line", "TEA-001=3")
    assert levels(two, "TEA-001")["SHOP"] == {"on_hand": 8, "incoming": 40}
    for slip in ("²", "-1", "9" * 5000, "9" * 18, "nan", "1e3", ""):
        assert "names no SKU" in said(two, *of_it, "--line", f"TEA-001={slip}", status=2)
    for many in (("stock", "expect", "--location", "SHOP"), of_it):
        lines = ("--line", "TEA-001=900000000") * 3
        assert "taken for a slip" in said(two, *many, *lines, status=2)
    assert levels(two, "TEA-001")["SHOP"] == {"on_hand": 8, "incoming": 40}


def test_stock_travels_breaks_and_comes_back(two: Door) -> None:
    said(two, "stock", "transfer", "--sku", "TEA-001", "--from", "MAIN", "--to", "SHOP",
         "--quantity", "10", "--travels")  # fmt: skip
    assert levels(two, "TEA-001") == {"MAIN": {"on_hand": 90}, "SHOP": {"incoming": 10}}
    said(two, "stock", "receive", "--delivery", "R-1")
    at = ("--sku", "TEA-001", "--location", "SHOP", "--quantity", "2")
    said(two, "stock", "aside", *at, "--reason", "wet")
    said(two, "stock", "writeoff", *at, "--reason", "thrown away")
    said(two, "stock", "return", *at, "--kind", "returns_hold")
    said(two, "stock", "putback", *at, "--kind", "returns_hold")
    assert levels(two, "TEA-001")["SHOP"] == {"on_hand": 10}
    assert "0 units" in said(two, "stock", "putback", *at, "--kind", "quarantine", status=2)
    assert all(each["ok"] for each in two.json("verify")["checks"])


def test_a_count_of_shelves(two: Door) -> None:
    started = two.json("count", "start", "--location", "MAIN")
    number = str(started["count"])
    said(two, "count", "enter", "--count", number, "--sku", "TEA-001", "--counted", "97")
    assert "-3" in said(two, "count", "list")
    said(two, "count", "close", "--count", number, status=3)  # what nobody counted is named
    assert levels(two, "TEA-001")["MAIN"] == {"on_hand": 97}


def test_a_pack_a_listing_and_an_unknown_code(stocked: Door) -> None:
    rows = HEAD + line("1", "TEA-6PK", 2) + line("2", "TEA-6PK", 1) + line("3", "mug blue", 1)
    stocked("import", str(written(stocked, rows)))
    unknown: list[dict[str, Any]] = stocked.json("codes", "unknown")
    assert [(row["code"], row["orders"]) for row in unknown] == [("TEA-6PK", 2), ("mug blue", 1)]
    assert unknown[1]["suggestions"][0]["sku"] == "MUG-BLUE"
    assert "fixes 2 orders" in said(stocked, "codes", "unknown")
    out = said(stocked, "link", "--channel", "own", "--code", "TEA-6PK", "--sku", "TEA-001",
               "--pack", "6")  # fmt: skip
    assert "2 orders go on" in out
    (row,) = stocked.json("stock", "--sku", "TEA-001")
    assert row["reserved"] == 18
    (alias,) = stocked.json("codes", "list", "--sku", "TEA-001")
    assert alias["pack"] == 6
    said(stocked, "codes", "forget", str(alias["id"]))


def test_the_record_and_its_file(stocked: Door, tmp_path: Path) -> None:
    said(stocked, "sku", "change", "--query", "sku:MUG-*", "--field", "supplier=Kiln",
         "--field", "velocity=a")  # fmt: skip
    assert stocked.json("sku", "show", "MUG-RED")["velocity"] == "A"
    said(stocked, "sku", "add", "JAR-1", "--field", "title=Jar")
    assert "cannot be" in said(stocked, "sku", "change", "JAR-1", "--field", "velocity=Q", status=2)
    for name, more in (("catalogue.xlsx", ()), ("kit-list.csv", ("--kits",))):
        path = tmp_path / name
        said(stocked, "sku", "export", str(path), *more)
        (report,) = stocked.json("import", str(path))
        assert (report["verdict"], report["updated"]) == ("accept", 0)


def test_kits_of_kits_and_who_wants_what(stocked: Door) -> None:
    said(stocked, "sku", "add", "BIG")
    said(stocked, "kit", "set", "BIG", "GIFT=2", "MUG-RED=1")
    shown = said(stocked, "kit", "show", "BIG")
    assert "the scarcest" in shown
    assert "contain itself" in said(stocked, "kit", "set", "GIFT", "BIG=1", status=2)
    said(stocked, "sku", "add", "PAIR")
    said(stocked, "kit", "set", "PAIR", "MUG-BLUE=2")
    assert "3 kits want MUG-BLUE: 102 asked, 50 there" in said(stocked, "kit", "show", "MUG-BLUE")


def test_a_location_has_a_calendar_and_a_channel_its_own_warehouse(stocked: Door) -> None:
    said(stocked, "location", "change", "MAIN", "--working-days", "1111110", "--closed-on",
         "2026-12-25", "--capacity", "80")  # fmt: skip
    said(stocked, "location", "add", "FBA", "--kind", "channel", "--channel", "amazon")
    main, fba = stocked.json("location", "list")
    assert (main["working_days"], main["closed_on"], main["daily_capacity"]) == (
        "1111110", ["2026-12-25"], 80,
    )  # fmt: skip
    assert (fba["kind"], fba["ships"]) == ("channel", False)
    assert "needs its channel" in said(
        stocked, "location", "add", "X", "--kind", "channel", status=2
    )


def written(door: Door, text: str) -> Path:
    path = door.folder / "orders.csv"
    path.write_text(text, encoding="utf-8")
    return path
