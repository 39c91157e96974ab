"""What do all carriers' answers have in common? A time, a place, and a zone that may be missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from app.domain.tracking.timeline import CarrierEvent, ParcelReport
from app.sync.files.moments import iso
from app.sync.live.payload import Part, opened

# Understands an answer, that came at a time, as the parcels that it is about.
Read = Callable[[Any, datetime], list[ParcelReport]]


class Stated(NamedTuple):
    """A time, whether it states its zone, and how it was written."""

    at: datetime
    is_zone_known: bool
    words: str


def place(*parts: str) -> str:
    """Return where something happened: "Hernando, FL 34442, US" without what is not stated."""
    return ", ".join(part.strip() for part in parts if part.strip())


def moment(text: str) -> Stated | None:
    """Return a time and whether it states its zone; without one it counts as UTC until known better."""
    try:
        found = iso(text)
    except (ValueError, OverflowError):
        return None
    return Stated(found, _states_zone(text), text.strip())


def first_moment(*texts: str) -> Stated | None:
    """Return the first of several times that can be read."""
    return next(filter(None, map(moment, texts)), None)


def _states_zone(text: str) -> bool:
    clock = text.strip().replace(" ", "T").partition("T")[2]
    return clock.endswith(("Z", "z")) or "+" in clock or "-" in clock


def report(
    carrier: str, number: str, events: Iterable[CarrierEvent | None], about: Part,
    expected: Stated | None = None,
) -> ParcelReport:  # fmt: skip
    """Return the parcel; an event without a time cannot be told, and its field is named."""
    told = tuple(event for event in events if event is not None)
    return ParcelReport(
        carrier, number, told, expected.at if expected else None, tuple(about.unread)
    )


def event(
    part: Part, when: Stated | None, recorded_at: datetime, *,
    carrier: str, code: str, words: str, where: str, source: str,
) -> CarrierEvent | None:  # fmt: skip
    """Return one event, or nothing where it says no time; that it was there is kept."""
    if when is None:
        part.unread.append(f"{part.at}: no time")
        return None
    return CarrierEvent(
        carrier, code, words.strip(), when.at.astimezone(UTC), recorded_at, where, source,
        when.is_zone_known, when.words,
    )  # fmt: skip


def payload(answer: Any) -> Part:
    """Return an answer as something to read from.

    Raises:
        NotReadableError: it is not an object at all.
    """
    return opened(answer)
