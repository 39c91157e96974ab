"""What was each account told of each SKU and when, and what did it show when somebody looked?"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, text

from app.models.base import Id, UtcDateTime, id_column, metadata, partial_index, reference

# A row for each number that became another one. Nothing here is changed except that it goes on:
# it is queued, sent, acknowledged and observed, each with its time.
published_quantities = Table(
    "published_quantities",
    metadata,
    id_column(),
    reference("sku_id", "skus.id"),
    reference("account_id", "channel_accounts.id"),
    # What made it another number: movement:12 | policy:3 | calendar | day | catalogue | released
    Column("source", String(40), nullable=False),
    # What the account was told before, or showed if it was never told; empty if nobody knows.
    Column("before", Integer),
    # Empty: it is told nothing, since nobody knows or the desk does not decide it.
    Column("after", Integer),
    Column("policy_version", Integer, nullable=False),
    # withheld | held (a breaker asks first) | queued | sent | acknowledged | replaced | dropped
    Column("state", String(12), nullable=False),
    Column("computed_at", UtcDateTime, nullable=False),
    Column("queued_at", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("acknowledged_at", UtcDateTime),
    # What the account showed when it was next looked at.
    Column("observed", Integer),
    Column("observed_at", UtcDateTime),
    # Where it went: file:12, or the channel's own listing later.
    Column("destination", String(60), nullable=False, default=""),
    reference("export_file_id", "export_files.id", optional=True),
    Index("ix_published_quantities_newest", "sku_id", "account_id", "id"),
    Index("ix_published_quantities_sent", "account_id", "sent_at"),
)
partial_index(
    "ix_published_quantities_waiting",
    published_quantities.c.state,
    published_quantities.c.account_id,
    where=text("state IN ('queued', 'held')"),
)

# What an account showed, from when to when; a new row when it showed something else.
observed_quantities = Table(
    "observed_quantities",
    metadata,
    id_column(),
    reference("sku_id", "skus.id"),
    reference("account_id", "channel_accounts.id"),
    Column("sku_text", String(200), nullable=False),
    Column("quantity", Integer, nullable=False),
    # Where it was read: file:12
    Column("source", String(60), nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Index("ix_observed_quantities_newest", "sku_id", "account_id", "id"),
)

# SKUs whose numbers may have changed without a movement: safety stock, contents of a kit, a listing.
stale_quantities = Table(
    "stale_quantities",
    metadata,
    Column("sku_id", Id, ForeignKey("skus.id"), primary_key=True, autoincrement=False),
    Column("why", String(40), nullable=False),
)
