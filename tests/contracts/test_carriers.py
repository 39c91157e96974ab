"""Do the carriers' own codes and sample answers come out as what they mean?"""

from __future__ import annotations

import copy
import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.tracking.statuses import Incident, TrackingStatus
from app.domain.tracking.timeline import ParcelReport, timeline
from app.models.codebook import shipped_book
from app.sync.carriers.answers import READERS
from app.sync.carriers.canadapost import mapper as canadapost
from app.sync.carriers.dhl import mapper as dhl
from app.sync.carriers.easypost import mapper as easypost
from app.sync.carriers.fedex import mapper as fedex
from app.sync.carriers.ups import mapper as ups
from app.sync.carriers.usps import mapper as usps
from app.sync.live.channel import NotReadableError
from tests.contracts.losses import leaves

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
Answer = dict[str, Any]
# What another program's table calls each of our states; it is cruder in places, so each has several.
SAME = {
    "pending": {TrackingStatus.PRE_TRANSIT, TrackingStatus.ACCEPTED, TrackingStatus.CANCELLED},
    "picked_up": {TrackingStatus.ACCEPTED},
    "out_for_delivery": {TrackingStatus.OUT_FOR_DELIVERY, TrackingStatus.ATTEMPTED},
    # (One carrier's "delivered" is delivered to a parcel shop, where it waits.)
    "delivered": {TrackingStatus.DELIVERED, TrackingStatus.READY_FOR_PICKUP},
    "return_to_sender": {TrackingStatus.RETURN_TO_SENDER, TrackingStatus.LOST},
    "cancelled": {TrackingStatus.CANCELLED},
}
# Codes that say nothing: they stand in the list of what waits for a meaning.
WAITS = {("dhl_parcel_de", "unknown"), ("dhl_universal", "unknown")}


@pytest.fixture(scope="module")
def carriers(shared: Path) -> Path:
    return shared / "contracts" / "carriers"


def told(report: ParcelReport) -> list[tuple[str, str]]:
    return [(scan.status, scan.words) for scan in timeline(report.events, shipped_book()).scans]


def test_every_code_has_a_meaning_or_waits_for_one(carriers: Path) -> None:
    table = json.loads((carriers / "karrio" / "tracking_status_map.json").read_text())
    codes = {
        (carrier, code)
        for carrier, kinds in table.items() if carrier != "_unified"
        for kind in ("TrackingStatus", "TrackingIncidentReason")
        for several in kinds.get(kind, {}).values()
        for code in several if code
    }  # fmt: skip
    unknown = {
        (carrier, code)
        for carrier, code in codes
        if shipped_book().meaning(carrier, code).status is TrackingStatus.UNMAPPED
    }
    assert len(codes) > 700
    assert unknown == WAITS


def test_every_code_that_fedex_publishes_has_a_meaning(carriers: Path) -> None:
    page = (carriers / "fedex" / "Tracking-Status-Codes.html").read_text(errors="ignore")
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in page.split("<tr")]
    codes = [re.sub(r"<[^>]+>", "", row[0]).strip() for row in cells if len(row) >= 2]
    published = {code for code in codes if re.fullmatch(r"[A-Z]{2}", code)}
    assert len(published) > 25
    unknown = {
        code for code in published
        if shipped_book().meaning("fedex", code).status is TrackingStatus.UNMAPPED
    }  # fmt: skip
    assert not unknown


def test_no_code_means_the_opposite_of_what_others_read_in_it(carriers: Path) -> None:
    table = json.loads((carriers / "karrio" / "tracking_status_map.json").read_text())
    odd = [
        (carrier, state, code, str(found))
        for carrier, kinds in table.items() if carrier != "_unified"
        for state, codes in kinds.get("TrackingStatus", {}).items() if state in SAME
        for code in codes
        if (found := shipped_book().meaning(carrier, code).status) not in SAME[state]
    ]  # fmt: skip
    assert odd == []


def test_an_answer_of_ups(carriers: Path) -> None:
    answer = json.loads((carriers / "ups" / "tracking_response.sample.json").read_text())
    (parcel,) = ups.parcels(answer, NOW)
    assert parcel.number == "1Z1442YY7229014688"
    assert told(parcel) == [
        ("pre_transit", "Shipper created a label, UPS has not received the package yet."),
        ("delivered", "DELIVERED"),
    ]
    assert parcel.events[0].place == "PARAMUS, NJ 07652, US"
    assert not parcel.events[0].is_zone_known


