"""Write decisions down: reserved units become units allocated at a location.

One routing decision for each order, one fulfilment order for each location, and the movements that
say so. Whoever calls has already made sure that the units are free; the ledger's guard has the last
word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam

from app.domain.inventory import Bucket, Cause
from app.domain.orders import OrderStatus, OrderVerb, transition
from app.domain.roles import Actor
from app.models.bulk import insert_rows
from app.models.fulfilment import (
    fulfilment_order_lines,
    fulfilment_orders,
    routing_decisions,
    routing_suggestions,
)
from app.models.identity import Identity
from app.models.orders import orders, reservations
from app.models.sets import among
from app.services import audit, reserving
from app.services.ledger import Movement, ensure_levels, plan_suggested, post


@dataclass(frozen=True, slots=True)
class Choice:
    """One order's decision: where each held reservation goes, and what that costs."""

    order: Any
    places: Mapping[int, int]  # reservation id -> location id
    suggestion_id: int | None
    cost: int
    suggested_cost: int
    service: str = ""  # the order's own, unless a rule asked for another
    extra_days: int | None = None  # later than suggested


def allocate(
    db: Connection,
    actor: Actor,
    choices: Sequence[Choice],
    held: Mapping[int, Sequence[Any]],
    kind: str,
    reason: str,
    now: datetime,
) -> None:
    """Allocate the chosen units; reservations that are not chosen stay held, without a plan.

    Raises:
        OutOfStockError: a location does not have the units any more.
    """
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
        self.left: list[int] = []
        self.deeds: list[audit.Deed] = []


def _rows_of(
    rows: _Rows,
    ids: Identity,
    choice: Choice,
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
            "suggested_cost": choice.suggested_cost, "extra_days": choice.extra_days,
            "decided_at": now,
        }
    )  # fmt: skip
    opened: dict[int, int] = {}
    for r in held:
        _unplan(rows, r)
        place = choice.places.get(r.id)
        if place is None:
            rows.left.append(r.id)
            continue
        if place not in opened:
            opened[place] = ids.take(fulfilment_orders)
            rows.fulfilment_orders.append(
                {
                    "id": opened[place], "order_id": order.id, "decision_id": decision_id,
                    "location_id": place, "state": "open", "service": choice.service or order.service,
                    "created_at": now,
                }
            )  # fmt: skip
        _allocate_one(rows, ids, order, r, place, opened[place])
    before = {"status": order.status, "cost": choice.suggested_cost}
    after = {"locations": sorted(opened), "cost": choice.cost}
    rows.deeds.append(audit.Deed(f"route {kind}", f"order:{order.id}", reason, before, after))


def _unplan(rows: _Rows, r: Any) -> None:
    if r.suggested_location_id is not None:
        rows.planned[r.sku_id, r.suggested_location_id] -= r.quantity


def _allocate_one(
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
    db: Connection, choices: Sequence[Choice], rows: _Rows, kind: str, now: datetime
) -> None:
    ids = [choice.order.id for choice in choices]
    db.execute(_ALLOCATED, {"reservations": rows.allocated})
    if rows.left:
        db.execute(_UNPLANNED, {"reservations": rows.left})
    db.execute(_ANSWERED, {"orders": ids, "answer": kind})
    by_status: dict[OrderStatus, list[int]] = defaultdict(list)
    for choice in choices:
        status = transition(OrderStatus(choice.order.status), OrderVerb.ACCEPT)
        by_status[status].append(choice.order.id)
    for status, mine in by_status.items():
        db.execute(_MOVED_ON, {"orders": mine, "new_status": status, "now": now})


_ALLOCATED = (
    reservations.update()
    .where(among(reservations.c.id, "reservations"))
    .values(state="allocated", suggested_location_id=None)
)
_UNPLANNED = (
    reservations.update()
    .where(among(reservations.c.id, "reservations"))
    .values(suggested_location_id=None)
)
_ANSWERED = (
    routing_suggestions.update()
    .where(among(routing_suggestions.c.order_id, "orders"), routing_suggestions.c.state == "open")
    .values(state=bindparam("answer"))
)
_MOVED_ON = (
    orders.update()
    .where(among(orders.c.id, "orders"))
    .values(status=bindparam("new_status"), is_routed=False, updated_at=bindparam("now"))
)
