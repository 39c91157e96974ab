"""What has a channel given back to buyers? Each refund is kept once, however often it is told.

A refund moves no stock and stops no parcel: what the channel cancels, it says so of the order itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from app.domain.orders import IncomingOrder
from app.models.bulk import insert_rows
from app.models.identity import Identity
from app.models.orders import order_refunds, orders
from app.models.sets import among
from app.services.returning.paying import told_by_channel


def keep_refunds(
    db: Connection, account_id: int, incoming: Sequence[IncomingOrder], *, now: datetime
) -> int:
    """Keep the refunds that these orders state and that are new; return how many are."""
    told = {order.external_id: order.refunds for order in incoming if order.refunds}
    if not told:
        return 0
    wanted = {"account": account_id, "ids": set(told)}
    ids = {row.external_id: row.id for row in db.execute(_ORDERS, wanted)}
    known = {
        (row.order_id, row.external_id) for row in db.execute(_KNOWN, {"orders": set(ids.values())})
    }
    new = {
        (ids[number], refund.external_id): refund
        for number, refunds in told.items()
        if number in ids
        for refund in refunds
        if (ids[number], refund.external_id) not in known
    }
    identity = Identity(db, order_refunds)
    rows = [
        {"id": identity.take(order_refunds), "order_id": order_id, "external_id": external_id,
         "amount": refund.amount, "reason": refund.reason, "refunded_at": refund.refunded_at,
         "seen_at": now}
        for (order_id, external_id), refund in new.items()
    ]  # fmt: skip
    insert_rows(db, order_refunds, rows)
    told_by_channel(db, rows, now=now)
    return len(rows)


_ORDERS: Final = select(orders.c.id, orders.c.external_id).where(
    orders.c.account_id == bindparam("account"), among(orders.c.external_id, "ids")
)
_KNOWN: Final = select(order_refunds.c.order_id, order_refunds.c.external_id).where(
    among(order_refunds.c.order_id, "orders")
)
