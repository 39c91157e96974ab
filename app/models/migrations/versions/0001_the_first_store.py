"""The first store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("seq", Id, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_subject"), "audit_entries", ["subject"], unique=False)
    op.create_table(
        "import_files",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("options", Json, nullable=False),
        sa.Column("report", Json, nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("confirmed_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime, nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_files")),
    )
    op.create_table(
        "locations",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("time_zone", sa.String(length=50), nullable=False),
        sa.Column("cut_off", sa.String(length=5), nullable=False),
        sa.Column("handling_cost", Id, nullable=False),
        sa.Column("ships", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
        sa.UniqueConstraint("code", name=op.f("uq_locations_code")),
    )
    op.create_table(
        "operators",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operators")),
        sa.UniqueConstraint("name", name=op.f("uq_operators_name")),
    )
    op.create_table(
        "policies",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("active_from", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_policies_kind_version")),
    )
    op.create_table(
        "sales_channels",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sales_channels")),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "skus",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("barcode", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("is_kit", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("cost", Id, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=True),
        sa.Column("length_mm", sa.Integer(), nullable=True),
        sa.Column("width_mm", sa.Integer(), nullable=True),
        sa.Column("height_mm", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skus")),
        sa.UniqueConstraint("code", name=op.f("uq_skus_code")),
    )
    op.create_table(
        "channel_accounts",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["channel"],
            ["sales_channels.code"],
            name=op.f("fk_channel_accounts_channel_sales_channels"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_accounts")),
        sa.UniqueConstraint("channel", "name", name=op.f("uq_channel_accounts_channel_name")),
    )
    op.create_table(
        "kit_components",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("kit_id", Id, nullable=False),
        sa.Column("component_id", Id, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"], ["skus.id"], name=op.f("fk_kit_components_component_id_skus")
        ),
        sa.ForeignKeyConstraint(
            ["kit_id"], ["skus.id"], name=op.f("fk_kit_components_kit_id_skus")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_components")),
        sa.UniqueConstraint(
            "kit_id", "component_id", name=op.f("uq_kit_components_kit_id_component_id")
        ),
    )
    op.create_index(
        op.f("ix_kit_components_component_id"), "kit_components", ["component_id"], unique=False
    )
    op.create_table(
        "network_stock",
        sa.Column("sku_id", Id, autoincrement=False, nullable=False),
        sa.Column("free", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_network_stock_reserved_not_negative")),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_network_stock_sku_id_skus")),
        sa.PrimaryKeyConstraint("sku_id", name=op.f("pk_network_stock")),
    )
    op.create_table(
        "stock_levels",
        sa.Column("sku_id", Id, autoincrement=False, nullable=False),
        sa.Column("location_id", Id, autoincrement=False, nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("allocated", sa.Integer(), nullable=False),
        sa.Column("unavailable", sa.Integer(), nullable=False),
        sa.Column("incoming", sa.Integer(), nullable=False),
        sa.Column("suggested", sa.Integer(), nullable=False),
        sa.Column("safety_stock", sa.Integer(), nullable=False),
        sa.CheckConstraint("allocated >= 0", name=op.f("ck_stock_levels_allocated_not_negative")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_stock_levels_location_id_locations")
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_stock_levels_sku_id_skus")),
        sa.PrimaryKeyConstraint("sku_id", "location_id", name=op.f("pk_stock_levels")),
    )
    op.create_table(
        "export_files",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_accounts.id"],
            name=op.f("fk_export_files_account_id_channel_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_files")),
    )
    op.create_table(
        "inbox_messages",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=32), nullable=False),
        sa.Column("channel_state", sa.String(length=20), nullable=False),
        sa.Column("import_file_id", Id, nullable=True),
        sa.Column("payload", Json, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_accounts.id"],
            name=op.f("fk_inbox_messages_account_id_channel_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["import_file_id"],
            ["import_files.id"],
            name=op.f("fk_inbox_messages_import_file_id_import_files"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_messages")),
    )
    op.create_index(
        "ix_inbox_messages_order",
        "inbox_messages",
        ["account_id", "external_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_inbox_messages_import_file_id",
        "inbox_messages",
        ["import_file_id", "external_id"],
        unique=False,
    )
    op.create_table(
        "listings",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("sku_text", sa.Text(), nullable=False),
        sa.Column("listing_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sku_id", Id, nullable=True),
        sa.Column("quantity_shown", sa.Integer(), nullable=True),
        sa.Column("price", Id, nullable=True),
        sa.Column("observed_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_accounts.id"],
            name=op.f("fk_listings_account_id_channel_accounts"),
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_listings_sku_id_skus")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
        sa.UniqueConstraint(
            "account_id",
            "sku_text",
            "listing_id",
            "place",
            name=op.f("uq_listings_account_id_sku_text_listing_id_place"),
        ),
    )
    op.create_index(op.f("ix_listings_sku_id"), "listings", ["sku_id"], unique=False)
    op.create_table(
        "sku_aliases",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("sku_id", Id, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_accounts.id"],
            name=op.f("fk_sku_aliases_account_id_channel_accounts"),
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_sku_aliases_sku_id_skus")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_aliases")),
        sa.UniqueConstraint("account_id", "alias", name=op.f("uq_sku_aliases_account_id_alias")),
    )
    op.create_index(op.f("ix_sku_aliases_sku_id"), "sku_aliases", ["sku_id"], unique=False)
    op.create_table(
        "orders",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("channel_state", sa.String(length=20), nullable=False),
        sa.Column("is_held", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_short", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_routed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("fulfilled_by_channel", sa.Boolean(), nullable=False),
        sa.Column("placed_at", UtcDateTime, nullable=False),
        sa.Column("ship_by", UtcDateTime, nullable=True),
        sa.Column("deliver_by", UtcDateTime, nullable=True),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("buyer_name", sa.Text(), nullable=False),
        sa.Column("buyer_email", sa.Text(), nullable=False),
        sa.Column("ship_name", sa.Text(), nullable=False),
        sa.Column("ship_company", sa.Text(), nullable=False),
        sa.Column("ship_line1", sa.Text(), nullable=False),
        sa.Column("ship_line2", sa.Text(), nullable=False),
        sa.Column("ship_line3", sa.Text(), nullable=False),
        sa.Column("ship_city", sa.Text(), nullable=False),
        sa.Column("ship_state", sa.Text(), nullable=False),
        sa.Column("ship_postcode", sa.Text(), nullable=False),
        sa.Column("ship_country", sa.Text(), nullable=False),
        sa.Column("ship_phone", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("shipping", Id, nullable=False),
        sa.Column("tax", Id, nullable=False),
        sa.Column("discount", Id, nullable=False),
        sa.Column("total", Id, nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=32), nullable=False),
        sa.Column("changed_hash", sa.String(length=32), nullable=True),
        sa.Column("inbox_id", Id, nullable=True),
        sa.Column("taken_in_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_accounts.id"],
            name=op.f("fk_orders_account_id_channel_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["inbox_messages.id"], name=op.f("fk_orders_inbox_id_inbox_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint(
            "account_id", "external_id", name=op.f("uq_orders_account_id_external_id")
        ),
    )
    op.create_index("ix_orders_number", "orders", ["number"], unique=False)
    op.create_index(
        "ix_orders_queue",
        "orders",
        ["ship_by", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('open', 'accepted', 'partly_shipped')"),
        postgresql_where=sa.text("status IN ('open', 'accepted', 'partly_shipped')"),
    )
    op.create_table(
        "exception_cases",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("order_id", Id, nullable=True),
        sa.Column("sku_id", Id, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("money_at_risk", Id, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=True),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("resolved_at", UtcDateTime, nullable=True),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_exception_cases_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["sku_id"], ["skus.id"], name=op.f("fk_exception_cases_sku_id_skus")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exception_cases")),
    )
    op.create_index(
        op.f("ix_exception_cases_order_id"), "exception_cases", ["order_id"], unique=False
    )
    op.create_index(
        "uq_exception_cases_open",
        "exception_cases",
        ["kind", "subject_kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "holds",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.String(length=60), nullable=False),
        sa.Column("raised_at", UtcDateTime, nullable=False),
        sa.Column("released_by", sa.String(length=60), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=False),
        sa.Column("released_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_holds_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_order_id"), "holds", ["order_id"], unique=False)
    op.create_table(
        "order_changes",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("content_hash", sa.String(length=32), nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_changes_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_changes")),
        sa.UniqueConstraint(
            "order_id", "content_hash", name=op.f("uq_order_changes_order_id_content_hash")
        ),
    )
    op.create_index(op.f("ix_order_changes_order_id"), "order_changes", ["order_id"], unique=False)
    op.create_table(
        "order_lines",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("sku_text", sa.Text(), nullable=False),
        sa.Column("sku_id", Id, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", Id, nullable=False),
        sa.Column("discount", Id, nullable=False),
        sa.Column("tax", Id, nullable=False),
        sa.Column("listing_id", sa.Text(), nullable=False),
        sa.Column("requires_shipping", sa.Boolean(), nullable=False),
        sa.Column("claim", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id_orders")
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_order_lines_sku_id_skus")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
    )
    op.create_index(op.f("ix_order_lines_order_id"), "order_lines", ["order_id"], unique=False)
    op.create_index(
        "ix_order_lines_waiting",
        "order_lines",
        ["sku_id", "claim"],
        unique=False,
        sqlite_where=sa.text("claim IN ('short', 'unmapped')"),
        postgresql_where=sa.text("claim IN ('short', 'unmapped')"),
    )
    op.create_table(
        "order_notes",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("written_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_notes_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_notes")),
    )
    op.create_index(op.f("ix_order_notes_order_id"), "order_notes", ["order_id"], unique=False)
    op.create_table(
        "routing_suggestions",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("cost", Id, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("explanation", Json, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_routing_suggestions_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_suggestions")),
    )
    op.create_index(
        op.f("ix_routing_suggestions_order_id"), "routing_suggestions", ["order_id"], unique=False
    )
    op.create_table(
        "reservations",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("order_line_id", Id, nullable=False),
        sa.Column("sku_id", Id, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("suggested_location_id", Id, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_reservations_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name=op.f("fk_reservations_order_line_id_order_lines"),
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_reservations_sku_id_skus")),
        sa.ForeignKeyConstraint(
            ["suggested_location_id"],
            ["locations.id"],
            name=op.f("fk_reservations_suggested_location_id_locations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
    )
    op.create_index(
        "ix_reservations_held",
        "reservations",
        ["sku_id"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index(op.f("ix_reservations_order_id"), "reservations", ["order_id"], unique=False)
    op.create_table(
        "routing_decisions",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("suggestion_id", Id, nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cost", Id, nullable=False),
        sa.Column("suggested_cost", Id, nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        sa.Column("withdrawn_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_routing_decisions_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["routing_suggestions.id"],
            name=op.f("fk_routing_decisions_suggestion_id_routing_suggestions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_decisions")),
    )
    op.create_index(
        op.f("ix_routing_decisions_order_id"), "routing_decisions", ["order_id"], unique=False
    )
    op.create_table(
        "stock_movements",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("sku_id", Id, nullable=False),
        sa.Column("location_id", Id, nullable=True),
        sa.Column("bucket", sa.String(length=12), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("order_id", Id, nullable=True),
        sa.Column("order_line_id", Id, nullable=True),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("occurred_at", UtcDateTime, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_accounts.id"],
            name=op.f("fk_stock_movements_account_id_channel_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_stock_movements_location_id_locations")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_stock_movements_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name=op.f("fk_stock_movements_order_line_id_order_lines"),
        ),
        sa.ForeignKeyConstraint(
            ["sku_id"], ["skus.id"], name=op.f("fk_stock_movements_sku_id_skus")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
    )
    op.create_index(
        "ix_stock_movements_order",
        "stock_movements",
        ["order_id"],
        unique=False,
        sqlite_where=sa.text("order_id IS NOT NULL"),
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_index(
        "ix_stock_movements_sku", "stock_movements", ["sku_id", "occurred_at", "id"], unique=False
    )
    op.create_table(
        "fulfilment_orders",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("decision_id", Id, nullable=False),
        sa.Column("location_id", Id, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["routing_decisions.id"],
            name=op.f("fk_fulfilment_orders_decision_id_routing_decisions"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["locations.id"],
            name=op.f("fk_fulfilment_orders_location_id_locations"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_fulfilment_orders_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilment_orders")),
    )
    op.create_index(
        op.f("ix_fulfilment_orders_order_id"), "fulfilment_orders", ["order_id"], unique=False
    )
    op.create_table(
        "fulfilment_order_lines",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("fulfilment_order_id", Id, nullable=False),
        sa.Column("reservation_id", Id, nullable=False),
        sa.Column("order_line_id", Id, nullable=False),
        sa.Column("sku_id", Id, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fulfilment_order_id"],
            ["fulfilment_orders.id"],
            name=op.f("fk_fulfilment_order_lines_fulfilment_order_id_fulfilment_orders"),
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name=op.f("fk_fulfilment_order_lines_order_line_id_order_lines"),
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservations.id"],
            name=op.f("fk_fulfilment_order_lines_reservation_id_reservations"),
        ),
        sa.ForeignKeyConstraint(
            ["sku_id"], ["skus.id"], name=op.f("fk_fulfilment_order_lines_sku_id_skus")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilment_order_lines")),
    )
    op.create_index(
        op.f("ix_fulfilment_order_lines_fulfilment_order_id"),
        "fulfilment_order_lines",
        ["fulfilment_order_id"],
        unique=False,
    )
    op.create_table(
        "shipments",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("fulfilment_order_id", Id, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("tracking_number", sa.Text(), nullable=False),
        sa.Column("shipped_at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("voided_at", UtcDateTime, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["fulfilment_order_id"],
            ["fulfilment_orders.id"],
            name=op.f("fk_shipments_fulfilment_order_id_fulfilment_orders"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_shipments_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
    )
    op.create_index(op.f("ix_shipments_order_id"), "shipments", ["order_id"], unique=False)
    op.create_index("ix_shipments_tracking_number", "shipments", ["tracking_number"], unique=False)
    op.create_index(
        "uq_shipments_live",
        "shipments",
        ["fulfilment_order_id"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.create_table(
        "outbox_messages",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("order_id", Id, nullable=True),
        sa.Column("shipment_id", Id, nullable=True),
        sa.Column("payload", Json, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("not_before", UtcDateTime, nullable=False),
        sa.Column("export_file_id", Id, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("sent_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_accounts.id"],
            name=op.f("fk_outbox_messages_account_id_channel_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["export_file_id"],
            ["export_files.id"],
            name=op.f("fk_outbox_messages_export_file_id_export_files"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_outbox_messages_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name=op.f("fk_outbox_messages_shipment_id_shipments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outbox_messages_idempotency_key")),
    )
    op.create_index(
        op.f("ix_outbox_messages_order_id"), "outbox_messages", ["order_id"], unique=False
    )
    op.create_index(
        "ix_outbox_messages_pending",
        "outbox_messages",
        ["account_id", "kind"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "tracking_events",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("shipment_id", Id, nullable=False),
        sa.Column("happened_at", UtcDateTime, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name=op.f("fk_tracking_events_shipment_id_shipments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_events")),
        sa.UniqueConstraint(
            "shipment_id",
            "happened_at",
            "status",
            name=op.f("uq_tracking_events_shipment_id_happened_at_status"),
        ),
    )
