"""When is worked out what channels are told, what orders are suggested and what is wrong? Soon after a change.

It is done behind everything else. A change is rarely alone: after the first one the keeper rests a
moment, then does all that came together. At night it wakes for the calendar and the new day.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.domain.changes import Changes
from app.errors import DeskError, details_of
from app.services.desk import Desk

_REST_S: Final = 1.0  # so long others may join
_EVERY_S: Final = 60.0  # other desks write, too, and days end
_LONG_REST: Final = (
    9.0  # so many times as long as it took to look for trouble, before the next look
)


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears what the keeper does, on its thread."""

    published: Callable[[Changes], object]
    bug: Callable[[str], object]


class QuantityKeeper:
    """Keeps what channels are told up to date until it is stopped.

    ``give_way`` is called before each turn and returns when no person waits for the writer.
    """

    def __init__(self, desk: Desk, give_way: Callable[[], None], listener: Listener) -> None:
        self._desk, self._give_way, self._listener = desk, give_way, listener
        self._news, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="quantities", daemon=True)
        self._looks_at: float | None = (
            None  # not at the start: it only brings up to date what it finds
        )

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Look soon: something has changed."""
        self._news.set()

    def stop(self) -> None:
        """Stop after the turn that is under way; the next start goes on."""
        self._stopped.set()
        self._news.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._turn()
            except DeskError:
                pass  # the store is busy: next time
            except Exception:  # noqa: BLE001 (a bug must be seen; the desk goes on)
                self._listener.bug(details_of())
                return
            self._news.wait(self._patience())
            self._stopped.wait(_REST_S)
            self._news.clear()

    def _turn(self) -> None:
        self._do(self._desk.renew)
        self._do(self._desk.publish)
        if self._looks_at is None:
            self._looks_at = time.monotonic()
        elif time.monotonic() >= self._looks_at:
            begun = time.monotonic()
            self._do(self._desk.watch_cases)
            now = time.monotonic()
            self._looks_at = now + _LONG_REST * (now - begun)

    def _do(self, work: Callable[[], Changes]) -> None:
        self._give_way()
        changes = work()
        if changes.touched:
            self._listener.published(changes)

    def _patience(self) -> float:
        """Return how long to wait for news; a look for trouble that was put off comes first."""
        left = (self._looks_at or 0.0) - time.monotonic()
        return left if 0 < left < _EVERY_S else _EVERY_S
