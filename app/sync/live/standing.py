"""What does trouble mean for whoever is synced: what is said of it, and when does it go on?"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from app.domain.syncing import SyncState
from app.errors import DeskError
from app.sync.live.clock import StoppedError
from app.sync.live.pacing import LONGEST_WAIT, Backoff
from app.sync.live.trouble import (
    ChannelError,
    LimitError,
    OfflineError,
    SignInError,
    ThrottledError,
    TransientError,
    UnsafeError,
)
from app.sync.live.work import LostLeaseError, where_of

log: Final = logging.getLogger("orderdeck.sync")


def tried(name: str, does: Callable[[], DeskError | None]) -> DeskError | None:
    """Do something, and return what kept it from being done; a bug is said, and ends nobody else.

    Raises:
        StoppedError: the loop was asked to stop.
        LostLeaseError: somebody else does this now.
    """
    try:
        return does()
    except (StoppedError, LostLeaseError):
        raise
    except DeskError as problem:
        return problem
    except Exception as bug:  # noqa: BLE001 - it must be seen, and end no other account
        log.warning("the sync of an account stopped: %s", where_of(bug))
        return ChannelError(
            f"The sync of {name} stopped at something that it cannot do yet "
            f"({type(bug).__name__}). Nothing was lost.",
            "Try again; if it comes back, tell us with the details of the log.",
        )


def standing(
    trouble: DeskError, pace: timedelta, troubles: int, chance: random.Random, now: datetime
) -> tuple[SyncState, datetime]:
    """Return the state that a trouble puts an account into, and when it goes on by itself."""
    backoff = Backoff(chance).wait(troubles)
    state, wait = SyncState.ATTENTION, LONGEST_WAIT
    if isinstance(trouble, ThrottledError):
        state, wait = SyncState.WAITING, trouble.wait or backoff
    elif isinstance(trouble, OfflineError):
        state, wait = SyncState.OFFLINE, min(backoff, 120.0)
    elif isinstance(trouble, TransientError):
        state, wait = SyncState.WAITING, backoff
    elif isinstance(trouble, LimitError):
        wait = pace.total_seconds()
    elif not isinstance(trouble, (SignInError, UnsafeError)):
        wait = max(60.0, backoff)
    return state, now + timedelta(seconds=wait)
