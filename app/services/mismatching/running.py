"""Make the report on an opened desk: now, or once its time of the day has passed."""

from __future__ import annotations

from time import perf_counter

from app.domain.changes import Changes
from app.domain.roles import Permission
from app.services.desk import Desk
from app.services.mismatching.keeping import keep_report
from app.services.mismatching.report import look
from app.services.mismatching.schedule import is_due


def report_now(desk: Desk) -> Changes:
    """Make the report: worked out while others may write, kept in one short unit."""
    desk.actor.must(Permission.WORK)
    desk.publish()
    begun = perf_counter()
    found = desk.read(look, now=desk.now())
    seconds = perf_counter() - begun
    return desk.write(
        lambda db: keep_report(db, desk.actor, found, seconds=seconds, now=desk.now())
    )


def report_if_due(desk: Desk) -> Changes | None:
    """Make the report if its time has passed; who may not work leaves it to those who may."""
    if not desk.actor.may(Permission.WORK) or not desk.read(is_due, now=desk.now()):
        return None
    return report_now(desk)
