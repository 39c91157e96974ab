"""What are buyers told by the brand itself, and who does not want to be?

The words are made when a message is looked at or leaves, from the order as it is then; nothing of the
buyer's is stored here. States are those of the outbox, and mean the same: what was sent and never
answered is in doubt, and is not sent again by itself.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text, UniqueConstraint, text

from app.models.base import UtcDateTime, id_column, metadata, partial_index, reference

_EMPTY = text("''")

buyer_messages = Table(
    "buyer_messages",
    metadata,
    id_column(),
    # mail | sms
    Column("way", String(4), nullable=False),
    # shipped | partly_shipped | delivered | delayed | refund | replacement
    Column("event", String(16), nullable=False),
    # Of each event there is one, whoever notices it.
    Column("idempotency_key", String(80), nullable=False),
    reference("account_id", "channel_accounts.id"),
    reference("order_id", "orders.id", index=True),
    reference("shipment_id", "shipments.id", optional=True),
    reference("refund_id", "refunds.id", optional=True),
    # draft (waits for a yes) | pending | sent | acked | rejected | in_doubt | recalled
    Column("state", String(10), nullable=False),
    Column("happened_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("approved_by", String(60), nullable=False, default="", server_default=_EMPTY),
    # The end of its undo window, or of the quiet hours.
    Column("not_before", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, default=0, server_default=text("0")),
    Column("sent_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    # What it is known by where it went; and why it did not go.
    Column("reference", Text, nullable=False, default="", server_default=_EMPTY),
    Column("problem", Text, nullable=False, default="", server_default=_EMPTY),
    UniqueConstraint("idempotency_key"),
)
partial_index(
    "ix_buyer_messages_open",
    buyer_messages.c.state,
    buyer_messages.c.not_before,
    where=text("state IN ('draft', 'pending', 'sent', 'in_doubt', 'rejected')"),
)

# Who does not want to hear from the brand: known again by a digest, so that no address is kept for it.
message_opt_outs = Table(
    "message_opt_outs",
    metadata,
    id_column(),
    Column("digest", String(64), nullable=False, unique=True),
    Column("actor", String(60), nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
)
