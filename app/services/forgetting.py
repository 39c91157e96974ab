"""Forget the buyers of old orders everywhere: in the desk, in what searches read, in its own backups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from app.errors import RefusedError
from app.services import indexing
from app.services.backup import back_up
from app.services.backup_schedule import STAMP, kept_backups, prefix_of, schedule
from app.services.desk import Desk
from app.services.erasing import leave_nothing_behind, waiting


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten: orders, those that an open case keeps, and backups that were let go."""

    before: datetime
    orders: int
    kept: int
    backups: int
    is_journal_empty: bool


def forget_buyers(desk: Desk, *, days: int) -> Forgotten:
    """Forget everyone whose order has been over for so many days, in the desk and in its own backups.

    Raises:
        NotAllowedError: the role is too low.
        RefusedError: fewer days than one.
    """
    if days < 1:
        raise RefusedError("Buyers are needed while an order is under way; nothing was forgotten.",
                           "Name one day at least; Amazon asks for thirty.")  # fmt: skip
    before, done = desk.now() - timedelta(days=days), 0
    while changes := desk.run("erase_buyers", before=before).done:
        done += len(changes)
    desk.write(leave_nothing_behind)
    while desk.write(_read_anew):
        pass
    desk.write(_tidy_index)
    backups = _renew_backups(desk) if done else 0
    kept = desk.read(waiting, before=before).kept
    return Forgotten(before, done, kept, backups, desk.store.settle_journal())


def _read_anew(db: Connection) -> int:
    leave_nothing_behind(db)
    return indexing.read_on(db)


def _tidy_index(db: Connection) -> None:
    leave_nothing_behind(db)
    indexing.leave_no_trace(db)


def _renew_backups(desk: Desk) -> int:
    """Let go of the backups that still name them, once there is a newer one."""
    wanted = desk.read(schedule)
    old = kept_backups(desk.store, wanted)
    if old:
        name = f"{prefix_of(desk.store)}{desk.now().astimezone(UTC):{STAMP}}.backup"
        target = Path(wanted.folder) / name
        back_up(desk.store, target, actor=desk.actor, now=desk.now(), replace=True)
        for each in old:
            if each.path != target:
                each.path.unlink(missing_ok=True)
    return len(old)
