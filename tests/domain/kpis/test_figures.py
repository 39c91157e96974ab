"""A share is judged as its channel judges it, and percentiles are values that were measured."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.kpis.figures import Rounding, of_sample, percent, percentile, reaches, rounded, span


def test_etsy_cuts_off_what_others_round() -> None:
    assert percent(9446, 10_000, Rounding.WHOLE_DOWN) == "94 %"
    assert percent(9496, 10_000, Rounding.WHOLE_DOWN) == "94 %"
    assert percent(9446, 10_000) == "94.46 %"
    assert percent(9496, 10_000, Rounding.TENTH) == "95.0 %"
    assert not reaches(9496, 10_000, 9500, Rounding.WHOLE_DOWN)
    assert reaches(9496, 10_000, 9500, Rounding.TENTH)


def test_an_exact_share_is_judged_before_it_is_rounded() -> None:
    assert rounded(95_999, 100_000, Rounding.EXACT) == 9600  # only shown like this
    assert not reaches(95_999, 100_000, 9600, Rounding.EXACT)
    assert reaches(96, 100, 9600, Rounding.EXACT)


def test_without_rows_there_is_no_share_and_no_time() -> None:
    assert percent(0, 0) == "–"
    assert span(of_sample([]).median) == "–"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3570, "1 h"), (12_000, "3 h 20 min"),
     (86_399, "1 d"), (187_200, "2 d 4 h")],
)  # fmt: skip
def test_a_duration_is_said_in_its_two_largest_units(seconds: int, words: str) -> None:
    assert span(seconds) == words


@settings(max_examples=40)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.integers(1, 100))
def test_a_percentile_was_measured_and_enough_lie_below_it(sample: list[int], share: int) -> None:
    found = percentile(sorted(sample), share)
    assert found in sample
    assert 100 * sum(value <= found for value in sample) >= share * len(sample)
    assert 100 * sum(value < found for value in sample) < share * len(sample)
