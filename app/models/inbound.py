"""Which units are on their way to which location, and which shelves are being counted?"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text

from app.models.base import UtcDateTime, id_column, metadata, partial_index, reference

# A delivery that is expected: from a supplier, or from another location of ours.
expected_receipts = Table(
    "expected_receipts",
    metadata,
    id_column(),
    Column("number", String(30), nullable=False, unique=True),
    # purchase | transfer
    Column("kind", String(10), nullable=False),
    reference("location_id", "locations.id"),
    # Where a transfer comes from.
    reference("origin_id", "locations.id", optional=True),
    Column("supplier", Text, nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    # open | closed
    Column("state", String(8), nullable=False),
    Column("expected_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(60), nullable=False),
    Column("closed_at", UtcDateTime),
)
partial_index(
    "ix_expected_receipts_open",
    expected_receipts.c.expected_at,
    where=expected_receipts.c.state == "open",
)

# ``outstanding`` units are still on their way; they are the incoming ones of the ledger.
expected_receipt_lines = Table(
    "expected_receipt_lines",
    metadata,
    id_column(),
    reference("receipt_id", "expected_receipts.id", index=True),
    reference("sku_id", "skus.id"),
    Column("expected", Integer, nullable=False),
    Column("received", Integer, nullable=False, default=0),
    Column("outstanding", Integer, nullable=False),
    CheckConstraint("outstanding >= 0", name="outstanding_not_negative"),
)
partial_index(
    "ix_expected_receipt_lines_sku",
    expected_receipt_lines.c.sku_id,
    where=expected_receipt_lines.c.outstanding > 0,
)

# A count of shelves while the shop goes on.
stock_counts = Table(
    "stock_counts",
    metadata,
    id_column(),
    reference("location_id", "locations.id"),
    # open | closed | dropped
    Column("state", String(8), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("started_at", UtcDateTime, nullable=False),
    Column("started_by", String(60), nullable=False),
    Column("closed_at", UtcDateTime),
)

# ``expected`` is what the ledger said at the moment at which the shelf was counted; what is sold
# afterwards is no difference.
stock_count_lines = Table(
    "stock_count_lines",
    metadata,
    id_column(),
    reference("count_id", "stock_counts.id", index=True),
    reference("sku_id", "skus.id"),
    Column("counted", Integer),
    Column("expected", Integer),
    Column("counted_at", UtcDateTime),
    Column("counted_by", String(60), nullable=False, default=""),
)
Index(
    "uq_stock_count_lines_sku",
    stock_count_lines.c.count_id,
    stock_count_lines.c.sku_id,
    unique=True,
)
