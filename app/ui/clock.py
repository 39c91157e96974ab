"""How does the desk look by itself, now and then, whether something is to be done?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from app.domain.changes import Changes
from app.services.desk import Desk
from app.ui.operations import Operations, Problem
from app.ui.timers import every, once


class Clock(QObject):
    """Looks soon after the start and then again and again, beside the work and never twice at once.

    ``work`` looks, does what is due, and says what it changed; it is called ``shown`` while it lasts.
    ``refused`` is called when it could not be done: the next look tries again.
    """

    def __init__(
        self, operations: Operations, parent: QObject, work: Callable[[Desk], Changes | None], *,
        shown: str, first_ms: int, again_ms: int, refused: Callable[[], object] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._operations, self._work, self._shown = operations, work, shown
        self._when_refused, self._is_looking = refused, False
        self._first = once(self, first_ms, self.look)
        self._again = every(self, again_ms, self.look)

    def start(self) -> None:
        """Begin to look."""
        self._first.start()
        self._again.start()

    def look(self) -> None:
        """Do what is due, unless the last look still goes on."""
        if not self._is_looking:
            self._is_looking = True
            self._operations.job(partial(self._work, self._operations.desk), then=self._looked,
                                 otherwise=self._refused, shown=self._shown)  # fmt: skip

    def _looked(self, changes: Changes | None) -> None:
        self._is_looking = False
        if changes is not None and changes.touched:
            self._operations.changed.emit(changes)

    def _refused(self, _problem: Problem) -> None:
        self._is_looking = False
        if self._when_refused is not None:
            self._when_refused()
