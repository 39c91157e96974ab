"""Keep what a report found: what is new, what goes on, what is over; and one case for each cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from time import perf_counter
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.mismatching.causes import CAUSES, NUMBERS, Reason
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError
from app.models.bulk import insert_rows
from app.models.identity import Identity
from app.models.mismatches import mismatch_runs, mismatches
from app.models.sets import among
from app.services import audit
from app.services.cases import open_cases, resolve_cases
from app.services.mismatching.report import Report, Row, look

MOST_ORDERS: Final = 50
_kept, _run = mismatches.c, mismatch_runs.c
_ALIVE = _kept.state.in_(("open", "accepted"))
TOUCHED: Final = Touched.CASES | Touched.QUANTITIES


def make_report(db: Connection, actor: Actor, *, now: datetime) -> Changes:
    """Look at every number now, and keep what was found."""
    actor.must(Permission.WORK)
    begun = perf_counter()
    found = look(db, now=now)
    return keep_report(db, actor, found, seconds=perf_counter() - begun, now=now)


def keep_report(
    db: Connection, actor: Actor, found: Report, *, seconds: float, now: datetime
) -> Changes:
    """Keep a report that was made before: it is worked out while others may write."""
    actor.must(Permission.WORK)
    run_id = _keep_run(db, actor, found, seconds, now)
    alive = {row.subject: row for row in db.execute(select(mismatches).where(_ALIVE))}
    rows = {row.subject: row for row in found.rows}
    same = {key for key in rows.keys() & alive.keys()
            if alive[key].cause == rows[key].finding.reason.value}  # fmt: skip
    _go_on(db, [(alive[key], rows[key]) for key in sorted(same)], run_id, now)
    _end(db, [alive[key].id for key in alive.keys() - same], now)
    _begin(db, [rows[key] for key in rows if key not in same], run_id, now)
    _keep_cases(db, now)
    errors = sum(row.is_error for row in rows.values())
    label = f"Look for mismatches: {counted(errors, 'error')}" if errors else "Look for mismatches"
    return Changes(label, TOUCHED, (run_id,))


def accept_mismatches(
    db: Connection, actor: Actor, *, mismatch_ids: Sequence[int], reason: str, now: datetime
) -> Changes:
    """Live with mismatches: they stay known, and stop being errors until their number changes."""
    actor.must(Permission.WORK)
    rows = _of_state(db, mismatch_ids, "open")
    _settle(db, [row.id for row in rows], "accepted", actor.name, reason, now)
    _keep_cases(db, now)
    return _turned(db, actor, rows, mismatch_ids, "Accept", reason, "reopen_mismatches", now)


def reopen_mismatches(
    db: Connection, actor: Actor, *, mismatch_ids: Sequence[int], now: datetime
) -> Changes:
    """Count accepted mismatches as errors again."""
    actor.must(Permission.WORK)
    rows = _of_state(db, mismatch_ids, "accepted")
    _settle(db, [row.id for row in rows], "open", "", "", None)
    _keep_cases(db, now)
    return _turned(db, actor, rows, mismatch_ids, "Open again", "", "", now)


_SETTLED = (
    mismatches.update()
    .where(among(_kept.id, "rows"))
    .values(state=bindparam("how"), settled_at=bindparam("at"), settled_by=bindparam("who"),
            reason=bindparam("why"))
)  # fmt: skip


def _keep_run(db: Connection, actor: Actor, found: Report, seconds: float, now: datetime) -> int:
    run_id = Identity(db, mismatch_runs).take(mismatch_runs)
    causes = Counter(row.finding.reason.value for row in found.rows)
    row = {
        "id": run_id, "run_at": now, "actor": actor.name, "numbers": found.numbers,
        "seconds": seconds, "errors": sum(each.is_error for each in found.rows),
        "by_cause": dict(sorted(causes.items())),
    }  # fmt: skip
    db.execute(mismatch_runs.insert(), [row])
    return run_id


def _begin(db: Connection, rows: Sequence[Row], run_id: int, now: datetime) -> None:
    ids = Identity(db, mismatches)
    insert_rows(db, mismatches, [
        {
            "id": ids.take(mismatches), "subject": row.subject, "kind": row.kind,
            "sku_id": row.sku_id, "account_id": row.account_id, "location_id": row.location_id,
            "code": row.code, "place": row.place, "first_seen_at": now, "state": "open",
            "settled_at": None, "settled_by": "", "reason": "", **_values(row, run_id, now),
        }
        for row in rows
    ])  # fmt: skip


def _go_on(db: Connection, pairs: Sequence[tuple[Any, Row]], run_id: int, now: datetime) -> None:
    """Bring what is found again up to date; what was accepted is asked about once it is different."""
    unchanged = [old.id for old, new in pairs if _is_same(old, new)]
    still = mismatches.update().where(among(_kept.id, "rows"))
    if unchanged:
        db.execute(still.values(last_seen_at=now, run_id=run_id), {"rows": unchanged})
    for old, new in pairs:
        if not _is_same(old, new):
            state = "open" if old.delta != new.finding.delta else old.state
            values = {**_values(new, run_id, now), "began_at": old.began_at, "state": state}
            db.execute(mismatches.update().where(_kept.id == old.id).values(**values))


def _is_same(old: Any, new: Row) -> bool:
    found = new.finding
    return (
        (old.expected, old.published, old.observed, old.delta, old.sentence, old.money, old.orders)
        == (found.expected, found.published, found.observed, found.delta, found.sentence, new.money,
            len(found.order_ids))
    )  # fmt: skip


def _values(row: Row, run_id: int, now: datetime) -> dict[str, Any]:
    found = row.finding
    return {
        "cause": found.reason.value, "is_error": row.is_error, "expected": found.expected,
        "published": found.published, "observed": found.observed, "delta": found.delta,
        "money": row.money, "currency": row.currency,
        "order_ids": list(found.order_ids[:MOST_ORDERS]), "orders": len(found.order_ids),
        "sentence": found.sentence, "evidence": list(found.evidence),
        "fix": found.fix.operation, "arguments": dict(found.fix.arguments),
        "began_at": found.since, "last_seen_at": now, "run_id": run_id,
    }  # fmt: skip


def _end(db: Connection, ids: Sequence[int], now: datetime) -> None:
    _settle(db, ids, "fixed", "", "It fits again.", now)


def _settle(
    db: Connection, ids: Sequence[int], how: str, who: str, why: str, at: datetime | None
) -> None:
    if ids:
        db.execute(_SETTLED, {"rows": list(ids), "how": how, "who": who, "why": why, "at": at})


def _keep_cases(db: Connection, now: datetime) -> None:
    """Keep one case open for each cause that has errors, and close those of the others."""
    query = (
        select(_kept.cause, func.count().label("rows"), func.sum(_kept.money).label("money"),
               func.min(_kept.currency).label("currency"), func.min(_kept.code).label("code"))
        .where(_kept.state == "open", _kept.is_error)
        .group_by(_kept.cause)
    )  # fmt: skip
    there = {Reason(row.cause): row for row in db.execute(query)}
    open_cases(db, [_case(reason, row) for reason, row in there.items()], now=now)
    over = [NUMBERS[reason] for reason in Reason if reason not in there]
    resolve_cases(
        db, [CaseKind.MISMATCH], "cause", over, resolution="The numbers fit again.", now=now
    )


def _case(reason: Reason, row: Any) -> CaseDraft:
    facts: Mapping[str, object] = {"cause": reason.value, "count": row.rows}
    cause = CAUSES[reason]
    title = f"{row.rows:,} {cause.together}" if row.rows > 1 else _of_one(row.code, cause.words)
    return CaseDraft(CaseKind.MISMATCH, "cause", NUMBERS[reason], title,
                     int(row.money or 0), row.currency, facts=facts)  # fmt: skip


def _of_one(code: str, words: str) -> str:
    """Say it of the one product that it is about."""
    return f"{code}: {words[:1].lower()}{words[1:]}" if code else words


def _of_state(db: Connection, ids: Sequence[int], state: str) -> list[Any]:
    query = select(_kept.id, _kept.code, _kept.place, _kept.cause).where(
        among(_kept.id, "rows"), _kept.state == state
    )
    return list(db.execute(query.order_by(_kept.id), {"rows": list(ids)}))


def _turned(
    db: Connection, actor: Actor, rows: Sequence[Any], asked: Sequence[int], verb: str, why: str,
    opposite: str, now: datetime,
) -> Changes:  # fmt: skip
    if not rows:
        raise NotFoundError("None of these mismatches is like that any more; nothing was changed.",
                            "Look at the report again.")  # fmt: skip
    ids = [row.id for row in rows]
    deed = audit.Deed(f"{verb.lower()} mismatches", f"mismatch:{ids[0]}", why,
                      after={"rows": len(ids), "first": ids[0], "last": ids[-1]})  # fmt: skip
    audit.record(db, actor, now, deed)
    left = len(set(asked)) - len(ids)
    skipped = (Skipped(counted(left, "row"), "it has changed meanwhile"),) if left else ()
    undo = Undo(opposite, {"mismatch_ids": ids}, subjects="mismatch_ids") if opposite else None
    return Changes(f"{verb} {counted(len(ids), 'mismatch', 'mismatches')}", TOUCHED, tuple(ids),
                   skipped, undo)  # fmt: skip
