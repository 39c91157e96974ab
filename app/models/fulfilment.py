"""Which location was suggested and chosen, what has it to ship, and what left with which parcel?"""

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
)

from app.models.base import (
    Json,
    Minor,
    UtcDateTime,
    id_column,
    is_state,
    metadata,
    partial_index,
    reference,
)

_EMPTY = text("''")

routing_suggestions = Table(
    "routing_suggestions",
    metadata,
    id_column(),
    reference("order_id", "orders.id", index=True),
    # open | superseded | accepted | overridden | withdrawn
    Column("state", String(12), nullable=False),
    Column("cost", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("policy_version", Integer, nullable=False),
    # The version of the rules that were asked; none where there were none.
    Column("rulebook_version", Integer),
    # The service that a rule asked for, instead of the channel's words.
    Column("service", Text),
    Column("explanation", Json, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

routing_decisions = Table(
    "routing_decisions",
    metadata,
    id_column(),
    reference("order_id", "orders.id", index=True),
    reference("suggestion_id", "routing_suggestions.id", optional=True),
    # accepted | overridden
    Column("kind", String(12), nullable=False),
    Column("actor", String(60), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("cost", Minor, nullable=False),
    Column("suggested_cost", Minor, nullable=False),
    # Days that the parcels arrive later than suggested (fewer than 0: sooner); unknown where nothing was suggested.
    Column("extra_days", Integer),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
)

was_overridden = is_state(routing_decisions.c.kind, "overridden")
partial_index(
    "ix_routing_decisions_overridden", routing_decisions.c.decided_at, where=was_overridden
)

fulfilment_orders = Table(
    "fulfilment_orders",
    metadata,
    id_column(),
    reference("order_id", "orders.id", index=True),
    reference("decision_id", "routing_decisions.id"),
    reference("location_id", "locations.id"),
    # open | shipped | cancelled
    Column("state", String(10), nullable=False),
    Column("service", Text, nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
)

fulfilment_order_lines = Table(
    "fulfilment_order_lines",
    metadata,
    id_column(),
    reference("fulfilment_order_id", "fulfilment_orders.id", index=True),
    reference("reservation_id", "reservations.id"),
    reference("order_line_id", "order_lines.id"),
    reference("sku_id", "skus.id"),
    Column("quantity", Integer, nullable=False),
    # Not once its fulfilment order was cancelled.
    Column("is_live", Boolean, nullable=False, default=True, server_default=true()),
)
# Units are fulfilled once: one live fulfilment for each claim of an order line, whoever asks.
partial_index(
    "uq_fulfilment_order_lines_live",
    fulfilment_order_lines.c.reservation_id,
    unique=True,
    where=fulfilment_order_lines.c.is_live,
)

shipments = Table(
    "shipments",
    metadata,
    id_column(),
    reference("fulfilment_order_id", "fulfilment_orders.id"),
    reference("order_id", "orders.id", index=True),
    Column("carrier", Text, nullable=False),
    Column("service", Text, nullable=False, default=""),
    Column("tracking_number", Text, nullable=False),
    Column("shipped_at", UtcDateTime, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("voided_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
)
# Nothing ships twice: one live shipment for each fulfilment order, whoever asks.
partial_index(
    "uq_shipments_live",
    shipments.c.fulfilment_order_id,
    unique=True,
    where=shipments.c.voided_at.is_(None),
)
Index("ix_shipments_tracking_number", shipments.c.tracking_number)
# The newest parcels, among years of them.
Index("ix_shipments_shipped_at", shipments.c.shipped_at, shipments.c.id)

# What was said of a parcel, as it came; ``status`` and ``incident`` are what the codebook reads in it.
tracking_events = Table(
    "tracking_events",
    metadata,
    id_column(),
    reference("shipment_id", "shipments.id"),
    # Whose code it is ("ups"); empty where somebody used words of their own.
    Column("carrier", String(30), nullable=False, default="", server_default=_EMPTY),
    Column("code", Text, nullable=False, default="", server_default=_EMPTY),
    Column("description", Text, nullable=False, default=""),
    Column("happened_at", UtcDateTime, nullable=False),
    # The time as it was written, and whether its zone was.
    Column("stated", Text, nullable=False, default="", server_default=_EMPTY),
    Column("is_zone_known", Boolean, nullable=False, default=True, server_default=true()),
    Column("place", Text, nullable=False, default=""),
    Column("source", String(60), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("status", String(24), nullable=False),
    Column("incident", String(24), nullable=False, default="", server_default=_EMPTY),
    # Entered by hand, and taken back: it says nothing any more.
    Column("withdrawn_at", UtcDateTime),
    # The same report a second time is no news.
    Column("fingerprint", String(64), nullable=False),
    UniqueConstraint("shipment_id", "fingerprint"),
)
partial_index(
    "ix_tracking_events_unmapped",
    tracking_events.c.carrier,
    tracking_events.c.code,
    where=is_state(tracking_events.c.status, "unmapped"),
)

# Each time a paper for an order was printed; the second time has a reason.
document_prints = Table(
    "document_prints",
    metadata,
    id_column(),
    # slip | pick
    Column("kind", String(10), nullable=False),
    reference("order_id", "orders.id", index=True),
    Column("printed_by", String(60), nullable=False),
    Column("printed_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
)
