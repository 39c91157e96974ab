"""Record what left: one shipment for each fulfilment order, and the channel's confirmation.

Nothing ships twice: a fulfilment order is open or it is not, and the database allows one live
shipment for it. The confirmation is a row in the outbox before it is a line in any file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.domain.cases import CaseKind
from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.inventory import Bucket, Cause
from app.domain.orders import OrderStatus, OrderVerb, transition
from app.domain.outgoing import TAKES_ANOTHER_PARCEL
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.base import is_state
from app.models.bulk import insert_rows
from app.models.exchange import outbox_messages
from app.models.fulfilment import (
    fulfilment_order_lines,
    fulfilment_orders,
    shipments,
)
from app.models.identity import Identity
from app.models.orders import order_lines, orders, reservations
from app.models.returns import replacement_orders
from app.models.sets import among
from app.services import audit, reserving
from app.services.cancelling import UNDO_WINDOW
from app.services.cases import resolve_cases
from app.services.ledger import Movement, post


@dataclass(frozen=True, slots=True)
class Parcel:
    """What left for one fulfilment order."""

    fulfilment_order_id: int
    carrier: str
    tracking_number: str
    service: str = ""
    shipped_at: datetime | None = None


def ship(
    db: Connection,
    actor: Actor,
    *,
    parcels: Sequence[Parcel],
    now: datetime,
    same_tracking: bool = False,
) -> Changes:
    """Ship fulfilment orders with their tracking numbers; those that cannot are skipped.

    ``same_tracking`` allows a tracking number that another order has already (one parcel, two
    orders). Raises ``RefusedError`` for a parcel without carrier or tracking number.
    """
    actor.must(Permission.WORK)
    wanted = {parcel.fulfilment_order_id: _complete(parcel) for parcel in parcels}
    rows = {row.id: row for row in _open_orders(db, list(wanted))}
    used = {} if same_tracking else _used_numbers(db, wanted.values())
    skipped: list[Skipped] = []
    going: list[tuple[Any, Parcel]] = []
    for key, parcel in wanted.items():
        reason = _refusal(rows.get(key), parcel, {} if same_tracking else used)
        if reason:
            number = rows[key].number if key in rows else str(key)
            skipped.append(Skipped(number, reason))
        else:
            used.setdefault(parcel.tracking_number, rows[key].number)
            going.append((rows[key], parcel))
    if going:
        _ship(db, actor, going, now)
    ids = tuple(row.order_id for row, _ in going)
    return Changes(
        f"Ship {counted(len(going), 'parcel')}",
        Touched.ORDERS | Touched.STOCK | Touched.SHIPMENTS | Touched.CASES,
        ids,
        tuple(skipped),
        Undo(
            "void_shipments",
            {"fulfilment_order_ids": [row.id for row, _ in going]},
            "fulfilment_order_ids",
        ),
    )


def _complete(parcel: Parcel) -> Parcel:
    """Return the parcel as it is written down, or refuse one without a carrier or a number."""
    carrier, number = parcel.carrier.strip(), parcel.tracking_number.strip()
    if not carrier or not number:
        raise RefusedError(
            "A parcel needs its carrier and its tracking number; nothing was shipped.",
            "Copy the number from the label.",
        )
    service, shipped_at = parcel.service.strip(), parcel.shipped_at
    return Parcel(parcel.fulfilment_order_id, carrier, number, service, shipped_at)


_OPEN = (
    select(
        fulfilment_orders.c.id,
        fulfilment_orders.c.order_id,
        fulfilment_orders.c.state,
        fulfilment_orders.c.location_id,
        orders.c.number,
        orders.c.status,
        orders.c.is_held,
        orders.c.account_id,
        orders.c.external_id,
    )
    .join(orders, orders.c.id == fulfilment_orders.c.order_id)
    .where(among(fulfilment_orders.c.id, "fulfilment_orders"))
)
_USED = (
    select(shipments.c.tracking_number, orders.c.number)
    .join(orders, orders.c.id == shipments.c.order_id)
    .where(among(shipments.c.tracking_number, "numbers"), shipments.c.voided_at.is_(None))
)
_GOODS = (
    select(
        fulfilment_order_lines.c.sku_id,
        fulfilment_order_lines.c.order_line_id,
        fulfilment_order_lines.c.quantity,
        fulfilment_orders.c.location_id,
        fulfilment_orders.c.order_id,
        orders.c.account_id,
    )
    .join(fulfilment_orders, fulfilment_orders.c.id == fulfilment_order_lines.c.fulfilment_order_id)
    .join(orders, orders.c.id == fulfilment_orders.c.order_id)
    .where(among(fulfilment_orders.c.id, "fulfilment_orders"))
    .order_by(fulfilment_order_lines.c.id)
)
_REPLACED = (
    select(
        replacement_orders.c.order_id.label("replacement_id"), orders.c.id.label("order_id"),
        orders.c.external_id, orders.c.account_id, orders.c.channel,
    )
    .join(orders, orders.c.id == replacement_orders.c.original_order_id)
    .where(among(replacement_orders.c.order_id, "orders"))
)  # fmt: skip
_SHIPPED = (
    fulfilment_orders.update()
    .where(among(fulfilment_orders.c.id, "fulfilment_orders"))
    .values(state="shipped")
)
MOVED_ON = (
    orders.update()
    .where(among(orders.c.id, "orders"))
    .values(status=bindparam("new_status"), updated_at=bindparam("now"))
)
# An order is finished when none of its units waits for a decision, a label or stock.
_UNFINISHED = (
    select(fulfilment_orders.c.order_id)
    .where(among(fulfilment_orders.c.order_id, "orders"), fulfilment_orders.c.state == "open")
    .union(
        select(reservations.c.order_id).where(
            among(reservations.c.order_id, "orders"), reservations.c.state == "held"
        ),
        select(order_lines.c.order_id).where(
            among(order_lines.c.order_id, "orders"),
            is_state(order_lines.c.claim, "short", "unmapped"),
        ),
    )
)


def _refusal(row: Any, parcel: Parcel, used: dict[str, str]) -> str | None:
    if row is None or row.state != "open":
        return "it has shipped already, or its decision was taken back"
    if row.is_held:
        return "it is on hold"
    other = used.get(parcel.tracking_number)
    if other is None or other == row.number:
        return None
    return f"tracking number {parcel.tracking_number} belongs to order {other}"


def _open_orders(db: Connection, ids: Sequence[int]) -> Sequence[Any]:
    return db.execute(_OPEN, {"fulfilment_orders": ids}).all()


def _used_numbers(db: Connection, parcels: Iterable[Parcel]) -> dict[str, str]:
    wanted = {"numbers": [parcel.tracking_number for parcel in parcels]}
    return dict(db.execute(_USED, wanted).all())


def _ship(db: Connection, actor: Actor, going: Sequence[tuple[Any, Parcel]], now: datetime) -> None:
    fulfilled = [row.id for row, _ in going]
    post(db, goods_of(db, fulfilled, -1), reserving.origin_of(actor.name, "desk", now))
    ids = Identity(db, shipments, outbox_messages)
    sent: list[dict[str, Any]] = []
    messages: list[dict[str, Any]] = []
    deeds: list[audit.Deed] = []
    replaced = _replaced(db, [row.order_id for row, _ in going])
    for row, parcel in going:
        shipment = _shipment_row(ids.take(shipments), row, parcel, actor, now)
        sent.append(shipment)
        told = replaced.get(row.order_id, row)
        if told is row or told.channel in TAKES_ANOTHER_PARCEL:
            messages.append(_confirmation(ids.take(outbox_messages), told, shipment, now))
        after = {"shipment": shipment["id"], "tracking": parcel.tracking_number}
        deeds.append(audit.Deed("ship", f"order:{row.order_id}", "", {"status": row.status}, after))
    insert_rows(db, shipments, sent)
    insert_rows(db, outbox_messages, messages)
    db.execute(_SHIPPED, {"fulfilment_orders": fulfilled})
    _move_on(db, [row for row, _ in going], now)
    audit.record(db, actor, now, *deeds)


def _replaced(db: Connection, order_ids: Sequence[int]) -> dict[int, Any]:
    """Return by replacement the order that it replaces: that is the one that the channel knows."""
    rows = db.execute(_REPLACED, {"orders": order_ids})
    return {row.replacement_id: row for row in rows}


def _shipment_row(
    shipment_id: int, row: Any, parcel: Parcel, actor: Actor, now: datetime
) -> dict[str, Any]:
    return {
        "id": shipment_id,
        "fulfilment_order_id": row.id,
        "order_id": row.order_id,
        "carrier": parcel.carrier,
        "service": parcel.service,
        "tracking_number": parcel.tracking_number,
        "shipped_at": parcel.shipped_at or now,
        "actor": actor.name,
        "created_at": now,
    }


def _confirmation(
    message_id: int, row: Any, shipment: dict[str, Any], now: datetime
) -> dict[str, Any]:
    return {
        "id": message_id,
        "account_id": row.account_id,
        "kind": "ship_confirm",
        "idempotency_key": f"ship:{shipment['id']}",
        "order_id": row.order_id,
        "shipment_id": shipment["id"],
        "payload": {"order": row.external_id},
        "state": "pending",
        "not_before": now + UNDO_WINDOW,
        "created_at": now,
    }


def goods_of(db: Connection, fulfilment_order_ids: Sequence[int], sign: int) -> list[Movement]:
    """Return the movements of goods that leave (-1) or come back to their shelf (+1)."""
    cause = Cause.SHIPMENT if sign < 0 else Cause.VOIDED_SHIPMENT
    goods = db.execute(_GOODS, {"fulfilment_orders": fulfilment_order_ids}).all()
    return [
        Movement(sku_id, place, bucket, sign * units, cause, order_id, line_id, account_id)
        for sku_id, line_id, units, place, order_id, account_id in goods
        for bucket in (Bucket.ALLOCATED, Bucket.ON_HAND)
    ]


def _move_on(db: Connection, rows: Sequence[Any], now: datetime) -> None:
    """Advance the orders: shipped when nothing of them is left to ship."""
    ids = sorted({row.order_id for row in rows})
    status = {row.order_id: OrderStatus(row.status) for row in rows}
    left = _unfinished(db, ids)
    by_status: dict[OrderStatus, list[int]] = defaultdict(list)
    for order_id in ids:
        verb = OrderVerb.SHIP_SOME if order_id in left else OrderVerb.SHIP_ALL
        by_status[transition(status[order_id], verb)].append(order_id)
    for after, mine in by_status.items():
        db.execute(MOVED_ON, {"orders": mine, "new_status": after, "now": now})
    resolve_cases(
        db, [CaseKind.SHORTFALL, CaseKind.NO_LOCATION], "order",
        by_status.get(OrderStatus.SHIPPED, []), resolution="The order has shipped.", now=now,
    )  # fmt: skip


def _unfinished(db: Connection, ids: Sequence[int]) -> set[int]:
    """Return the orders that still have an open fulfilment order, or lines not yet routed."""
    return set(db.execute(_UNFINISHED, {"orders": ids}).scalars())
