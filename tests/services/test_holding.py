"""Holds that end by themselves, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.errors import RefusedError
from app.queries.cases import case_rows
from app.queries.order_detail import OrderDetail, find_order, order_detail
from app.queries.orders import order_rows
from app.services.desk import Desk
from tests.queries import brand


def order_id(desk: Desk, number: str) -> int:
    found = desk.read(find_order, number)
    assert found is not None
    return found


def detail(desk: Desk, number: str) -> OrderDetail:
    return desk.read(order_detail, order_id(desk, number), now=desk.now())


def later(desk: Desk, hours: int) -> None:
    desk.now = lambda: brand.NOW + timedelta(hours=hours)


def test_a_hold_lifts_itself_when_its_time_has_come(busy: Desk) -> None:
    until = brand.NOW + timedelta(hours=2)
    busy.run("hold", order_ids=[order_id(busy, "READY")], reason="Customer writes", until=until)
    row = next(r for r in busy.read(order_rows, query="order:READY", now=brand.NOW))
    assert (row.held_for, row.held_until) == ("Customer writes", until)
    later(busy, 1)
    busy.catch_up()
    assert detail(busy, "READY").is_held
    later(busy, 3)
    busy.catch_up()
    shown = detail(busy, "READY")
    assert not shown.is_held
    assert (shown.holds[0].released_by, shown.holds[0].until) == ("Orderdeck", until)
    assert "The hold was until now." in {each.detail for each in shown.timeline}


def test_a_hold_without_an_end_stays_and_so_does_another_reason(busy: Desk) -> None:
    ready, held = order_id(busy, "READY"), order_id(busy, "HELD")
    busy.run("hold", order_ids=[ready], reason="For good")
    busy.run("hold", order_ids=[held], reason="A while", until=brand.NOW + timedelta(hours=1))
    row = next(r for r in busy.read(order_rows, query="order:HELD", now=brand.NOW))
    assert row.held_until is None  # the address still has to be cleared up
    later(busy, 48)
    assert busy.lift_ended_holds().done == (held,)
    assert detail(busy, "READY").is_held
    assert detail(busy, "HELD").is_held


def test_a_hold_until_yesterday_is_refused(busy: Desk) -> None:
    with pytest.raises(RefusedError, match="nothing was held"):
        busy.run("hold", order_ids=[order_id(busy, "READY")], reason="Late",
                 until=brand.NOW - timedelta(minutes=1))  # fmt: skip


def test_nothing_is_written_when_no_hold_has_ended(busy: Desk) -> None:
    assert busy.lift_ended_holds().done == ()


def test_a_release_that_is_taken_back_puts_the_same_hold_there_again(busy: Desk) -> None:
    held, ready = order_id(busy, "HELD"), order_id(busy, "READY")
    until = brand.NOW + timedelta(days=2)
    busy.run("hold", order_ids=[ready], reason="Customer writes", until=until)
    before = {each.code: each.reason for each in detail(busy, "HELD").holds}
    cases = busy.read(case_rows, now=brand.NOW)
    done = busy.run("release", order_ids=[held, ready], reason="Looked at")
    assert not detail(busy, "HELD").is_held
    assert done.undo is not None
    busy.undo(done.undo)
    again = [each for each in detail(busy, "HELD").holds if each.released_at is None]
    assert {each.code: each.reason for each in again} == before
    one = next(each for each in detail(busy, "READY").holds if each.released_at is None)
    assert (one.reason, one.until) == ("Customer writes", until)
    titles = {case.title for case in busy.read(case_rows, now=brand.NOW)}
    assert titles == {case.title for case in cases}


def test_who_holds_an_order_is_not_let_go_by_a_second_hold_and_its_undo(busy: Desk) -> None:
    ready, other = order_id(busy, "READY"), order_id(busy, "SHORT")
    busy.run("hold", order_ids=[ready], reason="She writes tomorrow")
    both = busy.run("hold", order_ids=[ready, other], reason="Bulk")
    assert both.done == (other,)
    assert [(each.subject, each.reason) for each in both.skipped] == [
        ("READY", "it is held by hand already")
    ]
    assert both.undo is not None
    busy.run(both.undo.operation, **both.undo.arguments)
    assert [h.reason for h in detail(busy, "READY").holds if h.is_open] == ["She writes tomorrow"]
