"""Are safe copies safe, and is a damaged desk found out?"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.cli.conftest import Door


def test_a_backup_brings_back_what_was_there(busy: Door) -> None:
    copy = str(busy.folder / "copy.backup")
    made = busy.json("backup", copy)
    assert (made["path"], made["orders"]) == (copy, 4)
    busy("cancel", "W-1", "--reason", "asked for")
    restored = busy.json("restore", copy)
    assert restored["orders"] == 4
    assert restored["kept"]
    assert busy.json("orders", "--query", "is:cancelled") == []
    assert busy("verify").status == 0


def test_a_backup_never_writes_over_a_file_unasked(busy: Door) -> None:
    copy = busy.file("copy.backup", "something else")
    assert busy("backup", copy).status == 2
    assert busy("backup", copy, "--replace").status == 0


def test_what_is_no_backup_is_not_put_back(busy: Door) -> None:
    assert busy("restore", busy.file("note.txt", "hello")).status == 2
    assert busy("restore", str(busy.folder / "nowhere")).status == 2
    assert len(busy.json("orders")) == 4


def test_only_an_owner_restores(busy: Door) -> None:
    copy = str(busy.folder / "copy.backup")
    busy("operator", "add", "Ann", "--role", "approver")
    busy("backup", copy)
    assert busy("--as", "Ann", "restore", copy).status == 2


def test_an_older_backup_is_left_alone_and_the_way_to_replace_it_is_named(busy: Door) -> None:
    copy = str(busy.folder / "copy.backup")
    busy("backup", copy)
    said = busy("backup", copy)
    assert said.status == 2
    assert "--replace" in said.err
    assert busy("backup", copy, "--replace").status == 0


def test_a_number_edited_by_hand_is_found_with_status_1(busy: Door) -> None:
    with closing(sqlite3.connect(busy.folder / "desk.db")) as db:
        db.execute("UPDATE stock_levels SET on_hand = on_hand + 1 WHERE sku_id = 1")
        db.commit()
    answer = busy.json("verify", status=1)
    assert answer["ok"] is False
    assert [check["name"] for check in answer["checks"] if not check["ok"]]
    assert "LOOK" in busy("verify").out


def test_a_desk_without_an_owner_is_said_and_can_be_restored(busy: Door) -> None:
    copy = str(busy.folder / "copy.backup")
    busy("backup", copy)
    with closing(sqlite3.connect(busy.folder / "desk.db")) as db:
        db.execute("UPDATE operators SET role = 'viewer'")
        db.commit()
    assert "Nobody owns this desk" in busy("orders").err
    answer = busy.json("verify", status=1)
    assert [check["name"] for check in answer["checks"] if not check["ok"]] == ["desk"]
    assert busy("restore", copy).status == 0
    assert busy("verify").status == 0


def test_a_garbled_name_of_the_desk_is_said(busy: Door) -> None:
    with closing(sqlite3.connect(busy.folder / "desk.db")) as db:
        db.execute("UPDATE settings SET value = 'abc' WHERE name = 'store_id'")
        db.commit()
    answer = busy.json("verify", status=1)
    assert [check["name"] for check in answer["checks"] if not check["ok"]] == ["desk"]
    assert busy("orders").status == 0


def test_a_role_that_is_none_and_a_driver_that_does_not_fit_are_refused(busy: Door) -> None:
    busy("operator", "add", "Vic", "--role", "viewer")
    copy = busy.folder / "copy.backup"
    assert busy("--as", "Vic", "backup", str(copy)).status == 2
    assert not copy.exists()
    with closing(sqlite3.connect(busy.folder / "desk.db")) as db:
        db.execute("UPDATE operators SET role = 'king' WHERE name = 'Vic'")
        db.commit()
    assert "no role" in busy("--as", "Vic", "orders").err
    assert busy("--db", "sqlite+aiosqlite:///x.db", "orders").status == 2
