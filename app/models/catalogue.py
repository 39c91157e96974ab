"""Which things do we keep in stock, what do channels call them, and what is in a kit?"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, UniqueConstraint, false

from app.models.base import Minor, UtcDateTime, id_column, metadata, reference

skus = Table(
    "skus",
    metadata,
    id_column(),
    Column("code", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False, default=""),
    Column("barcode", Text, nullable=False, default=""),
    Column("category", Text, nullable=False, default=""),
    Column("is_kit", Boolean, nullable=False, default=False, server_default=false()),
    Column("cost", Minor),
    Column("currency", String(3), nullable=False, default="USD"),
    Column("weight_g", Integer),
    Column("length_mm", Integer),
    Column("width_mm", Integer),
    Column("height_mm", Integer),
    Column("created_at", UtcDateTime, nullable=False),
)

kit_components = Table(
    "kit_components",
    metadata,
    id_column(),
    reference("kit_id", "skus.id"),
    reference("component_id", "skus.id", index=True),
    Column("quantity", Integer, nullable=False),
    UniqueConstraint("kit_id", "component_id"),
)

sku_aliases = Table(
    "sku_aliases",
    metadata,
    id_column(),
    reference("account_id", "channel_accounts.id"),
    Column("alias", Text, nullable=False),
    reference("sku_id", "skus.id", index=True),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("account_id", "alias"),
)

listings = Table(
    "listings",
    metadata,
    id_column(),
    reference("account_id", "channel_accounts.id"),
    Column("sku_text", Text, nullable=False),
    Column("listing_id", Text, nullable=False, default=""),
    Column("place", Text, nullable=False, default=""),
    Column("title", Text, nullable=False, default=""),
    reference("sku_id", "skus.id", optional=True, index=True),
    Column("quantity_shown", Integer),
    Column("price", Minor),
    Column("observed_at", UtcDateTime, nullable=False),
    UniqueConstraint("account_id", "sku_text", "listing_id", "place"),
)
