"""Where should this order ship from, why there, and why not elsewhere?

``suggest`` is the one place where a location is proposed. A candidate is judged in this order:
it has every line; it keeps the promise; it leaves the safety stock alone; it costs least (postage
by zone and weight + handling); it is nearest; its code comes first. A rule that refuses a candidate
says which one and with which numbers, so that the reason can be shown as a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final, NamedTuple

from app.domain.delivery import MONDAY_TO_FRIDAY, ServiceLevel, add_working_days, postage
from app.domain.inventory import StockPool
from app.domain.reservation import Claim
from app.domain.routing.choosing import decide
from app.domain.routing.options import Option
from app.domain.routing.parting import apart, two_at_least
from app.domain.routing.reaching import (
    LATE,
    UNKNOWN_WEIGHT_G,
    PoolShelves,
    ReachNetwork,
    shares,
    wanted,
)
from app.domain.rulebook.effects import NOTHING_ASKED, Effects
from app.domain.rulebook.narrowing import attempts, kept_out_by

MAX_PARCELS = 3


@dataclass(frozen=True, slots=True)
class Site:
    """A location as routing sees it. ``handling_cost`` is minor units an order."""

    id: int
    code: str
    name: str
    postcode: str
    time_zone: str
    cut_off: time
    handling_cost: int
    workdays: frozenset[int] = MONDAY_TO_FRIDAY
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Reach:
    """What a site offers one destination today: zone, postal cost level, leaving and arriving."""

    site: Site
    zone: int
    ships_on: date
    arrives_on: date


@dataclass(frozen=True, slots=True)
class Request:
    """One order that needs a location: its claims by line, what was promised, what rules ask."""

    claims: Sequence[Claim]
    level: ServiceLevel
    ship_by: date | None
    deliver_by: date | None
    may_split: bool
    most_parcels: int = MAX_PARCELS
    asked: Effects = NOTHING_ASKED
    parcel_worth: int = 50  # minor units that one parcel may cost more than two
    late_ship: int = 0  # what it costs to leave late, to arrive late, and each day of that
    late_delivery: int = 0
    late_day: int = 0


class Candidate(NamedTuple):
    """One location, judged. ``missing`` is the first SKU that it cannot supply, with numbers;
    ``rule`` the one that keeps it from shipping the order."""

    site_id: int
    zone: int
    postage: int
    handling: int
    ships_on: date
    arrives_on: date
    leaves_late: bool
    arrives_late: bool
    safety_used: int
    missing: tuple[int, int, int] | None = None  # SKU id, needed, free
    rule: str = ""
    lacking: int = 0  # SKUs of which there are not enough
    short_by: int = 0  # units missing of the first of them, its safety stock left alone
    service: str = ""  # where an order may go by several
    blocked: str = ""  # the hard rule that keeps it out, beside stock and the owner's rules
    penalty: int = 0  # what its lateness is expected to cost

    @property
    def is_late(self) -> bool:
        """Whether a promise is broken: it leaves too late, or arrives too late."""
        return self.leaves_late or self.arrives_late

    @property
    def cost(self) -> int:
        """Postage and handling in minor units."""
        return self.postage + self.handling


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one location would ship."""

    candidate: Candidate
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class RoutingSuggestion:
    """The proposal: parcels (none where nothing can ship), and every candidate that was judged.

    ``is_complete`` says whether the parcels hold every claimed unit.
    """

    parcels: tuple[Parcel, ...]
    candidates: tuple[Candidate, ...]
    is_complete: bool

    @property
    def cost(self) -> int:
        """All parcels together, minor units."""
        return sum(parcel.candidate.cost for parcel in self.parcels)


def reach(
    site: Site,
    zone: int,
    ships_on: date,
    level: ServiceLevel,
    resting: frozenset[date] = frozenset(),
) -> Reach:  # cached by the caller
    """Return what a site offers for a zone and service; on ``resting`` days no parcel moves."""
    arrives_on = add_working_days(ships_on, level.days[zone - 1], resting)
    return Reach(site, zone, ships_on, arrives_on)


def suggest(request: Request, reaches: Sequence[Reach], pool: StockPool) -> RoutingSuggestion:
    """Propose where the order ships from; the pool keeps account of the units it would use."""
    goods = _goods(request.claims, pool)
    candidates = tuple([_judged(request, each, goods) for each in reaches])
    parcels: tuple[Parcel, ...] = ()
    is_complete = False
    for tried in attempts(request.asked, [at.site.id for at in reaches]):
        allowed = [at for at in reaches if at.site.id in tried]
        judged = [each for each in candidates if each.site_id in tried]
        alone = _alone(request, allowed, judged, pool)
        found = (alone,) if alone is not None else _proposed(request, allowed, pool)
        covered = sum(len(parcel.claims) for parcel in found)
        is_complete = bool(covered) and covered == len(request.claims)
        parcels = found if is_complete or not parcels else parcels
        if is_complete:
            break
    use(parcels, pool)
    return RoutingSuggestion(parcels, candidates, is_complete)


