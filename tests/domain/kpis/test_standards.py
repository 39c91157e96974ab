"""A standard is judged as its channel judges it, and says how much more it can bear."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.kpis.figures import Figure
from app.domain.kpis.standards import (
    STARTING,
    Standard,
    State,
    as_data,
    budget,
    changed,
    judged,
    standards_from,
)
from app.errors import RefusedError

BY_CODE = {each.code: each for each in STARTING}
LATE, ETSY, ACCEPT = BY_CODE["amazon-late"], BY_CODE["etsy-on-time"], BY_CODE["acceptance"]


@pytest.mark.parametrize(
    ("on_time", "of", "state"),
    [(97, 100, State.GOOD), (96, 100, State.WARNING), (95, 100, State.BREACH), (5, 6, State.TOO_FEW)],
)  # fmt: skip
def test_four_of_a_hundred_late_is_the_most_that_amazon_bears(
    on_time: int, of: int, state: State
) -> None:
    assert judged(LATE, Figure(of, on_time)) is state


def test_etsy_judges_what_it_has_cut_off() -> None:
    assert judged(ETSY, Figure(10_000, 9446)) is State.BREACH
    assert judged(ETSY, Figure(10_000, 9499)) is State.BREACH  # shown as 94
    assert judged(replace(ETSY, rounding=LATE.rounding), Figure(10_000, 9500)) is State.WARNING
    assert ETSY.said_of(Figure(10_000, 9446)) == "94 %"


def test_four_more_late_orders_before_amazons_four_percent() -> None:
    assert budget(LATE, Figure(200, 196)) == 4  # 8 of 204 is 3.9 %, 9 of 205 is 4.4 %
    assert budget(LATE, Figure(100, 95)) == -1  # one too many
    assert budget(LATE, Figure(0, 0)) is None
    assert budget(ACCEPT, Figure(30, 0, 60, 90)) is None


@settings(max_examples=60)
@given(
    st.sampled_from([each for each in STARTING if each.is_share]), st.integers(1, 300), st.data()
)
def test_a_budget_is_exactly_what_can_still_be_borne(
    standard: Standard, rows: int, data: Any
) -> None:
    standard = replace(standard, least=1)
    bad = data.draw(st.integers(0, rows))
    is_hit = not standard.wants_more and not standard.counts_misses

    def figure(more: int) -> Figure:
        count = rows + max(0, more)
        return Figure(count, bad + more if is_hit else count - bad - more)

    left = budget(standard, figure(0))
    assert left is not None
    if left >= 0:
        assert judged(standard, figure(left)) is not State.BREACH
        assert judged(standard, figure(left + 1)) is State.BREACH or left > rows
    else:
        assert judged(standard, figure(0)) is State.BREACH


def test_a_duration_is_judged_by_its_ninetieth_percentile() -> None:
    assert judged(ACCEPT, Figure(20, 0, 60, 172_800)) is State.GOOD
    assert judged(ACCEPT, Figure(20, 0, 60, 259_201)) is State.BREACH


def test_standards_are_kept_as_data_and_changed_one_at_a_time() -> None:
    assert standards_from(as_data(STARTING)) == STARTING
    after = changed(STARTING, "amazon-late", {"limit": 350, "begins": "2026-12-01"})
    found = next(each for each in after if each.code == "amazon-late")
    assert (found.limit, found.is_in_force(date(2026, 11, 30))) == (350, False)
    assert len(after) == len(STARTING)


@pytest.mark.parametrize(
    "change",
    [{"limit": 50}, {"limit": "much"}, {"window_days": 0}, {"colour": "red"}, {"measure": "luck"},
     {"code": "other"}, {"begins": "soon"}, {"begins": "2026-12-02", "ends": "2026-12-01"}],
)  # fmt: skip
def test_a_standard_that_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        changed(STARTING, "amazon-late", change)


def test_every_starting_standard_of_a_channel_names_its_source_and_day() -> None:
    for each in STARTING:
        assert not each.channel or (each.source != "your own" and each.dated), each.code
        assert each.said(each.limit)
