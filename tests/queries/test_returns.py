"""Is it known of every return where it is, what is next, what is owed, and whose it may be?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.domain.explaining import Wording
from app.errors import NotFoundError
from app.queries.order_timeline import timeline
from app.queries.recoveries import claim_rows, made_good
from app.queries.return_matches import suggested_orders
from app.queries.returns import (
    count_returns,
    find_return,
    matching_returns,
    return_detail,
    return_rows,
)
from app.queries.shipments import parcel_rows
from app.services.desk import Desk
from tests.queries import brand
from tests.queries.brand import NOW

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def shipping(busy: Desk) -> Desk:
    """Ship one more parcel, so that two orders have left."""
    brand.ship(busy, "ACCEPTED", "1Z999")
    busy.now = lambda: LATER
    return busy


def left(desk: Desk) -> Any:
    """Return the parcel of the order called ACCEPTED."""
    return next(row for row in desk.read(parcel_rows, now=LATER) if row.number == "ACCEPTED")


def found(desk: Desk, query: str) -> list[str]:
    rows = desk.read(return_rows, query=query, now=LATER)
    assert desk.read(count_returns, query=query, now=LATER) == len(rows), query
    assert desk.read(matching_returns, query=query, now=LATER) == [row.id for row in rows], query
    return [row.number for row in rows]


def test_a_return_says_what_is_next_until_nothing_is(shipping: Desk) -> None:
    (back,) = shipping.run(
        "open_return", order_id=left(shipping).order_id, reason_code="damaged"
    ).done
    steps: list[str] = []
    row: Any = None
    for operation, arguments in (
        ("", {}), ("receive_return", {"return_id": back, "location": "GARAGE"}),
        ("grade_return", {"grade": "B"}), ("put_away", {"disposition": "quarantine"}),
        ("promise_refund", {}), ("pay_refund", {"refund_id": 1}),
    ):  # fmt: skip
        units = [each.id for each in shipping.read(return_detail, back).units]
        if operation:
            named = {} if {"return_id", "refund_id"} & set(arguments) else {"unit_ids": units}
            shipping.run(operation, **arguments, **named)
        (row,) = shipping.read(return_rows, now=LATER)
        steps.append(row.step)
    assert steps == ["expected", "inspect", "put away", "decide", "refund", "done"]
    assert (row.refunded, row.grades) == (row.worth, "B")
    assert found(shipping, "is:done") == ["RET-1"]
    assert found(shipping, "is:open") == []


def test_returns_are_found_by_what_is_known_of_them(shipping: Desk) -> None:
    parcel = left(shipping)
    shipping.run(
        "open_return", order_id=parcel.order_id, reason_code="damaged", tracking_number="BACK-7"
    )
    shipping.run("take_parcel", location="GARAGE", lines=[("MUG-BLUE", 1)], sender="Grace Hopper")
    assert found(shipping, "") == ["RET-2", "RET-1"]
    assert found(shipping, "tracking:BACK-7") == ["RET-1"]
    assert found(shipping, "is:orphan buyer:hopper sku:MUG-*") == ["RET-2"]
    assert found(shipping, "is:expected why:damaged order:ACCEPTED") == ["RET-1"]
    assert found(shipping, "grace") == ["RET-2"]
    assert shipping.read(find_return, "ret-1") == 1
    assert shipping.read(find_return, "BACK-7") == 1
    with pytest.raises(NotFoundError):
        shipping.read(return_detail, 99)


def test_a_parcel_of_nobody_known_is_held_against_the_orders_that_left(shipping: Desk) -> None:
    parcel = left(shipping)
    sku = parcel.items.split(" × ")[1].split(",")[0]
    (orphan,) = shipping.run(
        "take_parcel", location="GARAGE", lines=[(sku, 1)], tracking_number="1Z999",
        sender=parcel.buyer_name.upper(),
    ).done  # fmt: skip
    best = shipping.read(suggested_orders, orphan)[0]
    assert (best.number, best.score) == ("ACCEPTED", 100)
    assert "It carries the tracking number of the parcel that left." in best.reasons
    assert shipping.read(return_detail, orphan).row.step == "inspect"
    (stranger,) = shipping.run("take_parcel", location="GARAGE", lines=[("MUG-RED", 1)]).done
    assert all(each.score < 50 for each in shipping.read(suggested_orders, stranger))


def test_how_a_parcel_was_made_good_stands_with_it_and_in_the_order_s_timeline(
    shipping: Desk,
) -> None:
    parcel = left(shipping)
    shipping.run("recover", shipment_id=parcel.id, situation="lost", kind="refund")
    found_ = shipping.read(made_good, parcel.id)
    assert found_.live is not None
    assert (found_.live.kind, found_.live.refund_state) == ("refund", "due")
    assert found_.claim is not None
    shipping.run("file_claim", claim_id=found_.claim.id, reference="C-7")
    (claim,) = shipping.read(claim_rows)
    assert (claim.state, claim.reference) == ("filed", "C-7")
    told = shipping.read(timeline, parcel.order_id, Wording(lambda m, c: f"{m} {c}", str))
    titles = [each.title for each in told]
    assert "The parcel is lost: money back" in titles
    assert any(title.startswith("Claimed ") for title in titles)
