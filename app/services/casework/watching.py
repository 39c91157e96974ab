"""Hold what is true now against the open cases: open what is new, refresh, close what is over.

What is true is read while others may write; the difference is written in one short unit, and none is no
write at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from app.domain.cases import CaseDraft
from app.domain.changes import Changes, Touched, counted
from app.domain.roles import Actor, Permission
from app.models.base import is_state
from app.models.cases import exception_cases
from app.models.exception_matrix import matrix_in_force
from app.models.sets import among
from app.services.cases import Key, differs, key_of, open_cases
from app.services.casework.climbing import climb, late_cases
from app.services.casework.customers import note_customers, who_asks
from app.services.casework.detectors import DETECTORS, Detector

_case = exception_cases.c


@dataclass(frozen=True, slots=True)
class Difference:
    """What the open cases do not say yet; ``over`` is by case what it ends with.

    ``late`` are those that nobody decided in time, ``customers`` says by case how many orders its customer
    gave.
    """

    drafts: tuple[CaseDraft, ...] = ()
    over: Mapping[int, str] = field(default_factory=dict)
    late: tuple[int, ...] = ()
    customers: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether the open cases say what is true."""
        return not (self.drafts or self.over or self.late or self.customers)


def look(db: Connection, *, now: datetime, detectors: Sequence[Detector] = DETECTORS) -> Difference:
    """Ask every detector, and return what has to be written."""
    drafts: list[CaseDraft] = []
    over: dict[int, str] = {}
    open_now, matrix = _open(db, detectors), matrix_in_force(db)
    for detector in detectors:
        found: dict[Key, CaseDraft] = {_key(each): each for each in detector.find(db, now)}
        for key, row in open_now.items():
            if row.kind in detector.kinds and key not in found:
                over[row.id] = detector.over
        drafts += [each for key, each in found.items()
                   if key not in open_now or differs(open_now[key], each, matrix)]  # fmt: skip
    return Difference(tuple(drafts), over, tuple(late_cases(db, now=now)), who_asks(db))


def keep(db: Connection, actor: Actor, found: Difference, *, now: datetime) -> Changes:
    """Write the difference; what somebody else has closed meanwhile is left as it is."""
    actor.must(Permission.WORK)
    open_cases(db, found.drafts, now=now)
    for words in sorted(set(found.over.values())):
        ids = [case_id for case_id, said in found.over.items() if said == words]
        db.execute(_OVER, {"cases": ids, "how": words, "now": now})
    climb(db, found.late, now=now)
    note_customers(db, found.customers)
    label = f"Keep {counted(len(found.drafts), 'case')}" if found.drafts else "Close what is over"
    touched = Touched.CASES | (
        Touched.ORDERS | Touched.QUANTITIES if found.late else Touched.NOTHING
    )
    return Changes(label, touched, tuple(found.over))


_OVER: Final = (
    exception_cases.update()
    .where(is_state(_case.state, "open"), among(_case.id, "cases"))
    .values(state="resolved", resolved_at=bindparam("now"), resolution=bindparam("how"))
)


def _open(db: Connection, detectors: Sequence[Detector]) -> dict[Key, Any]:
    """Return the open cases of the detectors' kinds."""
    kinds = sorted({kind.value for detector in detectors for kind in detector.kinds})
    query = select(exception_cases).where(is_state(_case.state, "open"), among(_case.kind, "kinds"))
    return {key_of(row): row for row in db.execute(query, {"kinds": kinds})}


def _key(draft: CaseDraft) -> Key:
    return (draft.kind.value, draft.subject_kind, draft.subject_id)
