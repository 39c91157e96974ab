"""How much was sold in each week, and how much lay there at its end?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from app.domain.inventory import Bucket
from app.domain.kpis.weeks import begins
from app.models.inventory import stock_movements
from app.models.orders import order_lines, orders


@dataclass(frozen=True, slots=True)
class SoldWeek:
    """One week: units sold (as ordered, by when they were), orders, and units on hand at its end."""

    week: date
    units: int
    orders: int
    on_hand: int


def sold_weeks(
    db: Connection, weeks: Sequence[date], *, zone: ZoneInfo, now: datetime
) -> list[SoldWeek]:
    """Return the weeks in order; the running one ends now."""
    return [_week(db, week, zone, now) for week in weeks]


def _week(db: Connection, week: date, zone: ZoneInfo, now: datetime) -> SoldWeek:
    first, last = begins(week, zone), min(begins(week + timedelta(weeks=1), zone), now)
    line, order = order_lines.c, orders.c
    sold = (
        select(func.coalesce(func.sum(line.quantity * line.pack), 0), func.count(line.order_id.distinct()))
        .join_from(order_lines, orders, order.id == line.order_id)
        .where(order.placed_at >= first, order.placed_at < last, ~order.fulfilled_by_channel,
               order.status.not_in(("cancelled", "taken_back")))
    )  # fmt: skip
    units, count = db.execute(sold).one()
    there = select(func.coalesce(func.sum(stock_movements.c.quantity), 0)).where(
        stock_movements.c.bucket == Bucket.ON_HAND.value, stock_movements.c.occurred_at < last
    )
    return SoldWeek(week, int(units), int(count), int(db.execute(there).scalar_one()))
