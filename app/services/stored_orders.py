"""Which version of an order is here? As a value, to be compared with what a channel states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, select

from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder, OrderStatus
from app.domain.revision import Here
from app.models.orders import order_changes, order_lines, orders
from app.models.sets import among

ADDRESS = (
    "name", "company", "line1", "line2", "line3", "city", "state", "postcode", "country", "phone",
)  # fmt: skip


def versions_here(db: Connection, order_ids: Collection[int]) -> dict[int, Here]:
    """Return the orders as they are here, by id."""
    wanted = {"orders": order_ids}
    lines: dict[int, list[IncomingLine]] = defaultdict(list)
    for row in db.execute(_LINES, wanted):
        lines[row.order_id].append(_line(row))
    asked: dict[int, dict[str, str]] = defaultdict(dict)
    for order_id, version, state in db.execute(_CHANGES, wanted):
        asked[order_id][version] = state
    return {
        row.id: Here(
            _order(row, tuple(lines[row.id])), OrderStatus(row.status),
            ChannelState(row.channel_state), row.content_hash, asked[row.id],
        )
        for row in db.execute(_ORDERS, wanted)
    }  # fmt: skip


_ORDERS = select(orders).where(among(orders.c.id, "orders"))
_LINES = (
    select(order_lines)
    .where(among(order_lines.c.order_id, "orders"), order_lines.c.quantity > 0)
    .order_by(order_lines.c.order_id, order_lines.c.position)
)
_CHANGES = (
    select(order_changes.c.order_id, order_changes.c.content_hash, order_changes.c.state)
    .where(among(order_changes.c.order_id, "orders"))
    .order_by(order_changes.c.id)
)


def _order(row: Any, lines: tuple[IncomingLine, ...]) -> IncomingOrder:
    return IncomingOrder(
        channel=row.channel,
        external_id=row.external_id,
        number=row.number,
        placed_at=row.placed_at,
        currency=row.currency,
        lines=lines,
        ship_to=Address(*(getattr(row, f"ship_{part}") for part in ADDRESS)),
        buyer_name=row.buyer_name,
        buyer_email=row.buyer_email,
        service=row.service,
        shipping=row.shipping,
        tax=row.tax,
        discount=row.discount,
        total=row.total,
        state=ChannelState(row.channel_state),
    )


def _line(row: Any) -> IncomingLine:
    return IncomingLine(
        row.external_id, row.sku_text, row.title, row.quantity, row.unit_price, row.discount,
        row.tax, row.listing_id, row.requires_shipping, row.variant,
    )  # fmt: skip
