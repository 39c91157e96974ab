"""A standard that is broken is one task with one action; after some days it is asked whether that worked.

What the figures are is measured elsewhere and handed in; here it is decided, written and done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.changes import Changes, Touched, counted
from app.domain.kpis.breaches import (
    ACTIONS,
    Found,
    check_day,
    task,
    verdict,
    verdict_words,
)
from app.domain.kpis.figures import Figure
from app.domain.kpis.standards import State, as_data, standard_from
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.identity import Identity
from app.models.kpis import kpi_breaches
from app.services import audit
from app.services.cases import open_cases, resolve_cases
from app.services.kpis.acting import carry_out

SUBJECT: Final = "breach"
_breach = kpi_breaches.c
_TOUCHED: Final = Touched.CASES | Touched.SETTINGS


def keep_breaches(
    db: Connection,
    actor: Actor,
    *,
    found: Sequence[Found],
    since: Sequence[Found] = (),
    now: datetime,
) -> Changes:
    """Open a task for each broken standard that has none, and check what was done about the others.

    ``found`` are the standards over their windows, ``since`` those that are to be checked, measured
    from what was done on.
    """
    actor.must(Permission.WORK)
    known = {row.standard: row for row in db.execute(_OPEN)}
    opened = [each for each in found
              if each.state is State.BREACH and each.standard.code not in known]  # fmt: skip
    rows = _open(db, opened, now)
    mended = [known[each.standard.code] for each in found
              if each.state in (State.GOOD, State.WARNING) and each.standard.code in known
              and known[each.standard.code].state == "open"]  # fmt: skip
    for row in mended:
        _end(db, row, "over", "It is kept again, without anybody having done anything.", now)
    checked = [_check(db, known[each.standard.code], each, now) for each in since
               if each.standard.code in known]  # fmt: skip
    done = (*rows, *(row.id for row in mended), *(each for each in checked if each))
    label = f"Open {counted(len(rows), 'task')}" if rows else "Check what was done"
    return Changes(label, _TOUCHED if done else Touched.NOTHING, done)


def act_on_breach(db: Connection, actor: Actor, *, breach_id: int, now: datetime) -> Changes:
    """Do what the task asks for, and note when it is to be asked whether it worked.

    Raises:
        NotFoundError: there is no such task.
        RefusedError: something is being tried already, or it is over.
    """
    actor.must(Permission.WORK)
    row = _row(db, breach_id)
    if row.state != "open":
        raise RefusedError("Something is being tried already; nothing was done.",
                           "Wait for its check, or change the standard.")  # fmt: skip
    standard = standard_from(row.terms)
    deed, words = carry_out(db, actor, standard, row.opened_at, now=now)
    check_at = check_day(standard, now)
    db.execute(
        kpi_breaches.update().where(_breach.id == breach_id)
        .values(state="acted", acted_at=now, acted_by=actor.name, deed=words, check_at=check_at)
    )  # fmt: skip
    _refresh(db, row, Found(standard, Figure(row.counted, row.hits, None, row.ninetieth)), f"{words} Checked on "
             f"{check_at.date().isoformat()}.", now, check_at)  # fmt: skip
    audit.record(db, actor, now, audit.Deed("act on breach", f"breach:{breach_id}", words,
                                            after={"standard": row.standard, "deed": deed}))  # fmt: skip
    label = f"{ACTIONS[standard.action][0]}: {standard.title}"
    return Changes(label, _TOUCHED | Touched.STOCK | Touched.QUANTITIES, (breach_id,))


def _open(db: Connection, opened: Sequence[Found], now: datetime) -> tuple[int, ...]:
    ids = Identity(db, kpi_breaches)
    rows: list[dict[str, Any]] = [
        {
            "id": ids.take(kpi_breaches), "standard": each.standard.code,
            "terms": as_data([each.standard])[0], "counted": each.figure.rows,
            "hits": each.figure.hits, "ninetieth": each.figure.ninetieth, "state": "open",
            "opened_at": now, "deed": "", "checks": [], "is_done": False,
        }
        for each in opened
    ]  # fmt: skip
    if rows:
        db.execute(kpi_breaches.insert(), rows)
    drafts = [_draft(row["id"], each, ACTIONS[each.standard.action][1])
              for row, each in zip(rows, opened, strict=True)]  # fmt: skip
    open_cases(db, drafts, now=now)
    return tuple(row["id"] for row in rows)


def _draft(breach_id: int, found: Found, advice: str, due_at: datetime | None = None) -> CaseDraft:
    facts = {
        "action": found.standard.action.value,
        "standard": found.standard.code,
        "reason": advice,
    }
    return CaseDraft(CaseKind.STANDARD_BROKEN, SUBJECT, breach_id, task(found), due_at=due_at,
                     facts=facts, owner=found.standard.owner)  # fmt: skip


def _refresh(
    db: Connection, row: Any, found: Found, words: str, now: datetime, due_at: datetime | None
) -> None:
    open_cases(db, [_draft(row.id, found, words, due_at)], now=now)


def _check(db: Connection, row: Any, since: Found, now: datetime) -> int | None:
    """Say whether what was done worked; while too little has happened since, ask again later."""
    worked = verdict(since)
    if row.state != "acted" or worked is None:
        return None
    said = verdict_words(since, row.deed, worked=worked)
    figure = since.figure
    check = {"at": now, "counted": figure.rows, "hits": figure.hits, "ninetieth": figure.ninetieth,
             "worked": worked, "words": said}  # fmt: skip
    values: dict[str, Any] = {"checks": [*row.checks, check]}
    if worked:
        _end(db, row, "worked", said, now)
    else:
        values |= {"state": "open", "check_at": None}
        _refresh(db, row, since, said, now, None)
    db.execute(kpi_breaches.update().where(_breach.id == row.id).values(**values))
    return int(row.id)


def _end(db: Connection, row: Any, state: str, words: str, now: datetime) -> None:
    db.execute(kpi_breaches.update().where(_breach.id == row.id).values(state=state, is_done=True))
    resolve_cases(db, [CaseKind.STANDARD_BROKEN], SUBJECT, [row.id], resolution=words, now=now)


def _row(db: Connection, breach_id: int) -> Any:
    row = db.execute(select(kpi_breaches).where(_breach.id == breach_id)).first()
    if row is None:
        raise NotFoundError("There is no such task; nothing was done.", "Look at Exceptions again.")
    return row


_OPEN: Final = select(kpi_breaches).where(~_breach.is_done).order_by(_breach.id)
