"""Was an order paid as it should be? Stories of what channels book."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.payouts.fees import BASES, FeeSeen, learnt
from app.domain.payouts.judging import Booked, Sold, Trouble, judge
from app.domain.payouts.lines import LineType

S = LineType
ORDER = Sold(1, "1001", "etsy", "USD", "shipped", 1, 2000, 499, 150, 100, 2549)


def a_line(type_: LineType, amount: int, label: str = "x", item: str = "", ref: str = "") -> Booked:
    return Booked(type_, label, amount, "USD", item, ref)


GOOD = (
    ("Etsy books all that the buyer paid, and takes its tax off", [(S.SALE, 2549), (S.TAX, -150)]),
    ("Shopify books the total", [(S.SALE, 2549)]),
    ("eBay keeps the tax to itself", [(S.SALE, 1900), (S.SHIPPING, 499)]),
    ("Amazon books the tax and withholds it", [(S.SALE, 1900), (S.SHIPPING, 499), (S.TAX, 150), (S.TAX, -150)]),
    ("a tax that the seller owes comes on top", [(S.SALE, 1900), (S.SHIPPING, 499), (S.TAX, 150)]),
    ("a refund is another matter", [(S.SALE, 2549), (S.REFUND, -1000)]),
    ("only a fee is here yet", [(S.FEE, -20)]),
)  # fmt: skip


@pytest.mark.parametrize(
    "lines", [lines for _story, lines in GOOD], ids=[story for story, _lines in GOOD]
)
def test_what_fits_is_left_alone(lines: list[tuple[LineType, int]]) -> None:
    assert judge(ORDER, [a_line(type_, amount) for type_, amount in lines]) == []


@pytest.mark.parametrize(
    "lines", [lines for _story, lines in GOOD[:5]], ids=[story for story, _lines in GOOD[:5]]
)
@pytest.mark.parametrize("off", [-1, 1])
def test_one_cent_is_found_however_the_channel_books(
    lines: list[tuple[LineType, int]], off: int
) -> None:
    (first, amount), *rest = lines
    booked = [a_line(first, amount + off), *(a_line(*line) for line in rest)]
    assert [(x.trouble, x.off) for x in judge(ORDER, booked)] == [(Trouble.DIFFERENT, off)]


def test_amazon_pays_for_what_has_left_and_half_an_order_is_no_difference() -> None:
    half = [a_line(S.SALE, 900)]
    order = replace(ORDER, channel="amazon", status="partly_shipped")
    assert judge(order, half) == []
    assert [x.off for x in judge(replace(order, status="shipped"), half)] == [-1499]


def test_a_fee_that_was_taken_twice_is_found_once_with_what_is_too_much() -> None:
    booked = [a_line(S.SALE, 2549), *[a_line(S.FEE, -285, "Commission", "MUG")] * 2]
    [found] = judge(ORDER, booked)
    assert (found.trouble, found.label, found.off) == (Trouble.DOUBLE_FEE, "Commission", -285)


@pytest.mark.parametrize(
    "lines",
    [
        [a_line(S.FEE, -285, "Commission", "MUG"), a_line(S.FEE, -285, "Commission", "TEA")],
        [*[a_line(S.FEE, -285, "Commission")] * 2, a_line(S.FEE, 285, "Commission")],
        [a_line(S.FEE, -285, "Commission"), a_line(S.FEE, -286, "Commission")],
        [a_line(S.POSTAGE, -420, "Label", ref="1Z1"), a_line(S.POSTAGE, -420, "Label", ref="1Z2")],
    ],
    ids=["one for each item", "given back", "another amount", "two labels"],
)
def test_fees_that_only_look_alike_are_not_double(lines: list[Booked]) -> None:
    assert judge(ORDER, [a_line(S.SALE, 2549), *lines]) == []


def test_two_items_alike_pay_two_fees_alike_and_not_three() -> None:
    sales = [a_line(S.SALE, 1000, item="MUG"), a_line(S.SALE, 1549, item="MUG")]
    fees = [a_line(S.FEE, -150, "Commission", "MUG")] * 3
    order = replace(ORDER, lines=2)
    assert judge(order, [*sales, *fees[:2]]) == []
    assert [x.off for x in judge(order, [*sales, *fees])] == [-150]


def test_the_same_label_is_paid_once() -> None:
    twice = [a_line(S.POSTAGE, -420, "Label", ref="1Z1")] * 2
    assert [x.off for x in judge(ORDER, [a_line(S.SALE, 2549), *twice])] == [-420]


def _seen(percent: float, fixed: int, *, base: int, count: int = 40) -> list[FeeSeen]:
    fees = []
    for n in range(count):
        bases = (1000 + 37 * n, 1400 + 37 * n, 1500 + 40 * n)
        fees.append(
            FeeSeen("Fee", f"item {n}", int(bases[base] * percent / 100 + 0.5) + fixed, bases)
        )
    return fees


@pytest.mark.parametrize(
    ("percent", "fixed", "base"), [(6.5, 0, 0), (15, 0, 1), (2.9, 30, 2), (3, 25, 2), (0, 30, 0)]
)
def test_a_fee_schedule_is_learnt_from_what_was_taken(
    percent: float, fixed: int, base: int
) -> None:
    [rule] = learnt(_seen(percent, fixed, base=base))
    assert (rule.basis_points, rule.fixed, rule.proven) == (round(percent * 100), fixed, 40)
    if percent:
        assert rule.base == BASES[base]


def test_a_fee_one_cent_off_the_schedule_is_found() -> None:
    rules = learnt(
        [FeeSeen("Commission", "", round(0.15 * x), (x, x, x)) for x in range(1000, 5000, 100)]
    )
    good = [a_line(S.SALE, 2549), a_line(S.FEE, -382, "Commission")]
    assert judge(ORDER, good, rules) == []
    wrong = [a_line(S.SALE, 2549), a_line(S.FEE, -383, "Commission")]
    assert [(x.trouble, x.off) for x in judge(ORDER, wrong, rules)] == [(Trouble.FEE, -1)]


def test_nothing_is_concluded_from_few_fees_or_from_fees_without_a_rule() -> None:
    assert learnt(_seen(6.5, 0, base=0, count=9)) == ()
    wild = [FeeSeen("Ads", f"item {n}", 100 + 61 * n % 97, (1000, 1400, 1500)) for n in range(60)]
    assert learnt(wild) == ()
