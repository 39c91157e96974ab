"""Messages to buyers by themselves: looks every minute for what is news and what is due, beside the work."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from app.domain.changes import Changes, Touched
from app.queries.messages import is_anybody_written_to
from app.services.desk import Desk
from app.ui.operations import Operations, Problem
from app.ui.timers import every, once

FIRST_MS, LOOK_MS = 20_000, 60_000


def send_if_wanted(desk: Desk) -> Mapping[str, int]:
    """Draft and send; where nobody is to be written to, not even the keyring is opened."""
    if desk.mailer is None or not desk.read(is_anybody_written_to):
        return {}
    return desk.mailer.round()


class MessageClock(QObject):
    """Looks soon after the start and every minute. What could not be sent says so in the list itself."""

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
        """Draft what is news, and send what is due."""
        if not self._is_looking:
            self._is_looking = True
            desk = self._operations.desk
            self._operations.job(lambda: send_if_wanted(desk), then=self._looked,
                                 otherwise=self._not_sent)  # fmt: skip

    def _looked(self, counts: Mapping[str, int]) -> None:
        self._is_looking = False
        if counts:
            self._operations.changed.emit(
                Changes("Write to buyers", Touched.SHIPMENTS | Touched.FILES)
            )

    def _not_sent(self, problem: Problem) -> None:
        self._is_looking = False
        if problem.details:
            self._operations.crashed.emit(problem.details)
        else:  # the rows say it, and they are tried again
            self._operations.changed.emit(
                Changes("Write to buyers", Touched.SHIPMENTS | Touched.FILES)
            )