def as_planned(
    request: Request, reaches: Sequence[Reach], pool: StockPool, at: Mapping[int, int]
) -> RoutingSuggestion | None:
    """Propose the locations (by line) that a plan for all orders has found, if they have the units."""
    by_site = {each.site.id: each for each in reaches}
    share: dict[int, list[Claim]] = {}
    for claim in request.claims:
        share.setdefault(at.get(claim.line_id, 0), []).append(claim)
    if not share or any(site_id not in by_site for site_id in share):
        return None
    parcels = tuple(
        Parcel(judge(request, by_site[site_id], claims, pool), tuple(claims))
        for site_id, claims in sorted(share.items())
    )
    if any(parcel.candidate.missing or parcel.candidate.rule for parcel in parcels):
        return None
    goods = _goods(request.claims, pool)
    candidates = tuple([_judged(request, each, goods) for each in reaches])
    use(parcels, pool)
    return RoutingSuggestion(parcels, candidates, is_complete=True)


def _alone(
    request: Request, reaches: Sequence[Reach], judged: Sequence[Candidate], pool: StockPool
) -> Parcel | None:
    """Return the parcel of the best location that has everything, if no split could be better.

    Each location was judged already. What this chooses, ``decide`` would choose too: it is asked only
    where two parcels could cost less than one, or be in time.
    """
    able = [each for each in judged if each.missing is None]
    if not able or not request.claims:
        return None
    best = min(able, key=lambda each: _rank(request, each))
    if _could_split(request):
        if best.safety_used:
            return None
        most = best.cost + _late_weight(best)
        most -= min(_late_weight(each) for each in judged)
        if _apart_for_less(request, reaches, pool, most):
            return None
    return Parcel(best, tuple(request.claims))


def _apart_for_less(request: Request, reaches: Sequence[Reach], pool: StockPool, most: int) -> bool:
    """Return whether two parcels or more may cost less than that; the cheap question first."""
    if two_at_least(request, reaches, pool) >= most:
        return False
    return apart(request, reaches, _by_line(request.claims), pool).least < most


def _could_split(request: Request) -> bool:
    """Return whether there are lines that may leave apart."""
    return request.may_split and request.claims[0].line_id != request.claims[-1].line_id


def _rank(request: Request, candidate: Candidate) -> tuple[bool, bool, int, int, int, date, int]:
    at, prefer = candidate.site_id, request.asked.prefer
    return (
        candidate.is_late,
        candidate.safety_used > 0,
        candidate.cost + _late_weight(candidate),
        prefer.index(at) if at in prefer else len(prefer),
        candidate.zone,
        candidate.ships_on,
        at,
    )


def _late_weight(candidate: Candidate) -> int:
    """Return what being late weighs beside the cost: each broken promise more than any money."""
    return LATE * (candidate.leaves_late + candidate.arrives_late) + candidate.penalty


def _proposed(request: Request, reaches: Sequence[Reach], pool: StockPool) -> tuple[Parcel, ...]:
    """Return the best parcels from some of the locations, all of the order in them or a part."""
    if not request.claims or not reaches:
        return ()
    if not _could_split(request):
        return _most(request, reaches, pool)
    network, order = ReachNetwork(request, reaches, pool), wanted(request)
    known = apart(request, reaches, _by_line(request.claims), pool)
    found = decide(network, order, PoolShelves(pool, without_safety=True), known)
    if _may_need_safety(request, reaches, found, pool):
        found = min(found, decide(network, order, PoolShelves(pool, without_safety=False), known),
                    key=lambda option: (option.allotment is None, option.is_late))  # fmt: skip
    if found.allotment is None:
        return _most(request, reaches, pool)
    by_site = {at.site.id: at for at in reaches}
    lines = {
        order.lines[share.line].id: place
        for place, mine in zip(found.allotment.places, found.allotment.shares, strict=True)
        for share in mine
    }
    return tuple(
        Parcel(judge(request, by_site[place], claims, pool), tuple(claims))
        for place, claims in shares(request, lines).items()
    )


def _may_need_safety(
    request: Request, reaches: Sequence[Reach], found: Option, pool: StockPool
) -> bool:
    """Return whether the safety stock could ship what cannot ship, or not in time, without it."""
    if not any(claim.sku_id in pool.safety for claim in request.claims):
        return False
    if found.allotment is None:
        return True
    return found.is_late and not all(is_late(request, at) for at in reaches)


class _Goods(NamedTuple):
    """What claims take together: grams, and for each SKU the units, and what lies where of it."""

    weight: int
    needed: tuple[tuple[int, int, Mapping[int, int], Mapping[int, int]], ...]


