"""What is left of an order, worked by hand, and shares that add up to the cent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.costs.policy import CostPolicy, PaymentFee, cost_policy
from app.domain.costs.serving import (
    Basis,
    Facts,
    SentBack,
    SoldLine,
    Step,
    Waterfall,
    Work,
    waterfall,
)
from app.domain.costs.sharing import Part, least_price, shared, split

MUG = SoldLine("MUG", 2, 1800, 0, 500)
POLICY = CostPolicy()


def steps(whole: Waterfall) -> dict[Step, int]:
    found: dict[Step, int] = {}
    for each in whole.steps:
        found[each.step] = found.get(each.step, 0) + each.amount
    return found


def test_an_order_of_an_own_store_is_worked_by_hand() -> None:
    facts = Facts(
        [MUG], shipping=599, discount=200, is_own_store=True, quoted=620, parcels=1, packaging=45,
        work=[Work("STUDIO", 2)], cases=1,
    )  # fmt: skip
    whole = waterfall(facts, POLICY)
    # paid: 36.00 + 5.99 − 2.00 = 39.99; of it 2.9 % + 0.30 = 1.46; 5 min at 20.00 = 1.67; 6 min = 2.00
    assert steps(whole) == {
        Step.GOODS_SOLD: 3600, Step.SHIPPING_CHARGED: 599, Step.DISCOUNTS: -200, Step.PAYMENT: -146,
        Step.COST_OF_GOODS: -1000, Step.POSTAGE: -620, Step.PACKAGING: -45, Step.PICK_PACK: -167,
        Step.CARE: -200,
    }  # fmt: skip
    assert whole.revenue == 3999
    assert whole.contribution == 3999 - 146 - 1000 - 620 - 45 - 167 - 200
    assert whole.basis is Basis.ESTIMATED


def test_what_a_settlement_books_replaces_what_was_quoted_and_estimated() -> None:
    facts = Facts(
        [MUG], fee_bp=1500, booked_fees=561, booked_postage=702, quoted=620, estimated=900
    )
    found = {each.step: each for each in waterfall(facts, POLICY).steps}
    assert (found[Step.FEES].amount, found[Step.FEES].basis) == (-561, Basis.ACTUAL)
    assert (found[Step.POSTAGE].amount, found[Step.POSTAGE].basis) == (-702, Basis.ACTUAL)


@pytest.mark.parametrize(
    ("quoted", "amount", "basis"), [(620, -620, Basis.QUOTED), (None, -900, Basis.ESTIMATED)]
)
def test_postage_is_as_well_known_as_it_can_be(
    quoted: int | None, amount: int, basis: Basis
) -> None:
    found = {each.step: each for each in
             waterfall(Facts([MUG], quoted=quoted, estimated=900), POLICY).steps}  # fmt: skip
    assert (found[Step.POSTAGE].amount, found[Step.POSTAGE].basis) == (amount, basis)


def test_what_comes_back_is_the_brands_again_less_what_it_lost() -> None:
    facts = Facts([MUG], refunds=900, sent_back=[SentBack(500, "quarantine")])
    found = steps(waterfall(facts, POLICY))
    assert found[Step.COST_OF_GOODS] == -500
    assert found[Step.WRITE_DOWN] == -250
    assert found[Step.REFUNDS] == -900


def test_goods_without_a_cost_are_named_not_counted_as_free() -> None:
    whole = waterfall(Facts([SoldLine("TEA", 1, 900)]), POLICY)
    assert whole.lacks == ("TEA",)


def test_a_location_with_its_own_price_is_not_counted_by_the_minute_as_well() -> None:
    facts = Facts([MUG], work=[Work("AUSTIN", 2, 275), Work("STUDIO", 1)])
    assert steps(waterfall(facts, POLICY))[Step.PICK_PACK] == -275 - POLICY.work(4)


@given(st.integers(-10_000, 10_000), st.lists(st.integers(0, 500), min_size=1, max_size=8))
def test_shares_add_up_whatever_they_are_shared_by(amount: int, weights: list[int]) -> None:
    shares = split(amount, weights)
    assert sum(shares) == amount
    assert all(share * amount >= 0 for share in shares)


def test_each_part_carries_its_share_and_nothing_is_lost() -> None:
    whole = waterfall(
        Facts([MUG, SoldLine("TEA", 1, 899, 0, 210)], shipping=401, fee_bp=1300, quoted=701), POLICY
    )
    parts = [Part("MUG", "STUDIO", 1, 1800, 500), Part("MUG", "AUSTIN", 1, 1800, 500),
             Part("TEA", "AUSTIN", 1, 899, 210)]  # fmt: skip
    found = shared(whole, parts)
    assert sum(sum(mine.values()) for _part, mine in found) == whole.contribution
    assert [mine[Step.COST_OF_GOODS] for _part, mine in found] == [-500, -500, -210]


def test_the_lowest_price_without_a_loss_is_the_one_at_which_nothing_is_left() -> None:
    sold = {
        Step.GOODS_SOLD: 10_000,
        Step.FEES: -1_500,
        Step.COST_OF_GOODS: -4_000,
        Step.POSTAGE: -2_800,
    }
    price = least_price([sold], 10)
    assert price == 800  # of 8.00 the channel takes 1.20; 6.80 pay for the goods and their way
    at_that_price = 8_000 - 8_000 * 1_500 // 10_000 - 6_800
    assert at_that_price == 0


def test_nobody_can_price_what_the_channel_takes_whole() -> None:
    assert least_price([{Step.GOODS_SOLD: 100, Step.FEES: -100}], 1) is None


def test_a_policy_is_kept_as_it_was_said_and_nonsense_is_refused() -> None:
    policy = CostPolicy(
        0, 2500, payment=PaymentFee(150, 25), loss_percent={**POLICY.loss_percent, "damaged": 80}
    )
    assert cost_policy(0, policy.as_said()) == policy
    for wrong in ({"wages": 1}, {"wage": -1}, {"wage": "x"}, {"loss_percent": {"lost": 1}},
                  {"loss_percent": {"damaged": 101}}):  # fmt: skip
        with pytest.raises(ValueError, match=r"known|number|becomes|per cent"):
            cost_policy(0, wrong)
