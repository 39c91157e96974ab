"""What would rules change of the orders that are open? The same decision, written nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.inventory import StockPool
from app.domain.orders import OrderStatus
from app.domain.reservation import Claim
from app.domain.routing import RoutingSuggestion
from app.domain.rulebook.effects import NOTHING_ASKED, Barred, Deeds, Effects
from app.domain.rulebook.facts import OrderFacts
from app.domain.rulebook.text import parsed
from app.models.base import is_state
from app.models.fulfilment import routing_suggestions
from app.models.inventory import locations
from app.models.orders import orders, reservations, total_of_order
from app.models.rules import rulebooks
from app.models.sets import among
from app.services import reserving
from app.services.planning.router import Router, routable
from app.services.policies import Policies
from app.services.rules import deeds
from app.services.rules.asking import Asking
from app.services.rules.in_force import RulesInForce, places, ready

_CHUNK = 500
BATCH = 100  # as many as are asked about in one write unit later


@dataclass(frozen=True, slots=True)
class Moved:
    """An order that would be decided otherwise; money in minor units of ``currency``.

    ``before`` and ``after`` are location names, empty where nothing could ship; ``did`` is what rules
    would do to the order itself.
    """

    order_id: int
    number: str
    before: str
    after: str
    cost_before: int
    cost_after: int
    currency: str
    rules: tuple[str, ...]
    did: tuple[str, ...] = ()

    @property
    def extra(self) -> int:
        """What it would cost more than now."""
        return self.cost_after - self.cost_before


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change: ``asked`` open orders, ``left`` ones that a person has decided on already.

    ``hits`` says to how many of them each rule applies; ``ends`` where the lines of the moved would go.
    """

    asked: int
    left: int
    moved: tuple[Moved, ...]
    hits: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[int, Mapping[int, int]] = field(default_factory=dict)  # order -> line -> location

    @property
    def anew(self) -> dict[str, Any]:
        """What ``refresh_suggestions`` is to be told so that all of it happens."""
        return {
            "order_ids": list(self.order_ids),
            "planned": {key: self.ends[key] for key in self.order_ids if self.ends.get(key)},
        }

    @property
    def order_ids(self) -> tuple[int, ...]:
        """The orders that would be decided otherwise."""
        return tuple(each.order_id for each in self.moved)

    @property
    def extra(self) -> int:
        """What all of them would cost more than now, minor units."""
        return sum(each.extra for each in self.moved)


def preview(
    db: Connection, *, text: str, now: datetime, order_ids: Sequence[int] | None = None
) -> Preview:
    """Return what putting rules in force, and asking them about open orders, would change."""
    parsed(text)
    router = Router(db, now)
    router.rules = RulesInForce(0, ready(text, places(db)))
    return _tried(db, _Trial(db, router), order_ids)


def preview_policies(db: Connection, *, known: Policies, now: datetime) -> Preview:
    """Return what other policies, and suggesting open orders anew by them, would change.

    What suggesting anew by the policies in force would change as well (the stock has moved since) is none of
    their doing, and is left out.
    """
    as_it_is, trial = (_everyone(db, Router(db, now, each)) for each in (None, known))
    _tried(db, as_it_is, None)
    found = _tried(db, trial, None)
    theirs = [x for x in found.moved if trial.ended[x.order_id] != as_it_is.ended[x.order_id]]
    return replace(found, moved=tuple(theirs))


def suggested_otherwise(db: Connection, *, now: datetime) -> Preview:
    """Return what suggesting every open order anew, by the policies in force, would change."""
    return _tried(db, _everyone(db, Router(db, now)), None)


def _everyone(db: Connection, router: Router) -> _Trial:
    trial = _Trial(db, router)
    trial.asks_everyone = True
    return trial


def _tried(db: Connection, trial: _Trial, order_ids: Sequence[int] | None) -> Preview:
    rows = db.execute(_OPEN).all()
    if order_ids is not None:
        wanted = set(order_ids)
        rows = [row for row in rows if row.id in wanted]
    changing = [
        each for at in range(0, len(rows), _CHUNK) for each in trial.asked(rows[at : at + _CHUNK])
    ]
    for at in range(0, len(changing), BATCH):
        trial.batch(changing[at : at + BATCH])
    left = int(db.execute(_DECIDED).scalar() or 0)
    return Preview(len(rows), left, tuple(trial.moved), dict(trial.hits), trial.ends())


