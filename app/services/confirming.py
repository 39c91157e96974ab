"""What does a confirmation need to say: which lines left in which parcel, what was cancelled?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from app.domain.outgoing import CancelledOrder, OutgoingKind, ShippedLine, ShippedParcel
from app.models.exchange import outbox_messages
from app.models.fulfilment import fulfilment_order_lines, shipments
from app.models.orders import order_lines, orders, reservations

_out = outbox_messages.c


def parcels(db: Connection, account_id: int, *, now: datetime) -> list[ShippedParcel]:
    """Return the shipments that the account's channel has not been told of, oldest first."""
    return _parcels(db, _due(account_id, OutgoingKind.SHIP_CONFIRM, now))


def parcels_of(db: Connection, message_ids: Collection[int]) -> list[ShippedParcel]:
    """Return the shipments that these messages are about, as they are to be told now."""
    return _parcels(db, (_out.id.in_(message_ids), _out.kind == OutgoingKind.SHIP_CONFIRM))


def cancellations_of(db: Connection, message_ids: Collection[int]) -> list[CancelledOrder]:
    """Return the cancelled orders that these messages are about."""
    return _cancelled(db, (_out.id.in_(message_ids), _out.kind == OutgoingKind.CANCEL))


def _parcels(db: Connection, due: Sequence[ColumnElement[bool]]) -> list[ShippedParcel]:
    query = (
        select(
            _out.id.label("message_id"), _out.payload.label("said"), shipments, orders.c.external_id, orders.c.number,
            orders.c.status, orders.c.id.label("told_order_id"),
        )
        .join(shipments, shipments.c.id == _out.shipment_id)
        .join(orders, orders.c.id == _out.order_id)
        .where(*due)
        .order_by(_out.id)
    )  # fmt: skip
    rows = db.execute(query).all()
    if not rows:
        return []
    lines = _parcel_lines(db, due)
    whole = _units_to_ship(db, due)
    newest = _newest_shipments(db, due)
    return [_parcel(row, lines[row.id], whole, newest) for row in rows]


def cancellations(db: Connection, account_id: int, *, now: datetime) -> list[CancelledOrder]:
    """Return the orders cancelled here that the account's channel has not been told of."""
    return _cancelled(db, _due(account_id, OutgoingKind.CANCEL, now))


def _cancelled(db: Connection, due: Sequence[ColumnElement[bool]]) -> list[CancelledOrder]:
    query = (
        select(_out.id, orders.c.external_id, orders.c.number, _out.payload, _out.created_at)
        .join(orders, orders.c.id == _out.order_id)
        .where(*due)
        .order_by(_out.id)
    )
    return [
        CancelledOrder(row.id, row.external_id, row.number, str(row.payload.get("reason", "")),
                       row.created_at)
        for row in db.execute(query)
    ]  # fmt: skip


def _due(account_id: int, kind: OutgoingKind, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        _out.account_id == account_id,
        _out.kind == kind,
        _out.state == "pending",
        _out.not_before <= now,
    )


def _parcel_lines(db: Connection, due: Sequence[ColumnElement[bool]]) -> Mapping[int, list[Any]]:
    """Return by shipment its order lines, with the units in it and the units claimed in all."""
    packed = fulfilment_order_lines.c
    claimed = (
        select(func.sum(reservations.c.quantity))
        .where(
            reservations.c.order_id == order_lines.c.order_id,  # the index to go by
            reservations.c.order_line_id == order_lines.c.id,
            reservations.c.state != "released",
        )
        .correlate(order_lines)
        .scalar_subquery()
    )
    query = (
        select(
            shipments.c.id.label("shipment_id"), order_lines,
            func.sum(packed.quantity).label("packed"), claimed.label("claimed"),
        )
        .join(shipments, shipments.c.id == _out.shipment_id)
        .join(fulfilment_order_lines, packed.fulfilment_order_id == shipments.c.fulfilment_order_id)
        .join(order_lines, order_lines.c.id == packed.order_line_id)
        .where(*due)
        .group_by(shipments.c.id, *order_lines.c)
        .order_by(shipments.c.id, order_lines.c.position)
    )  # fmt: skip
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(query):
        found[row.shipment_id].append(row)
    return found


def _units_to_ship(db: Connection, due: Sequence[ColumnElement[bool]]) -> dict[int, int]:
    """Return by order the units that have to be shipped in all."""
    mine = select(_out.order_id).where(*due)
    query = (
        select(order_lines.c.order_id, func.sum(order_lines.c.quantity))
        .where(order_lines.c.order_id.in_(mine), order_lines.c.claim != "none")
        .group_by(order_lines.c.order_id)
    )
    return {order_id: int(units) for order_id, units in db.execute(query)}


def _newest_shipments(db: Connection, due: Sequence[ColumnElement[bool]]) -> dict[int, int]:
    """Return by order its newest live shipment."""
    mine = select(_out.order_id).where(*due)
    query = (
        select(shipments.c.order_id, func.max(shipments.c.id).label("newest"))
        .where(shipments.c.order_id.in_(mine), shipments.c.voided_at.is_(None))
        .group_by(shipments.c.order_id)
    )
    return {row.order_id: row.newest for row in db.execute(query)}


def _parcel(
    row: Any, lines: Sequence[Any], whole: Mapping[int, int], newest: Mapping[int, int]
) -> ShippedParcel:
    shipped = tuple(_line(line) for line in lines)
    return ShippedParcel(
        message_id=row.message_id,
        external_id=row.external_id,
        number=row.number,
        # What a person has corrected in the message counts for the channel.
        carrier=row.said.get("carrier", row.carrier),
        service=row.service,
        tracking_number=row.said.get("tracking_number", row.tracking_number),
        shipped_at=row.shipped_at,
        lines=shipped,
        is_whole=sum(line.quantity for line in shipped) == whole.get(row.order_id, 0),
        is_last=_is_last(row, newest),
    )


def _is_last(row: Any, newest: Mapping[int, int]) -> bool:
    """Return whether nothing is to follow; what replaces a lost parcel follows all of it."""
    if row.told_order_id != row.order_id:
        return True
    return bool(row.status == "shipped" and newest[row.order_id] == row.id)


def _line(row: Any) -> ShippedLine:
    """Return the order line's own units in the parcel: a kit counts as kits, not as components."""
    units = row.quantity * int(row.packed) // int(row.claimed or row.packed)
    return ShippedLine(
        row.external_id, row.position, row.sku_text, row.title, row.listing_id, units, row.quantity
    )
