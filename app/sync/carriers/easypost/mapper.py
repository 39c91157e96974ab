"""How does a tracker of EasyPost become a parcel? It may come alone, in a list, or in an event.

``status`` is EasyPost's own; ``carrier_code`` and ``message`` are what the carrier itself said.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.domain.tracking.timeline import CarrierEvent, ParcelReport
from app.sync.carriers.reading import event, moment, payload, place, report
from app.sync.live.payload import Part, first

CARRIER = "easypost"
_VAGUE = ("in_transit", "failure", "error", "unknown", "")
_SAYS_NOTHING = ("", "unknown", "status_update", "arrived_at_destination")


def parcels(answer: Any, recorded_at: datetime) -> list[ParcelReport]:
    """Return the parcels of an answer.

    Raises:
        NotReadableError: it is no answer about parcels, or a parcel has no number.
    """
    about = payload(answer)
    return [_parcel(tracker, about, recorded_at) for tracker in _trackers(about)]


def _trackers(about: Part) -> Iterator[Part]:
    if about.text("object") == "Tracker":
        yield about
    if about.part("result").text("object") == "Tracker":
        yield about.part("result")
    yield from about.parts("trackers")
    for each in about.parts("events"):
        yield from _trackers(each)


def _parcel(tracker: Part, about: Part, recorded_at: datetime) -> ParcelReport:
    events = [_event(each, recorded_at) for each in tracker.parts("tracking_details")]
    if not any(events):
        events = [_now(tracker, recorded_at)]
    expected = moment(tracker.text("est_delivery_date"))
    return report(CARRIER, tracker.identity("tracking_code"), events, about, expected)


def _event(detail: Part, recorded_at: datetime) -> CarrierEvent | None:
    where = detail.part("tracking_location")
    state = f"{where.text('state')} {where.text('zip')}".strip()
    return event(
        detail, moment(detail.text("datetime")), recorded_at,
        carrier=CARRIER, code=_code(detail), words=detail.text("message"),
        where=place(where.text("city"), state, where.text("country")),
        source=first((detail.text("source"), CARRIER)),
    )  # fmt: skip


def _now(tracker: Part, recorded_at: datetime) -> CarrierEvent | None:
    """Return the state of a tracker without details, as of when it was last written."""
    return event(
        tracker, moment(tracker.text("updated_at")), recorded_at,
        carrier=CARRIER, code=_code(tracker), words=tracker.text("status"), where="",
        source=CARRIER,
    )  # fmt: skip


def _code(part: Part) -> str:
    """Return the state, or what EasyPost knows more closely where the state alone says little."""
    status, detail = part.code("status"), part.code("status_detail")
    is_vague = status in _VAGUE and detail not in _SAYS_NOTHING
    return detail if is_vague else status
