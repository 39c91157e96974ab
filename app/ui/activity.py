"""What is under way, and what was: every job, every message, one list.

A job is announced once, here; the line at the foot, the activity list and the question at closing
all read it from here. What a toast or a banner said stays readable after it is gone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from app.ui.tokens import Tone

KEPT = 200


class Activity(QObject):
    """The list of what happens in this window, newest first."""

    changed = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._items: deque[Item] = deque(maxlen=KEPT)

    def begin(
        self, title: str, *, stop: Callable[[], object] | None = None, goes_on: bool = False
    ) -> Item:
        """Announce a job. ``stop`` ends it early; one that ``goes_on`` by itself at the next start
        needs no question when the window is closed."""
        item = Item(self, title, self._now(), stop=stop, goes_on=goes_on)
        self._items.appendleft(item)
        self.changed.emit()
        return item

    def note(self, title: str, more: str = "", tone: Tone = Tone.NEUTRAL) -> None:
        """Keep a message."""
        item = Item(self, title, self._now())
        self._items.appendleft(item)
        item.end(more, tone)

    @property
    def items(self) -> list[Item]:
        """Everything that is kept, newest first."""
        return list(self._items)

    @property
    def running(self) -> list[Item]:
        """What is under way, oldest first."""
        return [item for item in reversed(self._items) if item.is_running]

    def now(self) -> datetime:
        """Return the desk's time."""
        return self._now()


class Item:
    """One job or message. Its methods are called on the window's thread."""

    def __init__(
        self, activity: Activity, title: str, at: datetime, *,
        stop: Callable[[], object] | None = None, goes_on: bool = False,
    ) -> None:  # fmt: skip
        self._activity, self._stop = activity, stop
        self.title, self.began_at, self.goes_on = title, at, goes_on
        self.ended_at: datetime | None = None
        self.done = self.total = 0
        self.outcome = ""
        self.tone = Tone.ACCENT
        self.is_stopping = False

    @property
    def is_running(self) -> bool:
        """Whether it is under way."""
        return self.ended_at is None

    @property
    def can_stop(self) -> bool:
        """Whether a person can end it early."""
        return self.is_running and self._stop is not None and not self.is_stopping

    def progress(self, done: int, total: int) -> None:
        """Say how far it is; ``total`` is 0 while nobody knows."""
        self.done, self.total = done, total
        self._activity.changed.emit()

    def stop(self) -> None:
        """End it early; what is done stays done."""
        if self.can_stop and self._stop is not None:
            self.is_stopping = True
            self._stop()
            self._activity.changed.emit()

    def end(self, outcome: str = "", tone: Tone = Tone.GOOD) -> None:
        """Say how it ended; only the first word counts."""
        if self.is_running:
            self.ended_at = self._activity.now()
            self.outcome, self.tone = outcome, tone
            self._activity.changed.emit()
