"""Where the desk stands is read from what is set and what happened; the likeliest trouble comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.domain.roles import SYSTEM
from app.domain.whereabouts import Mode, Risk
from app.queries.whereabouts import whereabouts
from app.services import people, setup
from tests.builders import MONDAY, Shop, an_order

SLOW = MONDAY - timedelta(hours=9)


def test_the_map_names_how_each_channel_is_worked_and_what_is_done_by_hand(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0))
    setup.account_for(shop.db, "etsy", now=MONDAY)
    people.add_operator(shop.db, SYSTEM, name="Ada", role="approver", now=MONDAY)
    people.add_operator(shop.db, SYSTEM, name="Bob", role="operator", now=MONDAY)
    shop.takes_in(an_order("1", ("TEA", 1)))
    found = whereabouts(shop.db, now=MONDAY + timedelta(hours=1))
    spots = {each.channel: each for each in found.channels}
    assert (spots["shopify"].mode, spots["shopify"].orders) == (Mode.BY_HAND, 1)
    assert spots["shopify"].known_after == timedelta(hours=2)
    assert spots["etsy"].last_in is None
    assert "upload the file of quantities" in spots["etsy"].by_hand
    assert [(each.code, each.skus) for each in found.places] == [("EAST", 1), ("WEST", 0)]
    assert ("Ada", "approver") in found.overriders
    assert "Bob" not in dict(found.overriders)
    assert found.gaps == (), "two hours are no late news"


def test_the_likeliest_trouble_comes_first_each_with_the_place_to_mend_it(shop: Shop) -> None:
    shop.stocked(TEA=(1, 0))
    due = MONDAY + timedelta(days=1)
    shop.takes_in(
        *(replace(an_order(str(n), ("TEA", 1)), placed_at=SLOW, ship_by=due) for n in range(3))
    )
    found = whereabouts(shop.db, now=MONDAY + timedelta(days=2))
    assert [(each.risk, each.count, each.page) for each in found.gaps] == [
        (Risk.LATE, 3, "orders"), (Risk.OVERSELL, 2, "channels"),
    ]  # fmt: skip
    assert found.gaps[0].query == "channel:shopify is:late"
    assert "never told" in found.gaps[1].why
