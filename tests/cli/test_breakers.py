"""A slip in a file must not empty the shelves: very many changes at once stop and ask."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Door

SKUS = [f"SKU-{n:02}" for n in range(30)]


@pytest.fixture
def full(door: Door) -> Door:
    """Open a desk with ten units of thirty SKUs."""
    rows = "".join(f"{sku},Thing,10\n" for sku in SKUS)
    catalogue = door.file("catalogue.csv", f"sku,title,on_hand\n{rows}")
    assert door("import", catalogue).status == 0
    return door


def stock_file(door: Door, name: str, units: int, skus: list[str]) -> str:
    return door.file(name, "sku,on_hand\n" + "".join(f"{sku},{units}\n" for sku in skus))


def on_hand(door: Door) -> int:
    return sum(row["on_hand"] for row in door.json("stock"))


def test_a_file_that_would_empty_the_shelves_stops_and_asks(full: Door) -> None:
    empty = stock_file(full, "empty.csv", 0, SKUS)
    [seen] = full.json("import", empty, "--dry-run")
    assert "would take 30 SKUs to 0" in seen["message"]
    [refused] = full.json("import", empty, status=2)
    assert (refused["verdict"], on_hand(full)) == ("refuse", 300)
    assert "Nothing was stored" in refused["message"]
    [taken] = full.json("import", empty, "--anyway")
    assert (taken["verdict"], on_hand(full)) == ("accept", 0)


def test_an_ordinary_count_asks_nothing(full: Door) -> None:
    some = stock_file(full, "some.csv", 0, SKUS[:20])
    assert full("import", some).status == 0
    assert on_hand(full) == 100


def test_the_policy_sheet_is_changed_previewed_and_restored(full: Door) -> None:
    full.json("link", "--channel", "etsy", "--code", "THING", "--sku", "SKU-00", "--new")
    capped = ("policy", "set", "--channel", "etsy", "stock_mode=capped", "cap_units=4")
    preview = full.json(*capped, "--preview")
    assert {(row["sku"], row["before"], row["after"]) for row in preview} >= {("SKU-00", 10, 4)}
    assert full.json("policy")["version"] == 1
    full.json(*capped)
    assert full.json("policy")["channels"]["etsy"]["cap_units"] == 4
    [row] = full.json("stock", "--sku", "SKU-00")
    assert {each["channel"]: each["atp"] for each in row["atp_by_channel"]} == {"etsy": 4}
    full.json("policy", "restore", "--version", "1")
    assert full.json("policy")["channels"]["etsy"]["cap_units"] is None
    assert full("policy", "set", "--channel", "etsy", "cap=4").status == 2
    assert full("policy", "set", "--channel", "etsy", "reserve_percent=many").status == 2
