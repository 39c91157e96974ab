"""What four carriers do with a month of parcels, with the trouble that was planted: one seed decides it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.domain.tracking.timeline import CarrierEvent

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
# Carrier, service, what share of the parcels it gets, and how fast it is.
HOUSES: Final = (
    ("USPS", "Ground Advantage", 0.45, 1.0), ("UPS", "Ground", 0.3, 0.9),
    ("FedEx", "Home Delivery", 0.15, 0.95), ("DHL eCommerce", "Expedited", 0.1, 1.2),
)  # fmt: skip
# Hours in transit from each place to each state, on a usual way.
WAYS: Final = {
    "EAST": {"MA": 26, "NY": 34, "PA": 42, "FL": 66, "IL": 58, "TX": 82, "CO": 88, "CA": 104},
    "WEST": {"MA": 106, "NY": 104, "PA": 98, "FL": 102, "IL": 78, "TX": 62, "CO": 48, "CA": 26},
}
ZIPS: Final = {"MA": "02139", "NY": "10001", "PA": "19103", "FL": "33101", "IL": "60601",
               "TX": "75201", "CO": "80202", "CA": "94103"}  # fmt: skip
# Each house's own codes for what happens, as its mapper would hand them over.
CODES: Final = {
    "usps": {"label": "GX", "accepted": "03", "moving": "10", "out": "OF", "delivered": "01",
             "attempted": "02", "returning": "09", "lost": "LO", "damaged": "32"},
    "ups": {"label": "MP", "accepted": "OR", "moving": "DP", "out": "OT", "delivered": "FS",
            "attempted": "NH", "returning": "RS", "lost": "LO", "damaged": "DM"},
    "fedex": {"label": "OC", "accepted": "PU", "moving": "DP", "out": "OD", "delivered": "DL",
              "attempted": "DE", "returning": "RS", "lost": "lost", "damaged": "DM"},
}  # fmt: skip
WORDS: Final = {
    "label": "Label created", "accepted": "Accepted", "moving": "In transit",
    "out": "Out for delivery", "delivered": "Delivered", "attempted": "Nobody home",
    "returning": "Return to sender", "lost": "Lost", "damaged": "Damaged",
}  # fmt: skip
TROUBLES: Final = ("unscanned", "stuck", "lost", "attempted", "returning", "damaged")


@dataclass(frozen=True, slots=True)
class Way:
    """What happens to one parcel: events by what they say, and when its trouble begins."""

    number: str
    house: str
    service: str
    origin: str
    state: str
    shipped_at: datetime
    promised_at: datetime
    steps: tuple[tuple[datetime, str], ...]
    trouble: str = ""
    began_at: datetime | None = None

    @property
    def arrives_at(self) -> datetime | None:
        """When it is delivered, if it ever is."""
        return next((at for at, what in self.steps if what == "delivered"), None)

    @property
    def is_bad(self) -> bool:
        """Whether the customer does not get it by the day that was promised."""
        return self.arrives_at is None or self.arrives_at > self.promised_at


@dataclass(slots=True)
class Carriers:
    """The carriers; ``slow`` are ways that take so much longer between two days."""

    rng: Random
    slow: dict[tuple[str, str, str], tuple[datetime, datetime, float]] = field(default_factory=dict)

    def house(self) -> tuple[str, str]:
        """Choose a carrier for a parcel."""
        name, service, _share, _pace = self.rng.choices(HOUSES, [each[2] for each in HOUSES])[0]
        return name, service

    def way(
        self, number: str, house: str, service: str, origin: str, state: str, at: datetime
    ) -> Way:
        """Let a parcel travel as usual."""
        rng, pace = self.rng, next(x[3] for x in HOUSES if x[0] == house)
        usual = WAYS[origin][state] * pace
        hours = usual * rng.lognormvariate(0, 0.13)
        begin, end, factor = self.slow.get((house, origin, state), (at, at, 1.0))
        trouble = "late lane" if begin <= at < end else ""
        hours *= factor if trouble else 1.0
        accepted = _working(at + rng.lognormvariate(1.9, 0.35) * HOUR)
        steps = [(at, "label"), (accepted, "accepted")]
        steps += [(_after(accepted, hours * part), "moving") for part in self._hubs(hours)]
        door = _after(accepted, hours)
        steps += [(door - rng.uniform(2, 6) * HOUR, "out"), (door, "delivered")]
        promised = _after(accepted.replace(hour=23), usual * 1.3 + 20)
        return Way(number, house, service, origin, state, at, promised, tuple(sorted(steps)),
                   trouble, accepted if trouble else None)  # fmt: skip

    def _hubs(self, hours: float) -> Iterator[float]:
        """Give the parts of the way at which it is scanned: every ten hours or so."""
        part = 0.0
        while (part := part + self.rng.uniform(6, 16) / hours) < 0.9:
            yield part

    def troubled(self, way: Way, trouble: str) -> Way:
        """Let something go wrong with a parcel."""
        before, after = self._broken_at(way, trouble)
        began = before[-1][0]
        if trouble in ("unscanned", "stuck"):
            wait = self.rng.uniform(6, 9) * DAY
            later = [(at + wait, what) for at, what in after]
            return replace(way, steps=(*before, *later), trouble=trouble, began_at=began)
        said = {
            "lost": [(began + 9 * DAY, "lost")],
            "attempted": [(began + 5 * HOUR, "attempted"), (began + 74 * HOUR, "delivered")],
            "returning": [(began + 4 * HOUR, "attempted"), (began + 30 * HOUR, "returning")],
            "damaged": [(began + 3 * HOUR, "damaged")],
        }[trouble]
        began = began if trouble == "lost" else said[0][0]
        return replace(way, steps=(*before, *said), trouble=trouble, began_at=began)

    def _broken_at(self, way: Way, trouble: str) -> tuple[list[tuple[datetime, str]], ...]:
        """Part a parcel's way where the trouble begins."""
        kinds = [what for _at, what in way.steps]
        if trouble == "unscanned":
            cut = 1
        elif trouble in ("attempted", "returning"):
            cut = kinds.index("out") + 1
        else:
            cut = self.rng.randint(2, max(2, kinds.index("out")))
        return list(way.steps[:cut]), list(way.steps[cut:])


def events(way: Way, house: str) -> tuple[CarrierEvent, ...]:
    """Return a parcel's way as its carrier reports it, each a little after it happened."""
    codes = CODES.get(house, {})
    return tuple(
        CarrierEvent(house, codes.get(what, ""), WORDS[what], at, at + HOUR / 2,
                     way.state if what in ("out", "delivered") else f"Hub {n}", house)
        for n, (at, what) in enumerate(way.steps)
    )  # fmt: skip


def _working(at: datetime) -> datetime:
    """Move what would happen on a weekend to Monday."""
    while at.weekday() >= 5:
        at += DAY
    return at


def _after(start: datetime, hours: float) -> datetime:
    """Return the time so many hours later, weekends left out."""
    at, left = start, hours
    while left > 0:
        step = min(left, 6.0)
        at = _working(at + step * HOUR)
        left -= step
    return at


def numbers(rng: Random) -> Iterator[str]:
    """Give tracking numbers, each once."""
    count = rng.randrange(10**6)
    while True:
        count += 1
        yield f"SIM{count:09}"


def shares(rng: Random, ways: Sequence[Way], each: int) -> dict[str, str]:
    """Choose which parcels get which trouble: so many of each kind, none twice."""
    chosen = rng.sample([way.number for way in ways], each * len(TROUBLES))
    return {number: TROUBLES[n % len(TROUBLES)] for n, number in enumerate(chosen)}
