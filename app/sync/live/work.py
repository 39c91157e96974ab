"""What does every step of an account's cycle work with?"""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from app.domain.roles import SYSTEM, Actor
from app.domain.syncing import SyncStep
from app.models.database import Store
from app.services.syncing import states
from app.services.syncing.connections import Connected
from app.sync.live.channel import ChannelClient
from app.sync.live.clock import Clock
from app.sync.live.door import Door
from app.sync.live.terms import Traits

# Orders that are taken in at once: a page is cut so that the operator's own writes come in between.
AT_ONCE: Final = 25


def _quiet(_place: str) -> None:
    """Nothing breaks here unless a simulation wants it to."""


def _unseen(_step: SyncStep, _done: int, _total: int) -> None:
    """Nobody watches how far it is."""


class LostLeaseError(Exception):
    """Somebody else works this account now."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@dataclass(slots=True)
class Work:
    """One account at work: its store, its channel, its clock. ``breaks`` is called at named places,
    where a simulation may end the program.
    """

    store: Store
    account: Connected
    traits: Traits
    client: ChannelClient
    door: Door
    clock: Clock
    chance: random.Random
    holder: str
    actor: Actor = SYSTEM
    breaks: Callable[[str], None] = _quiet
    progress: Callable[[SyncStep, int, int], None] = _unseen
    counts: dict[str, int] = field(default_factory=dict)
    leased_at: float = -1e9
    loops: int = 0

    @property
    def id(self) -> int:
        """The account's id."""
        return self.account.account_id

    def now(self) -> datetime:
        """Return this computer's time."""
        return self.clock.now()

    def channel_now(self) -> datetime:
        """Return the time as the channel has it, as its last answer showed."""
        return self.clock.now() + timedelta(seconds=self.door.skew)

    def count(self, what: str, more: int = 1) -> None:
        """Count what this cycle did."""
        if more:
            self.counts[what] = self.counts.get(what, 0) + more

    def keep_lease(self, db: Connection) -> None:
        """Make sure, inside a write unit, that nobody else works this account.

        Raises:
            LostLeaseError: somebody does.
        """
        holder = states.take_lease(db, self.id, self.holder, now=self.now())
        if holder != self.holder:
            raise LostLeaseError(holder)


def where_of(bug: BaseException) -> str:
    """Say where a bug was met, by file and line: never what it says, which may be a buyer's data."""
    frames = traceback.extract_tb(bug.__traceback__)
    places = [f"{frame.filename.rpartition('app/')[2]}:{frame.lineno}" for frame in frames[-4:]]
    return f"{type(bug).__name__} at {' > '.join(places)}"
