"""What is in each kit, now or at any moment, down to the SKUs that are kept in stock?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from app.domain.kits import flat
from app.models.catalogue import kit_components
from app.models.past import kit_changes
from app.models.sets import among

Contents = Mapping[int, Mapping[int, int]]


def contents(
    db: Connection, kit_ids: Iterable[int], *, at: datetime | None = None
) -> dict[int, dict[int, int]]:
    """Return the units of each stock-kept SKU in one of each kit, through kits within kits."""
    wanted = list(kit_ids)
    direct = parts(db, wanted, at=at)
    return {kit: flat(direct, kit) for kit in wanted if kit in direct}


def parts(
    db: Connection, kit_ids: Iterable[int], *, at: datetime | None = None
) -> dict[int, dict[int, int]]:
    """Return what is in these kits and in the kits within them, level by level."""
    direct: dict[int, dict[int, int]] = {}
    level = set(kit_ids)
    while level:
        found = _inside(db, level, at)
        direct |= found
        level = {part for inside in found.values() for part in inside} - direct.keys()
    return direct


def kits_with(db: Connection, sku_ids: Collection[int]) -> set[int]:
    """Return every kit that needs one of these SKUs, however deep it lies in it."""
    found: set[int] = set()
    level = set(sku_ids)
    while level:
        level = set(db.execute(_AROUND, {"parts": list(level)}).scalars()) - found
        found |= level
    return found


_part, _change = kit_components.c, kit_changes.c
_INSIDE = select(_part.kit_id, _part.component_id, _part.quantity).where(
    among(_part.kit_id, "kits")
)
_AROUND = select(_part.kit_id).where(among(_part.component_id, "parts")).distinct()
# The oldest change after a moment says what there was at that moment; so it is read last.
_BEFORE = (
    select(_change.kit_id, _change.before)
    .where(among(_change.kit_id, "kits"), _change.changed_at > bindparam("at"))
    .order_by(_change.id.desc())
)


def _inside(
    db: Connection, kit_ids: Collection[int], at: datetime | None
) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    for kit, part, units in db.execute(_INSIDE, {"kits": list(kit_ids)}):
        found.setdefault(kit, {})[part] = units
    if at is not None:
        for kit, before in db.execute(_BEFORE, {"kits": list(kit_ids), "at": at}):
            found[kit] = dict(before)
    return {kit: inside for kit, inside in found.items() if inside}
