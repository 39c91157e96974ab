"""Which carrier services go from a location to an address, in which zone, and for what postage?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from app.domain.delivery import MONDAY_TO_FRIDAY, Coordinates


class Destination(NamedTuple):
    """Where a parcel goes. Without coordinates (a field post office) only the region counts."""

    postcode: str
    region: str
    at: Coordinates | None


class Tariff(Protocol):
    """A price list by zone (1 is nearest)."""

    def reaches(self, zone: int) -> bool:
        """Return whether the list has a price for a zone."""

    def postage(self, zone: int, weight_g: int) -> int:
        """Return the price of a parcel in minor units."""

    def floor(self, zone: int) -> tuple[int, float]:
        """Return a price for a parcel and one for a gram, which no parcel together falls below."""


@dataclass(frozen=True, slots=True)
class PerKilo:
    """A price for each parcel and one for each kilogram, billed in steps of ``step_g``."""

    base: tuple[int | None, ...]
    per_kg: tuple[int, ...]
    step_g: int = 1
    least_g: int = 0

    def reaches(self, zone: int) -> bool:
        """Return whether the list has a price for a zone."""
        return 1 <= zone <= len(self.base) and self.base[zone - 1] is not None

    def postage(self, zone: int, weight_g: int) -> int:
        """Return the price of a parcel in minor units; every started step counts."""
        billed = max(self.least_g, -(-weight_g // self.step_g) * self.step_g)
        return (self.base[zone - 1] or 0) + -(-self.per_kg[zone - 1] * billed // 1000)

    def floor(self, zone: int) -> tuple[int, float]:
        """Return a price for a parcel and one for a gram, which no parcel together falls below."""
        return self.base[zone - 1] or 0, self.per_kg[zone - 1] / 1000


@dataclass(frozen=True)
class Steps:
    """A price by zone for each weight step; above the last, every started ``extra_g`` adds ``extra``."""

    steps: tuple[tuple[int, tuple[int, ...]], ...]
    extra_g: int
    extra: tuple[int, ...]

    def reaches(self, zone: int) -> bool:
        """Return whether the list has a price for a zone."""
        return 1 <= zone <= len(self.extra)

    def postage(self, zone: int, weight_g: int) -> int:
        """Return the price of a parcel in minor units."""
        for edge, prices in self.steps:
            if weight_g <= edge:
                return prices[zone - 1]
        edge, prices = self.steps[-1]
        return prices[zone - 1] + -(-(weight_g - edge) // self.extra_g) * self.extra[zone - 1]

    def floor(self, zone: int) -> tuple[int, float]:
        """Return a price for a parcel and one for a gram, which no parcel together falls below."""
        return self._floors[zone - 1]

    @cached_property
    def _floors(self) -> tuple[tuple[int, float], ...]:
        return tuple(map(self._floor, range(len(self.extra))))

    def _floor(self, column: int) -> tuple[int, float]:
        """Return the steepest line through the first step that lies below all others, and beyond them."""
        prices = [(edge, prices[column]) for edge, prices in self.steps]
        edge, price = prices[0]
        slopes = [(each - price) / (at - edge) for at, each in prices[1:]]
        rate = max(0.0, min([self.extra[column] / self.extra_g, *slopes]))
        base = price - rate * edge
        if base < 0:
            return min(each for _at, each in prices), 0.0
        return int(base), rate


@dataclass(frozen=True, slots=True)
class Farther:
    """A price list on which each zone weighs more than money: where the nearest comes first."""

    plain: Tariff
    weight: int

    def reaches(self, zone: int) -> bool:
        """Return whether the list has a price for a zone."""
        return self.plain.reaches(zone)

    def postage(self, zone: int, weight_g: int) -> int:
        """Return the price of a parcel, and what its zone weighs."""
        return self.plain.postage(zone, weight_g) + self.weight * zone

    def floor(self, zone: int) -> tuple[int, float]:
        """Return a price for a parcel and one for a gram, which no parcel together falls below."""
        base, rate = self.plain.floor(zone)
        return base + self.weight * zone, rate


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """One service of a carrier. ``None`` in a restriction means that there is none.

    ``days`` are delivery days in transit by zone; ``edges`` the miles at which the next zone begins,
    within one region; ``region_zones`` the zone of an address in another region.
    """

    id: int
    level: str
    rank: int
    tariff: Tariff
    days: tuple[int, ...]
    edges: tuple[float, ...]
    region_zones: Mapping[str, int] = field(default_factory=dict)
    places: frozenset[int] | None = None
    channels: frozenset[int] | None = None
    areas: frozenset[str] | None = None
    not_areas: frozenset[str] = frozenset()
    most_g: int | None = None
    takes_hazmat: bool = True
    delivers_on: frozenset[int] = MONDAY_TO_FRIDAY

    def serves(self, place_id: int, postcode: str) -> bool:
        """Return whether it is offered from a location and to a postcode at all."""
        if self.places is not None and place_id not in self.places:
            return False
        area = postcode[:3]
        return area not in self.not_areas and (self.areas is None or area in self.areas)

    def zone(self, distance: float | None, region: str) -> int | None:
        """Return the zone of a distance, or of a region where that decides; ``None``: not served."""
        if distance is None:
            zone = self.region_zones.get(region)
        else:
            zone = 1 + sum(distance > edge for edge in self.edges)
        return zone if zone is not None and self.tariff.reaches(zone) else None

    def carries(self, weight_g: int, hazmat: bool) -> bool:
        """Return whether it takes a parcel of this weight and content."""
        if self.most_g is not None and weight_g > self.most_g:
            return False
        return self.takes_hazmat or not hazmat


class Lane(NamedTuple):
    """A service that goes from a location to an address, and its zone there."""

    service: Service
    zone: int
