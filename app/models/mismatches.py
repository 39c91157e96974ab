"""Where did the report find rows, channels and shelves disagreeing, since when, and is it over?"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
)

from app.models.base import Id, Json, Minor, UtcDateTime, id_column, metadata, reference

# Each making of the report, with what it looked at and found.
mismatch_runs = Table(
    "mismatch_runs",
    metadata,
    id_column(),
    Column("run_at", UtcDateTime, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("numbers", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("errors", Integer, nullable=False),
    # How many of each cause there were.
    Column("by_cause", Json, nullable=False),
    Index("ix_mismatch_runs_at", "run_at"),
)

# One row for as long as the same thing is wrong for the same cause, however often it is found.
mismatches = Table(
    "mismatches",
    metadata,
    id_column(),
    # What it is about, so that the next run knows it again: pair:12:3:lag
    Column("subject", String(250), nullable=False),
    # Two sides: pair for a SKU and an account, place for a SKU and a location; or a code, or an order.
    Column("kind", String(8), nullable=False),
    reference("sku_id", "skus.id", optional=True),
    reference("account_id", "channel_accounts.id", optional=True),
    reference("location_id", "locations.id", optional=True),
    # The code of the SKU, the channel's code, or the order's number.
    Column("code", Text, nullable=False),
    # Where: the account's or the location's name.
    Column("place", Text, nullable=False, default="", server_default=text("''")),
    Column("cause", String(24), nullable=False),
    Column("is_error", Boolean, nullable=False, default=False, server_default=false()),
    Column("expected", Integer),
    Column("published", Integer),
    Column("observed", Integer),
    Column("delta", Integer, nullable=False),
    Column("money", Minor, nullable=False, default=0),
    Column("currency", String(3), nullable=False, default="USD"),
    Column("order_ids", Json, nullable=False),
    Column("orders", Integer, nullable=False, default=0),
    Column("sentence", Text, nullable=False),
    Column("evidence", Json, nullable=False),
    # The operation that ends it, and its arguments.
    Column("fix", String(30), nullable=False, default="", server_default=text("''")),
    Column("arguments", Json, nullable=False),
    # Since when it has been wrong; when the report first and last found it.
    Column("began_at", UtcDateTime, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    # open | accepted (somebody lives with it) | fixed
    Column("state", String(8), nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_by", String(60), nullable=False, default="", server_default=text("''")),
    Column("reason", Text, nullable=False, default="", server_default=text("''")),
    Column("run_id", Id, nullable=False),
    Index("ix_mismatches_state", "state", "is_error", "cause"),
    Index("ix_mismatches_subject", "subject"),
)

# Orders that are here, and that their channel did not know when it was asked for them.
missing_orders = Table(
    "missing_orders",
    metadata,
    Column("order_id", Id, ForeignKey("orders.id"), primary_key=True, autoincrement=False),
    Column("since", UtcDateTime, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
)
