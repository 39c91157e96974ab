"""Ask carriers over the network, and remember what each was asked about which parcel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "carrier_connections",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("carrier", sa.String(30), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("connected_by", sa.String(60), nullable=False),
        sa.Column("connected_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("waits_until", UtcDateTime()),
        sa.Column("last_good_at", UtcDateTime()),
        sa.Column("last_tried_at", UtcDateTime()),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("held_until", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_carrier_connections"),
        sa.UniqueConstraint("carrier", name="uq_carrier_connections_carrier"),
    )
    op.create_table(
        "parcel_questions",
        sa.Column("shipment_id", Id, autoincrement=False, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime()),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shipment_id", name="pk_parcel_questions"),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name="fk_parcel_questions_shipment_id_shipments"
        ),
    )
    op.create_index("ix_parcel_questions_next_at", "parcel_questions", ["next_at"])
