"""What belongs to each order of a page: its items, locations, cost of shipping, tracking numbers?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from app.domain.cases import Severity
from app.domain.papers import PaperKind
from app.models import house
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.fulfilment import (
    document_prints,
    fulfilment_orders,
    routing_decisions,
    routing_suggestions,
    shipments,
)
from app.models.inventory import locations
from app.models.orders import (
    holds,
    order_lines,
    order_notes,
    order_tags,
    orders,
    reservations,
    total_of_order,
)
from app.models.sets import among


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page shows beside the orders' own columns, by order id; ``costs`` in minor units.

    ``held_for`` says why orders are on hold and ``held_until`` when that ends by itself, ``alarms``
    which open cases of theirs are severe, ``weights`` grams where every item's is known.
    """

    items: dict[int, str]
    locations: dict[int, str]
    costs: dict[int, tuple[int, str]]
    tracking: dict[int, str]
    worth: dict[int, int]
    held_for: dict[int, str]
    alarms: dict[int, str]
    held_until: dict[int, datetime]
    tags: dict[int, tuple[str, ...]]
    carriers: dict[int, str]
    cases: dict[int, str]
    notes: dict[int, int]
    weights: dict[int, int]
    printed: dict[int, datetime]
    time_zone: str


def load(db: Connection, order_ids: Sequence[int]) -> Facts:
    """Return the facts of these orders, in a handful of statements however many they are."""
    return Facts(
        _items(db, order_ids),
        {**_suggested_locations(db, order_ids), **_decided_locations(db, order_ids)},
        {**_suggested_costs(db, order_ids), **_decided_costs(db, order_ids)},
        _tracking(db, order_ids),
        _worth(db, order_ids),
        _held_for(db, order_ids),
        _alarms(db, order_ids),
        _held_until(db, order_ids),
        tags_of(db, order_ids),
        _carriers(db, order_ids),
        _cases(db, order_ids),
        _notes(db, order_ids),
        _weights(db, order_ids),
        _printed(db, order_ids),
        house.time_zone(db),
    )


def _printed(db: Connection, order_ids: Sequence[int]) -> dict[int, datetime]:
    """Return when each order's packing slip was printed last."""
    table = document_prints.c
    query = (
        select(table.order_id, func.max(table.printed_at))
        .where(table.order_id.in_(order_ids), table.kind == PaperKind.SLIP.value)
        .group_by(table.order_id)
    )
    return dict(db.execute(query).all())


def _items(db: Connection, order_ids: Sequence[int]) -> dict[int, str]:
    code = func.coalesce(skus.c.code, func.nullif(order_lines.c.sku_text, ""), order_lines.c.title)
    query = (
        select(order_lines.c.order_id, order_lines.c.quantity, code)
        .outerjoin(skus, skus.c.id == order_lines.c.sku_id)
        .where(among(order_lines.c.order_id, "orders"), order_lines.c.quantity > 0)
        .order_by(order_lines.c.order_id, order_lines.c.position, order_lines.c.id)
    )
    rows = db.execute(query, {"orders": order_ids})
    return _joined((order_id, f"{quantity} × {code}") for order_id, quantity, code in rows)


def _decided_locations(db: Connection, order_ids: Sequence[int]) -> dict[int, str]:
    query = (
        select(fulfilment_orders.c.order_id, locations.c.name)
        .join(locations, locations.c.id == fulfilment_orders.c.location_id)
        .where(
            among(fulfilment_orders.c.order_id, "orders"), fulfilment_orders.c.state != "cancelled"
        )
        .order_by(fulfilment_orders.c.id)
    )
    return _joined(db.execute(query, {"orders": order_ids}))


def _suggested_locations(db: Connection, order_ids: Sequence[int]) -> dict[int, str]:
    query = (
        select(reservations.c.order_id, locations.c.name)
        .join(locations, locations.c.id == reservations.c.suggested_location_id)
        .where(among(reservations.c.order_id, "orders"), reservations.c.state == "held")
        .order_by(reservations.c.id)
    )
    return _joined(db.execute(query, {"orders": order_ids}))


