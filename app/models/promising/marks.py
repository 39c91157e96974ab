"""Which SKUs' numbers may have changed without a movement? They are worked out again soon."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, literal, select

from app.models.catalogue import skus
from app.models.published import stale_quantities
from app.models.sets import among

_FORGET = delete(stale_quantities).where(among(stale_quantities.c.sku_id, "skus"))


def mark(db: Connection, sku_ids: Collection[int], why: str) -> None:
    """Have the numbers of these SKUs worked out again."""
    if sku_ids:
        forget(db, sku_ids)
        chosen = select(skus.c.id, literal(why)).where(among(skus.c.id, "skus"))
        db.execute(_INTO.from_select(["sku_id", "why"], chosen), {"skus": list(sku_ids)})


def mark_all(db: Connection, why: str) -> None:
    """Have every number worked out again."""
    db.execute(delete(stale_quantities))
    db.execute(_INTO.from_select(["sku_id", "why"], select(skus.c.id, literal(why))))


def forget(db: Connection, sku_ids: Collection[int]) -> None:
    """Take SKUs off the list: they have been worked out."""
    db.execute(_FORGET, {"skus": list(sku_ids)})


_INTO = stale_quantities.insert()
