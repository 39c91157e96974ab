"""What a network and a marketplace do to a sync, case by case: transport, paging, time, duplicates,
confirmations, tokens, offline. After each, one checker says whether everything is still true.

The ids are those of the catalogue of faults; each case has its seed, so that it fails again the same.

On PostgreSQL the suite runs those that hang on the database; ``scripts/faults_everywhere`` runs every case on
both engines.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from app.models.cases import exception_cases
from app.models.exchange import inbox_messages, outbox_messages
from app.models.fulfilment import shipments
from app.models.inventory import network_stock
from app.models.orders import orders
from app.services.syncing import states
from app.sync.live.pulling import take
from app.sync.loopback.faults import Does
from app.sync.loopback.shop import SentParcel
from tests.sync.live.invariants import broken
from tests.sync.live.world import World, sqlite_url, world


class Killed(BaseException):
    """The program ended here, as by kill -9."""


@pytest.fixture
def shopify(database_url: str) -> Iterator[World]:
    with world(database_url, "shopify") as made:
        made.stock("MUG", 400)
        yield made
        assert broken(made) == []


def sell(made: World, count: int) -> list[str]:
    return [made.sell("shopify", ("MUG", 1)).id for _ in range(count)]


def here(made: World) -> list[str]:
    return made.desk.read(lambda db: sorted(db.execute(select(orders.c.external_id)).scalars()))


def fails(made: World, does: Does, operation: str, **how: object) -> None:
    made.shops["shopify"].faults.add(does, operation, **how)


def confirmed(made: World) -> list[str]:
    return [effect.detail["tracking"] for effect in made.shops["shopify"].told("confirm")]


def cases(made: World, kind: str) -> list[str]:
    table = exception_cases.c
    query = select(table.title).where(table.kind == kind, table.state == "open")
    return made.desk.read(lambda db: list(db.execute(query).scalars()))


# ---- transport ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "least"),
    [({"retry-after": "30"}, 30), ({"retry-after": "99999999"}, 900), ({}, 1), ({"retry-after": "x"}, 1)],
    ids=["F001", "F003 absurd", "F002 absent", "F003 garbage"],
)  # fmt: skip
def test_patience_is_kept(shopify: World, header: dict[str, str], least: float) -> None:
    sell(shopify, 1)
    fails(shopify, Does.STATUS, "orders", status=429, headers=header, count=3)
    status = shopify.loops["shopify"].cycle()
    assert (status.state, "slow down" in status.title) == ("waiting", True)
    assert status.until is not None
    assert (status.until - shopify.clock.now()).total_seconds() >= least
    shopify.until_quiet()
    assert len(here(shopify)) == 1


SICK: dict[str, tuple[Does, dict[str, object]]] = {
    "F005 bad gateway": (Does.STATUS, {"status": 502}),
    "F008 cut short": (Does.TRUNCATE, {}),
    "F008 cut short in silence": (Does.TRUNCATE_QUIETLY, {}),
    "F010 a web page": (Does.BODY, {"body": b"<html>Back soon</html>"}),
    "F011 errors with 200": (Does.BODY, {"body": json.dumps(
        {"errors": [{"message": "x", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}).encode()}),
    "F013 reset": (Does.RESET_AFTER, {}),
    "F017 a bomb": (Does.BOMB, {}),
    "F018 not a number": (Does.BODY, {"body": b'{"data": NaN}'}),
}  # fmt: skip


@pytest.mark.parametrize(("does", "how"), SICK.values(), ids=SICK.keys())
def test_a_sick_answer_is_never_no_orders(
    shopify: World, does: Does, how: dict[str, object]
) -> None:
    sell(shopify, 12)
    fails(shopify, does, "orders", nth=2, count=2, **how)
    status = shopify.loops["shopify"].cycle()
    assert status.state == "waiting"
    assert "Shopify" in status.title
    shopify.until_quiet()
    assert len(here(shopify)) == 12


def test_f004_a_storm_asks_once_a_step(shopify: World) -> None:
    fails(shopify, Does.STATUS, "", status=429, count=10_000)
    begun = shopify.clock.ticks()
    shop = shopify.shops["shopify"]
    while shopify.clock.ticks() - begun < 600:
        status = shopify.loops["shopify"].cycle()
        assert status.state == "waiting"
        assert status.until is not None
        shopify.clock.pass_by((status.until - shopify.clock.now()).total_seconds() + 0.1)
    assert len(shop.requests) < 40
    shop.faults.clear()
    shopify.until_quiet()


def test_f006_a_lost_answer_is_looked_up_and_not_repeated(shopify: World) -> None:
    sell(shopify, 1)
    shopify.cycle()
    shopify.ship_everything()
    fails(shopify, Does.COMMIT_THEN_DROP, "confirm")
    shopify.cycle()
    assert len(confirmed(shopify)) == 1
    shopify.cycle()
    shopify.until_quiet()
    assert len(confirmed(shopify)) == 1
    words = shopify.desk.read(_words)
    assert "found" in words


def _words(db: object) -> list[str]:
    from app.models.sync import outbox_attempts

    return list(db.execute(select(outbox_attempts.c.outcome)).scalars())  # type: ignore[attr-defined]


def test_f013_what_never_arrived_is_told_once_more(shopify: World) -> None:
    sell(shopify, 1)
    shopify.cycle()
    shopify.ship_everything()
    fails(shopify, Does.RESET_BEFORE, "confirm")
    shopify.cycle()
    shopify.cycle()
    shopify.until_quiet()
    assert len(confirmed(shopify)) == 1


def test_f014_offline_is_a_state_and_the_whole_gap_is_caught_up(shopify: World) -> None:
    shopify.cycle()
    sell(shopify, 1)
    shopify.cycle()
    shopify.ship_everything()
    door = shopify.doors["shopify"]
    right, door.address = door.address, "http://127.0.0.1:9"
    for _ in range(20):
        status = shopify.loops["shopify"].cycle()
        assert status.state == "offline"
        shopify.clock.pass_by(360)
        sell(shopify, 1)
    assert len(cases(shopify, "channel_trouble")) == 1
    door.address = right
    shopify.until_quiet()
    assert len(here(shopify)) == 21
    assert len(confirmed(shopify)) == 1
    assert cases(shopify, "channel_trouble") == []


def test_f016_a_redirect_stops_the_channel_and_sends_nothing(shopify: World) -> None:
    fails(shopify, Does.STATUS, "orders", status=302, headers={"location": "http://127.0.0.1:9/"})
    status = shopify.loops["shopify"].cycle()
    assert (status.state, "Nothing was sent" in status.title) == ("attention", True)
    shopify.until_quiet()


def test_f019_and_f020_one_order_that_cannot_be_read_keeps_no_other_back(shopify: World) -> None:
    ids = sell(shopify, 12)
    poison = shopify.shops["shopify"].orders[ids[3]]
    poison.currency = "gold"
    shopify.until_quiet()
    assert len(here(shopify)) == 11
    (title,) = cases(shopify, "order_unreadable")
    assert "gold" in title
    raw = shopify.desk.read(
        lambda db: db.execute(
            select(inbox_messages.c.payload).where(inbox_messages.c.outcome == "unread")
        ).scalar_one()
    )
    assert raw["order"]["legacyResourceId"] == poison.id
    poison.currency = "USD"
    shopify.shops["shopify"].changed(poison)
    shopify.clock.pass_by(90)
    shopify.until_quiet()
    assert len(here(shopify)) == 12
    assert cases(shopify, "order_unreadable") == []


# ---- paging, cursors, time ----------------------------------------------------------------------


def test_f021_and_f022_ties_and_late_ones_are_all_seen_once(shopify: World) -> None:
    ids = sell(shopify, 45)  # the clock stands still: all in one second
    late = shopify.shops["shopify"].orders[ids[7]]
    late.visible_at = shopify.clock.now() + timedelta(seconds=90)
    shopify.cycle()
    assert len(here(shopify)) == 44
    shopify.cycle()
    assert len(here(shopify)) == 45


@pytest.mark.parametrize(
    "does", [Does.DUP_PAGE, Does.SHRINK_PAGE, Does.EMPTY_PAGE, Does.STALE_TOKEN],
    ids=["F023", "F025", "F026 empty", "F027"],
)  # fmt: skip
def test_pages_that_misbehave_lose_nothing(shopify: World, does: Does) -> None:
    sell(shopify, 35)
    fails(shopify, does, "orders", nth=2)
    shopify.until_quiet()
    assert len(here(shopify)) == 35


def test_f026_pages_without_end_are_left_after_three(shopify: World) -> None:
    sell(shopify, 25)
    fails(shopify, Does.LOOP_PAGES, "orders", count=1000)
    status = shopify.loops["shopify"].cycle()
    assert "without end" in status.title
    assert len(shopify.shops["shopify"].requests) < 25
    shopify.shops["shopify"].faults.clear()
    shopify.until_quiet()
    assert len(here(shopify)) == 25


PLACES = ["pull.before_commit", "pull.after_part", "pull.after_page"]


@pytest.mark.parametrize("place", PLACES)
def test_f028_and_f076_a_kill_anywhere_in_a_pull_loses_nothing(shopify: World, place: str) -> None:
    sell(shopify, 25)
    for nth in (1, 2):
        shopify.start("shopify", killed_at(place, nth))
        with pytest.raises(Killed):
            shopify.loops["shopify"].cycle()
    shopify.start("shopify")
    shopify.until_quiet()
    assert len(here(shopify)) == 25


@pytest.mark.parametrize("skew", [600, -600], ids=["ahead", "behind"])
def test_f029_the_channels_clock_may_differ(shopify: World, skew: int) -> None:
    shop = shopify.shops["shopify"]
    shop.skew = timedelta(seconds=skew)
    shopify.marketplace.time = shop  # its answers are dated by its own clock
    for _ in range(4):
        sell(shopify, 2)
        shopify.cycle()
    shopify.cycle()
    assert len(here(shopify)) == 8


def test_f030_this_computers_clock_may_jump(shopify: World) -> None:
    sell(shopify, 1)
    shopify.cycle()
    shopify.clock.set_back(3600)
    shop = shopify.shops["shopify"]
    shop.skew = timedelta(hours=1)  # the channel's own goes on
    shopify.marketplace.time = shop
    sell(shopify, 1)
    shopify.cycle()
    shopify.until_quiet()
    assert len(here(shopify)) == 2


def test_f034_what_is_too_old_to_be_fetched_is_said(shopify: World) -> None:
    shopify.cycle()
    shopify.clock.pass_by(95 * 86_400)
    status = shopify.loops["shopify"].cycle()
    assert "cannot be fetched from Shopify" in status.title
    assert "Import a file" in status.advice
    assert len(cases(shopify, "channel_trouble")) == 1
    shopify.until_quiet()
    assert len(cases(shopify, "channel_trouble")) == 1


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
    assert len(cases(shopify, "message_refused")) >= 1


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


def killed_at(place: str, nth: int) -> Callable[[str], None]:
    """End the program at the n-th passing of a place."""
    left = [nth]

    def breaks(here_: str) -> None:
        if here_ == place:
            left[0] -= 1
            if not left[0]:
                raise Killed

    return breaks
