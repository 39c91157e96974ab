"""What belongs to each order of a page: its items, locations, cost of shipping, tracking numbers?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, select

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
    reservations,
)
from app.models.sets import among


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page shows beside the orders' own columns, by order id; ``costs`` in minor units.

    ``held_for`` says why orders are on hold and ``held_until`` when that ends by itself, ``alarms``
    which open cases of theirs are severe, ``weights`` grams where every item's is known.
    """

    items: Mapping[int, str]
    weights: Mapping[int, int]
    locations: Mapping[int, str]
    costs: Mapping[int, tuple[int, str]]
    tracking: Mapping[int, str]
    carriers: Mapping[int, str]
    held_for: Mapping[int, str]
    held_until: Mapping[int, datetime]
    alarms: Mapping[int, str]
    cases: Mapping[int, str]
    tags: Mapping[int, tuple[str, ...]]
    notes: Mapping[int, int]
    printed: Mapping[int, datetime]
    time_zone: str


def load(db: Connection, order_ids: Sequence[int]) -> Facts:
    """Return the facts of these orders, in a handful of statements however many they are.

    Each table is asked once, and by a statement that is made once: while the window waits for a page,
    every row that is fetched is a moment in which its thread may have to be waited for.
    """
    asked = partial(_asked, db, order_ids)
    lines, parcels, holding, cases = map(asked, (_LINES, _PARCELS, _HOLDS, _CASES))
    suggested = _joined(asked(_SUGGESTED_LOCATIONS))
    return Facts(
        items=_joined((row.order_id, f"{row.quantity} × {row.code}") for row in lines),
        weights=_weights(lines),
        locations={**suggested, **_joined(asked(_DECIDED_LOCATIONS))},
        costs={**_suggested_costs(asked(_SUGGESTED_COSTS), suggested),
               **_decided_costs(asked(_DECIDED_COSTS))},
        tracking=_joined((row.order_id, row.tracking_number) for row in parcels),
        carriers=_joined((row.order_id, row.carrier) for row in parcels),
        held_for=_joined(((row.order_id, row.reason) for row in holding), " "),
        held_until=_held_until(holding),
        alarms=_joined(
            ((row.order_id, row.title) for row in cases if row.severity == Severity.HIGH), "; "
        ),
        cases=_joined(((row.order_id, row.title) for row in cases), "; "),
        tags=tags_of(db, order_ids),
        notes=dict(asked(_NOTES)),
        printed=dict(asked(_PRINTED)),
        time_zone=house.time_zone(db),
    )  # fmt: skip


def _asked(db: Connection, order_ids: Sequence[int], query: Select[Any]) -> Sequence[Any]:
    return db.execute(query, {"orders": order_ids}).all()


def _of(order_id: ColumnElement[int]) -> ColumnElement[bool]:
    return among(order_id, "orders")


