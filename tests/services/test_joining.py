"""Two orders in one parcel: each its own order, one tracking number, on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.errors import DeskError, RefusedError
from app.models.fulfilment import routing_suggestions
from app.queries.order_detail import find_order, order_detail
from app.services.desk import Desk
from app.services.one_parcel import postage_of
from app.services.undoing import take_back
from app.services.verifying import verify_store
from tests.queries import brand

LABEL = {"carrier": "USPS", "tracking_number": "9400100000000000000077"}


def ids(desk: Desk, *numbers: str) -> list[int]:
    found = [desk.read(find_order, number) for number in numbers]
    return [each for each in found if each is not None]


def assert_sound(desk: Desk) -> None:
    found = [check for check in verify_store(desk.store) if not check.ok]
    assert not found, found


def status(desk: Desk, number: str) -> str:
    return desk.read(order_detail, ids(desk, number)[0], now=brand.NOW).status


def test_one_parcel_ships_both_and_tells_each_channel(busy: Desk) -> None:
    both = ids(busy, "READY", "LATE")
    before = busy.read(postage_of, order_ids=both, now=brand.NOW)
    assert before is not None
    assert 0 < before.together < before.apart
    done = busy.run("ship_together", order_ids=both, **LABEL)
    assert done.label == "Ship 2 orders together"
    for number in ("READY", "LATE"):
        detail = busy.read(order_detail, ids(busy, number)[0], now=brand.NOW)
        assert detail.status == "shipped"
        assert [each.tracking_number for each in detail.shipments] == [LABEL["tracking_number"]]
        assert detail.shipments[0].told == "the channel is not told yet"
    assert len({busy.read(order_detail, each, now=brand.NOW).fulfilment_orders[0].location
                for each in ids(busy, "READY", "LATE")}) == 1  # fmt: skip
    assert_sound(busy)
    assert done.undo is not None
    list(take_back(busy, done.undo))
    assert (status(busy, "READY"), status(busy, "LATE")) == ("accepted", "accepted")
    assert_sound(busy)


def test_apart_the_parcels_cost_the_postage_that_was_suggested_for_each(busy: Desk) -> None:
    both = ids(busy, "READY", "LATE")
    costs = busy.read(postage_of, order_ids=both, now=brand.NOW)
    with busy.store.read() as db:
        kept = select(routing_suggestions.c.explanation).where(
            routing_suggestions.c.order_id.in_(both), routing_suggestions.c.state == "open"
        )
        parcels = [each for known in db.execute(kept).scalars() for each in known["parcels"]]
    assert costs is not None
    assert len(parcels) == 2
    assert costs.apart == sum(each["postage"] for each in parcels)


def test_one_that_was_decided_says_where_the_other_ships_from(busy: Desk) -> None:
    reno = 3
    ready = ids(busy, "READY")[0]
    busy.run("override", order_id=ready, location_id=reno, reason="Stock there has to go")
    busy.run("ship_together", order_ids=ids(busy, "LATE", "READY"), **LABEL)
    late = busy.read(order_detail, ids(busy, "LATE")[0], now=brand.NOW)
    assert late.fulfilment_orders[0].location == "Reno 3PL"
    assert late.overrides[0].reason == "One parcel with READY"


@pytest.mark.parametrize("other", ["HELD", "SHORT", "SHIPPED", "GONE", "ELSEWHERE"])
def test_what_cannot_go_in_one_parcel_is_refused_whole(busy: Desk, other: str) -> None:
    away = brand.order("ELSEWHERE", ("TEA-001", 1))
    brand.take_in(busy, replace(away, ship_to=replace(away.ship_to, line1="2 Side St")))
    before = status(busy, other)
    with pytest.raises(DeskError, match="othing was shipped"):
        busy.run("ship_together", order_ids=ids(busy, "READY", other), **LABEL)
    assert (status(busy, "READY"), status(busy, other)) == ("open", before)
    assert_sound(busy)


def test_one_order_alone_is_no_parcel_for_several(busy: Desk) -> None:
    with pytest.raises(RefusedError, match="two orders or more"):
        busy.run("ship_together", order_ids=ids(busy, "READY"), **LABEL)
