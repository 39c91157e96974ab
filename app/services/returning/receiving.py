"""Take returned units in, look at them, put them away: nothing goes on sale that nobody looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.changes import Changes, Touched, Undo, counted
from app.domain.inventory import Bucket
from app.domain.returning import custody
from app.domain.returning.custody import (
    AWAITED,
    AWAY,
    GRADES,
    IN,
    Disposition,
    Grade,
    Handling,
    Shift,
    opposite,
)
from app.domain.returning.history import CUSTODY, Past, Standing, Step
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.returns import return_units, returns
from app.services.returning import units
from app.services.returning.policy import in_force
from app.services.returning.units import Taken
from app.services.stockroom.moving import level, location_id

_TOUCHED = Touched.SHIPMENTS | Touched.ORDERS | Touched.STOCK | Touched.CASES
_NEEDS_TRUST = (Disposition.WRITE_OFF, Disposition.SUPPLIER)
PLACES = {
    Disposition.RESTOCK: "back on sale",
    Disposition.QUARANTINE: "into quarantine",
    Disposition.DAMAGED: "among the damaged",
    Disposition.WRITE_OFF: "written off",
    Disposition.SUPPLIER: "back to the supplier",
}


def receive_return(
    db: Connection, actor: Actor, *, return_id: int, location: str,
    unit_ids: Sequence[int] | None = None, reason: str = "", now: datetime,
) -> Changes:  # fmt: skip
    """Take units in that came back, all that are awaited or the ones named; they are not for sale yet.

    Raises:
        RefusedError: nothing of it is awaited.
    """
    actor.must(Permission.WORK)
    place = location_id(db, location)
    rows = [
        row
        for row in units.units_of(db, return_id)
        if (row.id in unit_ids if unit_ids is not None else row.custody in AWAITED)
    ]
    if not rows:
        raise RefusedError("Nothing of it is still to come; nothing was changed.",
                           "Look at the steps of the return.")  # fmt: skip
    _take(db, actor, rows, Handling.RECEIVE, "", IN, reason, now, place=place)
    return _receipt(f"Receive {counted(len(rows), 'unit')} of {rows[0].number}", rows)


def inspect_return(
    db: Connection, actor: Actor, *, unit_ids: Sequence[int], grade: str, finding: str = "",
    disposition: str = "", now: datetime,
) -> Changes:  # fmt: skip
    """Grade units that are here and put them where that grade goes, or where ``disposition`` says.

    Raises:
        RefusedError: a unit is not here, or the grade or the place is none.
    """
    actor.must(Permission.WORK)
    seen = _grade(grade)
    place = _place(disposition) if disposition else in_force(db).places[seen]
    _must_be_trusted(actor, place)
    rows = units.units(db, unit_ids)
    _take(db, actor, rows, Handling.GRADE, seen, (), finding, now)
    _note(db, unit_ids, finding)
    _take(db, actor, units.units(db, unit_ids), Handling.DISPOSE, place, AWAY[place], finding, now)
    label = f"Grade {counted(len(rows), 'unit')} {seen}, {PLACES[place]}"
    return _receipt(label, rows, steps=2)


def grade_return(
    db: Connection, actor: Actor, *, unit_ids: Sequence[int], grade: str, finding: str = "",
    now: datetime,
) -> Changes:  # fmt: skip
    """Write down what somebody saw; where the units go is said later.

    Raises:
        RefusedError: a unit is not here, or the grade is none.
    """
    actor.must(Permission.WORK)
    seen = _grade(grade)
    rows = units.units(db, unit_ids)
    _take(db, actor, rows, Handling.GRADE, seen, (), finding, now)
    _note(db, unit_ids, finding)
    return _receipt(f"Grade {counted(len(rows), 'unit')} {seen}: {GRADES[seen]}", rows)


def put_away(
    db: Connection, actor: Actor, *, unit_ids: Sequence[int], disposition: str, reason: str = "",
    now: datetime,
) -> Changes:  # fmt: skip
    """Put units away that were looked at.

    Raises:
        RefusedError: nobody has looked at a unit yet, or there is no such place.
    """
    actor.must(Permission.WORK)
    place = _place(disposition)
    _must_be_trusted(actor, place)
    rows = units.units(db, unit_ids)
    _take(db, actor, rows, Handling.DISPOSE, place, AWAY[place], reason, now)
    return _receipt(f"Put {counted(len(rows), 'unit')} {PLACES[place]}", rows)


def step_back(
    db: Connection, actor: Actor, *, unit_ids: Sequence[int], steps: int = 1,
    parcel: Mapping[str, str] | None = None, now: datetime,
) -> Changes:  # fmt: skip
    """Take the last steps of units back, with what they did to the shelves.

    ``parcel`` is the carrier and tracking number that their return had before that step, where it changed them.

    Raises:
        RefusedError: there is no step, or the units are not where it put them any more.
    """
    actor.must(Permission.WORK)
    for _ in range(steps):
        rows = units.units(db, unit_ids)
        _step_back(db, actor, rows, now)
        if parcel:
            here = returns.c.id.in_({row.return_id for row in rows})
            db.execute(returns.update().where(here).values(**parcel))
    return Changes(f"Take the last step of {counted(len(unit_ids), 'unit')} back", _TOUCHED,
                   tuple(unit_ids))  # fmt: skip


def _take(
    db: Connection, actor: Actor, rows: Sequence[Any], handling: Handling, said: str,
    shifts: tuple[Shift, ...], reason: str, now: datetime, *, place: int | None = None,
) -> None:  # fmt: skip
    pasts = units.pasts(db, [row.id for row in rows])
    taken: list[Taken] = []
    standings: list[tuple[int, Standing, int | None]] = []
    for row in rows:
        past: Past = pasts[row.id]
        before, step = past.now.custody, Step(CUSTODY, handling, now, said)
        new = past.take(step)
        at = place if place is not None else row.location_id
        taken.append(Taken(row, step, before, new.custody, shifts, at))
        standings.append((row.id, new, at))
    units.stand(db, standings)
    units.write(db, actor, taken, reason=reason, now=now)


def _step_back(db: Connection, actor: Actor, rows: Sequence[Any], now: datetime) -> None:
    pasts = units.pasts(db, [row.id for row in rows])
    taken: list[Taken] = []
    standings: list[tuple[int, Standing, int | None]] = []
    for row in rows:
        past: Past = pasts[row.id]
        if not past.can_go_back:
            raise RefusedError(f"Nothing has happened to a unit of {row.number} yet; nothing was "
                               "changed.", "Look at the steps of the return.")  # fmt: skip
        old = past.now
        step = Step(CUSTODY, Handling.TAKE_BACK, now)
        new = past.take(step)
        shifts = _undone(old, new)
        taken.append(Taken(row, step, old.custody, new.custody, shifts, row.location_id))
        standings.append((row.id, new, row.location_id if new.received_at else None))
    _must_lie_there(db, taken)
    units.stand(db, standings)
    units.write(db, actor, taken, reason="Taken back.", now=now)


def _undone(old: Standing, new: Standing) -> tuple[Shift, ...]:
    """Return what the step did to the shelf, the other way round."""
    if old.disposition and not new.disposition:
        return opposite(AWAY[Disposition(old.disposition)])
    return opposite(IN) if old.received_at and not new.received_at else ()


def _must_lie_there(db: Connection, taken: Collection[Taken]) -> None:
    """Refuse to take units out of a bucket in which they are not any more."""
    wanted: Counter[tuple[int, int, Bucket]] = Counter()
    for each in taken:
        for shift in each.shifts:
            if shift.units < 0 and each.location_id is not None:
                wanted[each.unit.sku_id, each.location_id, shift.bucket] -= shift.units
    for (sku_id, place, bucket), count in wanted.items():
        if getattr(level(db, sku_id, place), bucket.value) < count:
            raise RefusedError(
                "The units are not there any more where that step put them; nothing was changed.",
                "Look at the movements of the SKU, and correct the stock there.",
            )


def _note(db: Connection, unit_ids: Sequence[int], finding: str) -> None:
    db.execute(
        return_units.update().where(return_units.c.id.in_(unit_ids)).values(finding=finding.strip())
    )


def _grade(text: str) -> Grade:
    try:
        return Grade(text.strip().upper())
    except ValueError:
        said = ", ".join(f"{grade} ({words})" for grade, words in GRADES.items())
        raise RefusedError(f"“{text}” is no grade; nothing was changed.",
                           f"Choose one of: {said}.") from None  # fmt: skip


def _place(text: str) -> Disposition:
    try:
        return Disposition(text)
    except ValueError:
        raise RefusedError(f"Units cannot be put away as “{text}”; nothing was changed.",
                           f"Choose one of: {', '.join(custody.Disposition)}.") from None  # fmt: skip


def _must_be_trusted(actor: Actor, place: Disposition) -> None:
    if place in _NEEDS_TRUST:
        actor.must(Permission.WRITE_OFF)


def _receipt(label: str, rows: Sequence[Any], *, steps: int = 1) -> Changes:
    ids = [row.id for row in rows]
    undo = Undo("step_back", {"unit_ids": ids, "steps": steps}, "unit_ids")
    return Changes(label, _TOUCHED, tuple(ids), undo=undo)
