"""Aliases with packs and dates, the whole SKU record, what is set aside, expected receipts, counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_EMPTY = sa.text("''")
_ONE = sa.text("1")
_NONE = sa.text("0")


def upgrade() -> None:
    _skus()
    _aliases()
    _places()
    _levels()
    _expected()
    _counts()


def _skus() -> None:
    with op.batch_alter_table("skus") as table:
        table.add_column(_text("more_barcodes"))
        table.add_column(_text("family"))
        table.add_column(
            sa.Column("velocity", sa.String(length=1), server_default=_EMPTY, nullable=False)
        )
        table.add_column(_text("supplier"))
        table.add_column(sa.Column("lead_time_days", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("is_hazmat", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        table.add_column(
            sa.Column("is_fragile", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        table.add_column(sa.Column("minimum_age", sa.Integer(), nullable=True))
    op.create_table(
        "sku_keys",
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("sku_id", Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_sku_keys_sku_id_skus")),
        sa.PrimaryKeyConstraint("kind", "value", "sku_id", name=op.f("pk_sku_keys")),
    )
    op.create_index(op.f("ix_sku_keys_sku_id"), "sku_keys", ["sku_id"], unique=False)
    _fill_keys()


def _fill_keys() -> None:
    """Write what the SKUs that are here can be recognised by, as the program would."""
    from app.domain.recognising import keys_of

    db = op.get_bind()
    rows = db.execute(sa.text("SELECT id, code, barcode FROM skus")).all()
    keys = [
        {"kind": kind, "value": value, "sku_id": row.id}
        for row in rows
        for kind, value in keys_of(row.code, row.barcode)
    ]
    if keys:
        db.execute(
            sa.text("INSERT INTO sku_keys (kind, value, sku_id) VALUES (:kind, :value, :sku_id)"),
            keys,
        )


def _aliases() -> None:
    with op.batch_alter_table("sku_aliases") as table:
        table.add_column(_text("listing_id"))
        table.add_column(_text("variant"))
        table.add_column(_text("product_id"))
        table.add_column(sa.Column("pack", sa.Integer(), server_default=_ONE, nullable=False))
        table.add_column(sa.Column("valid_from", UtcDateTime, nullable=True))
        table.add_column(sa.Column("valid_to", UtcDateTime, nullable=True))
        table.add_column(
            sa.Column("taught_by", sa.String(length=60), server_default=_EMPTY, nullable=False)
        )
        table.drop_constraint(op.f("uq_sku_aliases_account_id_alias"), type_="unique")
        table.create_check_constraint(op.f("ck_sku_aliases_pack_at_least_one"), "pack >= 1")
    op.create_index("ix_sku_aliases_alias", "sku_aliases", ["account_id", "alias"], unique=False)
    op.create_index(
        "ix_sku_aliases_listing", "sku_aliases", ["account_id", "listing_id", "variant"],
        unique=False,
    )  # fmt: skip
    with op.batch_alter_table("order_lines") as lines:
        lines.add_column(_text("variant"))
        lines.add_column(sa.Column("pack", sa.Integer(), server_default=_ONE, nullable=False))


def _places() -> None:
    with op.batch_alter_table("locations") as table:
        table.add_column(
            sa.Column(
                "working_days", sa.String(length=7), server_default=sa.text("'1111100'"),
                nullable=False,
            )
        )  # fmt: skip
        table.add_column(
            sa.Column("closed_on", Json, server_default=sa.text("'[]'"), nullable=False)
        )
        table.add_column(sa.Column("daily_capacity", sa.Integer(), nullable=True))
        table.add_column(sa.Column("account_id", Id, nullable=True))
        table.create_foreign_key(
            op.f("fk_locations_account_id_channel_accounts"), "channel_accounts", ["account_id"],
            ["id"],
        )  # fmt: skip
    op.execute("UPDATE locations SET kind = 'warehouse' WHERE kind NOT IN ('3pl', 'shop')")


def _levels() -> None:
    with op.batch_alter_table("stock_levels") as table:
        for name in ("damaged", "quarantine", "returns_hold"):
            table.add_column(sa.Column(name, sa.Integer(), server_default=_NONE, nullable=False))
    # Nothing could be set aside before; whatever was written by hand is kept as quarantined.
    op.execute("UPDATE stock_levels SET quarantine = unavailable")
    op.execute("UPDATE stock_movements SET bucket = 'quarantine' WHERE bucket = 'unavailable'")
    with op.batch_alter_table("stock_levels") as table:
        table.create_check_constraint(
            op.f("ck_stock_levels_set_aside_not_negative"),
            "damaged >= 0 AND quarantine >= 0 AND returns_hold >= 0",
        )
        table.create_check_constraint(
            op.f("ck_stock_levels_incoming_not_negative"), "incoming >= 0"
        )
        table.create_check_constraint(
            op.f("ck_stock_levels_unavailable_is_their_sum"),
            "unavailable = damaged + quarantine + returns_hold",
        )
    with op.batch_alter_table("stock_movements") as moves:
        moves.add_column(
            sa.Column("reason_code", sa.String(length=20), server_default=_EMPTY, nullable=False)
        )


def _expected() -> None:
    op.create_table(
        "expected_receipts",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("location_id", Id, nullable=False),
        sa.Column("origin_id", Id, nullable=True),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("expected_at", UtcDateTime, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("closed_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"],
            name=op.f("fk_expected_receipts_location_id_locations"),
        ),
        sa.ForeignKeyConstraint(
            ["origin_id"], ["locations.id"], name=op.f("fk_expected_receipts_origin_id_locations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_receipts")),
        sa.UniqueConstraint("number", name=op.f("uq_expected_receipts_number")),
    )  # fmt: skip
    op.create_index(
        "ix_expected_receipts_open", "expected_receipts", ["expected_at"], unique=False,
        sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"),
    )  # fmt: skip
    op.create_table(
        "expected_receipt_lines",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("receipt_id", Id, nullable=False),
        sa.Column("sku_id", Id, nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("outstanding", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outstanding >= 0", name=op.f("ck_expected_receipt_lines_outstanding_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["expected_receipts.id"],
            name=op.f("fk_expected_receipt_lines_receipt_id_expected_receipts"),
        ),
        sa.ForeignKeyConstraint(
            ["sku_id"], ["skus.id"], name=op.f("fk_expected_receipt_lines_sku_id_skus")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_receipt_lines")),
    )  # fmt: skip
    op.create_index(
        op.f("ix_expected_receipt_lines_receipt_id"), "expected_receipt_lines", ["receipt_id"],
        unique=False,
    )  # fmt: skip
    op.create_index(
        "ix_expected_receipt_lines_sku", "expected_receipt_lines", ["sku_id"], unique=False,
        sqlite_where=sa.text("outstanding > 0"), postgresql_where=sa.text("outstanding > 0"),
    )  # fmt: skip


def _counts() -> None:
    op.create_table(
        "stock_counts",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("location_id", Id, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("started_by", sa.String(length=60), nullable=False),
        sa.Column("closed_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_stock_counts_location_id_locations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_counts")),
    )
    op.create_table(
        "stock_count_lines",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("count_id", Id, nullable=False),
        sa.Column("sku_id", Id, nullable=False),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("counted_at", UtcDateTime, nullable=True),
        sa.Column("counted_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["count_id"], ["stock_counts.id"],
            name=op.f("fk_stock_count_lines_count_id_stock_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["sku_id"], ["skus.id"], name=op.f("fk_stock_count_lines_sku_id_skus")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count_lines")),
    )  # fmt: skip
    op.create_index(
        op.f("ix_stock_count_lines_count_id"), "stock_count_lines", ["count_id"], unique=False
    )
    op.create_index(
        "uq_stock_count_lines_sku", "stock_count_lines", ["count_id", "sku_id"], unique=True
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=_EMPTY, nullable=False)
