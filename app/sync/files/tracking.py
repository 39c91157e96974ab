"""How do the rows of a tracking file (3PL, WMS, a carrier's own export) become reports?

``tracking_number``, when (``event_time``, or ``event_day`` with ``event_clock``), and ``status`` in words or
``code``; ``place``, ``carrier``, ``time_zone`` and ``expected`` where the file has them. A time without a zone is
one of the desk's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.importing import TrackingRow
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.moments import EARLIEST, LATEST_AHEAD, iso
from app.sync.files.records import read_records
from app.sync.files.sheet import CellError, Mapped, Sheet

_MORE: Final = ("place", "city", "state", "carrier", "time_zone", "expected", "order", "service",
                "recipient")  # fmt: skip
_NAMES: Final = {
    **dict.fromkeys(("tracking number", "tracking no", "tracking no.", "tracking #", "tracking",
                     "tracking_no", "tracking id", "tracking_id", "trackingnumber", "awb",
                     "waybill", "parcel number", "shipment number"), "tracking_number"),
    **dict.fromkeys(("event", "event description", "event_description", "description", "activity",
                     "scan", "scan type", "milestone", "tracking status", "tracking_status",
                     "shipment status", "delivery status", "message", "status description"),
                    "status"),
    **dict.fromkeys(("status code", "status_code", "event code", "event_code", "scan code",
                     "scan_code", "event type", "event_type", "reason code"), "code"),
    **dict.fromkeys(("location", "event location", "event_location", "facility", "hub", "site",
                     "scan location", "last location"), "place"),
    **dict.fromkeys(("carrier name", "carrier_name", "courier", "shipper", "provider",
                     "carrier code", "carrier_code"), "carrier"),
    **dict.fromkeys(("zone", "timezone", "time zone", "tz", "utc offset"), "time_zone"),
    **dict.fromkeys(("estimated delivery", "estimated_delivery", "expected delivery", "eta",
                     "expected_delivery", "estimated delivery date", "est delivery"), "expected"),
    **dict.fromkeys(("order number", "order_number", "order id", "order_id", "reference",
                     "customer reference", "order no"), "order"),
    "event city": "city", "province": "state", "region": "state", "event state": "state",
    "service level": "service", "name": "recipient", "consignee": "recipient",
}  # fmt: skip
_MOMENTS: Final = dict.fromkeys(
    ("timestamp", "event time", "event timestamp", "event_timestamp", "datetime", "date time",
     "date/time", "date", "event date", "event_date", "scan time", "scan_time", "scanned at",
     "scanned_at", "scan date", "occurred at", "occurred_at", "time", "last update", "last scan",
     "last_update", "updated at", "status date", "status_date"),
    "event_time",
)  # fmt: skip
_DAYS: Final = {
    **dict.fromkeys(("date", "event date", "event_date", "scan date", "status date"), "event_day"),
    **dict.fromkeys(("time", "event time", "event_time", "scan time", "status time"),
                    "event_clock"),
}  # fmt: skip
_UNLESS: Final = ("sku", "unit_price", "unit price", "quantity", "on_hand", "order total")
TRACKING: Final = Layout(
    required=("tracking_number", "event_time", "status"),
    optional=("code", *_MORE), ids=("tracking_number",), identity=("tracking_number",),
    dates=("event_time",), month_first=("event_time",), mostly_known=True, unless=_UNLESS,
    spellings={**_NAMES, **_MOMENTS},
)  # fmt: skip
TRACKING_CODES: Final = Layout(
    required=("tracking_number", "event_time", "code"),
    optional=_MORE, ids=("tracking_number",), identity=("tracking_number",),
    dates=("event_time",), month_first=("event_time",), mostly_known=True,
    unless=(*_UNLESS, "status"), spellings={**_NAMES, **_MOMENTS},
)  # fmt: skip
TRACKING_DAYS: Final = Layout(
    required=("tracking_number", "event_day", "event_clock", "status"),
    optional=("code", *_MORE), ids=("tracking_number",), identity=("tracking_number",),
    dates=("event_day",), month_first=("event_day",), mostly_known=True, unless=_UNLESS,
    spellings={**_NAMES, **_DAYS},
)  # fmt: skip
_SHORT_ZONES: Final = {
    "EST": "-05:00", "EDT": "-04:00", "CST": "-06:00", "CDT": "-05:00", "MST": "-07:00",
    "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00", "AKST": "-09:00", "AKDT": "-08:00",
    "HST": "-10:00", "UTC": "+00:00", "GMT": "+00:00", "Z": "+00:00",
}  # fmt: skip
_US: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})(?:[ ,T]+(.+))?")
_CLOCK: Final = re.compile(
    r"([0-9]{1,2}):?([0-9]{2})(?::?([0-9]{2}))?(?:\.[0-9]+)? ?([AaPp])?\.?[Mm]?\.?"
)
_STATED: Final = re.compile(r".*[0-9](Z|z|[ ]?[+-][0-9]{2}:?[0-9]{2}| UTC| GMT)")


def events_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a tracking file; one row is one thing that happened to a parcel."""
    read, place = Cells(sheet), sheet.place
    latest = sheet.today + LATEST_AHEAD

    def build(cells: list[str], line: int) -> Iterable[TrackingRow]:
        at, is_known, stated = _when(cells, sheet)
        if not EARLIEST <= at.date() <= latest:
            why = "the time lies before 1995 or ahead of today. Correct it."
            raise CellError("DATE_OUT_OF_RANGE", cells, _time_place(sheet), why)
        yield TrackingRow(
            tracking_number=read.identity(cells, place("tracking_number")),
            at=at,
            is_zone_known=is_known,
            stated=stated,
            code=_said(cells, place("code"), place("status")),
            words=cells[place("status")].strip(),
            place=_where(cells, sheet),
            carrier=cells[place("carrier")].strip(),
            expected_at=_expected(cells, sheet),
            source_line=line,
        )

    rows, refused, at = read_records(sheet, place("tracking_number"), build)
    return Mapped(tracking=rows, rejected=refused, rejected_at=at)


