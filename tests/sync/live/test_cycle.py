"""What does one look at an account do? Seen from both sides: the desk's rows and the shop's own truth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.beginnings import Begun
from tests.sync.live.world import World, world


@pytest.fixture
def shopify(begun: Begun) -> Iterator[World]:
    with world(begun, "shopify") as made:
        made.stock("MUG", 40)
        made.stock("BOWL", 9)
        yield made


def test_an_order_that_was_placed_there_is_here_after_one_look(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 2))
    assert shopify.cycle().state == "up_to_date"
    assert shopify.order(sold).status == "open"
    assert shopify.order(sold).is_routed


def test_a_parcel_that_left_here_is_confirmed_there_once(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 2), ("BOWL", 1))
    shopify.cycle()
    shopify.ship_everything()
    for _ in range(3):
        shopify.cycle()
    (confirmed,) = shopify.shops["shopify"].told("confirm", sold.id)
    assert confirmed.detail["tracking"] == "1Z00000001"
    assert shopify.order(sold).channel_state == "shipped"
    assert shopify.order(sold).status == "shipped"


def test_a_sale_is_told_back_as_a_new_quantity(shopify: World) -> None:
    shopify.cycle()
    shopify.desk.run("receive", sku="MUG", location="MAIN", quantity=10, reason="More came")
    shopify.cycle()
    assert shopify.shops["shopify"].offers["MUG"].quantity == 50


def test_a_changed_sheet_is_told_at_the_next_look(shopify: World) -> None:
    shopify.cycle()
    shopify.cycle()
    shopify.desk.run("save_sheet", channels={"shopify": {"stock_mode": "capped", "cap_units": 5}})
    shopify.cycle()
    assert shopify.shops["shopify"].offers["MUG"].quantity == 5
    assert shopify.shops["shopify"].offers["BOWL"].quantity == 5


def test_a_cancelled_order_is_not_confirmed(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 1))
    shopify.cycle()
    shopify.ship_everything()
    shopify.shops["shopify"].cancel(sold, "changed my mind", by="buyer")
    shopify.cycle()
    assert shopify.shops["shopify"].told("confirm") == []


def test_an_order_that_was_cancelled_here_is_cancelled_there(shopify: World) -> None:
    sold = shopify.sell("shopify", ("MUG", 1))
    shopify.cycle()
    shopify.desk.run("cancel", order_ids=[shopify.order(sold).id], reason="out of stock")
    shopify.clock.pass_by(15)
    shopify.cycle()
    (told,) = shopify.shops["shopify"].told("cancel", sold.id)
    assert told.detail["by"] == "seller"
