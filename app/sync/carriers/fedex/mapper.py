"""How does an answer of FedEx' Track API become parcels?

``scanEvents`` are times with their zone. ``derivedStatusCode`` is the code of the status table; an exception has
its own code beside it, which says why.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.domain.tracking.timeline import CarrierEvent, ParcelReport
from app.sync.carriers.reading import Stated, event, moment, payload, place, report
from app.sync.live.payload import Part, first

CARRIER = "fedex"
_EXPECTED = ("estimated_delivery", "commitment", "appointment_delivery", "anticipated_tender")


def parcels(answer: Any, recorded_at: datetime) -> list[ParcelReport]:
    """Return the parcels of an answer.

    Raises:
        NotReadableError: it is no answer about parcels, or a parcel has no number.
    """
    about = payload(answer)
    return [
        _parcel(result, complete.code("trackingNumber"), about, recorded_at)
        for complete in about.parts("output", "completeTrackResults")
        for result in complete.parts("trackResults")
        if not result.states("error")
    ]


def _parcel(result: Part, number: str, about: Part, recorded_at: datetime) -> ParcelReport:
    events = [_event(each, recorded_at) for each in result.parts("scanEvents")]
    if not any(events) and result.states("latestStatusDetail"):
        events = [_latest(result, recorded_at)]
    number = number or result.identity("trackingNumberInfo", "trackingNumber")
    return report(CARRIER, number, events, about, _expected(result))


def _event(scan: Part, recorded_at: datetime) -> CarrierEvent | None:
    kind, derived = scan.code("eventType"), scan.code("derivedStatusCode")
    why = scan.code("exceptionCode")
    return event(
        scan, moment(scan.text("date")), recorded_at,
        carrier=CARRIER, code=first((kind, derived, why)),
        words=first((scan.text("exceptionDescription"), scan.text("eventDescription"),
                     scan.text("derivedStatus"))),
        where=_place(scan.part("scanLocation")), source="fedex",
    )  # fmt: skip


def _latest(result: Part, recorded_at: datetime) -> CarrierEvent | None:
    """Return the state of a parcel whose scans are not listed, at the latest time that is."""
    latest = result.part("latestStatusDetail")
    actual = [
        each for each in result.parts("dateAndTimes") if each.word("type").startswith("actual")
    ]
    times = sorted(filter(None, (moment(each.text("dateTime")) for each in actual)))
    return event(
        latest, times[-1] if times else None, recorded_at,
        carrier=CARRIER, code=first((latest.code("code"), latest.code("derivedCode"))),
        words=first((latest.text("description"), latest.text("statusByLocale"))),
        where=_place(latest.part("scanLocation")), source="fedex",
    )  # fmt: skip


def _place(address: Part) -> str:
    state = f"{address.text('stateOrProvinceCode')} {address.text('postalCode')}".strip()
    return place(address.text("city"), state, address.text("countryCode"))


def _expected(result: Part) -> Stated | None:
    stated = {each.word("type"): each.text("dateTime") for each in result.parts("dateAndTimes")}
    return next(filter(None, (moment(stated.get(kind, "")) for kind in _EXPECTED)), None)
