"""The report knows which orders are here and not there, once their channel was asked for them."""

from __future__ import annotations

from app.queries.mismatches import mismatch_rows
from app.services.mismatching.running import report_now
from tests.sync.live.world import World


def strays(world: World) -> list[tuple[str, str]]:
    report_now(world.desk)
    rows = world.desk.read(mismatch_rows, query="", now=world.desk.now())
    return [(row.sku, row.sentence) for row in rows if row.kind == "order"]


def swept(world: World) -> None:
    world.clock.pass_by(3 * 3600)
    world.cycle()


def test_an_order_that_its_channel_has_lost_is_named_until_it_is_there_again(
    shopify: World,
) -> None:
    shopify.sell("shopify", ("MUG", 1))
    lost = shopify.sell("shopify", ("MUG", 1))
    shopify.cycle()
    swept(shopify)
    assert strays(shopify) == []
    there = shopify.shops["shopify"].orders
    del there[lost.id]
    swept(shopify)
    number = shopify.order(lost).number
    assert strays(shopify) == [
        (number, f"Order {number} is open here, and Shopify does not know it.")
    ]
    there[lost.id] = lost
    swept(shopify)
    assert strays(shopify) == []
