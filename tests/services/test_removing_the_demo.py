"""After a look around, the desk is as new; nobody's own work ever goes with the demo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.changes import Changes
from app.domain.roles import Actor, Role
from app.errors import RefusedError
from app.models.governance import settings
from app.models.orders import orders
from app.models.schema import metadata
from app.services import demo, indexing
from app.services.desk import Desk
from app.services.first_run import demo_marks
from app.services.first_run.removing import OF_THE_HOUSE, OF_THE_TRADE
from app.services.opening import open_ready_store
from app.services.verifying import verify_store
from app.sync.files.exporter import FileExporter
from app.sync.files.importer import FileImporter
from tests.beginnings import Begun

NOW = datetime(2025, 11, 24, 17, 5, tzinfo=UTC)
OWN = """order_id,created_at,name,address1,city,state,zip,country,sku,title,quantity,unit_price,currency
2041,2025-11-24T09:14:00-05:00,Mara Lindqvist,14 Alder Ct,Portland,OR,97205,US,BOWL,Bowl,2,24.00,USD
"""


@pytest.fixture
def desk(begun: Begun) -> Iterator[Desk]:
    """Open a new desk whose owner has said who they are, and where they ship from."""
    made = opened(begun("an owner's new desk", make))
    yield made
    made.store.close()


@pytest.fixture
def toured(begun: Begun) -> Iterator[Desk]:
    """Open that desk with the demo in it."""
    made = opened(begun("an owner's desk with the demo", make_with_demo))
    yield made
    made.store.close()


def opened(url: str) -> Desk:
    store = open_ready_store(url, now=NOW)
    made = Desk(store, Actor("Owner", Role.OWNER), now=lambda: NOW)
    made.importer, made.exporter = FileImporter(made), FileExporter(made)
    return made


def make(url: str) -> None:
    made = opened(url)
    decide(made)
    made.store.close()


def make_with_demo(url: str) -> None:
    made = opened(url)
    decide(made)
    demo.fill(made, orders=70)
    made.store.close()


def decide(made: Desk) -> None:
    made.run("change_brand", changes={"brand_name": "Fictional Tea", "time_zone": "Asia/Tokyo"})
    made.run("change_location", code="MAIN", changes={"postcode": "97205", "cut_off": "16:00"})
    made.run("save_view", page="orders", name="Mugs", query="sku:MUG-*")


def contents(desk: Desk) -> dict[str, list[Any]]:
    """Return every row of the desk, but for its trail and the name that this computer knows it by."""
    with desk.store.read() as db:
        return {
            table.name: [
                tuple(row)
                for row in db.execute(select(table).order_by(*table.primary_key.columns))
                if table is not settings or row.name != "store_id"
            ]
            for table in metadata.sorted_tables
            if table.name != "audit_entries"
        }


def remove(desk: Desk) -> Changes:
    return desk.run("remove_demo")


def bring_in(desk: Desk, text: str, folder: Any) -> None:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    assert desk.importer is not None
    desk.importer.confirm(desk.importer.preview(path))


def test_the_desk_is_as_new_and_keeps_what_its_owner_decided(desk: Desk) -> None:
    before = contents(desk)
    demo.fill(desk, orders=70)
    while desk.write(indexing.read_on):
        pass
    ready = desk.read(lambda db: list(db.execute(select(orders.c.id).limit(3)).scalars()))
    desk.run("hold", order_ids=ready, reason="Trying it out")
    assert remove(desk).label.startswith("Remove the demo data (7")
    assert contents(desk) == before
    assert all(check.ok for check in verify_store(desk.store))


def test_the_demo_can_be_filled_in_again(toured: Desk) -> None:
    remove(toured)
    assert demo.fill(toured, orders=70)["orders"] >= 70
    assert all(check.ok for check in verify_store(toured.store))


def test_what_was_decided_for_the_desk_while_looking_around_stays(toured: Desk) -> None:
    toured.run("add_location", code="ATTIC", name="Attic")
    toured.run("add_operator", name="Ann", role="operator")
    remove(toured)
    rows = contents(toured)
    assert [row[1] for row in rows["locations"]] == ["MAIN", "ATTIC"]
    assert [row[1] for row in rows["operators"]] == ["Owner", "Ann"]
    assert all(check.ok for check in verify_store(toured.store))


def test_a_channels_own_warehouse_added_meanwhile_keeps_the_account_that_it_belongs_to(
    toured: Desk,
) -> None:
    toured.run("add_location", code="FBA", name="Amazon's warehouse", kind="fba", channel="amazon")
    remove(toured)
    rows = contents(toured)
    assert [row[1] for row in rows["locations"]] == ["MAIN", "FBA"]
    assert len(rows["channel_accounts"]) == 1
    assert all(check.ok for check in verify_store(toured.store))


def test_rules_that_were_written_before_stay_in_force(desk: Desk) -> None:
    text = "rule Big orders\n  if   total:>500\n  tag  big\n"
    desk.run("save_rules", text=text, reason="Ours")
    desk.run("activate_rules")
    before = contents(desk)["rulebooks"]
    demo.fill(desk, orders=70)
    remove(desk)
    assert contents(desk)["rulebooks"] == before


def test_own_orders_among_the_demo_are_never_lost(toured: Desk, tmp_path: Any) -> None:
    bring_in(toured, OWN, tmp_path)
    before = contents(toured)
    with pytest.raises(RefusedError) as refused:
        remove(toured)
    assert refused.value.title.startswith("1 order and 1 file of your own came in")
    assert contents(toured) == before


def test_once_own_imports_are_taken_back_the_demo_goes(toured: Desk, tmp_path: Any) -> None:
    bring_in(toured, OWN, tmp_path)
    newest = max(row[0] for row in contents(toured)["import_files"])
    toured.run("take_back_import", import_id=newest)
    remove(toured)
    assert contents(toured)["orders"] == []


def test_a_desk_without_a_demo_refuses(busy: Desk) -> None:
    with pytest.raises(RefusedError, match="no demo data"):
        remove(busy)


def test_every_table_either_stays_or_goes() -> None:
    """Whoever adds a table says whether it holds what an owner decided."""
    assert not OF_THE_HOUSE & OF_THE_TRADE
    assert set(metadata.tables) == OF_THE_HOUSE | OF_THE_TRADE


def test_what_stays_names_nothing_that_goes(desk: Desk) -> None:
    """A row that stays must not point at one that is gone."""
    assert set(metadata.tables) >= OF_THE_HOUSE
    for name in OF_THE_HOUSE:
        for key in metadata.tables[name].foreign_keys:
            assert key.column.table.name in OF_THE_HOUSE, name
    assert desk.read(demo_marks.read) is None
