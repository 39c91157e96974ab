"""How are all accounts kept in step behind the window, each on its own thread?

One account's trouble never stops another: they share nothing but the store. Whoever looks at an account
holds its lease, so a window, a service and another desk never work one account at once. What a loop has
taken in may change what others have to be told: so they are nudged.
"""

from __future__ import annotations

import logging
import os
import random
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.domain.changes import Changes, Touched
from app.domain.syncing import SyncState, SyncStatus, came_words
from app.errors import DeskError
from app.services import anchor
from app.services.desk import Desk, SyncListener
from app.services.syncing import connections, states
from app.services.syncing.connections import Connected
from app.sync.live.adapters import Adapter, Connection, adapter_of, door_to
from app.sync.live.channel import Secrets
from app.sync.live.clock import StoppedError, SystemClock
from app.sync.live.cycle import AccountSync
from app.sync.live.door import Door
from app.sync.live.work import Work

log: Final = logging.getLogger("orderdeck.sync")
STOPS_IN: Final = 0.9
_LOOKS_EVERY: Final = 3.0
_TAKES_IN: Final = ("new", "updated", "changed", "unread")

SecretsOf = Callable[[Connected], Secrets]


def _nobody() -> SyncListener:
    return SyncListener(lambda _: None, lambda _: None)


@dataclass(slots=True)
class _Loop:
    """One account's thread."""

    account: Connected
    clock: SystemClock
    status: SyncStatus
    thread: threading.Thread | None = None
    may_be_nudged: bool = True


