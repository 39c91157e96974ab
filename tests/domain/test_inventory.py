"""How much may be promised, and which units does an order claim?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.inventory import Level, atp
from app.domain.reservation import Claim, Shortfall, claim
from tests.builders import a_pool

TEA, MUG, SET = 1, 2, 3


@pytest.mark.parametrize(
    ("level", "promised"),
    [
        (Level(on_hand=10), 10),
        (Level(on_hand=10, allocated=3), 7),
        (Level(on_hand=10, unavailable=2, safety_stock=5), 3),
        (Level(on_hand=2, safety_stock=5), 0),
        (Level(on_hand=-1), 0),
        (Level(on_hand=10, incoming=50), 10),
        (Level(on_hand=10, suggested=4), 10),
    ],
)
def test_what_a_location_may_promise(level: Level, promised: int) -> None:
    assert atp(level) == promised


def test_a_line_is_claimed_whole_or_not_at_all() -> None:
    pool = a_pool({TEA: {1: 3}})
    assert claim(7, TEA, 4, pool) == Shortfall(7, TEA, 4, 3)
    assert claim(8, TEA, 3, pool) == (Claim(8, TEA, 3),)
    assert claim(9, TEA, 1, pool) == Shortfall(9, TEA, 1, 0)


def test_a_kit_claims_its_components_or_names_the_scarce_one() -> None:
    pool = a_pool({TEA: {1: 4}, MUG: {1: 1}}, kits={SET: ((TEA, 2), (MUG, 1))})
    assert claim(1, SET, 1, pool) == (Claim(1, TEA, 2), Claim(1, MUG, 1))
    assert claim(2, SET, 1, pool) == Shortfall(2, MUG, 1, 0)
    assert pool.claimable[TEA] == 2


@given(st.integers(0, 20), st.lists(st.integers(1, 6), max_size=12))
def test_claims_never_exceed_what_is_there(there: int, wanted: list[int]) -> None:
    pool = a_pool({TEA: {1: there}})
    got = [claim(n, TEA, units, pool) for n, units in enumerate(wanted)]
    claimed = sum(c.quantity for each in got if isinstance(each, tuple) for c in each)
    assert claimed <= there
    assert pool.claimable[TEA] == there - claimed
