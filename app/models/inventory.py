"""Where does stock lie, how did it get there, and how much of it is claimed?

``stock_movements`` is the truth (append only); ``stock_levels`` and ``network_stock`` are
projections of it that ``orderdeck verify`` replays.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
    true,
)

from app.domain.inventory import TAKING
from app.models.base import (
    Id,
    Json,
    Minor,
    UtcDateTime,
    id_column,
    is_no_state,
    metadata,
    partial_index,
    reference,
)

_NONE = text("0")
_EMPTY = text("''")

locations = Table(
    "locations",
    metadata,
    id_column(),
    Column("code", String(30), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("kind", String(20), nullable=False, default="warehouse"),
    Column("postcode", String(20), nullable=False, default=""),
    Column("state", String(30), nullable=False, default=""),
    Column("country", String(2), nullable=False, default="US"),
    Column("time_zone", String(50), nullable=False, default="America/New_York"),
    Column("cut_off", String(5), nullable=False, default="14:00"),
    Column("handling_cost", Minor, nullable=False, default=0),
    Column("ships", Boolean, nullable=False, default=True, server_default=true()),
    Column("created_at", UtcDateTime, nullable=False),
    # Monday to Sunday; 1 where people work.
    Column(
        "working_days",
        String(7),
        nullable=False,
        default="1111100",
        server_default=text("'1111100'"),
    ),
    # Days on which nobody works although it is a working day, as ISO dates.
    Column("closed_on", Json, nullable=False, default=list, server_default=text("'[]'")),
    # Orders that can leave in a day; empty: nobody has counted.
    Column("daily_capacity", Integer),
    # The channel account that alone sells what lies here (a channel's own warehouse).
    reference("account_id", "channel_accounts.id", optional=True),
)

stock_levels = Table(
    "stock_levels",
    metadata,
    Column("sku_id", Id, ForeignKey("skus.id"), primary_key=True, autoincrement=False),
    Column("location_id", Id, ForeignKey("locations.id"), primary_key=True, autoincrement=False),
    Column("on_hand", Integer, nullable=False, default=0),
    Column("allocated", Integer, nullable=False, default=0),
    Column("unavailable", Integer, nullable=False, default=0),
    Column("incoming", Integer, nullable=False, default=0),
    Column("suggested", Integer, nullable=False, default=0),
    Column("safety_stock", Integer, nullable=False, default=0),
    # What is unavailable, by why; ``unavailable`` is their sum.
    Column("damaged", Integer, nullable=False, default=0, server_default=_NONE),
    Column("quarantine", Integer, nullable=False, default=0, server_default=_NONE),
    Column("returns_hold", Integer, nullable=False, default=0, server_default=_NONE),
    CheckConstraint("allocated >= 0", name="allocated_not_negative"),
    CheckConstraint(
        "damaged >= 0 AND quarantine >= 0 AND returns_hold >= 0", name="set_aside_not_negative"
    ),
    CheckConstraint("incoming >= 0", name="incoming_not_negative"),
    CheckConstraint(
        "unavailable = damaged + quarantine + returns_hold", name="unavailable_is_their_sum"
    ),
)

# Where in a location a SKU lies: "A-12-3". Pick lists follow it.
bins = Table(
    "bins",
    metadata,
    Column("sku_id", Id, ForeignKey("skus.id"), primary_key=True, autoincrement=False),
    Column("location_id", Id, ForeignKey("locations.id"), primary_key=True, autoincrement=False),
    Column("bin", String(30), nullable=False),
)

network_stock = Table(
    "network_stock",
    metadata,
    Column("sku_id", Id, ForeignKey("skus.id"), primary_key=True, autoincrement=False),
    # Units anywhere that no decision has taken yet: the sum of on hand - unavailable - allocated.
    Column("free", Integer, nullable=False, default=0),
    Column("reserved", Integer, nullable=False, default=0),
    CheckConstraint("reserved >= 0", name="reserved_not_negative"),
)

stock_movements = Table(
    "stock_movements",
    metadata,
    id_column(),
    reference("sku_id", "skus.id"),
    # Empty for reserved units: a reservation has no location yet.
    reference("location_id", "locations.id", optional=True),
    Column("bucket", String(12), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("cause", String(20), nullable=False),
    reference("order_id", "orders.id", optional=True),
    reference("order_line_id", "order_lines.id", optional=True),
    reference("account_id", "channel_accounts.id", optional=True),
    Column("actor", String(60), nullable=False),
    Column("source", String(60), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("occurred_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    # Why, as one of few codes; empty where the cause says it all.
    Column("reason_code", String(20), nullable=False, default="", server_default=_EMPTY),
    Index("ix_stock_movements_sku", "sku_id", "occurred_at", "id"),
)
# Movements by which units may have become free: few beside those of sales.
may_free = is_no_state(stock_movements.c.cause, *sorted(TAKING))
partial_index("ix_stock_movements_freeing", stock_movements.c.recorded_at, where=may_free)
partial_index(
    "ix_stock_movements_order",
    stock_movements.c.order_id,
    where=stock_movements.c.order_id.is_not(None),
)
