"""Take a plan over into the suggestions: all of it, or some orders of it.

Where the plan sends something else than was ordered, the line gives its units back and reserves those of
the substitute; what that frees goes to the lines that wait for it in the same plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.orders import OrderStatus
from app.domain.reservation import Claim
from app.domain.roles import Actor, Permission
from app.models.inventory import stock_levels
from app.models.orders import order_lines, orders, reservations
from app.models.sets import among
from app.services import audit, policies, reclaiming, reserving, routing
from app.services.standing_in import StandIns

Places = Mapping[int, Mapping[int, int]]
"""Order -> line -> location; 0 where none was suggested."""
Sending = Mapping[int, Mapping[int, int]]
"""Order -> line -> the SKU that is reserved for it instead of what is."""
_UNDECIDED = (OrderStatus.OPEN, OrderStatus.PARTLY_SHIPPED)


def take_plan(
    db: Connection, actor: Actor, *, planned: Places, now: datetime,
    sending: Sending | None = None, letting_go: Collection[int] = (),
) -> Changes:  # fmt: skip
    """Suggest the planned locations for these orders; nothing is decided by it.

    An order is skipped when it was decided meanwhile, or when the units it would get are suggested to
    an order that is not among these. Lines that are ``letting_go`` wait again: so a plan is undone.
    """
    actor.must(Permission.WORK)
    ids, sending = sorted(planned), sending or {}
    waiting = _let_go(db, actor, ids, letting_go, now)
    known = _units(db, ids, planned)
    done, skipped = _judged(db, planned, sending, known, now)
    held = {key: [each for each in known[key] if each.is_held] for key in done}
    filled = [each.line_id for key in done for each in known[key] if not each.is_held]
    swapped = _swap(db, actor, {key: sending[key] for key in done if key in sending}, held, now)
    if filled or waiting:
        reclaiming.reclaim(db, actor, sorted({*done, *waiting}), now=now)
    wholly = {key: planned[key] for key in done if all(planned[key].values())}
    routing.resuggest(db, done, now=now, planned=wholly)
    freed = {sku for lines in swapped.values() for sku in lines.values()}
    if freed:
        reclaiming.reclaim_for_skus(db, actor, freed, now=now)
    before = {key: {each.line_id: each.place for each in mine} for key, mine in held.items()}
    opposite: dict[str, object] = {"planned": before, "sending": swapped, "letting_go": filled}
    return Changes(
        f"Take over the plan for {counted(len(done), 'order')}",
        Touched.ORDERS | Touched.STOCK | Touched.CASES,
        tuple(done),
        tuple(skipped),
        Undo("take_plan", opposite) if done else None,
    )


class _Units(NamedTuple):
    """What a line has reserved, with its suggested place (0: none), or waits for."""

    line_id: int
    sku_id: int
    quantity: int
    place: int
    is_held: bool = True


Known = Mapping[int, Sequence[_Units]]
"""By order, the units of its lines."""


def _units(db: Connection, ids: Sequence[int], planned: Places) -> Known:
    found: dict[int, list[_Units]] = defaultdict(list)
    for row in db.execute(_HELD, {"orders": ids}):
        place = row.suggested_location_id or 0
        found[row.order_id].append(_Units(row.order_line_id, row.sku_id, row.quantity, place))
    for row in db.execute(_SHORT, {"orders": ids}):
        if row.id in planned[row.order_id]:
            units = row.quantity * row.pack
            found[row.order_id].append(_Units(row.id, row.sku_id, units, 0, is_held=False))
    return found


def _judged(
    db: Connection, planned: Places, sending: Sending, known: Known, now: datetime
) -> tuple[list[int], list[Skipped]]:
    """Return the orders that can be taken over, and the others with what keeps them."""
    rows = db.execute(_ORDERS, {"orders": sorted(planned)}).all()
    free, allowed = _Free(db, known, sending), _Allowed(db, sending, now)
    done: list[int] = []
    skipped: list[Skipped] = []
    for row in sorted(
        rows, key=lambda each: each.id not in sending
    ):  # what they free is there then
        mine, at = known.get(row.id, ()), planned[row.id]
        if row.status not in _UNDECIDED or (at and not mine):
            skipped.append(Skipped(row.number, "it was decided meanwhile"))
        elif not at.keys() <= {each.line_id for each in mine}:
            skipped.append(Skipped(row.number, "it has changed since the plan was made"))
        elif not allowed.all_of(row):
            skipped.append(
                Skipped(row.number, "what it would get instead is not approved any more")
            )
        elif not free.take(mine, at, sending.get(row.id, {})):
            skipped.append(Skipped(row.number, _TAKEN))
        else:
            done.append(row.id)
    return done, skipped


_TAKEN = "the units it would get are suggested to another order, or have left"


class _Allowed:
    """May lines get these SKUs? They were ordered, or are approved for the channel."""

    def __init__(self, db: Connection, sending: Sending, now: datetime) -> None:
        lines = sorted({line for sends in sending.values() for line in sends})
        self._sending = sending
        self._ordered = dict(db.execute(_ORDERED, {"lines": lines}).all()) if lines else {}
        self._stand_ins = StandIns(db, policies.in_force(db), now)

    def all_of(self, order: Any) -> bool:
        """Return whether an order may get all that it is to be sent instead."""
        return all(
            sku in (ordered := self._ordered[line], *self._stand_ins.others(order.channel, ordered))
            for line, sku in self._sending.get(order.id, {}).items()
        )


class _Free:
    """What is free once the orders' own suggestions are forgotten: at the locations, and to be reserved."""

    def __init__(self, db: Connection, known: Known, sending: Sending) -> None:
        units = [each for mine in known.values() for each in mine]
        new = {sku for sends in sending.values() for sku in sends.values()}
        wanted = sorted({each.sku_id for each in units} | new)
        rows = db.execute(_FREE, {"skus": wanted})
        self._free = {(sku, place): units for sku, place, units in rows}
        self._claimable = reserving.load_pool(db, wanted).claimable
        for each in units:
            if each.place:
                key = (each.sku_id, each.place)
                self._free[key] = self._free.get(key, 0) + each.quantity

    def take(self, mine: Sequence[_Units], at: Mapping[int, int], sends: Mapping[int, int]) -> bool:
        """Take an order's units where they are planned, or nothing."""
        there, claims = _needed(mine, at, sends)
        if any(self._free.get(key, 0) < units for key, units in there.items()):
            return False
        if any(self._claimable.get(sku, 0) < units for sku, units in claims.items()):
            return False
        for key, units in there.items():
            self._free[key] -= units
        for sku, units in claims.items():
            self._claimable[sku] -= units
        for each in mine:
            if each.line_id in sends:
                self._claimable[each.sku_id] += each.quantity
        return True


