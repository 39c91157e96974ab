"""The desk's places, services and channels at this moment, as the routing takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from app.domain.delivery import (
    ABROAD,
    ZONE_MILES,
    Geography,
    RatePolicy,
    ServiceLevel,
    is_home,
    workdays_of,
    zip3,
)
from app.domain.routing.calendar import NO_DAYS, Hours
from app.domain.routing.carriage import Destination, Service, Steps
from app.domain.routing.goods import Item
from app.domain.routing.network import Handling, Network, Place
from app.domain.routing.policy import RoutingPolicy
from app.domain.routing.terms import Terms
from app.models import house
from app.models.inventory import locations
from app.services import geography, policies
from app.services.planning.carriers import resting_days

MOST_PARCELS: Final = 3
AHEAD: Final = timedelta(days=14)
"""How far a plan looks: beyond that, stock and rules are no longer those of today."""
HOME, SOMEWHERE, AWAY = "home", "somewhere", "abroad"
LATE_BEYOND_MONEY: Final = 1_000_000
"""What a broken promise weighs beside money when the promise comes first; no order is worth more."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The network of one moment, and how the desk's words for channels and services lead into it."""

    now: datetime
    network: Network
    rates: RatePolicy
    policy: RoutingPolicy
    names: Mapping[int, str]
    codes: Mapping[str, int]
    channels: Mapping[str, int]
    zone: ZoneInfo
    geography: Geography

    def channel(self, code: str) -> int:
        """Return the number of a channel; one of no policy is treated as an own store."""
        return self.channels.get(code, self.channels[""])

    def levels(self, service: str) -> frozenset[str]:
        """Return the service level that an order's words ask for."""
        return frozenset((self.rates.service_for(service).name,))

    def destination(self, postcode: str, country: str) -> Destination:
        """Return where an order goes: the middle of its ZIP3 area, or only a region."""
        if not is_home(country):
            return Destination("", AWAY, None)
        area = zip3(postcode)
        centre = self.geography.centres.get(area)
        return Destination(area, HOME if centre else SOMEWHERE, centre)

    def end_of_day(self, moment: datetime | None) -> datetime | None:
        """Return the end of the desk's day that a deadline falls on: a day is kept until its end."""
        if moment is None:
            return None
        day = moment.astimezone(self.zone).date()
        return datetime.combine(day, time(23, 59, 59), tzinfo=self.zone)

    def day(self, moment: datetime | None) -> date | None:
        """Return the desk's day of a moment."""
        return None if moment is None else moment.astimezone(self.zone).date()


def moment_of(db: Connection, now: datetime, items: Mapping[int, Item]) -> Moment:
    """Read the places and policies in force."""
    known = policies.in_force(db)
    zone = ZoneInfo(house.time_zone(db))
    rows = db.execute(_PLACES).all()
    numbers = {code: number for number, code in enumerate(("", *sorted(known.channels)))}
    kept = geography.load()
    today = now.astimezone(zone).date()
    network = Network(
        now,
        today + AHEAD,
        [_place(row, known.routing, numbers, kept) for row in rows],
        _services(known.rates),
        _terms(known, numbers),
        items,
        resting_days(today.year) if known.routing.carriers_rest else NO_DAYS,
    )
    return Moment(
        now, network, known.rates, known.routing, {row.id: row.name for row in rows},
        {row.code: row.id for row in rows}, numbers, zone, kept,
    )  # fmt: skip


_PLACES = (
    select(locations)
    .where(locations.c.ships, locations.c.account_id.is_(None))
    .order_by(locations.c.id)
)


def _place(row: Any, policy: RoutingPolicy, numbers: Mapping[str, int], kept: Geography) -> Place:
    work = policy.work(row.code)
    centre = kept.centres.get(zip3(row.postcode))
    serves = frozenset(number for code, number in numbers.items() if code in work.channels)
    return Place(
        id=row.id,
        rank=work.rank,
        region=HOME,
        at=centre,
        hours=hours_of(row, policy),
        handling=Handling(row.handling_cost, work.line, work.unit, work.fragile_unit),
        slots=row.daily_capacity,
        slots_on=work.slots_on,
        serves=serves if work.channels else None,
    )


def hours_of(row: Any, policy: RoutingPolicy) -> Hours:
    """Return when a location works, from its row and the policy."""
    work = policy.work(row.code)
    return Hours(
        row.time_zone,
        time.fromisoformat(row.cut_off),
        work.pickup,
        workdays_of(row.working_days),
        frozenset(map(date.fromisoformat, row.closed_on)),
        work.handling_days,
    )


def _services(rates: RatePolicy) -> Iterable[Service]:
    for number, level in enumerate((rates.standard, rates.expedited)):
        yield Service(
            id=number,
            level=level.name,
            rank=number,
            tariff=_tariff(level),
            days=level.days,
            edges=ZONE_MILES,
            region_zones={HOME: 8, SOMEWHERE: 8, AWAY: ABROAD},
        )


def _tariff(level: ServiceLevel) -> Steps:
    return Steps(level.steps, level.extra_g, level.extra)


def _terms(known: policies.Policies, numbers: Mapping[str, int]) -> Iterable[Terms]:
    first = LATE_BEYOND_MONEY if known.routing.promise_first else 0
    for code, number in numbers.items():
        channel = known.channel(code)
        money = known.routing.money(code, channel.kind)
        yield Terms(
            id=number,
            fee_bp=money.fee_bp,
            may_split=channel.may_split,
            most_parcels=MOST_PARCELS,
            split_cost=money.split + known.routing.parcel_worth,
            unfilled_cost=money.unfilled + 2 * first,
            late_ship_cost=money.late_ship + first,
            late_delivery_cost=money.late_delivery + first,
            late_day_cost=money.late_day,
        )
