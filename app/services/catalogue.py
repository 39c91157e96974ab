"""Add and change SKUs and kits as files state them, and say what is in a kit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.importing import KitRow, SkuRow
from app.domain.kits import a_loop, flat
from app.errors import RefusedError
from app.models.catalogue import kit_components, skus
from app.models.identity import Identity
from app.models.promising.marks import mark
from app.models.sets import among
from app.services.master import codes
from app.services.master.own_stock import refuse_own_stock

_OWN = select(skus.c.code, skus.c.id).where(among(skus.c.code, "codes"))
_CONTENTS = select(
    kit_components.c.kit_id, kit_components.c.component_id, kit_components.c.quantity
).where(among(kit_components.c.kit_id, "kits"))


def kit_contents(
    db: Connection, sku_ids: Collection[int]
) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return, for the kits among these SKUs, their components down to stock-kept SKUs."""
    parts = kit_parts(db, sku_ids)
    return {kit: tuple(sorted(flat(parts, kit).items())) for kit in sku_ids if kit in parts}


def kit_parts(db: Connection, sku_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Return what is in the kits among these SKUs, and in the kits in them, level by level."""
    level: set[int] = set(sku_ids)
    parts: dict[int, dict[int, int]] = {}
    while level:
        rows = db.execute(_CONTENTS, {"kits": list(level)}).all()
        for row in rows:
            parts.setdefault(row.kit_id, {})[row.component_id] = row.quantity
        level = {row.component_id for row in rows} - parts.keys()
    return parts


def save_skus(db: Connection, rows: Sequence[SkuRow], *, now: datetime) -> dict[str, int]:
    """Add or complete SKUs from catalogue rows; what a row does not say stays as it is.

    Returns the SKU id of every code named.
    """
    named = {row.sku for row in rows}
    known: dict[str, int] = dict(db.execute(_OWN, {"codes": named}).all())
    ids = Identity(db, skus)
    new: dict[str, dict[str, Any]] = {}
    for row in rows:
        said = _said(row)
        if row.sku in new:
            new[row.sku].update(said)
        elif row.sku in known:
            if said:
                db.execute(skus.update().where(skus.c.id == known[row.sku]).values(**said))
        else:
            known[row.sku] = ids.take(skus)
            new[row.sku] = {**_blank(row.sku, known[row.sku], now), **said}
    if new:
        db.execute(skus.insert(), list(new.values()))
    codes.rewrite_keys(db, set(known.values()))
    return known


def save_kits(db: Connection, rows: Sequence[KitRow], known: Mapping[str, int]) -> None:
    """Replace the contents of the kits named in the rows.

    Raises:
        RefusedError: a kit would contain itself, or a code is unknown.
    """
    for row in rows:
        for code in (row.kit, row.component):
            if code not in known:
                raise RefusedError(
                    f"line {row.source_line}: the SKU “{code}” is not in the catalogue; "
                    "no kit was stored.",
                    "Import the catalogue first, or correct the code.",
                )
    kit_ids = {known[row.kit] for row in rows}
    refuse_own_stock(db, kit_ids)
    db.execute(kit_components.delete().where(kit_components.c.kit_id.in_(kit_ids)))
    _refuse_cycles(db, [(row, known[row.kit], known[row.component]) for row in rows])
    ids = Identity(db, kit_components)
    contents: dict[tuple[int, int], int] = {}
    for row in rows:
        key = known[row.kit], known[row.component]
        contents[key] = contents.get(key, 0) + row.quantity
    db.execute(
        kit_components.insert(),
        [
            {"id": ids.take(kit_components), "kit_id": k, "component_id": c, "quantity": n}
            for (k, c), n in contents.items()
        ],
    )
    db.execute(skus.update().where(skus.c.id.in_(kit_ids)).values(is_kit=True))
    mark(db, kit_ids, "kit")


def _refuse_cycles(db: Connection, rows: Sequence[tuple[KitRow, int, int]]) -> None:
    table = kit_components.c
    parts: dict[int, set[int]] = {}
    for kit, component in db.execute(select(table.kit_id, table.component_id)):
        parts.setdefault(kit, set()).add(component)
    for row, kit, component in rows:
        parts.setdefault(kit, set()).add(component)
        if a_loop(parts, [kit]) is not None:
            raise RefusedError(
                f"line {row.source_line}: the kit “{row.kit}” would contain itself through "
                f"“{row.component}”; no kit was stored.",
                "Remove the component from the kit, or the kit from the component.",
            )


SKU_FIELDS = (
    "title", "barcode", "cost", "currency", "weight_g", "length_mm", "width_mm", "height_mm",
    "category", "more_barcodes", "family", "velocity", "supplier", "lead_time_days", "is_hazmat",
    "is_fragile", "minimum_age",
)  # fmt: skip


def _said(row: SkuRow) -> dict[str, Any]:
    return {name: value for name in SKU_FIELDS if (value := getattr(row, name)) is not None}


def _blank(code: str, sku_id: int, now: datetime) -> dict[str, Any]:
    return {
        "id": sku_id, "code": code, "title": "", "barcode": "", "category": "", "is_kit": False,
        "cost": None, "currency": "USD", "weight_g": None, "length_mm": None, "width_mm": None,
        "height_mm": None, "created_at": now, "more_barcodes": "", "family": "", "velocity": "",
        "supplier": "", "lead_time_days": None, "is_hazmat": False, "is_fragile": False,
        "minimum_age": None,
    }  # fmt: skip
