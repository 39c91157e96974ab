"""Suggest where one order ships from with everything that the policies can say.

A desk whose policies limit nothing that orders share is suggested by one look at each location
(:func:`app.domain.routing.suggest`). As soon as they say more (parcels a day, places for some channels,
units held, services that replace others, other objectives), each order is decided as in a plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.domain.inventory import StockPool
from app.domain.reservation import Claim
from app.domain.routing import Candidate, Parcel, RoutingSuggestion, use
from app.domain.routing.calendar import ShipDay
from app.domain.routing.choosing import decide
from app.domain.routing.given import given
from app.domain.routing.goods import Contents, Item, OrderLine, Piece, Variant, Wanted
from app.domain.routing.judging import Loser, losers
from app.domain.routing.objectives import Aim
from app.domain.routing.options import Option, Outcome, Quote
from app.domain.routing.preferring import prefer
from app.domain.routing.reaching import UNKNOWN_WEIGHT_G
from app.domain.routing.shelves import Shelves
from app.domain.rulebook.effects import NOTHING_ASKED, Effects
from app.domain.rulebook.narrowing import attempts, kept_out_by
from app.models.catalogue import skus
from app.models.sets import among
from app.services.planning.network import moment_of
from app.services.policies import Policies


class Asked(NamedTuple):
    """One order as it is asked about: where it goes, by what, until when, and what it is worth."""

    channel: str
    postcode: str
    country: str
    service: str
    ship_by: datetime | None
    deliver_by: datetime | None
    worth: int | None
    follows: bool = False  # a parcel of what is short leaves later


class Exactly:
    """The network of one write unit. Goods are read once for all orders of a pool."""

    def __init__(self, db: Connection, known: Policies, now: datetime) -> None:
        self._db, self._known = db, known
        self._items: dict[int, Item] = {}
        self._codes: dict[str, int] = {}
        self.moment = moment_of(db, now, self._items, known=known, with_suggested=True)
        self.network = self.moment.network
        self._parcels: dict[tuple[int, date], int] = {}

    def move_to(self, now: datetime) -> None:
        """Decide as at another moment."""
        if now != self.moment.now:
            self.moment = moment_of(self._db, now, self._items, known=self._known)
            self.network = self.moment.network

    def suggest(
        self, order: Asked, claims: Sequence[Claim], pool: StockPool, asked: Effects,
        planned: Mapping[int, int] | None = None,
    ) -> RoutingSuggestion:  # fmt: skip
        """Propose where the order ships from; the pool and the parcel slots keep account."""
        self._read_goods(pool)
        wanted = self.wanted(order, claims, asked)
        shelves = self._shelves(pool, without_safety=False)
        found = self._as_planned(wanted, planned, shelves) if planned else None
        lines = tuple(line.id for line in wanted.lines)
        if found is None:
            found = self._decide(wanted, asked, pool) if claims else None
        if found is None and claims:
            found, lines = self._part(wanted, asked, pool)
        candidates = self._candidates(wanted, asked, pool, shelves)
        parcels = self._take(wanted, found, lines, claims, pool)
        covered = sum(len(each.claims) for each in parcels)
        return RoutingSuggestion(parcels, candidates, bool(covered) and covered == len(claims))

    def by_hand(
        self, order: Asked, claims: Sequence[Claim], at: Mapping[int, int], pool: StockPool
    ) -> list[Candidate]:
        """Judge the places that a person chose, by line; none where nothing goes from there."""
        self._read_goods(pool)
        wanted = self.wanted(order, claims, NOTHING_ASKED)
        found = given(self.network, wanted, at)
        if found is None or found.allotment is None:
            return []
        on = found.allotment
        return [
            self._candidate(wanted, place, contents, quote, pool)
            for place, contents, quote in zip(on.places, on.contents, found.quotes, strict=True)
        ]

    def wanted(self, order: Asked, claims: Sequence[Claim], asked: Effects) -> Wanted:
        """Return the order as the routing takes it; a rule never widens a contract."""
        moment, by_line = self.moment, dict[int, dict[int, int]]()
        for claim in claims:
            units = by_line.setdefault(claim.line_id, {})
            units[claim.sku_id] = units.get(claim.sku_id, 0) + claim.quantity
        service = asked.service or order.service
        return Wanted(
            id=0,
            turn=0,
            channel_id=moment.channel(order.channel),
            lines=tuple(self._line(key, units) for key, units in by_line.items()),
            to=moment.destination(order.postcode, order.country),
            ship_by=moment.end_of_day(order.ship_by),
            deliver_by=moment.day(order.deliver_by),
            least_rank=moment.rank(service),
            barred=frozenset(each.location_id for each in asked.never),
            most_parcels=moment.most_parcels(
                order.channel, order.worth, asked.max_parcels, follows=order.follows
            ),
            levels=moment.levels(service, order.channel),
            ranks=moment.ranks(moment.destination(order.postcode, order.country), asked.prefer),
        )

    def _line(self, key: int, units: Mapping[int, int]) -> OrderLine:
        worth = sum(self._items[sku].cost * count for sku, count in units.items())
        piece = Piece(tuple(sorted(units.items())), 1)
        return OrderLine(key, (Variant((piece,)),), worth, 0)

    def _decide(self, wanted: Wanted, asked: Effects, pool: StockPool) -> Option | None:
        """Return the best way to ship all of it: tier after tier, safety stock only where it helps."""
        places = list(self.network.places)
        for tried in attempts(asked, places):
            tier = replace(wanted, barred=frozenset(places) - frozenset(tried))
            found = self._best(tier, asked, self._shelves(pool, without_safety=True))
            if (found is None or found.is_late) and self._has_safety(tier, pool):
                other = self._best(tier, asked, self._shelves(pool, without_safety=False))
                found = min(found, other, key=_usefulness)
            if found is not None:
                return found
        return None

    def _best(self, wanted: Wanted, asked: Effects, shelves: Shelves) -> Option | None:
        found = decide(self.network, wanted, shelves)
        on = found.allotment
        if on is None or on.later:
            return None
        aims = self.moment.policy.objectives
        if not aims.tries_others:
            return found
        return prefer(self.network, wanted, shelves, found, aims, asked.prefer)

    def _part(
        self, wanted: Wanted, asked: Effects, pool: StockPool
    ) -> tuple[Option | None, tuple[int, ...]]:
        """Return the way to ship most of it from one place, and the lines of that."""
        shelves = self._shelves(pool, without_safety=False)
        tries = sorted(
            ((lines, place) for place in self.network.places if (lines := self._fits(wanted, place, shelves))),
            key=lambda each: (-len(each[0]), each[1]),
        )  # fmt: skip
        for lines, place in tries:
            others = frozenset(self.network.places) - {place}
            part = replace(wanted, lines=lines, barred=wanted.barred | others, most_parcels=1)
            if (found := self._best(part, asked, shelves)) is not None:
                return found, tuple(line.id for line in lines)
        return None, ()

    def _fits(self, wanted: Wanted, place: int, shelves: Shelves) -> tuple[OrderLine, ...]:
        used: dict[int, int] = {}
        found: list[OrderLine] = []
        for line in wanted.lines:
            contents = line.variants[0].pieces[0].contents
            if all(shelves.free(sku, place, wanted.channel_id) - used.get(sku, 0) >= units
                   for sku, units in contents):  # fmt: skip
                found.append(line)
                for sku, units in contents:
                    used[sku] = used.get(sku, 0) + units
        return tuple(found)

    def _as_planned(
        self, wanted: Wanted, planned: Mapping[int, int], shelves: Shelves
    ) -> Option | None:
        found = given(self.network, wanted, planned)
        if found is None or found.allotment is None:
            return None
        on = found.allotment
        fits = all(
            shelves.there(sku, place) >= units
            for place, contents in zip(on.places, on.contents, strict=True)
            for sku, units in contents
        )
        return found if fits else None

    # ---- what is there --------------------------------------------------------------------------

    def _read_goods(self, pool: StockPool) -> None:
        unknown = [sku for sku in pool.claimable.keys() | pool.at.keys() if sku not in self._items]
        if not unknown:
            return
        for row in self._db.execute(_GOODS, {"skus": sorted(unknown)}):
            weight = UNKNOWN_WEIGHT_G if row.weight_g is None else row.weight_g
            self._items[row.id] = Item(weight, row.cost or 0, row.is_fragile, row.is_hazmat)
            self._codes[row.code] = row.id

    def _shelves(self, pool: StockPool, *, without_safety: bool) -> _PoolShelves:
        shelves = _PoolShelves(pool, self._held(), without_safety=without_safety)
        for (place, day), count in self._parcels.items():
            shelves.hand_over(place, day, count)
        return shelves

    def _held(self) -> dict[tuple[int, int], dict[int, int]]:
        """Return the units held for channels, as far as their SKUs are asked about here."""
        moment, found = self.moment, dict[tuple[int, int], dict[int, int]]()
        for each in moment.policy.held:
            cell = self._codes.get(each.sku, 0), moment.codes.get(each.location, 0)
            if all(cell):
                mine = found.setdefault(cell, {})
                channel = moment.channel(each.channel)
                mine[channel] = mine.get(channel, 0) + each.units
        return found

    def _has_safety(self, wanted: Wanted, pool: StockPool) -> bool:
        return any(sku in pool.safety for line in wanted.lines
                   for sku, _units in line.variants[0].pieces[0].contents)  # fmt: skip

    # ---- the answer -----------------------------------------------------------------------------

    def _take(
        self, wanted: Wanted, found: Option | None, lines: Sequence[int], claims: Sequence[Claim],
        pool: StockPool,
    ) -> tuple[Parcel, ...]:  # fmt: skip
        """Take what the way needs from the pool and the slots; return its parcels."""
        on = found.allotment if found is not None else None
        if found is None or on is None:
            return ()
        parcels = []
        for place, contents, shares, quote in zip(
            on.places, on.contents, on.shares, found.quotes, strict=True
        ):
            mine = {lines[share.line] for share in shares}
            day = self._day(place, quote)
            self._parcels[place, day.day] = self._parcels.get((place, day.day), 0) + 1
            candidate = self._candidate(wanted, place, contents, quote, pool)
            parcels.append(Parcel(candidate, tuple(c for c in claims if c.line_id in mine)))
        use(tuple(parcels), pool)
        return tuple(parcels)

    def _candidates(
        self, wanted: Wanted, asked: Effects, pool: StockPool, shelves: Shelves
    ) -> tuple[Candidate, ...]:
        """Judge every place for the whole order as it was before the order took anything."""
        if not wanted.lines:
            return ()
        judged = [
            self._lost(wanted, each, asked, pool)
            for each in losers(self.network, wanted, _NOTHING, shelves)
        ]
        return tuple(sorted(judged, key=lambda each: each.site_id))

    def _lost(self, wanted: Wanted, each: Loser, asked: Effects, pool: StockPool) -> Candidate:
        rule = kept_out_by(asked, each.place_id) if asked.rules else ""
        if each.quote is not None:
            there = self._candidate(wanted, each.place_id, each.contents, each.quote, pool)
            return there._replace(rule=rule)
        days = self.network.ship_days(each.place_id)
        day = days[0].day if days else self.network.now.date()
        short = each.short
        blocked = "" if each.blocked_by == "stock_exceeded" else each.blocked_by
        if rule and blocked == "location_not_eligible":
            blocked = ""
        return Candidate(
            each.place_id, 0, 0, 0, day, day, False, False, 0, short, rule, each.lacking,
            short[1] - short[2] if short else 0, blocked=blocked,
        )  # fmt: skip

    def _candidate(
        self, wanted: Wanted, place: int, contents: Contents, quote: Quote, pool: StockPool
    ) -> Candidate:
        network = self.network
        service = network.services[quote.service_id]
        zone = network.zone(service, place, wanted.to) or 0
        day = self._day(place, quote).day
        aims = self.moment.policy.objectives
        lane = next(each for each in network.lanes(place, wanted) if each.service.id == service.id)
        return Candidate(
            place, zone,
            quote.postage - aims.weight(Aim.DISTANCE) * zone,
            network.handling(place, contents) - aims.weight(Aim.RANKING) * network.places[place].rank,
            day, network.arrival(lane, day), quote.leaves_late, quote.days_late > 0,
            self._safety_used(place, contents, pool),
            service=service.level,
            penalty=self._penalty(wanted, quote),
        )  # fmt: skip

    def _penalty(self, wanted: Wanted, quote: Quote) -> int:
        terms, first = self.network.terms[wanted.channel_id], self.moment.lateness_weight
        cost = terms.lateness(quote.leaves_late, quote.days_late)
        return cost - first * (quote.leaves_late + (quote.days_late > 0))

    def _safety_used(self, place: int, contents: Contents, pool: StockPool) -> int:
        used = 0
        for sku, units in contents:
            free = pool.at.get(sku, {}).get(place, 0)
            safety = pool.safety.get(sku, {}).get(place, 0)
            used += max(0, units - max(0, free - safety))
        return used

    def _day(self, place: int, quote: Quote) -> ShipDay:
        return self.network.ship_days(place)[quote.day]


class _PoolShelves(Shelves):
    """The pool of a batch as shelves; what is held for other channels is not free.

    ``without_safety`` leaves the safety stock alone.
    """

    def __init__(
        self, pool: StockPool, holding: Mapping[tuple[int, int], Mapping[int, int]], *,
        without_safety: bool,
    ) -> None:  # fmt: skip
        super().__init__({})
        self._pool, self._holding, self._without_safety = pool, holding, without_safety

    def free(self, sku_id: int, place_id: int, channel_id: int) -> int:
        """Return the units that one more order of a channel could take."""
        left = self.there(sku_id, place_id)
        held = self._holding.get((sku_id, place_id))
        if held is None:
            return left
        return left - sum(units for channel, units in held.items() if channel != channel_id)

    def there(self, sku_id: int, place_id: int) -> int:
        """Return the units left, for whichever channel they are held."""
        left = self._pool.at.get(sku_id, {}).get(place_id, 0)
        if self._without_safety:
            left -= self._pool.safety.get(sku_id, {}).get(place_id, 0)
        return left


_NOTHING = Option(Outcome.EXCEPTION, 0)


def _usefulness(option: Option | None) -> tuple[bool, bool]:
    """Return what counts between a way without safety stock and one with it."""
    return option is None, option is not None and option.is_late


_GOODS = select(
    skus.c.id, skus.c.code, skus.c.weight_g, skus.c.cost, skus.c.is_fragile, skus.c.is_hazmat
).where(among(skus.c.id, "skus"))
