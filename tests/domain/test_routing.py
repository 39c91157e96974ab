"""Where should an order ship from, and why not elsewhere?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.inventory import StockPool
from app.domain.reservation import Claim
from app.domain.routing import suggest
from tests.builders import a_pool, a_reach, a_request, a_site

EAST, WEST, SHOP = a_site(1, "EAST"), a_site(2, "WEST"), a_site(3, "SHOP")
TEA, MUG = 10, 20


def test_the_cheapest_location_that_has_everything_wins() -> None:
    pool = a_pool({TEA: {1: 5, 2: 5}})
    answer = suggest(a_request(Claim(1, TEA, 1)), [a_reach(EAST, 6), a_reach(WEST, 2)], pool)
    assert [p.candidate.site_id for p in answer.parcels] == [2]
    assert answer.is_complete


def test_a_location_without_the_units_is_refused_with_both_numbers() -> None:
    pool = a_pool({TEA: {1: 1, 2: 5}})
    answer = suggest(a_request(Claim(1, TEA, 2)), [a_reach(EAST, 1), a_reach(WEST, 8)], pool)
    assert answer.candidates[0].missing == (TEA, 2, 1)
    assert answer.parcels[0].candidate.site_id == 2


def test_the_promise_comes_before_the_money() -> None:
    pool = a_pool({TEA: {1: 5, 2: 5}})
    near_and_dear = a_reach(a_site(1, "EAST", handling=2000), 1)
    far_and_cheap = a_reach(a_site(2, "WEST", handling=0), 8)
    request = a_request(Claim(1, TEA, 1), deliver_in_days=2)
    answer = suggest(request, [near_and_dear, far_and_cheap], pool)
    assert answer.parcels[0].candidate.site_id == 1
    assert answer.candidates[1].is_late


def test_safety_stock_is_left_alone_when_another_location_can_ship() -> None:
    pool = a_pool({TEA: {1: 3, 2: 5}}, safety={TEA: {1: 3}})
    answer = suggest(a_request(Claim(1, TEA, 1)), [a_reach(EAST, 1), a_reach(WEST, 5)], pool)
    assert answer.parcels[0].candidate.site_id == 2
    assert answer.candidates[0].safety_used == 1


def test_safety_stock_serves_a_customer_who_has_already_paid() -> None:
    pool = a_pool({TEA: {1: 3}}, safety={TEA: {1: 3}})
    answer = suggest(a_request(Claim(1, TEA, 2)), [a_reach(EAST, 1)], pool)
    assert answer.is_complete
    assert answer.parcels[0].candidate.safety_used == 2


def test_units_that_one_suggestion_counts_on_are_not_suggested_again() -> None:
    pool = a_pool({TEA: {1: 1, 2: 1}})
    reaches = [a_reach(EAST, 1), a_reach(WEST, 8)]
    first, second = (suggest(a_request(Claim(n, TEA, 1)), reaches, pool) for n in (1, 2))
    assert first.parcels[0].candidate.site_id == 1
    assert second.parcels[0].candidate.site_id == 2


def test_an_order_is_split_only_where_the_channel_allows_it() -> None:
    stock = {TEA: {1: 1}, MUG: {2: 1}}
    claims = (Claim(1, TEA, 1), Claim(2, MUG, 1))
    reaches = [a_reach(EAST), a_reach(WEST)]
    together = suggest(a_request(*claims), reaches, a_pool(stock))
    apart = suggest(a_request(*claims, may_split=True), reaches, a_pool(stock))
    assert not together.is_complete
    assert len(together.parcels) == 1
    assert apart.is_complete
    assert {p.candidate.site_id for p in apart.parcels} == {1, 2}


def test_two_parcels_are_preferred_to_three() -> None:
    claims = (Claim(1, TEA, 1), Claim(2, MUG, 1), Claim(3, 30, 1))
    pool = a_pool({TEA: {1: 1}, MUG: {2: 1, 3: 1}, 30: {3: 1}})
    answer = suggest(
        a_request(*claims, may_split=True), [a_reach(EAST), a_reach(WEST), a_reach(SHOP)], pool
    )
    assert {p.candidate.site_id for p in answer.parcels} == {1, 3}


def test_a_kits_components_travel_together() -> None:
    pool = a_pool({TEA: {1: 2, 2: 0}, MUG: {1: 0, 2: 1}})
    claims = (Claim(1, TEA, 2), Claim(1, MUG, 1))
    answer = suggest(a_request(*claims, may_split=True), [a_reach(EAST), a_reach(WEST)], pool)
    assert answer.parcels == ()
    assert not answer.is_complete


def test_equal_candidates_are_decided_by_their_id_and_not_by_their_order() -> None:
    stock = {TEA: {1: 9, 2: 9}}
    one = suggest(a_request(Claim(1, TEA, 1)), [a_reach(EAST), a_reach(WEST)], a_pool(stock))
    two = suggest(a_request(Claim(1, TEA, 1)), [a_reach(WEST), a_reach(EAST)], a_pool(stock))
    assert one.parcels[0].candidate.site_id == two.parcels[0].candidate.site_id == 1


def test_two_lines_of_one_sku_are_judged_together() -> None:
    pool = a_pool({TEA: {1: 3, 2: 4}})
    claims = (Claim(1, TEA, 2), Claim(2, TEA, 2))
    answer = suggest(a_request(*claims), [a_reach(EAST, 1), a_reach(WEST, 8)], pool)
    assert answer.candidates[0].missing == (TEA, 4, 3)
    assert answer.parcels[0].candidate.site_id == 2


units = st.integers(0, 4)


@given(
    st.dictionaries(
        st.sampled_from([TEA, MUG, 30]), st.dictionaries(st.sampled_from([1, 2, 3]), units)
    ),
    st.lists(st.tuples(st.sampled_from([TEA, MUG, 30]), st.integers(1, 3)), max_size=4),
    st.booleans(),
)
def test_no_suggestion_ever_uses_units_that_are_not_there(
    stock: dict[int, dict[int, int]], wanted: list[tuple[int, int]], may_split: bool
) -> None:
    pool: StockPool = a_pool(stock)
    claims = [Claim(n, sku, count) for n, (sku, count) in enumerate(wanted)]
    answer = suggest(
        a_request(*claims, may_split=may_split),
        [a_reach(EAST), a_reach(WEST), a_reach(SHOP)],
        pool,
    )
    assert all(left >= 0 for places in pool.at.values() for left in places.values())
    shipped = [claim for parcel in answer.parcels for claim in parcel.claims]
    assert len(shipped) == len(set(shipped))
    assert set(shipped) <= set(claims)
    assert answer.is_complete == (bool(claims) and len(shipped) == len(claims))
