"""What did people write on a card, and what else lies on it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.models.cases import case_notes
from app.models.sets import among
from app.queries.cases import CaseRow, cases_by_id

FEW = 12
_note = case_notes.c


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A sentence that somebody wrote on a card."""

    id: int
    text: str
    actor: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class CardMore:
    """What is read once a card is looked at: its first cases, and its notes, the newest first."""

    id: int
    cases: tuple[CaseRow, ...]
    notes: tuple[NoteRow, ...]


def card_more(db: Connection, *, card_id: int, case_ids: Sequence[int], now: datetime) -> CardMore:
    """Return what else there is to say about a card."""
    found = cases_by_id(db, list(case_ids)[:FEW], now=now)
    query = select(case_notes).where(among(_note.case_id, "cases")).order_by(_note.id.desc())
    notes: dict[tuple[str, datetime], NoteRow] = {}
    for row in db.execute(query, {"cases": list(case_ids)}):
        # It was written on the card, and so on each of its cases.
        notes.setdefault(
            (row.text, row.written_at), NoteRow(row.id, row.text, row.actor, row.written_at)
        )
    return CardMore(
        card_id, tuple(found[each] for each in case_ids if each in found), tuple(notes.values())
    )
