"""The report of mismatches by itself: asks now and then whether it is due, and makes it beside the work."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from app.domain.changes import Changes
from app.services.mismatching.running import report_if_due
from app.ui.operations import Operations, Problem
from app.ui.timers import every, once

FIRST_MS, LOOK_MS = 90_000, 10 * 60_000


class ReportClock(QObject):
    """Looks soon after the start and every ten minutes; a desk that was closed at the time catches up."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations, self._is_making = operations, False
        self._first = once(self, FIRST_MS, self.look)
        self._again = every(self, LOOK_MS, self.look)

    def start(self) -> None:
        """Begin to look."""
        self._first.start()
        self._again.start()

    def look(self) -> None:
        """Make the report if its time of the day has passed."""
        if not self._is_making:
            self._is_making = True
            self._operations.job(partial(report_if_due, self._operations.desk), then=self._made,
                                 otherwise=self._not_made)  # fmt: skip

    def _made(self, changes: Changes | None) -> None:
        self._is_making = False
        if changes is not None:
            self._operations.changed.emit(changes)

    def _not_made(self, problem: Problem) -> None:
        self._is_making = False
        if problem.details:
            self._operations.crashed.emit(problem.details)
