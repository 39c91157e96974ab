"""Who takes care of an order: asked, let go, taken back, on both engines."""

from __future__ import annotations

import pytest

from app.errors import RefusedError
from app.queries.order_detail import find_order, order_detail
from app.queries.team import people
from app.services.desk import Desk
from app.services.undoing import take_back
from tests.queries import brand


@pytest.fixture(autouse=True)
def team(busy: Desk) -> None:
    for name in ("Ann", "Bob"):
        busy.run("add_operator", name=name, role="operator")


def ids(desk: Desk, *numbers: str) -> list[int]:
    found = [desk.read(find_order, number) for number in numbers]
    return [each for each in found if each is not None]


def whose(desk: Desk, number: str) -> str:
    return desk.read(order_detail, ids(desk, number)[0], now=brand.NOW).assigned_to


def test_orders_are_assigned_and_each_goes_back_to_whom_it_was(busy: Desk) -> None:
    busy.run("assign_orders", order_ids=ids(busy, "READY"), to="Ann")
    done = busy.run("assign_orders", order_ids=ids(busy, "READY", "LATE"), to="bob")
    assert (whose(busy, "READY"), whose(busy, "LATE")) == ("Bob", "Bob")
    assert done.undo is not None
    back = list(take_back(busy, done.undo))
    assert (whose(busy, "READY"), whose(busy, "LATE")) == ("Ann", "")
    assert back[0].undo is not None
    list(take_back(busy, back[0].undo))
    assert (whose(busy, "READY"), whose(busy, "LATE")) == ("Bob", "Bob")


def test_an_order_can_be_everybodys_again(busy: Desk) -> None:
    busy.run("assign_orders", order_ids=ids(busy, "READY"), to="Ann")
    done = busy.run("assign_orders", order_ids=ids(busy, "READY", "LATE"), to="")
    assert whose(busy, "READY") == ""
    assert [(each.subject, each.reason) for each in done.skipped] == [
        ("LATE", "it is assigned to nobody")
    ]


def test_only_who_works_here_can_be_asked(busy: Desk) -> None:
    busy.run("change_operator", name="Bob", role="operator", is_active=False)
    assert "Bob" not in busy.read(people)
    for name in ("Bob", "Zoe"):
        with pytest.raises(RefusedError, match="nothing was assigned"):
            busy.run("assign_orders", order_ids=ids(busy, "READY"), to=name)


def test_the_timeline_tells_from_whom_to_whom(busy: Desk) -> None:
    busy.run("assign_orders", order_ids=ids(busy, "READY"), to="Ann")
    entries = busy.read(order_detail, ids(busy, "READY")[0], now=brand.NOW).timeline
    assert ("Assigned", "Nobody → Ann.") in {(each.title, each.detail) for each in entries}
