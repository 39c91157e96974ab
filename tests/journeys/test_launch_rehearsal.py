"""The demo's shop prepares a launch: its list finds what is wrong, and what it says runs out does run out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from app.domain.launching.checklist import Point, check
from app.models.catalogue import kit_components, sku_aliases, skus
from app.models.identity import Identity
from app.models.inbound import expected_receipt_lines, expected_receipts
from app.models.kits import contents
from app.models.orders import order_lines, orders
from app.models.promising.sheet import Account, accounts
from app.services import demo
from app.services.launching.readiness import listed_skus, readiness
from app.services.launching.rehearsing import rehearse
from tests.beginnings import begin
from tests.builders import an_order
from tests.journeys.driver import DeskDriver

UPLIFT, WEEKS_SEEN, DAYS = 80, 28, 14
Pace = dict[str, Counter[str]]


def _demo(url: str) -> None:
    driver = DeskDriver.at(url)
    demo.fill(driver.desk, orders=100)
    driver.store.close()


def opened(folder: Path, name: str) -> DeskDriver:
    url = f"sqlite:///{folder / name}.sqlite"
    begin(url, "a demo of 100 orders", _demo)
    return DeskDriver(url)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskDriver]:
    driver = opened(tmp_path, "demo")
    yield driver
    driver.store.close()


def shop(desk: DeskDriver) -> Account:
    return next(each for each in desk.desk.read(accounts) if each.channel == "woocommerce")


def found(desk: DeskDriver) -> dict[Point, list[str]]:
    there = desk.desk.read(readiness, shop(desk), now=desk.clock)
    return {each.point: [one.subject for one in each.findings] for each in check(there)}


def test_the_list_finds_each_fault_that_is_planted(desk: DeskDriver) -> None:
    planted = (Point.CODES, Point.BARCODES, Point.SAME_BARCODE, Point.KITS, Point.POLICY)
    assert [point for point in planted if found(desk)[point]] == []
    with desk.reading() as db:
        known = {row.code: row for row in db.execute(select(skus))}
        code = db.execute(select(sku_aliases).where(
            sku_aliases.c.account_id == shop(desk).id, sku_aliases.c.alias == "tea-hoj-100")).one()  # fmt: skip
    twin = known["TEA-HOJ-100"].barcode
    edit = [known["TEA-EGR-100"].id], [known["TEA-BRK-100"].id]
    desk.desk.run("edit_skus", sku_ids=edit[0], changes={"barcode": twin})
    desk.desk.run("edit_skus", sku_ids=edit[1], changes={"barcode": "041007700013"})
    desk.desk.run("unlink", alias_id=code.id)
    desk.desk.run("save_sheet", channels={"woocommerce": {"price_owner": "nobody"}})
    desk.desk.write(lambda db: _in_itself(db, known["KIT-TWO-001"].id, known["KIT-WKD-001"].id))
    assert {point: found(desk)[point] for point in planted} == {
        Point.CODES: ["tea-hoj-100"],
        Point.BARCODES: ["TEA-BRK-100"],
        Point.SAME_BARCODE: [twin],
        Point.KITS: ["KIT-TWO-001"],
        Point.POLICY: ["price_owner"],
    }


def _in_itself(db: Connection, kit: int, around: int) -> None:
    """Put a kit into itself, as no operation would and a mended table may."""
    new_id = Identity(db, kit_components).take(kit_components)
    row = {"id": new_id, "kit_id": kit, "component_id": around, "quantity": 1}
    db.execute(kit_components.insert(), [row])


def test_what_the_forecast_names_runs_out_in_the_launch_and_nothing_else(
    desk: DeskDriver, tmp_path: Path
) -> None:
    starved = desk.desk.read(rehearse, shop(desk).id, uplift=UPLIFT, now=desk.clock)
    usual, more = pace(desk)
    quiet = opened(tmp_path, "quiet")
    without = short_after(quiet, usual)
    quiet.store.close()
    with_it = short_after(desk, {**usual, "new": more})
    assert starved
    assert {each.sku: sum(each.missed.values()) for each in starved} == dict(with_it - without)


def pace(desk: DeskDriver) -> tuple[Pace, Counter[str]]:
    """Return the units of four weeks by channel, and what the launch would sell on top."""
    line, usual = order_lines.c, defaultdict[str, Counter[str]](Counter)
    with desk.reading() as db:
        rows = db.execute(
            select(orders.c.channel, line.sku_id, line.quantity * line.pack)
            .join(orders, orders.c.id == line.order_id)
            .where(orders.c.placed_at >= desk.clock - timedelta(days=WEEKS_SEEN),
                   orders.c.status.not_in(("cancelled", "taken_back")),
                   ~orders.c.fulfilled_by_channel, line.sku_id.is_not(None))
        ).all()  # fmt: skip
        listed = listed_skus(db, shop(desk).id)
        inside = contents(db, listed | {sku for _channel, sku, _units in rows})
        codes = dict(db.execute(select(skus.c.id, skus.c.code)).all())
        offered = {codes[part] for sku in listed for part in inside.get(sku, {sku: 1})}
    for channel, sku, units in rows:
        for part, each in inside.get(sku, {sku: 1}).items():
            usual[channel][codes[part]] += units * each
    total = sum(usual.values(), Counter[str]())
    return usual, Counter({sku: total[sku] * UPLIFT // 100 for sku in offered})


def short_after(desk: DeskDriver, pace: Pace) -> Counter[str]:
    """Sell two weeks at a pace, unit by unit; return the units of each SKU that buyers wait for in vain."""
    begun = desk.clock
    for day in range(DAYS):
        desk.clock = begun + timedelta(days=day)
        arrive(desk)
        for channel, sold in sorted(pace.items()):
            at = "woocommerce" if channel == "new" else channel
            lines = [(sku, 1) for sku, units in sorted(sold.items())
                     for _unit in range(units * (day + 1) // WEEKS_SEEN - units * day // WEEKS_SEEN)]  # fmt: skip
            if lines:
                desk.takes_in(
                    an_order(f"L-{channel}-{day}", *lines, channel=at, placed_at=desk.clock)
                )
    query = (
        select(skus.c.code, order_lines.c.id)
        .join(order_lines, order_lines.c.sku_id == skus.c.id)
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(order_lines.c.claim == "short", orders.c.number.like("L-%"))
    )
    with desk.reading() as db:
        return Counter(row.code for row in db.execute(query))


def arrive(desk: DeskDriver) -> None:
    """Receive what is due by today."""
    for receipt, lines in due(desk).items():
        desk.desk.run("receive_expected", receipt_id=receipt, arrived=lines)


def due(desk: DeskDriver) -> dict[int, Any]:
    line, found = expected_receipt_lines.c, defaultdict[int, dict[str, int]](dict)
    midnight = datetime.combine(desk.clock.date() + timedelta(days=1), time(), UTC)
    query = (
        select(line.receipt_id, skus.c.code, line.outstanding)
        .join(expected_receipts, expected_receipts.c.id == line.receipt_id)
        .join(skus, skus.c.id == line.sku_id)
        .where(
            line.outstanding > 0,
            expected_receipts.c.expected_at < midnight,
        )
    )
    with desk.reading() as db:
        for receipt, sku, units in db.execute(query):
            found[receipt][sku] = units
    return found
