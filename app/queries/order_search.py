"""Which orders does a search mean?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select, true

from app.models.fulfilment import shipments
from app.models.orders import order_lines, orders


def order_condition(_db: Connection, query: str, _now: datetime) -> ColumnElement[bool]:
    """Return the condition on ``orders`` that a query means."""
    text = query.strip()
    if not text:
        return true()
    lines = select(order_lines.c.order_id).where(
        order_lines.c.sku_text.icontains(text, autoescape=True)
    )
    parcels = select(shipments.c.order_id).where(
        shipments.c.tracking_number.icontains(text, autoescape=True)
    )
    return or_(
        orders.c.number.icontains(text, autoescape=True),
        orders.c.buyer_name.icontains(text, autoescape=True),
        orders.c.id.in_(lines),
        orders.c.id.in_(parcels),
    )