def _said(cells: list[str], code_at: int, words_at: int) -> str:
    code, words = cells[code_at].strip(), cells[words_at].strip()
    if not code and not words:
        raise CellError(
            "STATUS_MISSING", cells, words_at, "it is not said what happened. Fill it in."
        )
    return code


def _where(cells: list[str], sheet: Sheet) -> str:
    parts = (cells[sheet.place(name)].strip() for name in ("place", "city", "state"))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _time_place(sheet: Sheet) -> int:
    return sheet.place("event_time" if sheet.has("event_time") else "event_day")


def _when(cells: list[str], sheet: Sheet) -> tuple[datetime, bool, str]:
    """Return when it happened, whether the file states the zone, and how it was written."""
    text = cells[_time_place(sheet)].strip()
    if not sheet.has("event_time"):
        text = f"{text.partition(' ')[0].partition('T')[0]} {cells[sheet.place('event_clock')].strip()}"
    zone = _zone(cells[sheet.place("time_zone")].strip())
    try:
        at, is_known = moment(text, zone)
    except (ValueError, OverflowError):
        why = "this is no time that can be read. Write it as 2025-11-21 14:05, with its zone if it has one."
        raise CellError("DATE_INVALID", cells, _time_place(sheet), why) from None
    return at, is_known, " ".join((text, cells[sheet.place("time_zone")].strip())).strip()


def moment(text: str, zone: tzinfo | None = None) -> tuple[datetime, bool]:
    """Read a time as people and systems write it; without a zone it counts as UTC until known better.

    Raises:
        ValueError: it is none.
    """
    text, short = _without_zone_name(text.strip())
    american = _US.fullmatch(text)
    if american:
        month, day, year, clock = american.groups()
        at = datetime.combine(
            date(_full(int(year)), int(month), int(day)), _clock(clock or "12:00")
        )
        local = at.replace(tzinfo=zone or _offset(short) or UTC)
        return local.astimezone(UTC), bool(zone or short)
    day_text, _blank, clock = text.replace("T", " ", 1).partition(" ")
    if clock and _CLOCK.fullmatch(clock) and clock[-1] in "mM":
        text = f"{day_text} {_clock(clock).isoformat()}"
    is_known = bool(zone or short or _STATED.fullmatch(text))
    return iso(text, zone or _offset(short) or UTC), is_known


def _without_zone_name(text: str) -> tuple[str, str]:
    """Part "2025-11-21 14:05 PST" into its time and the name of its zone."""
    head, _blank, last = text.rpartition(" ")
    return (head, last.upper()) if head and last.upper() in _SHORT_ZONES else (text, "")


def _offset(short: str) -> tzinfo | None:
    return (
        datetime.fromisoformat(f"2000-01-01T00:00{_SHORT_ZONES[short]}").tzinfo if short else None
    )


def _zone(text: str) -> tzinfo | None:
    if not text:
        return None
    if text.upper() in _SHORT_ZONES:
        return _offset(text.upper())
    if re.fullmatch(r"[+-][0-9]{2}:?[0-9]{2}", text):
        return datetime.fromisoformat(f"2000-01-01T00:00{text}").tzinfo
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return None


def _clock(text: str) -> time:
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    hour, minute, second, half = match.groups()
    number = int(hour)
    if half:
        number = number % 12 + (12 if half in "pP" else 0)
    return time(number, int(minute), int(second or 0))


def _full(year: int) -> int:
    return year if year > 99 else 2000 + year


def _expected(cells: list[str], sheet: Sheet) -> datetime | None:
    """Return when it is expected; a bare day means its end, and what cannot be read says nothing."""
    text = cells[sheet.place("expected")].strip()
    if not text:
        return None
    try:
        return moment(text if ":" in text else f"{text} 23:59")[0]
    except (ValueError, OverflowError):
        return None