def _goods(claims: Sequence[Claim], pool: StockPool) -> _Goods:
    units: dict[int, int] = {}
    for claim in claims:
        units[claim.sku_id] = units.get(claim.sku_id, 0) + claim.quantity
    grams, there, safety = pool.weight_g, pool.at, pool.safety
    return _Goods(
        sum([count * grams.get(sku, UNKNOWN_WEIGHT_G) for sku, count in units.items()]),
        tuple([(sku, count, there.get(sku, _NOWHERE), safety.get(sku, _NOWHERE))
               for sku, count in units.items()]),
    )  # fmt: skip


_NOWHERE: Final[Mapping[int, int]] = {}


def judge(request: Request, at: Reach, claims: Sequence[Claim], pool: StockPool) -> Candidate:
    """Judge one location for these claims: what it would cost, and what it cannot do."""
    return _judged(request, at, _goods(claims, pool))


def _judged(request: Request, at: Reach, goods: _Goods) -> Candidate:
    missing: tuple[int, int, int] | None = None
    safety_used = lacking = short_by = 0
    site_id = at.site.id
    for sku_id, units, there, safety in goods.needed:
        free, safe = there.get(site_id, 0), safety.get(site_id, 0)
        if free < units:
            if missing is None:
                missing = (sku_id, units, max(0, free))
                short_by = units - free + safe
            lacking += 1
        elif safe:
            safety_used += max(0, units - max(0, free - safe))
    leaves_late, arrives_late = _leaves_late(request, at), _arrives_late(request, at)
    return Candidate(
        site_id,
        at.zone,
        postage(request.level, at.zone, goods.weight),
        at.site.handling_cost,
        at.ships_on,
        at.arrives_on,
        leaves_late,
        arrives_late,
        safety_used,
        missing,
        kept_out_by(request.asked, site_id) if request.asked.rules else "",
        lacking,
        short_by,
        penalty=lateness(request, at) if leaves_late or arrives_late else 0,
    )


def lateness(request: Request, at: Reach) -> int:
    """Return what the channel is expected to charge for a broken promise, minor units."""
    cost = request.late_ship if _leaves_late(request, at) else 0
    if request.deliver_by is not None and at.arrives_on > request.deliver_by:
        days = (at.arrives_on - request.deliver_by).days
        cost += request.late_delivery + request.late_day * days
    return cost


def is_late(request: Request, at: Reach) -> bool:
    """Return whether a promise is broken: it leaves too late, or arrives too late."""
    return _leaves_late(request, at) or _arrives_late(request, at)


def _leaves_late(request: Request, at: Reach) -> bool:
    return request.ship_by is not None and at.ships_on > request.ship_by


def _arrives_late(request: Request, at: Reach) -> bool:
    return request.deliver_by is not None and at.arrives_on > request.deliver_by


def _most(request: Request, reaches: Sequence[Reach], pool: StockPool) -> tuple[Parcel, ...]:
    """Ship most from one place, where nothing ships all of it."""
    lines = _by_line(request.claims)
    partial = [p for at in reaches if (p := _most_from(request, at, lines, pool)) is not None]
    if not partial:
        return ()
    return (max(partial, key=_worth_of_part),)


def _worth_of_part(parcel: Parcel) -> tuple[int, int, int]:
    return len(parcel.claims), -parcel.candidate.cost, -parcel.candidate.site_id


def _by_line(claims: Sequence[Claim]) -> list[tuple[Claim, ...]]:
    """Group claims by order line: a kit's components travel together."""
    lines: dict[int, list[Claim]] = {}
    for claim in claims:
        lines.setdefault(claim.line_id, []).append(claim)
    return [tuple(line) for line in lines.values()]


class _Left:
    """What is left at the sites while lines are dealt out."""

    def __init__(self, pool: StockPool) -> None:
        self._pool = pool
        self._used: dict[tuple[int, int], int] = {}

    def take(self, site_id: int, line: tuple[Claim, ...]) -> bool:
        """Take a whole line from a site, or nothing."""
        used, at = self._used, self._pool.at
        for claim in line:
            key = (claim.sku_id, site_id)
            if at.get(claim.sku_id, {}).get(site_id, 0) - used.get(key, 0) < claim.quantity:
                return False
        for claim in line:
            key = (claim.sku_id, site_id)
            used[key] = used.get(key, 0) + claim.quantity
        return True


def _most_from(
    request: Request, at: Reach, lines: list[tuple[Claim, ...]], pool: StockPool
) -> Parcel | None:
    left = _Left(pool)
    claims = [claim for line in lines if left.take(at.site.id, line) for claim in line]
    if not claims:
        return None
    return Parcel(judge(request, at, claims, pool), tuple(claims))


def use(parcels: tuple[Parcel, ...], pool: StockPool) -> None:
    """Take the units of parcels from the pool."""
    for parcel in parcels:
        site_id = parcel.candidate.site_id
        for claim in parcel.claims:
            pool.at[claim.sku_id][site_id] -= claim.quantity
