"""What was sold, and what was booked about it? Read where payouts are checked and where they are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.domain.payouts.judging import Booked, Sold
from app.domain.payouts.lines import LineType
from app.models.orders import order_lines, orders
from app.models.payouts import payout_lines
from app.models.sets import among

_line, _order = payout_lines.c, orders.c


def sold(db: Connection, order_ids: Iterable[int]) -> dict[int, Sold]:
    """Return the orders as far as money is concerned."""
    rows = db.execute(_SOLD, {"orders": list(order_ids)})
    return {row.id: _sold(row) for row in rows}


_item = order_lines.c
_SOLD: Final = (
    select(
        _order.id, _order.number, _order.channel, _order.currency, _order.status, _order.shipping,
        _order.tax, _order.discount, _order.total, func.count(_item.id).label("lines"),
        func.coalesce(func.sum(_item.quantity * _item.unit_price - _item.discount), 0).label("goods"),
    )
    .outerjoin(order_lines, _item.order_id == _order.id)
    .where(among(_order.id, "orders"))
    .group_by(
        _order.id, _order.number, _order.channel, _order.currency, _order.status, _order.shipping,
        _order.tax, _order.discount, _order.total,
    )
)  # fmt: skip


def _sold(row: Any) -> Sold:
    return Sold(
        row.id, row.number, row.channel, row.currency, row.status, int(row.lines), int(row.goods),
        row.shipping, row.tax, row.discount, row.total,
    )  # fmt: skip


def booked(db: Connection, order_ids: Iterable[int]) -> dict[int, list[Booked]]:
    """Return what was booked about orders."""
    found: dict[int, list[Booked]] = defaultdict(list)
    for row in db.execute(_BOOKED, {"orders": list(order_ids)}):
        found[row.order_id].append(booked_row(row))
    return found


_BOOKED: Final = (
    select(
        _line.order_id,
        _line.type,
        _line.label,
        _line.amount,
        _line.currency,
        _line.item_ref,
        _line.ref,
    )
    .where(among(_line.order_id, "orders"), _line.is_live)
    .order_by(_line.id)
)


def booked_row(row: Any) -> Booked:
    """Return one amount that was booked."""
    return Booked(
        LineType(row.type), row.label, row.amount, row.currency, row.item_ref, row.ref
    )  # fmt: skip
