"""What is true of every sheet and every shelf: units are conserved, and nothing is promised twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.domain.promising.goods import Arrival, Kit, Outlet, Pace, Place, Stock
from app.domain.promising.policy import ChannelRules, Decider, Incoming, Oversell, StockMode
from app.domain.promising.reserves import exclusive, largest_remainder
from app.domain.promising.waterfall import Promise, promises, sellable

TODAY = date(2026, 11, 23)
units = st.integers(0, 40)
percent = st.integers(0, 30)
maybe = st.none() | units
rows = st.builds(
    ChannelRules, stock_owner=st.sampled_from(Decider), fee_percent=st.integers(0, 20),
    stock_mode=st.sampled_from(StockMode), reserve_units=units, reserve_percent=percent,
    cap_units=maybe, oversell=st.sampled_from(Oversell), oversell_units=units,
    gives_way_at=st.integers(0, 5), buffer_units=st.integers(0, 5), buffer_percent=percent,
    cover_days=st.integers(0, 10), buffer_lag=st.booleans(), buffer_dynamic=st.booleans(),
    buffer_most=maybe, incoming=st.sampled_from(Incoming), incoming_days=st.integers(0, 20),
)  # fmt: skip
places = st.builds(
    Place, st.sampled_from("ABC"), st.just("Here"), st.integers(-20, 60), units, units, units,
    st.booleans(),
)  # fmt: skip
arrivals = st.builds(
    Arrival, units, st.none() | st.integers(0, 30).map(lambda n: TODAY + timedelta(days=n))
)
paces = st.builds(Pace, st.integers(0, 200), st.just(28), st.none() | st.integers(0, 60))
stocks = st.builds(
    Stock, st.just("TEA"), st.lists(places, max_size=3).map(tuple), units,
    st.lists(arrivals, max_size=3).map(tuple), paces,
)  # fmt: skip
kits = st.builds(
    Kit, st.just("SET"), st.lists(st.tuples(stocks, st.integers(1, 4)), max_size=3).map(tuple)
)
channels = st.lists(rows, min_size=1, max_size=5).map(
    lambda found: [
        Outlet(n, f"channel-{n}", f"Channel {n}", row, lag_seconds=600 * n)
        for n, row in enumerate(found, 1)
    ]
)


def exclusively(found: tuple[Promise, ...]) -> int:
    return sum(each.exclusive for each in found)


@given(stocks, channels)
def test_what_is_promised_exclusively_is_there(stock: Stock, outlets: list[Outlet]) -> None:
    assert exclusively(promises(stock, outlets, today=TODAY)) <= sellable(stock).units


@given(stocks, channels)
def test_nobody_is_told_what_is_kept_for_another(stock: Stock, outlets: list[Outlet]) -> None:
    strict = [
        replace(each, rules=replace(each.rules, oversell=Oversell.NEVER, incoming=Incoming.NEVER))
        for each in outlets
    ]
    found = promises(stock, strict, today=TODAY)
    for each in found:
        others = exclusively(found) - each.exclusive
        assert (each.units or 0) <= max(0, sellable(stock).units - others)


@given(stocks | kits, channels)
def test_a_number_is_never_negative_and_the_steps_end_at_it(
    goods: Stock | Kit, outlets: list[Outlet]
) -> None:
    for each in promises(goods, outlets, today=TODAY):
        assert each.units is None or each.units >= 0
        if each.units is not None:
            assert each.steps[-1].after == each.units


@given(stocks | kits, channels, st.randoms(use_true_random=False))
def test_the_order_of_the_channels_says_nothing(
    goods: Stock | Kit, outlets: list[Outlet], dice: Random
) -> None:
    shuffled = dice.sample(outlets, len(outlets))
    first = {p.outlet.id: p.units for p in promises(goods, outlets, today=TODAY)}
    assert {p.outlet.id: p.units for p in promises(goods, shuffled, today=TODAY)} == first


@given(stocks, channels, st.randoms(use_true_random=False))
def test_the_order_of_places_and_deliveries_says_nothing(
    stock: Stock, outlets: list[Outlet], dice: Random
) -> None:
    turned = replace(
        stock,
        places=tuple(dice.sample(stock.places, len(stock.places))),
        arrivals=tuple(dice.sample(stock.arrivals, len(stock.arrivals))),
    )
    assert [p.units for p in promises(turned, outlets, today=TODAY)] == [
        p.units for p in promises(stock, outlets, today=TODAY)
    ]


@given(stocks, channels)
def test_one_more_on_the_shelf_never_sells_fewer_to_all(
    stock: Stock, outlets: list[Outlet]
) -> None:
    """By one reserve in per cent at most: several round against each other, by a unit each."""
    alone = [
        replace(each, rules=replace(each.rules, reserve_percent=0, gives_way_at=0))
        if at
        else replace(each, rules=replace(each.rules, gives_way_at=0))
        for at, each in enumerate(outlets)
    ]
    more = replace(stock, places=(*stock.places, Place("Z", "There", 1)))
    if stock.is_known:
        before, after = (promises(one, alone, today=TODAY) for one in (stock, more))
        # Units kept for others may take that one; never more than that one.
        for less, better in zip(before, after, strict=True):
            assert (better.units or 0) >= (less.units or 0) - 1
        assert sellable(more).units >= sellable(stock).units


@given(stocks, rows, st.integers(1, 20))
def test_holding_more_back_never_tells_more(stock: Stock, row: ChannelRules, more: int) -> None:
    def told(rules: ChannelRules) -> int:
        [only] = promises(stock, [Outlet(1, "own", "Own", rules)], today=TODAY)
        return only.units or 0

    fixed = replace(row, buffer_dynamic=False, buffer_most=None)
    for stricter in (
        replace(fixed, buffer_units=fixed.buffer_units + more),
        replace(fixed, buffer_percent=fixed.buffer_percent + more),
        replace(fixed, cover_days=fixed.cover_days + more),
        replace(fixed, oversell=Oversell.NEVER),
        replace(fixed, incoming=Incoming.NEVER, oversell=Oversell.NEVER),
    ):
        assert told(stricter) <= told(fixed)


@given(st.integers(0, 500), st.lists(percent, max_size=4).filter(lambda parts: sum(parts) <= 100))
def test_shares_lose_no_unit_and_give_none_twice(total: int, parts: list[int]) -> None:
    shares = largest_remainder(total, dict(enumerate(parts)))
    assert all(abs(shares[n] - total * part / 100) < 1 for n, part in enumerate(parts))
    assert sum(shares.values()) <= total
    if sum(parts) == 100:
        assert sum(shares.values()) == total


@given(st.integers(0, 60), channels)
def test_nothing_is_kept_that_would_not_be_shown(total: int, outlets: list[Outlet]) -> None:
    kept = exclusive(total, outlets)
    for each in outlets:
        if each.rules.cap is not None:
            assert kept.get(each.id, 0) <= each.rules.cap
