"""Add and change SKUs and kits as files state them, and say what is in a kit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.importing import KitRow, SkuRow
from app.domain.kits import a_loop
from app.errors import RefusedError
from app.models.catalogue import kit_components, skus
from app.models.identity import Identity
from app.models.kits import contents
from app.models.sets import among
from app.services.master import codes
from app.services.master.contents import write_contents
from app.services.master.own_stock import refuse_own_stock

_OWN = select(skus.c.code, skus.c.id).where(among(skus.c.code, "codes"))


def kit_contents(
    db: Connection, sku_ids: Collection[int]
) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return, for the kits among these SKUs, their components down to stock-kept SKUs."""
    return {kit: tuple(sorted(inside.items())) for kit, inside in contents(db, sku_ids).items()}


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


def save_kits(
    db: Connection, rows: Sequence[KitRow], known: Mapping[str, int], *, now: datetime
) -> None:
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
    wanted: dict[int, dict[int, int]] = {}
    for row in rows:
        inside, part = wanted.setdefault(known[row.kit], {}), known[row.component]
        inside[part] = inside.get(part, 0) + row.quantity
    refuse_own_stock(db, set(wanted))
    _refuse_cycles(db, [(row, known[row.kit], known[row.component]) for row in rows])
    write_contents(db, wanted, now=now)


def _refuse_cycles(db: Connection, rows: Sequence[tuple[KitRow, int, int]]) -> None:
    table = kit_components.c
    named = {kit for _row, kit, _component in rows}
    parts: dict[int, set[int]] = {}
    for kit, component in db.execute(select(table.kit_id, table.component_id)):
        if kit not in named:
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
