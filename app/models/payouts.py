"""What did each channel pay out, and for what? One row for each amount of a settlement file.

``payout_lines`` is the table that whoever works out costs reads: plain signed amounts (plus is money to
us), each with its account, order and type. Rows of a file that was taken back are not ``is_live``.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
    true,
)  # fmt: skip

from app.models.base import Minor, UtcDateTime, id_column, metadata, partial_index, reference

payouts = Table(
    "payouts",
    metadata,
    id_column(),
    reference("account_id", "channel_accounts.id"),
    # The channel's own name of it: a settlement id, a payout id, a day, a period.
    Column("ref", Text, nullable=False),
    Column("currency", String(3), nullable=False),
    # closed (its lines add up to what was paid) | running (a statement: the rest stays at the channel)
    Column("basis", String(8), nullable=False),
    Column("paid_at", UtcDateTime),
    Column("seen_at", UtcDateTime, nullable=False),
    UniqueConstraint("account_id", "ref", "currency"),
)

payout_lines = Table(
    "payout_lines",
    metadata,
    id_column(),
    reference("account_id", "channel_accounts.id"),
    reference("payout_id", "payouts.id", index=True),
    # The order that it is about, once it is here; and what the channel calls it.
    reference("order_id", "orders.id", optional=True),
    Column("order_ref", Text, nullable=False),
    Column("item_ref", Text, nullable=False),
    # sale | shipping | tax | fee | postage | refund | adjustment | reserve | transfer
    Column("type", String(12), nullable=False),
    # In the channel's words: "Commission", "Processing fee".
    Column("label", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("amount", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("posted_at", UtcDateTime, nullable=False),
    # What it is known by in any file of the account.
    Column("key", String(32), nullable=False),
    reference("import_file_id", "import_files.id", index=True),
    Column("raw_line", Integer, nullable=False),
    Column("is_live", Boolean, nullable=False, default=True, server_default=true()),
    UniqueConstraint("account_id", "key"),
    Index("ix_payout_lines_posted_at", "posted_at", "id"),
)
partial_index(
    "ix_payout_lines_order",
    payout_lines.c.order_id,
    where=payout_lines.c.order_id.is_not(None),
)
# What no order is found for yet: few, and looked at again whenever orders came in.
partial_index(
    "ix_payout_lines_loose",
    payout_lines.c.account_id,
    payout_lines.c.order_ref,
    where=payout_lines.c.order_id.is_(None),
)

# What was found wrong when a payout, or an order in it, was last looked at.
payout_findings = Table(
    "payout_findings",
    metadata,
    id_column(),
    # different | fee | double_fee | unpaid | payout
    Column("trouble", String(12), nullable=False),
    # order:12 or payout:3, and which fee
    Column("subject", String(40), nullable=False),
    Column("label", Text, nullable=False),
    reference("account_id", "channel_accounts.id"),
    reference("order_id", "orders.id", optional=True, index=True),
    reference("payout_id", "payouts.id", optional=True),
    Column("expected", Minor, nullable=False),
    Column("actual", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    # open | accepted (it is right like that) | gone
    Column("state", String(8), nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_by", String(60), nullable=False, default="", server_default=text("''")),
    Column("reason", Text, nullable=False, default="", server_default=text("''")),
    UniqueConstraint("trouble", "subject", "label"),
)
partial_index(
    "ix_payout_findings_open",
    payout_findings.c.trouble,
    payout_findings.c.id,
    where=text("state = 'open'"),
)
