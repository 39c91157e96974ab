"""Keep which orders their channel did not know when it was asked for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "missing_orders",
        sa.Column("order_id", Id, autoincrement=False, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_missing_orders_order_id_orders"
        ),
        sa.PrimaryKeyConstraint("order_id", name="pk_missing_orders"),
    )
