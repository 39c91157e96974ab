"""How did a launch go: what was promised, what was sold, and what left?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select

from app.models.catalogue import skus
from app.models.fulfilment import fulfilment_order_lines, fulfilment_orders
from app.models.orders import order_lines, orders
from app.models.published import published_quantities
from app.services.launching.launches import Launch


@dataclass(frozen=True, slots=True)
class WareCourse:
    """One SKU: the most that the channel was told, what it sold, what of that left and was cancelled."""

    sku: str
    promised: int | None
    sold: int
    shipped: int
    cancelled: int

    @property
    def is_oversold(self) -> bool:
        """Whether more was sold than was ever promised at one time."""
        return self.promised is not None and self.sold > self.promised and self.shipped < self.sold


def course(db: Connection, launch: Launch, *, now: datetime) -> list[WareCourse]:
    """Return what became of each SKU since the channel was opened, the most sold first."""
    until = launch.closed_at or now
    line, pub, mine = order_lines.c, published_quantities.c, _mine(launch, now)
    asked = (
        select(line.sku_id, orders.c.status, func.sum(line.quantity * line.pack))
        .join(orders, orders.c.id == line.order_id)
        .where(*mine, line.sku_id.is_not(None), orders.c.status != "taken_back")
        .group_by(line.sku_id, orders.c.status)
    )
    sold: dict[int, dict[str, int]] = {}
    for sku_id, status, units in db.execute(asked):
        sold.setdefault(sku_id, {})[status] = int(units)
    left: dict[int, int] = dict(db.execute(_left(mine)).all())
    promised = dict(db.execute(
        select(pub.sku_id, func.max(pub.after))
        .where(pub.account_id == launch.account.id, pub.computed_at <= until, pub.after.is_not(None))
        .group_by(pub.sku_id)
    ).all())  # fmt: skip
    ids = sorted(sold.keys() | promised.keys())
    codes = dict(db.execute(select(skus.c.id, skus.c.code).where(skus.c.id.in_(ids))).all())
    found = [
        WareCourse(codes[sku_id], promised.get(sku_id), sum(by.values()) - by.get("cancelled", 0),
                   int(left.get(sku_id, 0)), by.get("cancelled", 0))
        for sku_id in ids for by in (sold.get(sku_id, {}),)
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.sold, each.sku))


class CourseLine(NamedTuple):
    """One order's units of a SKU; ``id`` is the order's."""

    id: int
    number: str
    placed_at: datetime
    units: int


def lines_of(
    db: Connection, launch: Launch, sku: str, what: str, *, now: datetime
) -> list[CourseLine]:
    """Return the orders behind what was sold, shipped or cancelled of a SKU; their units add up to it."""
    line = order_lines.c
    is_cancelled = orders.c.status == "cancelled"
    wanted = {"sold": ~is_cancelled, "cancelled": is_cancelled, "shipped": line.id.in_(_SENT)}
    query = (
        select(
            orders.c.id, orders.c.number, orders.c.placed_at, func.sum(line.quantity * line.pack)
        )
        .join(order_lines, line.order_id == orders.c.id)
        .join(skus, skus.c.id == line.sku_id)
        .where(
            *_mine(launch, now), skus.c.code == sku, orders.c.status != "taken_back", wanted[what]
        )
        .group_by(orders.c.id, orders.c.number, orders.c.placed_at)
        .order_by(orders.c.placed_at, orders.c.id)
    )
    return [CourseLine(row[0], row[1], row[2], int(row[3])) for row in db.execute(query)]


def _mine(launch: Launch, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the condition on the orders that came from the channel since it was opened."""
    return (
        orders.c.account_id == launch.account.id,
        orders.c.placed_at >= (launch.opened_at or launch.planned_at),
        orders.c.placed_at <= (launch.closed_at or now),
    )


def _left(mine: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    return (
        select(order_lines.c.sku_id, func.sum(order_lines.c.quantity * order_lines.c.pack))
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(*mine, orders.c.status != "taken_back", order_lines.c.id.in_(_SENT))
        .group_by(order_lines.c.sku_id)
    )


_SENT: Final = (
    select(fulfilment_order_lines.c.order_line_id)
    .join(fulfilment_orders, fulfilment_orders.c.id == fulfilment_order_lines.c.fulfilment_order_id)
    .where(fulfilment_orders.c.state == "shipped")
)
