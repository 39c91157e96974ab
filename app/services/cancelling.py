"""Cancel orders and take a cancellation back; nothing that left is ever cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from app.domain.cases import CaseKind
from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.orders import OrderStatus, OrderVerb, transition
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.bulk import insert_rows
from app.models.exchange import outbox_messages
from app.models.fulfilment import routing_suggestions
from app.models.identity import Identity
from app.models.orders import order_lines, orders
from app.models.returns import is_a_sale
from app.services import audit, reclaiming, reserving, withdrawing
from app.services.cases import resolve_cases

UNDO_WINDOW = timedelta(seconds=10)


def cancel(
    db: Connection, actor: Actor, *, order_ids: Sequence[int], reason: str, now: datetime
) -> Changes:
    """Cancel orders by hand: their units go back, and the channel is told after the undo window.

    Raises:
        NotAllowedError: the role is too low.
        RefusedError: no reason was given.
    """
    actor.must(Permission.CANCEL)
    if not reason.strip():
        raise RefusedError("A cancellation needs a reason; nothing was cancelled.",
                           "Say in a few words why.")  # fmt: skip
    return cancel_orders(db, actor, order_ids, reason=reason, now=now, tell_channel=True)


def cancel_orders(
    db: Connection,
    actor: Actor,
    order_ids: Sequence[int],
    *,
    reason: str,
    now: datetime,
    tell_channel: bool,
) -> Changes:
    """Release the units of orders that have not left, and close their cases."""
    rows = db.execute(
        select(orders, is_a_sale().label("is_sold")).where(orders.c.id.in_(order_ids))
    ).all()
    skipped = [Skipped(r.number, _why_not(r.status)) for r in rows if not _may_cancel(r.status)]
    rows = [row for row in rows if _may_cancel(row.status)]
    ids = [row.id for row in rows]
    if ids:
        accepted = [row.id for row in rows if row.status == OrderStatus.ACCEPTED]
        withdrawing.withdraw_orders(db, actor, accepted, now=now)
        freed = reserving.release(db, ids, reserving.origin_of(actor.name, "desk", now))
        _close(db, ids, now)
        if tell_channel:
            _tell(db, [row for row in rows if row.is_sold], reason, now)
        audit.record(db, actor, now, *_deeds("cancel", rows, reason, OrderStatus.CANCELLED))
        reclaiming.reclaim_for_skus(db, actor, freed, now=now)
    return Changes(
        f"Cancel {counted(len(ids), 'order')}",
        Touched.ORDERS | Touched.STOCK | Touched.CASES,
        tuple(ids),
        tuple(skipped),
        Undo("reinstate", {"order_ids": ids}),
    )


def reinstate(db: Connection, actor: Actor, *, order_ids: Sequence[int], now: datetime) -> Changes:
    """Take a cancellation back: the orders claim stock again, as far as there is any.

    Raises:
        RefusedError: the channel was already told.
    """
    actor.must(Permission.CANCEL)
    rows = db.execute(select(orders).where(orders.c.id.in_(order_ids))).all()
    for row in rows:
        transition(OrderStatus(row.status), OrderVerb.REINSTATE)
    _recall(db, order_ids)
    db.execute(
        orders.update()
        .where(orders.c.id.in_(order_ids))
        .values(status=OrderStatus.OPEN, updated_at=now)
    )
    db.execute(
        order_lines.update()
        .where(
            order_lines.c.order_id.in_(order_ids),
            order_lines.c.requires_shipping,
            order_lines.c.quantity > 0,
            order_lines.c.sku_id.is_not(None),
        )
        .values(claim="short")
    )
    audit.record(db, actor, now, *_deeds("reinstate", rows, "", OrderStatus.OPEN))
    reclaiming.reclaim(db, actor, list(order_ids), now=now)
    return Changes(
        f"Reinstate {counted(len(rows), 'order')}",
        Touched.ORDERS | Touched.STOCK | Touched.CASES,
        tuple(order_ids),
    )


def _may_cancel(status: str) -> bool:
    return status in (OrderStatus.OPEN, OrderStatus.ACCEPTED)


def _why_not(status: str) -> str:
    return f"it is {status.replace('_', ' ')} already"


def _close(db: Connection, ids: Sequence[int], now: datetime) -> None:
    db.execute(
        orders.update()
        .where(orders.c.id.in_(ids))
        .values(status=OrderStatus.CANCELLED, is_short=False, is_routed=False, updated_at=now)
    )
    db.execute(
        order_lines.update()
        .where(order_lines.c.order_id.in_(ids), order_lines.c.claim != "unmapped")
        .values(claim="none")
    )
    db.execute(
        routing_suggestions.update()
        .where(routing_suggestions.c.order_id.in_(ids), routing_suggestions.c.state == "open")
        .values(state="withdrawn")
    )
    resolve_cases(db, list(CaseKind), "order", ids, resolution="The order was cancelled.", now=now)


def _tell(db: Connection, rows: Sequence[Any], reason: str, now: datetime) -> None:
    ids = Identity(db, outbox_messages)
    insert_rows(
        db,
        outbox_messages,
        [
            {
                "id": (message_id := ids.take(outbox_messages)),
                "account_id": row.account_id,
                "kind": "cancel",
                "idempotency_key": f"cancel:{row.id}:{message_id}",
                "order_id": row.id,
                "payload": {"order": row.external_id, "reason": reason},
                "state": "pending",
                "not_before": now + UNDO_WINDOW,
                "created_at": now,
            }
            for row in rows
        ],
    )


def _recall(db: Connection, order_ids: Sequence[int]) -> None:
    """Take back the messages that have not gone out.

    Raises:
        RefusedError: one has gone out.
    """
    table = outbox_messages
    mine = (table.c.kind == "cancel", table.c.order_id.in_(order_ids))
    gone = db.execute(
        select(table.c.id).where(*mine, table.c.state.in_(("sent", "acked", "in_doubt")))
    ).first()
    if gone:
        raise RefusedError(
            "The channel was already told of the cancellation; nothing was changed.",
            "Ask the customer to order again, or talk to the channel's support.",
        )
    db.execute(table.update().where(*mine, table.c.state == "pending").values(state="recalled"))


def _deeds(action: str, rows: Sequence[Any], reason: str, after: OrderStatus) -> list[audit.Deed]:
    return [
        audit.Deed(action, f"order:{row.id}", reason, {"status": row.status}, {"status": after})
        for row in rows
    ]
