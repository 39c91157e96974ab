"""The desk's places, services and channels at this moment, as the routing takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
from app.domain.money import exponent
from app.domain.promising.policy import Backorders
from app.domain.routing.calendar import NO_DAYS, Hours
from app.domain.routing.carriage import Destination, Farther, Service, Steps, Tariff
from app.domain.routing.goods import Item, Wanted
from app.domain.routing.network import Handling, Network, Place
from app.domain.routing.objectives import DEAREST, RELUCTANCE, Aim
from app.domain.routing.options import Option
from app.domain.routing.policy import RoutingPolicy
from app.domain.routing.terms import Terms
from app.models import house
from app.models.inventory import locations
from app.models.promising.sheet import settled_fees
from app.services import geography, policies
from app.services.planning import slots
from app.services.planning.carriers import resting_days

AHEAD: Final = timedelta(days=14)
"""How far a plan looks: beyond that, stock and rules are no longer those of today."""
HOME, SOMEWHERE, AWAY = "home", "somewhere", "abroad"


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
    known: policies.Policies
    known_ranks: dict[tuple[Destination, tuple[int, ...]], Mapping[int, int]] = field(
        default_factory=dict
    )

    def channel(self, code: str) -> int:
        """Return the number of a channel; one of no policy is treated as an own store."""
        return self.channels.get(code, self.channels[""])

    def levels(self, service: str, channel: str) -> frozenset[str]:
        """Return the services that an order may use: the one its words ask for, and what may replace it."""
        also = self.policy.channels.get(channel)
        return frozenset((self.rates.service_for(service).name, *(also.levels if also else ())))

    @property
    def lateness_weight(self) -> int:
        """Return what a broken promise weighs beside what it costs."""
        return self.policy.objectives.weight(Aim.PROMISE)

    def money(self, order: Wanted, option: Option) -> int:
        """Return the postage and handling of what ships, without what objectives weigh beside money.

        Where something else is sent than was ordered, what that costs more counts too.
        """
        parts, aims = option.parts, self.policy.objectives
        farther, lower = aims.weight(Aim.DISTANCE), aims.weight(Aim.RANKING)
        total = parts.shipping + parts.handling + self._instead(order, option)
        if option.allotment is None or not (farther or lower):
            return total
        for at, quote in zip(option.allotment.places, option.quotes, strict=True):
            service = self.network.services[quote.service_id]
            total -= farther * (self.network.zone(service, at, order.to) or 0)
            total -= lower * self.network.places[at].rank
        return total

    def _instead(self, order: Wanted, option: Option) -> int:
        """Return what buyers are given for substitutes, and what those cost more than what was ordered."""
        if option.allotment is None:
            return 0
        found = 0
        for line, way in zip(order.lines, option.allotment.variants, strict=True):
            sent = None if way is None else line.variants[way]
            if sent is not None and sent.pieces and len(line.variants) > 1:
                found += sent.concession - (RELUCTANCE if sent.substitute else 0) - line.worth
                found += sum(self.network.items[sku].cost * units
                             for piece in sent.pieces for sku, units in piece.contents)  # fmt: skip
        return found

    def most_parcels(
        self, channel: str, worth: int | None, asked: int | None, *, follows: bool = False
    ) -> int:
        """Return how many parcels of an order may leave now.

        Below the worth from which the channel's orders are split it is one; what rules ask may be less,
        and a parcel that ``follows`` counts.
        """
        contract = self.known.channel(channel)
        least = contract.split_from
        if least and (worth or 0) < least * 10 ** exponent(self.rates.currency):
            return 1
        return max(1, min(asked or contract.most_parcels, contract.most_parcels) - follows)

    def ranks(self, to: Destination, wished: Sequence[int] = ()) -> Mapping[int, int]:
        """Return how far behind others each place stands for an address: what tells equals apart.

        What rules wish for comes first, then distance and the owner's ranking in the objectives' order.
        """
        key = (to, tuple(wished))
        found = self.known_ranks.get(key)
        if found is None:
            found = self.known_ranks[key] = {
                each.id: self._stands(each, to, wished) for each in self.network.places.values()
            }
        return found

    def _stands(self, place: Place, to: Destination, wished: Sequence[int]) -> int:
        service = next(iter(self.network.services.values()))
        zone = service.zone(self.network.distance(place.id, to), to.region) or ABROAD
        behind = wished.index(place.id) if place.id in wished else len(wished)
        aims = [each.aim for each in self.policy.objectives.order]
        measures = {Aim.DISTANCE: (zone, 10), Aim.RANKING: (place.rank, 10_000)}
        for aim in [each for each in aims if each in measures] or [Aim.DISTANCE]:
            step, most = measures[aim]
            behind = behind * most + min(step, most - 1)
        return behind

    def rank(self, service: str) -> int:
        """Return the rank of the service that an order's words ask for."""
        return self.rates.service_for(service).rank

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


