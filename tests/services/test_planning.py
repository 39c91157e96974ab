"""Does planning the queue serve orders that one at a time would leave, and what does taking it over do?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.cli.planning import accepted_with
from app.domain.roles import Actor, Role
from app.models.inventory import stock_levels
from app.models.orders import orders, reservations
from app.services import deciding
from app.services.planning.plans import Proposal, propose, taken_over
from app.services.planning.problem import open_queue
from app.services.planning.taking import take_plan
from tests.builders import MONDAY, Shop, an_order

OWNER = Actor("owner", Role.OWNER)
EAST, WEST = 1, 2


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """One TEA on either side, and the only MUG in the east, where both orders would rather ship from."""
    found = shop.stocked(TEA=(1, 1), MUG=(1, 0), POT=(5, 5))
    first = an_order("1", ("TEA", 1), placed_at=MONDAY - timedelta(hours=3))
    second = an_order("2", ("TEA", 1), ("MUG", 1), placed_at=MONDAY - timedelta(hours=1),
                      channel="shopify")  # fmt: skip
    found.takes_in(first, second)
    return found


def plan(shop: Shop) -> Proposal:
    return propose(open_queue(shop.db, now=MONDAY), seconds=20)


def places(shop: Shop) -> dict[str, set[int | None]]:
    found: dict[str, set[int | None]] = {}
    query = select(orders.c.number, reservations.c.suggested_location_id).join(
        reservations, reservations.c.order_id == orders.c.id
    )
    for number, place in shop.db.execute(query):
        found.setdefault(number, set()).add(place)
    return found


def test_the_plan_moves_the_first_order_so_that_the_second_ships_in_one_parcel(shop: Shop) -> None:
    assert places(shop) == {"1": {EAST}, "2": {EAST, WEST}}
    found = plan(shop)
    assert {each.number: each.planned.places for each in found.orders} == {
        "1": (WEST,),
        "2": (EAST,),
    }
    assert (found.now.parcels, found.planned.parcels) == (3, 2)
    assert found.saving > 0
    assert found.planned.cost <= found.one_by_one.cost
    assert found.may_save == 0


def test_planning_alone_changes_nothing(shop: Shop) -> None:
    before = places(shop)
    plan(shop)
    assert places(shop) == before


def test_taking_the_plan_over_suggests_what_it_says_and_can_be_undone(shop: Shop) -> None:
    found = plan(shop)
    done = take_plan(
        shop.db, OWNER, planned={each.order_id: each.at for each in found.changes}, now=MONDAY
    )
    assert len(done.done) == 2
    assert places(shop) == {"1": {WEST}, "2": {EAST}}
    assert plan(shop).changes == ()
    assert done.undo is not None
    take_plan(shop.db, OWNER, planned=done.undo.arguments["planned"], now=MONDAY)  # type: ignore[arg-type]
    assert places(shop) == {"1": {EAST}, "2": {EAST, WEST}}


def test_undone_an_order_that_no_location_could_ship_whole_is_as_it_was(shop: Shop) -> None:
    third = an_order("3", ("TEA", 1), ("MUG", 1), channel="amazon")
    shop.stocked(MUG=(2, 0), TEA=(1, 2)).takes_in(third)
    before = places(shop)
    assert before["3"] == {EAST, None}, "it may not be split"
    found = plan(shop)
    done = take_plan(shop.db, OWNER, **taken_over(found.changes), now=MONDAY)
    assert places(shop)["3"] == {EAST}
    assert done.undo is not None
    arguments: dict[str, Any] = done.undo.arguments
    assert take_plan(shop.db, OWNER, **arguments, now=MONDAY).skipped == ()
    assert places(shop) == before


def test_an_order_alone_is_left_where_its_units_are_suggested_to_one_that_stays(shop: Shop) -> None:
    second = plan(shop).orders[1]
    done = take_plan(shop.db, OWNER, planned={second.order_id: second.at}, now=MONDAY)
    assert done.done == ()
    assert done.undo is None
    assert "suggested to another order" in done.skipped[0].reason
    assert places(shop) == {"1": {EAST}, "2": {EAST, WEST}}


def test_only_what_could_be_taken_over_is_accepted_with_the_plan(shop: Shop) -> None:
    found = plan(shop)
    first, second = found.orders
    taken = take_plan(shop.db, OWNER, planned={second.order_id: second.at}, now=MONDAY)
    assert [each.subject for each in taken.skipped] == ["2"]
    assert accepted_with(found, taken) == []
    both = {each.order_id: each.at for each in found.changes}
    taken = take_plan(shop.db, OWNER, planned=both, now=MONDAY)
    assert accepted_with(found, taken) == [first.order_id, second.order_id]
    again = plan(shop)
    assert again.changes == ()
    assert accepted_with(again, take_plan(shop.db, OWNER, planned={}, now=MONDAY)) == [
        first.order_id, second.order_id,
    ]  # fmt: skip


def test_what_is_accepted_stays_and_the_rest_is_planned_around_it(shop: Shop) -> None:
    first = plan(shop).orders[0]
    deciding.accept(shop.db, OWNER, order_ids=[first.order_id], now=MONDAY)
    found = plan(shop)
    assert [each.number for each in found.orders] == ["2"]
    assert found.orders[0].planned.places == (EAST, WEST)
    late = take_plan(shop.db, OWNER, planned={first.order_id: first.at}, now=MONDAY)
    assert late.skipped[0].reason == "it was decided meanwhile"


def test_the_plan_is_made_anew_when_stock_has_come(shop: Shop) -> None:
    shop.stocked(MUG=(1, 1), TEA=(1, 1), POT=(5, 5))
    found = plan(shop)
    assert found.planned.parcels == 2
    assert {each.number: each.planned.places for each in found.orders}["1"] != ()


def test_no_more_safety_stock_is_planned_with_than_the_orders_need(shop: Shop) -> None:
    """Of five POTs in the east three are safety stock; from the west each costs more to send."""
    shop.stocked(TEA=(9, 9), MUG=(9, 9), POT=(5, 2))
    safe = stock_levels.c.sku_id == shop.skus["POT"], stock_levels.c.location_id == EAST
    shop.db.execute(stock_levels.update().where(*safe).values(safety_stock=3))
    shop.takes_in(*(an_order(f"1{n}", ("POT", 1)) for n in range(5)))
    found = plan(shop)
    assert found.planned.safety == 1
    assert [each.planned.places for each in found.orders if each.number > "10"].count((WEST,)) == 2
    assert found.spared > 0, "what it costs to leave the other two alone is said"
