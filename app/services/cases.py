"""Open, refresh and resolve cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.domain.cases import TEMPLATES, CaseDraft, CaseKind
from app.models.base import is_state
from app.models.bulk import insert_rows
from app.models.cases import exception_cases
from app.models.identity import Identity
from app.models.sets import among


def open_cases(db: Connection, drafts: Sequence[CaseDraft], *, now: datetime) -> None:
    """Open a case for each draft; one that is open already for the same subject is refreshed."""
    if not drafts:
        return
    known = _open_ids(db, drafts)
    ids = Identity(db, exception_cases)
    new: list[dict[str, Any]] = []
    for draft in drafts:
        case_id = known.get(_key(draft))
        if case_id is None:
            case_id = known[_key(draft)] = ids.take(exception_cases)
            new.append(_row(case_id, draft, now))
        else:
            _refresh(db, case_id, draft)
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
    drafts = [
        CaseDraft(CaseKind(row.kind), subject_kind, row.subject_id, row.title, row.money_at_risk,
                  row.currency, row.order_id, row.sku_id, row.due_at, row.facts)
        for row in rows
    ]  # fmt: skip
    open_cases(db, drafts, now=now)


def _key(draft: CaseDraft) -> tuple[str, str, int]:
    return (draft.kind.value, draft.subject_kind, draft.subject_id)


def _open_ids(db: Connection, drafts: Sequence[CaseDraft]) -> dict[tuple[str, str, int], int]:
    table = exception_cases
    query = select(table.c.id, table.c.kind, table.c.subject_kind, table.c.subject_id).where(
        is_state(table.c.state, "open"),
        table.c.subject_id.in_({draft.subject_id for draft in drafts}),
        table.c.kind.in_({draft.kind.value for draft in drafts}),
    )
    return {(r.kind, r.subject_kind, r.subject_id): r.id for r in db.execute(query)}


def _row(case_id: int, draft: CaseDraft, now: datetime) -> dict[str, Any]:
    template = TEMPLATES[draft.kind]
    return {
        "id": case_id,
        "kind": draft.kind,
        "subject_kind": draft.subject_kind,
        "subject_id": draft.subject_id,
        "order_id": draft.order_id,
        "sku_id": draft.sku_id,
        "state": "open",
        "severity": template.severity,
        "owner": template.owner,
        "title": draft.title,
        "impact": template.impact,
        "money_at_risk": draft.money_at_risk,
        "currency": draft.currency,
        "facts": dict(draft.facts),
        "due_at": draft.due_at,
        "opened_at": now,
        "resolution": "",
    }


def _refresh(db: Connection, case_id: int, draft: CaseDraft) -> None:
    table = exception_cases
    db.execute(
        table.update()
        .where(table.c.id == case_id)
        .values(title=draft.title, facts=dict(draft.facts), money_at_risk=draft.money_at_risk)
    )
