"""A channel is planned, looked at, rehearsed, opened, throttled and closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from app.domain.importing import ListingRow
from app.domain.launching.checklist import SIGNABLE, SIGNED, Point, check
from app.errors import RefusedError
from app.models.catalogue import skus
from app.models.orders import order_lines
from app.models.promising.sheet import accounts, sheet
from app.services.launching.closing import course
from app.services.launching.launches import Launch, all_launches
from app.services.launching.readiness import readiness
from app.services.launching.rehearsing import rehearse
from app.services.syncing import offers
from tests.beginnings import Begun
from tests.builders import an_order
from tests.journeys.driver import DeskDriver


@pytest.fixture
def desk(begun: Begun) -> Iterator[DeskDriver]:
    """Open a desk that sold a TEA and half a MUG a day on Etsy for four weeks."""
    driver = DeskDriver.begun(begun)
    driver.keeps_stock_at("STUDIO", "Studio", "02139")
    driver.sells("TEA", "Green tea", STUDIO=28 + 15)
    driver.sells("MUG", "Blue mug", STUDIO=14 + 60)
    driver.sells_kit("SET", "Tea and a mug", {"TEA": 1, "MUG": 1})
    start = driver.clock
    for day in range(28):
        lines = (("TEA", 1), ("MUG", 1)) if day % 2 else (("TEA", 1),)
        at = start - timedelta(days=27 - day, hours=3)
        driver.takes_in(an_order(f"E-{day}", *lines, channel="etsy", placed_at=at))
        driver.accepts(f"E-{day}")
    driver.account("walmart")
    yield driver
    driver.store.close()


def lists(desk: DeskDriver, *codes: str) -> None:
    rows = [ListingRow("walmart", code, f"W-{code}", code) for code in codes]
    account = desk.account("walmart")
    desk.desk.write(lambda db: offers.take_listings(db, account, rows, now=desk.clock))


def barcode(desk: DeskDriver, sku: str, number: str) -> None:
    def read(db: Connection) -> int:
        return int(db.execute(select(skus.c.id).where(skus.c.code == sku)).scalar_one())

    ids = [desk.desk.read(read)]
    desk.desk.run("edit_skus", sku_ids=ids, changes={"barcode": number})


def planned(desk: DeskDriver, uplift: int = 50) -> Launch:
    desk.desk.run("plan_launch", account_id=desk.account("walmart"), uplift=uplift)
    return desk.desk.read(all_launches)[0]


def left(desk: DeskDriver) -> set[Point]:
    account = next(each for each in desk.desk.read(accounts) if each.channel == "walmart")
    there = desk.desk.read(readiness, account, now=desk.clock)
    return {each.point for each in check(there) if not each.is_fine}


def short_skus(desk: DeskDriver) -> set[str]:
    query = (
        select(skus.c.code)
        .join(order_lines, order_lines.c.sku_id == skus.c.id)
        .where(order_lines.c.claim == "short")
    )

    def read(db: Connection) -> set[str]:
        return set(db.execute(query).scalars())

    return desk.desk.read(read)


def test_the_forecast_names_what_then_does_run_out(desk: DeskDriver) -> None:
    lists(desk, "TEA", "MUG")
    launch = planned(desk)
    starved = desk.desk.read(rehearse, launch.account.id, uplift=50, now=desk.clock)
    assert [each.sku for each in starved] == ["TEA"]
    assert starved[0].runs_out_on == 10
    for day in range(14):  # what was forecast happens
        lines = (("TEA", 1), ("MUG", 1)) if day % 2 else (("TEA", 1),)
        desk.takes_in(an_order(f"N-{day}", *lines, channel="etsy", placed_at=desk.clock))
        if day % 2:
            desk.takes_in(an_order(f"W-{day}", ("TEA", 1), channel="walmart", placed_at=desk.clock))
        desk.clock += timedelta(days=1)
    assert short_skus(desk) == {"TEA"}


def test_a_kit_takes_from_what_is_in_it(desk: DeskDriver) -> None:
    lists(desk, "SET")
    starved = desk.desk.read(rehearse, desk.account("walmart"), uplift=50, now=desk.clock)
    assert [each.sku for each in starved] == ["TEA"]


def test_the_list_finds_what_was_planted_and_signatures_settle_the_rest(desk: DeskDriver) -> None:
    lists(desk, "TEA", "MUG", "OLD-CODE")
    barcode(desk, "MUG", "4006381333932")
    launch = planned(desk)
    assert left(desk) >= {Point.CODES, Point.BARCODES, Point.RULES, *SIGNED}
    desk.links("walmart", "OLD-CODE", "TEA")
    barcode(desk, "MUG", "4006381333931")
    for point in SIGNABLE:
        desk.desk.run("sign_launch", launch_id=launch.id, point=point.value)
    # Two codes sell TEA now; and 15 units would not have done for the 28 orders of the last weeks.
    assert left(desk) == {Point.VARIANTS, Point.SHADOW_ORDERS}


def test_a_channel_opens_over_open_points_only_with_a_reason(desk: DeskDriver) -> None:
    lists(desk, "TEA")
    launch = planned(desk)
    with pytest.raises(RefusedError, match="was not opened"):
        desk.desk.run("open_launch", launch_id=launch.id)
    receipt = desk.desk.run("open_launch", launch_id=launch.id, reason="The fair is tomorrow.")
    opened = desk.desk.read(all_launches)[0]
    assert opened.state == "open"
    assert opened.watched_until == desk.clock + timedelta(days=14)
    assert receipt.undo is not None
    desk.desk.undo(receipt.undo)
    assert desk.desk.read(all_launches)[0].state == "planned"


def test_a_throttle_holds_back_and_ends_by_itself(desk: DeskDriver) -> None:
    lists(desk, "TEA")
    launch = planned(desk)
    desk.desk.run("open_launch", launch_id=launch.id, reason="Try it.")
    receipt = desk.desk.run("throttle_launch", launch_id=launch.id, percent=40, days=2)
    (entry,) = desk.desk.read(sheet).calendar
    assert (entry.channels, dict(entry.changes)) == (("walmart",), {"buffer_percent": 40})
    assert entry.is_on(desk.clock + timedelta(days=1))
    assert not entry.is_on(desk.clock + timedelta(days=2))
    assert receipt.undo is not None
    desk.desk.undo(receipt.undo)
    assert desk.desk.read(sheet).calendar == ()


def test_the_end_says_what_was_promised_sold_and_sent(desk: DeskDriver) -> None:
    lists(desk, "TEA", "MUG")
    desk.desk.publish()
    launch = planned(desk)
    desk.desk.run("open_launch", launch_id=launch.id, reason="Try it.")
    desk.takes_in(an_order("W-1", ("TEA", 2), channel="walmart", placed_at=desk.clock))
    desk.takes_in(an_order("W-2", ("TEA", 1), channel="walmart", placed_at=desk.clock))
    desk.accepts("W-1")
    desk.ships("W-1", "UPS", "1Z999AA10123456784")
    desk.desk.run("close_launch", launch_id=launch.id)
    (closed,) = desk.desk.read(all_launches)
    tea, mug = desk.desk.read(course, closed, now=desk.clock)
    assert (tea.sku, tea.promised, tea.sold, tea.shipped, tea.cancelled) == ("TEA", 15, 3, 2, 0)
    assert (mug.sku, mug.promised, mug.sold) == ("MUG", 60, 0)


def test_an_account_is_launched_once_at_a_time_and_a_plan_can_be_dropped(desk: DeskDriver) -> None:
    launch = planned(desk)
    with pytest.raises(RefusedError, match="already"):
        planned(desk)
    desk.desk.run("drop_launch", launch_id=launch.id)
    assert planned(desk).id != launch.id
