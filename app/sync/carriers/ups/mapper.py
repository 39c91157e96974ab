"""How does an answer of UPS' Tracking API, or a message of its Track Alert, become parcels?

Each package lists its activities, latest first. ``date`` and ``time`` are local and state no zone;
newer answers have ``gmtDate``, ``gmtTime`` and ``gmtOffset`` beside them, which count first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.domain.tracking.timeline import CarrierEvent, ParcelReport
from app.sync.carriers.reading import Stated, event, first_moment, moment, payload, place, report
from app.sync.live.payload import Part, first

CARRIER = "ups"


def parcels(answer: Any, recorded_at: datetime) -> list[ParcelReport]:
    """Return the parcels of an answer.

    Raises:
        NotReadableError: it is no answer about parcels, or a parcel has no number.
    """
    about = payload(answer)
    if about.states("activityStatus"):
        return [_alerted(about, recorded_at)]
    return [
        report(
            CARRIER, package.identity("trackingNumber"),
            [_event(each, recorded_at) for each in package.parts("activity")], about,
            _expected(package),
        )
        for shipment in about.parts("trackResponse", "shipment")
        for package in shipment.parts("package")
    ]  # fmt: skip


def _alerted(alert: Part, recorded_at: datetime) -> ParcelReport:
    """Return the parcel of a Track Alert: one activity, whose fields have names of their own."""
    status = alert.part("activityStatus")
    local = next(_times(alert, "localActivityDate", "localActivityTime"), "")
    gmt = next(_times(alert, "gmtActivityDate", "gmtActivityTime"), "")
    told = event(
        alert, moment(f"{gmt}Z") if gmt else moment(local) if local else None, recorded_at,
        carrier=CARRIER, code=first((status.code("code"), status.code("type"))),
        words=status.text("description"), where=_place(alert.part("activityLocation")),
        source="ups",
    )  # fmt: skip
    day = alert.text("scheduledDeliveryDate")
    expected = moment(f"{day[:4]}-{day[4:6]}-{day[6:]}T23:59:59") if len(day) == 8 else None
    return report(CARRIER, alert.identity("trackingNumber"), [told], alert, expected)


def _event(activity: Part, recorded_at: datetime) -> CarrierEvent | None:
    status = activity.part("status")
    return event(
        activity, _when(activity), recorded_at,
        carrier=CARRIER, code=first((status.code("code"), status.code("type"))),
        words=status.text("description"), where=_place(activity.part("location", "address")),
        source="ups",
    )  # fmt: skip


def _when(activity: Part) -> Stated | None:
    gmt = next(_times(activity, "gmtDate", "gmtTime"), "")
    local = next(_times(activity, "date", "time"), "")
    zoned = local + activity.text("gmtOffset").strip() if local else ""
    return first_moment(f"{gmt}Z" if gmt else "", zoned, local)


def _times(activity: Part, date: str, time: str) -> Iterator[str]:
    """Give "2022-01-26T16:30:00" of "20220126" and "163000"; some answers have signs between.

    "74700" is 07:47:00: a number has no 0 before it.
    """
    day = "".join(filter(str.isdigit, activity.text(date)))
    clock = "".join(filter(str.isdigit, activity.text(time)))
    clock = clock.zfill(len(clock) + len(clock) % 2).ljust(6, "0")
    if len(day) == 8 and len(clock) == 6:
        yield f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}"


def _place(address: Part) -> str:
    city, state = address.text("city"), address.text("stateProvince")
    country = first((address.text("countryCode"), address.text("country")))
    return place(city, f"{state} {address.text('postalCode')}".strip(), country)


def _expected(package: Part) -> Stated | None:
    for promise in package.parts("deliveryDate"):
        day = promise.text("date")
        if promise.word("type") in ("sdd", "rdd") and len(day) == 8:
            return moment(f"{day[:4]}-{day[4:6]}-{day[6:]}T23:59:59")
    return None
