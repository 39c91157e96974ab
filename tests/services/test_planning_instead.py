"""May the plan send something approved instead, so that another order ships; and is that taken back whole?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.changes import Changes
from app.domain.roles import Actor, Role
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.orders import orders, reservations
from app.services.checks import orders as checks
from app.services.planning.plans import PlannedOrder, propose, taken_over
from app.services.planning.problem import open_queue
from app.services.planning.substituting import (
    approve_substitute,
    drop_substitute,
    propose_substitute,
)
from app.services.planning.taking import take_plan
from app.services.promising.sheets import save_sheet
from tests.builders import MONDAY, Shop, an_order

OWNER = Actor("owner", Role.OWNER)
EAST, WEST = 1, 2


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The first order has the only MUG, the second waits for it; of POTs, which its channel does not allow,
    there are plenty.
    """
    found = shop.stocked(TEA=(5, 5), MUG=(1, 0), POT=(5, 5))
    first = an_order("1", ("MUG", 1), placed_at=MONDAY - timedelta(hours=3))
    second = an_order("2", ("MUG", 1), ("TEA", 1), placed_at=MONDAY - timedelta(hours=1),
                      channel="walmart")  # fmt: skip
    found.takes_in(first, second)
    return found


def approved(shop: Shop) -> None:
    propose_substitute(shop.db, OWNER, sku="MUG", substitute="POT", now=MONDAY, cost=150)
    approve_substitute(shop.db, OWNER, sku="MUG", substitute="POT", now=MONDAY)


def planned(shop: Shop) -> dict[str, PlannedOrder]:
    found = propose(open_queue(shop.db, now=MONDAY), seconds=5)
    return {each.number: each for each in found.orders}


def taken(shop: Shop, *numbers: str) -> Changes:
    rows = planned(shop)
    return take_plan(shop.db, OWNER, **taken_over([rows[each] for each in numbers]), now=MONDAY)


def undone(shop: Shop, done: Changes) -> Changes:
    assert done.undo is not None
    arguments: dict[str, Any] = done.undo.arguments
    return take_plan(shop.db, OWNER, **arguments, now=MONDAY)


def reserved(shop: Shop) -> dict[str, dict[str, int | None]]:
    found: dict[str, dict[str, int | None]] = {}
    query = (
        select(orders.c.number, skus.c.code, reservations.c.suggested_location_id)
        .join(reservations, reservations.c.order_id == orders.c.id)
        .join(skus, skus.c.id == reservations.c.sku_id)
        .where(reservations.c.state == "held")
    )
    for number, code, place in shop.db.execute(query):
        found.setdefault(number, {})[code] = place
    return found


def short(shop: Shop) -> list[str]:
    query = (
        select(orders.c.number)
        .join(exception_cases, exception_cases.c.order_id == orders.c.id)
        .where(exception_cases.c.kind == "shortfall", exception_cases.c.state == "open")
    )
    return list(shop.db.execute(query).scalars())


def test_one_order_is_sent_the_substitute_so_that_another_ships_and_undone_each_has_its_own(
    shop: Shop,
) -> None:
    approved(shop)
    assert reserved(shop) == {"1": {"MUG": EAST}, "2": {"TEA": EAST}}
    rows = planned(shop)
    assert rows["1"].planned.sends == "POT instead of MUG"
    assert rows["1"].saving == -150, "what the buyer is given is told as money"
    assert rows["2"].planned.places == (EAST,)
    done = taken(shop, "1", "2")
    assert reserved(shop) == {"1": {"POT": EAST}, "2": {"TEA": EAST, "MUG": EAST}}
    assert short(shop) == []
    assert checks.reservations(shop.db).ok, "the books agree"
    assert not any(each.differs for each in planned(shop).values())
    again = undone(shop, done)
    assert reserved(shop) == {"1": {"MUG": EAST}, "2": {"TEA": EAST}}
    assert short(shop) == ["2"]
    assert checks.reservations(shop.db).ok
    undone(shop, again)
    assert reserved(shop) == {"1": {"POT": EAST}, "2": {"TEA": EAST, "MUG": EAST}}


def test_alone_who_would_profit_is_left_and_who_gives_way_frees_its_unit(shop: Shop) -> None:
    approved(shop)
    done = taken(shop, "2")
    assert [each.subject for each in done.skipped] == ["2"]
    assert reserved(shop) == {"1": {"MUG": EAST}, "2": {"TEA": EAST}}
    taken(shop, "1")
    assert reserved(shop)["2"].keys() == {"TEA", "MUG"}


def test_what_the_channel_or_the_owner_does_not_allow_any_more_is_not_sent(shop: Shop) -> None:
    approved(shop)
    rows = taken_over(planned(shop).values())
    save_sheet(shop.db, OWNER, channels={"shopify": {"substitutions": "no"}}, now=MONDAY)
    assert not any(each.sending for each in planned(shop).values())
    assert "not approved" in take_plan(shop.db, OWNER, **rows, now=MONDAY).skipped[0].reason
    save_sheet(shop.db, OWNER, channels={"shopify": {"substitutions": "yes"}}, now=MONDAY)
    drop_substitute(shop.db, OWNER, sku="MUG", substitute="POT", now=MONDAY)
    done = take_plan(shop.db, OWNER, **rows, now=MONDAY)
    assert "not approved" in done.skipped[0].reason
    assert reserved(shop) == {"1": {"MUG": EAST}, "2": {"TEA": EAST}}


def test_nothing_is_swapped_to_save_postage_alone(shop: Shop) -> None:
    shop.stocked(MUG=(0, 1), TEA=(0, 0))
    approved(shop)
    rows = planned(shop)
    assert rows["1"].planned.places == (WEST,)
    assert rows["1"].sending == {}


def test_what_was_ordered_is_sent_again_once_it_is_there(shop: Shop) -> None:
    approved(shop)
    taken(shop, "1", "2")
    shop.stocked(MUG=(2, 0))
    rows = planned(shop)
    assert (rows["1"].planned.sends, rows["1"].saving) == ("", 150)
    taken(shop, "1")
    assert reserved(shop)["1"] == {"MUG": EAST}
