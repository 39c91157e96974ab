"""The report of mismatches: each run, and each thing that it found for as long as it lasts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, Json, Minor, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_EMPTY = sa.text("''")


def upgrade() -> None:
    op.create_table(
        "mismatch_runs",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("run_at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("numbers", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("by_cause", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mismatch_runs")),
    )
    op.create_index("ix_mismatch_runs_at", "mismatch_runs", ["run_at"])
    op.create_table(
        "mismatches",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sku_id", Id, nullable=True),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("location_id", Id, nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.Column("cause", sa.String(length=24), nullable=False),
        sa.Column("is_error", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("observed", sa.Integer(), nullable=True),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("money", Minor, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("order_ids", Json, nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("fix", sa.String(length=30), server_default=_EMPTY, nullable=False),
        sa.Column("arguments", Json, nullable=False),
        sa.Column("began_at", UtcDateTime, nullable=False),
        sa.Column("first_seen_at", UtcDateTime, nullable=False),
        sa.Column("last_seen_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("settled_at", UtcDateTime, nullable=True),
        sa.Column("settled_by", sa.String(length=60), server_default=_EMPTY, nullable=False),
        sa.Column("reason", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        _to("account_id", "channel_accounts"),
        _to("location_id", "locations"),
        _to("sku_id", "skus"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mismatches")),
    )
    op.create_index("ix_mismatches_state", "mismatches", ["state", "is_error", "cause"])
    op.create_index("ix_mismatches_subject", "mismatches", ["subject"])


def _to(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_mismatches_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)
