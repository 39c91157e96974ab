"""Carry out what the operator decides: accept a suggestion, override it, split an order.

A decision turns reserved units into units allocated at a location, and opens one fulfilment order
for each location. It is the only thing that does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Skipped, Touched, Undo
from app.domain.inventory import Bucket, Cause
from app.domain.orders import OrderStatus, OrderVerb, transition
from app.domain.reservation import Claim
from app.domain.roles import Actor, Permission
from app.domain.routing import judge_one
from app.errors import NotFoundError, OutOfStockError, RefusedError
from app.models.bulk import insert_rows
from app.models.fulfilment import (
    fulfilment_order_lines,
    fulfilment_orders,
    routing_decisions,
    routing_suggestions,
)
from app.models.identity import Identity
from app.models.inventory import locations, stock_levels
from app.models.orders import orders, reservations
from app.services import audit, reserving, routing
from app.services.ledger import Movement, ensure_levels, plan_suggested, post

_UNDECIDED = (OrderStatus.OPEN, OrderStatus.PARTLY_SHIPPED)


@dataclass(frozen=True, slots=True)
class _Choice:
    """One order's decision: where each held reservation goes, and what that costs."""

    order: Any
    places: Mapping[int, int]  # reservation id -> location id
    suggestion_id: int | None
    cost: int
    suggested_cost: int


def accept(
    db: Connection,
    actor: Actor,
    *,
    order_ids: Sequence[int],
    now: datetime,
    part_is_enough: bool = False,
) -> Changes:
    """Accept the suggestions of many orders; those that cannot be are skipped with a reason.

    ``part_is_enough`` also ships what is there of orders whose suggestion does not hold every unit.
    """
    actor.must(Permission.WORK)
    rows = db.execute(
        select(orders).where(orders.c.id.in_(order_ids)).order_by(orders.c.placed_at, orders.c.id)
    ).all()
    held = _held(db, [row.id for row in rows])
    suggestions = _open_suggestions(db, [row.id for row in rows])
    free = _Free(db, {r.sku_id for mine in held.values() for r in mine})
    choices: list[_Choice] = []
    skipped: list[Skipped] = []
    stale: list[int] = []
    for row in rows:
        mine = [r for r in held.get(row.id, ()) if r.suggested_location_id is not None]
        reason = _refusal(row, len(mine), len(held.get(row.id, ())), part_is_enough)
        if reason is None and not free.take(mine):
            reason = "the stock has moved since; its suggestion was worked out anew"
            stale.append(row.id)
        if reason is not None:
            skipped.append(Skipped(row.number, reason))
            continue
        suggestion = suggestions[row.id]
        choices.append(
            _Choice(row, {r.id: r.suggested_location_id for r in mine},
                    suggestion.id, suggestion.cost, suggestion.cost)
        )  # fmt: skip
    _decide(db, actor, choices, held, "accepted", "", now)
    routing.resuggest(db, stale, now=now)
    done = [choice.order.id for choice in choices]
    return _receipt("Accept", done, skipped)


def override(
    db: Connection, actor: Actor, *, order_id: int, location_id: int, reason: str, now: datetime
) -> Changes:
    """Ship the whole order from a location that the operator chose.

    Raises:
        NotAllowedError: the role is too low.
        RefusedError: no reason, or the order is on hold or decided already.
        OutOfStockError: the location does not have the units.
    """
    rows = _held(db, [order_id]).get(order_id, [])
    return _by_hand(
        db, actor, order_id, {r.order_line_id: location_id for r in rows}, reason, now, "Override"
    )


def split(
    db: Connection,
    actor: Actor,
    *,
    order_id: int,
    assignment: Mapping[int, int],
    reason: str,
    now: datetime,
) -> Changes:
    """Ship the lines of an order from the locations given (order line -> location).

    Lines that are not named stay reserved and wait. Raises as ``override`` does.
    """
    return _by_hand(db, actor, order_id, assignment, reason, now, "Split")


def _by_hand(
    db: Connection,
    actor: Actor,
    order_id: int,
    assignment: Mapping[int, int],
    reason: str,
    now: datetime,
    verb: str,
) -> Changes:
    actor.must(Permission.OVERRIDE)
    if not reason.strip():
        raise RefusedError(
            "Overriding a suggestion needs a reason; nothing was changed.",
            "Say in a few words why; it helps to improve the suggestions.",
        )
    row = db.execute(select(orders).where(orders.c.id == order_id)).first()
    if row is None:
        raise NotFoundError("There is no such order; nothing was changed.")
    held = _held(db, [order_id]).get(order_id, [])
    mine = [r for r in held if r.order_line_id in assignment]
    refusal = _refusal(row, len(mine), len(mine), part_is_enough=True)
    if refusal is not None:
        raise RefusedError(f"Order {row.number} was not changed: {refusal}.")
    chosen = {r.id: assignment[r.order_line_id] for r in mine}
    _check_stock(db, mine, chosen)
    suggestion = _open_suggestions(db, [order_id]).get(order_id)
    choice = _Choice(
        row,
        chosen,
        suggestion.id if suggestion else None,
        _cost(db, row, mine, chosen, now),
        suggestion.cost if suggestion else 0,
    )
    _decide(db, actor, [choice], {order_id: held}, "overridden", reason, now)
    return _receipt(verb, [order_id], [])


