"""Who may act, what was done, and by which policies and settings is it decided?"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from app.models.base import Id, Json, UtcDateTime, id_column, metadata

operators = Table(
    "operators",
    metadata,
    id_column(),
    Column("name", String(60), nullable=False, unique=True),
    # viewer | operator | approver | owner
    Column("role", String(10), nullable=False),
    Column("is_active", Boolean, nullable=False, default=True, server_default=true()),
    Column("created_at", UtcDateTime, nullable=False),
)

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(60), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(120), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    # Canonical JSON, kept as the text that was hashed.
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

policies = Table(
    "policies",
    metadata,
    id_column(),
    # routing | rates | channels
    Column("kind", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Json, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("active_from", UtcDateTime, nullable=False),
    UniqueConstraint("kind", "version"),
)

settings = Table(
    "settings",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Json, nullable=False),
)

# How an operator looks at a list: what is searched, how it is sorted, and which columns it has.
saved_views = Table(
    "saved_views",
    metadata,
    id_column(),
    Column("page", String(20), nullable=False),
    Column("name", String(80), nullable=False),
    Column("query", Text, nullable=False),
    Column("sort", String(30), nullable=False),
    Column("descending", Boolean, nullable=False),
    # Column names from left to right; nothing for the page's own.
    Column("columns", Json),
    Column("position", Integer, nullable=False),
    Column("is_pinned", Boolean, nullable=False),
    # The last moment at which it is still offered; nothing for always.
    Column("until", UtcDateTime),
    Column("owner", String(60), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("owner", "page", "name"),
)
