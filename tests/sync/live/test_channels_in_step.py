"""Each of the six channels in step with a desk, seen from both sides: whatever is lost on the way, each
order is here once, and each parcel is confirmed there once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.outgoing import MessageState
from app.domain.syncing import SyncState, SyncStep
from app.models.cases import exception_cases
from app.models.catalogue import listings
from app.models.exchange import outbox_messages
from app.models.orders import holds, orders
from app.sync.channels.amazon.listings import FBA_PLACE
from app.sync.live.terms import Operation
from app.sync.loopback.faults import Does
from tests.sync.live.practice import SECRETS, parcel_of, practice
from tests.sync.live.world import World, sqlite_url, world

CHANNELS = ("amazon", "walmart", "etsy", "ebay", "shopify", "woocommerce")
CANCELS = ("amazon", "walmart", "ebay", "shopify", "woocommerce")
RENEWS = ("amazon", "walmart", "etsy", "ebay")
ASKS = ("amazon", "walmart", "ebay")  # who tells that a buyer asks to cancel


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def desk(tmp_path: Path, channel: str) -> Iterator[World]:
    with world(sqlite_url(tmp_path), channel) as made:
        made.stock("MUG", 400)
        made.stock("BOWL", 9)
        yield made


def later(desk: World, channel: str) -> None:
    """Let the time pass that a channel's list is behind its orders, and look."""
    desk.clock.pass_by(180)
    desk.until_quiet(channel)


def test_an_order_comes_in_leaves_and_is_confirmed_once(desk: World, channel: str) -> None:
    sold = desk.sell(channel, ("MUG", 2), ("BOWL", 1))
    later(desk, channel)
    assert desk.order(sold).is_routed
    desk.ship_everything()
    for _ in range(3):
        later(desk, channel)
    (confirmed,) = desk.shops[channel].told("confirm", sold.id)
    assert confirmed.detail["tracking"] == "1Z00000001"
    assert (desk.order(sold).status, desk.order(sold).channel_state) == ("shipped", "shipped")
    assert live_holds(desk) == []


@pytest.mark.parametrize("lost", [Does.COMMIT_THEN_DROP, Does.RESET_AFTER, Does.TRUNCATE])
def test_a_confirmation_whose_answer_is_lost_is_found_there(
    desk: World, channel: str, lost: Does
) -> None:
    sold = desk.sell(channel, ("MUG", 2))
    later(desk, channel)
    desk.ship_everything()
    desk.shops[channel].faults.add(lost, "confirm")
    for _ in range(3):
        later(desk, channel)
    assert len(desk.shops[channel].told("confirm", sold.id)) == 1
    assert messages(desk, "ship_confirm") == [MessageState.ACKED]


def test_a_confirmation_that_never_arrived_is_told_again(desk: World, channel: str) -> None:
    sold = desk.sell(channel, ("MUG", 2))
    later(desk, channel)
    desk.ship_everything()
    desk.shops[channel].faults.add(Does.STATUS, "confirm", status=503, count=2)
    for _ in range(6):
        later(desk, channel)
    assert len(desk.shops[channel].told("confirm", sold.id)) == 1


def test_sixty_orders_of_one_second_come_through_broken_pages(desk: World, channel: str) -> None:
    shop = desk.shops[channel]
    shop.page_size = 20
    sold = [desk.sell(channel, ("MUG", 1)).id for _ in range(60)]
    for does, nth in ((Does.SHRINK_PAGE, 1), (Does.EMPTY_PAGE, 2), (Does.DUP_PAGE, 4)):
        shop.faults.add(does, "orders", nth=nth)
    later(desk, channel)
    assert sorted(here(desk)) == sorted(sold)


def test_it_is_said_how_many_orders_of_how_many_are_in(tmp_path: Path) -> None:
    says_how_many = ("etsy", "ebay", "shopify", "woocommerce")
    with world(sqlite_url(tmp_path), *says_how_many) as made:
        made.stock("MUG", 400)
        for channel in says_how_many:
            made.shops[channel].page_size = 10
            for _ in range(23):
                made.sell(channel, ("MUG", 1))
            seen: list[tuple[int, int]] = []

            def count(
                step: SyncStep, done: int, total: int, seen: list[tuple[int, int]] = seen
            ) -> None:
                if step is SyncStep.ORDERS:
                    seen.append((done, total))

            made.loops[channel].work.progress = count
            made.cycle(channel)
            assert seen[:3] == [(10, 23), (20, 23), (23, 23)], channel


def test_an_order_that_shows_late_is_not_missed(desk: World, channel: str) -> None:
    later(desk, channel)
    sold = desk.sell(channel, ("MUG", 1))
    sold.visible_at = desk.clock.now().replace(microsecond=0)
    desk.clock.pass_by(60)
    sold.visible_at = desk.clock.now()
    later(desk, channel)
    assert here(desk) == [sold.id]