_OPEN = (
    select(orders, total_of_order().label("worth"))
    .where(is_state(orders.c.status, OrderStatus.OPEN.value), ~orders.c.fulfilled_by_channel)
    .order_by(orders.c.placed_at, orders.c.id)
)
_DECIDED = select(func.count()).select_from(orders).where(
    is_state(orders.c.status, OrderStatus.ACCEPTED.value, OrderStatus.PARTLY_SHIPPED.value)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Changing:
    """An order of which the rules ask something else now, and what they would do to it."""

    row: Any
    known: Any
    asked: Effects
    did: tuple[str, ...]


def _said_alike(asked: Effects) -> Effects:
    """Return what is asked, whoever asks it."""
    never = tuple(Barred(each.location_id, "") for each in asked.never)
    return replace(asked, rules=(), tiers_by="", never=never, deeds=Deeds())


class _Trial:
    """Decides batch after batch, as the write units would, on stock that it keeps in memory."""

    def __init__(self, db: Connection, router: Router) -> None:
        self._db, self._router = db, router
        self._pool = StockPool()
        self._names = dict(db.execute(select(locations.c.id, locations.c.name)).all())
        self._places = places(db)
        self._texts = dict(db.execute(select(rulebooks.c.version, rulebooks.c.text)).all())
        self.moved: list[Moved] = []
        self.hits: dict[str, int] = defaultdict(int)
        self.ended: dict[int, tuple[dict[tuple[int, int], int], str]] = {}
        self.asks_everyone = False

    def asked(self, rows: Sequence[Any]) -> list[_Changing]:
        """Return the orders of which these rules ask something else than the rules that were asked."""
        ids = [row.id for row in rows]
        known = self._known(ids)
        asking = Asking(self._db, self._router.rules, self._router, ids)
        to_do = asking.to_do()
        lifted = set(deeds.no_longer_held(self._db, ids, asking.of))
        found: list[_Changing] = []
        for row in rows:
            asked = asking.of(row.id)
            for rule in asked.rules:
                self.hits[rule] += 1
            did = to_do[row.id].words if row.id in to_do else ()
            did += ("lift the hold",) if row.id in lifted else ()
            before = self._before(known.get(row.id), asking.told.get(row.id))
            if self.asks_everyone or did or _said_alike(asked) != _said_alike(before):
                found.append(_Changing(row, known.get(row.id), asked, did))
        return found

    def _before(self, known: Any, facts: OrderFacts | None) -> Effects:
        """Return what the rules ask that an order's suggestion was made by."""
        version = known.rulebook_version if known is not None else None
        if version is None or facts is None:
            return NOTHING_ASKED
        text = self._texts.get(version, "")
        return ready(text, self._places).run(facts)

    def batch(self, changing: Sequence[_Changing]) -> None:
        """Decide on some orders."""
        held = self._held([each.row.id for each in changing])
        self._load({r.sku_id for mine in held.values() for r in mine})
        self._give_back(held)
        for each in changing:
            mine, row = held.get(each.row.id, []), each.row
            claims = [Claim(r.order_line_id, r.sku_id, r.quantity) for r in mine]
            answer = self._router.suggest(routable(row), claims, self._pool, each.asked)
            service = self._router.service(each.asked.service or row.service).name
            self.ended[row.id] = (_places(answer), service)
            if each.did or not self._is_same(mine, each.known, answer, service):
                self._note(each, mine, answer)

    def ends(self) -> dict[int, dict[int, int]]:
        """Return the location of each line, by order."""
        return {
            key: {line: place for (line, _sku), place in places.items()}
            for key, (places, _service) in self.ended.items()
        }

    def _is_same(
        self, held: Sequence[Any], known: Any, answer: RoutingSuggestion, service: str
    ) -> bool:
        """Return whether the order would ship from where, and by what, it is suggested to now."""
        before = {(r.order_line_id, r.sku_id): r.suggested_location_id for r in held}
        after: dict[tuple[int, int], int | None] = {**dict.fromkeys(before), **_places(answer)}
        if before != after:
            return False
        return known is None or not answer.parcels or known.explanation["service"] == service

    def _note(self, each: _Changing, held: Sequence[Any], answer: RoutingSuggestion) -> None:
        before = self._said(r.suggested_location_id for r in held)
        after = self._said(_places(answer).values())
        cost = each.known.cost if each.known is not None else 0
        self.moved.append(
            Moved(
                each.row.id, each.row.number, before, after, cost, answer.cost,
                self._router.rates.currency, each.asked.rules, each.did,
            )
        )  # fmt: skip

    def _said(self, ids: Iterable[int | None]) -> str:
        named = dict.fromkeys(self._names.get(each, "") for each in ids if each is not None)
        return " and ".join(named)

    def _held(self, ids: Sequence[int]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in self._db.execute(_HELD, {"orders": ids}):
            found[row.order_id].append(row)
        return found

    def _known(self, ids: Sequence[int]) -> dict[int, Any]:
        return {row.order_id: row for row in self._db.execute(_SUGGESTED, {"orders": ids})}

    def _load(self, sku_ids: set[int]) -> None:
        """Read the stock of SKUs that no batch before has asked about."""
        new = sku_ids - self._pool.at.keys()
        read = reserving.load_pool(self._db, new)
        self._pool.at.update(read.at)
        self._pool.safety.update(read.safety)
        self._pool.weight_g.update(read.weight_g)
        for sku_id in new:
            self._pool.at.setdefault(sku_id, {})

    def _give_back(self, held: Mapping[int, Sequence[Any]]) -> None:
        for mine in held.values():
            for r in mine:
                at = self._pool.at[r.sku_id]
                if r.suggested_location_id in at:
                    at[r.suggested_location_id] += r.quantity


def _places(answer: RoutingSuggestion) -> dict[tuple[int, int], int]:
    return {
        (claim.line_id, claim.sku_id): parcel.candidate.site_id
        for parcel in answer.parcels
        for claim in parcel.claims
    }


_HELD = (
    select(
        reservations.c.order_id,
        reservations.c.order_line_id,
        reservations.c.sku_id,
        reservations.c.quantity,
        reservations.c.suggested_location_id,
    )
    .where(among(reservations.c.order_id, "orders"), reservations.c.state == "held")
    .order_by(reservations.c.id)
)
_SUGGESTED = select(
    routing_suggestions.c.order_id,
    routing_suggestions.c.cost,
    routing_suggestions.c.explanation,
    routing_suggestions.c.rulebook_version,
).where(among(routing_suggestions.c.order_id, "orders"), routing_suggestions.c.state == "open")
