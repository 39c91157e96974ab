"""What becomes of a carrier's report: kept as it came, read by the codebook, told once."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from app.domain.tracking.timeline import CarrierEvent
from app.errors import NotFoundError, RefusedError
from app.models.fulfilment import shipments, tracking_events
from app.models.tracking import parcel_states
from app.services.checks import tracking as checks
from app.services.desk import Desk
from app.services.tracking.receiving import Report, parcels_of, receive
from tests.queries.brand import NOW

HOUR = timedelta(hours=1)


def said(code: str, hours: float, words: str = "", **other: object) -> CarrierEvent:
    at = NOW + hours * HOUR
    made = {"place": "Kearny, NJ", "source": "usps", "stated": at.isoformat(), **other}
    return CarrierEvent("usps", code, words, at, at + HOUR / 2, **made)  # type: ignore[arg-type]


def parcel(desk: Desk) -> int:
    return desk.read(lambda db: int(db.execute(select(shipments.c.id)).scalar_one()))


def reported(desk: Desk, *events: CarrierEvent, **other: object) -> tuple[int, int]:
    """Let reports come in; return how many are new and how many were known."""
    report = Report(parcel(desk), events, **other)  # type: ignore[arg-type]
    got = desk.write(lambda db: receive(db, [report], now=NOW + 100 * HOUR))
    return len(got.new), got.known


def state(desk: Desk) -> dict[str, object]:
    return dict(desk.read(lambda db: db.execute(select(parcel_states)).mappings().one()))


def proven(desk: Desk) -> bool:
    return all(desk.read(check).ok for check in (checks.states, checks.meanings))


def test_a_report_is_kept_as_it_came_and_moves_the_parcel(busy: Desk) -> None:
    assert reported(busy, said("GX", 1, "SHIPPING LABEL CREATED"), said("03", 6, "Accepted")) == (
        2, 0,
    )  # fmt: skip
    row = busy.read(lambda db: db.execute(select(tracking_events)).all()[1])
    assert (row.carrier, row.code, row.description, row.source) == (
        "usps", "03", "Accepted", "usps",
    )  # fmt: skip
    assert row.stated == (NOW + 6 * HOUR).isoformat()
    assert row.recorded_at == NOW + 6.5 * HOUR
    now = state(busy)
    assert (now["status"], now["accepted_at"]) == ("accepted", NOW + 6 * HOUR)
    assert proven(busy)


def test_the_same_report_a_second_time_is_no_news(busy: Desk) -> None:
    first = said("03", 6, "Accepted")
    assert reported(busy, first, first) == (1, 1)
    assert reported(busy, said("03", 6, "ACCEPTED", source="easypost")) == (0, 1)


def test_late_and_shuffled_reports_end_where_ordered_ones_do(busy: Desk) -> None:
    events = [said("GX", 0), said("03", 4), said("10", 20), said("OF", 30), said("01", 36)]
    Random(3).shuffle(events)
    for each in events:
        reported(busy, each)
    assert state(busy)["status"] == "delivered"
    assert state(busy)["delivered_at"] == NOW + 36 * HOUR
    assert proven(busy)


def test_a_code_that_nobody_knows_waits_and_its_meaning_is_read_into_the_past(busy: Desk) -> None:
    reported(busy, said("03", 2), said("Q9", 8, "Held at the barn"))
    assert state(busy)["status"] == "accepted"
    changes = busy.run("say_meaning", carrier="usps", code="q9", status="held", incident="weather")
    assert (state(busy)["status"], state(busy)["incident"]) == ("held", "weather")
    assert changes.undo is not None
    again = busy.undo(changes.undo)
    assert state(busy)["status"] == "accepted"
    assert again.undo is not None
    busy.undo(again.undo)
    assert state(busy)["status"] == "held"
    assert proven(busy)


def test_an_own_meaning_goes_before_the_carriers_table_and_may_ask_for_words(busy: Desk) -> None:
    reported(busy, said("10", 2, "Left at the wrong hub"), said("10", 3, "On its way"))
    busy.run(
        "say_meaning", carrier="usps", code="10", words="left at the wrong hub", status="delayed",
        incident="missorted",
    )  # fmt: skip
    kinds = busy.read(
        lambda db: db.execute(
            select(tracking_events.c.status).order_by(tracking_events.c.happened_at)
        ).scalars().all()
    )  # fmt: skip
    assert kinds == ["delayed", "in_transit"]
    busy.run("say_meaning", carrier="usps", code="10", status="held")
    assert state(busy)["status"] == "held"


def test_words_without_a_code_can_be_given_a_meaning(busy: Desk) -> None:
    reported(busy, said("", 2, "Zwischenstopp im Depot"))
    assert state(busy)["status"] == "unmapped"
    busy.run("say_meaning", carrier="usps", code="", words="Zwischenstopp im Depot",
             status="in_transit")  # fmt: skip
    assert state(busy)["status"] == "in_transit"


def test_a_meaning_that_is_none_is_refused(busy: Desk) -> None:
    with pytest.raises(RefusedError):
        busy.run("say_meaning", carrier="usps", code="Q9", status="vanished")
    with pytest.raises(RefusedError):
        busy.run("say_meaning", carrier="usps", code=" ", status="held")
    with pytest.raises(NotFoundError):
        busy.run("forget_meaning", carrier="usps", code="Q9")


def test_what_is_written_by_hand_counts_until_it_is_taken_back(busy: Desk) -> None:
    reported(busy, said("03", 2))
    busy.now = lambda: NOW + 50 * HOUR
    changes = busy.run(
        "record_scan", shipment_ids=[parcel(busy)], status="delivered", at=NOW + 40 * HOUR,
        place="Front porch", words="The customer wrote that it is there",
    )  # fmt: skip
    assert (state(busy)["status"], state(busy)["place"]) == ("delivered", "Front porch")
    assert changes.undo is not None
    undone = busy.undo(changes.undo)
    assert state(busy)["status"] == "accepted"
    assert undone.undo is not None
    busy.undo(undone.undo)
    assert state(busy)["delivered_at"] == NOW + 40 * HOUR
    assert proven(busy)


def test_nobody_knows_today_where_a_parcel_is_tomorrow(busy: Desk) -> None:
    with pytest.raises(RefusedError):
        busy.run("record_scan", shipment_ids=[parcel(busy)], status="delivered",
                 at=NOW + 900 * HOUR)  # fmt: skip
    with pytest.raises(NotFoundError):
        busy.run("record_scan", shipment_ids=[4711], status="delivered")


def test_when_it_is_expected_is_told_once_and_remembered_from_the_first(busy: Desk) -> None:
    first, later = NOW + 48 * HOUR, NOW + 96 * HOUR
    reported(busy, said("03", 2), expected_at=first, source="usps")
    reported(busy, said("03", 2), expected_at=first, source="usps")
    reported(busy, expected_at=later, source="usps")
    assert (state(busy)["first_expected_at"], state(busy)["expected_at"]) == (first, later)
    assert proven(busy)


def test_a_tracking_number_is_found_however_it_is_typed(busy: Desk) -> None:
    key = parcel(busy)
    typed = ["9400100000000000000001", "9400 1000 0000 0000 0000 01", "1Z-NOBODY"]
    found = busy.read(parcels_of, typed)
    assert [found[each] for each in typed] == [(key,), (key,), ()]


def test_verify_notices_a_state_that_no_report_explains(busy: Desk) -> None:
    reported(busy, said("03", 2))
    busy.write(lambda db: db.execute(parcel_states.update().values(status="delivered")))
    check = busy.read(checks.states)
    assert not check.ok
    assert "(status)" in check.detail
    busy.write(lambda db: db.execute(tracking_events.update().values(status="lost")))
    assert not busy.read(checks.meanings).ok
