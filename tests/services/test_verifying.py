"""A healthy store passes every check, and each kind of damage fails exactly its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from app.domain.importing import FileKind, KitRow, ParsedFile, SkuRow
from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder
from app.domain.roles import Actor, Role
from app.models.database import Store
from app.models.exchange import import_files
from app.services import anchor, catalogue, importing, intake, setup
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.order_rows import Arrival
from app.services.shipping import Parcel
from app.services.verifying import Check, verify_store
from app.sync.files.exporter import FileExporter

NOW = datetime(2025, 11, 21, 15, 0, tzinfo=UTC)  # a Friday morning in New York
KIM = Actor("Kim", Role.OWNER)
# Without the entries of their deeds, nothing says why an order was cancelled, or what left.
AFTER_A_CUT = ["orders", "shipments", "end of the audit trail"]


@dataclass(slots=True)
class Clock:
    at: datetime = NOW

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


def order(
    number: str, *lines: tuple[str, int], state: ChannelState = ChannelState.OPEN
) -> IncomingOrder:
    return IncomingOrder(
        "shopify", number, f"#{number}", NOW, "USD",
        tuple(
            IncomingLine(f"{number}-{n}", sku, sku, units, 1000)
            for n, (sku, units) in enumerate(lines, 1)
        ),
        Address("A Buyer", "", "1 Way", city="Boston", state="MA", postcode="02138", country="US"),
        state=state,
    )  # fmt: skip


def take_in(desk: Desk, *orders: IncomingOrder) -> list[int]:
    def work(db: Connection) -> list[int]:
        account = setup.account_for(db, "shopify", now=NOW)
        taken = intake.take_in(
            db, KIM, arrival=Arrival(account, "test"), incoming=orders, now=desk.now()
        )
        return list(taken.changes.done)

    return desk.write(work)


def parcels_of(desk: Desk, order_id: int) -> list[int]:
    with desk.store.read() as db:
        query = text("SELECT id FROM fulfilment_orders WHERE order_id = :o AND state = 'open'")
        return list(db.execute(query, {"o": order_id}).scalars())


def ship(desk: Desk, order_id: int, tracking: str) -> None:
    desk.run("ship", parcels=[Parcel(each, "UPS", tracking) for each in parcels_of(desk, order_id)])


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """A desk with a rich history: every verb was used at least once."""
    clock = Clock()
    desk = Desk(open_ready_store(database_url, now=NOW), KIM, now=clock)
    with desk.store.write() as db:
        catalogue.save_skus(db, [SkuRow("MUG"), SkuRow("CUP"), SkuRow("TEA")], now=NOW)
    desk.run("add_location", code="EAST", name="East", postcode="08817")
    for sku, place, units in (("MUG", "MAIN", 20), ("MUG", "EAST", 10), ("CUP", "MAIN", 9),
                              ("TEA", "EAST", 5)):  # fmt: skip
        desk.run("receive", sku=sku, location=place, quantity=units, reason="First stock")
    ids = take_in(
        desk,
        order("1", ("MUG", 1)), order("2", ("MUG", 2), ("CUP", 1)), order("3", ("TEA", 9)),
        order("4", ("NEW-CODE", 1), ("MUG", 1)), order("5", ("MUG", 1), ("TEA", 1)),
        order("6", ("CUP", 2)), order("7", ("MUG", 3)), order("8", ("CUP", 1)),
        order("9", ("TEA", 1), state=ChannelState.AWAITING_PAYMENT),
    )  # fmt: skip
    one, two, _three, _four, five, six, seven, eight, nine = ids
    desk.run("accept", order_ids=[one, two, six, eight, nine])
    ship(desk, one, "1Z1")
    ship(desk, two, "1Z2")
    desk.run("void_shipments", order_ids=[two], reason="Wrong parcel")
    desk.run("withdraw", order_ids=[six])
    desk.run("cancel", order_ids=[six], reason="Asked for it")
    desk.run("reinstate", order_ids=[six])
    desk.run("cancel", order_ids=[eight], reason="Asked for it")
    desk.run("override", order_id=seven, location_id=2, reason="The shop is nearer")
    desk.run("hold", order_ids=[five], reason="Waits for a reply")
    desk.run("adjust", sku="MUG", location="MAIN", quantity=-2, reason="Broken")
    desk.run("count", sku="CUP", location="MAIN", counted=8, reason="")
    desk.run("transfer", sku="MUG", origin="MAIN", destination="EAST", quantity=3, reason="")
    yield desk
    desk.store.close()


def failed(store: Store) -> list[str]:
    return [check.name for check in verify_store(store) if not check.ok]


def detail(store: Store, name: str) -> str:
    return next(check.detail for check in verify_store(store) if check.name == name)


def damage(desk: Desk, *statements: str) -> None:
    """Change rows behind the program's back, as a person with a database tool would."""
    with desk.store.restructure() as db:
        for statement in statements:
            db.execute(text(statement))


