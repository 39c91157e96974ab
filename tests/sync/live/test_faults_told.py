"""What happens to orders and messages that come twice, late, changed or not at all: duplicates, confirmations, tokens.

The second half of the fault suite; see ``test_faults``.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from app.models.exchange import inbox_messages, outbox_messages
from app.models.fulfilment import shipments
from app.models.inventory import network_stock
from app.models.orders import orders
from app.services.syncing import states
from app.sync.live.pulling import take
from app.sync.loopback.faults import Does
from app.sync.loopback.shop import SentParcel
from tests.sync.live.faulty import Killed, cases, confirmed, fails, here, killed_at, sell
from tests.sync.live.invariants import broken
from tests.sync.live.world import World, sqlite_url, world

# ---- duplicates, edits, cancels -----------------------------------------------------------------


def test_f036_looking_again_changes_nothing(shopify: World) -> None:
    sell(shopify, 3)
    shopify.cycle()
    shopify.ship_everything()
    shopify.until_quiet()
    shopify.cycle()
    before = shopify.desk.read(_everything)
    for _ in range(2):
        shopify.cycle()
    assert shopify.desk.read(_everything) == before


def _everything(db: object) -> list[object]:
    tables = (orders, inbox_messages, outbox_messages)
    return [db.execute(select(t).order_by(t.c.id)).all() for t in tables]  # type: ignore[attr-defined]


def test_f037_an_older_picture_of_an_order_does_not_undo_a_newer_one(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 1))
    shopify.cycle()
    work = shopify.loops["shopify"].work
    older = work.client.fetch([sold.id])
    shopify.clock.pass_by(5)
    sold.ship_to = replace(sold.ship_to, line1="99 Elm Street")
    shopify.shops["shopify"].changed(sold)
    newer = work.client.fetch([sold.id])
    for pictures in (newer, older, (*newer, *older)):
        take(work, pictures)
        assert len(cases(shopify, "order_changed")) == 1


def test_f035_an_order_that_comes_at_the_same_moment_by_three_ways_is_one(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 1))
    work = shopify.loops["shopify"].work
    seen, together = work.client.fetch([sold.id]), threading.Barrier(3)

    def arrive() -> None:
        together.wait()
        take(work, seen)

    ways = [threading.Thread(target=arrive) for _ in range(3)]
    for way in ways:
        way.start()
    for way in ways:
        way.join()
    assert here(shopify) == [sold.id]
    assert shopify.desk.read(reserved) == 1


def reserved(db: Connection) -> int:
    return int(db.execute(select(func.sum(network_stock.c.reserved))).scalar_one())


@pytest.mark.parametrize("first", ["update", "creation"], ids=["F038", "F036"])
def test_an_update_that_comes_before_its_creation_is_one_whole_order(
    shopify: World, first: str
) -> None:
    sold = shopify.sell("shopify", ("MUG", 2))
    work = shopify.loops["shopify"].work
    creation = work.client.fetch([sold.id])
    shopify.clock.pass_by(5)
    sold.note = "Ring twice"
    shopify.shops["shopify"].changed(sold)
    update = work.client.fetch([sold.id])
    for pictures in (update, creation) if first == "update" else (creation, update):
        take(work, pictures)
    assert here(shopify) == [sold.id]
    assert shopify.order(sold).units == 2


def test_f047_the_same_number_on_two_accounts_is_two_orders(tmp_path: Path) -> None:
    with world(sqlite_url(tmp_path), "shopify", "woocommerce") as made:
        made.stock("MUG", 40)
        one, other = made.sell("shopify", ("MUG", 1)), made.sell("woocommerce", ("MUG", 1))
        assert one.id == other.id
        made.until_quiet("shopify")
        made.until_quiet("woocommerce")
        assert here(made) == [one.id, other.id]
        assert broken(made) == []


def test_f066_a_parcel_that_the_channel_has_under_another_number_is_a_case(
    shopify: World,
) -> None:
    sold = shopify.sell("shopify", ("MUG", 1))
    shopify.cycle()
    shopify.ship_everything()
    shop = shopify.shops["shopify"]
    fails(shopify, Does.STATUS, "orders", status=503, count=1)
    shop.confirm(sold, SentParcel("77", "UPS", "1ZELSEWHERE", ((sold.lines[0].id, 1),), shop.now()))
    shopify.cycle()
    shopify.until_quiet()
    assert [x.detail["tracking"] for x in shop.told("confirm")] == ["1ZELSEWHERE"]
    assert len(cases(shopify, "message_refused")) == 1
    stuck = select(outbox_messages.c.id).where(outbox_messages.c.state == "rejected")
    (message,) = shopify.desk.read(lambda db: list(db.execute(stuck).scalars()))
    shopify.desk.run("drop_message", message_id=message, reason="told on the channel's own page")
    assert cases(shopify, "message_refused") == []
    # What the owner told there by hand stands for ours.
    shop.effects[:] = [x for x in shop.effects if x.kind != "confirm"]
    shop.confirm(sold, SentParcel("78", "UPS", label_of(shopify), (), shop.now()))


def label_of(made: World) -> str:
    query = select(shipments.c.tracking_number)
    return str(made.desk.read(lambda db: db.execute(query).scalar_one()))


def test_f039_a_quantity_that_is_lowered_is_asked_about(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 3))
    shopify.cycle()
    sold.lines[0].cancelled = 1
    shopify.shops["shopify"].changed(sold)
    shopify.cycle()
    assert len(cases(shopify, "order_changed")) == 1


def test_f041_cancelled_there_is_cancelled_here(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 3))
    shopify.cycle()
    shopify.shops["shopify"].cancel(sold, "changed my mind", by="buyer")
    shopify.cycle()
    assert shopify.order(sold).status == "cancelled"


def test_f042_cancelled_there_after_it_left_here_is_never_confirmed(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 1))
    shopify.cycle()
    shopify.ship_everything()
    shopify.shops["shopify"].cancel(sold, "changed my mind", by="buyer")
    shopify.cycle()
    assert confirmed(shopify) == []
    assert shopify.order(sold).status == "shipped"
    assert len(cases(shopify, "message_refused")) == 1


def test_f045_a_cancellation_that_moves_no_date_is_found_by_the_sweep(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 1))
    shopify.cycle()
    before = sold.changed_at
    shopify.shops["shopify"].cancel(sold, "changed my mind", by="buyer")
    sold.changed_at = before
    shopify.clock.pass_by(3 * 3600)
    shopify.cycle()
    assert shopify.order(sold).status == "cancelled"


# ---- confirmations ------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["outbox.before_send", "outbox.after_send"], ids=["F063", "F064"])
def test_a_kill_around_a_confirmation_tells_it_once(shopify: World, place: str) -> None:
    sell(shopify, 3)
    shopify.cycle()
    shopify.ship_everything()
    shopify.start("shopify", killed_at(place, 2))
    with pytest.raises(Killed):
        shopify.loops["shopify"].cycle()
    shopify.start("shopify")
    shopify.clock.pass_by(60)
    shopify.until_quiet()
    shopify.clock.pass_by(60)
    shopify.until_quiet()
    assert len(confirmed(shopify)) == len(set(confirmed(shopify))) == 3


def test_f067_and_f070_what_is_refused_for_good_is_corrected_and_holds_no_other_up(
    shopify: World,
) -> None:
    first, second = sell(shopify, 2)
    shopify.cycle()
    shopify.ship_everything()
    fails(shopify, Does.STATUS, "confirm", status=422, body=b'{"errors": "Invalid company"}')
    shopify.cycle()
    shopify.until_quiet()
    assert len(confirmed(shopify)) == 1
    assert len(cases(shopify, "message_refused")) == 1
    stuck = shopify.desk.read(
        lambda db: db.execute(
            select(outbox_messages.c.id).where(outbox_messages.c.state == "rejected")
        ).scalar_one()
    )
    shopify.desk.run("correct_message", message_id=stuck, changes={"carrier": "USPS"})
    shopify.cycle()
    assert len(confirmed(shopify)) == 2
    told = {e.subject: e.detail["carrier"] for e in shopify.shops["shopify"].told("confirm")}
    assert sorted(told.values()) == ["UPS", "USPS"]
    assert set(told) == {first, second}


def test_f057_one_number_that_is_refused_keeps_the_others_from_nothing(shopify: World) -> None:
    shopify.stock("BOWL", 5)
    shopify.cycle()
    shopify.shops["shopify"].offers["BOWL"].is_refused = True
    for sku in ("MUG", "BOWL"):
        shopify.desk.run("receive", sku=sku, location="MAIN", quantity=7, reason="More came")
    shopify.cycle()
    assert len(cases(shopify, "listing_error")) >= 1


# ---- tokens -------------------------------------------------------------------------------------


def test_f098_a_withdrawn_token_stops_one_channel_and_says_what_to_do(shopify: World) -> None:
    shopify.shops["shopify"].secrets["access_token"] = "another"
    status = shopify.loops["shopify"].cycle()
    assert (status.state, "Sign in again" in status.advice) == ("attention", True)
    asked = len(shopify.shops["shopify"].requests)
    assert asked <= 2
    shopify.secrets["shopify"].write({"access_token": "another"})
    shopify.until_quiet()


def test_f098_a_rotating_token_survives_a_kill_between_renewing_and_using(shopify: World) -> None:
    kept = {"access_token": "old", "refresh_token": "refresh-1", "expires_at": ""}
    shopify.secrets["shopify"].write(kept)
    shopify.shops["shopify"].secrets.update(refresh_token="refresh-1")
    fails(shopify, Does.RESET_AFTER, "check")
    shopify.loops["shopify"].cycle()
    shopify.start("shopify")
    sell(shopify, 1)
    shopify.until_quiet()
    assert len(here(shopify)) == 1


# ---- leases -------------------------------------------------------------------------------------


def test_two_desks_never_work_one_account_at_once(shopify: World) -> None:
    sell(shopify, 1)
    with shopify.desk.store.write() as db:
        states.take_lease(db, 1, "the other desk", now=shopify.clock.now())
    status = shopify.loops["shopify"].cycle()
    assert "the other desk" in status.title
    assert here(shopify) == []
    shopify.clock.pass_by(121)
    shopify.until_quiet()
    assert len(here(shopify)) == 1
