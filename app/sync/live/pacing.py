"""How often may a channel be asked, and how long is it left alone after trouble?

Small and our own: the buckets run on the loop's own clock and are weighed by what the channel says
of itself, which the libraries for it do not do (ADR 14).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from app.sync.live.clock import Clock
from app.sync.live.terms import Budget, Operation

LONGEST_WAIT: Final = 900.0
_NO_LIMIT: Final = Budget(1000.0, 1000.0)
_IN_A_ROW: Final = 5
_MOMENT: Final = 1e-6


class Buckets:
    """The rate budgets of one account: buckets that fill as time passes.

    An operation may have one of its own; those of ``together`` are filled for all of them, and
    whatever is asked takes from each.
    """

    def __init__(
        self, budgets: Mapping[Operation, Budget], together: Sequence[Budget], clock: Clock
    ) -> None:
        self._budgets, self._together, self._clock = budgets, together, clock
        self._filled: dict[Operation | int, tuple[float, float]] = {}
        self._closed_until: dict[Operation, float] = {}

    def take(self, operation: Operation) -> None:
        """Wait until the operation may be asked once more, and count it."""
        while (wait := self.wait_for(operation)) > _MOMENT:  # who is woken early waits on
            self._clock.wait(wait)
        for key, budget in self._buckets(operation):
            self._filled[key] = (self._level(key, budget) - 1.0, self._clock.ticks())

    def wait_for(self, operation: Operation) -> float:
        """Return the seconds until the operation may be asked."""
        closed = self._closed_until.get(operation, 0.0) - self._clock.ticks()
        missing = (
            (1.0 - self._level(key, budget)) / budget.per_second
            for key, budget in self._buckets(operation)
        )
        return max(closed, *missing, 0.0)

    def rest(self, operation: Operation, seconds: float) -> None:
        """Ask this no more for a while: the channel said how much of its budget is left."""
        self._closed_until[operation] = self._clock.ticks() + seconds

    def _buckets(self, operation: Operation) -> list[tuple[Operation | int, Budget]]:
        return [(operation, self._budgets.get(operation, _NO_LIMIT)), *enumerate(self._together)]

    def _level(self, key: Operation | int, budget: Budget) -> float:
        level, at = self._filled.get(key, (budget.burst, self._clock.ticks()))
        passed = max(0.0, self._clock.ticks() - at)
        return min(budget.burst, level + passed * budget.per_second)


class Backoff:
    """How long to wait after the n-th trouble in a row: longer and longer, never in step."""

    def __init__(
        self, chance: random.Random, first: float = 4.0, most: float = LONGEST_WAIT
    ) -> None:
        self._chance, self._first, self._most = chance, first, most

    def wait(self, troubles: int) -> float:
        """Return seconds, at least one: between half and all of a time that doubles."""
        whole = min(self._most, self._first * 2.0 ** min(max(troubles, 1) - 1, 16))
        return max(1.0, whole * self._chance.uniform(0.5, 1.0))


class Breaker:
    """Leaves an operation alone that has not worked several times in a row, and tries it again."""

    def __init__(self, backoff: Backoff, clock: Clock) -> None:
        self._backoff, self._clock = backoff, clock
        self._troubles: dict[Operation, int] = {}
        self._until: dict[Operation, float] = {}

    def wait_for(self, operation: Operation) -> float:
        """Return the seconds until one attempt is let through."""
        return max(0.0, self._until.get(operation, 0.0) - self._clock.ticks())

    def went_well(self, operation: Operation) -> None:
        """Close: the operation works."""
        self._troubles.pop(operation, None)
        self._until.pop(operation, None)

    def went_wrong(self, operation: Operation) -> None:
        """Count one more trouble; after several in a row, leave it alone."""
        count = self._troubles[operation] = self._troubles.get(operation, 0) + 1
        if count >= _IN_A_ROW:
            wait = self._backoff.wait(count - _IN_A_ROW + 1)
            self._until[operation] = self._clock.ticks() + wait


def asked_wait(header: str, now: datetime) -> tuple[float | None, bool]:
    """Read Retry-After: seconds (with a point too) or a date; and whether it was absurd.

    What cannot be read is ``None``; what is absurd is cut to a quarter of an hour.
    """
    seconds = _seconds(header.strip(), now)
    if seconds is None:
        return None, False
    return min(max(seconds, 1.0), LONGEST_WAIT), seconds > LONGEST_WAIT * 4


def _seconds(text: str, now: datetime) -> float | None:
    if text.replace(".", "", 1).isdecimal() and text.isascii() and len(text) < 12:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