def test_a_store_with_a_rich_history_passes_every_check(desk: Desk) -> None:
    checks: Sequence[Check] = verify_store(desk.store)
    assert [check for check in checks if not check.ok] == []
    assert len({check.name for check in checks}) == len(checks) > 10
    assert all(check.detail.endswith(".") for check in checks)


@pytest.mark.parametrize(
    ("statement", "checks"),
    [
        pytest.param("UPDATE stock_levels SET on_hand = on_hand + 1 WHERE sku_id = 1 AND location_id = 1",
                     ["stock by location"], id="a balance edited by hand"),
        pytest.param("UPDATE stock_levels SET damaged = 2, unavailable = 2 WHERE sku_id = 1 AND location_id = 1",
                     ["stock by location"], id="units called unavailable by hand"),
        pytest.param("UPDATE network_stock SET free = free - 1 WHERE sku_id = 1",
                     ["stock over all locations"], id="free units edited by hand"),
        pytest.param("UPDATE network_stock SET reserved = reserved + 1 WHERE sku_id = 1",
                     ["stock over all locations", "reservations"], id="reserved units edited"),
        pytest.param("UPDATE stock_levels SET suggested = suggested + 1 WHERE sku_id = 1 AND location_id = 1",
                     ["suggestions"], id="a plan edited by hand"),
        pytest.param("UPDATE stock_levels SET allocated = allocated + 1 WHERE sku_id = 1 AND location_id = 1",
                     ["stock by location", "allocations"], id="allocated units edited"),
        pytest.param("DELETE FROM stock_movements WHERE id = 1",
                     ["stock by location", "stock over all locations"], id="a deleted movement"),
        pytest.param("DELETE FROM stock_movements WHERE cause = 'shipment' AND bucket = 'on_hand'",
                     ["stock by location", "stock over all locations", "shipments"],
                     id="goods that never left"),
        pytest.param("UPDATE reservations SET quantity = quantity + 1 WHERE id = 1",
                     ["reservations", "allocations"], id="a reservation edited by hand"),
        pytest.param("UPDATE orders SET status = 'cancelled' WHERE number = '#5'",
                     ["orders", "reservations"], id="units reserved for an order that is over"),
        pytest.param("UPDATE orders SET status = 'shipped' WHERE number = '#7'",
                     ["orders"], id="shipped without a parcel"),
        pytest.param("UPDATE orders SET is_held = (1 = 0) WHERE number = '#5'",
                     ["orders"], id="a hold that is hidden"),
        pytest.param("UPDATE orders SET is_short = (1 = 0) WHERE number = '#3'",
                     ["orders"], id="a shortage that is hidden"),
        pytest.param("UPDATE exception_cases SET state = 'resolved' WHERE kind = 'shortfall'",
                     ["cases"], id="a case closed while it is true"),
        pytest.param("UPDATE fulfilment_order_lines SET quantity = 5 WHERE fulfilment_order_id ="
                     " (SELECT id FROM fulfilment_orders WHERE state = 'open' ORDER BY id LIMIT 1)",
                     ["allocations"], id="a parcel that grew"),
        pytest.param("DELETE FROM outbox_messages WHERE kind = 'ship_confirm' AND state = 'pending'",
                     ["channel messages"], id="a channel that is never told"),
        pytest.param("UPDATE outbox_messages SET state = 'pending' WHERE state = 'recalled' AND kind = 'ship_confirm'",
                     ["channel messages"], id="a recalled message that goes out"),
        pytest.param("UPDATE audit_entries SET reason = 'Nothing' WHERE seq = 3",
                     ["audit trail"], id="an edited audit entry"),
        pytest.param("DELETE FROM audit_entries WHERE seq = 4",
                     ["audit trail"], id="a deleted audit entry"),
        pytest.param("DELETE FROM audit_entries WHERE seq > 5",
                     AFTER_A_CUT, id="a truncated audit tail"),
        pytest.param("DELETE FROM audit_entries",
                     AFTER_A_CUT, id="an emptied audit trail"),
        pytest.param("UPDATE network_stock SET free = 0 WHERE sku_id = 1",
                     ["stock over all locations", "oversold"], id="oversold without a case"),
    ],
)  # fmt: skip
def test_damage_fails_exactly_its_own_check(desk: Desk, statement: str, checks: list[str]) -> None:
    damage(desk, statement)
    assert failed(desk.store) == checks