def test_what_the_buyer_cancelled_meanwhile_is_not_confirmed(desk: World, channel: str) -> None:
    sold = desk.sell(channel, ("MUG", 1))
    later(desk, channel)
    desk.ship_everything()
    desk.shops[channel].cancel(sold, "changed my mind", by="buyer")
    for _ in range(2):
        later(desk, channel)
    assert desk.shops[channel].told("confirm") == []
    assert "cancelled_late" in open_cases(desk)


def test_an_address_that_changed_after_it_left_is_not_confirmed_until_someone_decides(
    desk: World, channel: str
) -> None:
    sold = desk.sell(channel, ("MUG", 1))
    later(desk, channel)
    desk.ship_everything()
    shop = desk.shops[channel]
    sold.ship_to = replace(sold.ship_to, line1="99 Elm Street")
    shop.changed(sold)
    for _ in range(3):
        later(desk, channel)
    assert shop.told("confirm") == []
    assert "order_changed" in open_cases(desk)
    (words,) = waits_for(desk)
    assert "another address" in words
    desk.desk.run("keep_as_it_is", order_id=desk.order(sold).id)
    later(desk, channel)
    assert len(shop.told("confirm", sold.id)) == 1
    assert open_cases(desk) == []


def test_a_channel_that_takes_its_change_back_has_the_parcel_confirmed(
    desk: World, channel: str
) -> None:
    sold = desk.sell(channel, ("MUG", 1))
    later(desk, channel)
    desk.ship_everything()
    right = sold.ship_to
    sold.ship_to = replace(right, postcode="97201")
    desk.shops[channel].changed(sold)
    later(desk, channel)
    sold.ship_to = right
    desk.shops[channel].changed(sold)
    for _ in range(2):
        later(desk, channel)
    assert len(desk.shops[channel].told("confirm", sold.id)) == 1


def test_what_was_cancelled_here_is_cancelled_there_or_is_a_task(desk: World, channel: str) -> None:
    sold = desk.sell(channel, ("MUG", 1))
    later(desk, channel)
    desk.desk.run("cancel", order_ids=[desk.order(sold).id], reason="out of stock")
    for _ in range(2):
        later(desk, channel)
    told = desk.shops[channel].told("cancel", sold.id)
    assert [x.detail["by"] for x in told] == (["seller"] if channel in CANCELS else [])
    done = MessageState.ACKED if channel in CANCELS else MessageState.REJECTED
    assert messages(desk, "cancel") == [done]


def test_stock_that_came_is_told_and_a_sale_is_not_sold_twice(desk: World, channel: str) -> None:
    later(desk, channel)
    desk.desk.run("receive", sku="BOWL", location="MAIN", quantity=10, reason="More came")
    for _ in range(2):
        later(desk, channel)
    assert desk.shops[channel].offers["BOWL"].quantity == 19
    desk.sell(channel, ("BOWL", 4))
    for _ in range(2):
        later(desk, channel)
    assert desk.shops[channel].offers["BOWL"].quantity == 15


def test_a_token_that_dies_every_few_questions_is_renewed_without_a_word(
    desk: World, channel: str
) -> None:
    if channel not in RENEWS:
        pytest.skip("the keys of a store of one's own do not end")
    shop = desk.shops[channel]
    shop.secrets.update(uses_each="3", uses_left="3")
    sold = [desk.sell(channel, ("MUG", 1)).id for _ in range(4)]
    later(desk, channel)
    desk.ship_everything()
    for _ in range(2):
        later(desk, channel)
    assert sorted(x.subject for x in shop.told("confirm")) == sorted(sold)
    assert open_cases(desk) == []


def test_a_buyer_who_asks_to_cancel_stops_what_has_not_left(desk: World, channel: str) -> None:
    if channel not in ASKS:
        pytest.skip("this channel tells of no such request: buyers write a message")
    sold = desk.sell(channel, ("MUG", 1))
    later(desk, channel)
    sold.cancel_asked = "Too late for the birthday"
    desk.shops[channel].changed(sold)
    later(desk, channel)
    assert live_holds(desk) == ["CANCEL_REQUESTED"]
    assert desk.ship_everything() == []


def test_one_order_that_cannot_be_read_does_not_keep_back_the_others(
    desk: World, channel: str
) -> None:
    good, bad = desk.sell(channel, ("MUG", 1)), desk.sell(channel, ("MUG", 1))
    bad.lines[0].quantity = -7
    later(desk, channel)
    assert here(desk) == [good.id]
    assert "order_unreadable" in open_cases(desk)
    later(desk, channel)
    assert here(desk) == [good.id]


@pytest.mark.parametrize("name", ["amazon", "etsy", "ebay", "woocommerce", "walmart"])
def test_a_parcel_without_a_number_is_never_taken_for_another(name: str) -> None:
    with practice(name) as opened:
        sold = opened.sell(("MUG", 3))
        letter = parcel_of(sold, "")
        assert opened.client.find_confirmation(letter) is None
        if name == "walmart":  # it takes no parcel without a number
            return
        opened.client.confirm(letter, "ship:1")
        assert opened.client.find_confirmation(letter) is not None
        assert opened.client.find_confirmation(parcel_of(sold, "1Z9")) is None


