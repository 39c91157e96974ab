"""What does the audit trail say was done? The rows that it speaks of are held against it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from app.models.governance import audit_entries


@dataclass(frozen=True, slots=True)
class Done:
    """One deed of the trail."""

    action: str
    subject: str
    after: Mapping[str, Any]


def deeds(db: Connection, *actions: str) -> Iterator[Done]:
    """Yield the deeds of these kinds, oldest first."""
    table = audit_entries.c
    query = select(table.action, table.subject, table.after).where(table.action.in_(actions))
    for row in db.execute(query.order_by(table.seq), execution_options={"yield_per": 2_000}):
        yield Done(row.action, row.subject, _read(row.after))


def version_in(subject: str) -> int:
    """Return the version that a deed is about ("rules:3"); 0 where the entry was garbled."""
    number = subject.partition(":")[2]
    return int(number) if number.isdecimal() else 0


def _read(text: str) -> Mapping[str, Any]:
    """Read what an entry says; one that was garbled says nothing, which the chain reports."""
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