def test_an_orphaned_reservation_is_found(desk: Desk) -> None:
    damage(
        desk,
        "INSERT INTO reservations (id, order_id, order_line_id, sku_id, quantity, state)"
        " VALUES (900, 1, 1, 1, 2, 'held')",
    )
    assert failed(desk.store) == ["reservations"]
    assert "2 units are reserved for no order" in detail(desk.store, "reservations")


def test_a_reservation_whose_order_line_is_gone_is_found(desk: Desk) -> None:
    if not desk.store.is_sqlite:
        pytest.skip("PostgreSQL does not let go of a line that is referred to")
    with desk.store.engine.connect() as db:
        db.exec_driver_sql("PRAGMA foreign_keys=OFF")
        db.exec_driver_sql("DELETE FROM order_lines WHERE id = 6")
        db.commit()
        db.exec_driver_sql("PRAGMA foreign_keys=ON")
    assert {"database", "reservations"} <= set(failed(desk.store))


def test_a_doubled_shipment_is_found_even_without_the_index_that_forbids_it(desk: Desk) -> None:
    damage(
        desk,
        "DROP INDEX uq_shipments_live",
        "INSERT INTO shipments (id, fulfilment_order_id, order_id, carrier, service,"
        " tracking_number, shipped_at, actor, created_at)"
        " SELECT 900, fulfilment_order_id, order_id, carrier, service, '1Z9', shipped_at, actor,"
        " created_at FROM shipments WHERE voided_at IS NULL",
    )
    assert failed(desk.store) == ["shipments", "channel messages"]
    assert "order #1 has 2 shipments" in detail(desk.store, "shipments")


def test_the_database_itself_refuses_a_second_shipment(desk: Desk) -> None:
    with pytest.raises(Exception, match=r"(?i)unique"):
        damage(
            desk,
            "INSERT INTO shipments (id, fulfilment_order_id, order_id, carrier, service,"
            " tracking_number, shipped_at, actor, created_at)"
            " SELECT 900, fulfilment_order_id, order_id, carrier, service, '1Z9', shipped_at,"
            " actor, created_at FROM shipments WHERE voided_at IS NULL",
        )
    assert failed(desk.store) == []


def test_more_sold_than_counted_is_said_and_sound_while_there_is_a_case(desk: Desk) -> None:
    desk.run("count", sku="MUG", location="MAIN", counted=0, reason="Burglary")
    desk.run("count", sku="MUG", location="EAST", counted=3, reason="Burglary")
    assert failed(desk.store) == []
    assert "MUG has" in detail(desk.store, "oversold")


