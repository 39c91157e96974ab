"""Files about where parcels are: a 3PL's list moves the parcels that it names, once."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from app.domain.importing import FileKind, ImportReport, Verdict
from app.domain.parcels import ParcelState
from app.queries.shipments import ParcelDetail, parcel_detail, parcel_rows
from app.services.desk import Desk
from app.sync.files.importer import FileImporter
from app.sync.files.tracking import moment
from tests.queries import brand
from tests.queries.brand import NOW

NUMBER = "9400100000000000000001"
DAY = f"{NOW:%Y-%m-%d}"
HEADER = "tracking_number,event_time,status,code,place,carrier"


@pytest.fixture
def busy(database_url: str) -> Iterator[Desk]:
    """Open a desk on which one parcel has left."""
    desk = brand.busy_desk(database_url)
    yield desk
    desk.store.close()


def imported(
    desk: Desk, folder: Path, content: str | bytes, name: str = "scans.csv"
) -> ImportReport:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    desk.now = lambda: NOW + timedelta(days=2)
    importer = FileImporter(desk)
    return importer.confirm(importer.preview(path))


def parcel(desk: Desk) -> ParcelDetail:
    (row,) = desk.read(parcel_rows, query=f"tracking:{NUMBER}", now=NOW)
    return desk.read(parcel_detail, row.id)


def test_a_file_of_scans_moves_the_parcels_that_it_names(busy: Desk, tmp_path: Path) -> None:
    rows = [
        HEADER,
        f'{NUMBER},{DAY}T22:05:00Z,Departed,T1,"Kearny, NJ",USPS',
        f'9400 1000 0000 0000 0000 01,{DAY}T20:00:00Z,Accepted,03,"Boston, MA",USPS',
        f"1Z-NOT-OURS,{DAY}T20:00:00Z,Accepted,OR,,UPS",
    ]
    report = imported(busy, tmp_path, "\n".join(rows))
    assert (report.kind, report.verdict) == (FileKind.TRACKING, Verdict.PARTIAL)
    assert [(x.row, x.code) for x in report.rejected] == [(4, "UNKNOWN_PARCEL")]
    detail = parcel(busy)
    assert detail.row.state == ParcelState.MOVING
    assert [(x.words, x.place) for x in detail.scans] == [
        ("Accepted", "Boston, MA"), ("Departed", "Kearny, NJ"),
    ]  # fmt: skip
    again = imported(busy, tmp_path, "\n".join(rows[:-1]), "again.csv")
    assert (again.verdict, again.unchanged, again.extra["new"]) == (Verdict.ACCEPT, 2, 0)


def test_a_time_without_a_zone_is_one_of_the_desk_s_own(busy: Desk, tmp_path: Path) -> None:
    imported(
        busy, tmp_path, f"Tracking #,Date,Time,Event\n{NUMBER},{NOW:%m/%d/%Y},5:30 PM,Delivered"
    )
    (scan,) = parcel(busy).scans
    assert scan.state == ParcelState.DELIVERED
    assert scan.at.astimezone(UTC).hour == 21  # half past five in New York, in summer time


def test_a_workbook_and_other_headings_are_understood(busy: Desk, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Waybill", "Timestamp", "Milestone", "Facility", "ETA"])
    sheet.append([NUMBER, f"{DAY} 19:00 EST", "Out for delivery", "Hub 7", f"{DAY}"])
    content = io.BytesIO()
    book.save(content)
    report = imported(busy, tmp_path, content.getvalue(), "wms.xlsx")
    assert (report.format, report.verdict) == ("tracking", Verdict.ACCEPT)
    detail = parcel(busy)
    assert (detail.row.state, detail.row.scan) == (ParcelState.OUT, "Out for delivery, Hub 7")
    assert detail.row.expected_at is not None


def test_codes_without_words_and_codes_without_a_meaning(busy: Desk, tmp_path: Path) -> None:
    rows = [
        "tracking_number,event_time,event code",
        f"{NUMBER},{DAY} 21:00,03",
        f"{NUMBER},{DAY} 22:00,Q77",
    ]
    report = imported(busy, tmp_path, "\n".join(rows))
    assert report.format == "tracking-codes"
    assert "UNMAPPED_CODES" in report.notices
    assert "no meaning yet" in report.message
    found = busy.read(parcel_rows, query="is:unmapped", now=NOW)
    assert [row.tracking_number for row in found] == [NUMBER]


def test_a_row_that_says_nothing_is_kept_back(busy: Desk, tmp_path: Path) -> None:
    rows = [HEADER, f"{NUMBER},{DAY} 21:00,,,,", f"{NUMBER},soon,Accepted,,,"]
    report = imported(busy, tmp_path, "\n".join(rows))
    assert [x.code for x in report.rejected] == ["STATUS_MISSING", "DATE_INVALID"]


@pytest.mark.parametrize(
    ("text", "hour", "is_known"),
    [
        ("2025-11-21T14:05:00Z", 14, True), ("2025-11-21 14:05:00 -0500", 19, True),
        ("2025-11-21 14:05 EST", 19, True), ("2025-11-21 14:05", 14, False),
        ("11/21/2025 2:05 PM", 14, False), ("11/21/25 14:05:09", 14, False),
        ("2025-11-21 02:05 pm", 14, False), ("11/21/2025", 12, False),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it(text: str, hour: int, is_known: bool) -> None:
    at, known = moment(text)
    assert (at.date().isoformat(), at.hour, known) == ("2025-11-21", hour, is_known)
    assert at <= datetime(2025, 11, 22, tzinfo=UTC)


def ups_alert(**changes: object) -> dict[str, object]:
    made: dict[str, object] = {
        "trackingNumber": NUMBER, "localActivityDate": f"{NOW:%Y%m%d}", "localActivityTime": "150519",
        "activityLocation": {"city": "Charlotte", "stateProvince": "NC", "country": "US"},
        "activityStatus": {"type": "I", "code": "OT", "description": "Out for Delivery"},
        "gmtActivityDate": f"{NOW:%Y%m%d}", "gmtActivityTime": "200519",
        "scheduledDeliveryDate": f"{NOW:%Y%m%d}",
    }  # fmt: skip
    return {**made, **changes}


def test_what_a_carrier_sends_by_itself_comes_in_as_a_file(busy: Desk, tmp_path: Path) -> None:
    report = imported(busy, tmp_path, json.dumps(ups_alert()), "alert.json")
    assert (report.format, report.kind, report.verdict) == (
        "carrier-answer", FileKind.TRACKING, Verdict.ACCEPT,
    )  # fmt: skip
    detail = parcel(busy)
    assert (detail.row.state, detail.scans[0].carrier) == (ParcelState.OUT, "ups")
    assert detail.scans[0].at == NOW.replace(hour=20, minute=5, second=19)
    both = [ups_alert(), ups_alert(activityStatus={"type": "D", "code": "FS"})]
    again = imported(busy, tmp_path, json.dumps(both), "both.json")
    assert (again.extra["new"], again.unchanged) == (1, 1)
    assert parcel(busy).row.state == ParcelState.DELIVERED


@pytest.mark.parametrize(
    "answer",
    [
        {"trackResponse": {"shipment": [{"package": [{"trackingNumber": NUMBER, "activity": [
            {"status": {"code": "FS"}, "date": f"{NOW:%Y%m%d}", "time": "180000"}]}]}]}},
        {"output": {"completeTrackResults": [{"trackingNumber": NUMBER, "trackResults": [
            {"scanEvents": [{"date": f"{DAY}T18:00:00Z", "eventType": "DL"}]}]}]}},
        {"trackingNumber": NUMBER, "trackingEvents": [
            {"eventCode": "01", "eventType": "DELIVERED", "GMTTimestamp": f"{DAY}T18:00:00Z"}]},
        {"shipments": [{"id": NUMBER, "events": [
            {"timestamp": f"{DAY}T18:00:00Z", "statusCode": "delivered"}]}]},
        {"object": "Event", "result": {"object": "Tracker", "tracking_code": NUMBER,
            "tracking_details": [{"datetime": f"{DAY}T18:00:00Z", "status": "delivered"}]}},
    ],
    ids=["ups", "fedex", "usps", "dhl", "easypost"],
)  # fmt: skip
def test_an_answer_is_known_by_its_shape(
    busy: Desk, tmp_path: Path, answer: dict[str, object]
) -> None:
    report = imported(busy, tmp_path, json.dumps(answer), "answer.json")
    assert report.verdict == Verdict.ACCEPT
    assert parcel(busy).row.state == ParcelState.DELIVERED


def test_json_that_is_no_answer_is_refused_and_stores_nothing(busy: Desk, tmp_path: Path) -> None:
    for content in ('{"hello": 1}', "[", "<html><body>Sign in</body></html>", "{}"):
        assert imported(busy, tmp_path, content, "odd.json").verdict == Verdict.REFUSE
