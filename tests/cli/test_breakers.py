"""A slip in a file must not empty the shelves: very many changes at once stop and ask."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.promising import held_back
from app.queries.published import HeldRow
from tests.cli.conftest import Door

CALENDAR = """[[calendar]]
name = "A \\"peak\\""
starts_at = "2020-01-01T00:00+00:00"
ends_at = "2090-01-01T00:00+00:00"
skus = ["SKU-00"]
changes = { buffer_units = 3 }
"""
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


def test_the_policy_sheet_goes_through_a_file_and_back(full: Door, tmp_path: Path) -> None:
    full.json("link", "--channel", "etsy", "--code", "THING", "--sku", "SKU-00", "--new")
    target = str(tmp_path / "sheet.toml")
    assert full.json("policy", "export", "--out", target)["version"] == 1
    as_it_was = Path(target).read_text(encoding="utf-8")
    assert full.json("policy", "import", target, "--preview") == []
    full.json("policy", "import", target)
    assert full.json("policy")["version"] == 1  # nothing differs
    edited = as_it_was.replace("calendar = []", CALENDAR).replace(
        "fee_percent = 10", "fee_percent = 11"
    )
    changed = full.file("changed.toml", edited)
    [row] = full.json("policy", "import", changed, "--preview")
    assert (row["sku"], row["before"], row["after"]) == ("SKU-00", 10, 7)
    assert full.json("policy")["version"] == 1
    full.json("policy", "import", changed, "--reason", "Peak")
    assert full.json("policy")["channels"]["etsy"]["fee_percent"] == 11
    again = full.json("policy", "export")["text"]
    assert 'skus = ["SKU-00"]' in again
    full.json("policy", "import", full.file("again.toml", again))
    assert full.json("policy")["version"] == 2
    full.json("policy", "import", target)
    assert full.json("policy", "export")["text"] == as_it_was


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[channels.etsy]\ncap = 4", "says “cap”"),
        ("[channels.etsy]\ncap_units = -4", "cannot stand at cap_units"),
        ("[channels.nowhere]\ncap_units = 4", "no channel “nowhere”"),
        ("channels = 4", "something else than channels"),
        ("calendar = [1]", "something else than entries"),
        ("[[calendar]]\nname = 4", "is not as one is written"),
        ("[[calendar]]\nname = 'A'\nstarts_at = 'x'\nends_at = 'y'\nchanges = {}", "no such day"),
        (("[[calendar]]\nname = 'A'\nstarts_at = 2020-01-01T00:00:00Z\nends_at = 2090-01-01T00:00:00Z"
         "\nskus = ['GONE']\nchanges = { buffer_units = 1 }"), "no SKU “GONE”"),
        ("not a sheet", "cannot be read"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_sheet_changes_nothing(full: Door, text: str, words: str) -> None:
    said = full("policy", "import", full.file("sheet.toml", text))
    assert said.status == 2
    assert words in said.err
    assert full.json("policy")["version"] == 1


def test_what_is_held_back_is_said_with_the_command_that_releases_it() -> None:
    then = datetime(2026, 11, 23, tzinfo=UTC)
    held = [HeldRow(2, "Shopify", "MUG", 9, 0, then), HeldRow(5, "Etsy", "MUG", 9, 0, then)]
    begun, *lines = held_back(held)
    assert begun.startswith("Held back: 2 numbers on 2 channels")
    assert [line.split(" --reason")[0].strip() for line in lines[:2]] == [
        "orderdeck quantities release --account 2",
        "orderdeck quantities release --account 5",
    ]
    assert held_back([]) == []
