"""Once an order is over for long enough, does anything still say who its buyer was?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.roles import Actor, Role
from app.errors import NotAllowedError, RefusedError
from app.models.orders import orders
from app.models.schema import metadata
from app.services.backing_up import back_up_if_due
from app.services.backup_schedule import kept_backups, schedule
from app.services.forgetting import forget_buyers
from app.services.verifying import verify_store
from app.sync.loopback.shop import Sold
from tests.beginnings import Begun
from tests.sync.live.practice import HOME
from tests.sync.live.world import World, world

ADDRESS = replace(HOME, name="Zebedee Quux", line1="77 Canary Walk", city="Canaryville",
                  postcode="62799", phone="+1 555 0100777")  # fmt: skip
NAMED = ("Zebedee", "Canary", "62799", "0100777", "canary@buyers", "Ring the canary")


@pytest.fixture
def desk(begun: Begun) -> Iterator[World]:
    """A desk at which an order came in, left, and was told; and a newer one that has just left."""
    with world(begun, "shopify") as made:
        made.stock("MUG", 40)
        old = sell(made)
        made.cycle()
        made.desk.run("write_note", order_id=made.order(old).id, text="Zebedee called")
        sold_again(made, old)
        leave(made)
        made.clock.pass_by(40 * 86_400)
        sell(made)
        leave(made)
        yield made


def sell(made: World) -> Sold:
    shop = made.shops["shopify"]
    sold = shop.place([("MUG", 1)], ADDRESS, buyer=ADDRESS.name, email="canary@buyers.example",
                      note="Ring the canary")  # fmt: skip
    assert sold is not None
    return sold


def sold_again(made: World, sold: Sold) -> None:
    """The buyer changes the address, and the change is taken over."""
    sold.ship_to = replace(sold.ship_to, line1="78 Canary Walk")
    made.shops["shopify"].changed(sold)
    made.cycle()
    made.desk.run("take_over_change", order_id=made.order(sold).id)


def leave(made: World) -> None:
    for _ in range(2):
        made.cycle()
        made.ship_everything()
    made.until_quiet()
    made.cycle()


def naming(made: World) -> list[str]:
    """Return where anything of the old order, or of nobody's, still names its buyer."""
    found = []
    newest = made.desk.read(lambda db: max(db.execute(select(orders.c.id)).scalars()))
    key = made.desk.read(
        lambda db: db.execute(
            select(orders.c.external_id).where(orders.c.id == newest)
        ).scalar_one()
    )
    with made.desk.store.read() as db:
        for table in metadata.sorted_tables:
            for row in db.execute(select(table)).mappings():
                mine = newest in (row.get("order_id"), row["id"] if table is orders else None)
                if mine or key == row.get("external_id"):
                    continue
                found += [
                    f"{table.name}.{x}" for x, y in row.items() for w in NAMED if w in repr(y)
                ]
    return found


def test_the_old_order_names_nobody_and_the_new_one_still_does(desk: World) -> None:
    before = totals(desk)
    assert naming(desk)
    done = forget_buyers(desk.desk, days=30)
    assert (done.orders, done.kept, done.is_journal_empty) == (1, 0, True)
    assert naming(desk) == []
    rows = desk.desk.read(lambda db: db.execute(select(orders).order_by(orders.c.id)).all())
    assert (rows[0].ship_name, rows[0].ship_state, rows[0].ship_postcode) == ("", "IL", "627")
    assert rows[1].ship_name == ADDRESS.name
    assert totals(desk) == before
    assert [each for each in verify_store(desk.desk.store) if not each.ok] == []


def totals(made: World) -> list[tuple[object, ...]]:
    wanted = (orders.c.id, orders.c.total, orders.c.units, orders.c.status, orders.c.ship_country)
    query = select(*wanted).order_by(orders.c.id)
    return made.desk.read(lambda db: [tuple(row) for row in db.execute(query)])


def test_what_the_channel_still_knows_does_not_come_back(desk: World) -> None:
    forget_buyers(desk.desk, days=30)
    shop = desk.shops["shopify"]
    old = min(shop.orders.values(), key=lambda sold: sold.placed_at)
    old.note = "Ring the canary twice"
    shop.changed(old)
    desk.cycle()
    assert naming(desk) == []


def test_a_second_time_there_is_nothing_to_forget(desk: World) -> None:
    forget_buyers(desk.desk, days=30)
    assert forget_buyers(desk.desk, days=30).orders == 0


def test_an_order_with_an_open_case_is_left(desk: World) -> None:
    old = min(desk.shops["shopify"].orders.values(), key=lambda sold: sold.placed_at)
    old.ship_to = replace(old.ship_to, line1="79 Canary Walk")
    desk.shops["shopify"].changed(old)
    desk.cycle()
    done = forget_buyers(desk.desk, days=30)
    assert (done.orders, done.kept) == (0, 1)


def test_only_the_owner_forgets_and_never_what_is_under_way(desk: World) -> None:
    with pytest.raises(RefusedError):
        forget_buyers(desk.desk, days=0)
    desk.desk.actor = Actor("Ann", Role.OPERATOR)
    with pytest.raises(NotAllowedError):
        forget_buyers(desk.desk, days=30)


def test_no_byte_of_the_file_and_no_backup_names_them(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with world(f"sqlite:///{tmp_path / 'desk.db'}", "shopify") as made:
        made.desk.run("set_backup_schedule", every="day", folder=str(folder))
        made.stock("MUG", 40)
        sell(made)
        leave(made)
        back_up_if_due(made.desk)
        made.clock.pass_by(40 * 86_400)
        done = forget_buyers(made.desk, days=30)
        assert (done.orders, done.backups) == (1, 1)
        assert len(kept_backups(made.desk.store, made.desk.read(schedule))) == 1
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            assert not [w for w in NAMED if w.lower().encode() in content], path.name
