"""Where could an order ship from at this moment, by the policies, the calendar and the rules in force?

A router is made once a write unit and remembers what its orders share: sites, ship days, services. What is
suggested is the domain's answer; here is only what it has to know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from app.domain.delivery import ServiceLevel, dispatch_day, workdays_of
from app.domain.inventory import StockPool
from app.domain.money import exponent
from app.domain.reservation import Claim
from app.domain.routing import (
    Candidate,
    Reach,
    Request,
    RoutingSuggestion,
    Site,
    as_planned,
    is_late,
    judge,
    reach,
    suggest,
)
from app.domain.routing.policy import RoutingPolicy
from app.domain.rulebook.effects import NOTHING_ASKED, Effects
from app.models import house
from app.models.inventory import locations
from app.services import geography, policies
from app.services.planning.carriers import resting_days
from app.services.planning.exactly import Asked, Exactly
from app.services.rules.in_force import in_force


@dataclass(frozen=True, slots=True)
class Routable:
    """What routing needs to know of one order."""

    order_id: int
    channel: str
    postcode: str
    country: str
    service: str
    ship_by: datetime | None
    deliver_by: datetime | None
    worth: int | None = None  # of all of it, minor units
    follows: bool = False  # a parcel of what is short leaves later


def routable(row: Any) -> Routable:
    """Return what routing needs of an order's row."""
    return Routable(
        row.id, row.channel, row.ship_postcode, row.ship_country, row.service,
        row.ship_by, row.deliver_by, getattr(row, "worth", None),
    )  # fmt: skip


