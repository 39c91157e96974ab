"""Who stands there empty-handed when a channel opens? Worked by hand, and never more than there is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.launching.starving import NEW, Supply, forecast

FOUR_WEEKS = 28


def test_what_lasts_without_the_channel_runs_out_with_it() -> None:
    # 28 sold in 28 days are one a day; 14 days need 14, and there are 15. Half as much again needs 21.
    (found,) = forecast(
        [Supply("TEA", 15)], {"TEA": {"etsy": 28}}, window=28, horizon=14, uplift=50
    )
    assert found.without_on is None
    assert found.runs_out_on == 10  # ten days take 15; the eleventh finds nothing
    assert sum(found.missed.values()) == 21 - 15
    assert found.missed == {"etsy": 4, NEW: 2}


def test_what_arrives_in_time_saves_the_day() -> None:
    sold = {"TEA": {"etsy": 28}}
    saved = forecast([Supply("TEA", 15, {9: 10})], sold, window=28, horizon=14, uplift=50)
    late = forecast([Supply("TEA", 15, {13: 10})], sold, window=28, horizon=14, uplift=50)
    assert saved == []
    assert [each.sku for each in late] == ["TEA"]


def test_what_waits_already_takes_its_units_of_what_arrives_first() -> None:
    sold = {"TEA": {"etsy": 28}}
    enough = Supply("TEA", 15, {9: 10}, waiting=[20, 4])  # 20 are too many on that day; 4 are not
    short = Supply("TEA", 15, {9: 10}, waiting=[5])
    assert forecast([enough], sold, window=28, horizon=14, uplift=50) == []
    assert [
        each.runs_out_on for each in forecast([short], sold, window=28, horizon=14, uplift=50)
    ] == [13]


def test_what_runs_out_anyway_is_counted_only_as_far_as_the_channel_adds_to_it() -> None:
    (found,) = forecast(
        [Supply("TEA", 7)], {"TEA": {"etsy": 28}}, window=28, horizon=14, uplift=100
    )
    assert (found.without_on, found.runs_out_on) == (7, 3)
    assert sum(found.missed.values()) >= 14


def test_what_nobody_buys_starves_nobody() -> None:
    assert forecast([Supply("TEA", 0)], {}, window=28, horizon=14, uplift=300) == []


@given(
    st.integers(0, 60), st.dictionaries(st.sampled_from("abc"), st.integers(0, 90), max_size=3),
    st.integers(1, 300), st.dictionaries(st.integers(0, 20), st.integers(1, 30), max_size=3),
)  # fmt: skip
def test_nobody_misses_more_than_is_wanted_beyond_what_is_there(
    there: int, sold: dict[str, int], uplift: int, arriving: dict[int, int]
) -> None:
    for found in forecast(
        [Supply("X", there, arriving)], {"X": sold}, window=FOUR_WEEKS, horizon=14, uplift=uplift
    ):
        wanted = sum(units * 14 // 28 for units in sold.values())
        new = sum(sold.values()) * uplift // 100 * 14 // 28
        assert 0 < sum(found.missed.values()) <= wanted + new
        assert found.without_on is None or found.runs_out_on <= found.without_on
