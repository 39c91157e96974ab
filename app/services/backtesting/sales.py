"""What did buyers ask for since a moment, when did it come in, and was it there?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, or_, select

from app.domain.inventory import Bucket, Cause
from app.domain.orders import OrderStatus
from app.domain.promising.hindsight import Sale
from app.models.cases import exception_cases
from app.models.inventory import stock_movements
from app.models.orders import order_lines, orders
from app.models.returns import is_a_sale


def sales_since(db: Connection, since: datetime, currency: str) -> list[Sale]:
    """Return every line that claimed units of ours, as the orders came in.

    Lines that never did (shipped before they were known here, by the channel, nothing to ship) took no
    unit from anybody, and are left out. A cancelled order claims nothing any more; it did.
    """
    return [_sale(row, since, currency) for row in db.execute(_LINES, {"since": since})]


def _sale(row: Any, since: datetime, currency: str) -> Sale:
    was_there = row.reserved_at is not None and row.reserved_at <= row.taken_in_at
    was_oversold = not was_there and (row.claim == "short" or row.has_case)
    came = row.taken_in_at if was_there or was_oversold else row.reserved_at or row.taken_in_at
    return Sale(
        row.id, row.order_id, row.number, row.account_id, row.channel, row.sku_id,
        row.quantity * row.pack,
        row.quantity * row.unit_price - row.discount if row.currency == currency else 0,
        min(max(row.placed_at, since), came), came, None if was_oversold else row.mark,
        was_oversold, row.status == OrderStatus.CANCELLED, bool(row.is_bought),
    )  # fmt: skip


_line, _order, _move, _case = order_lines.c, orders.c, stock_movements.c, exception_cases.c
_TAKEN = (
    select(
        _move.order_line_id, func.min(_move.id).label("mark"),
        func.min(_move.recorded_at).label("reserved_at"),
    )
    .where(
        _move.recorded_at >= bindparam("since"), _move.order_id.is_not(None),
        _move.cause == Cause.RESERVATION.value, _move.bucket == Bucket.RESERVED.value,
    )
    .group_by(_move.order_line_id)
    .subquery()
)  # fmt: skip
_HAD_A_CASE = exists().where(
    _case.kind == "shortfall", _case.subject_kind == "order", _case.subject_id == _order.id
)
_LINES = (
    select(
        _line.id, _line.order_id, _line.sku_id, _line.quantity, _line.pack, _line.unit_price,
        _line.discount, _line.claim, _order.number, _order.account_id, _order.channel,
        _order.currency, _order.status, _order.placed_at, _order.taken_in_at, _TAKEN.c.mark,
        _TAKEN.c.reserved_at, _HAD_A_CASE.label("has_case"), is_a_sale().label("is_bought"),
    )
    .join(orders, _order.id == _line.order_id)
    .outerjoin(_TAKEN, _TAKEN.c.order_line_id == _line.id)
    .where(
        _order.taken_in_at >= bindparam("since"),
        ~_order.fulfilled_by_channel,
        _order.status != OrderStatus.TAKEN_BACK.value,
        _line.sku_id.is_not(None),
        _line.requires_shipping,
        _line.quantity > 0,
        or_(_line.claim.in_(("reserved", "short")), _TAKEN.c.mark.is_not(None), _HAD_A_CASE),
    )
    .order_by(_order.taken_in_at, _order.id, _line.position)
)  # fmt: skip
