"""Do the files that channels take back come out of ``export``, each shipment once?"""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from app.services import cancelling, shipping
from tests.cli.conftest import Door, line


@pytest.fixture
def shipped(busy: Door, monkeypatch: pytest.MonkeyPatch) -> Door:
    """Ship an order, on a desk that leaves no time for an undo."""
    monkeypatch.setattr(cancelling, "UNDO_WINDOW", timedelta(0))
    monkeypatch.setattr(shipping, "UNDO_WINDOW", timedelta(0))
    busy("route", "--accept")
    busy("ship", "W-1", "--carrier", "USPS", "--tracking", "9400")
    return busy


def test_a_shipment_leaves_in_one_file_and_can_be_had_again(shipped: Door, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    files = shipped.json("export", "--kind", "shipped", "--out", str(out))
    assert [(each["channel"], each["rows"]) for each in files] == [("own", 1)]
    path = Path(files[0]["path"])
    assert "W-1" in path.read_text(encoding="utf-8-sig")
    assert shipped.json("export", "--kind", "shipped", "--out", str(out)) == []
    path.write_text("someone's own notes")
    (again,) = shipped.json("export", "--again", str(files[0]["id"]), "--out", str(out))
    assert path.read_text() == "someone's own notes"
    assert "9400" in Path(again["path"]).read_text(encoding="utf-8-sig")


@pytest.mark.skipif(os.name != "posix", reason="other systems keep no such bits")
def test_a_file_with_addresses_is_readable_by_its_owner_only(shipped: Door, tmp_path: Path) -> None:
    (made,) = shipped.json("export", "--kind", "shipped", "--out", str(tmp_path))
    path = Path(made["path"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    (again,) = shipped.json("export", "--again", str(made["id"]), "--out", str(tmp_path))
    assert again["path"] == made["path"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_refused_before_anything_is_told(shipped: Door) -> None:
    assert shipped("export", "--out", str(shipped.folder / "nowhere")).status == 2
    assert [each["kind"] for each in shipped.json("export", "--kind", "shipped", "--list")] == [
        "ship_confirm"
    ]


def test_an_unknown_channel_is_refused_with_those_there_are(door: Door) -> None:
    said = door("export", "--channel", "amazn")
    assert said.status == 2
    assert "amazon" in said.err


def test_quantities_of_every_channel_are_written_or_it_is_said_why_not(
    shipped: Door, tmp_path: Path
) -> None:
    words = ("export", "--kind", "quantities", "--out", str(tmp_path))
    assert [each["channel"] for each in shipped.json(*words)] == ["own"]
    shipped("link", "--channel", "etsy", "--code", "A", "--sku", "TEA-001", "--new")
    said = shipped(*words)
    assert said.status == 0
    assert "quantities in" in said.out
    shipped("operator", "add", "Vic", "--role", "viewer")
    assert shipped("--as", "Vic", *words).status == 2


def test_a_channel_without_products_on_sale_does_not_keep_the_others_back(
    door: Door, tmp_path: Path
) -> None:
    door.take_in(line("W-1", "NO-SUCH"))
    words = ("export", "--kind", "quantities", "--out", str(tmp_path))
    said = door(*words)
    assert (said.status, "No product of yours is known to be on sale" in said.out) == (0, True)
    assert door(*words, "--channel", "own").status == 2
    door("import", door.file("skus.csv", "sku,title,on_hand\nTEA-001,Green tea,9\n"))
    door("link", "--channel", "walmart", "--code", "A", "--sku", "TEA-001", "--new")
    said = door(*words)
    assert said.status == 0
    assert "Walmart: 1 row quantities in" in said.out


def test_nothing_to_tell_is_said_plainly(door: Door) -> None:
    said = door("export")
    assert said.status == 0
    assert "Nothing waits" in said.out
