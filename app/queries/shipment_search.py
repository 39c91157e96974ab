"""Which parcels does a search mean?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, true

from app.domain.parcels import AT_REST, ParcelState, statuses_of
from app.domain.search import parse
from app.domain.search_fields import SHIPMENT_FIELDS
from app.domain.search_values import Between, Choice, Match
from app.models.base import is_state
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
from app.models.tracking import parcel_states
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
# When somebody last saw it; until then, when it left us.
LAST_SIGN: Final = func.coalesce(parcel_states.c.last_scan_at, shipments.c.shipped_at)


def _standing(condition: Condition) -> Condition:
    """Return whether what is known of a parcel fulfils a condition."""
    return shipments.c.id.in_(select(parcel_states.c.shipment_id).where(condition))


def _is(*states: ParcelState) -> Condition:
    return LIVE & _standing(is_state(parcel_states.c.status, *statuses_of(*states)))


def _with_reports(condition: Condition) -> Condition:
    return shipments.c.id.in_(select(tracking_events.c.shipment_id).where(condition))


DELIVERED: Final = _is(ParcelState.DELIVERED)
TRANSIT: Final = and_(LIVE, ~_is(*AT_REST))
UNSCANNED: Final = and_(
    LIVE, ~_standing(parcel_states.c.accepted_at.is_not(None)), ~_is(ParcelState.CANCELLED)
)
TROUBLE: Final = _is(ParcelState.DELAYED, ParcelState.HELD, ParcelState.ATTEMPTED, ParcelState.LOST)
_REPORTED: Final = _standing(true())


def late(at: Here, _wanted: Choice | None = None) -> Condition:
    """Return whether a parcel that its carrier reports on should have arrived by now, and has not.

    Of one without any report nobody knows: it may have arrived long ago.
    """
    promised = select(orders.c.id).where(orders.c.deliver_by < at.now)
    return and_(TRANSIT, shipments.c.order_id.in_(promised), _REPORTED)


def _quiet(at: Here, wanted: Between) -> Condition:
    """Return whether nobody has seen a parcel for so long."""
    found = select(shipments.c.id).outerjoin(
        parcel_states, parcel_states.c.shipment_id == shipments.c.id
    )
    return shipments.c.id.in_(found.where(search_sql.age_between(at, LAST_SIGN, wanted)))


def _promised(at: Here, wanted: Between) -> Condition:
    due = select(orders.c.id).where(search_sql.moment_between(at, orders.c.deliver_by, wanted))
    return shipments.c.order_id.in_(due)


def _because(_at: Here, wanted: Choice) -> Condition:
    return _standing(parcel_states.c.incident == wanted.value)


_STATES: Final[Mapping[str, Condition]] = {
    "told": TOLD,
    "untold": UNTOLD,
    "transit": TRANSIT,
    "unscanned": UNSCANNED,
    "unnumbered": and_(LIVE, shipments.c.tracking_number == ""),
    "moving": _is(ParcelState.MOVING),
    "out": _is(ParcelState.OUT),
    "pickup": _is(ParcelState.PICK_UP),
    "trouble": TROUBLE,
    "back": _is(ParcelState.COMING_BACK, ParcelState.RETURNED),
    "lost": _is(ParcelState.LOST),
    "delivered": DELIVERED,
    "unmapped": _with_reports(
        is_state(tracking_events.c.status, "unmapped") & tracking_events.c.withdrawn_at.is_(None)
    ),
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
        "arrive": _promised,
        "quiet": _quiet,
        "why": _because,
        "is": search_sql.one_of(_STATES, {"late": late}),
    },
)