def _needed(
    mine: Sequence[_Units], at: Mapping[int, int], sends: Mapping[int, int]
) -> tuple[dict[tuple[int, int], int], dict[int, int]]:
    """Return the units that an order needs by SKU and location, and what it has to reserve of each SKU."""
    there: dict[tuple[int, int], int] = defaultdict(int)
    claims: dict[int, int] = defaultdict(int)
    for each in mine:
        sku = sends.get(each.line_id, each.sku_id)
        if place := at.get(each.line_id):
            there[sku, place] += each.quantity
        if sku != each.sku_id or not each.is_held:
            claims[sku] += each.quantity
    return there, claims


# ---- what is reserved -----------------------------------------------------------------------------


def _swap(
    db: Connection, actor: Actor, sending: Sending, known: Known, now: datetime
) -> dict[int, dict[int, int]]:
    """Reserve other SKUs for these lines; return what they had, by order and line."""
    lines = {line for sends in sending.values() for line in sends}
    if not lines:
        return {}
    origin = reserving.origin_of(actor.name, "desk", now)
    account = dict(db.execute(_ACCOUNTS, {"orders": sorted(sending)}).all())
    reserving.release_lines(db, sorted(sending), lines, origin)
    swapped = {
        key: [each for each in known[key] if each.line_id in sends]
        for key, sends in sending.items()
    }
    claims = [
        (key, account[key], Claim(each.line_id, sending[key][each.line_id], each.quantity), None)
        for key, mine in swapped.items()
        for each in mine
    ]
    reserving.write_claims(db, claims, origin)
    audit.record(db, actor, now, *_deeds(swapped, sending))
    return {key: {each.line_id: each.sku_id for each in mine} for key, mine in swapped.items()}


def _deeds(swapped: Known, sending: Sending) -> Iterable[audit.Deed]:
    for key, mine in swapped.items():
        yield audit.Deed(
            "reserve another SKU", f"order:{key}", "as planned",
            {str(each.line_id): each.sku_id for each in mine},
            {str(each.line_id): sending[key][each.line_id] for each in mine},
        )  # fmt: skip


def _let_go(
    db: Connection, actor: Actor, ids: Sequence[int], lines: Collection[int], now: datetime
) -> set[int]:
    """Let lines wait again that a plan had found units for; return their orders."""
    if not lines:
        return set()
    held = [row for row in db.execute(_HELD, {"orders": ids}) if row.order_line_id in lines]
    found = sorted({row.order_line_id for row in held})
    reserving.release_lines(db, ids, found, reserving.origin_of(actor.name, "desk", now))
    db.execute(_WAITS, {"lines": found})
    return {row.order_id for row in held}


_ORDERS = (
    select(orders.c.id, orders.c.number, orders.c.status, orders.c.channel)
    .where(among(orders.c.id, "orders"))
    .order_by(orders.c.placed_at, orders.c.id)
)
_ACCOUNTS = select(orders.c.id, orders.c.account_id).where(among(orders.c.id, "orders"))
_HELD = (
    select(reservations)
    .where(among(reservations.c.order_id, "orders"), reservations.c.state == "held")
    .order_by(reservations.c.id)
)
_SHORT = (
    select(
        order_lines.c.id, order_lines.c.order_id, order_lines.c.sku_id, order_lines.c.quantity,
        order_lines.c.pack,
    )
    .where(among(order_lines.c.order_id, "orders"), order_lines.c.claim == "short")
    .order_by(order_lines.c.id)
)  # fmt: skip
_ORDERED = select(order_lines.c.id, order_lines.c.sku_id).where(among(order_lines.c.id, "lines"))
_WAITS = order_lines.update().where(among(order_lines.c.id, "lines")).values(claim="short")
_level = stock_levels.c
_FREE = select(
    _level.sku_id,
    _level.location_id,
    _level.on_hand - _level.unavailable - _level.allocated - _level.suggested,
).where(among(_level.sku_id, "skus"))
