"""How does something happen a little later, or again and again? And what of it is due within moments?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from weakref import WeakSet

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

_ONCE: Final[WeakSet[QTimer]] = WeakSet()


def once(parent: QObject, milliseconds: int, run: Callable[[], object]) -> QTimer:
    """Return a timer that runs something once each time it is started; starting again starts over."""
    timer = every(parent, milliseconds, run)
    timer.setSingleShot(True)
    _ONCE.add(timer)
    return timer


def every(parent: QObject, milliseconds: int, run: Callable[[], object]) -> QTimer:
    """Return a timer that runs something again and again once it is started."""
    timer = QTimer(parent)
    timer.setInterval(milliseconds)
    timer.timeout.connect(run)
    return timer


def hurry(milliseconds: int) -> bool:
    """Run now what would run once within so many milliseconds; return whether there was anything."""
    for gone in [timer for timer in _ONCE if not isValid(timer)]:
        _ONCE.discard(gone)  # with its window, whose Python half may live on for a while
    due = [timer for timer in _ONCE if timer.isActive() and timer.remainingTime() <= milliseconds]
    for timer in due:
        if isValid(timer):  # what ran before it may have closed its window
            timer.stop()
            timer.timeout.emit()
    return bool(due)