def test_messages_of_ups_track_alert(carriers: Path) -> None:
    described = (carriers / "ups" / "UPSTrackAlert.yaml").read_text()
    assert "gmtActivityDate" in described
    said = {"trackingNumber": "1Z204W4R0308071865", "localActivityDate": "20240423",
            "localActivityTime": "091519", "gmtActivityDate": "20240423",
            "gmtActivityTime": "131519", "scheduledDeliveryDate": "20240423",
            "activityLocation": {"city": "Charlotte", "stateProvince": "NC", "postalCode": "30004"},
            "activityStatus": {"type": "I", "code": "OT", "description": "Out for Delivery"}}  # fmt: skip
    (parcel,) = ups.parcels(said, NOW)
    assert told(parcel) == [("out_for_delivery", "Out for Delivery")]
    assert parcel.events[0].at == datetime(2024, 4, 23, 13, 15, 19, tzinfo=UTC)
    assert parcel.events[0].place == "Charlotte, NC 30004"
    assert parcel.expected_at is not None


def test_an_answer_of_usps(carriers: Path) -> None:
    answer = json.loads((carriers / "usps" / "tracking_responses.sample.json").read_text())
    parcel = usps.parcels(answer, NOW)[0]
    way = timeline(parcel.events, shipped_book())
    assert way.status is TrackingStatus.DELIVERED
    assert way.delivered_at == datetime(2024, 11, 22, 18, 58, 40, tzinfo=UTC)
    assert len(way.scans) == 12
    assert not [scan for scan in way.scans if scan.status is TrackingStatus.UNMAPPED]


def test_easypost_s_trackers_alone_in_lists_and_in_events(carriers: Path) -> None:
    answers = sorted((carriers / "easypost").rglob("*.json"))
    found = {path.name: easypost.parcels(json.loads(path.read_text()), NOW) for path in answers}
    assert [parcel.number for parcel in found["trackers-retrieve.json"]] == ["EZ1000000001"]
    assert found["trackers-list.json"]
    assert found["tracking-webhook.json"]
    assert not found["webhooks-create.json"]
    every = [parcel for parcels in found.values() for parcel in parcels]
    assert not [x for parcel in every for x in told(parcel) if x[0] == TrackingStatus.UNMAPPED]


def fedex_answer(**result: Any) -> Answer:
    return {
        "output": {
            "completeTrackResults": [{"trackingNumber": "794953555571", "trackResults": [result]}]
        }
    }


def test_an_answer_of_fedex() -> None:
    scans = [
        {"date": "2026-10-14T11:02:00-07:00", "eventType": "DE", "exceptionCode": "08",
         "exceptionDescription": "Recipient not home", "scanLocation": {"city": "RENO"}},
        {"date": "2026-10-13T08:00:00-07:00", "eventType": "PU", "eventDescription": "Picked up"},
    ]  # fmt: skip
    (parcel,) = fedex.parcels(fedex_answer(scanEvents=scans), NOW)
    assert told(parcel) == [("accepted", "Picked up"), ("attempted", "Recipient not home")]
    assert parcel.events[0].at == datetime(2026, 10, 14, 18, 2, tzinfo=UTC)


def test_fedex_without_scans_still_tells_its_state() -> None:
    latest = {"code": "DL", "description": "Delivered", "scanLocation": {"city": "MIAMI"}}
    times = [{"type": "ACTUAL_DELIVERY", "dateTime": "2026-10-14T11:02:00-04:00"}]
    answer = fedex_answer(latestStatusDetail=latest, dateAndTimes=times)
    (parcel,) = fedex.parcels(answer, NOW)
    assert told(parcel) == [("delivered", "Delivered")]


def test_a_number_that_fedex_does_not_know_is_no_parcel() -> None:
    answer = fedex_answer(error={"code": "TRACKING.TRACKINGNUMBER.NOTFOUND"})
    assert fedex.parcels(answer, NOW) == []


def test_an_answer_of_dhl_s_unified_tracking() -> None:
    event = {"timestamp": "2026-10-14T11:02:00+02:00", "statusCode": "failure",
             "status": "nobody home", "location": {"address": {"addressLocality": "Bonn"}}}  # fmt: skip
    answer = {"shipments": [{"id": "0034", "service": "parcel-de", "events": [event]}]}
    (parcel,) = dhl.parcels(answer, NOW)
    assert parcel.carrier == "dhl_parcel_de"
    assert told(parcel) == [("attempted", "nobody home")]


def test_an_answer_of_canada_post() -> None:
    answer = b"""<tracking-detail xmlns="http://www.canadapost.ca/ws/track"><pin>1371134583769923</pin>
      <expected-delivery-date>2026-10-15</expected-delivery-date><significant-events>
      <occurrence><event-identifier>1496</event-identifier><event-date>2026-10-14</event-date>
        <event-time>11:59:59</event-time><event-time-zone>EDT</event-time-zone>
        <event-description>Item successfully delivered</event-description>
        <event-site>SAINTE-FOY</event-site><event-province>QC</event-province></occurrence>
      <occurrence><event-identifier>174</event-identifier><event-date>2026-10-14</event-date>
        <event-time>08:00:00</event-time><event-time-zone>EDT</event-time-zone>
        <event-description>Item out for delivery</event-description></occurrence>
      </significant-events></tracking-detail>"""
    (parcel,) = canadapost.parcels(answer, NOW)
    assert [status for status, _words in told(parcel)] == ["out_for_delivery", "delivered"]
    assert parcel.events[0].at == datetime(2026, 10, 14, 15, 59, 59, tzinfo=UTC)
    assert parcel.events[0].place == "SAINTE-FOY, QC"


