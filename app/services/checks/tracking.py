"""Does every parcel stand where its reports put it, and do the reports mean what the codes mean now?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from app.models.codebook import book, stored
from app.models.fulfilment import shipments, tracking_events
from app.models.sets import among
from app.models.tracking import parcel_states
from app.services.checks.check import MOST, Check, answer
from app.services.tracking.standing import standings

PART = 2_000
_STORED = select(parcel_states).where(among(parcel_states.c.shipment_id, "parcels"))


def states(db: Connection) -> Check:
    """Work every parcel's state out anew and hold it against the one that is written."""
    count = db.execute(select(func.count()).select_from(parcel_states)).scalar_one()
    faults: list[str] = []
    for part in _parts(db):
        faults += _unlike(db, part)
        if len(faults) >= MOST:
            break
    good = f"All {count:,} parcels that were reported on stand where their reports put them."
    return answer("parcels", good, faults)


def meanings(db: Connection) -> Check:
    """Hold what each report was read as against what its code means now."""
    reading, table = book(db), tracking_events.c
    query = select(
        table.carrier, table.code, table.description, table.status, table.incident
    ).distinct()
    faults = []
    for row in db.execute(query):
        means = reading.meaning(row.carrier, row.code, row.description)
        if (row.status, row.incident) != (means.status.value, stored(means.incident)):
            code = row.code or row.description
            faults.append(f"“{code}” of {row.carrier or 'nobody'} was read as {row.status}")
    return answer("carriers' codes", "Every report is read as its code is meant.", faults[:MOST])


def _parts(db: Connection) -> Iterator[Sequence[int]]:
    """Give the parcels that say something of their way, some at a time."""
    keys = list(
        db.execute(
            select(tracking_events.c.shipment_id).union(select(parcel_states.c.shipment_id))
        ).scalars()
    )
    keys.sort()
    for at in range(0, len(keys), PART):
        yield keys[at : at + PART]


def _unlike(db: Connection, part: Sequence[int]) -> list[str]:
    there = {
        row["shipment_id"]: dict(row) for row in db.execute(_STORED, {"parcels": part}).mappings()
    }
    worked_out = dict(standings(db, part, book(db)))
    wrong = [key for key in part if there.get(key) != worked_out.get(key)]
    numbers = _numbers(db, wrong)
    return [_said(numbers.get(key, str(key)), there.get(key), worked_out.get(key)) for key in wrong]


def _numbers(db: Connection, keys: Sequence[int]) -> Mapping[int, str]:
    query = select(shipments.c.id, shipments.c.tracking_number).where(
        among(shipments.c.id, "parcels")
    )
    return {row.id: row.tracking_number for row in db.execute(query, {"parcels": keys})}


def _said(
    number: str, there: Mapping[str, Any] | None, worked_out: Mapping[str, Any] | None
) -> str:
    if there is None:
        return f"parcel {number} was reported on and stands nowhere"
    if worked_out is None:
        return f"parcel {number} stands somewhere and was never reported on"
    names = ", ".join(name for name in there if there[name] != worked_out[name])
    return f"parcel {number} does not stand where its reports put it ({names.replace('_', ' ')})"