def test_a_healthy_tail_that_a_person_writes_anew_is_found(desk: Desk) -> None:
    damage(desk, "DELETE FROM audit_entries WHERE seq > 5")
    with suppress(Exception):
        desk.run("write_note", order_id=1, text="After the cut")
    for _ in range(40):
        desk.run("write_note", order_id=1, text="More entries than before")
    assert failed(desk.store) == AFTER_A_CUT
    assert "written anew" in detail(desk.store, "end of the audit trail")


def test_the_anchor_only_moves_forward(desk: Desk) -> None:
    before = anchor.remembered(desk.store).entries[desk.store.label]
    desk.run("write_note", order_id=1, text="One more")
    after = anchor.remembered(desk.store).entries[desk.store.label]
    assert after.count == before.count + 1
    damage(desk, "DELETE FROM audit_entries WHERE seq > 5")
    assert not anchor.save(desk.store)
    assert anchor.remembered(desk.store).entries[desk.store.label] == after


def test_a_copy_of_a_file_is_held_against_the_original(desk: Desk, tmp_path: Path) -> None:
    if not desk.store.is_sqlite:
        pytest.skip("files are copied, servers are not")
    copy = tmp_path / "copy.sqlite"
    with desk.store.read() as db:
        db.exec_driver_sql("SELECT 1")
    with desk.store.engine.connect() as raw:
        raw.exec_driver_sql(f"VACUUM INTO '{copy}'")
    other = open_ready_store(f"sqlite:///{copy}", now=NOW)
    assert failed(other) == []
    with other.restructure() as db:
        db.execute(text("DELETE FROM audit_entries WHERE seq > 5"))
    assert failed(other) == AFTER_A_CUT
    other.close()


def test_a_whole_copy_put_in_a_places_stead_is_noticed_and_a_shortened_one_is_not_blessed(
    desk: Desk, tmp_path: Path
) -> None:
    if not desk.store.is_sqlite:
        pytest.skip("files are copied, servers are not")
    copy = tmp_path / "copy.sqlite"

    def copied(cut: bool) -> list[str]:
        for file in tmp_path.glob("copy.sqlite*"):
            file.unlink()
        with desk.store.engine.connect() as raw:
            raw.exec_driver_sql(f"VACUUM INTO '{copy}'")
        other = open_ready_store(f"sqlite:///{copy}", now=NOW)
        if cut:
            with other.restructure() as db:
                db.execute(text("DELETE FROM audit_entries WHERE seq > 5"))
        anchor.arrive(other)
        found = failed(other)
        Desk(other, KIM).run("write_note", order_id=1, text="The copy goes its own way")
        anchor.save(other)
        other.close()
        return found

    assert copied(cut=False) == []
    assert copied(cut=False) == []
    assert copied(cut=True) == AFTER_A_CUT


def test_the_anchor_is_for_its_owner_only_and_survives_nonsense(
    desk: Desk, desk_home: Path
) -> None:
    (file,) = (desk_home / "anchors").glob("*.json")
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("{", encoding="utf-8")
    assert failed(desk.store) == []
    assert "not seen this trail" in detail(desk.store, "end of the audit trail")
    desk.run("write_note", order_id=1, text="Anchored anew")
    assert anchor.remembered(desk.store).entries


def test_a_confirmed_import_is_said_and_is_no_damage(desk: Desk) -> None:
    with desk.store.write() as db:
        packed = importing.pack(b"order,sku")
        db.execute(import_files.insert(), [{
            "id": 1, "name": "a.csv", "sha256": packed.sha256, "content": packed.content,
            "format": "own", "kind": "orders", "channel": "own", "state": "confirmed",
            "options": {}, "actor": "Kim", "confirmed_at": NOW,
        }])  # fmt: skip
    assert failed(desk.store) == []
    assert "go on at the next start" in detail(desk.store, "imports")
    damage(desk, "UPDATE import_files SET state = 'half'")
    assert failed(desk.store) == ["imports"]


