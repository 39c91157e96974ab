"""What is true of parcels at the loopback carriers, whatever the desk believes?

One `Depot` is one shipper's account at one carrier. It speaks no carrier's language: the dialects in
``carriers.py`` do, over the same scans.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.sync.loopback.shop import Shop


class Seen(StrEnum):
    """What a carrier saw of a parcel."""

    LABEL = "label"
    PICKED_UP = "picked up"
    MOVING = "moving"
    OUT = "out for delivery"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan. ``offset`` is the zone of its place; ``has_zone`` says whether the carrier states it.

    ``code`` stands in place of the carrier's usual one.
    """

    at: datetime
    seen: Seen
    city: str = "Reno"
    state: str = "NV"
    postcode: str = "89501"
    offset: timedelta = timedelta(hours=-8)
    has_zone: bool = True
    code: str = ""


_WAY: Final = (
    (Seen.LABEL, 0),
    (Seen.PICKED_UP, 1),
    (Seen.MOVING, 2),
    (Seen.OUT, 4),
    (Seen.DELIVERED, 5),
)


@dataclass(slots=True)
class Depot(Shop):
    """One shipper's account at a carrier. ``step``, if it is set, sends every parcel that is asked for on
    its way, a scan each so often: so that a desk can practise. ``begun`` says since when, or that the carrier
    does not have it."""

    parcels: dict[str, list[Scan]] = field(default_factory=dict)
    step: timedelta | None = None
    begun: Callable[[str], datetime | None] | None = None

    def scan(self, number: str, seen: Seen, at: datetime | None = None, **more: object) -> Scan:
        """Let the carrier see a parcel."""
        made = Scan(at or self.now(), seen, **more)  # type: ignore[arg-type]
        self.parcels.setdefault(number, []).append(made)
        return made

    def way(self, number: str) -> list[Scan]:
        """Return what was seen of a parcel by now, latest first; nothing if it is not known."""
        if self.step is not None and number not in self.parcels:
            begun = self.now() if self.begun is None else self.begun(number)
            if begun is not None:
                for seen, steps in _WAY:
                    self.scan(number, seen, begun + self.step * steps)
        scans = [x for x in self.parcels.get(number, ()) if x.at <= self.now()]
        return sorted(scans, key=lambda x: x.at, reverse=True)
