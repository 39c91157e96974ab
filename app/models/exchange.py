"""What came in raw, what has to go out, and in which files?"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from app.models.base import Json, UtcDateTime, id_column, metadata, partial_index, reference

import_files = Table(
    "import_files",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("format", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("channel", String(20), nullable=False, default=""),
    # confirmed (may be half taken in) | done | cancelled | refused (kept to be looked at) | taken_back
    Column("state", String(10), nullable=False),
    Column("options", Json, nullable=False),
    Column("report", Json),
    Column("actor", String(60), nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    # The file as it came, compressed: the raw inbox of what travels by file. It stands last, since
    # SQLite walks through it to whatever comes after.
    Column("content", LargeBinary, nullable=False),
)

# What a person said about files of one layout, so that the next such file needs no questions.
import_profiles = Table(
    "import_profiles",
    metadata,
    id_column(),
    Column("name", String(80), nullable=False, unique=True),
    # Of the header as it stands in the file.
    Column("header_hash", String(64), nullable=False, unique=True),
    # Our field -> the file's column; and encoding, separator, decimal sign, order of day and month.
    Column("columns", Json, nullable=False),
    Column("options", Json, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

inbox_messages = Table(
    "inbox_messages",
    metadata,
    id_column(),
    reference("account_id", "channel_accounts.id"),
    Column("external_id", Text, nullable=False),
    Column("content_hash", String(32), nullable=False),
    Column("channel_state", String(20), nullable=False),
    # file:<id> or the sync run that brought it
    reference("import_file_id", "import_files.id", optional=True),
    # The payload itself, or the physical lines of the file that hold it.
    Column("payload", Json, nullable=False),
    # new | updated | changed | unread (could not be understood) | settled (was unread)
    Column("outcome", String(10), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
)
Index(
    "ix_inbox_messages_order",
    inbox_messages.c.account_id,
    inbox_messages.c.external_id,
    inbox_messages.c.id,
)
# Of files only: what comes over the network pays nothing for it.
partial_index(
    "ix_inbox_messages_import_file_id",
    inbox_messages.c.import_file_id,
    where=inbox_messages.c.import_file_id.is_not(None),
)

export_files = Table(
    "export_files",
    metadata,
    id_column(),
    reference("account_id", "channel_accounts.id"),
    Column("kind", String(30), nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

_UNSETTLED = (
    "state IN ('pending', 'sent', 'in_doubt', 'rejected', 'dead') AND export_file_id IS NULL"
)
outbox_messages = Table(
    "outbox_messages",
    metadata,
    id_column(),
    reference("account_id", "channel_accounts.id"),
    # ship_confirm | quantity | cancel | acknowledge
    Column("kind", String(20), nullable=False),
    Column("idempotency_key", Text, nullable=False),
    reference("order_id", "orders.id", optional=True, index=True),
    reference("shipment_id", "shipments.id", optional=True),
    Column("payload", Json, nullable=False),
    # pending | sent | acked | rejected | in_doubt | dead | recalled
    Column("state", String(10), nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    reference("export_file_id", "export_files.id", optional=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    # For what goes over the network: how often it was tried, and how the channel answered.
    Column("attempts", Integer, nullable=False, default=0, server_default=text("0")),
    Column("reference", Text, nullable=False, default="", server_default=text("''")),
    Column("problem", Text, nullable=False, default="", server_default=text("''")),
    Column("answered_at", UtcDateTime),
    UniqueConstraint("idempotency_key"),
)
# What is not settled over the network: few among many.
partial_index(
    "ix_outbox_messages_unsettled",
    outbox_messages.c.account_id,
    outbox_messages.c.order_id,
    outbox_messages.c.id,
    where=text(_UNSETTLED),
)
partial_index(
    "ix_outbox_messages_pending",
    outbox_messages.c.account_id,
    outbox_messages.c.kind,
    where=outbox_messages.c.state == "pending",
)
