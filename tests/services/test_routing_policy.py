"""Does the owner's routing policy decide what it says, in every version, and for each order alike?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.changes import Changes
from app.domain.reservation import Claim
from app.domain.roles import Actor, Role
from app.domain.routing import RoutingSuggestion
from app.errors import RefusedError
from app.models.fulfilment import routing_decisions
from app.models.inventory import locations
from app.models.orders import orders, reservations, total_of_order
from app.services import policies, reserving
from app.services.deciding import accept, override, refresh_suggestions
from app.services.planning.drafts import preview_routing, routing_now
from app.services.planning.exactly import Exactly
from app.services.planning.plans import propose
from app.services.planning.policy_versions import restore_policy, save_routing
from app.services.planning.problem import open_queue
from app.services.planning.router import Router, routable
from app.services.rules.asking import Asking
from app.services.rules.previewing import suggested_otherwise
from app.services.stock import receive
from tests.builders import MONDAY, Shop, an_order

OWNER = Actor("owner", Role.OWNER)
EAST, WEST = 1, 2


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """Everything lies on both sides; the buyer lives in the east."""
    return shop.stocked(TEA=(9, 9), MUG=(9, 9), POT=(9, 9))


def says(shop: Shop, **said: Any) -> Changes:
    return save_routing(shop.db, OWNER, said=said, now=MONDAY)


def takes(shop: Shop, count: int = 1, **order: Any) -> list[int | None]:
    """Return the places that so many orders of one TEA are suggested."""
    there = shop.db.execute(select(orders.c.id)).all()
    shop.takes_in(*(an_order(f"{len(there) + n}", ("TEA", 1), **order) for n in range(count)))
    return suggested(shop)[len(there) :]


def suggested(shop: Shop) -> list[int | None]:
    query = select(reservations.c.suggested_location_id).order_by(reservations.c.order_id)
    return list(shop.db.execute(query).scalars())


def refusals(shop: Shop) -> list[str]:
    from app.queries.suggestions import open_suggestions

    newest = shop.db.execute(select(orders.c.id).order_by(orders.c.id.desc())).scalars().first()
    assert newest is not None
    return [each.sentence for each in open_suggestions(shop.db, [newest])[newest].refusals]


def test_a_location_hands_over_no_more_parcels_than_it_can(shop: Shop) -> None:
    shop.db.execute(locations.update().where(locations.c.id == EAST).values(daily_capacity=2))
    today = {"ship_by": MONDAY + timedelta(hours=2)}
    assert takes(shop, 3, **today) == [EAST, EAST, WEST]
    assert takes(shop, 1, **today) == [WEST], (
        "what is suggested holds its slot, also for later orders"
    )
    accept(shop.db, OWNER, order_ids=[1, 2], now=MONDAY)
    assert takes(shop, 1, **today) == [WEST], "and so does what was accepted"
    assert takes(shop, 1) == [EAST], "an order that has time leaves from there tomorrow"


def test_a_location_ships_only_for_the_channels_that_it_is_meant_for(shop: Shop) -> None:
    says(shop, locations={"EAST": {"channels": ["etsy"]}})
    assert takes(shop) == [WEST]
    assert refusals(shop) == ["East: it does not ship for this channel."]


def test_units_held_for_another_channel_are_left_there(shop: Shop) -> None:
    says(shop, held=[{"sku": "TEA", "location": "EAST", "channel": "etsy", "units": 8}])
    assert takes(shop, 2) == [EAST, WEST]
    assert refusals(shop) == [
        "East: TEA has 0 free, 1 needed; the others are held for another channel."
    ]


def test_a_day_of_handling_makes_a_place_too_slow(shop: Shop) -> None:
    says(shop, locations={"EAST": {"handling_days": 1}})
    assert takes(shop, ship_by=MONDAY + timedelta(hours=2)) == [WEST]


def test_work_by_the_line_and_by_the_unit_is_counted(shop: Shop) -> None:
    says(shop, locations={"EAST": {"line": 500, "unit": 500}})
    assert takes(shop) == [WEST]


def test_what_a_person_chooses_is_judged_by_the_same_money(shop: Shop) -> None:
    says(shop, locations={"EAST": {"line": 500, "unit": 50}})
    takes(shop)
    override(shop.db, OWNER, order_id=1, location_id=EAST, reason="Nearer", now=MONDAY)
    found = shop.db.execute(select(routing_decisions)).one()
    assert found.cost == 490 + 500 + 50
    assert found.cost > found.suggested_cost


def test_a_special_day_has_its_own_number_of_parcels(shop: Shop) -> None:
    says(shop, locations={"EAST": {"slots_on": {"2026-11-23": 1}}})
    assert takes(shop, 2, ship_by=MONDAY + timedelta(hours=2)) == [EAST, WEST]


@pytest.mark.parametrize(
    ("objectives", "place"),
    [
        (["promise", "money within 50", "parcels", "money", "distance", "ranking"], EAST),
        (["promise", "ranking", "money"], WEST),
        (["promise", "money within 2000", "ranking"], WEST),
        (["promise", "money within 10", "ranking"], EAST),
        (["distance", "money"], EAST),
        (["money within 2000", "ranking", "promise"], WEST),
    ],
)
def test_the_objectives_decide_in_their_order_within_their_tolerance(
    shop: Shop, objectives: list[str], place: int
) -> None:
    says(shop, objectives=objectives, locations={"WEST": {"rank": 1}})
    assert takes(shop) == [place]
    (row,) = propose(open_queue(shop.db, now=MONDAY), seconds=5).orders
    assert row.planned.places == (place,), "the plan follows them too"
    assert 0 < row.planned.cost < 2000, "and its money is money, not what an objective weighs"


def test_the_objectives_read_as_a_sentence(shop: Shop) -> None:
    said = routing_now(shop.db).policy.objectives.sentence(lambda minor: f"${minor / 100:.2f}")
    assert said == (
        "Keep the promise; then least cost within $0.50; then fewest parcels; then least cost; "
        "then nearest; then my ranking."
    )


WRONG: tuple[dict[str, Any], ...] = (
    {"objectives": ["promise", "parcels"]},
    {"objectives": ["money", "money", "money"]},
    {"objectives": ["speed", "money"]},
    {"objectives": ["promise within 1", "money"]},
    {"objectives": "money"},
    {"packaging": -1},
    {"colour": 1},
    {"locations": {"NOWHERE": {"rank": 1}}},
    {"locations": {"EAST": {"rank": "one"}}},
    {"channels": {"bazaar": {"split": 1}}},
    {"held": [{"sku": "TEA", "location": "EAST", "channel": "etsy"}]},
    {"substitutes": [{"sku": "TEA", "substitute": "NOTHING"}]},
    {"substitutes": [{"sku": "TEA", "substitute": "TEA"}]},
    {"substitutes": [{"sku": "SET", "substitute": "TEA"}]},
    {"held": "much"},
)


def test_what_cannot_stand_there_is_refused_with_a_reason(shop: Shop) -> None:
    for said in WRONG:
        with pytest.raises(RefusedError, match=r"(?i)nothing was changed"):
            save_routing(shop.db, OWNER, said=said, now=MONDAY)
    assert routing_now(shop.db).policy.version == 0


def test_every_version_can_count_again(shop: Shop) -> None:
    says(shop, packaging=35)
    done = says(shop, packaging=40)
    assert (done.done, routing_now(shop.db).policy.packaging) == ((2,), 40)
    restore_policy(shop.db, OWNER, kind="routing", version=1, now=MONDAY)
    assert (routing_now(shop.db).policy.version, routing_now(shop.db).policy.packaging) == (3, 35)
    restore_policy(shop.db, OWNER, kind="routing", version=0, now=MONDAY)
    assert routing_now(shop.db).policy.packaging == 0
    with pytest.raises(RefusedError, match="meanwhile"):
        save_routing(shop.db, OWNER, said={"packaging": 1}, based_on=1, now=MONDAY)


def test_a_preview_says_which_orders_would_change_and_applying_changes_them(shop: Shop) -> None:
    takes(shop, 3)
    found = preview_routing(
        shop.db, said={"locations": {"EAST": {"channels": ["etsy"]}}}, now=MONDAY
    )
    assert [(each.before, each.after) for each in found.moved] == [("East", "West")] * 3
    assert found.extra > 0
    assert suggested(shop) == [EAST] * 3, "a preview changes nothing"
    says(shop, locations={"EAST": {"channels": ["etsy"]}})
    assert suggested_otherwise(shop.db, now=MONDAY).ends == found.ends, (
        "the policy in force says so too"
    )
    refresh_suggestions(shop.db, OWNER, **found.anew, now=MONDAY)
    assert suggested(shop) == [WEST] * 3
    assert suggested_otherwise(shop.db, now=MONDAY).moved == ()


def test_a_preview_of_no_change_lists_no_order_though_the_stock_has_moved(shop: Shop) -> None:
    takes(shop, 10)  # the tenth goes west
    receive(shop.db, OWNER, sku="TEA", location="EAST", quantity=5, reason="Found", now=MONDAY)
    assert suggested(shop).count(WEST) == 1
    found = preview_routing(shop.db, said={"packaging": 0}, now=MONDAY)
    assert found.moved == ()
    assert len(suggested_otherwise(shop.db, now=MONDAY).moved) == 1, "asked anew, it goes east"


def test_both_ways_to_decide_come_to_the_same(shop: Shop) -> None:
    """What one look at each location suggests is what deciding exactly suggests, order by order."""
    goods = (("TEA", 1), ("MUG", 2), ("POT", 5), ("SET", 1), ("TEA", 3))
    shop.takes_in(*(
        an_order(f"{n}", *goods[n % 4 : n % 4 + 1 + n % 2], channel=channel,
                 deliver_by=MONDAY + timedelta(days=n % 6))
        for n, channel in enumerate(("shopify", "amazon", "etsy") * 5)
    ))  # fmt: skip
    known, compared = policies.in_force(shop.db), 0
    ids = list(shop.db.execute(select(orders.c.id).order_by(orders.c.id)).scalars())
    for order_id in ids:
        one = _alone(shop, order_id, Router(shop.db, MONDAY))
        router = Router(shop.db, MONDAY)
        router.exactly = Exactly(shop.db, known, MONDAY)
        other = _alone(shop, order_id, router)
        assert _said(one) == _said(other)
        compared += one.is_complete
    assert compared > 5


def _alone(shop: Shop, order_id: int, router: Router) -> RoutingSuggestion:
    row = shop.db.execute(
        select(orders, total_of_order().label("worth")).where(orders.c.id == order_id)
    ).one()
    held = shop.db.execute(
        select(reservations.c.order_line_id, reservations.c.sku_id, reservations.c.quantity)
        .where(reservations.c.order_id == order_id).order_by(reservations.c.id)
    ).all()  # fmt: skip
    pool = reserving.load_pool(shop.db, {each.sku_id for each in held})
    for each in held:  # its own suggestion is forgotten
        pool.at[each.sku_id] = dict.fromkeys(pool.at[each.sku_id], 6)
    asking = Asking(shop.db, router.rules, router, [order_id])
    if not held:
        return RoutingSuggestion((), (), is_complete=False)
    return router.suggest(routable(row), [Claim(*each) for each in held], pool, asking.of(order_id))


def _said(answer: RoutingSuggestion) -> tuple[bool, list[Any], list[Any]]:
    parcels = [(p.candidate.site_id, p.candidate.cost, p.candidate.arrives_on, p.claims)
               for p in answer.parcels]  # fmt: skip
    others = [(c.site_id, c.cost, c.is_late, c.missing) for c in answer.candidates if not c.missing]
    return answer.is_complete, parcels, others
