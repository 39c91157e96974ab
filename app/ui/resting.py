"""When has a window come to rest? For whoever draws it or tries it out, and cannot see that it moves."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.ui.operations import Operations
from app.ui.timers import hurry

SOON_MS: Final = 260  # longer than any pause before something is read again
_CALM_ROUNDS: Final = 20
_ROUND_S: Final = 0.003


def come_to_rest(operations: Operations, patience_s: float) -> bool:
    """Wait until everything that was asked is answered and shown; False if that takes too long.

    Pauses that only spare a person's eyes are not waited for: what would be done soon is done now.
    """
    end, rounds = time.monotonic() + patience_s, 0
    while rounds < _CALM_ROUNDS:
        if time.monotonic() > end:
            return False
        QCoreApplication.processEvents()
        is_moving = operations.is_busy or hurry(SOON_MS)
        rounds = 0 if is_moving else rounds + 1
        time.sleep(_ROUND_S)
    return True
