"""What do numbers, holds and the time make true: low stock, orders that came twice or may be fraud, a full day?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, String, and_, cast, func, or_, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.orders import HoldCode
from app.models.base import is_state
from app.models.catalogue import skus
from app.models.fulfilment import fulfilment_orders
from app.models.inventory import locations, network_stock, stock_levels
from app.models.orders import holds, order_lines, orders, total_of_order

TWICE_WITHIN: Final = timedelta(hours=1)
ELSEWHERE_WITHIN: Final = timedelta(hours=12)  # on another channel: who waits there orders here
_level, _net, _order, _parcel = stock_levels.c, network_stock.c, orders.c, fulfilment_orders.c


def held_for_fraud(db: Connection, _now: datetime) -> list[CaseDraft]:
    """Return the orders that their channel or somebody here holds back because they may be fraud."""
    return [
        CaseDraft(CaseKind.FRAUD_HOLD, "order", row.id, f"Order {row.number} may be fraud, and is held",
                  int(row.worth or 0), row.currency, row.id, due_at=row.ship_by,
                  facts={"reason": row.reason}, account_id=row.account_id)
        for row in db.execute(_FRAUD)
    ]  # fmt: skip


_FRAUD: Final = (
    select(
        _order.id, _order.number, _order.currency, _order.ship_by, _order.account_id, holds.c.reason,
        total_of_order().label("worth"),
    )
    .join(orders, _order.id == holds.c.order_id)
    .where(
        _order.is_held, holds.c.released_at.is_(None),
        or_(holds.c.code == HoldCode.FRAUD_RISK.value,
            and_(holds.c.code == HoldCode.BY_HAND.value, func.lower(holds.c.reason).contains("fraud"))),
    )
    .order_by(_order.id)
)  # fmt: skip


def running_low(db: Connection, _now: datetime) -> list[CaseDraft]:
    """Return the SKUs of which no more can be sold than is kept as safety stock."""
    return [_low(row) for row in db.execute(_LOW)]


_FREE: Final = _net.free - _net.reserved
_KEPT: Final = func.sum(_level.safety_stock)
_LOW: Final = (
    select(skus.c.id, skus.c.code, _FREE.label("free"), _KEPT.label("kept"))
    .select_from(stock_levels)
    .join(network_stock, _net.sku_id == _level.sku_id)
    .join(skus, skus.c.id == _level.sku_id)
    .where(_level.safety_stock > 0)
    .group_by(skus.c.id, skus.c.code, _net.free, _net.reserved)
    .having(_FREE.between(0, _KEPT))
    .order_by(skus.c.id)
)


def _low(row: Any) -> CaseDraft:
    return CaseDraft(
        CaseKind.LOW_STOCK, "sku", row.id,
        f"{row.code} runs low: {row.free} left to sell, {row.kept} are kept for safety",
        sku_id=row.id, facts={"free": row.free, "safety": int(row.kept)},
    )  # fmt: skip


def came_twice(db: Connection, _now: datetime) -> list[CaseDraft]:
    """Return the open orders that look like another one: same buyer, same door, same goods, within hours.

    On one channel the money is the same too, and it is within the hour.
    """
    later, first = orders.alias("later"), orders.alias("first")
    mine, other = later.c, first.c
    same = [
        mine[name] == other[name] for name in ("ship_postcode", "buyer_name", "ship_line1", "units")
    ]
    is_here = mine.account_id == other.account_id
    money = [mine[name] == other[name] for name in ("currency", "shipping", "total")]
    query = (
        select(mine.id, mine.number, mine.placed_at, mine.ship_by, mine.currency, mine.total,
               other.id.label("twin_id"), other.number.label("twin"),
               other.placed_at.label("twin_at"), is_here.label("is_here"))
        .select_from(later)
        .join(first, (other.id < mine.id) & is_state(other.status, "open"))
        .where(is_state(mine.status, "open"), mine.buyer_name != "", mine.ship_line1 != "",
               mine.total > 0, *same, or_(~is_here, and_(*money)))
        .order_by(mine.id)
    )  # fmt: skip
    found = [row for row in db.execute(query)
             if abs(row.placed_at - row.twin_at) <= (TWICE_WITHIN if row.is_here else ELSEWHERE_WITHIN)
             and _same_goods(db, row)]  # fmt: skip
    return list({row.id: _twice(row) for row in found}.values())


def _same_goods(db: Connection, row: Any) -> bool:
    line = order_lines.c
    code = func.coalesce(cast(line.sku_id, String), line.sku_text)
    query = (
        select(line.order_id, code, func.sum(line.quantity))
        .where(line.order_id.in_((row.id, row.twin_id)))
        .group_by(line.order_id, code)
    )
    goods: dict[int, set[tuple[str, int]]] = {row.id: set(), row.twin_id: set()}
    for order_id, what, units in db.execute(query):
        goods[order_id].add((what, int(units)))
    return goods[row.id] == goods[row.twin_id]


def _twice(row: Any) -> CaseDraft:
    return CaseDraft(
        CaseKind.DUPLICATE_SUSPECT, "order", row.id,
        f"Order {row.number} looks like order {row.twin} over again",
        int(row.total or 0), row.currency, row.id, due_at=row.ship_by,
        facts={"reason": f"Same buyer, same door and same goods as {row.twin}, {_when(row)}."},
    )  # fmt: skip


def _when(row: Any) -> str:
    return "within an hour" if row.is_here else "within hours, on another channel"


def over_capacity(db: Connection, _now: datetime) -> list[CaseDraft]:
    """Return the locations that have more accepted orders to ship than can leave in a day."""
    waiting = func.count(_parcel.id)
    query = (
        select(locations.c.id, locations.c.name, locations.c.daily_capacity, waiting.label("count"),
               func.min(_order.ship_by).label("due"),
               func.coalesce(func.sum(total_of_order()), 0).label("worth"),
               func.min(_order.currency).label("currency"))
        .join(fulfilment_orders, _parcel.location_id == locations.c.id)
        .join(orders, _order.id == _parcel.order_id)
        .where(_parcel.state == "open", locations.c.daily_capacity.is_not(None))
        .group_by(locations.c.id, locations.c.name, locations.c.daily_capacity)
        .having(waiting > locations.c.daily_capacity)
        .order_by(locations.c.id)
    )  # fmt: skip
    return [
        CaseDraft(
            CaseKind.OVER_CAPACITY, "location", row.id,
            f"{row.name} has {row.count:,} orders to ship and room for {row.daily_capacity:,} a day",
            int(row.worth), row.currency, due_at=row.due, location_id=row.id,
            facts={"waiting": row.count, "capacity": row.daily_capacity},
        )
        for row in db.execute(query)
    ]  # fmt: skip
