"""What is each account told of a SKU, step by step?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.promising.waterfall import Promise
from app.errors import NotFoundError
from app.models.catalogue import skus
from app.models.promising.goods import goods_at, goods_of
from app.models.promising.sheet import market


def promises_of(db: Connection, sku_code: str, *, now: datetime) -> tuple[Promise, ...]:
    """Return what every account is told of a SKU now.

    Raises:
        NotFoundError: there is no such SKU.
    """
    found = sku_id(db, sku_code)
    there = market(db, now=now)
    goods = goods_of(db, [found], now=now, with_pace=there.needs_pace)
    return there.promises(goods[found])


def promises_at(db: Connection, sku_code: str, *, at: datetime) -> tuple[Promise, ...]:
    """Return what the ledger and the sheet of a moment allowed to tell every account then.

    Raises:
        NotFoundError: there is no such SKU.
    """
    found = sku_id(db, sku_code)
    return market(db, now=at).promises(goods_at(db, [found], at=at)[found])


def promises_by_sku(
    db: Connection, sku_ids: Collection[int], *, now: datetime
) -> dict[int, tuple[Promise, ...]]:
    """Return the same for several SKUs, by their ids."""
    there = market(db, now=now)
    found = goods_of(db, sku_ids, now=now, with_pace=there.needs_pace)
    return {sku: there.promises(goods) for sku, goods in found.items()}


def sku_id(db: Connection, code: str) -> int:
    """Return the id of a SKU by its exact code.

    Raises:
        NotFoundError: there is none.
    """
    found = db.execute(select(skus.c.id).where(skus.c.code == code)).scalar()
    if found is None:
        raise NotFoundError(f"There is no SKU “{code}”.", "Check the code, or import it.")
    return int(found)
