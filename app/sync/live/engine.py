"""How are all accounts kept in step, and all carriers asked, behind the window, each on its own thread?

One's trouble never stops another: they share nothing but the store. Whoever looks at an account or a carrier
holds its lease, so a window, a service and another desk never work one at once. What a loop has
taken in may change what others have to be told: so they are nudged.
"""

from __future__ import annotations

import logging
import os
import random
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.changes import Changes, Touched
from app.domain.syncing import SyncState, SyncStatus, came_words
from app.errors import DeskError
from app.services import anchor
from app.services.desk import Desk, SyncListener
from app.services.syncing import states
from app.services.syncing.connections import Connected
from app.services.syncing.parties import Party, parties
from app.services.tracking.connections import ConnectedCarrier, give_carrier_back
from app.sync.carriers.adapters import Carrier, carrier_of
from app.sync.live.adapters import Adapter, Connection, adapter_of, door_to
from app.sync.live.channel import Secrets
from app.sync.live.clock import StoppedError, SystemClock
from app.sync.live.cycle import AccountSync
from app.sync.live.door import Door
from app.sync.live.parcels import CarrierSync
from app.sync.live.standing import tried
from app.sync.live.work import Work

log: Final = logging.getLogger("orderdeck.sync")
STOPS_IN: Final = 0.9
_LOOKS_EVERY: Final = 3.0
# When a loop begins anew that could not begin, or that trouble of the desk's own has ended.
_ANEW: Final = timedelta(minutes=5)
_TAKES_IN: Final = ("new", "updated", "changed", "unread")

SecretsOf = Callable[[Party], Secrets]


def _nobody() -> SyncListener:
    return SyncListener(lambda _: None, lambda _: None)


@dataclass(slots=True)
class _Loop:
    """The thread of one account or carrier.

    ``is_told_late`` says that others have taken something in while it looked.
    """

    party: Party
    clock: SystemClock
    status: SyncStatus
    thread: threading.Thread | None = None
    may_be_nudged: bool = True
    is_told_late: bool = False


