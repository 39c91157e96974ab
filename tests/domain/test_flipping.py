"""What would have made another location the choice: said, and true when it is tried."""

from __future__ import annotations

from typing import Any

from app.domain.explaining import Names, explain

NAMES = Names({1: "East", 2: "West"}, {7: "MUG-BLUE"})


def judged(location: int, postage: int, **more: Any) -> dict[str, Any]:
    return {
        "location": location, "missing": None, "zone": 1, "postage": postage, "handling": 0,
        "ships_on": "2026-11-23", "arrives_on": "2026-11-25", "late": False, "safety_used": 0, **more,
    }  # fmt: skip


def flips(*others: dict[str, Any]) -> tuple[str, ...]:
    chosen = judged(1, 800)
    stored = {
        "service": "Ground", "complete": True, "parcels": [{**chosen, "units": [[1, 7, 1]]}],
        "candidates": [chosen, *others],
    }  # fmt: skip
    return explain(stored, "USD", NAMES).flips


def test_a_dearer_location_wins_if_it_costs_less() -> None:
    assert flips(judged(2, 860)) == ("West would be chosen if it were more than 0.60 USD cheaper.",)


def test_a_cheaper_one_wins_with_the_units_that_it_lacks() -> None:
    lacking = judged(2, 700, missing=[7, 3, 2], lacking=1, short_by=1)
    assert flips(lacking) == ("West would be chosen if it had 1 more MUG-BLUE.",)
    assert flips(judged(2, 700, missing=[7, 3, 2], lacking=2, short_by=1)) == ()


def test_a_cheaper_one_wins_with_a_later_cut_off_or_without_a_rule() -> None:
    late = judged(2, 700, late=True, missed=20)
    assert flips(late) == ("West would be chosen if its cut-off were 20 min later.",)
    assert flips(judged(2, 700, late=True)) == ()
    barred = judged(2, 700, rule="Never west")
    assert flips(barred) == ("West would be chosen if the rule “Never west” let it ship.",)
    assert flips({**barred, "late": True}) == ()  # one change would not be enough


def test_safety_stock_that_is_lower_lets_the_cheaper_one_win() -> None:
    assert flips(judged(2, 700, safety_used=2)) == (
        "West would be chosen if its safety stock were 2 lower.",
    )
