"""What is in each kit, down to the SKUs that are kept in stock?"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from app.models.catalogue import kit_components

Contents = Mapping[int, Mapping[int, int]]


def contents(db: Connection, kit_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Return the units of each stock-kept SKU in one of each kit, through kits within kits."""
    direct: dict[int, list[tuple[int, int]]] = {}
    level = set(kit_ids)
    table = kit_components.c
    while level:
        query = select(table.kit_id, table.component_id, table.quantity).where(
            table.kit_id.in_(level)
        )
        rows = db.execute(query).all()
        for kit, component, units in rows:
            direct.setdefault(kit, []).append((component, units))
        level = {component for _kit, component, _units in rows} - direct.keys()
    return {kit: _flat(direct, kit, 1) for kit in kit_ids if kit in direct}


def _flat(direct: Mapping[int, list[tuple[int, int]]], kit: int, times: int) -> dict[int, int]:
    total: dict[int, int] = {}
    for component, units in direct[kit]:
        inner = (
            _flat(direct, component, units * times)
            if component in direct
            else {component: units * times}
        )
        for sku, count in inner.items():
            total[sku] = total.get(sku, 0) + count
    return total
