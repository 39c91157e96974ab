"""What waits among returns, refunds and claims finds the owner, and is over by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.roles import SYSTEM
from app.models.cases import exception_cases
from app.models.fulfilment import shipments
from app.services.casework import watching
from tests.builders import Shop, an_order
from tests.services.returning.test_returns import ids, order_id, run, shipped


def look(shop: Shop, after: timedelta = timedelta()) -> list[str]:
    """Let time go by, look, and return the kinds of case that are open."""
    shop.now += after
    found = watching.look(shop.db, now=shop.now)
    watching.keep(shop.db, SYSTEM, found, now=shop.now)
    query = select(exception_cases.c.kind).where(exception_cases.c.state == "open")
    return sorted(shop.db.execute(query).scalars())


def ended(shop: Shop, kind: str) -> str:
    query = select(exception_cases.c.resolution).where(exception_cases.c.kind == kind)
    return str(shop.db.execute(query).scalar_one())


@pytest.fixture
def sold(shop: Shop) -> Shop:
    return shipped(shop.stocked(TEA=(5, 0), MUG=(5, 0)), an_order("1001", ("TEA", 2), total=2000))


def test_a_parcel_of_nobody_known_is_a_case_until_somebody_says_whose_it_is(sold: Shop) -> None:
    (parcel,) = run(sold, "take_parcel", location="EAST", lines=[("TEA", 1)]).done
    assert look(sold) == ["parcel_unknown"]
    run(sold, "match_return", return_id=parcel, order_id=order_id(sold))
    assert look(sold) == []
    assert ended(sold, "parcel_unknown") == "It is known whose it is."


def test_returned_goods_that_nobody_looks_at_become_a_case_after_a_day(sold: Shop) -> None:
    (back,) = run(sold, "open_return", order_id=order_id(sold)).done
    run(sold, "receive_return", return_id=back, location="EAST")
    assert look(sold) == []
    assert look(sold, timedelta(hours=25)) == ["return_waits"]
    run(sold, "inspect_return", unit_ids=ids(sold, back), grade="A")
    assert look(sold) == []


def test_promised_money_is_a_case_until_it_was_given_with_two_days_time(sold: Shop) -> None:
    (back,) = run(sold, "open_return", order_id=order_id(sold)).done
    run(sold, "receive_return", return_id=back, location="EAST")
    run(sold, "inspect_return", unit_ids=ids(sold, back), grade="A")
    (refund,) = run(sold, "promise_refund", unit_ids=ids(sold, back)).done
    assert look(sold) == ["refund_due"]
    case: Any = sold.db.execute(select(exception_cases)).one()
    assert (case.money_at_risk, case.promised_at) == (2000, sold.now + timedelta(days=2))
    run(sold, "pay_refund", refund_id=refund)
    assert look(sold) == []


def test_a_claim_that_nobody_hands_in_is_a_case_three_weeks_before_it_is_too_late(
    sold: Shop,
) -> None:
    parcel = sold.db.execute(select(shipments.c.id)).scalar_one()
    run(sold, "open_claim", shipment_id=parcel, situation="lost")
    assert look(sold) == []
    assert look(sold, timedelta(days=40)) == ["claim_due"]
    run(sold, "file_claim", claim_id=1)
    assert look(sold) == []
