"""What each channel was told and showed, and whose numbers are to be worked out again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WAITING = sa.text("state IN ('queued', 'held')")


def upgrade() -> None:
    op.create_table(
        "published_quantities",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("sku_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("computed_at", UtcDateTime, nullable=False),
        sa.Column("queued_at", UtcDateTime, nullable=True),
        sa.Column("sent_at", UtcDateTime, nullable=True),
        sa.Column("acknowledged_at", UtcDateTime, nullable=True),
        sa.Column("observed", sa.Integer(), nullable=True),
        sa.Column("observed_at", UtcDateTime, nullable=True),
        sa.Column("destination", sa.String(length=60), nullable=False),
        sa.Column("export_file_id", Id, nullable=True),
        _to("published_quantities", "account_id", "channel_accounts"),
        _to("published_quantities", "export_file_id", "export_files"),
        _to("published_quantities", "sku_id", "skus"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_quantities")),
    )
    op.create_index(
        "ix_published_quantities_newest", "published_quantities", ["sku_id", "account_id", "id"]
    )
    op.create_index(
        "ix_published_quantities_sent", "published_quantities", ["account_id", "sent_at"]
    )
    op.create_index(
        "ix_published_quantities_waiting",
        "published_quantities",
        ["state", "account_id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_table(
        "observed_quantities",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("sku_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("sku_text", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("first_seen_at", UtcDateTime, nullable=False),
        sa.Column("last_seen_at", UtcDateTime, nullable=False),
        _to("observed_quantities", "account_id", "channel_accounts"),
        _to("observed_quantities", "sku_id", "skus"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observed_quantities")),
    )
    op.create_index(
        "ix_observed_quantities_newest", "observed_quantities", ["sku_id", "account_id", "id"]
    )
    op.create_table(
        "stale_quantities",
        sa.Column("sku_id", Id, autoincrement=False, nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        _to("stale_quantities", "sku_id", "skus"),
        sa.PrimaryKeyConstraint("sku_id", name=op.f("pk_stale_quantities")),
    )


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)
