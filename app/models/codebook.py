"""What do carriers' codes mean? The table that ships with the program, under what the owner has said."""

from __future__ import annotations

import csv
from functools import lru_cache

from sqlalchemy import Connection, select

from app import config
from app.domain.tracking.codebook import CodeBook, desk_codes, read_book
from app.domain.tracking.statuses import Incident, Meaning, TrackingStatus
from app.models.tracking import code_meanings


@lru_cache(maxsize=1)
def shipped_book() -> CodeBook:
    """Return the meanings that the program knows by itself."""
    with config.resource("carriers.tsv").open(encoding="utf-8", newline="") as file:
        read = read_book(csv.DictReader(file, delimiter="\t"))
    return CodeBook({**read.codes, **desk_codes()}, read.phrases)


def book(db: Connection) -> CodeBook:
    """Return the meanings that hold at this desk."""
    current = select(code_meanings).where(code_meanings.c.ended_at.is_(None))
    own = {
        (row.carrier, row.code, row.words): meaning_of(row.status, row.incident)
        for row in db.execute(current)
    }
    return shipped_book().with_own(own) if own else shipped_book()


def meaning_of(status: str, incident: str) -> Meaning:
    """Return a meaning from the words that it is stored by."""
    return Meaning(TrackingStatus(status), Incident[incident.upper()] if incident else None)


def stored(incident: Incident | None) -> str:
    """Return the word that a reason is stored by."""
    return incident.name.lower() if incident else ""
