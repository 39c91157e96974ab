"""Saved views, tags, assignment, holds that end, printed papers, bins, file layouts, searched texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, Json, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("assigned_to", sa.String(length=60), nullable=True))
    op.add_column("holds", sa.Column("until", UtcDateTime, nullable=True))
    op.create_index(
        "ix_holds_until",
        "holds",
        ["until"],
        unique=False,
        sqlite_where=sa.text("until IS NOT NULL"),
        postgresql_where=sa.text("until IS NOT NULL"),
    )
    op.create_index(
        "ix_orders_door",
        "orders",
        ["ship_postcode"],
        unique=False,
        sqlite_where=sa.text("status IN ('open', 'accepted', 'partly_shipped')"),
        postgresql_where=sa.text("status IN ('open', 'accepted', 'partly_shipped')"),
    )
    op.create_table(
        "order_tags",
        sa.Column("order_id", Id, autoincrement=False, nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("added_by", sa.String(length=60), nullable=False),
        sa.Column("added_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_tags_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("order_id", "tag", name=op.f("pk_order_tags")),
    )
    op.create_index("ix_order_tags_tag", "order_tags", ["tag", "order_id"], unique=False)
    op.create_table(
        "saved_views",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("sort", sa.String(length=30), nullable=False),
        sa.Column("descending", sa.Boolean(), nullable=False),
        sa.Column("columns", Json, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("until", UtcDateTime, nullable=True),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("owner", "page", "name", name=op.f("uq_saved_views_owner_page_name")),
    )
    op.create_table(
        "document_prints",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("printed_by", sa.String(length=60), nullable=False),
        sa.Column("printed_at", UtcDateTime, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_document_prints_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_prints")),
    )
    op.create_index(
        op.f("ix_document_prints_order_id"), "document_prints", ["order_id"], unique=False
    )
    op.create_table(
        "bins",
        sa.Column("sku_id", Id, autoincrement=False, nullable=False),
        sa.Column("location_id", Id, autoincrement=False, nullable=False),
        sa.Column("bin", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_bins_location_id_locations")
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_bins_sku_id_skus")),
        sa.PrimaryKeyConstraint("sku_id", "location_id", name=op.f("pk_bins")),
    )
    op.create_table(
        "import_profiles",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("header_hash", sa.String(length=64), nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.Column("options", Json, nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_profiles")),
        sa.UniqueConstraint("header_hash", name=op.f("uq_import_profiles_header_hash")),
        sa.UniqueConstraint("name", name=op.f("uq_import_profiles_name")),
    )
    op.create_index("ix_shipments_shipped_at", "shipments", ["shipped_at", "id"], unique=False)
    op.create_index("ix_orders_placed_at", "orders", ["placed_at", "id"], unique=False)
    op.create_index(
        "ix_orders_shipped",
        "orders",
        ["placed_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'shipped'"),
        postgresql_where=sa.text("status = 'shipped'"),
    )
    op.create_table(
        "order_texts",
        sa.Column("order_id", Id, autoincrement=False, nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("skus", sa.Text(), nullable=False),
        sa.Column("tracking", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_texts")),
    )
    op.create_table(
        "order_text_changes",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_text_changes")),
    )
    op.create_table(
        "order_text_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("layout", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(length=10), nullable=False),
        sa.Column("orders_to", Id, nullable=False),
        sa.Column("shipments_to", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_text_state")),
    )
