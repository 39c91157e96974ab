"""Keep what safety stock and kits were before they were changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, Json, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "safety_stock_changes",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("sku_id", Id, nullable=False),
        sa.Column("location_id", Id, nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name="fk_safety_stock_changes_sku_id_skus"),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name="fk_safety_stock_changes_location_id_locations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_safety_stock_changes"),
    )
    op.create_index("ix_safety_stock_changes_sku", "safety_stock_changes", ["sku_id", "changed_at"])
    op.create_table(
        "kit_changes",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("kit_id", Id, nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["kit_id"], ["skus.id"], name="fk_kit_changes_kit_id_skus"),
        sa.PrimaryKeyConstraint("id", name="pk_kit_changes"),
    )
    op.create_index("ix_kit_changes_kit", "kit_changes", ["kit_id", "changed_at"])
