"""When is worked out what channels are told, what orders are suggested and what is wrong? Soon after a change.

It is done behind everything else. A change is rarely alone: after the first one the keeper rests a
moment, then does all that came together. At night it wakes for the calendar and the new day.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from app.domain.changes import Changes
from app.models.keeper import Keeper
from app.services.desk import Desk

_REST_S: Final = 1.0  # so long others may join
_EVERY_S: Final = 60.0  # other desks write, too, and days end
# So many times as long as it took to look for trouble, before the next look.
_LONG_REST: Final = 9.0


class QuantityKeeper(Keeper):
    """Keeps what channels are told up to date until it is stopped.

    ``told`` hears on its thread what it has changed.
    """

    def __init__(
        self, desk: Desk, give_way: Callable[[], None], told: Callable[[Changes], object]
    ) -> None:
        super().__init__("quantities", give_way, every=_EVERY_S, gather=_REST_S)
        self._desk, self._told = desk, told
        # Not at the start: it only brings up to date what it finds.
        self._looks_at: float | None = None

    def turn(self) -> None:
        """Renew suggestions, work out quantities, and now and then look for trouble."""
        self._do(self._desk.renew)
        self._do(self._desk.publish)
        if self._looks_at is None:
            self._looks_at = time.monotonic()
        elif time.monotonic() >= self._looks_at:
            begun = time.monotonic()
            self._do(self._desk.watch_cases)
            now = time.monotonic()
            self._looks_at = now + _LONG_REST * (now - begun)

    def patience(self) -> float:
        """Return how long to wait for news; a look for trouble that was put off comes first."""
        left = (self._looks_at or 0.0) - time.monotonic()
        return left if 0 < left < _EVERY_S else _EVERY_S

    def _do(self, work: Callable[[], Changes]) -> None:
        self.give_way()
        changes = work()
        if changes.touched:
            self._told(changes)
