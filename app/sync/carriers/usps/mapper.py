"""How does an answer of the USPS Tracking API (v3) become parcels?

``eventTimestamp`` is local and states no zone; ``GMTTimestamp`` is the same in UTC where it is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.domain.tracking.timeline import CarrierEvent, ParcelReport
from app.sync.carriers.reading import Stated, event, first_moment, moment, payload, place, report
from app.sync.live.payload import Part, first

CARRIER = "usps"


def parcels(answer: Any, recorded_at: datetime) -> list[ParcelReport]:
    """Return the parcels of an answer: one, or a list of them.

    Raises:
        NotReadableError: it is no answer about parcels, or a parcel has no number.
    """
    each: Iterable[Any] = answer if isinstance(answer, list) else [answer]
    return [_parcel(payload(one), recorded_at) for one in each]


def _parcel(about: Part, recorded_at: datetime) -> ParcelReport:
    number = first((about.code("trackingNumber"), about.code("uniqueTrackingId")))
    number = number or first((about.code("uniqueMailPieceID"), about.code("uniqueMailPieceId")))
    scans = about.parts("trackingEvents") or about.parts("eventSummaries")
    expected = first_moment(
        about.text("expectedDeliveryTimeStamp"), about.text("guaranteedDeliveryTimeStamp"),
        about.text("predictedDeliveryTimeStamp"),
    )  # fmt: skip
    return report(
        CARRIER, number or about.identity("trackingNumber"),
        [_event(scan, recorded_at) for scan in scans], about, expected,
    )  # fmt: skip


def _event(scan: Part, recorded_at: datetime) -> CarrierEvent | None:
    state = f"{scan.text('eventState')} {scan.text('eventZIP')}".strip()
    return event(
        scan, _when(scan), recorded_at,
        carrier=CARRIER, code=scan.code("eventCode"), words=scan.text("eventType"),
        where=place(scan.text("eventCity"), state, scan.text("eventCountry")), source="usps",
    )  # fmt: skip


def _when(scan: Part) -> Stated | None:
    gmt = scan.text("GMTTimestamp").strip()
    known = moment(gmt if gmt.endswith(("Z", "z")) else f"{gmt}Z") if gmt else None
    if known is not None:
        return known
    local = scan.text("eventTimestamp").strip()
    return first_moment(local + _offset(scan.text("GMTOffset")), local)


def _offset(text: str) -> str:
    """Return "-07:00" of "-7:00", "-0700" and -420 minutes; nothing where there is none."""
    sign, rest = text.strip()[:1], text.strip()[1:]
    hours, _colon, minutes = rest.partition(":")
    if sign not in ("+", "-") or not hours.isdigit():
        return ""
    if len(hours) == 4:
        hours, minutes = hours[:2], hours[2:]
    elif len(hours) == 3:
        hours, minutes = str(int(hours) // 60), f"{int(hours) % 60:02}"
    return f"{sign}{hours:0>2}:{minutes or '00'}"
