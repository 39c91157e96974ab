"""Take decisions back: the allocation becomes a reservation again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Skipped, Touched, counted
from app.domain.inventory import Bucket, Cause
from app.domain.orders import OrderStatus, OrderVerb, transition
from app.domain.roles import Actor, Permission
from app.models.fulfilment import fulfilment_order_lines, fulfilment_orders, routing_decisions
from app.models.orders import orders, reservations
from app.services import audit, renewing, reserving, routing
from app.services.ledger import Movement, post


def withdraw(db: Connection, actor: Actor, *, order_ids: Sequence[int], now: datetime) -> Changes:
    """Undo the decisions of orders of which nothing has shipped; what was accepted is suggested again.

    What was overridden, or is of another day or stock, is worked out anew.

    The others are left alone, with the reason.
    """
    actor.must(Permission.WORK)
    rows = db.execute(
        select(orders.c.id, orders.c.number, orders.c.status).where(orders.c.id.in_(order_ids))
    ).all()
    accepted = [row.id for row in rows if row.status == OrderStatus.ACCEPTED]
    skipped = [
        Skipped(row.number, f"it is {row.status.replace('_', ' ')}")
        for row in rows
        if row.status != OrderStatus.ACCEPTED
    ]
    again = renewing.accepted_before(db, accepted, now=now)
    withdraw_orders(db, actor, accepted, now=now)
    renewing.show_again(db, again, now=now)
    routing.resuggest(db, [key for key in accepted if key not in again], now=now)
    return Changes(
        f"Withdraw {counted(len(accepted), 'decision')}",
        Touched.ORDERS | Touched.STOCK,
        tuple(accepted),
        tuple(skipped),
    )


def withdraw_orders(
    db: Connection, actor: Actor, order_ids: Sequence[int], *, now: datetime
) -> None:
    """Turn the orders' open allocations back into reservations."""
    if not order_ids:
        return
    rows = db.execute(select(orders).where(orders.c.id.in_(order_ids))).all()
    after = {row.id: transition(OrderStatus(row.status), OrderVerb.WITHDRAW) for row in rows}
    lines = _open_lines(db, order_ids)
    movements = [
        movement
        for line in lines
        for movement in (
            _move(line, Bucket.ALLOCATED, -line.quantity, line.location_id),
            _move(line, Bucket.RESERVED, line.quantity, None),
        )
    ]
    post(db, movements, reserving.origin_of(actor.name, "desk", now))
    db.execute(
        reservations.update()
        .where(reservations.c.id.in_([line.reservation_id for line in lines]))
        .values(state="held", suggested_location_id=None)
    )
    _close(db, order_ids, now)
    db.execute(
        orders.update()
        .where(orders.c.id.in_(order_ids))
        .values(status=OrderStatus.OPEN, updated_at=now)
    )
    audit.record(
        db, actor, now,
        *(
            audit.Deed("withdraw decision", f"order:{row.id}", "", {"status": row.status},
                       {"status": after[row.id]})
            for row in rows
        ),
    )  # fmt: skip


def _move(line: Any, bucket: Bucket, quantity: int, place: int | None) -> Movement:
    return Movement(
        line.sku_id, place, bucket, quantity, Cause.WITHDRAWAL,
        line.order_id, line.order_line_id, line.account_id,
    )  # fmt: skip


def _open_lines(db: Connection, order_ids: Sequence[int]) -> Sequence[Any]:
    query = (
        select(
            fulfilment_order_lines,
            fulfilment_orders.c.order_id,
            fulfilment_orders.c.location_id,
            orders.c.account_id,
        )
        .join(
            fulfilment_orders,
            fulfilment_orders.c.id == fulfilment_order_lines.c.fulfilment_order_id,
        )
        .join(orders, orders.c.id == fulfilment_orders.c.order_id)
        .where(fulfilment_orders.c.order_id.in_(order_ids), fulfilment_orders.c.state == "open")
        .order_by(fulfilment_order_lines.c.id)
    )
    return db.execute(query).all()


def _close(db: Connection, order_ids: Sequence[int], now: datetime) -> None:
    still_open = select(fulfilment_orders.c.id).where(
        fulfilment_orders.c.order_id.in_(order_ids), fulfilment_orders.c.state == "open"
    )
    db.execute(
        fulfilment_order_lines.update()
        .where(fulfilment_order_lines.c.fulfilment_order_id.in_(still_open))
        .values(is_live=False)
    )
    db.execute(
        fulfilment_orders.update()
        .where(fulfilment_orders.c.order_id.in_(order_ids), fulfilment_orders.c.state == "open")
        .values(state="cancelled")
    )
    db.execute(
        routing_decisions.update()
        .where(
            routing_decisions.c.order_id.in_(order_ids),
            routing_decisions.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )
