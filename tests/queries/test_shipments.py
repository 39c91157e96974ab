"""Is it known of every parcel where it is, and whether its channel was told?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from app.domain.parcels import ParcelState
from app.domain.tracking.carriers import house_of
from app.domain.tracking.timeline import CarrierEvent
from app.errors import NotFoundError
from app.models.orders import orders
from app.queries.shipments import (
    ParcelRow,
    count_parcels,
    matching_parcels,
    parcel_detail,
    parcel_rows,
)
from app.services.desk import Desk
from app.services.tracking.receiving import Report, receive
from app.sync.files.exporter import FileExporter
from tests.queries import brand
from tests.queries.brand import NOW


def scan(desk: Desk, parcel: ParcelRow, status: str, at: datetime, place: str = "") -> None:
    """Let the carrier report a scan."""
    words = status.replace("_", " ").capitalize()
    event = CarrierEvent(house_of(parcel.carrier), status, words, at, at, place, parcel.carrier)
    desk.write(lambda db: receive(db, [Report(parcel.id, (event,))], now=at))


def promise(desk: Desk, number: str, at: datetime) -> None:
    """Promise the customer of an order when it arrives."""
    desk.write(
        lambda db: db.execute(
            orders.update().where(orders.c.number == number).values(deliver_by=at)
        )
    )


def found(desk: Desk, query: str, now: datetime = NOW) -> list[str]:
    rows = desk.read(parcel_rows, query=query, now=now)
    assert desk.read(count_parcels, query=query, now=now) == len(rows), query
    assert desk.read(matching_parcels, query=query, now=now) == [row.id for row in rows], query
    return [row.number for row in rows]


@pytest.fixture
def shipping(busy: Desk) -> Desk:
    """Ship one more parcel, an hour after the one of ``brand.busy_desk``."""
    busy.now = lambda: NOW + timedelta(hours=1)
    brand.ship(busy, "ACCEPTED", "1Z999")
    busy.now = lambda: NOW
    return busy


def one(desk: Desk, number: str) -> ParcelRow:
    (row,) = desk.read(parcel_rows, query=f"order:{number}", now=NOW)
    return row


def test_a_parcel_says_what_is_in_it_and_where_it_left(shipping: Desk) -> None:
    row = one(shipping, "SHIPPED")
    assert (row.items, row.units, row.location) == ("1 × TEA-001", 1, "Garage")
    assert (row.carrier, row.tracking_number) == ("USPS", "9400100000000000000001")
    assert (row.state, row.told, row.shipped_by) == (ParcelState.NOT_SCANNED, "pending", "Owner")


def test_the_newest_parcel_stands_first(shipping: Desk) -> None:
    assert found(shipping, "") == ["ACCEPTED", "SHIPPED"]
    rows = shipping.read(parcel_rows, now=NOW, sort="number", descending=False)
    assert [row.number for row in rows] == ["ACCEPTED", "SHIPPED"]


def test_parcels_are_found_by_what_people_know_of_them(shipping: Desk) -> None:
    both = ["ACCEPTED", "SHIPPED"]
    queries: Sequence[tuple[str, list[str]]] = (
        ("9400100", ["SHIPPED"]), ("accepted", ["ACCEPTED"]), ("jane", both), ("%", []),
        ("tracking:1Z*", ["ACCEPTED"]), ("order:SHIP*", ["SHIPPED"]), ("carrier:usps", both),
        ("location:GARAGE", ["SHIPPED"]), ("-location:GARAGE", ["ACCEPTED"]), ("channel:etsy", ["SHIPPED"]),
        ("sku:MUG-*", ["ACCEPTED"]), ("shipped:today", both), ("shipped:yesterday", []),
        ("is:untold", both), ("is:told", []), ("is:transit", both), ("is:voided", []),
        ("is:late", []), ("is:delivered", []),
    )  # fmt: skip
    for query, numbers in queries:
        assert found(shipping, query) == numbers, query


def test_a_parcel_is_told_once_its_file_is_written(shipping: Desk) -> None:
    exporter, later = FileExporter(shipping), NOW + timedelta(minutes=1)
    (waiting,) = exporter.waiting(now=later)
    file = exporter.export(waiting.account_id, waiting.kind, now=later)
    assert found(shipping, "is:told") == ["SHIPPED"]
    assert found(shipping, "is:untold") == ["ACCEPTED"]
    detail = shipping.read(parcel_detail, one(shipping, "SHIPPED").id)
    assert (detail.row.told, detail.row.told_at, detail.told_in) == ("sent", later, file.name)


def test_the_carriers_last_scan_says_where_a_parcel_is(shipping: Desk) -> None:
    parcel = one(shipping, "SHIPPED")
    scan(shipping, parcel, "in_transit", NOW + timedelta(hours=3), "Kearny, NJ")
    moving = one(shipping, "SHIPPED")
    assert (moving.state, moving.scan) == (ParcelState.MOVING, "In transit, Kearny, NJ")
    scan(shipping, parcel, "delivered", NOW + timedelta(days=2))
    assert found(shipping, "is:delivered") == ["SHIPPED"]
    assert found(shipping, "is:transit") == ["ACCEPTED"]
    detail = shipping.read(parcel_detail, parcel.id)
    assert [each.state for each in detail.scans] == [ParcelState.MOVING, ParcelState.DELIVERED]
    assert detail.scans[0].place == "Kearny, NJ"


def test_late_means_promised_and_not_arrived_as_far_as_the_carrier_reports(
    shipping: Desk,
) -> None:
    for number in ("SHIPPED", "ACCEPTED"):
        promise(shipping, number, NOW + timedelta(days=1))
    later = NOW + timedelta(days=2)
    assert found(shipping, "is:late", later) == []  # nobody reports on them
    for number in ("SHIPPED", "ACCEPTED"):
        scan(shipping, one(shipping, number), "in_transit", NOW + timedelta(hours=2))
    assert found(shipping, "is:late") == []
    assert found(shipping, "is:late", later) == ["ACCEPTED", "SHIPPED"]
    scan(shipping, one(shipping, "SHIPPED"), "delivered", NOW + timedelta(hours=20))
    assert found(shipping, "is:late", later) == ["ACCEPTED"]


def test_a_voided_parcel_keeps_its_reason(shipping: Desk) -> None:
    parcel = one(shipping, "SHIPPED")
    shipping.run(
        "void_shipments", fulfilment_order_ids=[parcel.fulfilment_order_id], reason="Wrong label."
    )
    assert found(shipping, "is:voided") == ["SHIPPED"]
    assert found(shipping, "is:untold") == ["ACCEPTED"]
    detail = shipping.read(parcel_detail, parcel.id)
    assert (detail.row.state, detail.row.told) == (ParcelState.VOIDED, "recalled")
    assert (detail.void_reason, detail.voided_by) == ("Wrong label.", "Owner")


def test_a_parcel_that_is_not_there_is_said(busy: Desk) -> None:
    with pytest.raises(NotFoundError):
        busy.read(parcel_detail, 4711)
