"""Orders to the same door, and orders that look the same twice, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.orders import Address, IncomingOrder
from app.queries.order_detail import find_order, order_detail
from app.queries.order_siblings import SiblingRow
from app.queries.orders import order_rows
from app.services.desk import Desk
from tests.queries import brand

HOME = Address("Mara Lind", "", "14 Alder Ct", "", "", "Portland", "OR", "97205", "US")


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    opened = brand.stocked_desk(database_url)
    yield opened
    opened.store.close()


def to_mara(number: str, *items: tuple[str, int], **changes: Any) -> IncomingOrder:
    made = brand.order(number, *(items or (("TEA-001", 1),)), buyer_name="Mara Lind",
                       buyer_email="mara@example.com")  # fmt: skip
    return replace(made, **{"ship_to": HOME, **changes})


def found(desk: Desk, query: str) -> set[str]:
    return {row.number for row in desk.read(order_rows, query=query, now=brand.NOW)}


def beside(desk: Desk, number: str) -> dict[str, SiblingRow]:
    order_id = desk.read(find_order, number)
    assert order_id is not None
    detail = desk.read(order_detail, order_id, now=brand.NOW)
    return {each.number: each for each in detail.siblings}


def test_two_orders_to_one_door_could_go_in_one_parcel(desk: Desk) -> None:
    door = replace(HOME, name=" MARA LIND", line1="14 alder ct ")
    brand.take_in(desk, to_mara("A"), to_mara("B", ("MUG-BLUE", 1), ship_to=door),
                  brand.order("ELSEWHERE", ("TEA-001", 1)))  # fmt: skip
    assert found(desk, "is:mergeable") == {"A", "B"}
    assert beside(desk, "A")["B"].why_not == ""
    assert beside(desk, "ELSEWHERE") == {}


@pytest.mark.parametrize(
    ("changes", "why_not"),
    [
        ({"service": "Express"}, "it asks for another shipping service"),
        ({"channel": "etsy"}, "it was placed with another account"),
        ({"lines": brand.order("B", ("MUG-RED", 50)).lines}, "one of them waits for stock"),
        ({"ship_to": replace(HOME, line1="16 Alder Ct")}, ""),
    ],
)
def test_what_keeps_two_orders_apart_is_said(
    desk: Desk, changes: dict[str, Any], why_not: str
) -> None:
    brand.take_in(desk, to_mara("A"), to_mara("B", ("MUG-BLUE", 1), **changes))
    assert found(desk, "is:mergeable") == set()
    said = {number: row.why_not for number, row in beside(desk, "A").items()}
    assert said == ({"B": why_not} if why_not else {})


def test_an_order_on_hold_waits_alone(desk: Desk) -> None:
    ids = brand.take_in(desk, to_mara("A"), to_mara("B", ("MUG-BLUE", 1)))
    desk.run("hold", order_ids=ids[1:], reason="Wait")
    assert found(desk, "is:mergeable") == set()
    assert beside(desk, "A")["B"].why_not == "one of them is on hold"


def test_the_same_goods_for_the_same_buyer_look_like_one_order_twice_across_channels(
    desk: Desk,
) -> None:
    brand.take_in(
        desk, to_mara("A", ("TEA-001", 1), ("MUG-BLUE", 2)),
        to_mara("B", ("MUG-BLUE", 2), ("TEA-001", 1), channel="etsy"),
        to_mara("MORE", ("TEA-001", 1), ("MUG-BLUE", 1)),
        to_mara("LATER", ("TEA-001", 1), ("MUG-BLUE", 2),
                placed_at=brand.NOW - timedelta(days=4)),
    )  # fmt: skip
    assert found(desk, "is:duplicate") == {"A", "B"}
    assert [n for n, row in beside(desk, "A").items() if row.is_duplicate] == ["B"]


def test_what_has_left_is_no_duplicate_any_more(desk: Desk) -> None:
    ids = brand.take_in(desk, to_mara("A"), to_mara("B"))
    assert found(desk, "is:duplicate") == {"A", "B"}
    desk.run("accept", order_ids=ids[:1])
    brand.ship(desk, "A", "9400100000000000000009")
    assert found(desk, "is:duplicate") == set()
    assert beside(desk, "B") == {}
