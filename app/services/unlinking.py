"""Let lines wait for their code again, because what it meant was taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.orders import HoldCode, IncomingLine, IncomingOrder, MapperHold, OrderStatus
from app.domain.roles import Actor
from app.models.identity import Identity
from app.models.orders import holds, order_lines, orders
from app.models.sets import among
from app.services import indexing, reclaiming, reserving
from app.services.cases import open_cases
from app.services.order_rows import hold_case, hold_row, unknown_sku
from app.services.stored_orders import versions_here


def wait_again(
    db: Connection, actor: Actor, account_id: int, line_ids: Sequence[int], *, now: datetime
) -> list[str]:
    """Release the lines' units and hold their orders; return the numbers of those left alone."""
    lines = _lines(db, account_id, line_ids)
    left = sorted({line.number for line in lines if line.status != OrderStatus.OPEN})
    mine = [line for line in lines if line.status == OrderStatus.OPEN]
    order_ids = sorted({line.order_id for line in mine})
    if not order_ids:
        return left
    freed = reserving.release(db, order_ids, reserving.origin_of(actor.name, "desk", now))
    _forget(db, order_ids, {line.id for line in mine})
    _hold(db, actor, mine, now)
    indexing.changed(db, order_ids)
    reclaiming.reclaim(db, actor, order_ids, now=now)
    reclaiming.reclaim_for_skus(db, actor, freed, now=now)
    return left


def _lines(db: Connection, account_id: int, line_ids: Collection[int]) -> Sequence[Any]:
    query = (
        select(order_lines, orders.c.number, orders.c.status, orders.c.ship_by)
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(
            among(order_lines.c.id, "lines"),
            orders.c.account_id == account_id,
            order_lines.c.claim.in_(("reserved", "short")),
        )
        .order_by(order_lines.c.id)
    )
    return db.execute(query, {"lines": list(line_ids)}).all()


def _forget(db: Connection, order_ids: Sequence[int], line_ids: Collection[int]) -> None:
    """Let these lines have no SKU, and the other lines of their orders claim anew."""
    others = (
        among(order_lines.c.order_id, "orders"),
        order_lines.c.claim == "reserved",
    )
    db.execute(order_lines.update().where(*others).values(claim="short"), {"orders": order_ids})
    db.execute(
        order_lines.update()
        .where(among(order_lines.c.id, "lines"))
        .values(claim="unmapped", sku_id=None, pack=1),
        {"lines": list(line_ids)},
    )


def _hold(db: Connection, actor: Actor, lines: Sequence[Any], now: datetime) -> None:
    by_order: dict[int, list[Any]] = defaultdict(list)
    for line in lines:
        by_order[line.order_id].append(line)
    stored = versions_here(db, by_order)
    ids = Identity(db, holds)
    rows, drafts = [], []
    for order_id, mine in by_order.items():
        version, problem = stored[order_id].version, _problem(mine[0])
        rows.append(hold_row(ids.take(holds), order_id, problem, actor.name, now))
        drafts.append(hold_case(order_id, version, problem, _due(version, mine[0], now)))
    db.execute(holds.insert(), rows)
    db.execute(orders.update().where(orders.c.id.in_(by_order)).values(is_held=True))
    open_cases(db, drafts, now=now)


def _due(version: IncomingOrder, line: Any, now: datetime) -> datetime:
    due: datetime = line.ship_by or version.ship_by or now
    return due


def _problem(line: Any) -> MapperHold:
    if line.sku_text:
        return unknown_sku(IncomingLine(line.external_id, line.sku_text, line.title, line.quantity))
    why = f"The line “{line.title}” has no SKU. Say what has to be packed."
    return MapperHold(HoldCode.MISSING_SKU, why)
