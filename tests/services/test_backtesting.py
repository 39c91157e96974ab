"""Replayed under the rules in force the past is as it was; under others it differs by what they change."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.domain.roles import SYSTEM
from app.models.fulfilment import routing_suggestions
from app.models.orders import orders
from app.services import cancelling, deciding, stock
from app.services.backtesting.rules import Backtest, backtest_rules
from app.services.rules import rulebooks
from tests.builders import MONDAY, Shop, an_order

EAST, WEST = 1, 2
SINCE = MONDAY - timedelta(days=1)
TEA_WEST = "rule Tea from the west\n  if sku:TEA\n  ship WEST, else anywhere\n"


def replayed(shop: Shop, text: str = "", days: int = 1) -> Backtest:
    return backtest_rules(shop.db, text=text, since=SINCE, now=MONDAY + timedelta(days=days))


def key(shop: Shop, number: str) -> int:
    return int(shop.db.execute(select(orders.c.id).where(orders.c.number == number)).scalar_one())


def at(shop: Shop, **later: int) -> Shop:
    shop.now = MONDAY + timedelta(**later)
    return shop


def test_the_rules_in_force_reproduce_what_happened_order_by_order(shop: Shop) -> None:
    shop.stocked(TEA=(3, 9), MUG=(4, 4), POT=(0, 5))
    shop.takes_in(*(an_order(str(n), ("TEA", 1)) for n in range(1, 4)))
    shop.takes_in(an_order("4", ("TEA", 1)), an_order("5", ("SET", 1), ("POT", 1)))
    deciding.accept(shop.db, SYSTEM, order_ids=[1, 2], now=MONDAY)
    at(shop, hours=5).takes_in(an_order("6", ("TEA", 2)), an_order("7", ("POT", 9)))
    found = replayed(shop)
    assert (found.orders, found.alike, found.unlike) == (7, 7, ())
    assert found.changed == ()
    assert found.active == found.draft
    really = select(routing_suggestions.c.cost).where(
        routing_suggestions.c.state.in_(("open", "accepted"))
    )
    assert found.active.cost == sum(shop.db.execute(really).scalars())


def test_a_planted_rule_shows_its_cost_to_the_cent_by_rule_and_order(shop: Shop) -> None:
    shop.stocked(TEA=(9, 2), MUG=(9, 9))
    shop.takes_in(*(an_order(str(n), ("TEA", 1)) for n in range(1, 4)), an_order("4", ("MUG", 1)))
    found = replayed(shop, TEA_WEST)
    assert [(each.number, each.before.places, each.after.places) for each in found.changed] == [
        ("1", "East", "West"), ("2", "East", "West"),
    ]  # fmt: skip
    costs = dict(shop.db.execute(
        select(orders.c.number, routing_suggestions.c.cost)
        .join(orders, orders.c.id == routing_suggestions.c.order_id)
    ).all())  # fmt: skip
    assert [each.before.cost for each in found.changed] == [costs["1"], costs["2"]]
    assert found.extra == sum(each.extra for each in found.changed) > 0
    assert found.per_rule == {"Tea from the west": found.extra}
    assert found.hits == {"Tea from the west": 3}
    rulebooks.save_rules(shop.db, SYSTEM, text=TEA_WEST, now=MONDAY)
    rulebooks.activate_rules(shop.db, SYSTEM, now=MONDAY)
    better = replayed(shop, "")
    assert better.extra == -found.extra, "to leave the rule out saves what it costs"


def test_what_a_person_decided_otherwise_stays_as_it_was(shop: Shop) -> None:
    shop.stocked(TEA=(1, 1))
    shop.takes_in(an_order("1", ("TEA", 1)))
    deciding.override(shop.db, SYSTEM, order_id=1, location_id=WEST, reason="Nearer", now=MONDAY)
    at(shop, hours=1).takes_in(an_order("2", ("TEA", 1)))
    found = replayed(shop, TEA_WEST)
    assert found.changed == ()
    assert found.unlike == ()


def test_units_that_come_in_or_come_free_are_there_from_that_moment_on(shop: Shop) -> None:
    shop.stocked(TEA=(1, 0))
    shop.takes_in(an_order("1", ("TEA", 1)), an_order("2", ("TEA", 1)))
    at(shop, hours=1)
    cancelling.cancel(shop.db, SYSTEM, order_ids=[1], reason="Changed her mind", now=shop.now)
    at(shop, hours=2)
    stock.receive(
        shop.db, SYSTEM, sku="TEA", location="WEST", quantity=3, reason="Delivery", now=shop.now
    )
    at(shop, hours=3).takes_in(an_order("3", ("TEA", 1)))
    found = replayed(shop)
    assert (found.active.short, found.active.parcels) == (0, 3), (
        "the second took what the first gave up"
    )
    assert found.alike == 3


def test_a_moment_before_which_orders_came_keeps_what_they_had_taken(shop: Shop) -> None:
    shop.stocked(TEA=(1, 1))
    shop.takes_in(an_order("1", ("TEA", 1)))
    at(shop, days=2).takes_in(an_order("2", ("TEA", 1)))
    since = MONDAY + timedelta(days=1)
    found = backtest_rules(shop.db, text="", since=since, now=MONDAY + timedelta(days=3))
    assert (found.orders, found.active.short) == (1, 0)
    assert found.alike + len(found.unlike) == 1
