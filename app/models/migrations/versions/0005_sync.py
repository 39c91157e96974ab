"""Accounts that are worked over the network: connections, cursors, leases, and every attempt to tell."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, Json, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_UNSETTLED = "state IN ('pending', 'sent', 'in_doubt', 'rejected', 'dead') AND export_file_id IS NULL"


def upgrade() -> None:
    op.create_table(
        "channel_connections",
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("settings", Json, nullable=False),
        sa.Column("pace", sa.Integer(), nullable=False),
        sa.Column("pushes_quantities", sa.Boolean(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("connected_by", sa.String(length=60), nullable=False),
        sa.Column("connected_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_accounts.id"],
            name=op.f("fk_channel_connections_account_id_channel_accounts"),
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_channel_connections")),
    )
    op.create_table(
        "sync_states",
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.Column("cursor", UtcDateTime, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("waits_until", UtcDateTime, nullable=True),
        sa.Column("last_good_at", UtcDateTime, nullable=True),
        sa.Column("last_tried_at", UtcDateTime, nullable=True),
        sa.Column("swept_at", UtcDateTime, nullable=True),
        sa.Column("listed_at", UtcDateTime, nullable=True),
        sa.Column("swept_to", Id, nullable=False),
        sa.Column("skew", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_sync_states")),
    )
    op.create_table(
        "sync_leases",
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_sync_leases")),
    )
    op.create_table(
        "outbox_attempts",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("message_id", Id, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer", Json, nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["outbox_messages.id"],
            name=op.f("fk_outbox_attempts_message_id_outbox_messages"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_attempts")),
    )
    op.create_index("ix_outbox_attempts_message_id", "outbox_attempts", ["message_id"], unique=False)
    op.create_index("ix_outbox_attempts_at", "outbox_attempts", ["at"], unique=False)
    for column in (
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reference", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("problem", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("answered_at", UtcDateTime, nullable=True),
    ):
        op.add_column("outbox_messages", column)
    op.create_index(
        "ix_outbox_messages_unsettled",
        "outbox_messages",
        ["account_id", "order_id", "id"],
        unique=False,
        sqlite_where=sa.text(_UNSETTLED),
        postgresql_where=sa.text(_UNSETTLED),
    )