@pytest.fixture
def told(desk: Desk) -> Desk:
    """The same desk after its channel was told: one file of shipments, one of cancellations."""
    desk.now.at += timedelta(hours=1)  # type: ignore[attr-defined]
    exporter = FileExporter(desk)
    assert [exporter.export(1, kind).rows for kind in ("ship_confirm", "cancel")] == [1, 1]
    assert failed(desk.store) == []
    return desk


_SENT = "kind = 'ship_confirm' AND state = 'sent'"


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        pytest.param(f"UPDATE outbox_messages SET state = 'pending' WHERE {_SENT}",
                     "channel messages", id="told, and called waiting"),
        pytest.param("UPDATE outbox_messages SET state = 'pending', sent_at = NULL,"
                     f" export_file_id = NULL WHERE {_SENT}",
                     "files for channels", id="told, and every trace of it removed"),
        pytest.param(f"UPDATE outbox_messages SET export_file_id = NULL WHERE {_SENT}",
                     "channel messages", id="told in no file"),
        pytest.param(f"UPDATE outbox_messages SET state = 'dead' WHERE {_SENT}",
                     "channel messages", id="given up by nobody"),
        pytest.param(f"UPDATE outbox_messages SET state = 'zzz' WHERE {_SENT}",
                     "channel messages", id="a state that is none"),
        pytest.param("UPDATE outbox_messages SET state = 'in_doubt', sent_at = NULL,"
                     f" export_file_id = NULL WHERE {_SENT}",
                     "channel messages", id="in doubt without a restore"),
        pytest.param(f"UPDATE outbox_messages SET order_id = 2 WHERE {_SENT}",
                     "channel messages", id="told about another order"),
        pytest.param("UPDATE outbox_messages SET order_id = 2 WHERE kind = 'cancel'"
                     " AND state = 'sent'",
                     "channel messages", id="a cancellation of another order"),
        pytest.param("UPDATE outbox_messages SET export_file_id = 2"
                     f" WHERE {_SENT}", "files for channels", id="told in another file"),
        pytest.param("UPDATE export_files SET content = CAST('x' AS BLOB)",
                     "files for channels", id="a written file that was overwritten"),
    ],
)  # fmt: skip
def test_damage_to_what_channels_were_told_is_found(told: Desk, statement: str, check: str) -> None:
    if not told.store.is_sqlite:
        statement = statement.replace("CAST('x' AS BLOB)", "'x'::bytea")
    damage(told, statement)
    assert check in failed(told.store)


def test_a_message_that_goes_to_another_account_is_found(told: Desk) -> None:
    with told.store.write() as db:
        other = setup.account_for(db, "etsy", now=NOW)
    damage(told, f"UPDATE outbox_messages SET account_id = {other} WHERE {_SENT}")
    assert failed(told.store) == ["channel messages"]


@pytest.mark.parametrize(
    ("statement", "checks"),
    [
        pytest.param("UPDATE orders SET status = 'cancelled' WHERE number = '#3'",
                     {"orders", "cases"}, id="cancelled by nobody"),
        pytest.param("UPDATE orders SET status = 'shipped', is_short = (1 = 0) WHERE number = '#3'",
                     {"orders"}, id="shipped by nobody"),
        pytest.param("UPDATE orders SET status = 'partly_shipped' WHERE number = '#1'",
                     {"orders"}, id="partly shipped with nothing left"),
        pytest.param("UPDATE shipments SET tracking_number = 'X' WHERE id = 1",
                     {"shipments"}, id="another tracking number"),
        pytest.param("UPDATE operators SET role = 'viewer'", {"desk"}, id="a desk without an owner"),
        pytest.param("UPDATE operators SET role = 'king'", {"desk"}, id="a role that is none"),
    ],
)  # fmt: skip
def test_what_nobody_did_is_found(desk: Desk, statement: str, checks: set[str]) -> None:
    damage(desk, statement)
    assert checks == set(failed(desk.store))


