"""What happens to a case that nobody decided in time? It climbs its ladder, and the desk does what is safe.

Each step is taken once, at its hour after the deadline. What the desk does by itself, it does at the
deadline, under its own name and with a reason; all of it can be taken back by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.cases import CaseKind
from app.domain.casework.matrix import Default, Row, Step
from app.domain.roles import SYSTEM
from app.errors import DeskError
from app.models.base import is_state
from app.models.cases import exception_cases
from app.models.exception_matrix import Matrix, matrix_in_force
from app.services import audit, holding
from app.services.cases import ASIDE
from app.services.promising import publishing

_case = exception_cases.c


def late_cases(db: Connection, *, now: datetime) -> list[int]:
    """Return the open cases that have to climb now."""
    matrix = matrix_in_force(db)
    return [row.id for row in _past_due(db, now) if _steps(row, matrix, now)]


def climb(db: Connection, case_ids: Sequence[int], *, now: datetime) -> None:
    """Let cases climb to where they have to be by now."""
    matrix = matrix_in_force(db)
    for row in _past_due(db, now):
        if row.id in case_ids and (steps := _steps(row, matrix, now)):
            _climb(db, row, steps, matrix.row(CaseKind(row.kind)), now)


def _past_due(db: Connection, now: datetime) -> Sequence[Any]:
    query = select(exception_cases).where(
        is_state(_case.state, "open"),
        _case.due_at <= now,
        _case.snoozed_until.is_(None) | (_case.snoozed_until <= now),
    )
    return db.execute(query.order_by(_case.id)).all()


def _steps(row: Any, matrix: Matrix, now: datetime) -> tuple[Step, ...]:
    """Return the steps that are to be taken: those of the ladder whose hour has come."""
    ladder = matrix.row(CaseKind(row.kind)).ladder
    return tuple(
        step for step in ladder[row.step :] if now >= row.due_at + timedelta(hours=step.hours)
    )


def _climb(db: Connection, row: Any, steps: Sequence[Step], said: Row, now: datetime) -> None:
    last = steps[-1]
    values = {"owner": last.owner, "severity": last.severity.value, "step": row.step + len(steps)}
    db.execute(exception_cases.update().where(_case.id == row.id).values(**values))
    before = {"owner": row.owner, "severity": row.severity}
    after = {"owner": last.owner, "severity": last.severity.value}
    why = "Nobody decided before the deadline."
    audit.record(db, SYSTEM, now, audit.Deed("escalate", f"case:{row.id}", why, before, after))
    if row.step == 0 and said.default in _DO:
        _by_itself(db, row, said.default, now)


def _by_itself(db: Connection, row: Any, default: Default, now: datetime) -> None:
    """Do what is safe; what cannot be done is left to the person whose case it is now."""
    try:
        with db.begin_nested():
            _DO[default](db, row, now)
    except DeskError:
        return
    deed = audit.Deed("decide by itself", f"case:{row.id}", WHY, {}, {"default": default.value})
    audit.record(db, SYSTEM, now, deed)


WHY: Final = "Nobody decided before the deadline; this is what the matrix says then."


def _hold(db: Connection, row: Any, now: datetime) -> None:
    if row.order_id is not None:
        holding.hold(db, SYSTEM, order_ids=[row.order_id], reason=WHY, now=now)


def _keep_numbers(db: Connection, row: Any, now: datetime) -> None:
    publishing.drop_quantities(db, SYSTEM, account_id=row.subject_id, reason=WHY, now=now)


def _put_aside(db: Connection, row: Any, _now: datetime) -> None:
    here = exception_cases.update().where(_case.id == row.id)
    db.execute(here.values(snoozed_until=ASIDE, snooze_reason=WHY))


_DO: Final[Mapping[Default, Callable[[Connection, Any, datetime], None]]] = {
    Default.HOLD: _hold,
    Default.KEEP_NUMBERS: _keep_numbers,
    Default.PUT_ASIDE: _put_aside,
}
