"""What an import brought can be taken back, as far as nobody has worked on it since; nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.changes import Changes
from app.domain.importing import ImportReport
from app.domain.roles import Actor, Role
from app.errors import NotAllowedError, NotFoundError, RefusedError
from app.models.exchange import import_files
from app.models.inventory import network_stock, stock_levels
from app.models.orders import orders
from app.queries.files import import_worth
from app.queries.orders import count_orders
from app.services.desk import Desk
from app.services.taking_imports_back import brought
from app.services.undoing import take_back
from app.services.verifying import verify_store
from app.sync.files.importer import FileImporter
from tests.queries import brand

HEADER = "order_id,created_at,name,address1,city,state,zip,country,sku,title,quantity,unit_price,currency"
ROW = "{id},2026-10-12T09:00:00-04:00,Ada Byron,1 Main St,Austin,TX,{zip},US,{sku},Earl Grey,{units},15.00,USD"


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    opened = brand.stocked_desk(database_url)
    opened.importer = FileImporter(opened)
    yield opened
    opened.store.close()


def row(number: int, units: int = 1, sku: str = "TEA-001", postcode: str = "78701") -> str:
    return ROW.format(id=number, units=units, sku=sku, zip=postcode)


def a_file(folder: Path, *rows: str, name: str = "orders.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def importing(desk: Desk, path: Path) -> ImportReport:
    assert desk.importer is not None
    return desk.importer.confirm(desk.importer.preview(path))


def taken_back(desk: Desk, report: ImportReport) -> Changes:
    return desk.run("take_back_import", import_id=report.import_id)


def statuses(desk: Desk) -> dict[str, str]:
    query = select(orders.c.number, orders.c.status).order_by(orders.c.number)
    return desk.read(lambda db: dict(db.execute(query).all()))


def reserved(desk: Desk) -> int:
    query = select(network_stock.c.reserved)
    return desk.read(lambda db: sum(map(int, db.execute(query).scalars())))


def on_hand(desk: Desk) -> list[int]:
    level = stock_levels.c
    query = select(level.on_hand).order_by(level.sku_id, level.location_id)
    return desk.read(lambda db: list(db.execute(query).scalars()))


def states_of_files(desk: Desk) -> list[str]:
    query = select(import_files.c.state).order_by(import_files.c.id)
    return desk.read(lambda db: list(db.execute(query).scalars()))


def assert_sound(desk: Desk) -> None:
    wrong = [check.detail for check in verify_store(desk.store) if not check.ok]
    assert not wrong


def test_orders_that_nobody_touched_are_withdrawn_and_their_units_are_free(
    desk: Desk, tmp_path: Path
) -> None:
    before = reserved(desk)
    report = importing(desk, a_file(tmp_path, row(5001, 2), row(5002), row(5003, 1, "NEW-THING")))
    assert reserved(desk) == before + 3
    changes = taken_back(desk, report)
    assert len(changes.done) == 3
    assert not changes.skipped
    assert set(statuses(desk).values()) == {"taken_back"}
    assert reserved(desk) == before
    assert desk.read(count_orders, now=brand.NOW, query="is:active") == 0
    assert desk.read(count_orders, now=brand.NOW, query="is:taken_back") == 3
    assert states_of_files(desk) == ["taken_back"]
    assert_sound(desk)


def test_the_same_file_brings_everything_back(desk: Desk, tmp_path: Path) -> None:
    path = a_file(tmp_path, row(5001, 2), row(5002, postcode="7"), row(5003, 1, "NEW-THING"))
    first = importing(desk, path)
    held = reserved(desk)
    taken_back(desk, first)
    assert desk.importer is not None
    foreseen = desk.importer.preview(path).report
    again = importing(desk, path)
    assert (again.orders_new, again.lines_new, again.unchanged) == (3, 3, 0)
    assert (foreseen.orders_new, foreseen.lines_new) == (again.orders_new, again.lines_new)
    assert sorted(foreseen.holds) == sorted(again.holds) == sorted(first.holds)
    assert set(statuses(desk).values()) == {"open"}
    assert reserved(desk) == held
    assert states_of_files(desk) == ["taken_back", "done"]
    assert_sound(desk)
    assert len(taken_back(desk, again).done) == 3
    assert_sound(desk)


def test_what_was_worked_on_since_is_left_alone_and_named(desk: Desk, tmp_path: Path) -> None:
    rows = [row(number) for number in range(5001, 5006)]
    report = importing(desk, a_file(tmp_path, *rows))
    query = select(orders.c.number, orders.c.id)
    by_number = desk.read(lambda db: dict(db.execute(query).all()))
    desk.run("accept", order_ids=[by_number["5001"]])
    desk.run("write_note", order_id=by_number["5002"], text="Call first")
    desk.run("hold", order_ids=[by_number["5003"]], reason="Ask the buyer")
    desk.run("correct_address", order_id=by_number["5004"], changes={"ship_city": "Dallas"},
             reason="Typo")  # fmt: skip
    changes = taken_back(desk, report)
    assert {each.subject: each.reason for each in changes.skipped} == {
        "5001": "it is accepted",
        "5002": "somebody wrote a note on it",
        "5003": "somebody holds it",
        "5004": "its address was corrected",
    }
    assert statuses(desk) == {
        "5001": "accepted", "5002": "open", "5003": "open", "5004": "open", "5005": "taken_back",
    }  # fmt: skip
    assert_sound(desk)


def test_an_acceptance_that_was_taken_back_first_is_no_obstacle(desk: Desk, tmp_path: Path) -> None:
    report = importing(desk, a_file(tmp_path, row(5001)))
    accepted = desk.run("accept", order_ids=[1])
    assert accepted.undo is not None
    desk.undo(accepted.undo)
    assert len(taken_back(desk, report).done) == 1
    assert_sound(desk)


def test_an_order_that_another_file_brings_too_comes_back_with_that_file(
    desk: Desk, tmp_path: Path
) -> None:
    one = importing(desk, a_file(tmp_path, row(5001), row(5002)))
    other = a_file(tmp_path, row(5002), row(5003), name="more.csv")
    importing(desk, other)
    taken_back(desk, one)
    assert statuses(desk) == {"5001": "taken_back", "5002": "taken_back", "5003": "open"}
    importing(desk, other)
    assert statuses(desk) == {"5001": "taken_back", "5002": "open", "5003": "open"}
    assert_sound(desk)


def test_a_change_on_which_nobody_has_decided_is_put_aside(desk: Desk, tmp_path: Path) -> None:
    importing(desk, a_file(tmp_path, row(5001)))
    path = a_file(tmp_path, row(5001, 3), name="later.csv")
    later = importing(desk, path)
    assert later.changed == 1
    changes = taken_back(desk, later)
    assert len(changes.done) == 1
    assert desk.read(count_orders, now=brand.NOW, query="is:changed") == 0
    assert desk.read(count_orders, now=brand.NOW, query="is:held") == 0
    assert_sound(desk)
    assert importing(desk, path).changed == 1
    assert_sound(desk)


def test_many_orders_are_taken_back_a_part_at_a_time_as_one_step(
    desk: Desk, tmp_path: Path
) -> None:
    report = importing(desk, a_file(tmp_path, *(row(6000 + n) for n in range(450))))
    receipt = desk.read(brought, report.import_id)
    assert receipt.label == "Import of orders.csv"
    assert receipt.undo is not None
    parts = list(take_back(desk, receipt.undo))
    assert [len(part.done) for part in parts] == [200, 200, 50]
    assert set(statuses(desk).values()) == {"taken_back"}
    assert_sound(desk)


def test_stock_goes_back_by_as_much_as_the_file_moved_it(desk: Desk, tmp_path: Path) -> None:
    before = on_hand(desk)
    path = a_file(tmp_path, "TEA-001,GARAGE,77", "MUG-BLUE,SHOP,3", name="stock.csv",
                  header="sku,location,on_hand")  # fmt: skip
    report = importing(desk, path)
    assert on_hand(desk) != before
    assert taken_back(desk, report).done
    assert on_hand(desk) == before
    assert_sound(desk)
    importing(desk, path)
    assert on_hand(desk) != before
    assert_sound(desk)


def test_stock_that_was_counted_since_stays_as_it_was_counted(desk: Desk, tmp_path: Path) -> None:
    path = a_file(tmp_path, "TEA-001,GARAGE,77", name="stock.csv", header="sku,location,on_hand")
    report = importing(desk, path)
    desk.run("count", sku="TEA-001", location="GARAGE", counted=70, reason="Counted again")
    counted = on_hand(desk)
    changes = taken_back(desk, report)
    assert not changes.done
    assert [each.reason for each in changes.skipped] == ["it was counted since"]
    assert on_hand(desk) == counted


def test_who_only_looks_takes_nothing_back(desk: Desk, tmp_path: Path) -> None:
    report = importing(desk, a_file(tmp_path, row(5001)))
    desk.actor = Actor("Vic", Role.VIEWER)
    with pytest.raises(NotAllowedError):
        taken_back(desk, report)
    assert statuses(desk) == {"5001": "open"}


def test_a_file_that_moved_nothing_says_so(desk: Desk, tmp_path: Path) -> None:
    path = a_file(tmp_path, "GIFT-SET,TEA-001,4", name="kits.csv", header="kit,component,quantity")
    report = importing(desk, path)
    with pytest.raises(RefusedError, match="nothing to take back"):
        taken_back(desk, report)
    with pytest.raises(NotFoundError):
        desk.run("take_back_import", import_id=999)


def test_orders_are_found_by_the_file_that_brought_them(desk: Desk, tmp_path: Path) -> None:
    first = importing(desk, a_file(tmp_path, row(5001), row(5002)))
    importing(desk, a_file(tmp_path, row(5003), name="more.csv"))
    for query in (f"import:{first.import_id}", "import:orders.csv", "file:orders*"):
        assert desk.read(count_orders, now=brand.NOW, query=query) == 2
    assert desk.read(count_orders, now=brand.NOW, query="import:more.csv") == 1
    assert desk.read(import_worth, first.import_id) == [("USD", 3000)]
