"""Does one order, message or answer that is ill ever keep the others back? And does a wrong clock?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.domain.arriving import SeenOrder
from app.models.exchange import outbox_messages
from app.services.syncing import states
from app.sync.live.channel import ListingPage, OrderPage, Window
from app.sync.live.pulling import take
from app.sync.live.telling import LOOK_AFTER, MOST_ATTEMPTS
from app.sync.loopback.faults import Does
from app.sync.loopback.shop import Sold
from tests.sync.live.faulty import cases, confirmed, fails, here, sell
from tests.sync.live.world import World

UNKNOWN_ID = "#1001"


def swept(made: World) -> None:
    made.clock.pass_by(made.loops["shopify"].work.traits.sweep.total_seconds() + 1)
    made.cycle()


def cancelled_unseen(made: World, sold: Sold) -> None:
    """The shop cancels an order, and no list shows it: its date does not move."""
    before = sold.changed_at
    made.shops["shopify"].cancel(sold, "changed my mind", by="buyer")
    sold.changed_at = before


def from_a_file(made: World) -> None:
    """An order that an old file knew by its name only; Shopify does not even look for that."""
    work = made.loops["shopify"].work
    (seen,) = work.client.fetch([made.sell("shopify", ("MUG", 1)).id])
    assert seen.order is not None
    order = replace(seen.order, external_id=UNKNOWN_ID, number=UNKNOWN_ID)
    made.shops["shopify"].orders.popitem()
    take(work, [SeenOrder(UNKNOWN_ID, seen.payload, order)])


def test_an_order_that_the_channel_does_not_look_for_keeps_no_other_from_the_sweep(
    shopify: World,
) -> None:
    from_a_file(shopify)
    sold = shopify.sell("shopify", ("MUG", 1))
    shopify.cycle()
    shopify.cycle()
    cancelled_unseen(shopify, sold)
    swept(shopify)
    assert shopify.order(sold).status == "cancelled"
    assert shopify.until_quiet().state == "up_to_date"


def test_a_parcel_that_the_channel_does_not_look_for_keeps_no_other_from_being_told(
    shopify: World,
) -> None:
    from_a_file(shopify)
    sell(shopify, 2)
    shopify.cycle()
    shopify.ship_everything()
    shopify.cycle()
    assert len(confirmed(shopify)) == 2
    assert len(cases(shopify, "message_refused")) == 1


def test_an_order_that_cannot_be_read_for_now_waits_alone(shopify: World) -> None:
    sell(shopify, 3)
    shopify.cycle()
    shopify.ship_everything()
    fails(shopify, Does.STATUS, "order", status=500, count=2)  # all of them, then the first
    shopify.cycle()
    assert len(confirmed(shopify)) == 2
    shopify.until_quiet()
    shopify.clock.pass_by(600)
    shopify.until_quiet()
    assert len(confirmed(shopify)) == len(set(confirmed(shopify))) == 3


def test_an_answer_that_nobody_can_read_is_looked_up_and_stops_no_other(shopify: World) -> None:
    sell(shopify, 2)
    shopify.cycle()
    shopify.ship_everything()
    fails(shopify, Does.BODY, "confirm", body=b'{"data": {"fulfillmentCreate": 7}}')
    shopify.cycle()
    assert len(confirmed(shopify)) == 1
    shopify.clock.pass_by(LOOK_AFTER.total_seconds())
    shopify.until_quiet()
    shopify.cycle()
    assert len(confirmed(shopify)) == len(set(confirmed(shopify))) == 2


def test_a_parcel_that_is_never_taken_becomes_a_persons_in_the_end(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 1))
    shopify.cycle()
    shopify.ship_everything()
    fails(shopify, Does.STATUS, "confirm", status=500, count=10_000)
    with shopify.desk.store.write() as db:  # as after half a day
        db.execute(outbox_messages.update().values(attempts=MOST_ATTEMPTS - 2))
    for _ in range(8):
        shopify.cycle()
        shopify.clock.pass_by(900)
    asked = [x for x in shopify.shops["shopify"].requests if x.operation == "confirm"]
    assert len(asked) == 2
    (title,) = cases(shopify, "message_refused")
    assert sold.number in title
    shopify.shops["shopify"].faults.clear()
    dead = select(outbox_messages.c.id).where(outbox_messages.c.state == "dead")
    (message,) = shopify.desk.read(lambda db: list(db.execute(dead).scalars()))
    shopify.desk.run("correct_message", message_id=message, changes={"carrier": "USPS"})
    shopify.cycle()
    assert len(confirmed(shopify)) == 1


def test_pages_that_lead_round_in_a_ring_are_left(shopify: World) -> None:
    ring = {"": "b", "b": "c", "c": "b"}
    work = shopify.loops["shopify"].work
    work.client = Turning(work.client, ring)
    status = shopify.loops["shopify"].cycle()
    assert "without end" in status.title
    assert work.client.asked < 20


class Turning:
    """A channel whose pages lead round; everything else is as it is."""

    def __init__(self, real: Any, ring: dict[str, str]) -> None:
        self._real, self._ring, self.asked = real, ring, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def pull(self, _window: Window, token: str = "") -> OrderPage:
        return OrderPage((), self._following(token))

    def listings(self, token: str = "") -> ListingPage:
        return ListingPage((), self._following(token))

    def _following(self, token: str) -> str:
        self.asked += 1
        assert self.asked < 50, "it turns for ever"
        return self._ring[token]


# ---- a clock that was wrong -----------------------------------------------------------------------


def test_a_clock_that_was_a_day_ahead_holds_no_account_and_no_parcel_up(shopify: World) -> None:
    day = timedelta(days=1).total_seconds()
    sold = shopify.sell("shopify", ("MUG", 1))
    shopify.cycle()
    shop = shopify.shops["shopify"]
    shopify.marketplace.time = shop  # the channel's own clock is right all the time
    shopify.clock.set_back(-day)
    shop.skew = timedelta(days=-1)
    shopify.ship_everything()
    fails(shopify, Does.RESET_BEFORE, "confirm", count=1)
    shopify.cycle()
    with shopify.desk.store.write() as db:  # it ended without a word; the next one has another name
        states.give_lease_back(db, 1, "this desk")
        states.take_lease(db, 1, "the desk that was killed", now=shopify.clock.now())
    shopify.clock.set_back(day)
    shop.skew = timedelta()
    shopify.start("shopify")
    shopify.until_quiet()
    shopify.clock.pass_by(60)
    shopify.until_quiet()
    assert [e.subject for e in shop.told("confirm")] == [sold.id]


def test_a_change_that_is_dated_years_ahead_hides_no_later_one(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 1))
    work = shopify.loops["shopify"].work
    seen = work.client.fetch([sold.id])
    ahead = shopify.clock.now() + timedelta(days=900)
    take(work, [replace(each, changed_at=ahead) for each in seen])
    shopify.shops["shopify"].cancel(sold, "changed my mind", by="buyer")
    shopify.until_quiet()
    assert here(shopify) == [sold.id]
    assert shopify.order(sold).status == "cancelled"