@dataclass(slots=True)
class SyncEngine:
    """Keeps every connected account in step. ``holder`` is who this is, for the lease."""

    desk: Desk
    secrets_of: SecretsOf
    holder: str = field(default_factory=lambda: f"{socket.gethostname()}, process {os.getpid()}")
    tell: SyncListener = field(default_factory=_nobody)
    _loops: dict[int, _Loop] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _keeper: threading.Thread | None = None
    _clock: SystemClock = field(default_factory=SystemClock)

    # ---- what the window and the command line ask -------------------------------------------------

    def start(self, tell: SyncListener) -> None:
        """Begin to keep accounts in step; ``tell`` is called on their threads."""
        self.tell = tell
        self._keeper = threading.Thread(target=self._keep, name="orderdeck-sync", daemon=True)
        self._keeper.start()

    def stop(self) -> None:
        """Stop within a second; what was under way is settled at the next start."""
        self._clock.stop()
        with self._lock:
            loops = list(self._loops.values())
        for loop in loops:
            loop.clock.stop()
        for thread in [self._keeper, *(loop.thread for loop in loops)]:
            if thread is not None:
                thread.join(STOPS_IN)

    def sync_now(self, account_id: int | None = None) -> None:
        """Look at an account, or all of them, at once; one that was asked for patience keeps it."""
        self._clock.wake()
        with self._lock:
            wanted = [x for key, x in self._loops.items() if account_id in (None, key)]
        for loop in wanted:
            if loop.may_be_nudged:
                loop.clock.wake()

    def statuses(self) -> tuple[SyncStatus, ...]:
        """Return how each account does now."""
        with self._lock:
            return tuple(loop.status for loop in self._loops.values())

    def look_once(self, channel: str = "") -> list[tuple[Connected, SyncStatus, dict[str, int]]]:
        """Look at every account of a channel (or of all) once, without threads of their own."""
        found = []
        for account in self.desk.read(connections.connections):
            if channel and account.channel != channel:
                continue
            if account.is_paused:
                paused = SyncStatus(account.account_id, SyncState.PAUSED)
                found.append((account, paused, dict[str, int]()))
                continue
            found.append((account, *self._looked(account)))
        return found

    # ---- one look ---------------------------------------------------------------------------------

    def _looked(self, account: Connected) -> tuple[SyncStatus, dict[str, int]]:
        loop = _Loop(
            account, SystemClock(self.desk.now), SyncStatus(account.account_id, SyncState.SYNCING)
        )
        try:
            with self._door(account, loop.clock) as door:
                sync = self._sync(loop, door)
                status = sync.cycle()
                counts = dict(sync.work.counts)
        except DeskError as trouble:
            return _attention(account.account_id, trouble, self.desk.now()), {}
        self._give_back(account.account_id)
        anchor.save(self.desk.store)
        return status, counts

    def _sync(self, loop: _Loop, door: Door) -> AccountSync:
        account, adapter = loop.account, _adapter(loop.account)
        client = adapter.make(
            Connection(account.account_id, account.address, account.settings,
                       self.secrets_of(account), loop.clock, door)
        )  # fmt: skip
        work = Work(
            self.desk.store, account, adapter.traits, client, door, loop.clock, random.Random(),
            self.holder,
        )  # fmt: skip

        def say(status: SyncStatus) -> None:
            self._say(loop, status)

        work.progress = lambda step, done, total: say(
            SyncStatus(account.account_id, SyncState.SYNCING, done=done, total=total, step=step)
        )
        return AccountSync(work, say)

    def _door(self, account: Connected, clock: SystemClock) -> Door:
        adapter = _adapter(account)
        return door_to(adapter, account.address, clock)

    # ---- the threads ------------------------------------------------------------------------------

    def _keep(self) -> None:
        """Start a loop for each account that is connected, and end those that are not any more."""
        while not self._clock.is_stopped():
            try:
                self._match(self.desk.read(connections.connections))
            except DeskError:
                log.warning("the connected accounts could not be read; looking again")
            try:
                self._clock.wait(_LOOKS_EVERY)
            except StoppedError:
                return

    def _match(self, wanted: list[Connected]) -> None:
        by_id = {account.account_id: account for account in wanted}
        with self._lock:
            for key in [key for key in self._loops if by_id.get(key) != self._loops[key].account]:
                self._loops.pop(key).clock.stop()
            new = [account for key, account in by_id.items() if key not in self._loops]
            for account in new:
                self._loops[account.account_id] = self._started(account)

    def _started(self, account: Connected) -> _Loop:
        first = SyncState.PAUSED if account.is_paused else SyncState.WAITING
        loop = _Loop(account, SystemClock(self.desk.now), SyncStatus(account.account_id, first))
        loop.thread = threading.Thread(
            target=self._run, args=(loop,), name=f"orderdeck-sync-{account.channel}", daemon=True
        )
        loop.thread.start()
        return loop

    def _run(self, loop: _Loop) -> None:
        if loop.account.is_paused:
            self._say(loop, loop.status)
            return
        try:
            with self._door(loop.account, loop.clock) as door:
                sync = self._sync(loop, door)
                while True:
                    self._turn(loop, sync)
        except StoppedError:
            self._give_back(loop.account.account_id)
        except DeskError as trouble:  # no adapter, or no safe place for keys
            self._say(loop, _attention(loop.account.account_id, trouble, self.desk.now()))

    def _turn(self, loop: _Loop, sync: AccountSync) -> None:
        """Look once, say what came, and wait."""
        status = sync.cycle()
        anchor.save(self.desk.store)
        counts = sync.work.counts
        if any(counts.get(word) for word in _TAKES_IN):
            self._came(loop, counts)
        elif counts:
            self.tell.came(Changes("", Touched.SHIPMENTS | Touched.FILES))
        loop.may_be_nudged = status.state is not SyncState.WAITING
        until = status.until or self.desk.now() + loop.account.pace
        while (left := (until - self.desk.now()).total_seconds()) > 0:
            loop.clock.wait(left)
            if loop.may_be_nudged:
                return

    def _came(self, loop: _Loop, counts: dict[str, int]) -> None:
        touched = Touched.ORDERS | Touched.STOCK | Touched.CASES | Touched.SHIPMENTS | Touched.FILES
        label = f"{loop.account.name}: {came_words(counts)}"
        self.tell.came(Changes(label, touched))
        with self._lock:
            others = [x for x in self._loops.values() if x is not loop and x.may_be_nudged]
        for other in others:
            if other.account.pushes_quantities and other.status.state is SyncState.UP_TO_DATE:
                other.clock.wake()

    def _say(self, loop: _Loop, status: SyncStatus) -> None:
        loop.status = status
        self.tell.status(status)

    def _give_back(self, account_id: int) -> None:
        with self.desk.store.write() as db:
            states.give_lease_back(db, account_id, self.holder)


def _adapter(account: Connected) -> Adapter:
    found = adapter_of(account.channel)
    if found is None:
        raise DeskError(
            f"{account.name} cannot be worked over the network yet. Nothing was asked.",
            "Disconnect it, and work with its files.",
        )
    return found


def _attention(account_id: int, trouble: DeskError, now: datetime) -> SyncStatus:
    return SyncStatus(
        account_id, SyncState.ATTENTION, trouble.title, trouble.advice, now + timedelta(minutes=15)
    )
