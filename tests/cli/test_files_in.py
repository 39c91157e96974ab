"""Does ``import`` answer as the contract of the command line says?"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import HEAD, Door, line

FIELDS = [
    "file", "format", "kind", "verdict", "rows", "orders_new", "lines_new", "updated", "unchanged",
    "rejected", "holds", "notices", "message",
]  # fmt: skip


def test_an_import_answers_with_a_list_of_one_report_a_file(stocked: Door) -> None:
    path = stocked.file("orders.csv", HEAD + line("W-1", "TEA-001") + line("W-2", "NO-SUCH"))
    (report,) = stocked.json("import", path)
    assert list(report) == FIELDS
    assert report["file"] == "orders.csv"
    assert report["kind"] == "orders"
    assert report["verdict"] == "accept"
    assert (report["rows"], report["orders_new"], report["lines_new"]) == (2, 2, 2)
    assert report["holds"] == [{"order": "W-2", "code": "UNKNOWN_SKU"}]


def test_importing_a_file_twice_changes_nothing_the_second_time(busy: Door) -> None:
    (report,) = busy.json("import", str(busy.folder / "orders.csv"))
    assert (report["orders_new"], report["unchanged"]) == (0, 4)


def test_bad_rows_are_kept_back_listed_and_saved_for_repair(stocked: Door) -> None:
    path = stocked.file("mixed.csv", HEAD + line("W-1", "TEA-001") + line("W-2", "TEA-001", "many"))
    rejects = stocked.folder / "rejects.csv"
    (report,) = stocked.json("import", path, "--report", str(rejects), status=3)
    assert report["verdict"] == "partial"
    (reject,) = report["rejected"]
    assert list(reject) == ["order", "row", "column", "value", "code", "message"]
    assert (reject["order"], reject["row"], reject["value"]) == ("W-2", 3, "many")
    repaired = rejects.read_text(encoding="utf-8-sig").replace("many", "3")
    rejects.write_text(repaired, encoding="utf-8")
    (again,) = stocked.json("import", str(rejects))
    assert (again["verdict"], again["orders_new"]) == ("accept", 1)


def test_rejects_never_go_over_a_file_and_nothing_is_imported_then(stocked: Door) -> None:
    path = stocked.file("mixed.csv", HEAD + line("W-1", "TEA-001") + line("W-2", "TEA-001", "many"))
    before = Path(path).read_bytes()
    for taken in (path, str(stocked.folder / "desk.db")):
        said = stocked("import", path, "--report", taken)
        assert said.status == 2
        assert "nothing was imported" in said.err
    said = stocked("import", path, "--report", str(stocked.folder / "no" / "rejects.csv"))
    assert (said.status, "no folder" in said.err) == (2, True)
    assert Path(path).read_bytes() == before
    assert stocked.json("orders") == []
    stocked.file("r-2.csv", "the second file's rejects would go here")
    said = stocked("import", path, path, "--report", str(stocked.folder / "r.csv"))
    assert (said.status, "r-2.csv" in said.err) == (2, True)


@pytest.mark.skipif(os.name != "posix", reason="other systems keep no such bits")
def test_rejects_are_readable_by_their_owner_only(stocked: Door) -> None:
    path = stocked.file("mixed.csv", HEAD + line("W-2", "TEA-001", "many"))
    rejects = stocked.folder / "rejects.csv"
    assert stocked("import", path, "--report", str(rejects)).status == 3
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600


def test_a_refused_file_stores_nothing_and_says_why_in_plain_words(stocked: Door) -> None:
    said = stocked("import", stocked.file("empty.csv", ""))
    assert said.status == 2
    assert "refused" in said.out
    assert "empty" in said.out
    assert stocked.json("orders") == []


def test_a_file_that_is_not_there_is_refused_like_any_other(door: Door) -> None:
    (report,) = door.json("import", str(door.folder / "nowhere.csv"), status=2)
    assert list(report) == FIELDS
    assert "nowhere.csv" in report["message"]


def test_some_files_good_and_some_refused_is_done_in_part(stocked: Door) -> None:
    good = stocked.file("good.csv", HEAD + line("W-1", "TEA-001"))
    reports = stocked.json("import", good, stocked.file("bad.csv", ""), status=3)
    assert [report["verdict"] for report in reports] == ["accept", "refuse"]


def test_a_dry_run_says_what_would_happen_and_stores_nothing(stocked: Door) -> None:
    path = stocked.file("orders.csv", HEAD + line("W-1", "TEA-001"))
    (report,) = stocked.json("import", "--dry-run", path)
    assert report["orders_new"] == 1
    assert stocked.json("orders") == []


def test_a_dry_run_never_says_that_something_was_stored(stocked: Door) -> None:
    path = stocked.file("orders.csv", HEAD + line("W-1", "NO-SUCH"))
    said = stocked("import", "--dry-run", path).out
    assert "would be taken in; nothing was stored" in said
    assert "orderdeck cases" not in said
    assert "orderdeck cases" in stocked("import", path).out


def test_an_order_with_two_reasons_is_on_hold_once(stocked: Door) -> None:
    rows = line("W-1", "NO-SUCH"), line("W-1", "NOR-THIS"), line("W-2", "NO-SUCH")
    path = stocked.file("orders.csv", HEAD + "".join(rows).replace(",02138,", ",0213X,"))
    (report,) = stocked.json("import", "--dry-run", path)
    assert len(report["holds"]) > len({each["order"] for each in report["holds"]}) == 2
    said = stocked("import", path).out
    assert said.count("on hold") == 1
    assert "2 orders are on hold" in said
    assert "On hold" not in said


def test_the_hostile_files_end_as_their_table_says(door: Door, shared: Path) -> None:
    folder = shared / "badcsv"
    base = [str(folder / "catalog.csv"), str(folder / "kits.csv")]
    assert door("import", *base).status == 0
    expected = {"good_walmart.csv": 0, "shopify_short_row_middle.csv": 3, "whitespace_only.csv": 2}
    for name, status in expected.items():
        assert door("import", str(folder / name)).status == status, name


def test_the_json_options_work_before_and_after_the_command(stocked: Door) -> None:
    before, after = stocked("--json", "orders"), stocked("orders", "--json")
    assert json.loads(before.out) == json.loads(after.out) == []
    assert before.err == after.err == ""


def test_an_import_is_taken_back_by_its_number_and_the_file_brings_it_again(stocked: Door) -> None:
    path = stocked.file("orders.csv", HEAD + line("W-1", "TEA-001") + line("W-2", "TEA-001"))
    stocked.json("import", path)
    newest = stocked.json("imports")[0]
    assert (newest["name"], newest["state"]) == ("orders.csv", "done")
    taken = stocked.json("take-back", str(newest["id"]))
    assert len(taken["done"]) == 2
    assert stocked.json("orders", "--query", "is:active") == []
    assert stocked.json("take-back", "999", status=2)
    (again,) = stocked.json("import", path)
    assert again["orders_new"] == 2
    assert stocked.json("verify")["ok"]


def test_columns_are_matched_once_and_named_from_then_on(stocked: Door) -> None:
    text = "Order no;Date;Article;Pieces;Price each\nW-1;21.09.2026;TEA-001;2;4,50 €\n"
    path = stocked.file("shop.csv", text)
    (unknown,) = stocked.json("import", path, status=2)
    assert unknown["verdict"] == "refuse"
    stocked.json("profile", "add", "Web shop", path)
    assert stocked.json("profile", "list")[0]["name"] == "Web shop"
    for more in ((), ("--profile", "Web shop")):
        (seen,) = stocked.json("import", path, "--dry-run", *more)
        assert (seen["verdict"], seen["orders_new"]) == ("accept", 1)
    said = stocked("profile", "add", "Odd", path, "--column", "sku=Nothing")
    assert (said.status, "names no field of ours" in said.err) == (2, True)
    stocked.json("profile", "rename", "Web shop", "Shop")
    stocked.json("profile", "remove", "Shop")
    assert stocked.json("profile", "list") == []
    said = stocked("import", path, "--profile", "Shop")
    assert (said.status, "no profile" in said.err) == (2, True)
