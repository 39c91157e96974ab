"""The job of planning: it reads once, thinks without the store, and can be stopped."""

from __future__ import annotations

from app.services.desk import Desk
from app.services.planning.plans import Proposal, propose
from app.services.planning.problem import open_queue


class Planning:
    """One planning of the queue, away from the window's thread."""

    def __init__(self, desk: Desk, seconds: float) -> None:
        self._desk, self._seconds = desk, seconds
        self.is_cancelled = False

    def cancel(self) -> None:
        """Stop soon, with the best plan so far."""
        self.is_cancelled = True

    def run(self) -> Proposal:
        """Plan what is undecided now."""
        queue = self._desk.read(open_queue, now=self._desk.now())
        return propose(queue, seconds=self._seconds, ask=lambda: self.is_cancelled)