def moment_of(
    db: Connection, now: datetime, items: Mapping[int, Item], *, known: policies.Policies | None = None,
    with_suggested: bool = False,
) -> Moment:  # fmt: skip
    """Read the places and policies in force, or with policies that are ``known``.

    ``with_suggested`` leaves out the parcel slots of orders for which something is suggested.
    """
    known = known or policies.in_force(db)
    zone = ZoneInfo(house.time_zone(db))
    rows = db.execute(_PLACES).all()
    numbers = {code: number for number, code in enumerate(("", *sorted(known.channels)))}
    kept = geography.load()
    today = now.astimezone(zone).date()
    resting = resting_days(today.year) if known.routing.carriers_rest else NO_DAYS
    reader = _Reader(known, numbers, kept, now, resting)
    taken = slots.taken(db, rows, now, with_suggested=with_suggested)
    network = Network(
        now,
        today + AHEAD,
        [reader.place(row, taken.get(row.id, slots.NOTHING)) for row in rows],
        _services(
            known.rates,
            known.routing.objectives.weight(Aim.DISTANCE),
            {row.code: row.id for row in rows},
            numbers,
        ),
        _terms(known, numbers, settled_fees(db)),
        items,
        resting,
    )
    return Moment(
        now, network, known.rates, known.routing, {row.id: row.name for row in rows},
        {row.code: row.id for row in rows}, numbers, zone, kept, known,
    )  # fmt: skip


_PLACES = (
    select(locations)
    .where(locations.c.ships, locations.c.account_id.is_(None))
    .order_by(locations.c.id)
)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes places of locations."""

    known: policies.Policies
    numbers: Mapping[str, int]
    geography: Geography
    now: datetime
    resting: frozenset[date]

    def place(self, row: Any, taken: slots.Taken) -> Place:
        """Return a location as a place; what is ``taken`` of its slots is not offered again."""
        policy = self.known.routing
        work, hours = policy.work(row.code), hours_of(row, policy)
        serves = frozenset(n for code, n in self.numbers.items() if code in work.channels)
        limits = slots.left(row.daily_capacity, work.slots_on, taken, hours, self.now, self.resting)
        return Place(
            id=row.id,
            rank=work.rank,
            region=HOME,
            at=self.geography.centres.get(zip3(row.postcode)),
            hours=hours,
            handling=Handling(
                row.handling_cost + policy.packaging + policy.objectives.weight(Aim.RANKING) * work.rank,
                work.line, work.unit, work.fragile_unit,
            ),
            slots=row.daily_capacity,
            slots_on=limits,
            serves=serves if work.channels else None,
        )  # fmt: skip


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


def _services(
    rates: RatePolicy, farther: int, places: Mapping[str, int], channels: Mapping[str, int]
) -> Iterable[Service]:
    for number, level in enumerate(rates.levels):
        yield Service(
            id=number,
            level=level.name,
            rank=level.rank,
            tariff=_tariff(level, farther),
            days=level.days,
            edges=ZONE_MILES,
            region_zones={HOME: 8, SOMEWHERE: 8, AWAY: ABROAD},
            places=_numbers(level.locations, places),
            channels=_numbers(level.channels, channels),
            areas=frozenset(level.areas) or None,
            not_areas=frozenset(level.not_areas),
            most_g=level.most_g,
            takes_hazmat=level.takes_hazmat,
        )


def _numbers(codes: tuple[str, ...], known: Mapping[str, int]) -> frozenset[int] | None:
    return frozenset(known[code] for code in codes if code in known) if codes else None


def _tariff(level: ServiceLevel, farther: int) -> Tariff:
    plain = Steps(level.steps, level.extra_g, level.extra)
    return Farther(plain, farther) if farther else plain


def _terms(
    known: policies.Policies, numbers: Mapping[str, int], fees: Mapping[str, int]
) -> Iterable[Terms]:  # fmt: skip
    """Return each channel's contract; its fee is what its settlements show, or until then the policy's."""
    aims = known.routing.objectives
    first = aims.weight(Aim.PROMISE)
    for code, number in numbers.items():
        channel = known.channel(code)
        money = known.routing.money(code, channel.kind)
        yield Terms(
            id=number,
            fee_bp=fees.get(code, money.fee_bp),
            may_split=channel.may_split,
            most_parcels=channel.most_parcels,
            split_cost=money.split + aims.parcel_worth + aims.weight(Aim.PARCELS),
            may_substitute=channel.may_substitute,
            may_backorder=channel.backorders is not Backorders.NEVER,
            may_ship_part=channel.backorders is Backorders.LINES,
            backorder_cost=money.backorder + aims.beyond,
            backorder_loss_bp=money.backorder_loss_bp,
            unfilled_cost=money.unfilled + aims.beyond + DEAREST,
            late_ship_cost=money.late_ship + first,
            late_delivery_cost=money.late_delivery + first,
            late_day_cost=money.late_day,
        )