def _refusal(row: Any, located: int, held: int, part_is_enough: bool) -> str | None:
    """Return why an order cannot be decided now, as the end of a sentence, or ``None``."""
    if row.status not in _UNDECIDED:
        return f"it is {row.status.replace('_', ' ')} already"
    if row.is_held:
        return "it is on hold"
    if not located:
        return "no location can ship it" if held else "nothing of it is reserved"
    if part_is_enough:
        return None
    if row.is_short:
        return "part of it is out of stock"
    return None if located == held else "no location has all of it"


def _check_stock(db: Connection, mine: Sequence[Any], chosen: Mapping[int, int]) -> None:
    free = _Free(db, {r.sku_id for r in mine})
    codes = dict(
        db.execute(
            select(locations.c.id, locations.c.name).where(locations.c.id.in_(chosen.values()))
        ).all()
    )
    for r in mine:
        place = chosen[r.id]
        if place not in codes:
            raise NotFoundError("There is no such location; nothing was changed.")
        if not free.take_one(r.sku_id, place, r.quantity):
            raise OutOfStockError(
                f"{codes[place]} has {max(0, free.at(r.sku_id, place))} free of what this order "
                f"needs {r.quantity} of; nothing was changed.",
                "Choose another location, split the order, or move stock first.",
            )


class _Free:
    """What is physically free at the locations while decisions take it."""

    def __init__(self, db: Connection, sku_ids: set[int]) -> None:
        level = stock_levels.c
        query = select(
            level.sku_id, level.location_id, level.on_hand - level.unavailable - level.allocated
        ).where(level.sku_id.in_(sku_ids))
        self._free = {(sku, place): units for sku, place, units in db.execute(query)}

    def at(self, sku_id: int, place: int) -> int:
        """Return the units still free."""
        return self._free.get((sku_id, place), 0)

    def take_one(self, sku_id: int, place: int, quantity: int) -> bool:
        """Take units, or nothing."""
        if self.at(sku_id, place) < quantity:
            return False
        self._free[sku_id, place] -= quantity
        return True

    def take(self, held: Sequence[Any]) -> bool:
        """Take all of an order's units where they are suggested, or nothing."""
        need: dict[tuple[int, int], int] = defaultdict(int)
        for r in held:
            need[r.sku_id, r.suggested_location_id] += r.quantity
        if any(self._free.get(key, 0) < units for key, units in need.items()):
            return False
        for key, units in need.items():
            self._free[key] -= units
        return True


def _decide(
    db: Connection,
    actor: Actor,
    choices: Sequence[_Choice],
    held: Mapping[int, Sequence[Any]],
    kind: str,
    reason: str,
    now: datetime,
) -> None:
    if not choices:
        return
    ids = Identity(db, routing_decisions, fulfilment_orders, fulfilment_order_lines)
    rows = _Rows()
    for choice in choices:
        _rows_of(rows, ids, choice, held[choice.order.id], actor, kind, reason, now)
    ensure = {(m.sku_id, m.location_id) for m in rows.movements if m.location_id is not None}
    if kind == "overridden":
        ensure_levels(db, ensure)
    post(db, rows.movements, reserving.origin_of(actor.name, "desk", now))
    plan_suggested(db, rows.planned)
    insert_rows(db, routing_decisions, rows.decisions)
    insert_rows(db, fulfilment_orders, rows.fulfilment_orders)
    insert_rows(db, fulfilment_order_lines, rows.lines)
    _set_states(db, choices, rows, kind, now)
    audit.record(db, actor, now, *rows.deeds)


class _Rows:
    """The rows of a batch of decisions, table by table."""

    def __init__(self) -> None:
        self.decisions: list[dict[str, Any]] = []
        self.fulfilment_orders: list[dict[str, Any]] = []
        self.lines: list[dict[str, Any]] = []
        self.movements: list[Movement] = []
        self.planned: dict[tuple[int, int], int] = defaultdict(int)
        self.allocated: list[int] = []
        self.deeds: list[audit.Deed] = []


