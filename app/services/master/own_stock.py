"""May a SKU become a kit? Not while units of it lie on shelves, travel, or wait for orders."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from app.errors import RefusedError
from app.models.catalogue import skus
from app.models.inventory import network_stock, stock_levels
from app.models.sets import among


def refuse_own_stock(db: Connection, kit_ids: Collection[int]) -> None:
    """Refuse to make a kit of a SKU that lies on shelves or is reserved by itself.

    Raises:
        RefusedError: one does.
    """
    units: dict[int, int] = dict(db.execute(_ON_SHELVES, {"skus": list(kit_ids)}).all())
    for sku_id, reserved in db.execute(_RESERVED, {"skus": list(kit_ids)}):
        units[sku_id] = units.get(sku_id, 0) + reserved
    wrong = sorted(sku_id for sku_id, count in units.items() if count)
    if wrong:
        code = db.execute(select(skus.c.code).where(skus.c.id == wrong[0])).scalar_one()
        raise RefusedError(
            f"“{code}” has stock of its own or waits for orders, so it cannot be a kit; no kit was "
            "stored.", "Count it to 0 first, or give the kit a code of its own.",
        )  # fmt: skip


_level = stock_levels.c
_ON_SHELVES = (
    select(
        _level.sku_id,
        func.sum(func.abs(_level.on_hand) + func.abs(_level.allocated) + _level.incoming),
    )
    .where(among(_level.sku_id, "skus"))
    .group_by(_level.sku_id)
)
_RESERVED = select(network_stock.c.sku_id, network_stock.c.reserved).where(
    among(network_stock.c.sku_id, "skus")
)
