"""What time and numbers make true is noticed, and over once it is not true any more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.models.inventory import locations, network_stock, stock_levels
from app.models.orders import orders
from app.services import setup
from app.services.casework import noticing
from tests.builders import MONDAY, Shop, an_order


def test_a_product_at_its_safety_stock_runs_low(shop: Shop) -> None:
    shop.stocked(TEA=(3, 0))
    assert noticing.running_low(shop.db, MONDAY) == []
    shop.db.execute(
        stock_levels.update()
        .where(stock_levels.c.sku_id == shop.skus["TEA"])
        .values(safety_stock=2)
    )
    (case,) = noticing.running_low(shop.db, MONDAY)
    assert case.title.startswith("TEA runs low: 3 left to sell, 4 are kept")
    shop.db.execute(network_stock.update().values(free=5))
    assert noticing.running_low(shop.db, MONDAY) == []


def test_an_order_that_comes_over_again_is_suspected(shop: Shop) -> None:
    shop.stocked(TEA=(9, 9), MUG=(9, 9))
    soon = MONDAY - timedelta(minutes=90)
    shop.takes_in(
        an_order("1", ("TEA", 2)), an_order("2", ("TEA", 2), placed_at=soon),
        an_order("3", ("MUG", 2), placed_at=soon),
        an_order("4", ("TEA", 2), placed_at=MONDAY + timedelta(hours=5)),
    )  # fmt: skip
    (case,) = noticing.came_twice(shop.db, MONDAY)
    assert case.title == "Order 2 looks like order 1 over again"
    shop.account = setup.account_for(shop.db, "walmart", now=MONDAY)
    later = MONDAY + timedelta(hours=4)
    shop.takes_in(an_order("5", ("MUG", 2), channel="walmart", placed_at=later, total=1250))
    (_here, elsewhere) = noticing.came_twice(shop.db, MONDAY)
    assert "goods as 3, within hours, on another channel." in str(elsewhere.facts["reason"])
    shop.db.execute(orders.update().where(orders.c.number == "5").values(status="cancelled"))
    shop.db.execute(orders.update().where(orders.c.number == "1").values(status="cancelled"))
    assert noticing.came_twice(shop.db, MONDAY) == []


def test_a_place_without_a_limit_is_never_too_full(shop: Shop) -> None:
    assert shop.db.execute(select(locations.c.daily_capacity)).scalars().first() is None
    assert noticing.over_capacity(shop.db, MONDAY) == []