def test_what_lies_in_amazons_warehouse_is_read_and_never_told(tmp_path: Path) -> None:
    with world(sqlite_url(tmp_path), "amazon") as made:
        made.stock("FBA-CUP", 7)
        later(made, "amazon")
        rows = made.desk.read(lambda db: list(db.execute(select(listings.c.place))))
        assert (FBA_PLACE,) in {tuple(x) for x in rows}
        assert open_cases(made) == []


def test_a_page_token_that_expires_starts_the_window_again(tmp_path: Path) -> None:
    with world(sqlite_url(tmp_path), "amazon") as made:
        made.stock("MUG", 40)
        made.shops["amazon"].page_size = 5
        sold = [made.sell("amazon", ("MUG", 1)).id for _ in range(12)]
        made.shops["amazon"].faults.add(Does.STALE_TOKEN, "orders", nth=3)
        later(made, "amazon")
        assert sorted(here(made)) == sorted(sold)


def test_what_left_is_told_though_the_list_of_orders_must_wait(tmp_path: Path) -> None:
    with world(sqlite_url(tmp_path), "amazon") as made:
        made.stock("MUG", 40)
        sold = made.sell("amazon", ("MUG", 1))
        later(made, "amazon")
        made.ship_everything()
        for _ in range(
            30
        ):  # lists may be asked for twenty times in a row, then every three minutes
            made.doors["amazon"].buckets.take(Operation.ORDERS)
        begun = made.clock.ticks()
        made.loops["amazon"].cycle()
        assert made.clock.ticks() - begun < 60
        assert len(made.shops["amazon"].told("confirm", sold.id)) == 1


def test_walmart_hears_within_four_hours_that_an_order_was_seen(tmp_path: Path) -> None:
    with world(sqlite_url(tmp_path), "walmart") as made:
        made.stock("MUG", 40)
        sold = made.sell("walmart", ("MUG", 1))
        made.shops["walmart"].faults.add(Does.COMMIT_THEN_DROP, "acknowledge", count=1)
        for _ in range(3):
            later(made, "walmart")
        (told,) = made.shops["walmart"].told("acknowledge", sold.id)
        assert (told.at - sold.placed_at).total_seconds() < 4 * 3600


def test_a_walmart_that_cannot_be_told_is_a_case_before_its_deadline(tmp_path: Path) -> None:
    with world(sqlite_url(tmp_path), "walmart") as made:
        made.stock("MUG", 40)
        sold = made.sell("walmart", ("MUG", 1))
        made.shops["walmart"].faults.add(Does.STATUS, "acknowledge", status=503, count=10_000)
        while (made.clock.now() - sold.placed_at).total_seconds() < 3.5 * 3600:
            made.loops["walmart"].cycle()
            made.clock.pass_by(300)
        assert made.shops["walmart"].told("acknowledge") == []
        assert open_cases(made) == ["acknowledge_late"]
        made.shops["walmart"].faults.clear()
        for _ in range(2):
            made.clock.pass_by(900)
            made.until_quiet("walmart")
        assert made.shops["walmart"].told("acknowledge", sold.id)
        assert open_cases(made) == []


def test_etsys_new_refresh_token_that_was_lost_on_its_way_asks_for_a_sign_in(
    tmp_path: Path,
) -> None:
    with world(sqlite_url(tmp_path), "etsy", "ebay") as made:
        made.stock("MUG", 40)
        made.shops["etsy"].faults.add(Does.COMMIT_THEN_DROP, "sign_in")
        made.sell("etsy", ("MUG", 1))
        sold = made.sell("ebay", ("MUG", 1))
        for _ in range(3):
            made.cycle("etsy")
            made.cycle("ebay")
        status = made.loops["etsy"].cycle()
        assert (status.state, "sign-in" in status.title) == (SyncState.ATTENTION, True)
        assert here(made) == [sold.id]  # the other channel goes on
        made.secrets["etsy"].write({**SECRETS["etsy"], "refresh_token": "4711.anew"})
        made.shops["etsy"].secrets["refresh_token"] = "4711.anew"
        made.clock.pass_by(1000)
        made.until_quiet("etsy")
        assert len(here(made)) == 2


def here(desk: World) -> list[str]:
    return desk.desk.read(lambda db: list(db.execute(select(orders.c.external_id)).scalars()))


def messages(desk: World, kind: str) -> list[str]:
    query = select(outbox_messages.c.state).where(outbox_messages.c.kind == kind)
    return desk.desk.read(lambda db: list(db.execute(query).scalars()))


def waits_for(desk: World) -> list[str]:
    query = select(outbox_messages.c.problem).where(outbox_messages.c.kind == "ship_confirm")
    return desk.desk.read(lambda db: list(db.execute(query).scalars()))


def live_holds(desk: World) -> list[str]:
    query = select(holds.c.code).where(holds.c.released_at.is_(None))
    return desk.desk.read(lambda db: list(db.execute(query).scalars()))


def open_cases(desk: World) -> list[str]:
    query = select(exception_cases.c.kind).where(exception_cases.c.state == "open")
    return desk.desk.read(lambda db: sorted(db.execute(query).scalars()))
