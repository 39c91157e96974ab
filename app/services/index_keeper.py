"""When is the search index brought up to date? On a thread of its own, in short turns, never in a hurry.

While an import brings orders, it rests nine times as long as it works; else it only lets others go
first. It heals what does not fit any more, such as after the file was changed by something else.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from app.models.database import Store
from app.models.keeper import Keeper, nothing
from app.services import indexing

_EVERY_S: Final = 5.0  # other desks and programs write, too
_REST: Final = 0.5  # so much of each turn's length …
_LONG_REST: Final = 9.0  # … and so much while orders come in


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


class IndexKeeper(Keeper):
    """Keeps a store's search index up to date until it is stopped."""

    def __init__(self, store: Store, give_way: Callable[[], None] = nothing) -> None:
        super().__init__("search index", give_way, every=_EVERY_S)
        self._store, self._newest, self._is_checked = store, 0, False

    def turn(self) -> None:
        """Read what is new; the first time, heal what does not fit."""
        if not self._is_checked:
            self._heal()
            self._is_checked = True
        while not self.is_stopped and not store_is_current(self._store):
            self.give_way()
            self.rest(self._read_on())

    def _heal(self) -> None:
        with self._store.read() as db:
            is_sound = not indexing.faults(db)
        if not is_sound:
            with self._store.write() as db:
                indexing.forget(db)

    def _read_on(self) -> float:
        """Read some orders; return for how long others go first then."""
        begun = time.monotonic()
        with self._store.write() as db:
            indexing.read_on(db)
            newest = indexing.newest_order(db)
        taken = time.monotonic() - begun
        is_filling = newest > self._newest > 0
        self._newest = newest
        return taken * (_LONG_REST if is_filling else _REST)
