"""Is every standard kept, and did what was done about a broken one work? Asked behind everything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from app.analytics.kpis.measuring import Span, cells, totals
from app.analytics.kpis.standing import slice_of, standings
from app.domain.changes import Changes, Touched
from app.domain.kpis.breaches import Found, task
from app.domain.kpis.figures import Figure
from app.domain.kpis.standards import State, standard_from
from app.models import house
from app.models.kpis import kpi_breaches


class Working(Protocol):
    """The desk, as this sees it."""

    @property
    def now(self) -> Callable[[], datetime]:
        """Return the desk's clock."""

    def read(self, reading: Callable[..., Any], /, *positional: Any, **named: Any) -> Any:
        """Read something on one consistent picture."""

    def run(self, operation: str, /, **arguments: Any) -> Changes:
        """Carry out an operation."""


def keep_watch(desk: Working) -> Changes:
    """Open tasks for what is broken, check what is due; without anything new, nothing is written."""
    now = desk.now()
    found, since = desk.read(news, now=now)
    if not found and not since:
        return Changes("Keep watch", Touched.NOTHING)
    return desk.run("keep_breaches", found=found, since=since)


def news(db: Connection, *, now: datetime) -> tuple[list[Found], list[Found]]:
    """Return the standards that change a task, and those whose check is due, measured since the deed."""
    tasks = {row.standard: row for row in db.execute(_TASKS)}
    found = [Found(each.standard, each.figure) for each in standings(db, now=now)]
    new = [each for each in found
           if (each.state is State.BREACH and each.standard.code not in tasks)
           or (each.state in (State.GOOD, State.WARNING)
               and each.standard.code in tasks and tasks[each.standard.code].state == "open")]  # fmt: skip
    due = [row for row in tasks.values() if row.state == "acted" and row.check_at <= now]
    return new, _since(db, due, now)


def _since(db: Connection, due: Sequence[Any], now: datetime) -> list[Found]:
    """Measure each standard from the moment at which something was done about it."""
    zone = house.time_zone(db)
    found = []
    for row in due:
        standard = standard_from(row.terms)
        by, names = slice_of(standard)
        where = ZoneInfo(standard.zone or zone)
        span = Span(row.acted_at, now)
        measured = totals(cells(db, standard.measure, span, by, zone=where, now=now))
        found.append(Found(standard, measured.get(names[0] if names else "", Figure(0))))
    return found


_TASKS = select(kpi_breaches).where(~kpi_breaches.c.is_done)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task for a broken standard, and the last thing that is known of it."""

    id: int
    code: str
    title: str
    state: str
    words: str
    opened_at: datetime
    check_at: datetime | None


def tasks(db: Connection) -> list[TaskRow]:
    """Return the tasks that are not over."""
    return [
        TaskRow(
            row.id, row.standard, task(Found(standard_from(row.terms), Figure(row.counted, row.hits, None, row.ninetieth))),
            row.state, row.checks[-1]["words"] if row.checks else row.deed, row.opened_at, row.check_at,
        )
        for row in db.execute(_TASKS.order_by(kpi_breaches.c.id))
    ]  # fmt: skip
