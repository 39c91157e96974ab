"""Until when somebody must have decided follows from the order's own promise."""

from __future__ import annotations

from datetime import timedelta

from app.domain.casework.deadlines import decide_by
from tests.builders import MONDAY


def test_a_decision_is_due_some_hours_before_the_order_has_to_leave() -> None:
    ship_by = MONDAY + timedelta(hours=30)
    due = decide_by(ship_by, opened_at=MONDAY, before=8, within=24)
    assert due == MONDAY + timedelta(hours=22)


def test_what_is_noticed_late_still_gives_a_person_an_hour() -> None:
    ship_by = MONDAY + timedelta(hours=3)
    due = decide_by(ship_by, opened_at=MONDAY, before=8, within=24)
    assert due == MONDAY + timedelta(hours=1)


def test_nobody_has_longer_than_the_promise_itself() -> None:
    soon = MONDAY + timedelta(minutes=20)
    assert decide_by(soon, opened_at=MONDAY, before=8, within=24) == soon
    over = MONDAY - timedelta(hours=5)
    assert decide_by(over, opened_at=MONDAY, before=8, within=24) == over


def test_without_a_promise_the_hours_count_from_the_opening() -> None:
    due = decide_by(None, opened_at=MONDAY, before=8, within=24)
    assert due == MONDAY + timedelta(hours=24)
