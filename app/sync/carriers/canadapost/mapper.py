"""How does Canada Post's tracking detail become a parcel? XML; each event has its time zone's name.

Zones are written as Canadians do (EST, PDT, NST); those are fixed offsets, so no summer time is guessed.
"""

from __future__ import annotations

from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.domain.tracking.timeline import CarrierEvent, ParcelReport
from app.sync.carriers.reading import event, moment, place, report
from app.sync.live.channel import NotReadableError
from app.sync.live.payload import Part

CARRIER = "canadapost"
_OFFSETS = {"NST": "-03:30", "NDT": "-02:30", "AST": "-04:00", "ADT": "-03:00", "EST": "-05:00", "EDT": "-04:00",
            "CST": "-06:00", "CDT": "-05:00", "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00",
            "UTC": "Z", "GMT": "Z"}  # fmt: skip


def parcels(answer: bytes, recorded_at: datetime) -> list[ParcelReport]:
    """Return the parcel of an answer.

    Raises:
        NotReadableError: it is no XML about a parcel, or the parcel has no number.
    """
    try:
        root = fromstring(answer)
    except (ParseError, DefusedXmlException, ValueError) as trouble:
        raise NotReadableError("this is not the XML of a parcel") from trouble
    about = _part(root)
    listed = about.parts("significant-events", "occurrence")
    events = [_event(each, recorded_at) for each in listed]
    day = about.text("expected-delivery-date").strip()
    expected = moment(f"{day}T23:59:59") if day else None
    return [report(CARRIER, about.identity("pin"), events, about, expected)]


def _event(each: Part, recorded_at: datetime) -> CarrierEvent | None:
    day, clock = each.text("event-date").strip(), each.text("event-time").strip()
    zone = _OFFSETS.get(each.text("event-time-zone").strip().upper(), "")
    return event(
        each, moment(f"{day}T{clock}{zone}") if day and clock else None, recorded_at,
        carrier=CARRIER, code=each.code("event-identifier"), words=each.text("event-description"),
        where=place(each.text("event-site"), each.text("event-province")), source="canadapost",
    )  # fmt: skip


def _part(root: Element) -> Part:
    data = _data(root)
    return Part(data if isinstance(data, dict) else {})


def _data(element: Element) -> object:
    """Return an element as the values that other carriers' answers are made of."""
    if not len(element):
        return element.text or ""
    found: dict[str, object] = {}
    for child in element:
        name, value = child.tag.rpartition("}")[2], _data(child)
        if name in found:
            several = found[name]
            found[name] = [*several, value] if isinstance(several, list) else [several, value]
        else:
            found[name] = value
    return found
