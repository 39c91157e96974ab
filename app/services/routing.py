"""Suggest where orders ship from, and carry out what the operator decides.

A suggestion changes no stock; a decision turns an order's reservation into an allocation at the
chosen locations and opens one fulfilment order for each of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from app.domain.cases import CaseDraft, CaseKind
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
from app.models.bulk import insert_rows
from app.models.fulfilment import routing_suggestions
from app.models.identity import Identity
from app.models.inventory import locations
from app.models.orders import orders, reservations, total_of_order
from app.services import geography, policies, reserving
from app.services.cases import open_cases, resolve_cases
from app.services.ledger import plan_suggested
from app.services.planning.carriers import resting_days
from app.services.planning.exactly import Asked, Exactly
from app.services.rules import deeds
from app.services.rules.asking import Asking
from app.services.rules.in_force import in_force
from app.services.standing_in import NOTHING_BESIDE, Beside, beside_of


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
                reach(site, zone, self._ships_on[site.id], level, self._resting)
                for site, zone in zip(self.sites, zones, strict=True)
            )
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

    def missed(self, candidate: Candidate, order: Routable) -> dict[str, Any]:
        """Return by how many minutes a location's cut-off was missed, if that made it late."""
        if candidate.site_id not in self._missed:
            return {}
        minutes, leaves = self._missed[candidate.site_id]
        site = next(each for each in self.sites if each.id == candidate.site_id)
        request = self.request(order, ())
        sooner = reach(site, candidate.zone, leaves, request.level, self._resting)
        return {} if is_late(request, sooner) else {"missed": minutes}

    def _cut_off_missed(self, site: Site) -> tuple[int, date] | None:
        """Return how many minutes too late it is to leave today, and that day."""
        local = self.now.astimezone(ZoneInfo(site.time_zone))
        cut_off = datetime.combine(local.date(), site.cut_off, local.tzinfo)
        if local < cut_off:
            return None
        leaves = self._leaves(site, cut_off - timedelta(minutes=1))
        minutes = (local - cut_off) // timedelta(minutes=1) + 1
        return (minutes, leaves) if leaves == local.date() else None

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


def suggestion_row(
    suggestion_id: int,
    order: Routable,
    suggestion: RoutingSuggestion,
    router: Router,
    asked: Effects = NOTHING_ASKED,
    done: frozenset[str] = frozenset(),
    beside: Beside = NOTHING_BESIDE,
) -> dict[str, Any]:
    """Return the row that keeps a suggestion, with everything that explains it.

    ``done`` is what rules have done to the order, now or before; ``beside`` what else is told of it.
    """
    return {
        "id": suggestion_id,
        "order_id": order.order_id,
        "state": "open",
        "cost": suggestion.cost,
        "currency": router.rates.currency,
        "policy_version": router.rates.version,
        "rulebook_version": router.rules.version if router.rules else None,
        "service": asked.service or None,
        "explanation": {
            **_explanation(order, suggestion, router, asked, done),
            **beside.as_told(),
        },
        "made_at": router.now,
    }


def places(suggestion: RoutingSuggestion) -> dict[Claim, int]:
    """Return the location that the suggestion gives to each claim."""
    return {
        claim: parcel.candidate.site_id for parcel in suggestion.parcels for claim in parcel.claims
    }


def no_location_case(
    order_id: int, number: str, money: int, currency: str, due: datetime | None
) -> CaseDraft:
    """Return the case of an order that no allowed combination of locations can ship whole."""
    return CaseDraft(
        CaseKind.NO_LOCATION, "order", order_id,
        f"Order {number}: no allowed location has all of it",
        money, currency, order_id, due_at=due,
    )  # fmt: skip


def resuggest(
    db: Connection,
    order_ids: Sequence[int],
    *,
    now: datetime,
    planned: Mapping[int, Mapping[int, int]] | None = None,
) -> None:
    """Work out the suggestions of open orders anew: stock, address or policy has changed.

    ``planned`` are the locations that a plan gives to orders, by line.
    """
    if not order_ids:
        return
    reserving.forget_suggested(db, order_ids)
    db.execute(
        routing_suggestions.update()
        .where(routing_suggestions.c.order_id.in_(order_ids), routing_suggestions.c.state == "open")
        .values(state="superseded")
    )
    claims = _held_claims(db, order_ids)
    pool = reserving.load_pool(db, {c.sku_id for held in claims.values() for c, _id in held})
    router = Router(db, now)
    _write_suggestions(
        db,
        _routables(db, order_ids),
        claims,
        pool,
        router,
        Asking(db, router.rules, router, order_ids),
        planned or {},
    )


