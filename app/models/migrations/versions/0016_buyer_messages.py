"""What buyers are told by the brand itself, and who does not want to be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_EMPTY = sa.text("''")
_OPEN = sa.text("state IN ('draft', 'pending', 'sent', 'in_doubt', 'rejected')")


def upgrade() -> None:
    op.create_table(
        "buyer_messages",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("way", sa.String(length=4), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("shipment_id", Id, nullable=True),
        sa.Column("refund_id", Id, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("happened_at", UtcDateTime, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("approved_by", sa.String(length=60), server_default=_EMPTY, nullable=False),
        sa.Column("not_before", UtcDateTime, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("sent_at", UtcDateTime, nullable=True),
        sa.Column("answered_at", UtcDateTime, nullable=True),
        sa.Column("reference", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.Column("problem", sa.Text(), server_default=_EMPTY, nullable=False),
        _to("account_id", "channel_accounts"),
        _to("order_id", "orders"),
        _to("refund_id", "refunds"),
        _to("shipment_id", "shipments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer_messages")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_buyer_messages_idempotency_key")),
    )
    op.create_index(op.f("ix_buyer_messages_order_id"), "buyer_messages", ["order_id"])
    op.create_index(
        "ix_buyer_messages_open", "buyer_messages", ["state", "not_before"],
        sqlite_where=_OPEN, postgresql_where=_OPEN,
    )  # fmt: skip
    op.create_table(
        "message_opt_outs",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("said_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_opt_outs")),
        sa.UniqueConstraint("digest", name=op.f("uq_message_opt_outs_digest")),
    )


def _to(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_buyer_messages_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)