_LINES: Final = (
    select(
        order_lines.c.order_id,
        order_lines.c.quantity,
        order_lines.c.pack,
        func.coalesce(
            skus.c.code, func.nullif(order_lines.c.sku_text, ""), order_lines.c.title
        ).label("code"),
        skus.c.weight_g,
    )
    .outerjoin(skus, skus.c.id == order_lines.c.sku_id)
    .where(_of(order_lines.c.order_id), order_lines.c.quantity > 0)
    .order_by(order_lines.c.order_id, order_lines.c.position, order_lines.c.id)
)
_DECIDED_LOCATIONS: Final = (
    select(fulfilment_orders.c.order_id, locations.c.name)
    .join(locations, locations.c.id == fulfilment_orders.c.location_id)
    .where(_of(fulfilment_orders.c.order_id), fulfilment_orders.c.state != "cancelled")
    .order_by(fulfilment_orders.c.id)
)
_SUGGESTED_LOCATIONS: Final = (
    select(reservations.c.order_id, locations.c.name)
    .join(locations, locations.c.id == reservations.c.suggested_location_id)
    .where(_of(reservations.c.order_id), reservations.c.state == "held")
    .order_by(reservations.c.id)
)
_SUGGESTED_COSTS: Final = select(
    routing_suggestions.c.order_id, routing_suggestions.c.cost, routing_suggestions.c.currency
).where(_of(routing_suggestions.c.order_id), routing_suggestions.c.state == "open")
# The decisions in force are added up: a part that was shipped first is a decision of its own.
_DECIDED_COSTS: Final = (
    select(
        routing_decisions.c.order_id,
        func.sum(routing_decisions.c.cost),
        func.max(routing_suggestions.c.currency),
    )
    .outerjoin(routing_suggestions, routing_suggestions.c.id == routing_decisions.c.suggestion_id)
    .where(_of(routing_decisions.c.order_id), routing_decisions.c.withdrawn_at.is_(None))
    .group_by(routing_decisions.c.order_id)
)
_PARCELS: Final = (
    select(shipments.c.order_id, shipments.c.tracking_number, shipments.c.carrier)
    .where(_of(shipments.c.order_id), shipments.c.voided_at.is_(None))
    .order_by(shipments.c.id)
)
_HOLDS: Final = (
    select(holds.c.order_id, holds.c.reason, holds.c.until)
    .where(_of(holds.c.order_id), holds.c.released_at.is_(None))
    .order_by(holds.c.id)
)
_CASES: Final = (
    select(exception_cases.c.order_id, exception_cases.c.title, exception_cases.c.severity)
    .where(_of(exception_cases.c.order_id), exception_cases.c.state == "open")
    .order_by(exception_cases.c.id)
)
_TAGS: Final = (
    select(order_tags.c.order_id, order_tags.c.tag)
    .where(_of(order_tags.c.order_id))
    .order_by(order_tags.c.order_id, order_tags.c.tag)
)
_NOTES: Final = (
    select(order_notes.c.order_id, func.count())
    .where(_of(order_notes.c.order_id))
    .group_by(order_notes.c.order_id)
)
_PRINTED: Final = (
    select(document_prints.c.order_id, func.max(document_prints.c.printed_at))
    .where(_of(document_prints.c.order_id), document_prints.c.kind == PaperKind.SLIP.value)
    .group_by(document_prints.c.order_id)
)


def tags_of(db: Connection, order_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags of each order, by name."""
    found: dict[int, list[str]] = {}
    for order_id, tag in _asked(db, order_ids, _TAGS):
        found.setdefault(order_id, []).append(tag)
    return {order_id: tuple(tags) for order_id, tags in found.items()}


def _weights(lines: Sequence[Any]) -> dict[int, int]:
    """Add up grams; an order with an item whose weight is not known has none."""
    found: dict[int, int] = {}
    unknown = {row.order_id for row in lines if not row.weight_g}
    for row in lines:
        if row.order_id not in unknown:
            found[row.order_id] = (
                found.get(row.order_id, 0) + row.quantity * row.pack * row.weight_g
            )
    return found


def _suggested_costs(rows: Sequence[Any], placed: Mapping[int, str]) -> dict[int, tuple[int, str]]:
    """Return what suggestions cost; one without any parcel costs nothing, which is not 0."""
    return {order_id: (cost, currency) for order_id, cost, currency in rows if order_id in placed}


def _decided_costs(rows: Sequence[Any]) -> dict[int, tuple[int, str]]:
    return {order_id: (int(cost), currency or "USD") for order_id, cost, currency in rows}


def _held_until(holding: Sequence[Any]) -> dict[int, datetime]:
    """Return when the last hold of each order lifts itself; not if one of them never does."""
    found: dict[int, list[datetime | None]] = {}
    for row in holding:
        found.setdefault(row.order_id, []).append(row.until)
    return {
        order_id: max(ends)
        for order_id, moments in found.items()
        if len(ends := [each for each in moments if each is not None]) == len(moments)
    }


def _joined(pairs: Iterable[tuple[int, str]], between: str = ", ") -> dict[int, str]:
    """Join each order's texts, each once, in the order in which they come."""
    found: dict[int, dict[str, None]] = {}
    for order_id, text in pairs:
        found.setdefault(order_id, {})[text] = None
    return {order_id: between.join(texts) for order_id, texts in found.items()}
