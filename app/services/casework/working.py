"""Work on cases: give them to somebody, put them aside for a while, write on them, put them together, end them.

What is done to a card is done to all of it: every open case that shares its cause. Each deed can be taken
back as a whole; the audit trail keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from app.domain.cases import CaseKind
from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.base import is_state
from app.models.bulk import insert_rows
from app.models.cases import case_notes, exception_cases
from app.models.identity import Identity
from app.models.sets import among
from app.services import audit
from app.services.cases import ASIDE
from app.services.people import someone_here

_case, _note = exception_cases.c, case_notes.c
# What ends by a person's word alone; everything else ends by itself once it is no longer true.
BY_WORD: Final = (
    CaseKind.FILE_PROBLEM, CaseKind.ORDER_UNREADABLE, CaseKind.CHANNEL_TROUBLE,
    CaseKind.CANCELLED_LATE, CaseKind.MESSAGE_REFUSED, CaseKind.SIGNED_OUT, CaseKind.LISTING_ERROR,
    CaseKind.ACKNOWLEDGE_LATE,
)  # fmt: skip
_KEPT: Final = (
    "assigned_to", "snoozed_until", "snooze_reason", "joined_to", "state", "resolved_at",
    "resolution",
)  # fmt: skip

effective_cause = func.coalesce(func.nullif(_case.joined_to, ""), _case.cause)


def assign_cases(
    db: Connection, actor: Actor, *, case_ids: Sequence[int], to: str, now: datetime
) -> Changes:
    """Ask somebody who works here to take care of cases; nobody with an empty name.

    Raises:
        RefusedError: nobody of this name works at the desk.
    """
    actor.must(Permission.WORK)
    person = someone_here(db, to)
    rows = [row for row in _whole(db, case_ids) if row.assigned_to != person]
    label = f"Give {{n}} to {person}" if person else "Give {n} to nobody"
    return _do(db, actor, now, rows, {"assigned_to": person}, label, "assign case", person)


def snooze_cases(
    db: Connection, actor: Actor, *, case_ids: Sequence[int], reason: str,
    until: datetime | None = None, now: datetime,
) -> Changes:  # fmt: skip
    """Put cases aside until a moment, or, without one, until they change; they come back by themselves.

    None stays away longer than what was promised for it.

    Raises:
        RefusedError: there is no reason, or the moment has passed.
    """
    actor.must(Permission.WORK)
    why = _reason(reason, "Putting aside")
    if until is not None and until <= now:
        raise RefusedError("That moment has passed; nothing was put aside.", "Choose a later one.")
    rows = _whole(db, case_ids)
    values = {row.id: _back_at(row, until or ASIDE, now) for row in rows}
    return _do(
        db, actor, now, rows, {"snooze_reason": why}, "Put {n} aside", "snooze case", why,
        each={"snoozed_until": values},
    )  # fmt: skip


def _back_at(row: Any, until: datetime, now: datetime) -> datetime:
    promised: datetime | None = row.promised_at
    return until if promised is None or promised <= now else min(until, promised)


def wake_cases(db: Connection, actor: Actor, *, case_ids: Sequence[int], now: datetime) -> Changes:
    """Let cases that were put aside be back at once."""
    actor.must(Permission.WORK)
    rows = [row for row in _whole(db, case_ids) if row.snoozed_until is not None]
    return _do(db, actor, now, rows, {"snoozed_until": None, "snooze_reason": ""},
               "Take {n} back", "wake case", "")  # fmt: skip


def join_cases(
    db: Connection, actor: Actor, *, case_ids: Sequence[int], to: int, now: datetime
) -> Changes:
    """Put cases to another card: they have one cause, and one decision ends them.

    Raises:
        RefusedError: there is nothing to put together.
    """
    actor.must(Permission.WORK)
    (target,) = _rows(db, [to]) or [None]
    if target is None:
        raise _gone()
    card = target.joined_to or target.cause
    rows = [row for row in _whole(db, case_ids) if (row.joined_to or row.cause) != card]
    if not rows:
        raise RefusedError("These are one card already; nothing was changed.",
                           "Select the cards that belong together.")  # fmt: skip
    return _do(db, actor, now, rows, {"joined_to": card}, "Put {n} together", "join case", card)


def part_cases(db: Connection, actor: Actor, *, case_ids: Sequence[int], now: datetime) -> Changes:
    """Take cases apart again that a person has put together."""
    actor.must(Permission.WORK)
    rows = [row for row in _whole(db, case_ids) if row.joined_to]
    return _do(db, actor, now, rows, {"joined_to": ""}, "Take {n} apart", "part case", "")


def settle_cases(
    db: Connection, actor: Actor, *, case_ids: Sequence[int], reason: str, now: datetime
) -> Changes:
    """End cases by a person's word; one that is still true is put aside until it changes.

    Raises:
        RefusedError: there is no reason.
    """
    actor.must(Permission.WORK)
    why = _reason(reason, "Settling")
    rows = _whole(db, case_ids)
    ended = [row for row in rows if row.kind in BY_WORD]
    lived = [row for row in rows if row.kind not in BY_WORD]
    _write(db, ended, {"state": "resolved", "resolved_at": now, "resolution": why})
    for row in lived:
        _write(db, [row], {"snoozed_until": _back_at(row, ASIDE, now), "snooze_reason": why})
    return _told(db, actor, now, rows, "Settle {n}", "settle case", why)


def write_case_note(
    db: Connection, actor: Actor, *, case_ids: Sequence[int], text: str, now: datetime
) -> Changes:
    """Write a sentence on cases, for whoever looks next.

    Raises:
        RefusedError: nothing is written.
    """
    actor.must(Permission.WORK)
    words = " ".join(text.split())
    if not words:
        raise RefusedError("The note is empty; nothing was kept.", "Write a few words.")
    rows = _whole(db, case_ids)
    if not rows:
        raise _gone()
    ids = Identity(db, case_notes)
    notes = [{"id": ids.take(case_notes), "case_id": row.id, "text": words, "actor": actor.name,
              "written_at": now} for row in rows]  # fmt: skip
    insert_rows(db, case_notes, notes)
    # What it says may be personal: the trail keeps only that there is one.
    audit.record(db, actor, now, *(audit.Deed("note on case", f"case:{row.id}") for row in rows))
    note_ids = [note["id"] for note in notes]
    return Changes(f"Write on {counted(len(rows), 'case')}", Touched.CASES, tuple(note_ids),
                   undo=Undo("remove_case_notes", {"note_ids": note_ids}, subjects="note_ids"))  # fmt: skip


def remove_case_notes(
    db: Connection, actor: Actor, *, note_ids: Sequence[int], now: datetime
) -> Changes:
    """Take notes on cases off again."""
    actor.must(Permission.WORK)
    gone = db.execute(select(_note.id, _note.case_id).where(among(_note.id, "notes")),
                      {"notes": list(note_ids)}).all()  # fmt: skip
    db.execute(case_notes.delete().where(among(_note.id, "notes")), {"notes": list(note_ids)})
    deeds = (audit.Deed("remove note on case", f"case:{row.case_id}") for row in gone)
    audit.record(db, actor, now, *deeds)
    return Changes(f"Take {counted(len(gone), 'note')} off", Touched.CASES,
                   tuple(row.id for row in gone))  # fmt: skip


def put_cases_back(
    db: Connection, actor: Actor, *, case_ids: Sequence[int],
    before: Mapping[int, Mapping[str, Any]], now: datetime,
) -> Changes:  # fmt: skip
    """Let cases be as they were before a deed; one that has ended or come anew meanwhile stays."""
    actor.must(Permission.WORK)
    rows = _rows(db, case_ids, is_any=True)
    taken = _open_elsewhere(db, rows)
    back = [row for row in rows if row.id in before and row.id not in taken]
    for row in back:
        _write(db, [row], dict(before[row.id]))
    skipped = [Skipped(row.title, "it has changed since") for row in rows if row not in back]
    deeds = (audit.Deed("put case back", f"case:{row.id}") for row in back)
    audit.record(db, actor, now, *deeds)
    return Changes(f"Put {counted(len(back), 'case')} back", Touched.CASES,
                   tuple(row.id for row in back), tuple(skipped))  # fmt: skip


# ---- one card, one deed -------------------------------------------------------------------------


def _do(
    db: Connection, actor: Actor, now: datetime, rows: Sequence[Any], values: Mapping[str, Any],
    label: str, action: str, why: str, each: Mapping[str, Mapping[int, Any]] | None = None,
) -> Changes:  # fmt: skip
    """Write the same values on cases, and by case what ``each`` says by column."""
    if each:
        for row in rows:
            _write(db, [row], {**values, **{name: of[row.id] for name, of in each.items()}})
    else:
        _write(db, rows, values)
    return _told(db, actor, now, rows, label, action, why)


def _told(
    db: Connection, actor: Actor, now: datetime, rows: Sequence[Any], label: str, action: str,
    why: str,
) -> Changes:  # fmt: skip
    if not rows:
        return Changes(label.format(n="no case"), Touched.NOTHING)
    audit.record(db, actor, now, *(audit.Deed(action, f"case:{row.id}", why) for row in rows))
    ids = [row.id for row in rows]
    before = {row.id: {name: getattr(row, name) for name in _KEPT} for row in rows}
    undo = Undo("put_cases_back", {"case_ids": ids, "before": before}, subjects="case_ids")
    return Changes(label.format(n=counted(len(ids), "case")), Touched.CASES, tuple(ids), undo=undo)


def _whole(db: Connection, case_ids: Sequence[int]) -> list[Any]:
    """Return the open cases of the cards that these cases stand on."""
    causes = {row.joined_to or row.cause for row in _rows(db, case_ids)}
    query = select(exception_cases).where(
        is_state(_case.state, "open"), among(effective_cause, "causes")
    )
    return list(db.execute(query.order_by(_case.id), {"causes": sorted(causes)}))


def _rows(db: Connection, case_ids: Sequence[int], *, is_any: bool = False) -> list[Any]:
    query = select(exception_cases).where(among(_case.id, "cases")).order_by(_case.id)
    if not is_any:
        query = query.where(is_state(_case.state, "open"))
    return list(db.execute(query, {"cases": list(case_ids)}))


def _open_elsewhere(db: Connection, rows: Sequence[Any]) -> set[int]:
    """Return the ended cases among these whose subject has another open case by now."""
    query = select(_case.id).where(
        is_state(_case.state, "open"), _case.kind == bindparam("kind_"),
        _case.subject_kind == bindparam("subject"), _case.subject_id == bindparam("number"),
    )  # fmt: skip
    return {
        row.id
        for row in rows
        if row.state != "open"
        and db.execute(
            query, {"kind_": row.kind, "subject": row.subject_kind, "number": row.subject_id}
        ).first()
    }


def _write(db: Connection, rows: Sequence[Any], values: Mapping[str, Any]) -> None:
    if rows:
        here = exception_cases.update().where(among(_case.id, "cases"))
        db.execute(here.values(**values), {"cases": [row.id for row in rows]})


def _reason(words: str, deed: str) -> str:
    reason = " ".join(words.split())
    if not reason:
        raise RefusedError(f"{deed} needs a reason; nothing was changed.",
                           "Say in a few words why: whoever looks next wants to know.")  # fmt: skip
    return reason


def _gone() -> NotFoundError:
    return NotFoundError("There is no such open case any more; nothing was changed.",
                         "Look at the inbox as it is now.")  # fmt: skip
