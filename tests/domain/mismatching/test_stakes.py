"""What is at risk is what is likely lost: never a price for each channel."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.mismatching.stakes import Stake, oversold, worth


def test_a_channel_that_shows_what_is_there_or_less_risks_nothing() -> None:
    assert oversold([Stake(1, 20), Stake(2, 3)], {1: 20, 2: 9}) == [0, 0]


def test_units_beyond_the_stock_count_once_a_sku_where_most_are_shown() -> None:
    assert oversold([Stake(1, 22), Stake(1, 26), Stake(1, 26)], {1: 20}) == [0, 6, 0]


def test_what_is_below_zero_counts_as_nothing_to_sell() -> None:
    assert oversold([Stake(1, 4)], {1: -3}) == [4]


def test_an_order_that_several_mismatches_harm_counts_once() -> None:
    stakes = [Stake(1, 0, (7, 8)), Stake(2, 0, (8, 9)), Stake(3, 0)]
    assert worth(stakes, {7: 100, 8: 10, 9: 1}) == [110, 1, 0]


few = st.lists(st.builds(Stake, st.integers(1, 4), st.integers(0, 40)), max_size=12)


@given(few, st.dictionaries(st.integers(1, 4), st.integers(-5, 40)))
def test_never_more_is_at_risk_than_is_wrongly_shown_anywhere(
    stakes: list[Stake], for_sale: dict[int, int]
) -> None:
    units = oversold(stakes, for_sale)
    for sku in {each.sku_id for each in stakes}:
        mine = [n for n, each in zip(units, stakes, strict=True) if each.sku_id == sku]
        most = max(each.shown for each in stakes if each.sku_id == sku)
        assert sum(mine) == max(0, most - max(0, for_sale.get(sku, 0)))
