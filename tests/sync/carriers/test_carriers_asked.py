"""Do connected carriers tell where parcels are, by themselves, whatever happens on the way?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models.fulfilment import fulfilment_orders, shipments
from app.services.tracking.connections import take_carrier
from app.services.tracking.questions import MOST, waiting
from app.services.verifying import verify_store
from app.sync.live.clock import StoppedError
from app.sync.loopback.depot import Seen
from app.sync.loopback.faults import Does
from tests.sync.carriers.trade import KEYS, Trade, trade
from tests.sync.live.world import sqlite_url

CARRIERS = tuple(KEYS)
SIGNED_IN = ("ups", "fedex", "usps")


@pytest.fixture(params=CARRIERS)
def carrier(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def asked(tmp_path: Path, carrier: str) -> Iterator[Trade]:
    with trade(sqlite_url(tmp_path), carrier) as made:
        yield made
        assert [x.name for x in verify_store(made.made.desk.store) if not x.ok] == []


@pytest.fixture
def ups(database_url: str) -> Iterator[Trade]:
    with trade(database_url, "ups") as made:
        yield made
        assert [x.name for x in verify_store(made.made.desk.store) if not x.ok] == []


def test_a_parcel_reports_itself_until_it_has_arrived(asked: Trade) -> None:
    (number,) = asked.ship()
    assert asked.later(0).state == "up_to_date"
    assert asked.status(number) == ""
    asked.made.clock.pass_by(6 * 3600)
    asked.scan(number, Seen.LABEL, Seen.PICKED_UP, Seen.MOVING)
    asked.later(0)
    assert asked.status(number) in ("in_transit", "accepted")
    asked.made.clock.pass_by(30 * 3600)
    asked.scan(number, Seen.OUT, Seen.DELIVERED)
    asked.later(0)
    assert asked.status(number) == "delivered"
    before = asked.asked()
    asked.later(48)
    assert asked.asked() == before


def test_what_is_reported_twice_is_kept_once(asked: Trade) -> None:
    (number,) = asked.ship()
    asked.scan(number, Seen.PICKED_UP, Seen.MOVING)
    asked.later(1)
    kept = asked.events()
    assert kept == 2
    for _ in range(3):
        asked.later(12)
    assert asked.events() == kept


def test_a_carrier_that_is_busy_is_asked_again_later(asked: Trade) -> None:
    (number,) = asked.ship()
    asked.scan(number, Seen.PICKED_UP)
    asked.depot.faults.add(Does.STATUS, "track", status=429, headers={"retry-after": "40"})
    status = asked.later(0)
    assert (status.state, "slow down" in status.title) == ("waiting", True)
    assert status.until == asked.made.clock.now() + timedelta(seconds=40)
    asked.depot.faults.add(Does.STATUS, "track", status=503)
    assert asked.later(0.1).state == "waiting"
    asked.later(0.5)
    assert asked.status(number) in ("accepted", "in_transit")
    assert asked.cases() == []


def test_keys_that_are_withdrawn_are_a_case_until_they_are_right_again(asked: Trade) -> None:
    (number,) = asked.ship()
    asked.scan(number, Seen.PICKED_UP)
    asked.depot.secrets.update(dict.fromkeys(KEYS[asked.carrier], "other"), access_token="other")
    status = asked.later(0)
    assert status.state == "attention"
    assert asked.cases() == ["signed_out"]
    asked.depot.secrets.update(KEYS[asked.carrier])
    assert asked.later(1).state == "up_to_date"
    assert asked.cases() == []
    assert asked.status(number) != ""


@pytest.mark.parametrize("carrier", SIGNED_IN, indirect=True)
def test_a_token_that_ends_early_is_renewed_once(asked: Trade) -> None:
    numbers = asked.ship(3)
    asked.depot.secrets.update(uses_each="2", uses_left="2")
    for number in numbers:
        asked.scan(number, Seen.PICKED_UP)
    assert asked.later(0).state == "up_to_date"
    assert all(asked.status(number) for number in numbers)
    assert asked.secrets.kept["access_token"] == asked.depot.secrets["access_token"]


def test_a_time_without_its_zone_counts_in_the_zone_of_the_house(asked: Trade) -> None:
    (number,) = asked.ship()
    asked.scan(number, Seen.PICKED_UP, Seen.MOVING, has_zone=asked.carrier == "easypost")
    asked.later(1)
    with asked.made.desk.store.read() as db:
        ahead = db.exec_driver_sql(
            "SELECT COUNT(*) FROM tracking_events WHERE happened_at > recorded_at"
        )
        assert ahead.scalar() == 0
    assert asked.status(number) in ("in_transit", "accepted")


SICK = (b'{"trackResponse": 7}', b"[]", b'{"output": {"completeTrackResults": [7]}}', b"null",
        b'{"trackingEvents": "no"}', b'{"shipments": [{"events": [{}]}]}', b'{"trackers": {}}')  # fmt: skip


def test_an_answer_that_cannot_be_read_changes_nothing_and_is_said(asked: Trade) -> None:
    numbers = asked.ship(2)
    for body in SICK:
        asked.depot.faults.add(Does.BODY, "track", body=body)
        asked.later(26)
        assert [asked.status(x) for x in numbers] == ["", ""]
    for number in numbers:
        asked.scan(number, Seen.PICKED_UP)
    asked.later(26)
    assert all(asked.status(x) for x in numbers)


# ---- what is alike for all, on both engines -------------------------------------------------------


def test_a_label_that_is_not_handed_over_is_asked_for_less_and_less(ups: Trade) -> None:
    ups.ship()
    times = []
    for _ in range(80):
        before = ups.asked()
        ups.later(1)
        times += [ups.made.clock.now()] * (ups.asked() > before)
    gaps = [round((b - a).total_seconds() / 3600) for a, b in pairwise(times)]
    assert gaps == [2, 4, 8, 16, 24, 24]
    assert ups.questions()[0].unknown == len(times)


def test_a_parcel_at_the_door_is_asked_for_sooner_than_one_on_the_road(ups: Trade) -> None:
    moving, at_the_door = ups.ship(2)
    ups.scan(moving, Seen.PICKED_UP, Seen.MOVING)
    ups.scan(at_the_door, Seen.PICKED_UP, Seen.OUT)
    ups.later(0)
    on_the_road, out = (x.next_at - x.asked_at for x in ups.questions())
    assert (on_the_road, out) == (timedelta(hours=6), timedelta(hours=1))


def test_a_refused_number_keeps_no_other_back(ups: Trade) -> None:
    first, second = ups.ship(2)
    ups.scan(first, Seen.PICKED_UP)
    ups.scan(second, Seen.PICKED_UP)
    ups.depot.faults.add(Does.STATUS, "track", status=400, body=(
        b'{"response": {"errors": [{"code": "TV1002", "message": "Invalid inquiry number"}]}}'))  # fmt: skip
    status = ups.later(0)
    assert status.state == "attention"
    assert "Invalid inquiry number" in ups.questions()[0].problem
    assert (ups.status(first), ups.status(second)) == ("", "accepted")
    assert ups.cases() == ["channel_trouble"]
    ups.later(7)
    assert (ups.status(first), ups.cases()) == ("accepted", [])


def test_what_was_reported_under_a_number_long_before_is_another_parcel(ups: Trade) -> None:
    (number,) = ups.ship()
    ups.depot.scan(number, Seen.DELIVERED, ups.made.clock.now() - timedelta(days=400))
    ups.later(0)
    assert ups.status(number) == ""
    ups.scan(number, Seen.PICKED_UP)
    ups.later(26)
    assert ups.status(number) == "accepted"


def test_a_code_that_nobody_knows_waits_for_a_meaning(ups: Trade) -> None:
    (number,) = ups.ship()
    ups.scan(number, Seen.MOVING, code="Q9")
    ups.later(0)
    assert ups.status(number) == "unmapped"


def test_orders_that_share_a_parcel_share_the_question(ups: Trade) -> None:
    for _ in range(2):
        ups.made.sell("shopify", ("MUG", 1))
    ups.made.cycle()
    ups.made.ship_everything(label="1Z 9999-0001")
    ups.numbers = ["of the first", "of the second"]
    ups.scan("1Z99990001", Seen.PICKED_UP)
    ups.later(0)
    assert ups.asked() == 1
    assert [ups.status(x) for x in ups.numbers] == ["accepted", "accepted"]


def test_two_desks_never_ask_one_carrier_at_once(ups: Trade) -> None:
    ups.ship()
    with ups.made.desk.store.write() as db:
        take_carrier(db, ups.loop.account.id, "the other desk", now=ups.made.clock.now())
    assert "the other desk" in ups.loop.cycle().title
    assert ups.asked() == 0
    ups.later(0.1)
    assert ups.asked() == 1


def test_offline_is_a_state(ups: Trade) -> None:
    (number,) = ups.ship()
    ups.scan(number, Seen.PICKED_UP)
    right, ups.door.address = ups.door.address, "http://127.0.0.1:9"
    status = ups.later(0)
    assert (status.state, ups.cases()) == ("offline", [])
    ups.door.address = right
    assert ups.later(1).state == "up_to_date"
    assert ups.status(number) == "accepted"


def test_a_carrier_that_is_silent_for_a_day_is_a_case_until_it_answers(ups: Trade) -> None:
    ups.ship()
    right, ups.door.address = ups.door.address, "http://127.0.0.1:9"
    ups.later(20)
    assert ups.cases() == []
    assert (ups.later(5).state, ups.cases()) == ("offline", ["channel_trouble"])
    ups.door.address = right
    ups.later(1)
    assert ups.cases() == []


@pytest.mark.parametrize("refuses", [False, True])
def test_a_carrier_that_is_let_go_while_it_is_asked_leaves_no_case(
    tmp_path: Path, *, refuses: bool
) -> None:
    with trade(sqlite_url(tmp_path), "ups") as ups:
        ups.ship()
        if refuses:
            ups.depot.secrets["client_secret"] = "other"

        def let_go(*_: object) -> None:
            ups.made.marketplace.witness = None
            ups.made.desk.run("disconnect_carrier", carrier="ups")

        ups.made.marketplace.witness = let_go
        with pytest.raises(StoppedError):
            ups.loop.cycle()
        assert (ups.cases(), ups.questions()) == ([], [])


def test_what_is_asked_first_is_counted_in_full_and_without_what_others_are_asked(
    tmp_path: Path,
) -> None:
    with trade(sqlite_url(tmp_path), "ups") as ups:
        ups.ship()
        now = ups.made.clock.now()
        with ups.made.desk.store.write() as db:
            parcel = dict(db.execute(select(shipments)).mappings().one())
            packed = dict(db.execute(select(fulfilment_orders)).mappings().one())
            for at in range(2, MOST + 9):
                db.execute(fulfilment_orders.insert(), [{**packed, "id": at}])
                left = {"id": at, "fulfilment_order_id": at, "tracking_number": f"1Z{at}"}
                db.execute(shipments.insert(), [{**parcel, **left}])
            assert waiting(db, {"ups"}, {"ups"}, now=now) == MOST + 8
            assert waiting(db, (), {"ups"}, now=now) == 0
            assert waiting(db, (), (), now=now) == MOST + 8


def test_a_paused_carrier_is_asked_nothing_and_one_that_is_gone_is_no_case(ups: Trade) -> None:
    desk = ups.made.desk
    desk.undo(desk.run("pause_carrier", carrier="ups").undo)  # type: ignore[arg-type]
    ups.depot.secrets["client_secret"] = "other"
    ups.ship()
    ups.later(0)
    assert len(ups.cases()) == 1
    desk.run("disconnect_carrier", carrier="ups")
    assert ups.cases() == []
