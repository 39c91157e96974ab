"""What is not there: is something approved sent instead, does it follow with a day, and is that said?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.explaining import Explanation
from app.domain.roles import Actor, Role
from app.errors import NotAllowedError, NotFoundError, RefusedError
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.fulfilment import fulfilment_order_lines
from app.models.orders import order_lines, orders, reservations
from app.queries.suggestions import open_suggestions
from app.services.checks import orders as checks
from app.services.deciding import accept
from app.services.planning.drafts import routing_now
from app.services.planning.plans import propose
from app.services.planning.problem import open_queue
from app.services.planning.substituting import (
    approve_substitute,
    drop_substitute,
    propose_substitute,
)
from app.services.promising.sheets import save_sheet
from app.services.stock import receive
from app.services.stockroom.expecting import expect
from app.services.withdrawing import withdraw
from tests.builders import MONDAY, Shop, an_order

OWNER = Actor("owner", Role.OWNER)
APPROVER = Actor("ann", Role.APPROVER)
OPERATOR = Actor("bo", Role.OPERATOR)


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """There are no MUGs, but TEA and POTs on both sides."""
    return shop.stocked(TEA=(9, 9), MUG=(0, 0), POT=(5, 5))


def approved(shop: Shop, **more: Any) -> None:
    propose_substitute(shop.db, APPROVER, sku="MUG", substitute="POT", now=MONDAY, **more)
    approve_substitute(shop.db, OWNER, sku="MUG", substitute="POT", now=MONDAY)


def claimed(shop: Shop) -> list[tuple[str, int]]:
    query = (
        select(skus.c.code, reservations.c.quantity)
        .join(skus, skus.c.id == reservations.c.sku_id)
        .where(reservations.c.state == "held")
        .order_by(reservations.c.id)
    )
    return [tuple(row) for row in shop.db.execute(query)]


def explained(shop: Shop, order_id: int = 1) -> Explanation:
    return open_suggestions(shop.db, [order_id])[order_id]


def case_facts(shop: Shop) -> dict[str, Any]:
    query = select(exception_cases.c.facts).where(
        exception_cases.c.kind == "shortfall", exception_cases.c.state == "open"
    )
    found: dict[str, Any] = shop.db.execute(query).scalar_one()
    return found


def sheet_says(shop: Shop, channel: str = "shopify", **said: Any) -> None:
    save_sheet(shop.db, OWNER, channels={channel: said}, now=MONDAY)


def test_what_is_approved_is_sent_instead_and_the_line_keeps_what_was_ordered(shop: Shop) -> None:
    approved(shop, cost=150)
    shop.takes_in(an_order("1", ("MUG", 2)))
    assert claimed(shop) == [("POT", 2)]
    assert explained(shop).goods == (
        "2 × POT instead of MUG, as you have approved; the buyer is given 3.00 USD for it.",
    )
    (row,) = propose(open_queue(shop.db, now=MONDAY), seconds=5).orders
    assert row.planned.places, "the plan ships it too"
    done = accept(shop.db, OWNER, order_ids=[1], now=MONDAY)
    assert done.done == (1,)
    shipped = shop.db.execute(select(fulfilment_order_lines.c.sku_id)).scalars().all()
    assert shipped == [shop.skus["POT"]]
    ordered = shop.db.execute(select(order_lines.c.sku_id)).scalar_one()
    assert ordered == shop.skus["MUG"]
    withdraw(shop.db, OWNER, order_ids=[1], now=MONDAY)
    assert claimed(shop) == [("POT", 2)]
    assert checks.reservations(shop.db).ok, "the books agree"


def test_nothing_is_sent_instead_before_somebody_approves_it(shop: Shop) -> None:
    propose_substitute(shop.db, APPROVER, sku="MUG", substitute="POT", now=MONDAY)
    shop.takes_in(an_order("1", ("MUG", 2), ("TEA", 1)))
    assert claimed(shop) == [("TEA", 1)]
    (missing,) = case_facts(shop)["missing"]
    assert missing["reason"] == "substitution_not_approved"
    said = "MUG: 0 free, 2 needed; POT could be sent instead, but that is not approved for this channel."
    assert explained(shop).goods == (said,)


@pytest.mark.parametrize(
    ("channels", "allows", "sends"),
    [(["shopify"], "yes", True), (["etsy"], "yes", False), ([], "no", False), ([], "yes", True)],
)
def test_a_substitute_is_for_the_channels_that_allow_it(
    shop: Shop, channels: list[str], allows: str, sends: bool
) -> None:
    sheet_says(shop, substitutions=allows)
    approved(shop, channels=channels)
    shop.takes_in(an_order("1", ("MUG", 1)))
    assert claimed(shop) == ([("POT", 1)] if sends else [])


def test_half_a_line_is_never_filled_with_a_substitute(shop: Shop) -> None:
    shop.stocked(MUG=(1, 0), POT=(1, 0))
    approved(shop)
    shop.takes_in(an_order("1", ("MUG", 2)))
    assert claimed(shop) == []


@pytest.mark.parametrize("regulated", [{"is_hazmat": True}, {"minimum_age": 18}])
@pytest.mark.parametrize("code", ["MUG", "POT"])
def test_regulated_goods_are_never_a_substitute_nor_replaced_by_one(
    shop: Shop, regulated: dict[str, Any], code: str
) -> None:
    shop.db.execute(skus.update().where(skus.c.code == code).values(**regulated))
    with pytest.raises(RefusedError, match="cannot stand in"):
        propose_substitute(shop.db, APPROVER, sku="MUG", substitute="POT", now=MONDAY)


def test_goods_that_become_regulated_later_are_not_sent_either(shop: Shop) -> None:
    approved(shop)
    shop.db.execute(skus.update().where(skus.c.code == "POT").values(minimum_age=18))
    shop.takes_in(an_order("1", ("MUG", 1)))
    assert claimed(shop) == []


def test_an_order_that_waits_gets_the_substitute_that_comes_in(shop: Shop) -> None:
    shop.stocked(POT=(0, 0))
    approved(shop)
    shop.takes_in(an_order("1", ("MUG", 1)))
    receive(shop.db, OWNER, sku="POT", location="EAST", quantity=1, reason="delivery", now=MONDAY)
    assert claimed(shop) == [("POT", 1)]


def test_the_day_on_which_enough_comes_in_is_said(shop: Shop) -> None:
    for days, units in ((3, 1), (9, 5)):
        expect(shop.db, OWNER, location="EAST", lines=[("MUG", units)], now=MONDAY,
               expected_at=MONDAY + timedelta(days=days))  # fmt: skip
    shop.takes_in(an_order("1", ("MUG", 1), ("TEA", 1)), an_order("2", ("MUG", 2), ("TEA", 1)))
    assert explained(shop, 1).goods == ("MUG: 0 free, 1 needed; enough comes in on Thu 26 Nov.",)
    assert explained(shop, 2).goods == ("MUG: 0 free, 2 needed; enough comes in on Wed 2 Dec.",), (
        "the first order waits before it"
    )


def test_a_line_follows_where_its_channel_allows_it_and_a_day_is_known(shop: Shop) -> None:
    sheet_says(shop, backorders="lines")
    shop.takes_in(an_order("1", ("MUG", 1), ("TEA", 1)))
    done = accept(shop.db, OWNER, order_ids=[1], now=MONDAY)
    assert not done.done, "nothing is on its way"
    expect(shop.db, OWNER, location="EAST", lines=[("MUG", 5)], now=MONDAY,
           expected_at=MONDAY + timedelta(days=3))  # fmt: skip
    assert explained(shop).goods == (
        "MUG: 0 free, 1 needed; it follows once enough has come in on Thu 26 Nov, the rest need not wait.",
    )
    assert accept(shop.db, OWNER, order_ids=[1], now=MONDAY).done == (1,)
    assert shop.db.execute(select(orders.c.is_short)).scalar_one()


def test_a_parcel_that_follows_counts_among_the_parcels_of_an_order(shop: Shop) -> None:
    shop.stocked(TEA=(1, 0), POT=(0, 1))
    sheet_says(shop, backorders="lines", most_parcels=2)
    expect(shop.db, OWNER, location="EAST", lines=[("MUG", 5)], now=MONDAY,
           expected_at=MONDAY + timedelta(days=3))  # fmt: skip
    shop.takes_in(an_order("1", ("MUG", 1), ("TEA", 1), ("POT", 1)))
    assert not explained(shop).is_complete
    (row,) = propose(open_queue(shop.db, now=MONDAY), seconds=5).orders
    assert row.planned.places == (), "the plan counts it too"
    shop.takes_in(an_order("2", ("TEA", 1), ("POT", 1)))
    assert claimed(shop)[:2] == [("TEA", 1), ("POT", 1)]


@pytest.mark.parametrize(
    ("said", "parcels"),
    [
        ({}, 2),
        ({"may_split": "no"}, 1),
        ({"most_parcels": 1}, 1),
        ({"split_from": 11}, 1),
        ({"split_from": 10}, 2),
    ],
)
def test_an_order_leaves_in_as_many_parcels_as_its_channel_allows(
    shop: Shop, said: dict[str, Any], parcels: int
) -> None:
    shop.stocked(TEA=(1, 0), POT=(0, 1))
    if said:
        sheet_says(shop, **said)
    shop.takes_in(an_order("1", ("TEA", 1), ("POT", 1)))
    assert len(explained(shop).parcels) == parcels
    assert explained(shop).is_complete is (parcels == 2)
    (row,) = propose(open_queue(shop.db, now=MONDAY), seconds=5).orders
    assert len(row.planned.places) == (2 if parcels == 2 else 0)


def test_only_the_owner_approves_and_what_is_not_there_cannot_be(shop: Shop) -> None:
    with pytest.raises(NotAllowedError):
        propose_substitute(shop.db, OPERATOR, sku="MUG", substitute="POT", now=MONDAY)
    propose_substitute(shop.db, APPROVER, sku="MUG", substitute="POT", now=MONDAY)
    with pytest.raises(NotAllowedError):
        approve_substitute(shop.db, APPROVER, sku="MUG", substitute="POT", now=MONDAY)
    with pytest.raises(NotFoundError):
        approve_substitute(shop.db, OWNER, sku="POT", substitute="MUG", now=MONDAY)
    approve_substitute(shop.db, OWNER, sku="MUG", substitute="POT", now=MONDAY)
    (row,) = routing_now(shop.db).policy.substitutes
    assert row.approved_by == "owner"
    drop_substitute(shop.db, OWNER, sku="MUG", substitute="POT", now=MONDAY)
    assert not routing_now(shop.db).policy.substitutes
