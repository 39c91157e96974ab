"""Planning the queue in the window: looked at, taken over in part, accepted as a whole."""

from __future__ import annotations

import pytest

from app.queries.orders import matching_ids
from app.services.planning.plans import propose
from app.services.planning.problem import open_queue
from app.ui.planning.view import PlanView
from tests.ui.conftest import DeskWindow


@pytest.fixture
def view(shown: DeskWindow) -> PlanView:
    """Open the plan as its command does."""
    shown.go("orders")
    assert shown.window.register.run("orders.plan_queue")
    shown.settle()
    return shown.window.plan_view


def test_the_plan_stands_beside_what_is_suggested_and_changes_nothing_when_it_is_closed(
    shown: DeskWindow, view: PlanView
) -> None:
    plan = view.plan
    assert plan is not None
    assert plan.planned.orders >= plan.now.orders > 0
    assert [row.planned.number for row in view.rows] == [each.number for each in plan.changes]
    desk = shown.desk
    before = desk.read(matching_ids, query="status:open", now=desk.now())
    view.leave()
    shown.settle()
    again = propose(desk.read(open_queue, now=desk.now()), seconds=20)
    assert again.now == plan.now
    assert desk.read(matching_ids, query="status:open", now=desk.now()) == before


def test_accepting_all_decides_every_order_that_is_ready(shown: DeskWindow, view: PlanView) -> None:
    desk = shown.desk
    plan = view.plan
    assert plan is not None
    ready = [each.order_id for each in plan.orders if each.at and not each.is_held]
    assert ready
    view.accept_all.click()
    shown.settle()
    undecided = set(desk.read(matching_ids, query="status:open", now=desk.now()))
    assert not undecided & set(ready)
    assert not view.isVisible()


def test_the_plan_is_made_anew_when_something_changes_beside_it(
    shown: DeskWindow, view: PlanView
) -> None:
    plan = view.plan
    assert plan is not None
    gone = next(each.order_id for each in plan.orders if each.at and not each.is_held)
    shown.operations.run("accept", order_ids=[gone])
    shown.settle()
    assert view.plan is not None
    assert gone not in [each.order_id for each in view.plan.orders]
