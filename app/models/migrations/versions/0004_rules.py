"""Rulebooks, what suggestions owe to them, and one live fulfilment for each claim."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rulebooks",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=60), nullable=False),
        sa.Column("written_at", UtcDateTime, nullable=False),
        sa.Column("activated_by", sa.String(length=60), nullable=True),
        sa.Column("activated_at", UtcDateTime, nullable=True),
        sa.Column("archived_at", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebooks")),
        sa.UniqueConstraint("version", name=op.f("uq_rulebooks_version")),
    )
    op.create_index(
        "uq_rulebooks_current",
        "rulebooks",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state != 'archived'"),
        postgresql_where=sa.text("state != 'archived'"),
    )
    op.create_table(
        "rule_lessons",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("pattern", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("overrides", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_lessons")),
        sa.UniqueConstraint("pattern", name=op.f("uq_rule_lessons_pattern")),
    )
    op.add_column("routing_suggestions", sa.Column("rulebook_version", sa.Integer(), nullable=True))
    op.add_column("routing_suggestions", sa.Column("service", sa.Text(), nullable=True))
    op.add_column("routing_decisions", sa.Column("extra_days", sa.Integer(), nullable=True))
    op.add_column(
        "fulfilment_order_lines",
        sa.Column("is_live", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    _close_the_cancelled()
    op.create_index(
        "uq_fulfilment_order_lines_live",
        "fulfilment_order_lines",
        ["reservation_id"],
        unique=True,
        sqlite_where=sa.text("is_live"),
        postgresql_where=sa.text("is_live"),
    )


def _close_the_cancelled() -> None:
    op.execute(
        "UPDATE fulfilment_order_lines SET is_live = false WHERE fulfilment_order_id IN "
        "(SELECT id FROM fulfilment_orders WHERE state = 'cancelled')"
    )
