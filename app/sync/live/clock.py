"""What time is it, and how does a loop wait? The one door to time for everything in the background.

Deadlines and waits are counted in ticks, which no change of the computer's clock moves; what is
written down is a time of day.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from app.services.desk import utc_now


class StoppedError(Exception):
    """The loop was asked to stop; whatever it was doing is unfinished, and its rows say so."""


class Clock(Protocol):
    """Time as a loop sees it."""

    def now(self) -> datetime:
        """Return the time of day, aware UTC."""

    def ticks(self) -> float:
        """Return seconds that only ever grow."""

    def wait(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            StoppedError: the loop was asked to stop.
        """

    def is_stopped(self) -> bool:
        """Say whether the loop was asked to stop."""


class SystemClock:
    """The computer's own time, with a switch that ends every wait at once."""

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now
        self._stopped, self._woken = threading.Event(), threading.Event()

    def now(self) -> datetime:
        """Return the time of day, aware UTC."""
        return self._now()

    def ticks(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Let time pass; someone who wakes the loop ends the wait early.

        Raises:
            StoppedError: the loop was asked to stop.
        """
        self._woken.wait(max(0.0, seconds))
        self._woken.clear()
        if self.is_stopped():
            raise StoppedError

    def is_stopped(self) -> bool:
        """Say whether the loop was asked to stop."""
        return self._stopped.is_set()

    def wake(self) -> None:
        """End the wait that is under way, or the next one."""
        self._woken.set()

    def stop(self) -> None:
        """End every wait, now and later."""
        self._stopped.set()
        self._woken.set()
