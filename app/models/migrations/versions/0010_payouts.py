"""What channels paid out: each payout, and each amount of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, Minor, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_EMPTY = sa.text("''")
_OPEN = sa.text("state = 'open'")
_LINKED = sa.text("order_id IS NOT NULL")
_LOOSE = sa.text("order_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "payouts",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("basis", sa.String(length=8), nullable=False),
        sa.Column("paid_at", UtcDateTime, nullable=True),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        _to("payouts", "account_id", "channel_accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint(
            "account_id", "ref", "currency", name=op.f("uq_payouts_account_id_ref_currency")
        ),
    )
    op.create_table(
        "payout_lines",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("payout_id", Id, nullable=False),
        sa.Column("order_id", Id, nullable=True),
        sa.Column("order_ref", sa.Text(), nullable=False),
        sa.Column("item_ref", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=12), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("amount", Minor, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("posted_at", UtcDateTime, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("import_file_id", Id, nullable=False),
        sa.Column("raw_line", sa.Integer(), nullable=False),
        sa.Column("is_live", sa.Boolean(), server_default=sa.true(), nullable=False),
        _to("payout_lines", "account_id", "channel_accounts"),
        _to("payout_lines", "import_file_id", "import_files"),
        _to("payout_lines", "order_id", "orders"),
        _to("payout_lines", "payout_id", "payouts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_lines")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_payout_lines_account_id_key")),
    )
    op.create_index(op.f("ix_payout_lines_payout_id"), "payout_lines", ["payout_id"])
    op.create_index(op.f("ix_payout_lines_import_file_id"), "payout_lines", ["import_file_id"])
    op.create_index("ix_payout_lines_posted_at", "payout_lines", ["posted_at", "id"])
    op.create_index(
        "ix_payout_lines_order", "payout_lines", ["order_id"],
        sqlite_where=_LINKED, postgresql_where=_LINKED,
    )  # fmt: skip
    op.create_index(
        "ix_payout_lines_loose", "payout_lines", ["account_id", "order_ref"],
        sqlite_where=_LOOSE, postgresql_where=_LOOSE,
    )  # fmt: skip
    op.create_table(
        "payout_findings",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("trouble", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("order_id", Id, nullable=True),
        sa.Column("payout_id", Id, nullable=True),
        sa.Column("expected", Minor, nullable=False),
        sa.Column("actual", Minor, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("found_at", UtcDateTime, nullable=False),
        sa.Column("settled_at", UtcDateTime, nullable=True),
        sa.Column("settled_by", sa.String(length=60), server_default=_EMPTY, nullable=False),
        sa.Column("reason", sa.Text(), server_default=_EMPTY, nullable=False),
        _to("payout_findings", "account_id", "channel_accounts"),
        _to("payout_findings", "order_id", "orders"),
        _to("payout_findings", "payout_id", "payouts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_findings")),
        sa.UniqueConstraint(
            "trouble", "subject", "label", name=op.f("uq_payout_findings_trouble_subject_label")
        ),
    )
    op.create_index(op.f("ix_payout_findings_order_id"), "payout_findings", ["order_id"])
    op.create_index(
        "ix_payout_findings_open", "payout_findings", ["trouble", "id"],
        sqlite_where=_OPEN, postgresql_where=_OPEN,
    )  # fmt: skip


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)
