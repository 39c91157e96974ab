"""What would the new channel's sales take from the others? Recent demand again, on the stock of today."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from app.domain.launching.starving import Starved, Supply, forecast
from app.models.base import is_state
from app.models.catalogue import skus
from app.models.inbound import expected_receipt_lines, expected_receipts
from app.models.inventory import network_stock
from app.models.kits import contents
from app.models.orders import order_lines, orders
from app.services.launching.readiness import listed_skus
from app.services.reclaiming import WAITING

WINDOW_DAYS: Final = 28
HORIZON_DAYS: Final = 14


def rehearse(
    db: Connection, account_id: int, *, uplift: int, now: datetime, horizon: int = HORIZON_DAYS
) -> list[Starved]:
    """Return the SKUs that run out within the horizon because the channel opens.

    Only what the channel lists sells more; a kit takes from what is in it.
    """
    listed = listed_skus(db, account_id)
    sold = _sold(db, now)
    inside = contents(db, listed | sold.keys())
    wanted = {part for sku in listed for part in inside.get(sku, {sku: 1})}
    codes = dict(
        db.execute(select(skus.c.id, skus.c.code).where(skus.c.id.in_(sorted(wanted)))).all()
    )
    demand: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for sku, by_channel in sold.items():
        for part, each in inside.get(sku, {sku: 1}).items():
            if part in codes:
                for channel, units in by_channel.items():
                    demand[codes[part]][channel] += units * each
    return forecast(
        _supplies(db, codes, now), demand, window=WINDOW_DAYS, horizon=horizon, uplift=uplift
    )


def _sold(db: Connection, now: datetime) -> dict[int, dict[str, int]]:
    line = order_lines.c
    units = func.sum(line.quantity * line.pack)
    query = (
        select(line.sku_id, orders.c.channel, units)
        .join(orders, orders.c.id == line.order_id)
        .where(
            orders.c.placed_at >= now - timedelta(days=WINDOW_DAYS),
            orders.c.placed_at < now,
            orders.c.status.not_in(("cancelled", "taken_back")),
            ~orders.c.fulfilled_by_channel,
            line.sku_id.is_not(None),
        )
        .group_by(line.sku_id, orders.c.channel)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for sku_id, channel, count in db.execute(query):
        found[sku_id][channel] = int(count)
    return found


def _supplies(db: Connection, codes: dict[int, str], now: datetime) -> list[Supply]:
    stock, line = network_stock.c, expected_receipt_lines.c
    ids = sorted(codes)
    free = {row.sku_id: row.free - row.reserved for row in db.execute(
        select(stock.sku_id, stock.free, stock.reserved).where(stock.sku_id.in_(ids)))}  # fmt: skip
    arriving: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    query = (
        select(line.sku_id, line.outstanding, expected_receipts.c.expected_at)
        .join(expected_receipts, expected_receipts.c.id == line.receipt_id)
        .where(line.outstanding > 0, line.sku_id.in_(ids),
               expected_receipts.c.expected_at.is_not(None))
    )  # fmt: skip
    for sku_id, units, due in db.execute(query):
        arriving[sku_id][max(0, (due.date() - now.date()).days)] += units
    waiting = _waiting(db)
    return [Supply(code, max(0, free.get(sku_id, 0)), dict(arriving.get(sku_id, {})), waiting[sku_id])
            for sku_id, code in sorted(codes.items(), key=lambda each: each[1])]  # fmt: skip


def _waiting(db: Connection) -> dict[int, list[int]]:
    """Return the units that lines wait for, by SKU, the oldest order first; a kit waits for what is in it."""
    line = order_lines.c
    query = (
        select(line.sku_id, line.quantity * line.pack)
        .join(orders, orders.c.id == line.order_id)
        .where(is_state(line.claim, *WAITING), line.claim == "short",
               orders.c.status.in_(("open", "partly_shipped")))
        .order_by(orders.c.placed_at, orders.c.id, line.position)
    )  # fmt: skip
    rows = db.execute(query).all()
    inside = contents(db, {sku_id for sku_id, _units in rows})
    found: dict[int, list[int]] = defaultdict(list)
    for sku_id, units in rows:
        for part, each in inside.get(sku_id, {sku_id: 1}).items():
            found[part].append(units * each)
    return found
