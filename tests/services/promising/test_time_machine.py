"""Any minute can be asked: what was there, what each channel was told, and why an order fell short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from app.domain.orders import IncomingOrder
from app.domain.promising.gap import explain
from app.models.catalogue import skus
from app.queries.time_machine import at_moment, levels, oversold
from app.services import stock
from tests.beginnings import Begun
from tests.journeys.driver import DeskDriver
from tests.services.promising.test_publishing import lists
from tests.sync.test_exporter import an_order


@pytest.fixture
def desk(begun: Begun) -> Iterator[DeskDriver]:
    """Open a desk with four mugs, sold on two channels."""
    driver = DeskDriver.begun(begun)
    driver.keeps_stock_at("STUDIO", "Studio", "02139")
    driver.sells("MUG", "Blue mug", STUDIO=4)
    for channel in ("shopify", "etsy"):
        lists(driver, channel, "MUG")
    yield driver
    driver.store.close()


def placed_now(desk: DeskDriver, number: str, units: int) -> IncomingOrder:
    """Return an order on Etsy that is placed at this moment, an hour before it comes in."""
    order = an_order(number, ("MUG", units), channel="etsy")
    return replace(order, placed_at=desk.clock - timedelta(hours=1))


def test_a_moment_knows_what_each_channel_was_told_and_showed(desk: DeskDriver) -> None:
    desk.desk.publish()
    desk.exports("etsy", "quantity")
    told = desk.clock
    desk.waits(timedelta(minutes=30)).takes_in(an_order("S-1", ("MUG", 3), channel="shopify"))
    desk.desk.publish()
    sold = desk.clock
    desk.waits(timedelta(minutes=10)).exports("etsy", "quantity")

    def etsy(at: datetime) -> tuple[Any, ...]:
        then = desk.desk.read(at_moment, "MUG", at=at)
        row = next(each for each in then.accounts if each.channel == "etsy")
        return (then.for_sale, row.right, row.told, row.told_at, row.waiting, row.off)

    assert etsy(told) == (4, 4, 4, told, None, 0)
    assert etsy(sold) == (1, 1, 4, told, 1, 3)
    assert etsy(desk.clock) == (1, 1, 1, desk.clock, None, 0)
    assert etsy(told - timedelta(days=1))[:4] == (0, None, None, None)
    events = desk.desk.read(at_moment, "MUG", at=sold).events
    assert [each.order_number for each in events][:1] == ["S-1"]


def test_a_short_order_says_by_how_much_and_what_sold_meanwhile(desk: DeskDriver) -> None:
    desk.desk.publish()
    desk.exports("etsy", "quantity")
    start = desk.clock
    desk.waits(timedelta(minutes=20)).takes_in(an_order("S-1", ("MUG", 3), channel="shopify"))
    desk.desk.publish()
    desk.waits(timedelta(hours=3)).takes_in(placed_now(desk, "E-1", 2))
    desk.exports("etsy", "quantity")
    [gap] = desk.desk.read(oversold, desk.order("E-1").id)
    assert (gap.asked, gap.left, gap.missing) == (2, 1, 1)
    assert [(each.units, each.order) for each in gap.taken] == [(3, "S-1")]
    story = " ".join(explain(gap, lambda at: f"+{round((at - start).total_seconds() / 60)} min"))
    assert "asked for 2 × MUG on Etsy" in story
    assert "Etsy had last been told 4, at +0 min." in story
    assert "3 were sold: 3 on Shopify (order S-1) at +20 min" in story
    assert "The next number, 1, was worked out at +20 min" in story
    assert desk.desk.read(oversold, desk.order("S-1").id) == []


def test_the_curve_of_stock_ends_at_what_is_there(desk: DeskDriver) -> None:
    desk.waits(timedelta(minutes=20)).takes_in(an_order("S-1", ("MUG", 3), channel="shopify"))
    curve = desk.desk.read(levels, "MUG", since=desk.clock - timedelta(days=1))
    assert [(each.units, each.sold) for each in curve] == [(4, 0), (1, 3)]


def test_safety_stock_kits_and_deliveries_are_as_they_were_then(desk: DeskDriver) -> None:
    desk.sells("LID", "Lid", STUDIO=12).sells_kit("BOX", "Box", {"MUG": 1, "LID": 1})
    lists(desk, "etsy", "BOX")
    desk.desk.run("save_sheet", channels={"etsy": {"incoming": "all"}})
    began = desk.clock

    def told(sku: str, at: datetime) -> int | None:
        accounts = desk.desk.read(at_moment, sku, at=at).accounts
        return next(each.right for each in accounts if each.channel == "etsy")

    _keep_back(desk, MUG=3)
    safe = desk.waits(timedelta(hours=1)).clock
    desk.waits().desk.run("set_kit", kit="BOX", contents={"LID": 4})
    lids = desk.waits(timedelta(hours=1)).clock
    coming = desk.waits().desk.run("expect", location="STUDIO", lines=[("LID", 8)])
    sure = desk.waits(timedelta(hours=1)).clock
    desk.waits().desk.run("receive_expected", receipt_id=coming.done[0], arrived={"LID": 8})
    _keep_back(desk, MUG=0)
    desk.desk.run("set_kit", kit="BOX", contents={})

    assert [told("MUG", at) for at in (began, safe, sure, desk.clock)] == [4, 1, 1, 4]
    assert told("BOX", safe) == 1  # one of the four mugs is for sale
    assert told("BOX", lids) == 3  # of four lids each
    assert told("BOX", sure) == 5  # eight lids are on their way
    assert told("BOX", desk.clock) is None  # no kit any more, and nobody has counted it


def _keep_back(desk: DeskDriver, **units: int) -> None:
    """Set the safety stock in the studio, as a stock file does."""
    desk.waits(timedelta(minutes=1))
    place = desk.place("STUDIO")

    def work(db: Connection) -> None:
        ids = {row.code: row.id for row in db.execute(select(skus.c.code, skus.c.id))}
        wanted = {(ids[code], place): count for code, count in units.items()}
        stock.set_safety_stock(db, wanted, now=desk.clock)

    desk.desk.write(work)


def test_a_kit_shows_what_its_scarcest_part_allowed_and_what_was_sold(desk: DeskDriver) -> None:
    desk.sells("TEA", "Tin of tea", STUDIO=9)
    desk.sells_kit("SET", "Tea and a mug", {"TEA": 3, "MUG": 1})
    first = desk.clock
    desk.waits(timedelta(hours=1)).takes_in(an_order("S-1", ("SET", 2), channel="shopify"))
    kit = desk.clock
    desk.waits(timedelta(hours=1)).takes_in(an_order("S-2", ("MUG", 2), channel="shopify"))
    found = desk.desk.read(levels, "SET", since=first - timedelta(days=9))
    # Four mugs and nine tins make three sets; two of them are sold, then the last mugs.
    assert [(each.units, each.sold) for each in found if each.at >= first] == [
        (3, 0),
        (1, 2),
        (0, 0),
    ]
    assert found[-2].at == kit
    assert desk.desk.read(at_moment, "SET", at=kit).is_kit
