"""What does one look at one account do, in which order, and what follows if a step does not work?

First what came in (cancellations among it), then what is open and may have changed unseen, then what has
to be told, then quantities. Trouble of one step does not keep the others from being done, unless it is
the account's own: no line, no key, no patience left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.syncing import SyncState, SyncStatus, is_due
from app.errors import DeskError
from app.models.orders import orders
from app.models.returns import is_a_sale
from app.services.cases import open_cases, resolve_cases
from app.services.syncing import deadlines, offers, outbox, states
from app.sync.live import pulling, stocking, telling
from app.sync.live.standing import standing, tried
from app.sync.live.terms import Operation
from app.sync.live.trouble import (
    ChannelError,
    LimitError,
    OfflineError,
    SignInError,
    ThrottledError,
    UnsafeError,
)
from app.sync.live.work import LostLeaseError, Work

_OPEN: Final = ("open", "accepted", "partly_shipped")
_MOST_SWEPT: Final = 500
_HEALS_IN: Final = timedelta(minutes=5)
# Rather than wait so long for a list, a look does everything else first, and lists at the next one.
TOO_LONG: Final = timedelta(seconds=20)
_ANEW: Final = timedelta(minutes=5)


@dataclass(slots=True)
class AccountSync:
    """The cycles of one account; whatever it has to remember for longer is a row."""

    work: Work
    tell_status: Callable[[SyncStatus], None] = field(default=lambda _: None)
    troubles: int = 0
    seen: offers.Seen | None = None
    pushed_at: float = -1e9
    is_first: bool = True
    has_pulled: bool = True

    @property
    def counts(self) -> dict[str, int]:
        """What the last look brought, by word."""
        return self.work.counts

    def cycle(self) -> SyncStatus:
        """Look once; return how the account does now.

        Raises:
            StoppedError: the loop was asked to stop.
        """
        self.work.counts.clear()
        self._say(SyncStatus(self.work.id, SyncState.SYNCING))
        try:
            trouble = tried(self.work.account.name, self._steps)
        except LostLeaseError as other:
            return self._elsewhere(other.holder)
        return self._ended(trouble)

    def _steps(self) -> DeskError | None:
        """Do every step that can be done; return the first trouble."""
        work, first = self.work, None
        with work.store.write() as db:
            work.keep_lease(db)
            outbox.believe(db, work.id, now=work.now())
            deadlines.warn(
                db, work.id, work.door.title, within=work.traits.acknowledge_within, now=work.now()
            )
            if self.is_first:
                offers.abandon_pushes(db, work.id, actor=work.holder, now=work.now())
        if self.is_first:
            work.client.check()  # who we are there, and what time it has
            self.is_first = False
        for step in (self._pull, self._sweep, telling.tell, self._quantities):
            try:
                step(work)
            except (SignInError, UnsafeError, ThrottledError, OfflineError):
                raise
            except ChannelError as trouble:
                first = first or trouble
        return first

    def _pull(self, work: Work) -> None:
        """List what changed, unless the channel's own budget for lists says much later."""
        wait = work.door.buckets.wait_for(Operation.ORDERS)
        self.has_pulled = wait <= TOO_LONG.total_seconds()
        if self.has_pulled:
            pulling.pull(work)

    def _sweep(self, work: Work) -> None:
        """Read open orders again now and then; a first look has only just read them all."""
        with work.store.read() as db:
            progress = states.progress(db, work.id)
            at = progress.swept_at
            due = at is not None and is_due(at, work.traits.sweep, work.now())
            waiting = _open_orders(db, work.id, progress.swept_to) if due else []
        if at is not None and not due:
            return
        pulling.sweep(work, waiting)
        if len(waiting) < _MOST_SWEPT:
            with work.store.write() as db:
                states.note(db, work.id, swept_at=work.now(), swept_to=0)

    def _quantities(self, work: Work) -> None:
        if work.account.pushes_quantities:
            stocking.read_listings(work)
            # Numbers also move by time and by hand; so they are worked out anew now and then.
            if work.clock.ticks() - self.pushed_at > _ANEW.total_seconds():
                self.seen, self.pushed_at = None, work.clock.ticks()
            self.seen = stocking.push(work, self.seen)

    def _ended(self, trouble: DeskError | None) -> SyncStatus:
        if trouble is None:
            return self._went_well()
        self.troubles += 1
        status = self._status_of(trouble)
        with self.work.store.write() as db:
            states.note(
                db, self.work.id, state=status.state, title=status.title, advice=status.advice,
                waits_until=status.until, last_tried_at=self.work.now(),
                skew=int(self.work.door.skew),
            )  # fmt: skip
            if status.state is SyncState.ATTENTION or self._is_late(db):
                # What can never be fetched stays a case, also when the account is in step again.
                about = "gap" if isinstance(trouble, LimitError) else "account"
                open_cases(db, [self._case(status, about)], now=self.work.now())
        self._say(status)
        return status

    def _went_well(self) -> SyncStatus:
        work, now = self.work, self.work.now()
        self.troubles = 0
        status = SyncStatus(work.id, SyncState.UP_TO_DATE, until=now + work.account.pace)
        good = {"last_good_at": now} if self.has_pulled else {}
        with work.store.write() as db:
            states.note(
                db, work.id, state=status.state, title="", advice="", waits_until=status.until,
                **good, last_tried_at=now, skew=int(work.door.skew),
            )  # fmt: skip
            resolve_cases(
                db, [CaseKind.CHANNEL_TROUBLE, CaseKind.SIGNED_OUT], "account", [work.id],
                resolution="It is in step again.", now=now,
            )  # fmt: skip
        self._say(status)
        return status

    def _status_of(self, trouble: DeskError) -> SyncStatus:
        """Say what a trouble means for the account, and when it goes on."""
        work = self.work
        state, until = standing(trouble, work.account.pace, self.troubles, work.chance, work.now())
        is_out = isinstance(trouble, SignInError)
        return SyncStatus(
            work.id, state, trouble.title, trouble.advice, until, is_signed_out=is_out
        )

    def _is_late(self, db: Connection) -> bool:
        """Say whether the account is further behind than was promised."""
        last = states.progress(db, self.work.id).last_good_at
        promised = max(self.work.traits.catch_up, _HEALS_IN)
        return last is not None and self.work.now() - last > promised

    def _case(self, status: SyncStatus, about: str) -> CaseDraft:
        kind = CaseKind.SIGNED_OUT if status.is_signed_out else CaseKind.CHANNEL_TROUBLE
        return CaseDraft(
            kind, about, self.work.id,
            f"{self.work.account.name}: {status.title}", due_at=self.work.now(),
            facts={"advice": status.advice, "channel": self.work.account.channel},
        )  # fmt: skip

    def _elsewhere(self, holder: str) -> SyncStatus:
        until = self.work.now() + states.LEASE
        status = SyncStatus(
            self.work.id, SyncState.WAITING,
            f"{self.work.account.name} is synced by another Orderdeck ({holder}).",
            "Nothing to do: this one takes over if the other ends.", until,
        )  # fmt: skip
        self._say(status)
        return status

    def _say(self, status: SyncStatus) -> None:
        self.tell_status(status)


def _open_orders(db: Connection, account_id: int, after: int) -> list[tuple[int, str]]:
    """Return orders that the channel may have changed unseen, from where the sweep has come to."""
    query = (
        select(orders.c.id, orders.c.external_id)
        .where(
            orders.c.account_id == account_id, orders.c.id > after, orders.c.status.in_(_OPEN),
            is_a_sale(),  # the channel knows of no other
        )
        .order_by(orders.c.id)
        .limit(_MOST_SWEPT)
    )  # fmt: skip
    return [(row.id, row.external_id) for row in db.execute(query)]
