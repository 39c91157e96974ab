"""Open, refresh and resolve cases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.casework.deadlines import decide_by
from app.models.base import compact_json, is_state
from app.models.bulk import insert_rows
from app.models.cases import exception_cases
from app.models.exception_matrix import Matrix, matrix_in_force
from app.models.identity import Identity
from app.models.sets import among

Key = tuple[str, str, int]
# Until it changes: what somebody lives with.
ASIDE: Final = datetime(9999, 1, 1, tzinfo=UTC)


def open_cases(db: Connection, drafts: Sequence[CaseDraft], *, now: datetime) -> None:
    """Open a case for each draft; one that is open already for the same subject is refreshed."""
    if not drafts:
        return
    known = {key_of(row): row for row in _open_rows(db, drafts)}
    matrix = matrix_in_force(db)
    taken: set[Key] = set()
    ids = Identity(db, exception_cases)
    new: list[dict[str, Any]] = []
    for draft in drafts:
        here = known.get(_key(draft))
        if here is not None:
            _refresh(db, here, draft, matrix)
        elif _key(draft) not in taken:
            taken.add(_key(draft))
            new.append(_row(ids.take(exception_cases), draft, matrix, now))
    if new:
        insert_rows(db, exception_cases, new)


def resolve_cases(
    db: Connection,
    kinds: Sequence[CaseKind],
    subject_kind: str,
    subject_ids: Sequence[int],
    *,
    resolution: str,
    now: datetime,
) -> int:
    """Close the open cases of these kinds and subjects, and return how many there were."""
    if not subject_ids:
        return 0
    found = db.execute(
        _RESOLVED,
        {
            "kinds": [kind.value for kind in kinds],
            "subject_kind_": subject_kind,
            "subjects": subject_ids,
            "how": resolution,
            "now": now,
        },
    )
    return found.rowcount


_RESOLVED = (
    exception_cases.update()
    .where(
        is_state(exception_cases.c.state, "open"),
        among(exception_cases.c.kind, "kinds"),
        exception_cases.c.subject_kind == bindparam("subject_kind_"),
        among(exception_cases.c.subject_id, "subjects"),
    )
    .values(state="resolved", resolved_at=bindparam("now"), resolution=bindparam("how"))
)


def open_again(
    db: Connection, subject_kind: str, subject_ids: Sequence[int], *, resolved_at: datetime,
    now: datetime,
) -> None:  # fmt: skip
    """Open the cases of these subjects anew that were closed at one moment: that was taken back."""
    table = exception_cases.c
    rows = db.execute(
        select(exception_cases)
        .where(
            table.subject_kind == subject_kind,
            among(table.subject_id, "subjects"),
            table.resolved_at == resolved_at,
        )
        .order_by(table.id),
        {"subjects": list(subject_ids)},
    )
    open_cases(db, [draft_of(row) for row in rows], now=now)


def draft_of(row: Any) -> CaseDraft:
    """Return the draft that a case was opened with, as far as it still stands in it."""
    kind = CaseKind(row.kind)
    return CaseDraft(
        kind, row.subject_kind, row.subject_id, row.title, row.money_at_risk, row.currency,
        row.order_id, row.sku_id, row.promised_at, row.facts,
        row.cause.removeprefix(f"{kind.value}/"), row.impact, row.account_id, row.location_id,
        row.pattern,
    )  # fmt: skip


def differs(row: Any, draft: CaseDraft, matrix: Matrix) -> bool:
    """Return whether an open case says something else than is true now."""
    said = _said(row, draft, matrix)
    said["facts"] = json.loads(compact_json(said["facts"]))
    return any(getattr(row, name) != value for name, value in said.items())


def key_of(row: Any) -> Key:
    """Return what there is one open case for."""
    return (row.kind, row.subject_kind, row.subject_id)


def _key(draft: CaseDraft) -> Key:
    return (draft.kind.value, draft.subject_kind, draft.subject_id)


def _open_rows(db: Connection, drafts: Sequence[CaseDraft]) -> Sequence[Any]:
    return db.execute(_OPEN, {
        "subjects": sorted({draft.subject_id for draft in drafts}),
        "kinds": sorted({draft.kind.value for draft in drafts}),
        "subject_kinds": sorted({draft.subject_kind for draft in drafts}),
    }).all()  # fmt: skip


_OPEN = select(exception_cases).where(
    is_state(exception_cases.c.state, "open"),
    # All of the index's columns: by the kind alone every open case of it would be walked.
    among(exception_cases.c.kind, "kinds"),
    among(exception_cases.c.subject_kind, "subject_kinds"),
    among(exception_cases.c.subject_id, "subjects"),
)


def _row(case_id: int, draft: CaseDraft, matrix: Matrix, now: datetime) -> dict[str, Any]:
    usual = matrix.row(draft.kind)
    return {
        "id": case_id,
        "kind": draft.kind,
        "subject_kind": draft.subject_kind,
        "subject_id": draft.subject_id,
        "order_id": draft.order_id,
        "sku_id": draft.sku_id,
        "account_id": draft.account_id,
        "location_id": draft.location_id,
        "state": "open",
        "severity": usual.severity,
        "owner": draft.owner or usual.owner,
        "title": draft.title,
        "impact": draft.impact or usual.impact,
        "cause": draft.group,
        "pattern": draft.pattern,
        "link": draft.link,
        "money_at_risk": draft.money_at_risk,
        "currency": draft.currency,
        "facts": dict(draft.facts),
        "promised_at": draft.due_at,
        "due_at": _decide_by(draft, matrix, now),
        "opened_at": now,
        "resolution": "",
    }


def _decide_by(draft: CaseDraft, matrix: Matrix, opened_at: datetime) -> datetime:
    row = matrix.row(draft.kind)
    return decide_by(draft.due_at, opened_at=opened_at, before=row.before, within=row.within)


def _said(row: Any, draft: CaseDraft, matrix: Matrix) -> dict[str, Any]:
    """Return what a refreshed case says; what a person did with it stays."""
    said = {
        "title": draft.title, "facts": dict(draft.facts), "money_at_risk": draft.money_at_risk,
        "cause": draft.group,
    }  # fmt: skip
    if draft.impact:
        said["impact"] = draft.impact
    if draft.due_at is not None and draft.due_at != row.promised_at:
        said |= {"promised_at": draft.due_at, "due_at": _decide_by(draft, matrix, row.opened_at)}
    return said


def _refresh(db: Connection, row: Any, draft: CaseDraft, matrix: Matrix) -> None:
    """Say what is true now; what somebody put aside until it changes is back once it has."""
    table, said = exception_cases, _said(row, draft, matrix)
    if row.snoozed_until == ASIDE and differs(row, draft, matrix):
        said |= {"snoozed_until": None, "snooze_reason": ""}
    db.execute(table.update().where(table.c.id == row.id).values(**said))