def test_orders_that_came_as_shipped_or_cancelled_and_those_that_moved_on_are_sound(
    desk: Desk,
) -> None:
    take_in(desk, order("20", ("MUG", 1), state=ChannelState.SHIPPED),
            order("21", ("MUG", 1), state=ChannelState.CANCELLED), order("22", ("MUG", 1)),
            order("23", ("MUG", 1)))  # fmt: skip
    take_in(desk, order("22", ("MUG", 1), state=ChannelState.CANCELLED),
            order("20", ("MUG", 1), state=ChannelState.CANCELLED),
            order("23", ("MUG", 1), state=ChannelState.SHIPPED))  # fmt: skip
    with desk.store.read() as db:
        (key,) = db.execute(text("SELECT id FROM orders WHERE number = '#23'")).scalars()
    desk.run("close_as_shipped_elsewhere", order_id=key, reason="By the 3PL")
    assert failed(desk.store) == []


@pytest.mark.parametrize("quantity", [1, 3, 4, 0])
def test_another_number_of_kits_than_was_reserved_is_found(desk: Desk, quantity: int) -> None:
    desk.run("count", sku="MUG", location="EAST", counted=40, reason="Found")
    with desk.store.write() as db:
        known = catalogue.save_skus(db, [SkuRow("SET")], now=NOW)
        known.update(catalogue.save_skus(db, [SkuRow("MUG")], now=NOW))
        catalogue.save_kits(db, [KitRow("SET", "MUG", 2)], known, now=NOW)
    take_in(desk, order("30", ("SET", 2)))
    assert failed(desk.store) == []
    damage(desk, f"UPDATE order_lines SET quantity = {quantity} WHERE sku_text = 'SET'")
    assert "reservations" in failed(desk.store)


def test_a_recipe_that_changed_since_is_no_damage(desk: Desk) -> None:
    desk.run("count", sku="MUG", location="EAST", counted=40, reason="Found")
    with desk.store.write() as db:
        known = catalogue.save_skus(db, [SkuRow("SET"), SkuRow("MUG"), SkuRow("CUP")], now=NOW)
        catalogue.save_kits(db, [KitRow("SET", "MUG", 2)], known, now=NOW)
    take_in(desk, order("30", ("SET", 2)))
    for recipe in ([KitRow("SET", "MUG", 4)], [KitRow("SET", "CUP", 1)]):
        with desk.store.write() as db:
            catalogue.save_kits(db, recipe, known, now=NOW)
        assert failed(desk.store) == []


@pytest.mark.parametrize("column", ["content", "sha256"])
def test_an_imported_file_that_was_overwritten_is_found(desk: Desk, column: str) -> None:
    packed = importing.pack(b"sku,title\nNEW,New\n")
    parsed = ParsedFile("a.csv", "catalogue", FileKind.CATALOGUE, "", rows=1)
    with desk.store.write() as db:
        file = importing.begin(db, KIM, parsed=parsed, packed=packed, today=NOW.date(), now=NOW)
    assert failed(desk.store) == []
    other = importing.pack(b"sku,title\nEVIL,Evil\n")
    with desk.store.write() as db:
        db.execute(import_files.update().where(import_files.c.id == file.id)
                   .values(**{column: getattr(other, column)}))  # fmt: skip
    assert failed(desk.store) == ["imports"]
    with desk.store.write() as db:
        db.execute(import_files.update().values(content=other.content, sha256=other.sha256))
    assert failed(desk.store) == ["imports"]


@pytest.mark.parametrize("name", ["'garbled", '"../../elsewhere"', "12"])
def test_a_garbled_name_of_the_store_is_said(desk: Desk, name: str) -> None:
    if not desk.store.is_sqlite:
        pytest.skip("PostgreSQL keeps JSON whole")
    with desk.store.write() as db:
        db.execute(text("UPDATE settings SET value = :v WHERE name = 'store_id'"), {"v": name})
    assert failed(desk.store) == ["desk"]
    anchor.arrive(desk.store)
    assert not anchor.save(desk.store)
