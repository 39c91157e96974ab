"""Take a plan over into the suggestions: all of it, or some orders of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.orders import OrderStatus
from app.domain.roles import Actor, Permission
from app.models.inventory import stock_levels
from app.models.orders import orders, reservations
from app.models.sets import among
from app.services import routing

Places = Mapping[int, Mapping[int, int]]
"""Order -> line -> location."""
_UNDECIDED = (OrderStatus.OPEN, OrderStatus.PARTLY_SHIPPED)


def take_plan(db: Connection, actor: Actor, *, planned: Places, now: datetime) -> Changes:
    """Suggest the planned locations for these orders; nothing is decided by it.

    An order is skipped when it was decided meanwhile, or when the units it would get are suggested to
    an order that is not among these.
    """
    actor.must(Permission.WORK)
    ids = sorted(planned)
    rows = db.execute(_ORDERS, {"orders": ids}).all()
    held: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(_HELD, {"orders": ids}):
        held[row.order_id].append(row)
    free = _Free(db, [each for mine in held.values() for each in mine])
    done: list[int] = []
    skipped: list[Skipped] = []
    for row in rows:
        reason = _refusal(row, held.get(row.id, ()), planned[row.id], free)
        if reason:
            skipped.append(Skipped(row.number, reason))
        else:
            done.append(row.id)
    before = {key: _now(held[key]) for key in done}
    routing.resuggest(db, done, now=now, planned={key: planned[key] for key in done})
    return Changes(
        f"Take over the plan for {counted(len(done), 'order')}",
        Touched.ORDERS | Touched.STOCK | Touched.CASES,
        tuple(done),
        tuple(skipped),
        Undo("take_plan", {"planned": before}) if done else None,
    )


def _refusal(row: Any, held: Sequence[Any], at: Mapping[int, int], free: _Free) -> str:
    if row.status not in _UNDECIDED or not held:
        return "it was decided meanwhile"
    if any(each.order_line_id not in at for each in held):
        return "it has changed since the plan was made"
    if not free.take(held, at):
        return "the units it would get are suggested to another order, or have left"
    return ""


def _now(held: Sequence[Any]) -> dict[int, int]:
    return {
        each.order_line_id: each.suggested_location_id
        for each in held
        if each.suggested_location_id is not None
    }


class _Free:
    """What is free at the locations once the orders' own suggestions are forgotten."""

    def __init__(self, db: Connection, held: Sequence[Any]) -> None:
        rows = db.execute(_FREE, {"skus": sorted({each.sku_id for each in held})})
        self._free = {(sku, place): units for sku, place, units in rows}
        for each in held:
            if each.suggested_location_id is not None:
                key = (each.sku_id, each.suggested_location_id)
                self._free[key] = self._free.get(key, 0) + each.quantity

    def take(self, held: Sequence[Any], at: Mapping[int, int]) -> bool:
        """Take an order's units where they are planned, or nothing."""
        need: dict[tuple[int, int], int] = defaultdict(int)
        for each in held:
            need[each.sku_id, at[each.order_line_id]] += each.quantity
        if any(self._free.get(key, 0) < units for key, units in need.items()):
            return False
        for key, units in need.items():
            self._free[key] -= units
        return True


_ORDERS = (
    select(orders.c.id, orders.c.number, orders.c.status)
    .where(among(orders.c.id, "orders"))
    .order_by(orders.c.placed_at, orders.c.id)
)
_HELD = (
    select(reservations)
    .where(among(reservations.c.order_id, "orders"), reservations.c.state == "held")
    .order_by(reservations.c.id)
)
_level = stock_levels.c
_FREE = select(
    _level.sku_id,
    _level.location_id,
    _level.on_hand - _level.unavailable - _level.allocated - _level.suggested,
).where(among(_level.sku_id, "skus"))
