"""Keep figures by week, made of the rows that they count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Json, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kpi_cells",
        sa.Column("measure", sa.String(24), nullable=False),
        sa.Column("cut", sa.String(12), nullable=False),
        sa.Column("week", sa.String(10), nullable=False),
        sa.Column("slice", sa.Text(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("median", sa.Integer()),
        sa.Column("ninetieth", sa.Integer()),
        sa.Column("sample", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("measure", "cut", "week", "slice", name="pk_kpi_cells"),
    )
    op.create_table(
        "kpi_weeks",
        sa.Column("week", sa.String(10), nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("week", name="pk_kpi_weeks"),
    )
    op.create_table(
        "kpi_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("layout", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(60), nullable=False),
        sa.Column("marks", Json, nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kpi_state"),
    )
