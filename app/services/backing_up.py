"""Is it time for a backup? Then make it, verified, and keep no more than was asked for."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from app.domain.roles import Permission
from app.services.backup import Backup, back_up
from app.services.backup_schedule import (
    OFF,
    STAMP,
    is_due,
    kept_backups,
    prefix_of,
    schedule,
)
from app.services.desk import Desk


def is_one_due(desk: Desk) -> bool:
    """Whether it is time for a backup, and this person may make one."""
    wanted = desk.read(schedule)
    if wanted.every == OFF or not desk.actor.may(Permission.WORK):
        return False
    return is_due(wanted, kept_backups(desk.store, wanted), desk.now())


def back_up_if_due(desk: Desk) -> Backup | None:
    """Make a verified backup if it is time for one, and let go of those beyond what is kept.

    Raises:
        RefusedError: the folder is not there any more.
        StoreError: the copy is not sound, or could not be written.
    """
    if not is_one_due(desk):
        return None
    wanted, now = desk.read(schedule), desk.now()
    name = f"{prefix_of(desk.store)}{now.astimezone(UTC):{STAMP}}.backup"
    made = back_up(desk.store, Path(wanted.folder) / name, actor=desk.actor, now=now)
    for old in kept_backups(desk.store, wanted)[wanted.keep :]:
        old.path.unlink(missing_ok=True)
    return made
