"""Which conditions need a person?"""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

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

exception_cases = Table(
    "exception_cases",
    metadata,
    id_column(),
    Column("kind", String(30), nullable=False),
    # order | sku | shipment | file
    Column("subject_kind", String(12), nullable=False),
    Column("subject_id", Id, nullable=False),
    reference("order_id", "orders.id", optional=True, index=True),
    reference("sku_id", "skus.id", optional=True),
    # open | resolved
    Column("state", String(10), nullable=False),
    # high | medium | low
    Column("severity", String(8), nullable=False),
    Column("owner", String(60), nullable=False),
    Column("title", Text, nullable=False),
    Column("impact", Text, nullable=False),
    Column("money_at_risk", Minor, nullable=False, default=0),
    Column("currency", String(3), nullable=False, default="USD"),
    Column("facts", Json, nullable=False),
    Column("due_at", UtcDateTime),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime),
    Column("resolution", Text, nullable=False, default=""),
)
partial_index(
    "uq_exception_cases_open",
    exception_cases.c.kind,
    exception_cases.c.subject_kind,
    exception_cases.c.subject_id,
    unique=True,
    where=exception_cases.c.state == "open",
)
