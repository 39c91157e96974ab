"""Which things do we keep in stock, what do channels call them, and what is in a kit?"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from app.models.base import Id, Minor, UtcDateTime, id_column, metadata, reference

_EMPTY = text("''")

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
    # Further barcodes (an old one, the carton's), one blank between them.
    Column("more_barcodes", Text, nullable=False, default="", server_default=_EMPTY),
    Column("family", Text, nullable=False, default="", server_default=_EMPTY),
    # A (sells daily) to D (hardly ever), or nothing: nobody has said, it may be worked out.
    Column("velocity", String(1), nullable=False, default="", server_default=_EMPTY),
    Column("supplier", Text, nullable=False, default="", server_default=_EMPTY),
    Column("lead_time_days", Integer),
    Column("is_hazmat", Boolean, nullable=False, default=False, server_default=false()),
    Column("is_fragile", Boolean, nullable=False, default=False, server_default=false()),
    # The least age of whoever may buy it, in years.
    Column("minimum_age", Integer),
)

# What a SKU can be recognised by: its own code without case and dashes, its barcodes as GTIN-14.
# Derived from ``skus``; one row for each, so that a code of a channel is looked up, never searched.
sku_keys = Table(
    "sku_keys",
    metadata,
    # code | gtin
    Column("kind", String(4), primary_key=True),
    Column("value", Text, primary_key=True),
    Column("sku_id", Id, ForeignKey("skus.id"), primary_key=True, autoincrement=False, index=True),
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
    # The seller SKU as the channel writes it; empty where the listing alone says what is meant.
    Column("alias", Text, nullable=False),
    reference("sku_id", "skus.id", index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("listing_id", Text, nullable=False, default="", server_default=_EMPTY),
    Column("variant", Text, nullable=False, default="", server_default=_EMPTY),
    # ASIN, GTIN or whatever else the channel knows the product by; for people, and to find it.
    Column("product_id", Text, nullable=False, default="", server_default=_EMPTY),
    # Units of the SKU in one that is sold: a pack of six is 6.
    Column("pack", Integer, nullable=False, default=1, server_default=text("1")),
    # The code means this SKU for orders placed from then (included) to then (left out).
    Column("valid_from", UtcDateTime),
    Column("valid_to", UtcDateTime),
    Column("taught_by", String(60), nullable=False, default="", server_default=_EMPTY),
    CheckConstraint("pack >= 1", name="pack_at_least_one"),
    Index("ix_sku_aliases_alias", "account_id", "alias"),
    Index("ix_sku_aliases_listing", "account_id", "listing_id", "variant"),
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
