"""Any minute can be asked: what was there, what each channel was told, and why an order fell short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain.orders import IncomingOrder
from app.domain.promising.gap import explain
from app.queries.time_machine import at_moment, levels, oversold
from tests.journeys.driver import DeskDriver
from tests.services.promising.test_publishing import lists
from tests.sync.test_exporter import an_order


@pytest.fixture
def desk(database_url: str) -> Iterator[DeskDriver]:
    """Open a desk with four mugs, sold on two channels."""
    driver = DeskDriver(database_url)
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
