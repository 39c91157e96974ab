"""The cases of the fault suite that need more than one channel's shop, and the list of where each case is tried.

The third part of the suite; see ``test_faults``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.domain.orders import IncomingRefund
from app.models.exchange import outbox_messages
from app.models.inventory import stock_movements
from app.models.orders import holds, order_refunds, orders
from app.sync.live.pulling import take
from app.sync.loopback.faults import Does
from tests.sync.files.reference import MISSING, SHARED
from tests.sync.live.faulty import cases, confirmed, fails, here, sell
from tests.sync.live.invariants import broken
from tests.sync.live.world import World, sqlite_url, world

HERE = Path(__file__).parent
TESTS = HERE.parents[1]


@pytest.fixture
def ebay(tmp_path: Path) -> Iterator[World]:
    with world(sqlite_url(tmp_path), "ebay") as made:
        made.stock("MUG", 400)
        made.stock("BOWL", 40)
        yield made
        assert broken(made) == []


def test_f024_rows_that_move_between_pages_are_all_seen_after_one_more_look(ebay: World) -> None:
    shop = ebay.shops["ebay"]
    shop.page_size = 10
    sold = [ebay.sell("ebay", ("MUG", 1)) for _ in range(35)]
    client = ebay.loops["ebay"].work.client
    pulls: list[str] = []
    pull = client.pull

    def moving(window: object, token: str = "") -> object:
        page = pull(window, token)  # type: ignore[arg-type]
        shop.orders[sold[len(pulls)].id] = shop.orders.pop(
            sold[len(pulls)].id
        )  # it goes to the end
        shop.changed(sold[len(pulls)])
        pulls.append(token)
        return page

    client.pull = moving  # type: ignore[method-assign,assignment]
    ebay.cycle("ebay")
    assert len(pulls) > 3
    client.pull = pull  # type: ignore[method-assign]
    ebay.cycle("ebay")
    assert sorted(here(ebay)) == sorted(each.id for each in sold)


def test_f031_two_orders_of_the_hour_that_comes_twice_are_an_hour_apart(shopify: World) -> None:
    clock = shopify.clock
    clock.pass_by((clock.now().replace(month=12) - clock.now()).total_seconds())
    twice = clock.now().replace(
        year=2027, month=11, day=7, hour=5, minute=30, second=0, microsecond=0
    )
    clock.pass_by((twice - clock.now()).total_seconds())
    first = shopify.sell("shopify", ("MUG", 1))  # 01:30 in New York, in summer time
    clock.pass_by(3600)
    second = shopify.sell("shopify", ("MUG", 1))  # 01:30 again
    shopify.until_quiet()
    placed = [shopify.order(each).placed_at for each in (first, second)]
    assert placed == [twice, twice + timedelta(hours=1)]


def test_f043_and_f044_a_refund_counts_once_and_puts_nothing_on_the_shelf(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 2))
    shopify.cycle()
    work = shopify.loops["shopify"].work
    (seen,) = work.client.fetch([sold.id])
    assert seen.order is not None
    moved = shopify.desk.read(_movements)
    refund = IncomingRefund("r-1", 500, shopify.clock.now())
    shopify.clock.pass_by(5)
    again = replace(seen, changed_at=shopify.clock.now(), payload={**seen.payload, "refunded": 1},
                    order=replace(seen.order, refunds=(refund,)))  # fmt: skip
    for _ in range(2):
        take(work, [again])
    amounts = select(order_refunds.c.amount)
    assert shopify.desk.read(lambda db: list(db.execute(amounts).scalars())) == [500]
    assert shopify.desk.read(_movements) == moved


def _movements(db: object) -> int:
    count = select(func.count()).select_from(stock_movements)
    return int(db.execute(count).scalar_one())  # type: ignore[attr-defined]


def test_f049_orders_that_the_channel_joins_are_not_shipped_twice(ebay: World) -> None:
    first = ebay.sell("ebay", ("MUG", 1))
    second = ebay.sell("ebay", ("BOWL", 1))
    ebay.until_quiet("ebay")
    numbers = [ebay.order(each).number for each in (first, second)]
    ebay.clock.pass_by(60)
    joined = ebay.shops["ebay"].join(first, second)
    other = ebay.sell("ebay", ("MUG", 1))
    ebay.cycle("ebay")
    assert ebay.order(joined).is_held
    assert not ebay.order(other).is_held
    reason = select(holds.c.reason).where(holds.c.order_id == ebay.order(joined).id)
    (said,) = ebay.desk.read(lambda db: list(db.execute(reason).scalars()))
    assert all(number in said for number in numbers)
    assert len(cases(ebay, "status_unclear")) == 1
    ebay.ship_everything()
    left = select(orders.c.external_id).where(orders.c.status == "shipped")
    shipped = ebay.desk.read(lambda db: set(db.execute(left).scalars()))
    assert shipped == {first.id, second.id, other.id}
    for _ in range(3):
        ebay.cycle("ebay")  # the two are not known there any more: a person hears of it
    assert len(cases(ebay, "message_refused")) == 2


def test_f069_and_f075_what_piled_up_offline_is_told_once_each(shopify: World) -> None:
    sell(shopify, 30)
    shopify.stock("BOWL", 5)
    shopify.cycle()
    door = shopify.doors["shopify"]
    right, door.address = door.address, "http://127.0.0.1:9"
    shopify.ship_everything()
    for _ in range(3):
        shopify.desk.run("receive", sku="BOWL", location="MAIN", quantity=5, reason="More came")
        shopify.cycle()
    door.address = right
    shopify.until_quiet()
    assert len(confirmed(shopify)) == len(set(confirmed(shopify))) == 30
    assert shopify.shops["shopify"].offers["BOWL"].quantity == 20
    waiting = select(func.count()).where(outbox_messages.c.state.in_(("pending", "in_doubt")))
    assert shopify.desk.read(lambda db: db.execute(waiting).scalar_one()) == 0


def test_f027_and_f012_an_answer_that_drips_is_left_at_its_deadline(tmp_path: Path) -> None:
    with world(sqlite_url(tmp_path), "shopify") as made:
        made.stock("MUG", 5)
        sell(made, 1)
        made.seconds = 0.3
        made.start("shopify")
        fails(made, Does.DRIP, "orders", seconds=0.05)
        status = made.loops["shopify"].cycle()
        assert (status.state, "too long" in status.title) == ("waiting", True)
        made.seconds = 60.0
        made.start("shopify")
        made.until_quiet()
        assert len(here(made)) == 1
        assert broken(made) == []


# ---- where each case is tried -------------------------------------------------------------------

# Cases whose test does not carry the number in its name: the file, and a part of the test's name.
ELSEWHERE = {
    "F007": ("sync/live/test_walmart.py", "acknowledged_once_whatever_is_lost"),
    "F009": ("sync/live/test_amazon.py", "report_that_arrives_cut_off"),
    "F012": ("sync/live/test_door.py", "slow_drip_ends_at_the_deadline"),
    "F015": ("sync/live/test_door.py", "certificate_that_nobody_trusts"),
    "F032": ("domain/test_delivery.py", "test_"),
    "F033": ("sync/live/test_amazon.py", "exchange_is_as_amazons_descriptions_say"),
    "F040": ("sync/live/test_channels_in_step.py", "address_that_changed_after_it_left"),
    "F046": ("sync/live/test_amazon.py", "not_paid_waits_without_price_and_address"),
    "F065": ("services/test_deciding_and_shipping.py", "nothing_ships_twice"),
    "F068": ("sync/live/test_etsy.py", "confirmed_as_a_whole"),
    "F071": ("sync/live/test_channels_in_step.py", "case_before_its_deadline"),
}
# What a desk that neither writes orders nor buys labels cannot meet.
CANNOT_BE = {
    "F048": "no order is ever written to a store from here",
    "F072": "labels are bought where the carrier sells them",
    "F073": "labels are bought where the carrier sells them",
    "F074": "labels are bought where the carrier sells them",
}
GROUPS = [*range(1, 50), *range(63, 76), 98]


@pytest.mark.skipif(not SHARED.exists(), reason=MISSING)
def test_every_case_of_the_catalogue_has_a_test_that_could_fail() -> None:
    listed = set(re.findall(r"^\| (F\d{3}) ", (SHARED / "faults.md").read_text(), re.MULTILINE))
    wanted = {f"F{at:03d}" for at in GROUPS}
    assert wanted <= listed
    assert wanted - _named() - set(ELSEWHERE) - set(CANNOT_BE) == set()


@pytest.mark.parametrize(("file", "part"), ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_where_a_case_is_said_to_be_tried_there_is_such_a_test(file: str, part: str) -> None:
    assert any(part in name for name in _tests(TESTS / file))


def _named() -> set[str]:
    """Return the cases that tests of the suite carry in their names or ids."""
    files = sorted(HERE.glob("test_faults*.py"))
    text = "\n".join(each.read_text() for each in files if each != Path(__file__))
    names = " ".join(name for each in files for name in _tests(each))
    ids = set(re.findall(r'"(F\d{3})[ "]', text))
    return ids | {f"F{digits}" for digits in re.findall(r"_f(\d{3})", names)}


@cache
def _tests(path: Path) -> tuple[str, ...]:
    found = ast.walk(ast.parse(path.read_text()))
    return tuple(x.name for x in found if isinstance(x, ast.FunctionDef) and x.name[:5] == "test_")
