"""What comes back from customers, what they are owed, and how parcels that went wrong are made good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, Minor, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _returns()
    _refunds()
    _return_units()
    _refund_shares()
    _return_steps()
    _carrier_claims()
    _recoveries()
    _replacement_orders()


def _returns() -> None:
    op.create_table(
        "returns",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("order_id", Id, nullable=True),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("tracking_number", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("clue", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("expected_by", UtcDateTime, nullable=True),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("opened_by", sa.String(length=60), nullable=False),
        sa.Column("matched_at", UtcDateTime, nullable=True),
        sa.Column("matched_by", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "source = 'parcel' OR order_id IS NOT NULL",
            name=op.f("ck_returns_only_a_parcel_comes_unannounced"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_returns_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
        sa.UniqueConstraint("number", name=op.f("uq_returns_number")),
    )
    op.create_index("ix_returns_opened_at", "returns", ["opened_at", "id"], unique=False)
    op.create_index(op.f("ix_returns_order_id"), "returns", ["order_id"], unique=False)
    op.create_index("ix_returns_tracking_number", "returns", ["tracking_number"], unique=False)
    op.create_index(
        "uq_returns_external",
        "returns",
        ["order_id", "external_id"],
        unique=True,
        sqlite_where=sa.text("external_id != ''"),
        postgresql_where=sa.text("external_id != ''"),
    )


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("return_id", Id, nullable=True),
        sa.Column("amount", Minor, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("order_refund_id", Id, nullable=True),
        sa.Column("promised_by", sa.String(length=60), nullable=False),
        sa.Column("promised_at", UtcDateTime, nullable=False),
        sa.Column("paid_at", UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "(state = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_refunds_paid_at_some_time")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount_above_0")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_refunds_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["order_refund_id"],
            ["order_refunds.id"],
            name=op.f("fk_refunds_order_refund_id_order_refunds"),
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["returns.id"], name=op.f("fk_refunds_return_id_returns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    op.create_index(
        "ix_refunds_due",
        "refunds",
        ["promised_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index(op.f("ix_refunds_order_id"), "refunds", ["order_id"], unique=False)
    op.create_index(
        "uq_refunds_order_refund",
        "refunds",
        ["order_refund_id"],
        unique=True,
        sqlite_where=sa.text("order_refund_id IS NOT NULL"),
        postgresql_where=sa.text("order_refund_id IS NOT NULL"),
    )


def _return_units() -> None:
    op.create_table(
        "return_units",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("return_id", Id, nullable=False),
        sa.Column("order_line_id", Id, nullable=True),
        sa.Column("sku_id", Id, nullable=False),
        sa.Column("custody", sa.String(length=12), nullable=False),
        sa.Column("money", sa.String(length=16), nullable=False),
        sa.Column("worth", Minor, nullable=False),
        sa.Column("promised", Minor, nullable=False),
        sa.Column("refunded", Minor, nullable=False),
        sa.Column("location_id", Id, nullable=True),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("disposition", sa.String(length=12), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=True),
        sa.Column("graded_at", UtcDateTime, nullable=True),
        sa.Column("disposed_at", UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "(custody = 'disposed') = (disposition IN ('restock', 'quarantine', 'damaged', 'write_off', 'supplier') AND disposed_at IS NOT NULL)",
            name=op.f("ck_return_units_put_away_somewhere"),
        ),
        sa.CheckConstraint(
            "(custody IN ('graded', 'disposed')) = (grade IN ('A', 'B', 'C', 'D') AND graded_at IS NOT NULL)",
            name=op.f("ck_return_units_inspected_before_put_away"),
        ),
        sa.CheckConstraint(
            "(custody IN ('received', 'graded', 'disposed')) = (received_at IS NOT NULL AND location_id IS NOT NULL)",
            name=op.f("ck_return_units_received_somewhere"),
        ),
        sa.CheckConstraint(
            "custody IN ('authorised', 'in_transit', 'received', 'graded', 'disposed', 'not_returned')",
            name=op.f("ck_return_units_custody_is_known"),
        ),
        sa.CheckConstraint(
            "money IN ('none', 'promised', 'partly_refunded', 'refunded', 'denied') AND (money = 'promised') = (promised > 0)",
            name=op.f("ck_return_units_money_is_known"),
        ),
        sa.CheckConstraint(
            "promised >= 0 AND refunded >= 0 AND promised + refunded <= worth",
            name=op.f("ck_return_units_no_more_than_was_paid"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_return_units_location_id_locations")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name=op.f("fk_return_units_order_line_id_order_lines"),
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["returns.id"], name=op.f("fk_return_units_return_id_returns")
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_return_units_sku_id_skus")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_units")),
    )
    op.create_index(
        "ix_return_units_here",
        "return_units",
        ["sku_id", "location_id"],
        unique=False,
        sqlite_where=sa.text("custody IN ('received', 'graded')"),
        postgresql_where=sa.text("custody IN ('received', 'graded')"),
    )
    op.create_index(
        op.f("ix_return_units_order_line_id"), "return_units", ["order_line_id"], unique=False
    )
    op.create_index(op.f("ix_return_units_return_id"), "return_units", ["return_id"], unique=False)


def _refund_shares() -> None:
    op.create_table(
        "refund_shares",
        sa.Column("refund_id", Id, autoincrement=False, nullable=False),
        sa.Column("unit_id", Id, autoincrement=False, nullable=False),
        sa.Column("amount", Minor, nullable=False),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.id"], name=op.f("fk_refund_shares_refund_id_refunds")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["return_units.id"], name=op.f("fk_refund_shares_unit_id_return_units")
        ),
        sa.PrimaryKeyConstraint("refund_id", "unit_id", name=op.f("pk_refund_shares")),
    )


def _return_steps() -> None:
    op.create_table(
        "return_steps",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.Column("machine", sa.String(length=8), nullable=False),
        sa.Column("verb", sa.String(length=12), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.Column("amount", Minor, nullable=False),
        sa.Column("said", sa.String(length=12), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["return_units.id"], name=op.f("fk_return_steps_unit_id_return_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_steps")),
    )
    op.create_index(op.f("ix_return_steps_unit_id"), "return_steps", ["unit_id"], unique=False)


def _carrier_claims() -> None:
    op.create_table(
        "carrier_claims",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("shipment_id", Id, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("situation", sa.String(length=10), nullable=False),
        sa.Column("amount", Minor, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("opens_at", UtcDateTime, nullable=True),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("paid", Minor, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.String(length=60), nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("filed_at", UtcDateTime, nullable=True),
        sa.Column("answered_at", UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "(state IN ('paid', 'refused')) = (answered_at IS NOT NULL)",
            name=op.f("ck_carrier_claims_answered_at_some_time"),
        ),
        sa.CheckConstraint(
            "paid >= 0 AND paid <= amount", name=op.f("ck_carrier_claims_paid_what_was_claimed")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_carrier_claims_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name=op.f("fk_carrier_claims_shipment_id_shipments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_claims")),
    )
    op.create_index(
        "ix_carrier_claims_open",
        "carrier_claims",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_carrier_claims_order_id"), "carrier_claims", ["order_id"], unique=False
    )
    op.create_index(
        "uq_carrier_claims_live",
        "carrier_claims",
        ["shipment_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'dropped'"),
        postgresql_where=sa.text("state <> 'dropped'"),
    )


def _recoveries() -> None:
    op.create_table(
        "recoveries",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("shipment_id", Id, nullable=False),
        sa.Column("situation", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("goods_cost", Minor, nullable=False),
        sa.Column("postage_cost", Minor, nullable=False),
        sa.Column("refund_cost", Minor, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("wait_until", UtcDateTime, nullable=True),
        sa.Column("replacement_order_id", Id, nullable=True),
        sa.Column("refund_id", Id, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("chosen_by", sa.String(length=60), nullable=False),
        sa.Column("chosen_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "(kind = 'reship') = (replacement_order_id IS NOT NULL)",
            name=op.f("ck_recoveries_reship_has_its_order"),
        ),
        sa.CheckConstraint(
            "(kind = 'wait') = (wait_until IS NOT NULL)",
            name=op.f("ck_recoveries_waits_until_a_day"),
        ),
        sa.CheckConstraint(
            "(kind IN ('refund', 'partial')) = (refund_id IS NOT NULL)",
            name=op.f("ck_recoveries_refund_has_its_money"),
        ),
        sa.CheckConstraint(
            "(state = 'live') = (ended_at IS NULL)", name=op.f("ck_recoveries_ended_at_some_time")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_recoveries_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.id"], name=op.f("fk_recoveries_refund_id_refunds")
        ),
        sa.ForeignKeyConstraint(
            ["replacement_order_id"],
            ["orders.id"],
            name=op.f("fk_recoveries_replacement_order_id_orders"),
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name=op.f("fk_recoveries_shipment_id_shipments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recoveries")),
    )
    op.create_index(op.f("ix_recoveries_order_id"), "recoveries", ["order_id"], unique=False)
    op.create_index(
        "uq_recoveries_live",
        "recoveries",
        ["shipment_id"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )


def _replacement_orders() -> None:
    op.create_table(
        "replacement_orders",
        sa.Column("order_id", Id, autoincrement=False, nullable=False),
        sa.Column("original_order_id", Id, nullable=False),
        sa.Column("shipment_id", Id, nullable=False),
        sa.CheckConstraint(
            "order_id <> original_order_id", name=op.f("ck_replacement_orders_replaces_another")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_replacement_orders_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["original_order_id"],
            ["orders.id"],
            name=op.f("fk_replacement_orders_original_order_id_orders"),
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"],
            ["shipments.id"],
            name=op.f("fk_replacement_orders_shipment_id_shipments"),
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_replacement_orders")),
    )
    op.create_index(
        op.f("ix_replacement_orders_original_order_id"),
        "replacement_orders",
        ["original_order_id"],
        unique=False,
    )