@dataclass(slots=True)
class SyncEngine:
    """Keeps every connected account in step. ``holder`` is who this is, for the lease."""

    desk: Desk
    secrets_of: SecretsOf
    holder: str = field(default_factory=lambda: f"{socket.gethostname()}, process {os.getpid()}")
    tell: SyncListener = field(default_factory=_nobody)
    _loops: dict[int | str, _Loop] = field(default_factory=dict)
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
        until = self._clock.ticks() + STOPS_IN  # for all of them together
        for thread in [self._keeper, *(loop.thread for loop in loops)]:
            if thread is not None:
                thread.join(max(0.0, until - self._clock.ticks()))

    def sync_now(self, whom: int | str | None = None) -> None:
        """Look at an account or a carrier, or all of them, at once; one that asked for patience gets it."""
        self._clock.wake()
        with self._lock:
            wanted = [x for key, x in self._loops.items() if whom in (None, key)]
        for loop in wanted:
            if loop.may_be_nudged:
                loop.clock.wake()

    def statuses(self) -> tuple[SyncStatus, ...]:
        """Return how each account does now."""
        with self._lock:
            return tuple(loop.status for loop in self._loops.values())

    def look_once(self, channel: str = "") -> list[tuple[Party, SyncStatus, dict[str, int]]]:
        """Look once at every account and carrier (or one channel's), without threads of their own."""
        found: list[tuple[Party, SyncStatus, dict[str, int]]] = []
        for party in self.desk.read(parties):
            if channel and party.channel != channel:
                continue
            if party.is_paused:
                found.append((party, _standing(party, SyncState.PAUSED), {}))
            else:
                found.append((party, *self._looked(party)))
        return found

    # ---- one look ---------------------------------------------------------------------------------

    def _looked(self, party: Party) -> tuple[SyncStatus, dict[str, int]]:
        loop = _Loop(party, SystemClock(self.desk.now), _standing(party, SyncState.SYNCING))
        counts: dict[str, int] = {}

        def look() -> None:
            with self._door(party, loop.clock) as door:
                sync = self._sync(loop, door)
                loop.status = sync.cycle()
                counts.update(sync.counts)
            self._give_back(party)
            anchor.save(self.desk.store)

        try:
            trouble = tried(party.name, look)
        except StoppedError:  # somebody has disconnected it meanwhile
            return _standing(party, SyncState.PAUSED), {}
        if trouble is not None:
            return _attention(party, trouble, self.desk.now()), counts
        return loop.status, counts

    def _sync(self, loop: _Loop, door: Door) -> AccountSync | CarrierSync:
        party = loop.party
        if isinstance(party, ConnectedCarrier):
            return self._of_carrier(party, loop, door)
        return self._of_account(party, loop, door)

    def _of_account(self, account: Connected, loop: _Loop, door: Door) -> AccountSync:
        adapter = _adapter(account)
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

    def _of_carrier(self, party: ConnectedCarrier, loop: _Loop, door: Door) -> CarrierSync:
        carrier = _carrier(party)
        client = carrier.make(
            Connection(0, party.address, {}, self.secrets_of(party), loop.clock, door)
        )
        return CarrierSync(
            self.desk.store, party, carrier, client, door, loop.clock, random.Random(), self.holder,
            lambda status: self._say(loop, status),
        )  # fmt: skip

    def _door(self, party: Party, clock: SystemClock) -> Door:
        if isinstance(party, ConnectedCarrier):
            return _carrier(party).door(party.address, clock)
        return door_to(_adapter(party), party.address, clock)

    # ---- the threads ------------------------------------------------------------------------------

    def _keep(self) -> None:
        """Start a loop for each account that is connected, and end those that are not any more."""
        while not self._clock.is_stopped():
            try:
                self._match(self.desk.read(parties))
            except DeskError:
                log.warning("the connected accounts could not be read; looking again")
            try:
                self._clock.wait(_LOOKS_EVERY)
            except StoppedError:
                return

    def _match(self, wanted: list[Party]) -> None:
        by_key = {party.key: party for party in wanted}
        with self._lock:
            for key in [key for key in self._loops if by_key.get(key) != self._loops[key].party]:
                self._loops.pop(key).clock.stop()
            for key, party in by_key.items():
                if key not in self._loops:
                    self._loops[key] = self._started(party)

    def _started(self, party: Party) -> _Loop:
        first = SyncState.PAUSED if party.is_paused else SyncState.WAITING
        loop = _Loop(party, SystemClock(self.desk.now), _standing(party, first))
        loop.thread = threading.Thread(
            target=self._run, args=(loop,), name=f"orderdeck-sync-{party.channel}", daemon=True
        )
        loop.thread.start()
        return loop

    def _run(self, loop: _Loop) -> None:
        if loop.party.is_paused:
            self._say(loop, loop.status)
            return
        try:
            while True:
                trouble = tried(loop.party.name, lambda: self._turns(loop))
                if trouble is not None:  # the desk's own: no database, no safe place for keys
                    self._say(loop, _attention(loop.party, trouble, self.desk.now()))
                    loop.may_be_nudged = True
                    loop.clock.wait(_ANEW.total_seconds())
        except StoppedError:
            self._give_back(loop.party)

    def _turns(self, loop: _Loop) -> None:
        """Look again and again, until the loop is stopped."""
        with self._door(loop.party, loop.clock) as door:
            sync = self._sync(loop, door)
            while True:
                self._turn(loop, sync)

    def _turn(self, loop: _Loop, sync: AccountSync | CarrierSync) -> None:
        """Look once, say what came, and wait."""
        loop.is_told_late = False
        status = sync.cycle()
        anchor.save(self.desk.store)
        if isinstance(loop.party, Connected):
            self._news(loop, loop.party, sync.counts)
        elif sync.counts:
            self.tell.came(Changes("", Touched.SHIPMENTS | Touched.CASES))
        loop.may_be_nudged = status.state is not SyncState.WAITING
        if loop.may_be_nudged and loop.is_told_late:
            return  # what others sold while it looked may not be in what it told
        until = status.until or self.desk.now() + loop.party.pace
        # Counted in ticks: a clock that is set back makes nobody wait longer.
        ends = loop.clock.ticks() + (until - self.desk.now()).total_seconds()
        while (left := ends - loop.clock.ticks()) > 0:
            loop.clock.wait(left)
            if loop.may_be_nudged:
                return

    def _news(self, loop: _Loop, account: Connected, counts: dict[str, int]) -> None:
        """Say what came in or was told, and let others tell what has moved by it."""
        if not any(counts.get(word) for word in _TAKES_IN):
            if counts:
                self.tell.came(Changes("", Touched.SHIPMENTS | Touched.FILES))
            return
        touched = Touched.ORDERS | Touched.STOCK | Touched.CASES | Touched.SHIPMENTS | Touched.FILES
        self.tell.came(Changes(f"{account.name}: {came_words(counts)}", touched))
        with self._lock:
            others = [x for x in self._loops.values() if x is not loop and _tells(x.party)]
        for other in others:
            if other.status.state is SyncState.SYNCING:
                other.is_told_late = True
            elif other.status.state is SyncState.UP_TO_DATE:
                other.clock.wake()

    def _say(self, loop: _Loop, status: SyncStatus) -> None:
        loop.status = status
        self.tell.status(status)

    def _give_back(self, party: Party) -> None:
        with self.desk.store.write() as db:
            if isinstance(party, ConnectedCarrier):
                give_carrier_back(db, party.id, self.holder)
            else:
                states.give_lease_back(db, party.account_id, self.holder)


def _tells(party: Party) -> bool:
    return isinstance(party, Connected) and party.pushes_quantities


def _adapter(account: Connected) -> Adapter:
    found = adapter_of(account.channel)
    if found is None:
        raise _not_yet(account)
    return found


def _carrier(party: ConnectedCarrier) -> Carrier:
    found = carrier_of(party.carrier)
    if found is None:
        raise _not_yet(party)
    return found


def _not_yet(party: Party) -> DeskError:
    return DeskError(
        f"{party.name} cannot be worked over the network yet. Nothing was asked.",
        "Disconnect it, and work with its files.",
    )


def _standing(party: Party, state: SyncState) -> SyncStatus:
    if isinstance(party, ConnectedCarrier):
        return SyncStatus(0, state, carrier=party.carrier)
    return SyncStatus(party.account_id, state)


def _attention(party: Party, trouble: DeskError, now: datetime) -> SyncStatus:
    return replace(
        _standing(party, SyncState.ATTENTION), title=trouble.title, advice=trouble.advice,
        until=now + _ANEW,
    )  # fmt: skip
