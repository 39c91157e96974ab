"""Whose parcel may this be, that came back without a word? Orders that left, scored; nothing is changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, or_, select

from app.domain.folding import fold
from app.domain.returning.matching import Candidate, Clues, matches
from app.errors import NotFoundError
from app.models.fulfilment import fulfilment_order_lines, shipments
from app.models.orders import orders
from app.models.returns import return_units, returns
from app.models.sets import among

_LOOKED_BACK: Final = timedelta(days=180)
_MOST: Final = 400


@dataclass(frozen=True, slots=True)
class MatchRow:
    """An order that a parcel may belong to: how well it fits (0 to 100), and why."""

    order_id: int
    number: str
    channel: str
    buyer_name: str
    score: int
    reasons: tuple[str, ...]


def suggested_orders(db: Connection, return_id: int) -> tuple[MatchRow, ...]:
    """Return the orders that fit a parcel, best first.

    Raises:
        NotFoundError: there is no such return.
    """
    row = db.execute(select(returns).where(returns.c.id == return_id)).first()
    if row is None:
        raise NotFoundError("There is no such return.", "Look for it among the returns.")
    contents = _contents(db, return_id)
    clues = Clues(row.tracking_number, row.sender, row.clue, contents, row.opened_at)
    rows = {each.id: each for each in _orders(db, row, contents)}
    found = matches(clues, _candidates(db, rows))
    return tuple(
        MatchRow(each.order_id, rows[each.order_id].number, rows[each.order_id].channel,
                 rows[each.order_id].buyer_name, each.score, each.reasons)
        for each in found
    )  # fmt: skip


def _contents(db: Connection, return_id: int) -> Counter[int]:
    query = select(return_units.c.sku_id).where(return_units.c.return_id == return_id)
    return Counter(db.execute(query).scalars())


def _orders(db: Connection, row: Any, contents: Collection[int]) -> Sequence[Any]:
    """Return the orders that something speaks for: goods, tracking number, order number or name."""
    words = [word for word in row.clue.replace("#", " ").split() if word]
    packed = fulfilment_order_lines.c
    with_goods = (
        select(shipments.c.order_id)
        .join(fulfilment_order_lines, packed.fulfilment_order_id == shipments.c.fulfilment_order_id)
        .where(
            among(packed.sku_id, "skus"), shipments.c.voided_at.is_(None),
            shipments.c.shipped_at > row.opened_at - _LOOKED_BACK,
        )
        .order_by(shipments.c.shipped_at.desc())
        .limit(_MOST)
    )  # fmt: skip
    tracked = select(shipments.c.order_id).where(
        shipments.c.tracking_number == row.tracking_number, shipments.c.tracking_number != ""
    )
    numbers = [*words, *(f"#{word}" for word in words)]
    query = select(orders).where(
        or_(
            orders.c.id.in_(with_goods), orders.c.id.in_(tracked), orders.c.number.in_(numbers),
            orders.c.external_id.in_(words),
            (func.lower(orders.c.ship_name) == fold(row.sender)) & (orders.c.ship_name != ""),
        ),
        orders.c.id.in_(select(shipments.c.order_id).where(shipments.c.voided_at.is_(None))),
    )  # fmt: skip
    return db.execute(query.order_by(orders.c.id), {"skus": list(contents)}).all()


def _candidates(db: Connection, rows: dict[int, Any]) -> list[Candidate]:
    tracking, left_at, goods = _shipped(db, rows)
    for (order_id, sku_id), count in _back(db, rows).items():
        goods[order_id][sku_id] -= count
    return [
        Candidate(
            row.id, row.number, row.external_id, tuple(tracking[row.id]),
            (row.buyer_name, row.ship_name), row.ship_postcode, +goods[row.id], left_at[row.id],
        )
        for row in rows.values()
    ]  # fmt: skip


def _shipped(
    db: Connection, ids: Collection[int]
) -> tuple[dict[int, list[str]], dict[int, datetime], dict[int, Counter[int]]]:
    """Return by order its tracking numbers, when its last parcel left, and what was in all of them."""
    packed = fulfilment_order_lines.c
    query = (
        select(shipments.c.order_id, shipments.c.tracking_number, shipments.c.shipped_at,
               packed.sku_id, packed.quantity)
        .join(fulfilment_order_lines, packed.fulfilment_order_id == shipments.c.fulfilment_order_id)
        .where(among(shipments.c.order_id, "orders"), shipments.c.voided_at.is_(None))
        .order_by(shipments.c.id)
    )  # fmt: skip
    tracking: dict[int, list[str]] = defaultdict(list)
    left_at: dict[int, datetime] = {}
    goods: dict[int, Counter[int]] = defaultdict(Counter)
    for row in db.execute(query, {"orders": list(ids)}):
        tracking[row.order_id].append(row.tracking_number)
        left_at[row.order_id] = max(left_at.get(row.order_id, row.shipped_at), row.shipped_at)
        goods[row.order_id][row.sku_id] += row.quantity
    return tracking, left_at, goods


def _back(db: Connection, ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Return by order and SKU the units that came back already, or will."""
    unit = return_units.c
    query = (
        select(returns.c.order_id, unit.sku_id, func.count())
        .join(returns, returns.c.id == unit.return_id)
        .where(among(returns.c.order_id, "orders"), unit.custody != "not_returned")
        .group_by(returns.c.order_id, unit.sku_id)
    )
    rows = db.execute(query, {"orders": list(ids)})
    return {(order_id, sku_id): count for order_id, sku_id, count in rows}
