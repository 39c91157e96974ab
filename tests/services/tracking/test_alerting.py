"""Parcels in trouble become cases, and cases that are over close themselves, whichever door ended them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.models.cases import exception_cases
from app.models.fulfilment import shipments
from app.models.orders import orders
from app.services.desk import Desk
from app.services.tracking.alerting import KINDS
from app.services.tracking.receiving import Report, heard_of, receive
from tests.queries.brand import NOW
from tests.services.tracking.test_receiving import HOUR, said

DAY = timedelta(days=1)


def cases(desk: Desk, *states: str) -> list[Any]:
    table = exception_cases.c
    query = select(exception_cases).where(
        table.kind.in_([each.value for each in KINDS]), table.state.in_(states or ("open",))
    )
    return desk.read(lambda db: list(db.execute(query)))


def parcel(desk: Desk) -> int:
    return desk.read(lambda db: int(db.execute(select(shipments.c.id)).scalar_one()))


def later(desk: Desk, hours: float) -> None:
    """Let time pass, with carriers that are heard of, and look for trouble."""
    at = NOW + hours * HOUR
    desk.now = lambda: at
    desk.write(lambda db: heard_of(db, {"usps"}, at=at))
    desk.watch_cases()


def test_without_any_word_of_a_carrier_nothing_is_said_of_its_parcels(busy: Desk) -> None:
    busy.now = lambda: NOW + 20 * DAY
    busy.watch_cases()
    assert cases(busy) == []


def test_a_label_that_is_not_scanned_is_a_case_until_it_is(busy: Desk) -> None:
    busy.write(lambda db: db.execute(orders.update().values(deliver_by=NOW + 12 * DAY)))
    later(busy, 20)
    assert cases(busy) == []
    later(busy, 60)
    (case,) = cases(busy)
    assert case.title == "Order SHIPPED: 60 h unscanned; the usual 95th percentile is 24 h"
    assert (case.kind, case.owner, case.severity) == ("unscanned", "Operations", "high")
    assert case.promised_at == NOW + 12 * DAY
    assert case.due_at == NOW + 11 * DAY
    assert case.cause.startswith("unscanned/manifest:usps:")
    assert (case.link, case.subject_id) == (f"order:{case.order_id}", parcel(busy))
    report = Report(parcel(busy), (said("03", 61),))
    busy.write(lambda db: receive(db, [report], now=NOW + 62 * HOUR))
    later(busy, 63)
    assert cases(busy) == []
    (over,) = cases(busy, "resolved")
    assert over.resolution == "The parcel has moved on."


def test_a_failed_delivery_is_closed_by_hand_as_by_the_carrier(busy: Desk) -> None:
    report = Report(parcel(busy), (said("03", 2), said("02", 26, "No one home")))
    busy.write(lambda db: receive(db, [report], now=NOW + 27 * HOUR))
    later(busy, 28)
    (case,) = cases(busy)
    assert case.title == "Order SHIPPED: USPS could not deliver it: nobody home"
    busy.run("record_scan", shipment_ids=[parcel(busy)], status="delivered")
    later(busy, 29)
    assert cases(busy) == []


def test_a_meaning_that_is_given_later_opens_the_case_of_the_past(busy: Desk) -> None:
    report = Report(parcel(busy), (said("03", 2), said("Q5", 26, "Box torn open")))
    busy.write(lambda db: receive(db, [report], now=NOW + 27 * HOUR))
    later(busy, 28)
    assert cases(busy) == []
    busy.run("say_meaning", carrier="usps", code="Q5", status="delayed", incident="damaged")
    later(busy, 29)
    assert [case.kind for case in cases(busy)] == ["parcel_damaged"]
