"""Does anything block the window? While developing, a log line with a stack says what did."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import traceback

from PySide6.QtCore import QTimer

LONGEST_MS = 50
_BEAT_MS = 15
log = logging.getLogger(__name__)


class Watchdog:
    """Beats on the window's thread, and watches the beat from another one."""

    def __init__(self) -> None:
        self._window_thread = threading.get_ident()
        self._last = time.monotonic()
        self._is_over = threading.Event()
        self._timer = QTimer()
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    @classmethod
    def if_wanted(cls) -> Watchdog | None:
        """Start one when ``ORDERDECK_DEBUG`` is set."""
        return cls() if os.environ.get("ORDERDECK_DEBUG") else None

    def _beat(self) -> None:
        self._last = time.monotonic()

    def _watch(self) -> None:
        reported = 0.0
        while not self._is_over.wait(_BEAT_MS / 1000):
            gap = (time.monotonic() - self._last) * 1000
            if gap > LONGEST_MS + _BEAT_MS and self._last != reported:
                reported = self._last
                frame = sys._current_frames().get(self._window_thread)  # noqa: SLF001 (the only way to another thread's stack)
                stack = "".join(traceback.format_stack(frame)) if frame else ""
                log.warning("the window was blocked for more than %d ms:\n%s", LONGEST_MS, stack)

    def stop(self) -> None:
        """Watch no longer."""
        self._is_over.set()
        self._timer.stop()
