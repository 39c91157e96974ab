"""Which accounts are connected, how far is each, and what happened to each message?

Nothing here is secret: keys and tokens are in the system's own safe place.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false, text

from app.models.base import Id, Json, UtcDateTime, id_column, metadata, reference

# One row for each account that is worked over the network and not by files.
channel_connections = Table(
    "channel_connections",
    metadata,
    Column(
        "account_id", Id, ForeignKey("channel_accounts.id"), primary_key=True, autoincrement=False
    ),
    # Where its API is.
    Column("address", Text, nullable=False),
    # What the owner entered that is no secret, and what was chosen (a place, a shop).
    Column("settings", Json, nullable=False),
    # Seconds between two looks.
    Column("pace", Integer, nullable=False),
    Column("pushes_quantities", Boolean, nullable=False),
    Column("is_paused", Boolean, nullable=False, default=False, server_default=false()),
    # Orders that were placed earlier are not taken in.
    Column("since", UtcDateTime, nullable=False),
    Column("connected_by", String(60), nullable=False),
    Column("connected_at", UtcDateTime, nullable=False),
    # Velocity band -> how soon more units of it are told; a band that is not named: at once.
    Column("rhythms", Json, nullable=False, default=dict, server_default=text("'{}'")),
)

# How far an account is; the cursor moves in the transaction that stores what it passed.
sync_states = Table(
    "sync_states",
    metadata,
    Column("account_id", Id, primary_key=True, autoincrement=False),
    Column("cursor", UtcDateTime),
    # up_to_date | syncing | waiting | attention | offline | paused
    Column("state", String(12), nullable=False),
    Column("title", Text, nullable=False, default=""),
    Column("advice", Text, nullable=False, default=""),
    Column("waits_until", UtcDateTime),
    Column("last_good_at", UtcDateTime),
    Column("last_tried_at", UtcDateTime),
    Column("swept_at", UtcDateTime),
    Column("listed_at", UtcDateTime),
    # The order that the sweep of open orders has come to.
    Column("swept_to", Id, nullable=False, default=0),
    # Seconds by which the channel's clock is ahead of this computer's.
    Column("skew", Integer, nullable=False, default=0),
    # Velocity band -> when all of its numbers were told last, as ISO 8601.
    Column("bands_told", Json, nullable=False, default=dict, server_default=text("'{}'")),
)

# Who syncs an account now: a window, a service, another desk. Never two at once.
sync_leases = Table(
    "sync_leases",
    metadata,
    Column("account_id", Id, primary_key=True, autoincrement=False),
    Column("holder", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

# Every attempt to tell a channel something, and what it answered.
outbox_attempts = Table(
    "outbox_attempts",
    metadata,
    id_column(),
    reference("message_id", "outbox_messages.id", index=True),
    Column("at", UtcDateTime, nullable=False),
    # sent | acked | found | not_found | again | rejected | in_doubt | edited | replayed | dropped
    Column("outcome", String(12), nullable=False),
    Column("words", Text, nullable=False, default=""),
    Column("answer", Json),
    Column("actor", String(60), nullable=False),
)
Index("ix_outbox_attempts_at", outbox_attempts.c.at)
