"""When is the search index brought up to date? On a thread of its own, in short turns, never in a hurry.

While an import brings orders, it rests nine times as long as it works; else it only lets others go
first. It heals what does not fit any more, such as after the file was changed by something else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from app.errors import DeskError, details_of
from app.models.database import Store
from app.services import indexing

_EVERY_S: Final = 5.0  # other desks and programs write, too
_REST: Final = 0.5  # so much of each turn's length …
_LONG_REST: Final = 9.0  # … and so much while orders come in


def nothing() -> None:
    """Do nothing: nobody has to be let go first."""


def catch_up(store: Store, *, seconds: float | None = None) -> bool:
    """Read what is new, for at most so long; return whether that was all of it."""
    end = None if seconds is None else time.monotonic() + seconds
    while not store_is_current(store):
        if end is not None and time.monotonic() >= end:
            return False
        with store.write() as db:
            indexing.read_on(db)
    return True


def make_anew(store: Store) -> int:
    """Forget everything and read all orders again; return how many there are."""
    with store.write() as db:
        indexing.forget(db)
    catch_up(store)
    with store.read() as db:
        return indexing.read_orders(db)


def store_is_current(store: Store) -> bool:
    """Return whether nothing is left to read."""
    with store.read() as db:
        return indexing.is_current(db)


class IndexKeeper:
    """Keeps a store's search index up to date until it is stopped.

    ``give_way`` is called before each turn and returns when no person waits for the writer.
    """

    def __init__(self, store: Store, give_way: Callable[[], None] = nothing) -> None:
        self._store, self._give_way = store, give_way
        self._bug: Callable[[str], object] = lambda _details: None
        self._news, self._stopped = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._newest = 0

    def start(self, bug: Callable[[str], object]) -> None:
        """Begin; ``bug`` gets the details of a failure, on that thread."""
        self._bug = bug
        self._thread = threading.Thread(target=self._run, name="search index", daemon=True)
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
        is_checked = False
        while not self._stopped.is_set():
            try:
                is_checked = is_checked or self._heal()
                self._catch_up()
            except DeskError:
                pass  # the store is busy: next time
            except Exception:  # noqa: BLE001 (a bug must be seen; searching goes on without)
                self._bug(details_of())
                return
            self._news.wait(_EVERY_S)
            self._news.clear()

    def _heal(self) -> bool:
        with self._store.read() as db:
            is_sound = not indexing.faults(db)
        if not is_sound:
            with self._store.write() as db:
                indexing.forget(db)
        return True

    def _catch_up(self) -> None:
        while not self._stopped.is_set() and not store_is_current(self._store):
            self._give_way()
            begun = time.monotonic()
            with self._store.write() as db:
                indexing.read_on(db)
                newest = indexing.newest_order(db)
            taken = time.monotonic() - begun
            is_filling = newest > self._newest > 0
            self._newest = newest
            self._stopped.wait(taken * (_LONG_REST if is_filling else _REST))
