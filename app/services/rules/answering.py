"""Ask the rules about open orders again, and answer what a rule asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.cases import CaseKind
from app.domain.changes import Changes, Skipped, Touched, counted
from app.domain.orders import HoldCode, OrderStatus
from app.domain.roles import Actor, Permission
from app.models.orders import holds, orders
from app.models.sets import among
from app.services import audit, reclaiming, routing
from app.services.cases import resolve_cases
from app.services.planning.router import Router
from app.services.rules import deeds as deeds_
from app.services.rules.asking import Asking

_UNDECIDED = (OrderStatus.OPEN, OrderStatus.PARTLY_SHIPPED)


def apply_rules(
    db: Connection, actor: Actor, *, order_ids: Sequence[int], now: datetime
) -> Changes:
    """Ask the rules in force about orders that are open, and suggest anew.

    What a person decided stays as it is; so does what a rule did before and a person took back. A hold
    that no rule asks for any more is lifted.
    """
    actor.must(Permission.WORK)
    rows = db.execute(_ORDERS, {"orders": list(order_ids)}).all()
    going = [row.id for row in rows if row.status in _UNDECIDED]
    skipped = [
        Skipped(row.number, f"it is {row.status.replace('_', ' ')}")
        for row in rows
        if row.status not in _UNDECIDED
    ]
    _lift(db, actor, going, now)
    routing.resuggest(db, going, now=now)
    if going:
        audit.record(
            db, actor, now, audit.Deed("apply rules", "rules", after={"orders": len(going)})
        )
    return Changes(f"Ask the rules about {counted(len(going), 'order')}",
                   Touched.ORDERS | Touched.CASES, tuple(going), tuple(skipped))  # fmt: skip


def _lift(db: Connection, actor: Actor, order_ids: Sequence[int], now: datetime) -> None:
    router = Router(db, now)
    asking = Asking(db, router.rules, router, order_ids)
    said = "No rule in force asks for this hold any more."
    ids = deeds_.no_longer_held(db, order_ids, asking.of)
    for order_id in ids:
        reclaiming.release_holds(db, actor, order_id, (HoldCode.BY_RULE,), reason=said, now=now)


def held_by_rules(db: Connection) -> list[int]:
    """Return the open orders that rules hold."""
    return list(db.execute(_HELD).scalars())


_HELD = (
    select(holds.c.order_id)
    .join(orders, orders.c.id == holds.c.order_id)
    .where(
        holds.c.released_at.is_(None),
        holds.c.code == HoldCode.BY_RULE.value,
        orders.c.status.in_(_UNDECIDED),
    )
    .order_by(holds.c.order_id)
    .distinct()
)
_ORDERS = (
    select(orders.c.id, orders.c.number, orders.c.status)
    .where(among(orders.c.id, "orders"))
    .order_by(orders.c.placed_at, orders.c.id)
)


def answer_rules(
    db: Connection, actor: Actor, *, order_ids: Sequence[int], now: datetime
) -> Changes:
    """Say that a person has looked at orders that a rule asked about; they go on."""
    actor.must(Permission.WORK)
    rows = db.execute(_ORDERS, {"orders": list(order_ids)}).all()
    said = "Looked at."
    for row in rows:
        reclaiming.release_holds(db, actor, row.id, (HoldCode.BY_RULE,), reason=said, now=now)
    ids = [row.id for row in rows]
    resolve_cases(db, [CaseKind.RULE_ASKS], "order", ids, resolution=said, now=now)
    deeds = (audit.Deed("answer rules", f"order:{each}", said) for each in ids)
    audit.record(db, actor, now, *deeds)
    return Changes(f"Let {counted(len(ids), 'order')} go on", Touched.ORDERS | Touched.CASES,
                   tuple(ids))  # fmt: skip
