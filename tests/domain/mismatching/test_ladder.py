"""Why does a channel show another number? Each rung by hand, and what is true of all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mismatching.causes import CAUSES, NUMBERS, Reason
from app.domain.mismatching.facts import (
    Finding,
    Flaw,
    LastTold,
    PairFacts,
    PlaceFacts,
    Shown,
    Waiting,
)
from app.domain.mismatching.ladder import explain
from app.domain.mismatching.shelves import look_at

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def ago(hours: float) -> datetime:
    return NOON - timedelta(hours=hours)


def clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def shown(units: int, *, since: float, seen: float = 0.1) -> Shown:
    return Shown(units, ago(since), ago(seen))


# Twenty are for sale; Etsy was told so three hours ago, took it, and its orders are all here.
FINE = PairFacts(
    "MUG", "Etsy", NOON, 20, 20, LastTold(20, ago(3), True), None, shown(20, since=2),
    orders_at=ago(0.2),
)  # fmt: skip
CANCELLED = Flaw(Reason.CANCEL_NOT_RESTOCKED, 2, "Order 7 still keeps 2.", ago(5), "order:7")
LATE = Flaw(Reason.RECEIPT_LATE, -6, "6 came late.", ago(5), "receipt:1", is_settled=True)

R = Reason
CASES = {
    "fewer since, its orders not fetched since": ({"shown": shown(18, since=0.15), "orders_at": ago(1)}, R.ORDER_NOT_IMPORTED),
    "fewer, and an order that nobody can read": ({"shown": shown(18, since=1), "unread": 1}, R.ORDER_NOT_IMPORTED),
    "fewer, although every order is here": ({"shown": shown(18, since=1)}, R.MANUAL_EDIT),
    "more than it was ever told": ({"shown": shown(26, since=1)}, R.MANUAL_EDIT),
    "more, and it never confirmed the number": (
        {"shown": shown(26, since=1), "told": LastTold(20, ago(3))}, R.UNKNOWN),
    "the old number goes on standing there": ({"shown": shown(25, since=9)}, R.NOT_APPLIED),
    "looked at too soon after telling": (
        {"told": LastTold(20, ago(0.2)), "shown": shown(25, since=9, seen=0.1)}, R.LAG),
    "a new number waits for a minute": (
        {"expected": 17, "waiting": Waiting(17, ago(0.02))}, R.LAG),
    "a new number waits for hours": ({"expected": 17, "waiting": Waiting(17, ago(4))}, R.PUSH_WAITING),
    "a new number is held back": ({"expected": 17, "waiting": Waiting(17, ago(0.01), True)}, R.PUSH_WAITING),
    "the channel refused the number": ({"expected": 17, "refused": "too many calls"}, R.PUSH_WAITING),
    "never told, and overdue": (
        {"told": None, "shown": None, "waiting": Waiting(20, ago(4))}, R.PUSH_WAITING),
    "somebody kept the number there": ({"expected": 17, "is_kept": True}, R.BY_POLICY),
    "exactly the cancelled order's units": (
        {"shown": shown(22, since=1), "flaws": (CANCELLED,)}, R.CANCEL_NOT_RESTOCKED),
    "another number than the flaw explains": (
        {"shown": shown(23, since=1), "flaws": (CANCELLED,)}, R.MANUAL_EDIT),
    "exactly the late receipt is missing there": (
        {"expected": 26, "told": LastTold(26, ago(0.3)), "shown": shown(20, since=9), "flaws": (LATE,)},
        R.RECEIPT_LATE),
    "the sheet caps what is shown": (
        {"expected": 5, "told": LastTold(5, ago(3), True), "shown": shown(5, since=2),
         "policy": "At most 5 are shown −15"}, R.BY_POLICY),
    "packs of six round down": (
        {"pack": 6, "shown": shown(3, since=2)}, R.BY_POLICY),
    "packs of six, one pack too many": ({"pack": 6, "shown": shown(4, since=2)}, R.MANUAL_EDIT),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_rung_answers_its_own_question(name: str) -> None:
    changes, wanted = CASES[name]
    found = explain(replace(FINE, **changes), clock)  # type: ignore[arg-type]
    assert found is not None
    assert found.reason is wanted


NOTHING = {
    "it shows what it should": {},
    "the desk does not decide it": {"expected": None, "shown": shown(7, since=1)},
    "nobody has ever looked, and nothing waits": {"told": None, "shown": None},
    "told after the last look": {"shown": shown(25, since=9, seen=5)},
    "never told, and still in time": {"told": None, "shown": None, "waiting": Waiting(20, ago(0.1))},
    "a number that it shows already still waits": {"waiting": Waiting(20, ago(9))},
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_what_fits_is_no_mismatch(name: str) -> None:
    assert explain(replace(FINE, **NOTHING[name]), clock) is None  # type: ignore[arg-type]


def test_a_mismatch_says_by_how_much_since_when_and_what_ends_it() -> None:
    found = explain(replace(FINE, shown=shown(26, since=1)), clock)
    assert found is not None
    assert (found.expected, found.published, found.observed, found.delta) == (20, 20, 26, 6)
    assert found.since == ago(1)
    assert found.fix.operation == "tell_again"
    assert found.sentence == (
        "Etsy had taken 20, told at 09:00. It shows 26 since 11:00; nobody here told it that, and no "
        "order explains it."
    )  # fmt: skip
    assert "Etsy was last told 20, 09:00, and took it." in found.evidence


SHELF = PlaceFacts("MUG", "Studio", NOON, 20, 20, 20)


def test_a_shelf_that_fits_says_nothing() -> None:
    assert look_at(SHELF, clock) == ()


def test_a_broken_balance_comes_before_everything_else() -> None:
    (found,) = look_at(replace(SHELF, balance=18, flaws=(CANCELLED,)), clock)
    assert (found.reason, found.delta) == (Reason.UNKNOWN, -2)


def test_each_flaw_of_a_shelf_is_one_mismatch_of_one_cause() -> None:
    counted = replace(CANCELLED, reason=Reason.COUNT_VARIANCE, units=-3, key="counted:1")
    found = look_at(replace(SHELF, flaws=(CANCELLED, counted, LATE)), clock)
    assert [(each.reason, each.delta) for each in found] == [
        (Reason.CANCEL_NOT_RESTOCKED, -2),
        (Reason.COUNT_VARIANCE, 3),
    ]


def test_below_zero_without_a_reason_is_named_as_such() -> None:
    (found,) = look_at(replace(SHELF, balance=-3, replayed=-3, free=-3), clock)
    assert (found.reason, found.delta) == (Reason.UNKNOWN, -3)
    assert "3 below zero at Studio" in found.sentence


# ---- what is true of everything ------------------------------------------------------------------

few = st.integers(0, 60)
past = st.floats(0, 200, allow_nan=False).map(ago)
flaws = st.builds(Flaw, st.sampled_from(Reason), st.integers(-9, 9), st.just("So it is."), past,
                  st.just("key"), is_settled=st.booleans())  # fmt: skip
looks = st.builds(
    lambda units, one, other: Shown(units, min(one, other), max(one, other)), few, past, past
)
everything = st.builds(
    PairFacts, st.just("MUG"), st.just("Etsy"), st.just(NOON), few, st.none() | few,
    st.none() | st.builds(LastTold, few, past, st.booleans()),
    st.none() | st.builds(Waiting, few, past, st.booleans()), st.none() | looks,
    st.integers(1, 6), refused=st.sampled_from(["", "no"]), is_kept=st.booleans(),
    orders_at=st.none() | past, unread=st.integers(0, 1), policy=st.sampled_from(["", "capped"]),
    flaws=st.lists(flaws, max_size=2).map(tuple),
)  # fmt: skip


@given(everything)
def test_every_mismatch_has_exactly_one_cause_and_nothing_that_fits_is_an_error(
    facts: PairFacts,
) -> None:
    found = explain(facts, clock)
    fits = facts.expected is None or facts.current == facts.wanted
    if fits:
        assert found is None or not CAUSES[found.reason].is_error
    elif facts.current is not None:
        assert isinstance(found, Finding)
        assert found.sentence
        assert found.delta == facts.current - facts.wanted


@given(everything)
def test_a_clean_set_of_facts_never_yields_a_mismatch(facts: PairFacts) -> None:
    clean = replace(
        facts, told=LastTold(facts.expected or 0, ago(3), True), waiting=None, refused="", policy="",
        pack=1, for_sale=facts.expected or 0, shown=Shown(facts.expected or 0, ago(2), ago(1)),
    )  # fmt: skip
    assert explain(clean, clock) is None


def test_every_cause_is_said_has_a_fix_and_a_number_of_its_own() -> None:
    assert set(CAUSES) == set(NUMBERS) == set(Reason)
    assert len(set(NUMBERS.values())) == len(Reason) == 14
    assert all(told.words and told.together and told.fix for told in CAUSES.values())
