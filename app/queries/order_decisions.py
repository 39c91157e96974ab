"""What was suggested for an order, and what did a person make of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, select

from app.domain.explaining import Explanation, Names, Wording, difference, explain
from app.models.catalogue import skus
from app.models.fulfilment import fulfilment_orders, routing_decisions, routing_suggestions
from app.models.inventory import locations


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """The decision in force: ``extra`` is what it costs more than suggested, minor units."""

    kind: str
    actor: str
    reason: str
    cost: int
    suggested_cost: int
    extra: int
    currency: str
    decided_at: datetime
    sentence: str


def suggestion(db: Connection, order_id: int, wording: Wording) -> Explanation | None:
    """Return the open suggestion in words, or else the one that was decided on."""
    table = routing_suggestions.c
    rank = case((table.state == "open", 0), else_=1)
    row = db.execute(
        select(table.currency, table.explanation)
        .where(table.order_id == order_id, table.state.in_(("open", "accepted", "overridden")))
        .order_by(rank, table.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return explain(row.explanation, row.currency, names_for(db, row.explanation), wording)


def decision(db: Connection, order_id: int, wording: Wording) -> DecisionRow | None:
    """Return the newest decision that is in force, with its difference in money."""
    table = routing_decisions.c
    row = db.execute(
        select(routing_decisions, routing_suggestions.c.currency)
        .outerjoin(routing_suggestions, routing_suggestions.c.id == table.suggestion_id)
        .where(table.order_id == order_id, table.withdrawn_at.is_(None))
        .order_by(table.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    currency = row.currency or "USD"
    return DecisionRow(
        row.kind,
        row.actor,
        row.reason,
        row.cost,
        row.suggested_cost,
        row.cost - row.suggested_cost,
        currency,
        row.decided_at,
        decision_words(row, places_of(db, order_id, row.id), currency, wording),
    )


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """A choice by hand: what was suggested, what was chosen instead, by whom, when and why.

    ``extra`` is what it costs more than suggested, minor units of ``currency``.
    """

    actor: str
    decided_at: datetime
    suggested: str
    chosen: str
    reason: str
    extra: int
    currency: str
    is_withdrawn: bool


def overrides(db: Connection, order_id: int) -> tuple[OverrideRow, ...]:
    """Return every choice by hand, also those that were taken back, the newest first."""
    table = routing_decisions.c
    query = (
        select(routing_decisions, routing_suggestions.c.currency, routing_suggestions.c.explanation)
        .outerjoin(routing_suggestions, routing_suggestions.c.id == table.suggestion_id)
        .where(table.order_id == order_id, table.kind == "overridden")
        .order_by(table.id.desc())
    )
    return tuple(
        OverrideRow(
            row.actor, row.decided_at, _suggested_places(db, row.explanation),
            places_of(db, order_id, row.id), row.reason, row.cost - row.suggested_cost,
            row.currency or "USD", row.withdrawn_at is not None,
        )
        for row in db.execute(query).all()
    )  # fmt: skip


def _suggested_places(db: Connection, explanation: Mapping[str, Any] | None) -> str:
    if not explanation or not explanation["parcels"]:
        return ""
    named = names_for(db, explanation).locations
    places = [named.get(parcel["location"], "") for parcel in explanation["parcels"]]
    return " and ".join(dict.fromkeys(each for each in places if each))


def places_of(db: Connection, order_id: int, decision_id: int) -> str:
    """Return the names of the locations that a decision named, also of one that was taken back."""
    part = fulfilment_orders.c
    query = (
        select(locations.c.name)
        .join(fulfilment_orders, part.location_id == locations.c.id)
        .where(part.order_id == order_id, part.decision_id == decision_id)
        .order_by(part.id)
    )
    return " and ".join(dict.fromkeys(db.execute(query).scalars()))


def decision_words(row: Any, places: str, currency: str, wording: Wording) -> str:
    """Say who decided on which locations, why, and what it costs against the suggestion."""
    cost = wording.money(row.cost, currency)
    if row.kind == "accepted":
        return f"{row.actor} accepted the suggestion: {places} for {cost}."
    said = f"{row.actor} chose {places} for {cost}: {row.reason}"
    said = said if said.endswith((".", "!", "?", "…")) else f"{said}."
    if row.suggestion_id is None:
        return said
    return f"{said} {difference(row.cost, row.suggested_cost, currency, wording)}"


def names_for(db: Connection, explanation: Mapping[str, Any]) -> Names:
    """Return what the ids in a stored explanation are called."""
    judged = [*explanation["parcels"], *explanation["candidates"]]
    places = {each["location"] for each in judged}
    items = {sku for parcel in explanation["parcels"] for _line, sku, _n in parcel["units"]}
    items |= {each["missing"][0] for each in explanation["candidates"] if each.get("missing")}
    named = select(locations.c.id, locations.c.name).where(locations.c.id.in_(places))
    coded = select(skus.c.id, skus.c.code).where(skus.c.id.in_(items))
    return Names(
        dict(db.execute(named).all()),
        dict(db.execute(coded).all()),
    )