def _suggested_costs(db: Connection, order_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    table = routing_suggestions.c
    query = select(table.order_id, table.cost, table.currency).where(
        among(table.order_id, "orders"), table.state == "open"
    )
    placed = _suggested_at_all(db, order_ids)
    return {
        order_id: (cost, currency)
        for order_id, cost, currency in db.execute(query, {"orders": order_ids})
        if order_id in placed
    }


def _suggested_at_all(db: Connection, order_ids: Sequence[int]) -> set[int]:
    """Return the orders whose suggestion has a parcel; one without any costs nothing, not 0."""
    table = reservations.c
    query = select(table.order_id).where(
        among(table.order_id, "orders"),
        table.state == "held",
        table.suggested_location_id.is_not(None),
    )
    return set(db.execute(query, {"orders": order_ids}).scalars())


def _decided_costs(db: Connection, order_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Add up the decisions in force: a part that was shipped first is a decision of its own."""
    decision = routing_decisions.c
    query = (
        select(decision.order_id, func.sum(decision.cost), func.max(routing_suggestions.c.currency))
        .outerjoin(routing_suggestions, routing_suggestions.c.id == decision.suggestion_id)
        .where(among(decision.order_id, "orders"), decision.withdrawn_at.is_(None))
        .group_by(decision.order_id)
    )
    return {
        order_id: (int(cost), currency or "USD")
        for order_id, cost, currency in db.execute(query, {"orders": order_ids})
    }


def _tracking(db: Connection, order_ids: Sequence[int]) -> dict[int, str]:
    query = (
        select(shipments.c.order_id, shipments.c.tracking_number)
        .where(among(shipments.c.order_id, "orders"), shipments.c.voided_at.is_(None))
        .order_by(shipments.c.id)
    )
    return _joined(db.execute(query, {"orders": order_ids}))


def _worth(db: Connection, order_ids: Sequence[int]) -> dict[int, int]:
    query = select(orders.c.id, total_of_order()).where(among(orders.c.id, "orders"))
    return {
        order_id: int(total)
        for order_id, total in db.execute(query, {"orders": order_ids})
        if total is not None
    }


def _held_for(db: Connection, order_ids: Sequence[int]) -> dict[int, str]:
    query = (
        select(holds.c.order_id, holds.c.reason)
        .where(among(holds.c.order_id, "orders"), holds.c.released_at.is_(None))
        .order_by(holds.c.id)
    )
    return _joined(
        ((order_id, reason) for order_id, reason in db.execute(query, {"orders": order_ids})), " "
    )


def _held_until(db: Connection, order_ids: Sequence[int]) -> dict[int, datetime]:
    """Return when the last hold of each order lifts itself; not if one of them never does."""
    query = select(holds.c.order_id, holds.c.until).where(
        among(holds.c.order_id, "orders"), holds.c.released_at.is_(None)
    )
    found: dict[int, list[datetime | None]] = {}
    for order_id, until in db.execute(query, {"orders": order_ids}):
        found.setdefault(order_id, []).append(until)
    return {
        order_id: max(ends)
        for order_id, moments in found.items()
        if len(ends := [each for each in moments if each is not None]) == len(moments)
    }


def tags_of(db: Connection, order_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags of each order, by name."""
    query = (
        select(order_tags.c.order_id, order_tags.c.tag)
        .where(among(order_tags.c.order_id, "orders"))
        .order_by(order_tags.c.order_id, order_tags.c.tag)
    )
    found: dict[int, list[str]] = {}
    for order_id, tag in db.execute(query, {"orders": order_ids}):
        found.setdefault(order_id, []).append(tag)
    return {order_id: tuple(tags) for order_id, tags in found.items()}


def _carriers(db: Connection, order_ids: Sequence[int]) -> dict[int, str]:
    query = (
        select(shipments.c.order_id, shipments.c.carrier)
        .where(among(shipments.c.order_id, "orders"), shipments.c.voided_at.is_(None))
        .order_by(shipments.c.id)
    )
    return _joined(db.execute(query, {"orders": order_ids}))


def _cases(db: Connection, order_ids: Sequence[int]) -> dict[int, str]:
    table = exception_cases.c
    query = (
        select(table.order_id, table.title)
        .where(among(table.order_id, "orders"), table.state == "open")
        .order_by(table.id)
    )
    return _joined(db.execute(query, {"orders": order_ids}), "; ")


def _notes(db: Connection, order_ids: Sequence[int]) -> dict[int, int]:
    table = order_notes.c
    query = (
        select(table.order_id, func.count())
        .where(among(table.order_id, "orders"))
        .group_by(table.order_id)
    )
    return dict(db.execute(query, {"orders": order_ids}).all())


def _weights(db: Connection, order_ids: Sequence[int]) -> dict[int, int]:
    """Add up grams; an order with an item whose weight is not known has none."""
    known = func.count(case((skus.c.weight_g > 0, 1)))
    query = (
        select(order_lines.c.order_id, func.sum(order_lines.c.quantity * skus.c.weight_g))
        .outerjoin(skus, skus.c.id == order_lines.c.sku_id)
        .where(among(order_lines.c.order_id, "orders"), order_lines.c.quantity > 0)
        .group_by(order_lines.c.order_id)
        .having(known == func.count())
    )
    return {order_id: int(grams) for order_id, grams in db.execute(query, {"orders": order_ids})}


def _alarms(db: Connection, order_ids: Sequence[int]) -> dict[int, str]:
    table = exception_cases.c
    query = (
        select(table.order_id, table.title)
        .where(
            among(table.order_id, "orders"),
            table.state == "open",
            table.severity == Severity.HIGH,
        )
        .order_by(table.id)
    )
    return _joined(
        ((order_id, title) for order_id, title in db.execute(query, {"orders": order_ids})), "; "
    )


def _joined(pairs: Iterable[tuple[int, str]], between: str = ", ") -> dict[int, str]:
    """Join each order's texts, each once, in the order in which they come."""
    found: dict[int, dict[str, None]] = {}
    for order_id, text in pairs:
        found.setdefault(order_id, {})[text] = None
    return {order_id: between.join(texts) for order_id, texts in found.items()}
