"""Which rows of a desk are the demo's? Those that came while it was filled in, table by table.

Ids only grow, so two marks for each table say it: the highest id before the demo, and the highest
that it wrote itself. Both are kept as a setting, beside what the demo put in the place of something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, func, select

from app.models import house
from app.models.inventory import locations
from app.models.schema import metadata
from app.services.places import FIELDS


@dataclass(frozen=True, slots=True)
class Marks:
    """How far each table went ``before`` the demo and ``after`` it.

    ``places`` are locations as they were before, by id; ``said`` are the settings that the demo made.
    """

    before: Mapping[str, int]
    after: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)


def begin(db: Connection, said: Mapping[str, str]) -> None:
    """Remember how the desk is, and let the demo say who sells here, unless somebody has (``said``)."""
    new = {} if any(house.named(db, *said).values()) else dict(said)
    house.write(db, new)
    ids = _highest(db)
    rows = db.execute(select(locations)).mappings().all()
    places = {str(row["id"]): {name: row[name] for name in FIELDS} for row in rows}
    _keep(db, Marks(ids, ids, places, new))


def go_on(db: Connection) -> None:
    """Remember, in the write unit that fills something in, that it is the demo's."""
    known = read(db)
    if known is not None:
        _keep(db, Marks(known.before, _highest(db), known.places, known.said))


def read(db: Connection) -> Marks | None:
    """Return what is the demo's, or nothing in a desk without one."""
    kept = house.named(db, house.DEMO).get(house.DEMO)
    return Marks(**kept) if isinstance(kept, dict) else None


def counted_tables() -> list[Table]:
    """Return the tables whose rows have ids, which grow."""
    return [table for table in metadata.sorted_tables if "id" in table.columns]


def _highest(db: Connection) -> dict[str, int]:
    tables = counted_tables()
    tops = [select(func.coalesce(func.max(t.c.id), 0)).scalar_subquery() for t in tables]
    row = db.execute(select(*tops)).one()
    return {table.name: int(row[at]) for at, table in enumerate(tables)}


def _keep(db: Connection, marks: Marks) -> None:
    value = {"before": dict(marks.before), "after": dict(marks.after),
             "places": {key: dict(row) for key, row in marks.places.items()},
             "said": dict(marks.said)}  # fmt: skip
    house.write(db, {house.DEMO: value})
