"""How long does it usually take? Learnt from the parcels that this desk has sent, by carrier, service and lane.

Three legs are timed: from the label to the first scan, between two scans, and from the first scan to the
door. Days on which nobody collects do not count. Where a lane has too few parcels the next wider circle is
asked: any destination, any origin, any service, and last a table of usual times.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.delivery import is_working_day

FEWEST: Final = 30  # parcels of which a lane's habit can be told
FENCE: Final = 3.0  # times the middle half's width above it: beyond that something went wrong
STEPS: Final = (*range(0, 100, 5), 99, 100)  # the percentiles that are kept
ANY: Final = ""
_DAY: Final = timedelta(days=1)


class Leg(StrEnum):
    """What is timed."""

    FIRST_SCAN = "first scan"
    QUIET = "between scans"
    TRANSIT = "to the door"


@dataclass(frozen=True, slots=True)
class Lane:
    """A carrier's service from an area (ZIP3) to a region (state, or country abroad)."""

    carrier: str
    service: str = ANY
    origin: str = ANY
    region: str = ANY

    def circles(self) -> Iterator[Lane]:
        """Give the lane and the wider circles around it, the narrowest first."""
        yield self
        yield Lane(self.carrier, self.service, self.origin)
        yield Lane(self.carrier, self.service)
        yield Lane(self.carrier)


@dataclass(frozen=True, slots=True)
class Clock:
    """How many hours a leg takes: a value for each of ``STEPS``, of ``count`` parcels; 0 is a usual time."""

    points: tuple[float, ...]
    count: int = 0
    lane: Lane | None = None

    def hours(self, percent: int) -> float:
        """Return the hours within which so many of a hundred parcels are through."""
        return self.points[STEPS.index(percent)]

    def longer_than(self, hours: float) -> float:
        """Return which share of the parcels takes longer."""
        return 1 - bisect_right(self.points, hours) / len(self.points)

    def chance_by(self, hours: float, *, after: float) -> float:
        """Return the chance to be through within ``hours``, of a parcel that is not after ``after``."""
        if hours <= after:
            return 0.0
        open_still = self.longer_than(after)
        if open_still:
            return 1 - self.longer_than(hours) / open_still
        # Slower than all: the longer something lasts already, the longer it still lasts.
        left, beyond = hours - after, max(1.0, after - self.hours(50))
        return left / (left + beyond)


@dataclass(frozen=True, slots=True)
class Sample:
    """What one parcel of the past took, in hours; nothing where that leg is not over."""

    lane: Lane
    first_scan: float | None = None
    quiet: float | None = None
    transit: float | None = None

    def of(self, leg: Leg) -> float | None:
        """Return the hours of a leg."""
        known = {
            Leg.FIRST_SCAN: self.first_scan,
            Leg.QUIET: self.quiet,
            Leg.TRANSIT: self.transit,
        }
        return known[leg]


@dataclass(frozen=True, slots=True)
class Clocks:
    """What is known of each lane and leg, and the usual times of everywhere else."""

    learnt: Mapping[tuple[Leg, Lane], Clock] = field(default_factory=dict)

    def of(self, leg: Leg, lane: Lane) -> Clock:
        """Return the clock of the narrowest circle that has enough parcels."""
        found = (self.learnt.get((leg, circle)) for circle in lane.circles())
        return next(filter(None, found), None) or usual(leg, lane.service)


def learn(samples: Iterable[Sample]) -> dict[tuple[Leg, Lane], Clock]:
    """Return a clock for every circle of every leg that has parcels enough."""
    hours: dict[tuple[Leg, Lane], list[float]] = defaultdict(list)
    for sample in samples:
        for leg in Leg:
            took = sample.of(leg)
            if took is not None:
                for circle in dict.fromkeys(sample.lane.circles()):
                    hours[leg, circle].append(took)
    return {
        (leg, lane): Clock(points_of(as_usual(took)), len(took), lane)
        for (leg, lane), took in hours.items()
        if len(took) >= FEWEST
    }


def as_usual(took: Iterable[float]) -> list[float]:
    """Return the hours in order, without those far out: what went wrong before is no habit of the lane."""
    ordered = sorted(took)
    low, high = ordered[len(ordered) // 4], ordered[len(ordered) * 3 // 4]
    fence = high + FENCE * max(high - low, 1.0)
    return [each for each in ordered if each <= fence]


def points_of(ordered: Sequence[float]) -> tuple[float, ...]:
    """Return the value at each of ``STEPS`` of ordered numbers, by nearest rank."""
    last = len(ordered) - 1
    return tuple(round(ordered[min(last, -(-each * len(ordered) // 100))], 2) for each in STEPS)


_FAST: Final = (
    "express",
    "overnight",
    "next day",
    "2nd day",
    "2day",
    "second day",
    "1 day",
    "priority",
)
# Hours at the 5th, 50th, 95th and 99th percentile where nothing is known yet: wide on purpose.
_USUAL: Final[Mapping[Leg, tuple[float, float, float, float]]] = {
    Leg.FIRST_SCAN: (2, 8, 24, 36),
    Leg.QUIET: (8, 20, 48, 72),
    Leg.TRANSIT: (24, 72, 144, 192),
}


def usual(leg: Leg, service: str) -> Clock:
    """Return the time of a table, for a lane of which nothing is known."""
    half = leg is not Leg.FIRST_SCAN and any(word in service for word in _FAST)
    low, middle, high, last = (each / 2 if half else each for each in _USUAL[leg])
    points = [_between(each, low, middle, high, last) for each in STEPS]
    return Clock(tuple(points))


def _between(percent: int, low: float, middle: float, high: float, last: float) -> float:
    known = ((0, low / 2), (5, low), (50, middle), (95, high), (99, last), (100, last * 1.2))
    for (below, left), (above, right) in pairwise(known):
        if percent <= above:
            return round(left + (right - left) * (percent - below) / (above - below), 2)
    raise ValueError(f"there is no percentile {percent}")


def hours_between(start: datetime, end: datetime, zone: ZoneInfo) -> float:
    """Return the hours from one time to another, without the days on which nobody collects."""
    if end <= start:
        return 0.0
    total = end - start
    begin, stop = start.astimezone(zone), end.astimezone(zone)
    day = begin.date()
    while day <= stop.date():
        if not is_working_day(day):
            midnight = datetime.combine(day, datetime.min.time(), zone)
            total -= max(timedelta(), min(stop, midnight + _DAY) - max(begin, midnight))
        day += _DAY
    return max(0.0, total / timedelta(hours=1))
