"""Backups by themselves: asks now and then whether one is due, and makes it beside the work."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.changes import Changes, Touched
from app.services.backing_up import back_up_if_due, is_one_due
from app.services.backup import Backup
from app.ui.operations import Operations, Problem
from app.ui.timers import every, once
from app.ui.words import count_of

FIRST_MS, LOOK_MS = 60_000, 15 * 60_000


class BackupClock(QObject):
    """Looks a minute after the start and every quarter of an hour."""

    refused = Signal(str, str)  # title, advice

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._is_making = False
        self._first = once(self, FIRST_MS, self.look)
        self._again = every(self, LOOK_MS, self.look)

    def start(self) -> None:
        """Begin to look."""
        self._first.start()
        self._again.start()

    def look(self) -> None:
        """Make a backup if one is due."""
        if not self._is_making:
            desk = self._operations.desk
            self._operations.ask(partial(is_one_due, desk), then=self._found, slot=(self, "due"))

    def _found(self, is_due: bool) -> None:
        if not is_due or self._is_making:
            return
        self._is_making = True
        operations = self._operations
        self._shown = operations.activity.begin("Back up, as it was decided in Settings")
        operations.job(partial(back_up_if_due, operations.desk), then=self._made,
                       otherwise=self._not_made, shown=self._shown)  # fmt: skip

    def _made(self, made: Backup | None) -> None:
        self._is_making = False
        if made is not None:
            self._shown.end(f"{count_of(made.orders, 'order')}, verified")
            self._operations.changed.emit(Changes("Back up", Touched.SETTINGS))

    def _not_made(self, problem: Problem) -> None:
        self._is_making = False
        if not problem.details:
            self.refused.emit(problem.title, problem.advice)
