"""Does what needs a person most stand first, and can the score be argued with?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attention import (
    HARM_OF,
    TOGETHER,
    Amount,
    Harm,
    Score,
    Stake,
    add_up,
    score,
)
from app.domain.cases import CaseKind, Severity

NOW = datetime(2026, 10, 12, 14, 0, tzinfo=UTC)
USUAL = {"USD": 5000, "JPY": 7000}


def of(
    money: int = 0, hours: float | None = None, harm: Harm = Harm.NONE, code: str = "USD"
) -> Score:
    due = None if hours is None else NOW + timedelta(hours=hours)
    return score(Stake((Amount(money, code),), due, harm), now=NOW, usual=USUAL)


def points(found: Score) -> tuple[int, ...]:
    return tuple(part.points for part in found.parts)


def test_nothing_at_stake_scores_nothing() -> None:
    assert score(Stake(), now=NOW, usual={}).total == 0


@pytest.mark.parametrize(
    ("hours", "expected"), [(None, 0), (200, 0), (72, 0), (36, 15), (0, 30), (-5, 30), (-500, 30)]
)
def test_the_nearer_the_deadline_the_more(hours: float | None, expected: int) -> None:
    assert points(of(hours=hours))[0] == expected


@pytest.mark.parametrize(("money", "expected"), [(0, 0), (5000, 5), (20000, 12), (10**9, 24)])
def test_money_counts_in_usual_orders(money: int, expected: int) -> None:
    assert points(of(money=money))[1] == expected


def test_no_currency_is_changed_into_another() -> None:
    assert points(of(money=7000, code="JPY"))[1] == points(of(money=5000))[1] == 5
    both = Stake((Amount(5000, "USD"), Amount(7000, "JPY")))
    assert score(both, now=NOW, usual=USUAL).parts[1].sentence == (
        "7,000 JPY and 50.00 USD at stake, as much as 2 usual orders."
    )


def test_a_currency_without_history_is_taken_as_usual() -> None:
    assert points(of(money=5000, code="EUR"))[1] == 5


def test_harm_that_lasts_stands_before_harm_that_costs() -> None:
    assert [of(harm=harm).total for harm in Harm] == [0, 6, 12]


def test_a_late_cheap_order_stands_before_a_large_one_with_time() -> None:
    assert of(money=3000, hours=-2, harm=Harm.COSTS).total > of(money=60000, hours=60).total


def test_what_the_matrix_calls_high_stands_before_what_it_calls_low() -> None:
    def lost(severity: Severity) -> int:
        stake = Stake(
            (Amount(2500, "USD"),), NOW + timedelta(hours=24), Harm.COSTS, severity=severity
        )
        return score(stake, now=NOW, usual=USUAL).total

    assert [lost(each) for each in Severity] == [49, 37, 29]
    assert lost(Severity.HIGH) > of(money=10000, hours=1).total  # small, and due within the hour


def test_each_part_says_why_in_a_sentence() -> None:
    found = score(
        Stake((Amount(41200, "USD"),), NOW + timedelta(hours=5), Harm.COSTS, "Customers wait."),
        now=NOW, usual=USUAL,
    )  # fmt: skip
    assert [part.sentence for part in found.parts] == [
        "There is time for 5 hours.",
        "412.00 USD at stake, as much as 8 usual orders.",
        "It counts as low.",
        "Customers wait.",
        "No one customer waits, as far as is known.",
        "It is the only one.",
    ]
    assert found.total == sum(points(found)) == 28 + 16 + 6


def test_who_buys_again_and_again_stands_before_who_came_once() -> None:
    def of_customer(orders: int) -> int:
        return points(score(Stake(customer_orders=orders), now=NOW, usual=USUAL))[4]

    assert [of_customer(count) for count in (0, 1, 2, 5, 1000)] == [0, 0, 1, 4, 7]


def test_what_has_hit_many_stands_before_what_has_hit_one() -> None:
    found = score(Stake(reach=5), now=NOW, usual=USUAL)
    assert (points(found)[5], found.parts[5].sentence) == (4, "5 wait for the same.")


def test_lateness_is_said_in_the_unit_that_fits() -> None:
    said = [of(hours=hours).parts[0].sentence for hours in (-0.5, -1.2, -30, -100, 100)]
    assert said == [
        "It is 30 minutes late.", "It is 1 hour late.", "It is 30 hours late.",
        "It is 4 days late.", "There is time for 4 days: too far away to count.",
    ]  # fmt: skip


def test_amounts_are_added_up_by_currency() -> None:
    parts = [Amount(100, "USD"), Amount(900, "EUR"), Amount(250, "USD"), Amount(0, "JPY")]
    assert add_up(parts) == (Amount(900, "EUR"), Amount(350, "USD"))


@given(
    money=st.integers(0, 10**12), hours=st.floats(-(10**5), 10**5) | st.none(),
    harm=st.sampled_from(Harm), more=st.integers(0, 10**9), later=st.floats(0, 10**4),
)  # fmt: skip
def test_more_money_or_less_time_never_scores_less(
    money: int, hours: float | None, harm: Harm, more: int, later: float
) -> None:
    here = of(money, hours, harm)
    assert 0 <= here.total <= 100
    assert all(0 <= part.points <= part.most for part in here.parts)
    assert of(money + more, hours, harm).total >= here.total
    if hours is not None:
        assert of(money, hours + later, harm).total <= here.total


def test_every_kind_of_case_has_its_harm_and_its_words_for_many() -> None:
    assert set(HARM_OF) == set(TOGETHER) == set(CaseKind)
    assert all("{n}" in words for words in TOGETHER.values())
    assert all(sentence.endswith(".") for _harm, sentence in HARM_OF.values())
