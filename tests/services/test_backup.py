"""A backup is whole although work goes on, and a restore never loses what it replaces."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text

from app.domain.changes import Changes
from app.domain.importing import SkuRow
from app.domain.orders import Address, IncomingLine, IncomingOrder
from app.domain.roles import Actor, Role
from app.errors import NotAllowedError, RefusedError, StoreError
from app.models.schema import metadata
from app.services import catalogue, intake, setup
from app.services.backup import back_up, restore
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.order_rows import Arrival
from app.services.shipping import Parcel
from app.services.verifying import verify_store
from app.sync.files.exporter import FileExporter

NOW = datetime(2025, 11, 21, 15, 0, tzinfo=UTC)
KIM = Actor("Kim", Role.OWNER)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    desk = Desk(open_ready_store(database_url, now=NOW), KIM, now=lambda: NOW)
    with desk.store.write() as db:
        catalogue.save_skus(db, [SkuRow("MUG", title="Tasse “Jörg” 🎁")], now=NOW)
    desk.run("receive", sku="MUG", location="MAIN", quantity=7, reason="First stock")
    yield desk
    desk.store.close()


def url_of(desk: Desk) -> str:
    return desk.store.url.render_as_string(hide_password=False)


def everything(desk: Desk) -> dict[str, list[str]]:
    with desk.store.read() as db:
        return {
            table.name: sorted(map(str, db.execute(select(table)).all()))
            for table in metadata.sorted_tables
            if table.name != "audit_entries"
        }


def on_hand(desk: Desk) -> int:
    with desk.store.read() as db:
        return int(db.execute(text("SELECT SUM(on_hand) FROM stock_levels")).scalar_one())


def is_sound(desk: Desk) -> bool:
    return all(check.ok for check in verify_store(desk.store))


def test_a_backup_goes_back_to_the_store_that_it_was_made_of(desk: Desk, tmp_path: Path) -> None:
    before = everything(desk)
    made = back_up(desk.store, tmp_path / "friday.orderdeck", actor=KIM, now=NOW)
    desk.run("adjust", sku="MUG", location="MAIN", quantity=-5, reason="A mistake")
    done = restore(made.path, url_of(desk), actor=KIM, now=NOW)
    assert everything(desk) == before
    assert is_sound(desk)
    assert done.kept is not None
    kept = Desk(open_ready_store(f"sqlite:///{done.kept}", now=NOW), KIM)
    assert on_hand(kept) == 2
    kept.store.close()
    with desk.store.read() as db:
        last = text("SELECT action, actor FROM audit_entries ORDER BY seq DESC LIMIT 1")
        assert tuple(db.execute(last).one()) == ("restore", "Kim")
    desk.run("receive", sku="MUG", location="MAIN",
             quantity=1, reason="Work goes on")  # fmt: skip
    assert is_sound(desk)


def test_a_backup_of_either_engine_can_be_restored_to_a_new_file(
    desk: Desk, tmp_path: Path
) -> None:
    before = everything(desk)
    made = back_up(desk.store, tmp_path / "friday.orderdeck", actor=KIM, now=NOW)
    new = tmp_path / "new.sqlite"
    done = restore(made.path, f"sqlite:///{new}", actor=KIM, now=NOW)
    assert done.kept is None
    other = Desk(open_ready_store(f"sqlite:///{new}", now=NOW), KIM)
    assert everything(other) == before
    assert is_sound(other)
    other.store.close()


def test_a_backup_stands_alone_and_is_for_its_owner_only(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    made = back_up(desk.store, folder / "friday.orderdeck", actor=KIM, now=NOW)
    assert [each.name for each in folder.iterdir()] == ["friday.orderdeck"]
    assert made.entries > 0
    assert made.size == made.path.stat().st_size
    if os.name == "posix":
        assert made.path.stat().st_mode & 0o077 == 0


def test_a_backup_never_overwrites_a_file_in_silence(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "taxes.txt"
    path.write_text("important")
    with pytest.raises(RefusedError, match="exists already"):
        back_up(desk.store, path, actor=KIM, now=NOW)
    assert path.read_text() == "important"
    back_up(desk.store, path, actor=KIM, now=NOW, replace=True)
    with pytest.raises(RefusedError, match="does not exist"):
        back_up(desk.store, tmp_path / "nowhere" / "x", actor=KIM, now=NOW)


def test_a_backup_is_whole_while_a_writer_is_busy(desk: Desk, tmp_path: Path) -> None:
    stop = threading.Event()

    def keep_receiving() -> None:
        while not stop.is_set():
            desk.run("receive", sku="MUG", location="MAIN", quantity=1, reason="More")

    writer = threading.Thread(target=keep_receiving)
    writer.start()
    try:
        copies = [
            back_up(desk.store, tmp_path / f"{n}.orderdeck", actor=KIM, now=NOW) for n in range(5)
        ]
    finally:
        stop.set()
        writer.join()
    assert copies[0].entries < copies[-1].entries
    for copy in copies:
        restore(copy.path, f"sqlite:///{tmp_path / copy.path.stem}.sqlite", actor=KIM, now=NOW)


def test_a_store_that_is_not_sound_gives_no_backup(desk: Desk, tmp_path: Path) -> None:
    with desk.store.write() as db:
        db.execute(text("UPDATE stock_levels SET on_hand = 99"))
    with pytest.raises(StoreError, match=r"not sound.*differs from its movements"):
        back_up(desk.store, tmp_path / "friday.orderdeck", actor=KIM, now=NOW)
    assert not list(tmp_path.glob("*friday*"))


def test_what_is_no_sound_backup_of_ours_is_refused_and_changes_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    good = back_up(desk.store, tmp_path / "good.orderdeck", actor=KIM, now=NOW).path
    before = everything(desk)
    bad = tmp_path / "bad.orderdeck"

    def refused(words: str) -> None:
        with pytest.raises(RefusedError, match=words) as caught:
            restore(bad, url_of(desk), actor=KIM, now=NOW)
        assert "Nothing was changed" in str(caught.value)
        assert everything(desk) == before

    refused("no file")
    bad.write_bytes(b"")
    refused("is empty")
    bad.write_bytes(b"order,sku\n" * 100)
    refused("no backup of Orderdeck")
    content = bytearray(good.read_bytes())
    content[8192:16384] = bytes(8192)
    bad.write_bytes(content)
    refused("damaged|no backup")
    shutil.copy(good, bad)
    with closing(sqlite3.connect(bad)) as db:
        db.execute("UPDATE stock_levels SET on_hand = 99")
        db.commit()
    refused("not sound")
    shutil.copy(good, bad)
    with closing(sqlite3.connect(bad)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    refused("newer Orderdeck")


def test_a_damaged_store_is_put_aside_with_its_journals(tmp_path: Path) -> None:
    place = tmp_path / "desk.sqlite"
    desk = Desk(open_ready_store(f"sqlite:///{place}", now=NOW), KIM, now=lambda: NOW)
    made = back_up(desk.store, tmp_path / "good.orderdeck", actor=KIM, now=NOW)
    desk.store.close()
    place.write_bytes(place.read_bytes()[:6000])
    place.with_name("desk.sqlite-wal").write_bytes(b"left over from another database" * 200)
    done = restore(made.path, f"sqlite:///{place}", actor=KIM, now=NOW)
    assert done.kept is not None
    assert done.kept.stat().st_size == 6000
    store = open_ready_store(f"sqlite:///{place}", now=NOW)
    assert all(check.ok for check in verify_store(store))
    store.close()
    assert not place.with_name("desk.sqlite-wal").exists()
    assert not place.with_name("desk.sqlite-shm").exists()


def test_an_older_store_put_back_by_hand_shows_and_one_restored_on_purpose_does_not(
    tmp_path: Path,
) -> None:
    place = tmp_path / "desk.sqlite"
    url = f"sqlite:///{place}"
    desk = Desk(open_ready_store(url, now=NOW), KIM, now=lambda: NOW)
    with desk.store.write() as db:
        catalogue.save_skus(db, [SkuRow("MUG")], now=NOW)
    desk.run("receive", sku="MUG", location="MAIN", quantity=7, reason="First stock")
    old = back_up(desk.store, tmp_path / "old.orderdeck", actor=KIM, now=NOW).path
    for _ in range(3):
        desk.run("receive", sku="MUG", location="MAIN", quantity=1, reason="More")
    desk.store.close()
    shutil.copy(old, place)
    desk.store = open_ready_store(url, now=NOW)
    assert [check.name for check in verify_store(desk.store) if not check.ok] == [
        "end of the audit trail"
    ]
    desk.store.close()
    restore(old, url, actor=KIM, now=NOW)
    desk.store = open_ready_store(url, now=NOW)
    assert is_sound(desk)
    desk.store.close()


def test_only_an_owner_restores(desk: Desk, tmp_path: Path) -> None:
    made = back_up(desk.store, tmp_path / "friday.orderdeck", actor=KIM, now=NOW)
    with pytest.raises(NotAllowedError):
        restore(made.path, url_of(desk), actor=Actor("Lee", Role.APPROVER), now=NOW)


def take_in(desk: Desk, *numbers: str) -> list[int]:
    """Take orders for one mug each in and accept them."""
    incoming = [
        IncomingOrder(
            "shopify", number, f"#{number}", NOW, "USD",
            (IncomingLine(f"{number}-1", "MUG", "Mug", 1, 1000),),
            Address("A Buyer", line1="1 Way", city="Boston", state="MA", postcode="02138",
                    country="US"),
        )
        for number in numbers
    ]  # fmt: skip

    def work(db: Connection) -> list[int]:
        arrival = Arrival(setup.account_for(db, "shopify", now=NOW), "test")
        taken = intake.take_in(db, KIM, arrival=arrival, incoming=incoming, now=NOW)
        return list(taken.changes.done)

    ids = desk.write(work)
    desk.run("accept", order_ids=ids)
    return ids


def ship(desk: Desk, order_id: int, tracking: str) -> Changes:
    with desk.store.read() as db:
        query = text("SELECT id FROM fulfilment_orders WHERE order_id = :o AND state = 'open'")
        parcels = [
            Parcel(key, "UPS", tracking) for key in db.execute(query, {"o": order_id}).scalars()
        ]
    return desk.run("ship", parcels=parcels)


def tell(desk: Desk, kind: str = "ship_confirm") -> int:
    return FileExporter(desk).export(1, kind, now=NOW + timedelta(hours=1)).rows


def held(desk: Desk) -> dict[str, str]:
    """Return the orders on hold, with what their open case says."""
    with desk.store.read() as db:
        query = text(
            "SELECT o.number, h.reason FROM holds h JOIN orders o ON o.id = h.order_id"
            " JOIN exception_cases c ON c.order_id = o.id AND c.state = 'open'"
            " WHERE h.released_at IS NULL AND o.is_held ORDER BY o.id"
        )
        return dict(db.execute(query).all())


def test_an_older_backup_neither_ships_nor_tells_again_what_was_done_since(
    desk: Desk, tmp_path: Path
) -> None:
    gone, told, cancelled, _untouched = take_in(desk, "1", "2", "3", "4")
    ship(desk, told, "1Z2")
    made = back_up(desk.store, tmp_path / "old.orderdeck", actor=KIM, now=NOW)
    ship(desk, gone, "1Z1")
    desk.run("cancel", order_ids=[cancelled], reason="Asked for it")
    (later,) = take_in(desk, "5")
    ship(desk, later, "1Z5")
    assert (tell(desk), tell(desk, "cancel")) == (3, 1)
    done = restore(made.path, url_of(desk), actor=KIM, now=NOW)
    assert (done.held, done.missing) == (3, ("#5",))
    reasons = held(desk)
    assert set(reasons) == {"#1", "#2", "#3"}
    assert "1Z1" in reasons["#1"]
    assert "channel was told" in reasons["#2"]
    assert "cancelled" in reasons["#3"]
    assert is_sound(desk)
    assert ship(desk, gone, "1Z1").done == ()
    with pytest.raises(RefusedError, match="Nothing waits"):
        tell(desk)
    desk.run("release", order_ids=[told], reason="The channel knows")
    assert set(held(desk)) == {"#1", "#3"}
    assert is_sound(desk)


def test_a_restore_that_knows_nothing_of_what_was_done_since_holds_what_could_leave(
    desk: Desk, tmp_path: Path
) -> None:
    _accepted, shipped = take_in(desk, "1", "2")
    ship(desk, shipped, "1Z2")
    made = back_up(desk.store, tmp_path / "old.orderdeck", actor=KIM, now=NOW)
    new = tmp_path / "new.sqlite"
    new.write_bytes(b"damaged")
    for place in (new, tmp_path / "none.sqlite"):
        done = restore(made.path, f"sqlite:///{place}", actor=KIM, now=NOW)
        other = Desk(open_ready_store(f"sqlite:///{place}", now=NOW), KIM, now=lambda: NOW)
        assert done.held == 2
        assert set(held(other)) == {"#1", "#2"}
        with pytest.raises(RefusedError, match="Nothing waits"):
            tell(other)
        assert is_sound(other)
        other.store.close()


def test_a_backup_that_nothing_followed_holds_nothing(desk: Desk, tmp_path: Path) -> None:
    one, _two = take_in(desk, "1", "2")
    ship(desk, one, "1Z1")
    tell(desk)
    made = back_up(desk.store, tmp_path / "now.orderdeck", actor=KIM, now=NOW)
    done = restore(made.path, url_of(desk), actor=KIM, now=NOW)
    assert (done.held, done.missing, held(desk)) == (0, (), {})


def test_whoever_only_looks_takes_no_copy_and_a_copy_is_recorded(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "friday.orderdeck"
    with pytest.raises(NotAllowedError):
        back_up(desk.store, path, actor=Actor("Vic", Role.VIEWER), now=NOW)
    assert not path.exists()
    back_up(desk.store, path, actor=Actor("Lee", Role.OPERATOR), now=NOW)
    with desk.store.read() as db:
        last = text("SELECT action, actor FROM audit_entries ORDER BY seq DESC LIMIT 1")
        assert tuple(db.execute(last).one()) == ("back up", "Lee")
    assert is_sound(desk)


def test_a_backup_never_takes_the_place_of_the_desk_itself(desk: Desk, tmp_path: Path) -> None:
    place = desk.store.path
    if place is None:
        pytest.skip("a server has no file")
    link = tmp_path / "link.sqlite"
    link.symlink_to(place)
    hard = tmp_path / "hard.sqlite"
    os.link(place, hard)
    for path in (place, place.with_name(place.name + "-wal"), link, hard):
        with pytest.raises(RefusedError, match="desk itself"):
            back_up(desk.store, path, actor=KIM, now=NOW, replace=True)
    assert is_sound(desk)


def test_a_restore_leaves_nothing_beside_the_backup(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    made = back_up(desk.store, folder / "b1", actor=KIM, now=NOW)
    for mode in ("DELETE", "WAL"):  # older backups were left in the second
        with closing(sqlite3.connect(made.path)) as db:
            db.execute(f"PRAGMA journal_mode={mode}").close()
        before = made.path.read_bytes()
        restore(made.path, url_of(desk), actor=KIM, now=NOW)
        assert [each.name for each in folder.iterdir()] == ["b1"]
        assert made.path.read_bytes() == before
