"""When does a parcel leave, when does it arrive, how far does it go, and what does that cost?

Zones follow the carriers' usual distance bands (miles between ZIP3 centres); rates and transit days
are the desk's own policy table, editable as data.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# Upper edge of zones 1..7 in miles; further is zone 8 (USPS and UPS publish the same bands).
ZONE_MILES = (50, 150, 300, 600, 1000, 1400, 1800)
ABROAD = 9
EARTH_MILES = 3958.7613
MONDAY_TO_FRIDAY = frozenset(range(5))

Coordinates = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """One service of the rate table: minor units by zone (1..9) for each weight step, and days.

    ``steps`` pairs an upper weight in grams with nine prices; above the last step every started
    ``extra_g`` costs ``extra`` more. ``days`` are working days in transit by zone (1..9). ``rank`` orders
    services by speed, 0 is slowest; ``words`` are the channels' for it. Where it is offered only from some
    locations, for some channels or to some ZIP3 ``areas`` (or to all but ``not_areas``), those are named;
    ``most_g`` is the heaviest parcel.
    """

    name: str
    steps: tuple[tuple[int, tuple[int, ...]], ...]
    extra_g: int
    extra: tuple[int, ...]
    days: tuple[int, ...]
    rank: int = 1
    words: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    most_g: int | None = None
    takes_hazmat: bool = True
    not_areas: tuple[str, ...] = ()

    @property
    def goes_everywhere(self) -> bool:
        """Return whether it is offered from, for and to everywhere, and takes everything."""
        limits = (self.locations, self.channels, self.areas, self.not_areas)
        return not any(limits) and self.most_g is None and self.takes_hazmat


@dataclass(frozen=True, slots=True)
class RatePolicy:
    """The rate table in force, its version and currency, and which words mean the fast service."""

    version: int
    currency: str
    standard: ServiceLevel
    expedited: ServiceLevel
    expedited_words: tuple[str, ...]
    more: tuple[ServiceLevel, ...] = ()

    @property
    def levels(self) -> tuple[ServiceLevel, ...]:
        """Return every service, the two that orders ask for by word first."""
        return self.standard, self.expedited, *self.more

    @property
    def is_plain(self) -> bool:
        """Return whether an order's words leave one service, which goes everywhere."""
        return not self.more and self.standard.goes_everywhere and self.expedited.goes_everywhere

    def service_for(self, wanted: str) -> ServiceLevel:
        """Return the service level that the channel's words ask for."""
        text = wanted.casefold()
        for each in self.more:
            if any(word in text for word in each.words):
                return each
        fast = any(word in text for word in self.expedited_words)
        return self.expedited if fast else self.standard


def miles(a: Coordinates, b: Coordinates) -> float:
    """Return the great-circle distance."""
    north, south = math.radians(a[0]), math.radians(b[0])
    h = math.sin((south - north) / 2) ** 2
    h += math.cos(north) * math.cos(south) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_MILES * math.asin(min(1.0, math.sqrt(h)))


def zone(distance: float) -> int:
    """Return the zone 1..8 of a distance in miles."""
    return next((n for n, edge in enumerate(ZONE_MILES, 1) if distance <= edge), 8)


def postage(level: ServiceLevel, at_zone: int, weight_g: int) -> int:
    """Return the postage in minor units for a parcel of this weight."""
    column = at_zone - 1
    for edge, prices in level.steps:
        if weight_g <= edge:
            return prices[column]
    edge, prices = level.steps[-1]
    extra_steps = -(-(weight_g - edge) // level.extra_g)
    return prices[column] + extra_steps * level.extra[column]


def workdays_of(signs: str) -> frozenset[int]:
    """Return the days on which people work (Monday is 0) from seven signs, 1 where they do."""
    return frozenset(day for day, works in enumerate(signs) if works == "1")


def is_working_day(day: date) -> bool:
    """Return whether parcels are handed over on this day (Monday to Friday)."""
    return day.weekday() < 5


@lru_cache(maxsize=4096)
def add_working_days(day: date, count: int, resting: frozenset[date] = frozenset()) -> date:
    """Return the working day that lies ``count`` working days after ``day``; none is a ``resting`` one."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day) and day not in resting
    return day


def dispatch_day(
    now: datetime,
    time_zone: str,
    cut_off: time,
    workdays: frozenset[int] = MONDAY_TO_FRIDAY,
    closed: frozenset[date] = frozenset(),
) -> date:
    """Return the local day on which an order accepted now leaves: today before the cut-off, or else
    the next day on which people work there (``workdays`` count from Monday, 0)."""
    local = now.astimezone(ZoneInfo(time_zone))
    day = local.date()
    if local.time() >= cut_off:
        day += timedelta(days=1)
    while day.weekday() not in workdays or day in closed:
        day += timedelta(days=1)
    return day


def is_home(country: str) -> bool:
    """Return whether a country, in the words of a channel, is the one that the desk ships in."""
    return country.strip().casefold() in _HOME


def zip3(postcode: str) -> str:
    """Return the first three digits of a US ZIP, or an empty text."""
    head = postcode.strip()[:3]
    return head if len(head) == 3 and head.isascii() and head.isdigit() else ""


@dataclass(frozen=True, slots=True)
class Geography:
    """Where the middle of each ZIP3 area lies; unknown places count as the farthest zone."""

    centres: Mapping[str, Coordinates]
    zones: dict[tuple[str, str], int] = field(default_factory=dict)  # worked out once each
    fans: dict[tuple[str, ...], Fan] = field(default_factory=dict)

    def fan(self, postcodes: tuple[str, ...]) -> Fan:
        """Return the zones from these starts, remembered for as long as the program runs."""
        return self.fans.setdefault(postcodes, Fan(self, postcodes))

    def zone_between(self, from_postcode: str, to_postcode: str, country: str) -> int:
        """Return the zone from a location to a destination; 9 abroad, 8 where unknown."""
        if not is_home(country):
            return ABROAD
        areas = zip3(from_postcode), zip3(to_postcode)
        found = self.zones.get(areas)
        if found is None:
            start, end = map(self.centres.get, areas)
            found = 8 if start is None or end is None else zone(miles(start, end))
            self.zones[areas] = found
        return found


@dataclass(frozen=True, slots=True)
class Fan:
    """The zones from several starts to one destination after the other."""

    geography: Geography
    starts: tuple[str, ...]
    known: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)

    def zones_to(self, area: str, country: str) -> tuple[int, ...]:
        """Return the zone of a destination (ZIP or its first three digits) from each start."""
        found = self.known.get((area, country))
        if found is None:
            between = self.geography.zone_between
            found = tuple(between(start, area, country) for start in self.starts)
            if len(self.known) < _REMEMBERED:
                self.known[area, country] = found
        return found


_REMEMBERED = 50_000  # destinations; a bound, since country is the buyer's own text
_HOME = frozenset({"", "us", "usa", "united states", "united states of america"})