def test_a_bomb_in_an_xml_answer_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><tracking-detail><pin>&a;</pin></tracking-detail>'
    with pytest.raises(NotReadableError):
        canadapost.parcels(bomb, NOW)


@pytest.mark.parametrize("house", [ups, fedex, usps, dhl, easypost])
@pytest.mark.parametrize(
    "answer", [None, 3, "<html>", {}, [1], {"shipments": 3}, {"trackers": None}]
)
def test_an_answer_that_is_none_is_refused_or_empty(house: Any, answer: Any) -> None:
    with suppress(NotReadableError):
        assert house.parcels(answer, NOW) == []


def test_an_event_without_a_time_is_named_and_the_rest_is_told() -> None:
    activity = [
        {"status": {"code": "I"}},
        {"status": {"code": "D"}, "date": "20261014", "time": "1200"},
    ]
    answer = {"trackResponse": {"shipment": [{"package": [
        {"trackingNumber": "1Z", "activity": activity}]}]}}  # fmt: skip
    (parcel,) = ups.parcels(answer, NOW)
    assert [scan[0] for scan in told(parcel)] == ["delivered"]
    assert parcel.unread


def test_why_a_parcel_is_not_further_is_one_of_few_words() -> None:
    book = shipped_book()
    assert book.meaning("ups", "RF").incident is Incident.REFUSED
    assert book.meaning("fedex", "CD").incident is Incident.CUSTOMS
    assert book.meaning("usps", "RECIPIENT_MOVED").incident is Incident.MOVED
    assert book.meaning("a carrier of next year", "OUT_FOR_DELIVERY").status is (
        TrackingStatus.OUT_FOR_DELIVERY
    )


def test_a_time_that_lost_its_leading_zero_is_read() -> None:
    activity = {"status": {"code": "DP"}, "gmtDate": "20260210", "gmtTime": "74700"}
    (parcel,) = ups.parcels(_of_ups(activity), NOW)
    assert parcel.events[0].at == datetime(2026, 2, 10, 7, 47, tzinfo=UTC)


def test_a_time_in_utc_that_cannot_be_read_leaves_the_local_one() -> None:
    activity = {"status": {"code": "DP"}, "gmtDate": "20260210", "gmtTime": "997700",
                "date": "20260210", "time": "024700", "gmtOffset": "-05:00"}  # fmt: skip
    (parcel,) = ups.parcels(_of_ups(activity), NOW)
    assert parcel.events[0].at == datetime(2026, 2, 10, 7, 47, tzinfo=UTC)


def _of_ups(activity: Answer) -> Answer:
    package = {"trackingNumber": "1Z1", "activity": [activity]}
    return {"trackResponse": {"shipment": [{"package": [package]}]}}


@pytest.mark.parametrize("offset", [-420, "-7:00", "-07:00", "-0700"])
def test_usps_states_its_zone_in_hours_or_in_minutes(offset: object) -> None:
    event = {"eventCode": "10", "eventTimestamp": "2026-02-10T02:47:00", "GMTOffset": offset}
    (parcel,) = usps.parcels({"trackingNumber": "9400", "trackingEvents": [event]}, NOW)
    assert parcel.events[0].at == datetime(2026, 2, 10, 9, 47, tzinfo=UTC)
    assert parcel.events[0].is_zone_known


ODD: tuple[Any, ...] = (None, "", "☂", -1, 10**23, True, [], {}, [None], [[]], "2026-13-45", "99:99", "x" * 9_999,
                        "0001-01-01T00:00:00-14:00")  # fmt: skip
SAMPLES = {
    "ups": "ups/tracking_response.sample.json", "usps": "usps/tracking_responses.sample.json",
    "easypost": "easypost/trackers/trackers-list.json",
}  # fmt: skip


@pytest.mark.parametrize("carrier", SAMPLES)
def test_no_value_of_any_field_breaks_a_carriers_mapper(carriers: Path, carrier: str) -> None:
    whole = json.loads((carriers / SAMPLES[carrier]).read_text())
    whole = whole[0] if isinstance(whole, list) else whole
    for at, path in enumerate(leaves(whole)):
        for depth in range(1, len(path) + 1):
            with suppress(NotReadableError):
                READERS[carrier](_with(whole, path[:depth], ODD[(at + depth) % len(ODD)]), NOW)


def _with(whole: Answer, path: tuple[str | int, ...], value: object) -> Answer:
    made: Any = copy.deepcopy(whole)
    part = made
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return dict(made)
