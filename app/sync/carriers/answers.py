"""Whose answer is this, and what does it report of our parcels?

An answer of a carrier's API, or a message that it sends by itself, kept as a file: JSON, or XML. The
carrier is recognised by the shape of the answer; nothing is guessed from a number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from app.domain.tracking.timeline import ParcelReport
from app.sync.carriers.canadapost import mapper as canadapost
from app.sync.carriers.dhl import mapper as dhl
from app.sync.carriers.easypost import mapper as easypost
from app.sync.carriers.fedex import mapper as fedex
from app.sync.carriers.reading import Read
from app.sync.carriers.ups import mapper as ups
from app.sync.carriers.usps import mapper as usps
from app.sync.live.channel import NotReadableError

READERS: Final[Mapping[str, Read]] = {
    "ups": ups.parcels, "fedex": fedex.parcels, "usps": usps.parcels, "dhl": dhl.parcels,
    "easypost": easypost.parcels, "canadapost": canadapost.parcels,
}  # fmt: skip
# A field that only this carrier's answers have at the top.
_MARKS: Final = (
    ("ups", ("trackResponse", "activityStatus", "localActivityDate")),
    ("fedex", ("output",)),
    ("dhl", ("shipments",)),
    ("usps", ("trackingEvents", "eventSummaries", "uniqueMailPieceID", "statusCategory")),
    ("easypost", ("trackers", "tracking_details", "object", "events", "result")),
)


def parcels(content: bytes, recorded_at: datetime) -> list[ParcelReport]:
    """Return the parcels that an answer is about.

    Raises:
        NotReadableError: it is no answer of a carrier that is known here.
    """
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return canadapost.parcels(text, recorded_at)
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as trouble:
        raise NotReadableError("this is neither JSON nor XML") from trouble
    return _read(answer, recorded_at, _whose(answer))


def _read(answer: Any, recorded_at: datetime, carrier: str) -> list[ParcelReport]:
    read = READERS.get(carrier)
    if read is None:
        raise NotReadableError(
            f"no carrier that is known here answers like this: {carrier}".rstrip(": ")
        )
    if isinstance(answer, list) and carrier != "usps":
        return [report for each in answer for report in read(each, recorded_at)]
    return read(answer, recorded_at)


def _whose(answer: Any) -> str:
    first = (
        answer[0]
        if isinstance(answer, Sequence) and not isinstance(answer, str) and answer
        else answer
    )
    if not isinstance(first, Mapping):
        return ""
    return next((name for name, marks in _MARKS if any(mark in first for mark in marks)), "")
