"""How is something counted again while it keeps changing? Once at a time, with rests between.

A bulk action changes orders fifty times a second; counting a million of them takes longer than that. What
is asked meanwhile is asked once, when the answer before it has come and as long again has gone by.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from app.ui.operations import Operations, Problem, Then
from app.ui.timers import once

_REST = 2  # times as long as the answer took


class Paced(QObject):
    """One question that is asked again and again; every answer arrives."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._waiting: tuple[Callable[[], Any], Then] | None = None
        self._is_under_way = False
        self._begun = 0.0
        self._rest = once(self, 0, self._go_on)

    def ask(self, question: Callable[[], Any], *, then: Then) -> None:
        """Ask now, or as soon as it is time again; of several that wait, the newest is asked."""
        self._waiting = (question, then)
        if not self._rest.isActive():
            self._go_on()

    def _go_on(self) -> None:
        if self._waiting is None or self._is_under_way:
            return
        (question, then), self._waiting = self._waiting, None
        self._is_under_way, self._begun = True, time.monotonic()
        self._operations.ask(
            question, then=partial(self._answered, then), otherwise=self._not_answered
        )

    def _answered(self, then: Then, answer: Any) -> None:
        self._pause()
        then(answer)

    def _not_answered(self, problem: Problem) -> None:
        self._pause()
        if not problem.details:
            self._operations.failed.emit(problem.title, problem.advice)

    def _pause(self) -> None:
        self._is_under_way = False
        self._rest.start(round(1000 * _REST * (time.monotonic() - self._begun)))
