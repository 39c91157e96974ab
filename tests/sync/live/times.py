"""A clock that tests hold in their hands: waiting costs nothing, and every wait is remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.sync.live.clock import StoppedError

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class FakeClock:
    """Time that passes only when somebody waits."""

    def __init__(self, start: datetime = START) -> None:
        self._now, self._ticks = start, 0.0
        self.waits: list[float] = []
        self.stopped = False

    def now(self) -> datetime:
        return self._now

    def ticks(self) -> float:
        return self._ticks

    def wait(self, seconds: float) -> None:
        if self.stopped:
            raise StoppedError
        self.waits.append(seconds)
        self.pass_by(seconds)

    def is_stopped(self) -> bool:
        return self.stopped

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self._ticks += seconds
        self._now += timedelta(seconds=seconds)

    def set_back(self, seconds: float) -> None:
        """Set the computer's clock back; what is counted in ticks goes on."""
        self._now -= timedelta(seconds=seconds)
