"""What channels gave back to buyers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, Minor, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_refunds",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("amount", Minor, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refunded_at", UtcDateTime, nullable=True),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_refunds_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_refunds")),
        sa.UniqueConstraint(
            "order_id", "external_id", name=op.f("uq_order_refunds_order_id_external_id")
        ),
    )
