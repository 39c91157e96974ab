"""What is in each kit, down to the SKUs that are kept in stock, and which kits is a SKU in?"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from app.domain.kits import flat
from app.models.catalogue import kit_components, skus
from app.models.sets import among

Contents = Mapping[int, Mapping[int, int]]
_TABLE = kit_components.c


def contents(db: Connection, kit_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Return the units of each stock-kept SKU in one of each kit, through kits within kits."""
    direct = parts(db, kit_ids)
    return {kit: flat(direct, kit) for kit in kit_ids if kit in direct}


def parts(db: Connection, kit_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Return what is in these kits and in the kits within them, level by level."""
    direct: dict[int, dict[int, int]] = {}
    level = set(kit_ids)
    while level:
        rows = db.execute(_PARTS, {"kits": list(level)}).all()
        for kit, component, units in rows:
            direct.setdefault(kit, {})[component] = units
        level = {component for _kit, component, _units in rows} - direct.keys()
    return direct


def kits_with(db: Connection, sku_ids: Collection[int]) -> set[int]:
    """Return every kit that needs one of these SKUs, however deep it lies in it."""
    found: set[int] = set()
    level = set(sku_ids)
    while level:
        level = set(db.execute(_USED_IN, {"parts": list(level)}).scalars()) - found
        found |= level
    return found


def codes_of(db: Connection, sku_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return (code, title) of SKUs."""
    query = select(skus.c.id, skus.c.code, skus.c.title).where(among(skus.c.id, "skus"))
    rows = db.execute(query, {"skus": list(sku_ids)})
    return {row.id: (row.code, row.title) for row in rows}


_PARTS = select(_TABLE.kit_id, _TABLE.component_id, _TABLE.quantity).where(
    among(_TABLE.kit_id, "kits")
)
_USED_IN = select(_TABLE.kit_id).where(among(_TABLE.component_id, "parts"))