def _write_suggestions(
    db: Connection,
    rows: Sequence[Any],
    claims: dict[int, list[tuple[Claim, int]]],
    pool: StockPool,
    router: Router,
    asking: Asking,
    planned_at: Mapping[int, Mapping[int, int]],
) -> None:
    ids = Identity(db, routing_suggestions)
    planned: dict[tuple[int, int], int] = defaultdict(int)
    suggested: list[dict[str, Any]] = []
    located: list[dict[str, Any]] = []
    incomplete: list[CaseDraft] = []
    routed: list[int] = []
    units = {key: [claim for claim, _id in mine] for key, mine in claims.items()}
    told = beside_of(db, rows, units, pool, router.policies, router.now)
    for row in rows:
        held, beside = claims.get(row.id, []), told.get(row.id, NOTHING_BESIDE)
        order = replace(routable(row), follows=beside.follows)
        asked = asking.of(row.id)
        answer = router.suggest(order, units.get(row.id, ()), pool, asked, planned_at.get(row.id))
        suggested.append(suggestion_row(
            ids.take(routing_suggestions), order, answer, router, asked, asking.done_to(row.id), beside
        ))  # fmt: skip
        at = places(answer)
        for claim, reservation_id in held:
            if claim in at:
                planned[claim.sku_id, at[claim]] += claim.quantity
                located.append({"key": reservation_id, "place": at[claim]})
        if answer.is_complete:
            routed.append(row.id)
        elif held:
            incomplete.append(
                no_location_case(row.id, row.number, row.worth or 0, row.currency, row.ship_by)
            )
    if suggested:
        insert_rows(db, routing_suggestions, suggested)
    if located:
        db.execute(_LOCATE, located)
    plan_suggested(db, planned)
    _mark_routed(db, [row.id for row in rows], routed)
    resolve_cases(
        db, [CaseKind.NO_LOCATION], "order", routed,
        resolution="A location has everything now.", now=router.now,
    )  # fmt: skip
    open_cases(db, incomplete, now=router.now)
    deeds.do(db, asking.to_do(), now=router.now)


_LOCATE = (
    reservations.update()
    .where(reservations.c.id == bindparam("key"))
    .values(suggested_location_id=bindparam("place"))
)


def _mark_routed(db: Connection, all_ids: Sequence[int], routed: Sequence[int]) -> None:
    db.execute(orders.update().where(orders.c.id.in_(all_ids)).values(is_routed=False))
    if routed:
        db.execute(orders.update().where(orders.c.id.in_(routed)).values(is_routed=True))


def routable(row: Any) -> Routable:
    """Return what routing needs of an order's row."""
    return Routable(
        row.id, row.channel, row.ship_postcode, row.ship_country, row.service,
        row.ship_by, row.deliver_by, getattr(row, "worth", None),
    )  # fmt: skip


def _routables(db: Connection, order_ids: Sequence[int]) -> Sequence[Any]:
    return db.execute(
        select(orders, total_of_order().label("worth"))
        .where(orders.c.id.in_(order_ids))
        .order_by(orders.c.id)
    ).all()


def _held_claims(db: Connection, order_ids: Sequence[int]) -> dict[int, list[tuple[Claim, int]]]:
    found: dict[int, list[tuple[Claim, int]]] = defaultdict(list)
    query = (
        select(reservations)
        .where(reservations.c.order_id.in_(order_ids), reservations.c.state == "held")
        .order_by(reservations.c.id)
    )
    for row in db.execute(query):
        claim = Claim(row.order_line_id, row.sku_id, row.quantity)
        found[row.order_id].append((claim, row.id))
    return found


def _explanation(
    order: Routable,
    suggestion: RoutingSuggestion,
    router: Router,
    asked: Effects,
    done: frozenset[str],
) -> dict[str, Any]:
    told = {
        **_told(suggestion, order, router),
        "service": router.service(asked.service or order.service).name,
        "policies": router.policies.versions,
    }
    if router.rules is None:
        return told
    rules: dict[str, Any] = {"version": router.rules.version, "met": list(asked.rules)}
    if done:
        rules["done"] = sorted(done)
    if asked.needs:
        rules["needs"] = list(asked.needs)
    return {**told, "rules": rules}


def _told(suggestion: RoutingSuggestion, order: Routable, router: Router) -> dict[str, Any]:
    return {
        "complete": suggestion.is_complete,
        "parcels": [
            {
                "location": parcel.candidate.site_id,
                "units": [[c.line_id, c.sku_id, c.quantity] for c in parcel.claims],
                **_judged(parcel.candidate),
            }
            for parcel in suggestion.parcels
        ],
        "candidates": [
            {
                "location": each.site_id,
                **_ruled(each),
                **_judged(each),
                **(router.missed(each, order) if each.is_late else {}),
            }
            for each in suggestion.candidates
        ],
    }


def _ruled(candidate: Candidate) -> dict[str, Any]:
    told: dict[str, Any] = {"rule": candidate.rule} if candidate.rule else {}
    if candidate.blocked:
        told["blocked"] = candidate.blocked
    if candidate.missing is not None:
        told |= {"missing": candidate.missing, "lacking": candidate.lacking,
                 "short_by": candidate.short_by}  # fmt: skip
    return told


def _judged(candidate: Candidate) -> dict[str, Any]:
    """Return what a location offers; what is not so is not said: this is half of what a store holds."""
    return {
        "zone": candidate.zone,
        "postage": candidate.postage,
        "handling": candidate.handling,
        "ships_on": candidate.ships_on.isoformat(),
        "arrives_on": candidate.arrives_on.isoformat(),
        **({"late": True} if candidate.is_late else {}),
        **({"safety_used": candidate.safety_used} if candidate.safety_used else {}),
        **({"service": candidate.service} if candidate.service else {}),
        **({"penalty": candidate.penalty} if candidate.penalty else {}),
    }


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
