"""Which orders does a search mean?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from app.domain.search import And, Node, Or, Text, parse
from app.domain.search_fields import ORDER_FIELDS
from app.domain.search_values import Between, Choice, Match
from app.models.cases import exception_cases
from app.models.exchange import import_files, inbox_messages
from app.models.fulfilment import fulfilment_orders, routing_decisions, shipments
from app.models.inventory import locations
from app.models.orders import (
    holds,
    order_lines,
    order_notes,
    order_tags,
    orders,
    reservations,
    sales_channels,
    total_of_order,
)
from app.queries import order_index, search_sql
from app.queries.order_siblings import duplicate, mergeable
from app.queries.order_states import ALIVE, BELONGINGS, STATES, in_any, late
from app.queries.search_sql import Build, Condition, Here, Translation, matches


def order_condition(
    db: Connection, query: str, now: datetime, *, newest: int = 0
) -> ColumnElement[bool]:
    """Return the condition on ``orders`` that a query means.

    ``newest`` says how many are wanted, the newest first; 0 if all are, or in another order.

    Raises:
        SearchError: the query cannot be read.
    """
    at = replace(search_sql.here(db, now), index=order_index.index_of(db, newest=newest))
    node = parse(query, ORDER_FIELDS)
    found = search_sql.condition(node, at, _ORDERS)
    # Said once more where every alternative says it: only then may the index of the queue answer.
    return and_(ALIVE, found) if _asks_for_work(node) else found


def counted_by_words(db: Connection, query: str) -> int | None:
    """Return how many orders hold a text, where that is all a query asks and the index can say it."""
    node = parse(query, ORDER_FIELDS)
    if not isinstance(node, Text):
        return None
    return order_index.count(db, order_index.index_of(db), node.value)


def _asks_for_work(node: Node) -> bool:
    """Return whether only orders with something still to do can be meant."""
    if isinstance(node, And):
        return any(map(_asks_for_work, node.nodes))
    if isinstance(node, Or):
        return all(map(_asks_for_work, node.nodes))
    return isinstance(node, Choice) and node.field in ("is", "status") and node.value in _WORK


_WORK: Final = ("active", "ready", "held", "late", "short", "nolocation", "toship")


def _text(at: Here, text: str) -> Condition:
    """Return whether a text occurs in what people search by: number, buyer, place, SKU, tracking."""
    return order_index.contains(at.index, text)


def _kept(kind: str) -> Build:
    """Ask what is kept for searching."""

    def build(at: Here, wanted: Match) -> Condition:
        return order_index.matches(at.index, kind, wanted)

    return build


def _tracking(at: Here, wanted: Match) -> Condition:
    if any(wanted.parts):
        return order_index.matches(at.index, "tracking", wanted)
    return in_any(select(shipments.c.order_id).where(shipments.c.voided_at.is_(None)))


def _channel(at: Here, wanted: Match) -> Condition:
    named = select(sales_channels.c.code).where(matches(at, sales_channels.c.name, wanted))
    return or_(matches(at, orders.c.channel, wanted), orders.c.channel.in_(named))


def _location(at: Here, wanted: Match) -> Condition:
    """Return whether an order ships from a location, or is suggested to."""
    places = select(locations.c.id).where(
        or_(matches(at, locations.c.code, wanted), matches(at, locations.c.name, wanted))
    )
    return in_any(
        select(fulfilment_orders.c.order_id).where(
            fulfilment_orders.c.location_id.in_(places), fulfilment_orders.c.state != "cancelled"
        ),
        select(reservations.c.order_id).where(
            reservations.c.suggested_location_id.in_(places), reservations.c.state == "held"
        ),
    )


def _parcel(column: Any) -> Build:
    def build(at: Here, wanted: Match) -> Condition:
        return in_any(
            select(shipments.c.order_id).where(
                shipments.c.voided_at.is_(None), matches(at, column, wanted)
            )
        )

    return build


def _hold(_at: Here, wanted: Choice) -> Condition:
    return in_any(
        select(holds.c.order_id).where(
            holds.c.released_at.is_(None), holds.c.code == wanted.value.upper()
        )
    )


def _case(_at: Here, wanted: Choice) -> Condition:
    table = exception_cases.c
    return in_any(
        select(table.order_id).where(
            table.state == "open", table.kind == wanted.value, table.order_id.is_not(None)
        )
    )


def _note(at: Here, wanted: Match) -> Condition:
    written = select(order_notes.c.order_id).where(matches(at, order_notes.c.text, wanted))
    return or_(matches(at, orders.c.note, wanted), in_any(written))


def _import(at: Here, wanted: Match) -> Condition:
    """Return whether an import brought the order or said something new of it."""
    files = select(import_files.c.id).where(matches(at, import_files.c.name, wanted))
    number = "".join(wanted.parts)
    message = inbox_messages.c
    came: Condition = message.import_file_id.in_(files)
    if wanted.is_whole and number.isdecimal() and number.isascii() and len(number) < 12:
        came = message.import_file_id == int(number)
    return in_any(
        select(orders.c.id)
        .join(
            inbox_messages,
            (message.account_id == orders.c.account_id)
            & (message.external_id == orders.c.external_id),
        )
        .where(came, message.outcome != "unchanged")
    )


def _tag(at: Here, wanted: Match) -> Condition:
    return in_any(select(order_tags.c.order_id).where(matches(at, order_tags.c.tag, wanted)))


def _why(at: Here, wanted: Match) -> Condition:
    """Return whether a reason that still counts says something: of an open hold, of a decision."""
    return in_any(
        select(holds.c.order_id).where(
            holds.c.released_at.is_(None), matches(at, holds.c.reason, wanted)
        ),
        select(routing_decisions.c.order_id).where(
            routing_decisions.c.withdrawn_at.is_(None),
            matches(at, routing_decisions.c.reason, wanted),
        ),
    )


def _title(at: Here, wanted: Match) -> Condition:
    return in_any(select(order_lines.c.order_id).where(matches(at, order_lines.c.title, wanted)))


def _own(*columns: Any) -> Build:
    def build(at: Here, wanted: Match) -> Condition:
        return or_(*(matches(at, column, wanted) for column in columns))

    return build


def _placed(at: Here, wanted: Between) -> Condition:
    return search_sql.moment_between(at, orders.c.placed_at, wanted)


def _ship_by(at: Here, wanted: Between) -> Condition:
    return search_sql.moment_between(at, orders.c.ship_by, wanted)


def _age(at: Here, wanted: Between) -> Condition:
    return search_sql.age_between(at, orders.c.placed_at, wanted)


def _units(_at: Here, wanted: Between) -> Condition:
    return search_sql.units_between(orders.c.units, wanted)


def _total(_at: Here, wanted: Between) -> Condition:
    return search_sql.money_between(total_of_order(), orders.c.currency, wanted)


_state = search_sql.one_of(STATES, {"late": late, "mergeable": mergeable, "duplicate": duplicate})
_ORDERS: Final = Translation(
    _text,
    {
        "channel": _channel,
        "is": _state,
        "status": _state,
        "sku": _kept("skus"),
        "qty": _units,
        "total": _total,
        "shipby": _ship_by,
        "placed": _placed,
        "age": _age,
        "location": _location,
        "order": _kept("numbers"),
        "buyer": _kept("people"),
        "email": _kept("email"),
        "city": _kept("city"),
        "state": _own(orders.c.ship_state),
        "zip": _kept("postcode"),
        "country": _own(orders.c.ship_country),
        "title": _title,
        "service": _own(orders.c.service),
        "tracking": _tracking,
        "carrier": _parcel(shipments.c.carrier),
        "hold": _hold,
        "case": _case,
        "import": _import,
        "note": _note,
        "tag": _tag,
        "assigned": _own(orders.c.assigned_to),
        "has": search_sql.one_of(BELONGINGS),
        "why": _why,
    },
)
