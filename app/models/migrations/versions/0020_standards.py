"""Remember which standards were not kept, what was done about it, and whether that worked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, Json, UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_NOT_DONE = sa.text("NOT is_done")


def upgrade() -> None:
    op.create_table(
        "kpi_breaches",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("standard", sa.String(60), nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("ninetieth", sa.Integer()),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("acted_at", UtcDateTime()),
        sa.Column("acted_by", sa.String(60)),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("check_at", UtcDateTime()),
        sa.Column("checks", Json, nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kpi_breaches"),
    )
    op.create_index(
        "uq_kpi_breaches_open", "kpi_breaches", ["standard"], unique=True,
        sqlite_where=_NOT_DONE, postgresql_where=_NOT_DONE,
    )  # fmt: skip
