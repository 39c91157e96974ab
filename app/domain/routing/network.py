"""Which places, services and channels are there, and what do they offer at this moment?

A :class:`Network` is one moment of the brand, without its orders and its stock. It remembers what
many orders share: ship days, distances, lanes and arrivals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from app.domain.delivery import Coordinates, miles
from app.domain.routing.calendar import NO_DAYS, Hours, ShipDay, arrives_on
from app.domain.routing.carriage import Destination, Lane, Service
from app.domain.routing.goods import Contents, Item, Wanted
from app.domain.routing.terms import Terms


class Handling(NamedTuple):
    """What a location's work costs: for each parcel, each SKU in it, each unit, each fragile unit."""

    parcel: int = 0
    line: int = 0
    unit: int = 0
    fragile_unit: int = 0


NO_HANDLING = Handling()


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A location that ships. ``slots`` are parcels a day (``None``: as many as come).

    ``slots_on`` overrides them for a date, such as what is left of today; ``serves`` are the channels
    that it may ship for (``None``: all). ``rank`` is the owner's ranking, 1 is best.
    """

    id: int
    rank: int
    region: str
    at: Coordinates | None
    hours: Hours
    handling: Handling = NO_HANDLING
    slots: int | None = None
    slots_on: Mapping[date, int | None] = field(default_factory=dict)
    serves: frozenset[int] | None = None

    def may_serve(self, order: Wanted) -> bool:
        """Return whether it may ship for the order's channel, and no rule bars it."""
        if self.id in order.barred:
            return False
        return self.serves is None or order.channel_id in self.serves

    def slots_of(self, day: date) -> int | None:
        """Return how many parcels it can hand over on a day; ``None``: as many as come."""
        return self.slots_on.get(day, self.slots)


class Network:
    """The places, services, channels and goods of one moment."""

    def __init__(
        self,
        now: datetime,
        last_ship_date: date,
        places: Iterable[Place],
        services: Iterable[Service],
        terms: Iterable[Terms],
        items: Mapping[int, Item],
        holidays: frozenset[date] = NO_DAYS,
        landed: Mapping[tuple[int, int], int] | None = None,
    ) -> None:
        self.now, self.last_ship_date, self.holidays = now, last_ship_date, holidays
        self.places = {place.id: place for place in sorted(places, key=lambda each: each.id)}
        self.services = {each.id: each for each in sorted(services, key=lambda each: each.id)}
        self.terms = {each.id: each for each in terms}
        self.items = items
        self.landed = landed or {}
        self._days: dict[int, tuple[ShipDay, ...]] = {}
        self._lanes: dict[tuple[object, ...], tuple[Lane, ...]] = {}
        self._miles: dict[tuple[int, Destination], float | None] = {}
        self._arrivals: dict[tuple[int, int, date], date] = {}

    def ship_days(self, place_id: int) -> tuple[ShipDay, ...]:
        """Return the days on which a place can hand over what is decided now."""
        found = self._days.get(place_id)
        if found is None:
            hours = self.places[place_id].hours
            found = hours.ship_days(self.now, self.last_ship_date, self.holidays)
            self._days[place_id] = found
        return found

    def serving(self, order: Wanted) -> list[Place]:
        """Return the places that may ship an order and have a day left to do it."""
        return [
            place
            for place in self.places.values()
            if place.may_serve(order) and self.ship_days(place.id)
        ]

    def lanes(self, place_id: int, order: Wanted) -> tuple[Lane, ...]:
        """Return the services that may carry an order from a place."""
        key = (place_id, order.channel_id, order.least_rank, order.levels, order.to)
        found = self._lanes.get(key)
        if found is None:
            found = self._lanes[key] = tuple(
                Lane(service, zone)
                for service in self.services.values()
                if self.bar(service, order) is None
                and (zone := self.zone(service, place_id, order.to)) is not None
            )
        return found

    def bar(self, service: Service, order: Wanted) -> str | None:
        """Return the rule that keeps an order off a service, whatever the place; else ``None``."""
        if service.channels is not None and order.channel_id not in service.channels:
            return "service_not_eligible"
        levels = self.terms[order.channel_id].levels
        if levels is not None and service.level not in levels:
            return "level_not_allowed"
        if order.levels is not None and service.level not in order.levels:
            return "level_not_allowed"
        if order.least_rank is not None and service.rank < order.least_rank:
            return "level_downgraded"
        return None

    def zone(self, service: Service, place_id: int, to: Destination) -> int | None:
        """Return a service's zone from a place to an address; ``None`` where it does not go."""
        if not service.serves(place_id, to.postcode):
            return None
        return service.zone(self.distance(place_id, to), to.region)

    def distance(self, place_id: int, to: Destination) -> float | None:
        """Return the miles to an address in the place's own region; ``None`` to any other."""
        key = (place_id, to)
        if key not in self._miles:
            place = self.places[place_id]
            near = to.region == place.region and place.at and to.at
            self._miles[key] = miles(place.at, to.at) if near and place.at and to.at else None
        return self._miles[key]

    def arrival(self, lane: Lane, leaves: date) -> date:
        """Return the day on which a parcel arrives that leaves on a day."""
        service = lane.service
        key = (service.id, lane.zone, leaves)
        found = self._arrivals.get(key)
        if found is None:
            days = service.days[lane.zone - 1]
            found = arrives_on(leaves, days, service.delivers_on, self.holidays)
            self._arrivals[key] = found
        return found

    def weight(self, contents: Contents) -> int:
        """Return the grams of a parcel's contents."""
        items = self.items
        return sum(items[sku].weight_g * units for sku, units in contents)

    def has_hazmat(self, contents: Contents) -> bool:
        """Return whether a parcel holds dangerous goods."""
        return any(self.items[sku].hazmat for sku, _units in contents)

    def handling(self, place_id: int, contents: Contents) -> int:
        """Return what a place's work on a parcel costs, minor units."""
        per = self.places[place_id].handling
        units = sum(units for _sku, units in contents)
        fragile = sum(units for sku, units in contents if self.items[sku].fragile)
        return per.parcel + per.line * len(contents) + per.unit * units + per.fragile_unit * fragile

    def worth(self, place_id: int, contents: Contents) -> int:
        """Return what a parcel's contents cost the brand as they lie at a place, minor units."""
        return sum(
            self.landed.get((sku, place_id), self.items[sku].cost) * units
            for sku, units in contents
        )
