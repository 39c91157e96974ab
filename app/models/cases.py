"""Which conditions need a person, and what did people say of them?"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, Text, text

from app.models.base import (
    Id,
    Json,
    Minor,
    UtcDateTime,
    id_column,
    metadata,
    partial_index,
    reference,
)

_EMPTY = text("''")

exception_cases = Table(
    "exception_cases",
    metadata,
    id_column(),
    Column("kind", String(30), nullable=False),
    # order | sku | shipment | file | account …
    Column("subject_kind", String(20), nullable=False),
    Column("subject_id", Id, nullable=False),
    reference("order_id", "orders.id", optional=True, index=True),
    reference("sku_id", "skus.id", optional=True),
    reference("account_id", "channel_accounts.id", optional=True),
    reference("location_id", "locations.id", optional=True),
    # open | resolved
    Column("state", String(10), nullable=False),
    # high | medium | low
    Column("severity", String(8), nullable=False),
    Column("owner", String(60), nullable=False),
    Column("title", Text, nullable=False),
    Column("impact", Text, nullable=False),
    # What makes several cases one card: the kind, and the cause that they share.
    Column("cause", Text, nullable=False),
    # The card that a person has put it to.
    Column("joined_to", Text, nullable=False, default="", server_default=_EMPTY),
    # What it has in common with earlier ones, where that is neither the SKU nor the channel.
    Column("pattern", Text, nullable=False, default="", server_default=_EMPTY),
    # Where it is dealt with: order:12, sku:3, account:2
    Column("link", Text, nullable=False),
    Column("money_at_risk", Minor, nullable=False, default=0),
    Column("currency", String(3), nullable=False, default="USD"),
    Column("facts", Json, nullable=False),
    # When the harm is done: the order's ship-by, a channel's own deadline.
    Column("promised_at", UtcDateTime),
    # By when somebody must have decided.
    Column("due_at", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime),
    Column("resolution", Text, nullable=False, default=""),
    # The operator who takes care of it, if somebody was asked to.
    Column("assigned_to", String(60), nullable=False, default="", server_default=_EMPTY),
    # Until then it is out of the way; it comes back by itself.
    Column("snoozed_until", UtcDateTime),
    Column("snooze_reason", Text, nullable=False, default="", server_default=_EMPTY),
    # Steps of the ladder that it has climbed, because nobody decided in time.
    Column("step", Integer, nullable=False, default=0, server_default=text("0")),
    # How many orders its customer gave before; empty until somebody has looked.
    Column("customer_orders", Integer),
    CheckConstraint(
        "severity <> '' AND owner <> '' AND title <> '' AND impact <> '' AND cause <> ''"
        " AND link <> ''",
        name="says_whose_and_why",
    ),
)
partial_index(
    "uq_exception_cases_open",
    exception_cases.c.kind,
    exception_cases.c.subject_kind,
    exception_cases.c.subject_id,
    unique=True,
    where=exception_cases.c.state == "open",
)

case_notes = Table(
    "case_notes",
    metadata,
    id_column(),
    reference("case_id", "exception_cases.id", index=True),
    Column("text", Text, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
)
