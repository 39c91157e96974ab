"""Take shipments back that no channel was told of: the goods are on their shelf again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, counted
from app.domain.orders import OrderStatus, OrderVerb, transition
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.exchange import outbox_messages
from app.models.fulfilment import fulfilment_orders, shipments
from app.models.orders import orders
from app.services import audit, indexing, reserving
from app.services.ledger import post
from app.services.shipping import MOVED_ON, goods_of

_TOLD = ("sent", "acked", "in_doubt")


def void_shipments(
    db: Connection,
    actor: Actor,
    *,
    reason: str,
    now: datetime,
    order_ids: Sequence[int] = (),
    fulfilment_order_ids: Sequence[int] = (),
) -> Changes:
    """Take back shipments that no channel was told of: the units are allocated again.

    All of the orders named, or just those of the fulfilment orders named: undoing one parcel leaves
    the order's others alone.

    Raises:
        RefusedError: a channel was told already.
    """
    actor.must(Permission.WORK)
    live = db.execute(
        select(shipments, orders.c.status, orders.c.number, orders.c.account_id)
        .join(orders, orders.c.id == shipments.c.order_id)
        .where(
            shipments.c.order_id.in_(order_ids)
            | shipments.c.fulfilment_order_id.in_(fulfilment_order_ids),
            shipments.c.voided_at.is_(None),
        )
    ).all()
    if not live:
        raise NotFoundError(
            "There is no shipment to take back; nothing was changed.",
            "Read the order again; its shipment may be taken back already.",
        )
    _recall(db, [row.id for row in live])
    fulfilled = [row.fulfilment_order_id for row in live]
    post(db, goods_of(db, fulfilled, +1), reserving.origin_of(actor.name, "desk", now))
    db.execute(
        shipments.update().where(shipments.c.id.in_([r.id for r in live])).values(voided_at=now)
    )
    db.execute(
        fulfilment_orders.update().where(fulfilment_orders.c.id.in_(fulfilled)).values(state="open")
    )
    _move_back(db, live, now)
    indexing.changed(db, [row.order_id for row in live])
    audit.record(
        db, actor, now,
        *(
            audit.Deed("void shipment", f"order:{r.order_id}", reason, {"shipment": r.id})
            for r in live
        ),
    )  # fmt: skip
    return Changes(
        f"Take back {counted(len(live), 'shipment')}",
        Touched.ORDERS | Touched.STOCK | Touched.SHIPMENTS,
        tuple(dict.fromkeys(row.order_id for row in live)),
    )


def _move_back(db: Connection, live: Sequence[Any], now: datetime) -> None:
    """Set the orders back: partly shipped while another parcel of theirs is on its way."""
    status = {row.order_id: OrderStatus(row.status) for row in live}
    left = set(
        db.execute(
            select(shipments.c.order_id).where(
                shipments.c.order_id.in_(status), shipments.c.voided_at.is_(None)
            )
        ).scalars()
    )
    for order_id, before in status.items():
        verb = OrderVerb.VOID_ONE if order_id in left else OrderVerb.VOID_SHIPMENT
        after = transition(before, verb)
        db.execute(MOVED_ON, {"orders": [order_id], "new_status": after, "now": now})


def _recall(db: Connection, shipment_ids: Sequence[int]) -> None:
    table = outbox_messages
    mine = table.c.shipment_id.in_(shipment_ids)
    if db.execute(select(table.c.id).where(mine, table.c.state.in_(_TOLD))).first():
        raise RefusedError(
            "The channel was already told that this shipped; nothing was changed.",
            "If the parcel did not leave, correct it on the channel and note it on the order.",
        )
    db.execute(table.update().where(mine, table.c.state == "pending").values(state="recalled"))
