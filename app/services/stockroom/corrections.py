"""What was corrected on a shelf since somebody looked at it: each difference is booked once.

A sale moves the shelf and the ledger alike. A correction moves the ledger alone, towards what lay
on the shelf all along; whoever counted before it was booked must not book it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.inventory import Bucket, Cause, Why
from app.models.inventory import stock_movements

_move = stock_movements.c
# Units that left the shelf when it was written down; every other adjustment corrects a number.
_LEAVES = frozenset({Why.DAMAGED.value, Why.EXPIRED.value, Why.SAMPLE.value})


def corrected_since(db: Connection, item: int, place: int, at: datetime) -> int:
    """Return by how much the units on hand were corrected since."""
    return sum(row.quantity for row in standing(_since(db, item, place, at)) if _corrects(row))


def happened_since(db: Connection, item: int, place: int, at: datetime) -> int:
    """Return by how much the shelf itself has changed since: sold, arrived, moved, taken out."""
    return sum(row.quantity for row in standing(_since(db, item, place, at)) if not _corrects(row))


def standing(rows: Iterable[Any]) -> list[Any]:
    """Return the movements without those that were taken back, and without what took them back."""
    left: list[Any] = []
    for row in rows:
        is_back = row.reason_code == Why.TAKEN_BACK.value
        meant = [each for each in left if is_back and each.quantity == -row.quantity]
        if meant:
            left.remove(meant[-1])
        else:
            left.append(row)
    return left


def _corrects(row: Any) -> bool:
    if row.cause == Cause.ADJUSTMENT.value:
        return row.reason_code not in _LEAVES
    return row.cause in {Cause.COUNT.value, Cause.OPENING.value}


def _since(db: Connection, item: int, place: int, at: datetime) -> Iterable[Any]:
    query = select(_move.id, _move.quantity, _move.cause, _move.reason_code).where(
        _move.sku_id == item, _move.location_id == place,
        _move.bucket == Bucket.ON_HAND.value, _move.recorded_at > at,
    ).order_by(_move.id)  # fmt: skip
    return db.execute(query).all()