class Router:
    """The sites, policies and calendar of one write unit; remembers what many orders share."""

    def __init__(
        self, db: Connection, now: datetime, known: policies.Policies | None = None
    ) -> None:
        self.now = now
        self.policies = known or policies.in_force(db)
        self.rates = self.policies.rates
        self.rules = in_force(db)
        rows = db.execute(_SITES).all()
        self.sites = _sites(rows, self.policies.routing)
        self.exactly = self._network(db, rows)
        self._fan = geography.load().fan(tuple(site.postcode for site in self.sites))
        self._zone = ZoneInfo(house.time_zone(db))
        rests = self.policies.routing.carriers_rest
        self._resting = resting_days(now.year) if rests else frozenset()
        self.move_to(now)
        self._services: dict[str, ServiceLevel] = {}
        self._offers: dict[tuple[int, int, date, str], Reach] = {}
        self._days: dict[datetime, date] = {}
        self._minor_units = 10 ** exponent(self.rates.currency)

    def move_to(self, now: datetime) -> None:
        """Decide as at a moment: only what the clock says of the locations is worked out anew."""
        self.now = now
        self._ships_on = {site.id: self._leaves(site, now) for site in self.sites}
        self._missed = {
            site.id: found for site in self.sites if (found := self._cut_off_missed(site))
        }
        self._reaches: dict[tuple[tuple[int, ...], str], tuple[Reach, ...]] = {}
        if self.exactly is not None:
            self.exactly.move_to(now)

    def _network(self, db: Connection, rows: Sequence[Any]) -> Exactly | None:
        """Return what decides with all that policies can say, if they say more than each order's own."""
        known = self.policies
        limited = any(row.daily_capacity is not None for row in rows)
        if known.routing.is_plain and known.rates.is_plain and not limited:
            return None
        return Exactly(db, known, self.now)

    def suggest(
        self,
        order: Routable,
        claims: Sequence[Claim],
        pool: StockPool,
        asked: Effects = NOTHING_ASKED,
        planned: Mapping[int, int] | None = None,
    ) -> RoutingSuggestion:
        """Propose where one order ships from, as the rules ask; the pool keeps account.

        ``planned`` are the locations, by line, that a plan for the whole queue has found.
        """
        if self.exactly is not None:
            return self.exactly.suggest(_asked(order), claims, pool, asked, planned)
        order = replace(order, service=asked.service) if asked.service else order
        request, reaches = self.request(order, claims, asked), self.reaches(order)
        found = as_planned(request, reaches, pool, planned) if planned else None
        return found or suggest(request, reaches, pool)

    def request(
        self, order: Routable, claims: Sequence[Claim], asked: Effects = NOTHING_ASKED
    ) -> Request:
        """Return the order as the domain's routing takes it; a rule never widens a contract."""
        channel = self.policies.channel(order.channel)
        most = min(asked.max_parcels or channel.most_parcels, channel.most_parcels) - order.follows
        least = channel.split_from * self._minor_units
        may_split = channel.may_split and most > 1 and (order.worth or 0) >= least
        routing = self.policies.routing
        money = routing.money(order.channel, channel.kind)
        return Request(
            claims,
            self.service(order.service),
            self._day(order.ship_by),
            self._day(order.deliver_by),
            may_split,
            most,
            asked,
            money.split + routing.objectives.parcel_worth,
            money.late_ship,
            money.late_delivery,
            money.late_day,
        )

    def by_hand(
        self, order: Routable, claims: Sequence[Claim], at: Mapping[int, int], pool: StockPool
    ) -> list[Candidate]:
        """Judge the locations that a person chose for each line."""
        found = self.exactly.by_hand(_asked(order), claims, at, pool) if self.exactly else []
        if found:
            return found
        by_place: dict[int, list[Claim]] = defaultdict(list)
        for claim in claims:
            by_place[at[claim.line_id]].append(claim)
        return [
            judge(self.request(order, by_place[each.site.id]), each, by_place[each.site.id], pool)
            for each in self.reaches(order)
            if each.site.id in by_place
        ]

    def reaches(self, order: Routable) -> tuple[Reach, ...]:
        """Return what each site offers the order's destination."""
        level = self.service(order.service)
        zones = self._fan.zones_to(order.postcode[:3], order.country)
        found = self._reaches.get((zones, level.name))
        if found is None:
            found = self._reaches[zones, level.name] = tuple(
                self._reach(site, zone, self._ships_on[site.id], level)
                for site, zone in zip(self.sites, zones, strict=True)
            )
        return found

    def _reach(self, site: Site, zone: int, leaves: date, level: ServiceLevel) -> Reach:
        key = (site.id, zone, leaves, level.name)
        found = self._offers.get(key)
        if found is None:
            found = self._offers[key] = reach(site, zone, leaves, level, self._resting)
        return found

    def zone(self, site_id: int, postcode: str, country: str) -> int:
        """Return how far a destination is from a site."""
        zones = self._fan.zones_to(postcode[:3], country)
        return next(
            zone for site, zone in zip(self.sites, zones, strict=True) if site.id == site_id
        )

    def service(self, wanted: str) -> ServiceLevel:
        """Return the service level that the channel's words ask for."""
        found = self._services.get(wanted)
        if found is None:
            found = self._services[wanted] = self.rates.service_for(wanted)
        return found

    def missed(
        self, order: Routable, candidates: Sequence[Candidate], asked: Effects = NOTHING_ASKED
    ) -> dict[int, int]:
        """Return, by location, by how many minutes its cut-off was missed, where that made it late."""
        late = [each for each in candidates if each.is_late and each.site_id in self._missed]
        if not late:
            return {}
        level = self.service(asked.service or order.service)
        promised = Request((), level, self._day(order.ship_by), self._day(order.deliver_by), False)
        found: dict[int, int] = {}
        for each in late:
            minutes, site, leaves = self._missed[each.site_id]
            sooner = self._reach(site, each.zone, leaves, level)
            if not is_late(promised, sooner):
                found[each.site_id] = minutes
        return found

    def _cut_off_missed(self, site: Site) -> tuple[int, Site, date] | None:
        """Return how many minutes too late it is to leave a site today, and that day."""
        local = self.now.astimezone(ZoneInfo(site.time_zone))
        cut_off = datetime.combine(local.date(), site.cut_off, local.tzinfo)
        if local < cut_off:
            return None
        leaves = self._leaves(site, cut_off - timedelta(minutes=1))
        minutes = (local - cut_off) // timedelta(minutes=1) + 1
        return (minutes, site, leaves) if leaves == local.date() else None

    def _leaves(self, site: Site, at: datetime) -> date:
        return dispatch_day(
            at, site.time_zone, site.cut_off, site.workdays, site.closed | self._resting
        )

    def _day(self, moment: datetime | None) -> date | None:
        if moment is None:
            return None
        found = self._days.get(moment)
        if found is None:
            found = self._days[moment] = moment.astimezone(self._zone).date()
        return found


def _asked(order: Routable) -> Asked:
    return Asked(order.channel, order.postcode, order.country, order.service, order.ship_by,
                 order.deliver_by, order.worth, order.follows)  # fmt: skip


def _sites(rows: Sequence[Any], policy: RoutingPolicy) -> tuple[Site, ...]:
    return tuple(
        Site(
            row.id, row.code, row.name, row.postcode, row.time_zone,
            time.fromisoformat(row.cut_off), row.handling_cost + policy.packaging,
            workdays_of(row.working_days), frozenset(map(date.fromisoformat, row.closed_on)),
        )
        for row in rows
    )  # fmt: skip


_SITES = select(locations).where(locations.c.ships).order_by(locations.c.id)
