"""Which matrix is in force, and how is it changed? Every version is kept; the one before is one undo away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.cases import CaseKind
from app.domain.casework.deadlines import decide_by
from app.domain.casework.matrix import ALL_DELIVERED, Row, Rows, as_said, rows_from
from app.domain.changes import Changes, Touched, Undo, counted
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.base import is_state
from app.models.cases import exception_cases
from app.models.exception_matrix import KIND, Matrix, matrix_in_force
from app.services.policy_versions import write_policy

ACTION: Final = "change exception matrix"
Said = Mapping[str, Mapping[str, Any]]
_case = exception_cases.c


def save_matrix(
    db: Connection, actor: Actor, *, rows: Said, based_on: int | None = None, reason: str = "",
    now: datetime,
) -> Changes:  # fmt: skip
    """Change what the matrix says of some kinds; what is open follows it.

    Raises:
        RefusedError: an answer cannot stand there, or somebody else has changed it meanwhile.
    """
    actor.must(Permission.ADMINISTER)
    current = matrix_in_force(db)
    if based_on is not None and based_on != current.version:
        raise RefusedError("Somebody has changed the matrix meanwhile; nothing was changed.",
                           "Look at it as it is now, and change it there.")  # fmt: skip
    return _save(db, actor, current, rows_from(rows, current.rows), reason, now)


def restore_matrix(
    db: Connection, actor: Actor, *, version: int, now: datetime, undoes: int | None = None
) -> Changes:
    """Let an earlier version count again, as a new version; 0 is the matrix as delivered.

    Raises:
        NotFoundError: there never was such a version.
        RefusedError: it would undo a version, and the matrix says something else by now.
    """
    actor.must(Permission.ADMINISTER)
    current = matrix_in_force(db)
    if undoes is not None and matrix_in_force(db, version=undoes).rows != current.rows:
        raise RefusedError("Somebody has changed the matrix since; nothing was undone.",
                           "Look at it as it is now, and change it there.")  # fmt: skip
    old = matrix_in_force(db, version=version)
    return _save(db, actor, current, old.rows, f"As in version {version}.", now)


def _save(
    db: Connection, actor: Actor, current: Matrix, rows: Rows, reason: str, now: datetime
) -> Changes:
    changed = changed_kinds(current.rows, rows)
    if not changed:
        return Changes("Change the exception matrix", Touched.NOTHING)
    body = {kind.value: as_said(row) for kind, row in rows.items() if row != ALL_DELIVERED[kind]}
    version = write_policy(
        db, actor, KIND, body, ACTION, reason=reason,
        after={"changed": [kind.value for kind in changed]}, now=now,
    )  # fmt: skip
    for kind in changed:
        _follow(db, kind, current.rows[kind], rows[kind])
    undo = Undo("restore_matrix", {"version": current.version, "undoes": version}, subjects="")
    return Changes(f"Change the exception matrix: {counted(len(changed), 'kind')}",
                   Touched.SETTINGS | Touched.CASES, (version,), undo=undo)  # fmt: skip


def changed_kinds(before: Rows, after: Rows) -> list[CaseKind]:
    """Return the kinds of which something else is said."""
    return [kind for kind in CaseKind if before[kind] != after[kind]]


def _follow(db: Connection, kind: CaseKind, before: Row, row: Row) -> None:
    """Let the open cases of a kind be as the matrix says now; one that has climbed keeps its place."""
    query = select(
        _case.id, _case.opened_at, _case.promised_at, _case.impact, _case.owner, _case.step
    ).where(is_state(_case.state, "open"), _case.kind == kind.value)
    for case in db.execute(query).all():
        values: dict[str, Any] = {"due_at": decide_by(
            case.promised_at, opened_at=case.opened_at, before=row.before, within=row.within
        )}  # fmt: skip
        if case.impact == before.impact:
            values["impact"] = row.impact
        if not case.step:
            values["severity"] = row.severity.value
            if case.owner == before.owner:
                values["owner"] = row.owner
        db.execute(exception_cases.update().where(_case.id == case.id).values(**values))
