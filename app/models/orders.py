"""Which channels do we sell on, and what did customers order there?"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    func,
    select,
    text,
)

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

sales_channels = Table(
    "sales_channels",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("name", String(50), nullable=False),
    Column("kind", String(20), nullable=False),
)

channel_accounts = Table(
    "channel_accounts",
    metadata,
    id_column(),
    Column("channel", String(20), ForeignKey("sales_channels.code"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("channel", "name"),
)

orders = Table(
    "orders",
    metadata,
    id_column(),
    reference("account_id", "channel_accounts.id"),
    Column("channel", String(20), nullable=False),
    Column("external_id", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("channel_state", String(20), nullable=False),
    Column("is_held", Boolean, nullable=False, default=False, server_default=false()),
    Column("is_short", Boolean, nullable=False, default=False, server_default=false()),
    Column("is_routed", Boolean, nullable=False, default=False, server_default=false()),
    Column("fulfilled_by_channel", Boolean, nullable=False, default=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Column("ship_by", UtcDateTime),
    Column("deliver_by", UtcDateTime),
    Column("service", Text, nullable=False, default=""),
    Column("buyer_name", Text, nullable=False, default=""),
    Column("buyer_email", Text, nullable=False, default=""),
    Column("ship_name", Text, nullable=False, default=""),
    Column("ship_company", Text, nullable=False, default=""),
    Column("ship_line1", Text, nullable=False, default=""),
    Column("ship_line2", Text, nullable=False, default=""),
    Column("ship_line3", Text, nullable=False, default=""),
    Column("ship_city", Text, nullable=False, default=""),
    Column("ship_state", Text, nullable=False, default=""),
    Column("ship_postcode", Text, nullable=False, default=""),
    Column("ship_country", Text, nullable=False, default=""),
    Column("ship_phone", Text, nullable=False, default=""),
    Column("currency", String(3), nullable=False),
    Column("shipping", Minor, nullable=False, default=0),
    Column("tax", Minor, nullable=False, default=0),
    Column("discount", Minor, nullable=False, default=0),
    Column("total", Minor),
    Column("units", Integer, nullable=False, default=0),
    Column("note", Text, nullable=False, default=""),
    Column("content_hash", String(32), nullable=False),
    # A later version that the channel sent and nobody has decided on yet.
    Column("changed_hash", String(32)),
    # The operator who takes care of it, if somebody was asked to.
    Column("assigned_to", String(60)),
    reference("inbox_id", "inbox_messages.id", optional=True),
    Column("taken_in_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # When its buyer was forgotten: from then on what the channel still knows is not taken over.
    Column("erased_at", UtcDateTime),
    # When its channel says that it was last changed there: what is older does not count any more.
    Column("channel_changed_at", UtcDateTime),
    UniqueConstraint("account_id", "external_id"),
    Index("ix_orders_number", "number"),
    Index("ix_orders_placed_at", "placed_at", "id"),
)

# The work of the day, among a history that only grows.
partial_index(
    "ix_orders_queue",
    orders.c.ship_by,
    orders.c.id,
    where=text("status IN ('open', 'accepted', 'partly_shipped')"),
)

# What has left, the newest first: most of a desk's orders, and so counted without reading them.
partial_index(
    "ix_orders_shipped",
    orders.c.placed_at,
    orders.c.id,
    where=text("status = 'shipped'"),
)
# Orders to the same door, among those that have not left.
partial_index(
    "ix_orders_door",
    orders.c.ship_postcode,
    where=text("status IN ('open', 'accepted', 'partly_shipped')"),
)

order_lines = Table(
    "order_lines",
    metadata,
    id_column(),
    reference("order_id", "orders.id", index=True),
    Column("position", Integer, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("sku_text", Text, nullable=False),
    reference("sku_id", "skus.id", optional=True),
    Column("title", Text, nullable=False, default=""),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", Minor, nullable=False, default=0),
    Column("discount", Minor, nullable=False, default=0),
    Column("tax", Minor, nullable=False, default=0),
    Column("listing_id", Text, nullable=False, default=""),
    Column("requires_shipping", Boolean, nullable=False, default=True),
    # reserved | short | unmapped | none (nothing to ship, or the order reserves nothing)
    Column("claim", String(10), nullable=False),
    # The channel's own words for the variant, where it has no code: "Blue / Large".
    Column("variant", Text, nullable=False, default="", server_default=text("''")),
    # Units of the SKU in one that was sold, as the code meant when it was understood.
    Column("pack", Integer, nullable=False, default=1, server_default=text("1")),
)
# Lines that wait for stock or for a SKU: few among many, and read whenever stock arrives.
partial_index(
    "ix_order_lines_waiting",
    order_lines.c.sku_id,
    order_lines.c.claim,
    where=text("claim IN ('short', 'unmapped')"),
)

reservations = Table(
    "reservations",
    metadata,
    id_column(),
    reference("order_id", "orders.id", index=True),
    reference("order_line_id", "order_lines.id"),
    reference("sku_id", "skus.id"),
    Column("quantity", Integer, nullable=False),
    # Where the open suggestion would take the units from; a plan, not a claim on the location.
    reference("suggested_location_id", "locations.id", optional=True),
    # held | allocated | released
    Column("state", String(10), nullable=False),
)
partial_index(
    "ix_reservations_held",
    reservations.c.sku_id,
    where=reservations.c.state == "held",
)

holds = Table(
    "holds",
    metadata,
    id_column(),
    reference("order_id", "orders.id", index=True),
    Column("code", String(30), nullable=False),
    Column("reason", Text, nullable=False),
    Column("raised_by", String(60), nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    # When it lifts itself; never, unless somebody said so.
    Column("until", UtcDateTime),
    Column("released_by", String(60)),
    Column("release_reason", Text, nullable=False, default=""),
    Column("released_at", UtcDateTime),
)

# Holds that end by themselves: few, and looked for every minute.
partial_index(
    "ix_holds_until",
    holds.c.until,
    where=holds.c.until.is_not(None),
)

order_changes = Table(
    "order_changes",
    metadata,
    id_column(),
    reference("order_id", "orders.id", index=True),
    Column("content_hash", String(32), nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    # open | applied | declined
    Column("state", String(10), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("decided_by", String(60)),
    Column("decided_at", UtcDateTime),
    UniqueConstraint("order_id", "content_hash"),
)

order_tags = Table(
    "order_tags",
    metadata,
    Column("order_id", Id, ForeignKey("orders.id"), primary_key=True, autoincrement=False),
    Column("tag", String(40), primary_key=True),
    Column("added_by", String(60), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Index("ix_order_tags_tag", "tag", "order_id"),
)

order_notes = Table(
    "order_notes",
    metadata,
    id_column(),
    reference("order_id", "orders.id", index=True),
    Column("text", Text, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
)

# What the channel gave back to the buyer, each once.
order_refunds = Table(
    "order_refunds",
    metadata,
    id_column(),
    reference("order_id", "orders.id"),
    Column("external_id", Text, nullable=False),
    Column("amount", Minor, nullable=False),
    Column("reason", Text, nullable=False),
    Column("refunded_at", UtcDateTime),
    Column("seen_at", UtcDateTime, nullable=False),
    UniqueConstraint("order_id", "external_id"),
)


def total_of_order() -> ColumnElement[int | None]:
    """Return an order's total in minor units: the channel's own figure, or what its parts add up to.

    Nothing is added up where no line has a price yet (a payment that is pending).
    """
    line = order_lines.c
    goods = (
        select(func.sum(line.quantity * line.unit_price - line.discount))
        .where(line.order_id == orders.c.id)
        .correlate(orders)
        .scalar_subquery()
    )
    parts = func.nullif(goods, 0) + orders.c.shipping + orders.c.tax - orders.c.discount
    return func.coalesce(orders.c.total, parts)
