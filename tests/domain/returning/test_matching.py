"""Whose parcel is it? Scored by what it has in common with orders that left; never decided by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.returning.matching import Candidate, Clues, matches, score

CAME = datetime(2026, 11, 23, 15, tzinfo=UTC)
TEA, MUG = 1, 2
ORDER = Candidate(
    7, "#1001", "ext-1001", ("9400111",), ("Ada Example", "Ada Example"), "02138", {TEA: 2},
    CAME - timedelta(days=12),
)  # fmt: skip
NOTHING = Clues("", "", "", {}, CAME)


def points(**known: object) -> int:
    return score(replace(NOTHING, **known), ORDER).score  # type: ignore[arg-type]


def test_a_label_a_number_a_name_and_the_goods_speak_for_an_order() -> None:
    assert (
        points(tracking_number="9400111") > points(clue="for #1001") > points(sender="ADA EXAMPLE")
    )
    assert points(sender="ADA EXAMPLE") > points(contents={TEA: 1}) > points(sender="Bob Example")
    assert points(clue="order ext-1001") == points(clue="1001")


def test_goods_that_the_order_does_not_hold_speak_against_it() -> None:
    assert points(sender="Ada Example", contents={MUG: 1}) < points(sender="Ada Example")
    assert points(contents={TEA: 1, MUG: 1}) < points(contents={TEA: 2})


def test_what_left_only_afterwards_cannot_be_it() -> None:
    clues = replace(NOTHING, tracking_number="9400111")
    assert score(clues, replace(ORDER, shipped_at=CAME + timedelta(days=1))).score == 0


def test_the_best_stands_first_and_every_score_says_why() -> None:
    other = replace(
        ORDER, order_id=8, number="#1002", names=("Bob Other",), tracking_numbers=("9400222",)
    )
    found = matches(replace(NOTHING, sender="Ada Example", contents={TEA: 1}), [other, ORDER])
    assert [each.order_id for each in found] == [7]
    assert found[0].reasons[0] == "The sender's name is the customer's."
    few = matches(replace(NOTHING, contents={TEA: 1}), [other, ORDER])
    assert {each.order_id for each in few} == {7, 8}  # nothing better is known
    assert matches(NOTHING, [ORDER]) == ()
