"""Words on orders: put on, taken off, taken back, on both engines."""

from __future__ import annotations

import pytest

from app.domain.changes import Changes
from app.errors import RefusedError
from app.queries.order_detail import find_order, order_detail
from app.queries.team import known_tags
from app.services.desk import Desk
from app.services.undoing import take_back
from tests.queries import brand


def ids(desk: Desk, *numbers: str) -> list[int]:
    found = [desk.read(find_order, number) for number in numbers]
    return [each for each in found if each is not None]


def tags(desk: Desk, number: str) -> tuple[str, ...]:
    return desk.read(order_detail, ids(desk, number)[0], now=brand.NOW).tags


def undo(desk: Desk, changes: Changes) -> None:
    assert changes.undo is not None
    list(take_back(desk, changes.undo))


def test_a_tag_is_put_on_many_orders_and_taken_back_in_one_step(busy: Desk) -> None:
    done = busy.run("tag_orders", order_ids=ids(busy, "READY", "LATE"), tag="VIP")
    assert done.label == "Tag 2 orders"
    assert (tags(busy, "READY"), tags(busy, "LATE")) == (("VIP",), ("VIP",))
    undo(busy, done)
    assert (tags(busy, "READY"), tags(busy, "LATE")) == ((), ())


def test_taking_back_leaves_the_order_tagged_that_had_the_tag_before(busy: Desk) -> None:
    busy.run("tag_orders", order_ids=ids(busy, "READY"), tag="VIP")
    done = busy.run("tag_orders", order_ids=ids(busy, "READY", "LATE"), tag="VIP")
    assert [(each.subject, each.reason) for each in done.skipped] == [
        ("READY", "it is tagged VIP already")
    ]
    undo(busy, done)
    assert (tags(busy, "READY"), tags(busy, "LATE")) == (("VIP",), ())


def test_a_tag_has_one_spelling(busy: Desk) -> None:
    busy.run("tag_orders", order_ids=ids(busy, "READY"), tag="Gift wrap")
    busy.run("tag_orders", order_ids=ids(busy, "LATE"), tag="  gift   WRAP ")
    assert tags(busy, "LATE") == ("Gift wrap",)
    assert [(row.tag, row.orders) for row in busy.read(known_tags)] == [("Gift wrap", 2)]


def test_a_tag_is_taken_off_and_put_back(busy: Desk) -> None:
    busy.run("tag_orders", order_ids=ids(busy, "READY"), tag="VIP")
    done = busy.run("untag_orders", order_ids=ids(busy, "READY", "LATE"), tag="vip")
    assert tags(busy, "READY") == ()
    assert [each.reason for each in done.skipped] == ["it is not tagged VIP"]
    undo(busy, done)
    assert (tags(busy, "READY"), tags(busy, "LATE")) == (("VIP",), ())


@pytest.mark.parametrize("tag", ["", "   ", "a,b", "x" * 41])
def test_what_is_no_tag_is_refused(busy: Desk, tag: str) -> None:
    with pytest.raises(RefusedError, match="nothing was tagged"):
        busy.run("tag_orders", order_ids=ids(busy, "READY"), tag=tag)


def test_the_timeline_tells_who_tagged(busy: Desk) -> None:
    busy.run("tag_orders", order_ids=ids(busy, "READY"), tag="VIP")
    entries = busy.read(order_detail, ids(busy, "READY")[0], now=brand.NOW).timeline
    assert ("Owner", "Tagged", "VIP") in {(each.who, each.title, each.detail) for each in entries}