def _rows_of(
    rows: _Rows,
    ids: Identity,
    choice: _Choice,
    held: Sequence[Any],
    actor: Actor,
    kind: str,
    reason: str,
    now: datetime,
) -> None:
    order = choice.order
    decision_id = ids.take(routing_decisions)
    rows.decisions.append(
        {
            "id": decision_id, "order_id": order.id, "suggestion_id": choice.suggestion_id,
            "kind": kind, "actor": actor.name, "reason": reason, "cost": choice.cost,
            "suggested_cost": choice.suggested_cost, "decided_at": now,
        }
    )  # fmt: skip
    opened: dict[int, int] = {}
    for r in held:
        _unplan(rows, r)
        place = choice.places.get(r.id)
        if place is None:
            continue
        if place not in opened:
            opened[place] = ids.take(fulfilment_orders)
            rows.fulfilment_orders.append(
                {
                    "id": opened[place], "order_id": order.id, "decision_id": decision_id,
                    "location_id": place, "state": "open", "service": order.service,
                    "created_at": now,
                }
            )  # fmt: skip
        _allocate(rows, ids, order, r, place, opened[place])
    before = {"status": order.status, "cost": choice.suggested_cost}
    after = {"locations": sorted(opened), "cost": choice.cost}
    rows.deeds.append(audit.Deed(f"route {kind}", f"order:{order.id}", reason, before, after))


def _unplan(rows: _Rows, r: Any) -> None:
    if r.suggested_location_id is not None:
        rows.planned[r.sku_id, r.suggested_location_id] -= r.quantity


def _allocate(
    rows: _Rows, ids: Identity, order: Any, r: Any, place: int, fulfilment_order_id: int
) -> None:
    rows.allocated.append(r.id)
    rows.lines.append(
        {
            "id": ids.take(fulfilment_order_lines), "fulfilment_order_id": fulfilment_order_id,
            "reservation_id": r.id, "order_line_id": r.order_line_id, "sku_id": r.sku_id,
            "quantity": r.quantity,
        }
    )  # fmt: skip
    rows.movements.append(
        Movement(r.sku_id, None, Bucket.RESERVED, -r.quantity, Cause.ALLOCATION,
                 order.id, r.order_line_id, order.account_id)
    )  # fmt: skip
    rows.movements.append(
        Movement(r.sku_id, place, Bucket.ALLOCATED, r.quantity, Cause.ALLOCATION,
                 order.id, r.order_line_id, order.account_id)
    )  # fmt: skip


def _set_states(
    db: Connection, choices: Sequence[_Choice], rows: _Rows, kind: str, now: datetime
) -> None:
    ids = [choice.order.id for choice in choices]
    taken = set(rows.allocated)
    db.execute(
        reservations.update()
        .where(reservations.c.id.in_(taken))
        .values(state="allocated", suggested_location_id=None)
    )
    db.execute(
        reservations.update()
        .where(reservations.c.order_id.in_(ids), reservations.c.state == "held")
        .values(suggested_location_id=None)
    )
    db.execute(
        routing_suggestions.update()
        .where(routing_suggestions.c.order_id.in_(ids), routing_suggestions.c.state == "open")
        .values(state=kind)
    )
    by_status: dict[OrderStatus, list[int]] = defaultdict(list)
    for choice in choices:
        status = transition(OrderStatus(choice.order.status), OrderVerb.ACCEPT)
        by_status[status].append(choice.order.id)
    for status, mine in by_status.items():
        db.execute(
            orders.update()
            .where(orders.c.id.in_(mine))
            .values(status=status, is_routed=False, updated_at=now)
        )


def _cost(
    db: Connection, row: Any, mine: Sequence[Any], chosen: Mapping[int, int], now: datetime
) -> int:
    """Return what the chosen locations cost, by the same rates as the suggestion."""
    router = routing.Router(db, now)
    order = routing.routable(row)
    pool = reserving.load_pool(db, {r.sku_id for r in mine})
    by_place: dict[int, list[Claim]] = defaultdict(list)
    for r in mine:
        by_place[chosen[r.id]].append(Claim(r.order_line_id, r.sku_id, r.quantity))
    return sum(
        judge_one(router.request(order, by_place[at.site.id]), at, by_place[at.site.id], pool).cost
        for at in router.reaches(order)
        if at.site.id in by_place
    )


def _held(db: Connection, order_ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    query = (
        select(
            reservations.c.id,
            reservations.c.order_id,
            reservations.c.order_line_id,
            reservations.c.sku_id,
            reservations.c.quantity,
            reservations.c.suggested_location_id,
        )
        .where(reservations.c.order_id.in_(order_ids), reservations.c.state == "held")
        .order_by(reservations.c.id)
    )
    for row in db.execute(query):
        found[row.order_id].append(row)
    return found


def _open_suggestions(db: Connection, order_ids: Sequence[int]) -> dict[int, Any]:
    table = routing_suggestions.c
    query = select(table.order_id, table.id, table.cost).where(
        table.order_id.in_(order_ids), table.state == "open"
    )
    return {row.order_id: row for row in db.execute(query)}


def _receipt(verb: str, done: Sequence[int], skipped: Sequence[Skipped]) -> Changes:
    what = "1 order" if len(done) == 1 else f"{len(done)} orders"
    return Changes(
        f"{verb} {what}",
        Touched.ORDERS | Touched.STOCK | Touched.CASES,
        tuple(done),
        tuple(skipped),
        Undo("withdraw", {"order_ids": list(done)}),
    )
