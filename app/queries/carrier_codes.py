"""Which codes of carriers have no meaning yet, and which were given one here?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.domain.tracking.codebook import exact, folded
from app.models.base import is_state
from app.models.fulfilment import tracking_events
from app.models.tracking import code_meanings


@dataclass(frozen=True, slots=True)
class UnmappedCode:
    """A code that nobody has given a meaning; ``words`` are an example of what stood beside it."""

    carrier: str
    code: str
    words: str
    parcels: int
    reports: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class OwnMeaning:
    """What a code was said to mean at this desk; one that ended has an ``ended_at``."""

    carrier: str
    code: str
    words: str
    status: str
    incident: str
    actor: str
    said_at: datetime
    ended_at: datetime | None


def unmapped_codes(db: Connection) -> list[UnmappedCode]:
    """Return what waits for a meaning, what most parcels wait for in front."""
    event = tracking_events.c
    query = (
        select(
            event.carrier, event.code, event.description, event.shipment_id,
            func.count().label("reports"), func.min(event.happened_at).label("first_at"),
            func.max(event.happened_at).label("last_at"),
        )
        .where(is_state(event.status, "unmapped"), event.withdrawn_at.is_(None))
        .group_by(event.carrier, event.code, event.description, event.shipment_id)
        .order_by(func.max(event.happened_at))
    )  # fmt: skip
    found: dict[tuple[str, str, str], UnmappedCode] = {}
    parcels: dict[tuple[str, str, str], set[int]] = {}
    for row in db.execute(query):
        key = (row.carrier, exact(row.code), "" if row.code.strip() else folded(row.description))
        parcels.setdefault(key, set()).add(row.shipment_id)
        before = found.get(key)
        found[key] = UnmappedCode(
            row.carrier, row.code, row.description, len(parcels[key]),
            row.reports + (before.reports if before else 0),
            min(row.first_at, before.first_at) if before else row.first_at, row.last_at,
        )  # fmt: skip
    return sorted(found.values(), key=lambda each: (-each.parcels, each.carrier, each.code))


def own_meanings(db: Connection) -> Sequence[OwnMeaning]:
    """Return every meaning that was ever given here, those that hold in front."""
    table = code_meanings.c
    query = select(code_meanings).order_by(
        table.ended_at.is_not(None), table.carrier, table.code, table.id.desc()
    )
    return [
        OwnMeaning(row.carrier, row.code, row.words, row.status, row.incident, row.actor,
                   row.said_at, row.ended_at)
        for row in db.execute(query)
    ]  # fmt: skip
