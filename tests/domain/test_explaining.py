"""Does a suggestion explain itself in sentences and money?"""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.explaining import Names, difference, explain

NAMES = Names({1: "Garage", 2: "Shop", 3: "Reno"}, {7: "TEA-001", 8: "MUG-BLUE"})


def judged(location: int, postage: int, **changes: Any) -> dict[str, Any]:
    found = {
        "location": location, "zone": 4, "postage": postage, "handling": 120, "missing": None,
        "ships_on": "2026-10-12", "arrives_on": "2026-10-14", "late": False, "safety_used": 0,
    }  # fmt: skip
    return {**found, **changes}


def parcel(location: int, postage: int, *units: tuple[int, int], **changes: Any) -> dict[str, Any]:
    each = [[line, sku, count] for line, (sku, count) in enumerate(units, 1)]
    return {**judged(location, postage, **changes), "units": each}


def told(parcels: list[Any], candidates: list[Any], *, complete: bool = True) -> Any:
    stored = {
        "service": "Ground", "complete": complete, "parcels": parcels, "candidates": candidates
    }  # fmt: skip
    return explain(stored, "USD", NAMES)


def test_the_chosen_location_says_cost_dates_and_promise() -> None:
    words = told([parcel(1, 490, (7, 2), (8, 1))], [judged(1, 490)])
    assert words.headline == "Ship from Garage for 6.10 USD."
    assert words.parcels[0].sentence == (
        "Garage ships 2 × TEA-001, 1 × MUG-BLUE by Ground for 6.10 USD (postage 4.90 USD and "
        "handling 1.20 USD): leaves Mon 12 Oct, arrives Wed 14 Oct, in time."
    )
    assert words.cost == 610
    assert words.is_kept


def test_the_only_able_location_is_called_that() -> None:
    words = told([parcel(1, 490, (7, 2))], [judged(1, 490), judged(2, 300, missing=[7, 2, 1])])
    assert words.reason == "It is the only location that has everything."
    assert [each.sentence for each in words.refusals] == ["Shop: TEA-001 has 1 free, 2 needed."]
    assert words.alternatives == ()


def test_an_alternative_says_what_it_costs_more() -> None:
    words = told([parcel(1, 490, (7, 2))], [judged(1, 490), judged(3, 700)])
    assert words.reason == "It is the cheapest by 2.10 USD, and in time."
    assert [each.sentence for each in words.alternatives] == [
        "Reno: 8.20 USD (postage 7.00 USD and handling 1.20 USD), 2.10 USD more, arrives Wed 14 Oct, in time."
    ]
    assert words.alternatives[0].extra == 210


def test_a_cheaper_location_that_is_too_late_says_so() -> None:
    for late, said in (
        ("arrives", "arrives"),
        ("both", "arrives"),
        ("leaves", "leaves"),
        (True, "arrives"),
    ):
        words = told([parcel(1, 490, (7, 2))], [judged(1, 490), judged(3, 300, late=late)])
        assert words.reason == f"Reno would be 1.90 USD cheaper, but {said} later than promised."


def test_a_cheaper_location_that_needs_its_safety_stock_says_so() -> None:
    words = told([parcel(1, 490, (7, 2))], [judged(1, 490), judged(3, 300, safety_used=2)])
    assert words.reason == "Reno would be 1.90 USD cheaper, but would take safety stock."
    assert words.alternatives[0].sentence.endswith("and takes 2 units of the safety stock.")


def test_a_late_suggestion_does_not_keep_the_promise() -> None:
    for late, said in (
        ("leaves", "leaves Mon 12 Oct, later than promised, and arrives Wed 14 Oct."),
        ("arrives", "leaves Mon 12 Oct and arrives Wed 14 Oct, which is later than promised."),
        ("both", "leaves Mon 12 Oct and arrives Wed 14 Oct, both later than promised."),
    ):
        words = told([parcel(1, 490, (7, 2), late=late)], [judged(1, 490, late=late)])
        assert not words.is_kept
        assert words.parcels[0].sentence.endswith(said)


def test_a_split_says_how_many_parcels_and_why() -> None:
    short = [judged(1, 490, missing=[7, 9, 3]), judged(2, 300, missing=[8, 1, 0])]
    words = told([parcel(1, 490, (8, 1)), parcel(2, 300, (7, 9))], short)
    assert words.headline == "Ship 2 parcels from Garage and Shop for 10.30 USD."
    assert words.reason.startswith("No single location has everything")
    assert len(words.refusals) == 2


def test_a_part_says_that_the_rest_waits() -> None:
    words = told([parcel(1, 490, (8, 1))], [judged(1, 490, missing=[7, 9, 3])], complete=False)
    assert words.headline == "Ship a part of it from Garage for 6.10 USD; the rest waits."


def test_no_location_at_all_is_said_plainly() -> None:
    words = told([], [judged(1, 490, missing=[7, 9, 3])], complete=False)
    assert words.headline == "No location can ship this order."
    assert not words.is_kept


@pytest.mark.parametrize(
    ("cost", "sentence"),
    [
        (500, "It costs the same as the suggestion."),
        (620, "It costs 1.20 USD more than the suggestion."),
        (450, "It costs 0.50 USD less than the suggestion."),
    ],
)
def test_a_decision_is_compared_with_the_suggestion_in_money(cost: int, sentence: str) -> None:
    assert difference(cost, 500, "USD") == sentence
