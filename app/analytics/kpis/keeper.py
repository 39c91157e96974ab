"""When are the figures by week brought up to date? On a thread of its own, in short turns.

What is counted is counted while others write; only the finished numbers are written, in one short
unit. Whatever does not fit any more is counted anew.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from app.analytics.kpis import rollup
from app.errors import DeskError, details_of
from app.models.database import Store

_EVERY_S: Final = 60.0  # other desks write, too, and time passes
FIRST_S: Final = 5.0
_REST: Final = 0.5  # so much of each turn's length others go first


def nothing() -> None:
    """Do nothing: nobody has to be let go first."""


def count_on(store: Store, *, now: datetime) -> bool:
    """Bring some weeks up to date; return whether there was anything to do."""
    with store.read() as db:
        turn = rollup.count_some(db, now=now)
    if turn is None:
        return False
    with store.write() as db:
        rollup.write(db, turn, now=now)
    return True


def catch_up(store: Store, *, now: datetime, seconds: float | None = None) -> bool:
    """Bring weeks up to date, for at most so long; return whether that was all of them."""
    end = None if seconds is None else time.monotonic() + seconds
    while count_on(store, now=now):
        if end is not None and time.monotonic() >= end:
            return False
    return True


def make_anew(store: Store, *, now: datetime) -> None:
    """Forget everything and count all weeks again."""
    with store.write() as db:
        rollup.forget(db)
    catch_up(store, now=now)


def faults(store: Store, *, now: datetime) -> list[str]:
    """Say what is kept and not what its rows say."""
    with store.read() as db:
        return rollup.faults(db, now=now)


class FigureKeeper:
    """Keeps the figures of a store up to date until it is stopped.

    ``give_way`` is called before each turn and returns when no person waits for the writer; ``first``
    is how long to wait before the first turn, because the window comes first.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        give_way: Callable[[], None] = nothing,
        *,
        first: float = FIRST_S,
    ) -> None:
        self._store, self._now, self._give_way, self._first = store, now, give_way, first
        self._bug: Callable[[str], object] = lambda _details: None
        self._news, self._stopped = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, bug: Callable[[str], object]) -> None:
        """Begin; ``bug`` gets the details of a failure, on that thread."""
        self._bug = bug
        self._thread = threading.Thread(target=self._run, name="figures", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look now: something has changed."""
        self._news.set()

    def stop(self) -> None:
        """Stop after the turn that is under way; the next start goes on."""
        self._stopped.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        self._stopped.wait(self._first)
        while not self._stopped.is_set():
            try:
                self._catch_up()
            except DeskError:
                pass  # the store is busy: next time
            except Exception:  # noqa: BLE001 (a bug must be seen; the desk goes on without)
                self._bug(details_of())
                return
            self._news.wait(_EVERY_S)
            self._news.clear()

    def _catch_up(self) -> None:
        while not self._stopped.is_set():
            self._give_way()
            begun = time.monotonic()
            if not count_on(self._store, now=self._now()):
                return
            self._stopped.wait((time.monotonic() - begun) * _REST)
