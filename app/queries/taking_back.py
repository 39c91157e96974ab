"""What leaves the desk because of something that was done, and can that still be taken back?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from app.domain.changes import Undo
from app.models.exchange import outbox_messages
from app.models.fulfilment import shipments
from app.models.orders import channel_accounts, orders, sales_channels
from app.models.sets import among

_TOLD = ("sent", "acked", "in_doubt")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The messages behind something that was done: who gets them, and from when on they may leave.

    ``is_told`` says that all of them have gone, so that nothing of it can be taken back.
    """

    channels: tuple[str, ...] = ()
    leaves_at: datetime | None = None
    is_told: bool = False


def outgoing(db: Connection, *, undo: Undo) -> Outgoing:
    """Return what leaves because of what this would undo; nothing for what stays in the desk."""
    mine = _of(undo)
    if mine is None:
        return Outgoing()
    table = outbox_messages
    rows = db.execute(
        select(table.c.state, table.c.not_before, sales_channels.c.name)
        .join(channel_accounts, channel_accounts.c.id == table.c.account_id)
        .join(sales_channels, sales_channels.c.code == channel_accounts.c.channel)
        .where(mine, table.c.state.in_((*_TOLD, "pending"))),
        {"ids": list(undo.ids)},
    ).all()
    waiting = [row for row in rows if row.state == "pending"]
    return Outgoing(
        tuple(dict.fromkeys(row.name for row in waiting or rows)),
        min((row.not_before for row in waiting), default=None),
        bool(rows) and not waiting,
    )


def numbers_of(db: Connection, *, order_ids: Sequence[int]) -> list[str]:
    """Return the numbers of orders, to search for them."""
    return list(
        db.execute(
            select(orders.c.number).where(among(orders.c.id, "ids")).order_by(orders.c.id),
            {"ids": list(order_ids)},
        ).scalars()
    )


def _of(undo: Undo) -> ColumnElement[bool] | None:
    """Return which messages an opposite would call back."""
    table = outbox_messages
    if undo.operation == "reinstate":
        return (table.c.kind == "cancel") & among(table.c.order_id, "ids")
    if undo.operation == "void_shipments" and undo.subjects == "fulfilment_order_ids":
        parcels = select(shipments.c.id).where(
            among(shipments.c.fulfilment_order_id, "ids"), shipments.c.voided_at.is_(None)
        )
        return table.c.shipment_id.in_(parcels)
    return None
