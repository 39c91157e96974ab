"""Standards by themselves: asks now and then whether they are kept, and whether what was done worked."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from app.analytics.kpis.watching import keep_watch
from app.domain.changes import Changes
from app.domain.roles import Permission
from app.ui.operations import Operations, Problem
from app.ui.timers import every, once

FIRST_MS, LOOK_MS = 120_000, 15 * 60_000


class StandardsClock(QObject):
    """Looks soon after the start and every quarter of an hour; figures do not move faster."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations, self._is_looking = operations, False
        self._first = once(self, FIRST_MS, self.look)
        self._again = every(self, LOOK_MS, self.look)

    def start(self) -> None:
        """Begin to look."""
        self._first.start()
        self._again.start()

    def look(self) -> None:
        """Open tasks for what is broken, and check what is due."""
        if not self._is_looking and self._operations.desk.actor.may(Permission.WORK):
            self._is_looking = True
            self._operations.job(partial(keep_watch, self._operations.desk), then=self._looked,
                                 otherwise=self._not_looked, shown="Look at the standards")  # fmt: skip

    def _looked(self, changes: Changes) -> None:
        self._is_looking = False
        if changes.touched:
            self._operations.changed.emit(changes)

    def _not_looked(self, problem: Problem) -> None:
        self._is_looking = False
        if problem.details:
            self._operations.crashed.emit(problem.details)
