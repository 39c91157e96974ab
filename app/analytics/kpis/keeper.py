"""When are the figures by week brought up to date? On a thread of its own, in short turns.

What is counted is counted while others write; only the finished numbers are written, in one short
unit. Whatever does not fit any more is counted anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from app.analytics.kpis import rollup
from app.models.database import Store
from app.models.keeper import Keeper, nothing

_EVERY_S: Final = 60.0  # other desks write, too, and time passes
FIRST_S: Final = 5.0
_REST: Final = 0.5  # so much of each turn's length others go first


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


class FigureKeeper(Keeper):
    """Keeps the figures of a store up to date until it is stopped.

    ``first`` is how long to wait before the first turn, because the window comes first.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        give_way: Callable[[], None] = nothing,
        *,
        first: float = FIRST_S,
    ) -> None:
        super().__init__("figures", give_way, every=_EVERY_S, first=first)
        self._store, self._now = store, now

    def turn(self) -> None:
        """Count the weeks whose rows have changed."""
        while not self.is_stopped:
            self.give_way()
            begun = time.monotonic()
            if not count_on(self._store, now=self._now()):
                return
            self.rest((time.monotonic() - begun) * _REST)
