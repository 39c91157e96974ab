"""Claim units for order lines, give them back, and claim again when stock arrives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.inventory import Bucket, Cause, StockPool
from app.domain.reservation import Claim
from app.models.bulk import insert_rows
from app.models.catalogue import skus
from app.models.identity import Identity
from app.models.inventory import locations, network_stock, stock_levels
from app.models.orders import orders, reservations
from app.models.sets import among
from app.services.catalogue import kit_contents
from app.services.ledger import Movement, Origin, plan_suggested, post


def load_pool(db: Connection, sku_ids: Collection[int]) -> StockPool:
    """Read the stock that orders for these SKUs could claim; kits bring their components.

    Only locations that ship are offered to suggestions; units elsewhere still count as claimable.
    """
    pool = StockPool(kits=kit_contents(db, sku_ids))
    wanted = set(sku_ids)
    wanted.update(part for parts in pool.kits.values() for part, _each in parts)
    if not wanted:
        return pool
    wanted_ids = {"skus": list(wanted)}
    for sku_id, free, reserved in db.execute(_NETWORK, wanted_ids).all():
        pool.claimable[sku_id] = free - reserved
    for sku_id, place, free, safety in db.execute(_LEVELS, wanted_ids).all():
        pool.at.setdefault(sku_id, {})[place] = free
        if safety:
            pool.safety.setdefault(sku_id, {})[place] = safety
    pool.weight_g.update(db.execute(_WEIGHTS, wanted_ids).all())
    return pool


_net, _level = network_stock.c, stock_levels.c
_NETWORK = select(_net.sku_id, _net.free, _net.reserved).where(among(_net.sku_id, "skus"))
_LEVELS = (
    select(
        _level.sku_id,
        _level.location_id,
        _level.on_hand - _level.unavailable - _level.allocated - _level.suggested,
        _level.safety_stock,
    )
    .join(locations, locations.c.id == _level.location_id)
    .where(among(_level.sku_id, "skus"), locations.c.ships, locations.c.account_id.is_(None))
)
_WEIGHTS = select(skus.c.id, skus.c.weight_g).where(
    among(skus.c.id, "skus"), skus.c.weight_g.is_not(None)
)


def write_claims(
    db: Connection,
    claims: Sequence[tuple[int, int, Claim, int | None]],
    origin: Origin,
) -> None:
    """Record claims as (order, account, claim, suggested location): reservations and movements."""
    if not claims:
        return
    ids = Identity(db, reservations)
    rows: list[dict[str, Any]] = []
    movements: list[Movement] = []
    planned: dict[tuple[int, int], int] = defaultdict(int)
    for order_id, account_id, claim, place in claims:
        rows.append(
            {
                "id": ids.take(reservations),
                "order_id": order_id,
                "order_line_id": claim.line_id,
                "sku_id": claim.sku_id,
                "quantity": claim.quantity,
                "suggested_location_id": place,
                "state": "held",
            }
        )
        movements.append(
            Movement(
                claim.sku_id,
                None,
                Bucket.RESERVED,
                claim.quantity,
                Cause.RESERVATION,
                order_id,
                claim.line_id,
                account_id,
            )
        )
        if place is not None:
            planned[claim.sku_id, place] += claim.quantity
    insert_rows(db, reservations, rows)
    post(db, movements, origin)
    plan_suggested(db, planned)


def release(db: Connection, order_ids: Sequence[int], origin: Origin) -> list[int]:
    """Give back every held unit of these orders, and return the SKUs that became free."""
    return _give_back(db, _held(db, order_ids), origin)


def release_lines(
    db: Connection, order_ids: Sequence[int], line_ids: Collection[int], origin: Origin
) -> list[int]:
    """Give back the held units of some lines of these orders; return the SKUs that became free."""
    held = [row for row in _held(db, order_ids) if row.order_line_id in line_ids]
    return _give_back(db, held, origin)


def _give_back(db: Connection, held: Sequence[Any], origin: Origin) -> list[int]:
    movements = [
        Movement(
            row.sku_id,
            None,
            Bucket.RESERVED,
            -row.quantity,
            Cause.RELEASE,
            row.order_id,
            row.order_line_id,
            row.account_id,
        )
        for row in held
    ]
    post(db, movements, origin)
    plan_suggested(db, _planned(held, -1))
    db.execute(
        reservations.update()
        .where(reservations.c.id.in_([row.id for row in held]))
        .values(state="released", suggested_location_id=None)
    )
    return sorted({row.sku_id for row in held})


def forget_suggested(db: Connection, order_ids: Sequence[int]) -> None:
    """Take the orders' units out of the suggestions' plan, so that they can be suggested anew."""
    held = [row for row in _held(db, order_ids) if row.suggested_location_id is not None]
    plan_suggested(db, _planned(held, -1))
    if held:
        db.execute(
            reservations.update()
            .where(reservations.c.id.in_([row.id for row in held]))
            .values(suggested_location_id=None)
        )


def _held(db: Connection, order_ids: Sequence[int]) -> Sequence[Any]:
    query = (
        select(reservations, orders.c.account_id)
        .join(orders, orders.c.id == reservations.c.order_id)
        .where(reservations.c.order_id.in_(order_ids), reservations.c.state == "held")
        .order_by(reservations.c.id)
    )
    return db.execute(query).all()


def _planned(held: Sequence[Any], sign: int) -> dict[tuple[int, int], int]:
    deltas: dict[tuple[int, int], int] = defaultdict(int)
    for row in held:
        if row.suggested_location_id is not None:
            deltas[row.sku_id, row.suggested_location_id] += sign * row.quantity
    return deltas


def origin_of(actor: str, source: str, now: datetime) -> Origin:
    """Return the origin of something that happens now."""
    return Origin(actor, source, now, now)
