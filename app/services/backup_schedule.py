"""When is the next backup made by itself, where to, and how many are kept?"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from app.domain.changes import Changes, Touched, Undo
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models import house
from app.models.database import Store
from app.services import anchor, audit

OFF, DAY, WEEK = "off", "day", "week"
_SETTING: Final = "backup_schedule"
_AFTER: Final = {DAY: timedelta(days=1), WEEK: timedelta(days=7)}
_OVERDUE: Final = 2  # so many times the distance, and a backup is old
STAMP: Final = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often a backup is made (off, day, week), into which folder, and how many stay."""

    every: str = OFF
    folder: str = ""
    keep: int = 7


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that was made by itself."""

    path: Path
    made_at: datetime
    size: int


def schedule(db: Connection) -> Schedule:
    """Return what was decided; nothing is made by itself before that."""
    found = house.named(db, _SETTING).get(_SETTING)
    return Schedule(**found) if found else Schedule()


def set_backup_schedule(
    db: Connection, actor: Actor, *, every: str, folder: str = "", keep: int = 7, now: datetime
) -> Changes:
    """Decide how often backups are made, where, and how many are kept.

    Raises:
        RefusedError: there is no such folder, or fewer than one would be kept.
    """
    actor.must(Permission.ADMINISTER)
    if every not in (OFF, *_AFTER):
        raise RefusedError(f"“{every}” is not how often; nothing was changed.",
                           "Choose off, day or week.")  # fmt: skip
    if every != OFF and not Path(folder).is_dir():
        raise RefusedError(f"There is no folder “{folder}”; nothing was changed.",
                           "Choose one on another disk, if you have one.")  # fmt: skip
    if not 1 <= keep <= 365:
        raise RefusedError("Between 1 and 365 backups can be kept; nothing was changed.",
                           "Write a number between 1 and 365.")  # fmt: skip
    before, after = schedule(db), Schedule(every, folder, keep)
    house.write(db, {_SETTING: asdict(after)})
    audit.record(db, actor, now, audit.Deed("set backup schedule", "settings",
                 before={"every": before.every, "keep": before.keep},
                 after={"every": every, "keep": keep}))  # fmt: skip
    label = "Make no backups" if every == OFF else f"Back up every {every}"
    return Changes(label, Touched.SETTINGS, (1,), undo=Undo("set_backup_schedule", asdict(before)))


def kept_backups(store: Store, wanted: Schedule) -> tuple[Kept, ...]:
    """Return the backups of this store in the folder, the newest first; other files are none."""
    folder = Path(wanted.folder)
    if not wanted.folder or not folder.is_dir():
        return ()
    mine = re.compile(rf"{re.escape(prefix_of(store))}(\d{{8}}-\d{{6}})\.backup")
    found = [(path, named) for path in folder.iterdir() if (named := mine.fullmatch(path.name))]
    kept = [
        Kept(path, datetime.strptime(named[1], STAMP).replace(tzinfo=UTC), path.stat().st_size)
        for path, named in found
    ]
    return tuple(sorted(kept, key=lambda each: each.made_at, reverse=True))


def is_due(wanted: Schedule, kept: tuple[Kept, ...], now: datetime) -> bool:
    """Whether it is time for the next one."""
    distance = _AFTER.get(wanted.every)
    return distance is not None and (not kept or now - kept[0].made_at >= distance)


def is_old(wanted: Schedule, kept: tuple[Kept, ...], now: datetime) -> bool:
    """Whether the newest one is so old that somebody should look."""
    distance = _AFTER.get(wanted.every)
    return distance is None or not kept or now - kept[0].made_at > distance * _OVERDUE


def prefix_of(store: Store) -> str:
    """Return how the backups of this store begin: two desks may share a folder."""
    with store.read() as db:
        return f"orderdeck-{anchor.identity(db)[:8]}-"
