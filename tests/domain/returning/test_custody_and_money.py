"""A unit's way back and the money for it: two machines that no sequence of steps can break."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.inventory import Bucket
from app.domain.returning import custody, owed
from app.domain.returning.custody import AWAY, HERE, IN, Custody, Disposition, Grade, Handling
from app.domain.returning.history import CUSTODY, MONEY, Past, Standing, Step, account_after
from app.domain.returning.owed import (
    Account,
    Earliest,
    Owed,
    Settling,
    may_promise,
    nth_share,
    shared,
)
from app.errors import RefusedError

AT = datetime(2026, 11, 23, tzinfo=UTC)
Tried = tuple[Handling, Grade, Disposition]
handlings = st.lists(
    st.tuples(
        st.sampled_from(Handling), st.sampled_from(Grade), st.sampled_from(Disposition)
    ),
    max_size=14,
)  # fmt: skip
settlings = st.lists(st.tuples(st.sampled_from(Settling), st.integers(-5, 30)), max_size=14)


def said(handling: Handling, grade: Grade, place: Disposition) -> str:
    return {Handling.GRADE: str(grade), Handling.DISPOSE: str(place)}.get(handling, "")


@given(handlings)
@settings(max_examples=120, deadline=None)
def test_whatever_happens_nothing_is_put_away_that_nobody_looked_at(tried: list[Tried]) -> None:
    past = Past(())
    bucket: Counter[Bucket] = Counter()
    for handling, grade, place in tried:
        before = past.now
        try:
            now = past.take(Step(CUSTODY, handling, AT, said(handling, grade, place)))
        except RefusedError:
            assert past.now == before
            continue
        for shift in moved(before, now):
            bucket[shift.bucket] += shift.units
        assert (now.custody is Custody.DISPOSED) == bool(now.disposition)
        assert not now.disposition or now.grade
        assert not now.grade or now.received_at
        assert bucket[Bucket.RETURNS_HOLD] == (now.custody in HERE)
        assert all(units >= 0 for units in bucket.values())


def moved(before: Standing, now: Standing) -> tuple[custody.Shift, ...]:
    """Return what a step did to the shelf, by where the unit was and is."""
    old, new = before.custody, now.custody
    came = new in {*HERE, Custody.DISPOSED} and old not in {*HERE, Custody.DISPOSED}
    went = old in {*HERE, Custody.DISPOSED} and new not in {*HERE, Custody.DISPOSED}
    if came:
        return IN
    if went:
        return custody.opposite(IN)
    if new is Custody.DISPOSED and old is not new:
        return AWAY[Disposition(now.disposition)]
    if old is Custody.DISPOSED and new is not old:
        return custody.opposite(AWAY[Disposition(before.disposition)])
    return ()


@given(handlings)
@settings(max_examples=60, deadline=None)
def test_steps_that_are_replayed_end_where_they_ended(tried: list[Tried]) -> None:
    past, kept = Past(()), []
    for handling, grade, place in tried:
        step = Step(CUSTODY, handling, AT, said(handling, grade, place))
        try:
            past.take(step)
        except RefusedError:
            continue
        kept.append(step)
    assert Past(kept).now == past.now


@given(st.integers(0, 20), settlings)
@settings(max_examples=150, deadline=None)
def test_no_sequence_gives_more_money_than_was_paid(
    worth: int, tried: list[tuple[Settling, int]]
) -> None:
    account, kept = Account(worth), []
    for settling, amount in tried:
        try:
            after = owed.settle(account, settling, amount)
        except RefusedError:
            continue
        kept.append(Step(MONEY, settling, AT, amount=amount))
        assert 0 <= after.promised + after.refunded <= worth
        assert (after.state is Owed.PROMISED) == (after.promised > 0)
        account = after
    assert account_after(worth, kept) == account


def test_a_unit_that_is_only_announced_cannot_go_back_on_sale() -> None:
    for handling in (Handling.GRADE, Handling.DISPOSE):
        with pytest.raises(RefusedError, match="nothing was changed"):
            custody.step(Custody.AUTHORISED, handling)
    with pytest.raises(RefusedError, match="received and not looked at cannot be put away"):
        custody.step(Custody.RECEIVED, Handling.DISPOSE)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=8), st.data())
@settings(max_examples=80, deadline=None)
def test_a_refund_is_shared_out_to_the_cent(worths: list[int], data: st.DataObject) -> None:
    total = sum(worths)
    if not total:
        return
    amount = data.draw(st.integers(1, total))
    shares = shared(amount, worths)
    assert sum(shares) == amount
    assert all(0 <= share <= worth for share, worth in zip(shares, worths, strict=True))


@given(st.integers(0, 100_000), st.integers(1, 12))
@settings(max_examples=50, deadline=None)
def test_what_was_paid_for_a_line_is_what_its_units_cost(paid: int, units: int) -> None:
    assert sum(nth_share(paid, units, at) for at in range(units)) == paid


def test_money_waits_for_the_goods_as_the_channel_s_rule_says() -> None:
    assert may_promise(Earliest.ANNOUNCED, Custody.AUTHORISED)
    assert not may_promise(Earliest.RECEIVED, Custody.IN_TRANSIT)
    assert may_promise(Earliest.RECEIVED, Custody.RECEIVED)
    assert not may_promise(Earliest.INSPECTED, Custody.RECEIVED)
    assert may_promise(Earliest.INSPECTED, Custody.GRADED)
