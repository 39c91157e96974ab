"""How is something kept up to date behind everything else? On a thread of its own, in turns.

Whoever keeps something says what a turn is. A store that is busy is asked again; a bug is told once and ends
the keeping, while the desk goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.errors import DeskError, details_of


def nothing() -> None:
    """Do nothing: nobody has to be let go first."""


class Keeper:
    """Takes turns until it is stopped: at the start, after news, and every so often without.

    ``give_way`` returns when no person waits for the writer; a turn calls it before it writes. Seconds:
    ``every`` without news, ``first`` before the first turn, ``gather`` so that what follows news joins it.
    """

    def __init__(
        self,
        name: str,
        give_way: Callable[[], None],
        *,
        every: float,
        first: float = 0.0,
        gather: float = 0.0,
    ) -> None:
        self._name, self.give_way = name, give_way
        self._every, self._first, self._gather = every, first, gather
        self._news, self._stopped = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, bug: Callable[[str], object]) -> None:
        """Begin; ``bug`` gets the details of a failure, on that thread."""
        self._thread = threading.Thread(target=self._run, args=(bug,), name=self._name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look soon: something has changed."""
        self._news.set()

    def stop(self) -> None:
        """Stop after the turn that is under way; the next start goes on."""
        self._stopped.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join()

    @property
    def is_stopped(self) -> bool:
        """Whether a turn should come to its end."""
        return self._stopped.is_set()

    def rest(self, seconds: float) -> None:
        """Let others go first for a while; a stop ends it."""
        self._stopped.wait(seconds)

    def turn(self) -> None:
        """Do what there is to do."""
        raise NotImplementedError

    def patience(self) -> float:
        """Return how many seconds to wait for news."""
        return self._every

    def _run(self, bug: Callable[[str], object]) -> None:
        self.rest(self._first)
        while not self.is_stopped:
            try:
                self.turn()
            except DeskError:
                pass  # the store is busy: next time
            except Exception:  # noqa: BLE001 (a bug must be seen; the desk goes on without)
                bug(details_of())
                return
            self._news.wait(self.patience())
            self.rest(self._gather)
            self._news.clear()
