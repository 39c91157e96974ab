"""Which parcels does a search mean?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from app.domain.search import parse
from app.domain.search_fields import SHIPMENT_FIELDS
from app.domain.search_values import Between, Choice, Match
from app.models.catalogue import skus
from app.models.exchange import outbox_messages
from app.models.fulfilment import (
    fulfilment_order_lines,
    fulfilment_orders,
    shipments,
    tracking_events,
)
from app.models.inventory import locations
from app.models.orders import orders
from app.queries import search_sql
from app.queries.search_sql import Build, Condition, Here, Translation, contains, matches


def shipment_condition(db: Connection, query: str, now: datetime) -> ColumnElement[bool]:
    """Return the condition on ``shipments`` that a query means.

    Raises:
        SearchError: the query cannot be read.
    """
    at = search_sql.here(db, now)
    return search_sql.condition(parse(query, SHIPMENT_FIELDS), at, _SHIPMENTS)


def _text(at: Here, text: str) -> Condition:
    """Return whether a text occurs in what people search parcels by: tracking, number, buyer."""
    wanted = select(orders.c.id).where(
        or_(
            *(
                contains(at, each, text)
                for each in (orders.c.number, orders.c.buyer_name, orders.c.ship_name)
            )
        )
    )
    return or_(contains(at, shipments.c.tracking_number, text), shipments.c.order_id.in_(wanted))


def _own(column: Any) -> Build:
    return lambda at, wanted: matches(at, column, wanted)


def _of_order(*columns: Any) -> Build:
    def build(at: Here, wanted: Match) -> Condition:
        like = or_(*(matches(at, column, wanted) for column in columns))
        return shipments.c.order_id.in_(select(orders.c.id).where(like))

    return build


def _from(parts: Select[Any]) -> Condition:
    return shipments.c.fulfilment_order_id.in_(parts)


def _location(at: Here, wanted: Match) -> Condition:
    places = select(locations.c.id).where(
        or_(matches(at, locations.c.code, wanted), matches(at, locations.c.name, wanted))
    )
    part = fulfilment_orders.c
    return _from(select(part.id).where(part.location_id.in_(places)))


def _sku(at: Here, wanted: Match) -> Condition:
    line = fulfilment_order_lines.c
    known = select(skus.c.id).where(matches(at, skus.c.code, wanted))
    return _from(select(line.fulfilment_order_id).where(line.sku_id.in_(known)))


def _shipped(at: Here, wanted: Between) -> Condition:
    return search_sql.moment_between(at, shipments.c.shipped_at, wanted)


def _confirmed(*states: str) -> Condition:
    """Return whether the message that tells the channel of a parcel stands like this."""
    message = outbox_messages.c
    told = select(message.shipment_id).where(
        message.kind == "ship_confirm", message.state.in_(states), message.shipment_id.is_not(None)
    )
    return shipments.c.id.in_(told)


LIVE: Final = shipments.c.voided_at.is_(None)
TOLD: Final = _confirmed("sent", "acked")
UNTOLD: Final = and_(LIVE, _confirmed("pending", "rejected", "in_doubt", "dead"))
_ARRIVED: Final = (
    select(tracking_events.c.id)
    .where(
        tracking_events.c.shipment_id == shipments.c.id,
        tracking_events.c.status == "delivered",
    )
    .correlate(shipments)
    .exists()
)
_SCANNED: Final = (
    select(tracking_events.c.id)
    .where(tracking_events.c.shipment_id == shipments.c.id)
    .correlate(shipments)
    .exists()
)
DELIVERED: Final = and_(LIVE, _ARRIVED)
TRANSIT: Final = and_(LIVE, ~_ARRIVED)


def late(at: Here, _wanted: Choice | None = None) -> Condition:
    """Return whether a parcel that its carrier reports on should have arrived by now, and has not.

    Of one without any scan nobody knows: it may have arrived long ago.
    """
    promised = select(orders.c.id).where(orders.c.deliver_by < at.now)
    return and_(LIVE, shipments.c.order_id.in_(promised), _SCANNED, ~_ARRIVED)


_STATES: Final[Mapping[str, Condition]] = {
    "told": TOLD,
    "untold": UNTOLD,
    "transit": TRANSIT,
    "delivered": DELIVERED,
    "voided": shipments.c.voided_at.is_not(None),
}

_SHIPMENTS: Final = Translation(
    _text,
    {
        "order": _of_order(orders.c.number, orders.c.external_id),
        "tracking": _own(shipments.c.tracking_number),
        "carrier": _own(shipments.c.carrier),
        "service": _own(shipments.c.service),
        "location": _location,
        "channel": _of_order(orders.c.channel),
        "sku": _sku,
        "shipped": _shipped,
        "is": search_sql.one_of(_STATES, {"late": late}),
    },
)
