"""What a network and a marketplace do to a sync, case by case: transport, paging, time, duplicates,
confirmations, tokens, offline. After each, one checker says whether everything is still true.

The ids are those of the catalogue of faults; each case has its seed, so that it fails again the same.

On PostgreSQL the suite runs those that hang on the database; ``scripts/faults_everywhere`` runs every case on
both engines.
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models.exchange import inbox_messages
from app.sync.loopback.faults import Does
from tests.sync.live.faulty import Killed, cases, confirmed, fails, here, killed_at, sell
from tests.sync.live.world import World

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
