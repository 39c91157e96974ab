"""What counted before it was changed, where the ledger does not say it: no movement did it.

A row is what stood there before a change. So the oldest row after a moment says what counted at that
moment, and where there is none it is what counts now.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from app.models.base import Json, UtcDateTime, id_column, metadata, reference

safety_stock_changes = Table(
    "safety_stock_changes",
    metadata,
    id_column(),
    reference("sku_id", "skus.id"),
    reference("location_id", "locations.id"),
    Column("before", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Index("ix_safety_stock_changes_sku", "sku_id", "changed_at"),
)

kit_changes = Table(
    "kit_changes",
    metadata,
    id_column(),
    reference("kit_id", "skus.id"),
    # What was in one, as [component, units]; nothing where it was no kit.
    Column("before", Json, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Index("ix_kit_changes_kit", "kit_id", "changed_at"),
)
