"""What do the words mean that say how an order stands? One meaning for searches and for counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, func, or_, select

from app.domain.orders import OrderStatus
from app.domain.papers import PaperKind
from app.domain.search_values import Choice
from app.models.base import is_state
from app.models.cases import exception_cases
from app.models.fulfilment import (
    document_prints,
    fulfilment_orders,
    routing_decisions,
    shipments,
)
from app.models.orders import holds, order_changes, order_notes, order_tags, orders, reservations
from app.models.tracking import parcel_states
from app.queries.search_sql import Condition, Here

ALIVE = is_state(
    orders.c.status,
    OrderStatus.OPEN.value,
    OrderStatus.ACCEPTED.value,
    OrderStatus.PARTLY_SHIPPED.value,
)
# Orders that the channel ships from its own stock are shown here, but ask for no work.
OURS = ALIVE & ~orders.c.fulfilled_by_channel
UNDECIDED = OURS & (orders.c.status == OrderStatus.OPEN) & ~orders.c.is_held
HELD = OURS & orders.c.is_held
SHORT = OURS & orders.c.is_short
READY = UNDECIDED & ~orders.c.is_short & orders.c.is_routed
NO_LOCATION = UNDECIDED & ~orders.c.is_short & ~orders.c.is_routed
TO_SHIP = OURS & (orders.c.status != OrderStatus.OPEN) & ~orders.c.is_held


def late(at: Here, _wanted: Choice | None = None) -> Condition:
    """Return whether an order should have shipped by now and has not."""
    return OURS & (orders.c.ship_by < at.now)


def in_any(*found: Select[Any]) -> Condition:
    """Return whether an order's id is in one of these selections."""
    return or_(*(orders.c.id.in_(each) for each in found))


_part = fulfilment_orders.c
_parts = (
    select(_part.order_id)
    .where(_part.state != "cancelled")
    .group_by(_part.order_id)
    .having(func.count(_part.location_id.distinct()) > 1)
)
_planned_parts = (
    select(reservations.c.order_id)
    .where(reservations.c.state == "held", reservations.c.suggested_location_id.is_not(None))
    .group_by(reservations.c.order_id)
    .having(func.count(reservations.c.suggested_location_id.distinct()) > 1)
)
_decided = select(routing_decisions.c.order_id).where(routing_decisions.c.withdrawn_at.is_(None))
_unscanned = select(shipments.c.order_id).where(
    shipments.c.voided_at.is_(None),
    shipments.c.id.not_in(
        select(parcel_states.c.shipment_id).where(parcel_states.c.accepted_at.is_not(None))
    ),
)

_slips = select(document_prints.c.order_id).where(document_prints.c.kind == PaperKind.SLIP.value)

STATES: Final[Mapping[str, Condition]] = {
    **{status.value: is_state(orders.c.status, status.value) for status in OrderStatus},
    "active": OURS,
    "ready": READY,
    "held": HELD,
    "short": SHORT,
    "nolocation": NO_LOCATION,
    "toship": TO_SHIP,
    "split": in_any(_parts, _planned_parts),
    "routed": in_any(_decided),
    "overridden": in_any(_decided.where(routing_decisions.c.kind == "overridden")),
    "unscanned": in_any(_unscanned),
    "changed": in_any(select(order_changes.c.order_id).where(order_changes.c.state == "open")),
    "noted": in_any(select(order_notes.c.order_id)),
    "printed": in_any(_slips),
    "unprinted": TO_SHIP & ~in_any(_slips),
    "bychannel": orders.c.fulfilled_by_channel,
}

BELONGINGS: Final[Mapping[str, Condition]] = {
    "note": (orders.c.note != "") | in_any(select(order_notes.c.order_id)),
    "tag": in_any(select(order_tags.c.order_id)),
    "assignee": orders.c.assigned_to.is_not(None),
    "hold": in_any(select(holds.c.order_id).where(holds.c.released_at.is_(None))),
    "case": in_any(
        select(exception_cases.c.order_id).where(
            exception_cases.c.state == "open", exception_cases.c.order_id.is_not(None)
        )
    ),
    "tracking": in_any(
        select(shipments.c.order_id).where(
            shipments.c.voided_at.is_(None), shipments.c.tracking_number != ""
        )
    ),
    "email": orders.c.buyer_email != "",
}
