"""When is the report made by itself? Once a day, at a time of the desk's own day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models import house
from app.models.mismatches import mismatch_runs
from app.services import audit
from app.services.since import refuse_changed_since

SETTING: Final = "report_time"
USUAL, OFF = "06:00", "off"


def report_time(db: Connection) -> str:
    """Return at which time of the day it is made, or that it is off."""
    return str(house.named(db, SETTING).get(SETTING) or USUAL)


def set_report_time(
    db: Connection, actor: Actor, *, at: str, now: datetime, left: str | None = None
) -> Changes:
    """Decide at which time of the desk's day the report is made, or ``off``.

    Raises:
        RefusedError: that is no time of day, or what is to be undone (``left``) was changed since.
    """
    actor.must(Permission.ADMINISTER)
    before, after = report_time(db), _checked(at)
    refuse_changed_since(before, left, "The time of the report")
    if before == after:
        return Changes("Set the time of the report", Touched.NOTHING)
    house.write(db, {SETTING: after})
    audit.record(db, actor, now, audit.Deed("set report time", "settings", "", {"at": before},
                                            {"at": after}))  # fmt: skip
    label = "Make no report by itself" if after == OFF else f"Make the report daily at {after}"
    return Changes(label, Touched.SETTINGS, (1,),
                   undo=Undo("set_report_time", {"at": before, "left": after}, subjects=""))  # fmt: skip


def is_due(db: Connection, *, now: datetime) -> bool:
    """Whether the last time has passed without a report."""
    at = report_time(db)
    if at == OFF:
        return False
    here = now.astimezone(ZoneInfo(house.time_zone(db)))
    turn = datetime.combine(here.date(), time.fromisoformat(at), here.tzinfo)
    if turn > here:
        turn -= timedelta(days=1)
    last = db.execute(select(func.max(mismatch_runs.c.run_at))).scalar()
    return last is None or last < turn


def _checked(at: str) -> str:
    if at == OFF:
        return OFF
    try:
        return f"{time.fromisoformat(at.strip()):%H:%M}"
    except ValueError as error:
        raise RefusedError(f"“{at}” is no time of day; nothing was changed.",
                           "Write it as 06:00, or “off”.") from error  # fmt: skip
