"""What does one look at one carrier do? It asks about the parcels that are due, and keeps what is reported.

An answer that cannot be read changes nothing of its parcel, and is said; the others go on. Numbers are
used again by carriers: what was reported long before a parcel left is about another one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from app.domain.cases import CaseDraft, CaseKind
from app.domain.syncing import SyncState, SyncStatus, SyncStep
from app.domain.tracking.timeline import ParcelReport
from app.errors import DeskError, NotFoundError
from app.models.database import Store
from app.services.cases import open_cases, resolve_cases
from app.services.tracking import connections, questions
from app.services.tracking.connections import ConnectedCarrier
from app.services.tracking.questions import Answered, Question
from app.services.tracking.receiving import plain_number
from app.sync.carriers.adapters import Carrier, houses_of
from app.sync.carriers.client import Asked, CarrierClient
from app.sync.files.carrier_answers import rows_of
from app.sync.live.channel import NotReadableError
from app.sync.live.clock import Clock, StoppedError
from app.sync.live.cycle import TOO_LONG
from app.sync.live.door import Door
from app.sync.live.standing import standing, tried
from app.sync.live.terms import Operation
from app.sync.live.trouble import ChannelError, InDoubtError, RejectedError, SignInError
from app.sync.live.work import LostLeaseError

_ANOTHERS: Final = timedelta(days=14)
_BREATH: Final = 0.005


@dataclass(slots=True)
class CarrierSync:
    """The looks at one carrier; whatever has to be remembered for longer is a row."""

    store: Store
    account: ConnectedCarrier
    carrier: Carrier
    client: CarrierClient
    door: Door
    clock: Clock
    chance: random.Random
    holder: str
    tell_status: Callable[[SyncStatus], None] = field(default=lambda _: None)
    counts: dict[str, int] = field(default_factory=dict)
    troubles: int = 0

    def cycle(self) -> SyncStatus:
        """Look once; return how the carrier does now.

        Raises:
            StoppedError: the loop was asked to stop, or the carrier is not connected any more.
        """
        self.counts.clear()
        self._say(self._status(SyncState.SYNCING))
        try:
            return self._ended(tried(self.carrier.title, self._ask))
        except LostLeaseError as other:
            title = f"{self.carrier.title} is asked by another Orderdeck ({other.holder})."
            advice = "Nothing to do: this one takes over if the other ends."
            until = self.clock.now() + self.account.pace
            return self._say(self._status(SyncState.WAITING, title, advice, until))

    # ---- asking -----------------------------------------------------------------------------------

    def _ask(self) -> DeskError | None:
        """Ask about everything that is due, as far as the carrier's budget goes."""
        asked = self._due()
        size = self.carrier.at_once
        for at in range(0, len(asked), size):
            if self.door.buckets.wait_for(Operation.TRACK) > TOO_LONG.total_seconds():
                break  # the rest is due at the next look
            self._keep(self._answers(asked[at : at + size]))
            self._say(
                replace(self._status(SyncState.SYNCING), done=min(at + size, len(asked)),
                        total=len(asked), step=SyncStep.PARCELS)
            )  # fmt: skip
            self.clock.wait(_BREATH)
        return self._unread() if self.counts.get("unread") else None

    def _due(self) -> list[Question]:
        with self.store.write() as db:
            self._keep_lease(db)
        with self.store.read() as db:
            others = houses_of([each.carrier for each in connections.connected_carriers(db)])
            return questions.due(db, self.carrier.houses, others, now=self.clock.now())

    def _answers(self, asked: Sequence[Question]) -> list[Answered]:
        wanted = [Asked(each.number, each.shipped_at) for each in asked]
        try:
            found = self.client.track(wanted)
        except (RejectedError, InDoubtError) as refused:
            if len(asked) > 1:  # one of them is the matter
                return [answer for each in asked for answer in self._answers([each])]
            return [Answered(asked[0], problem=refused.title)]
        return [self._understood(each, found) for each in asked]

    def _understood(self, asked: Question, found: Mapping[str, Any]) -> Answered:
        if asked.number not in found:
            return Answered(asked, is_known=False)
        try:
            reports = self.carrier.read(found[asked.number], self.clock.now())
        except NotReadableError as why:
            return Answered(asked, problem=str(why))
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as why:
            words = f"a part of it is missing or of another kind ({type(why).__name__})"
            return Answered(asked, problem=words)
        rows = tuple(row for each in _about(asked, reports) for row in rows_of(each))
        unread = ", ".join(name for each in reports for name in each.unread)
        return Answered(asked, rows, bool(rows or unread), unread)

    def _keep(self, answers: Sequence[Answered]) -> None:
        now = self.clock.now()
        with self.store.write() as db:
            self._keep_lease(db)
            questions.take(db, answers, self.carrier.code, now=now)
        for each in answers:
            word = "unread" if each.problem else "asked" if each.is_known else "not_known"
            self.counts[word] = self.counts.get(word, 0) + 1

    def _keep_lease(self, db: Connection) -> None:
        now = self.clock.now()
        try:
            holder = connections.take_carrier(db, self.account.id, self.holder, now=now)
        except NotFoundError as gone:
            raise StoppedError from gone
        if holder != self.holder:
            raise LostLeaseError(holder)

    def _unread(self) -> ChannelError:
        count = self.counts["unread"]
        return ChannelError(
            f"{count} of {self.carrier.title}'s answers could not be read in full. "
            "What could be read is here.",
            "Look at these parcels under Shipments; they are asked for again by themselves.",
        )

    # ---- how it ended -----------------------------------------------------------------------------

    def _ended(self, trouble: DeskError | None) -> SyncStatus:
        now, key = self.clock.now(), self.account.id
        if trouble is None:
            self.troubles = 0
            status = self._status(SyncState.UP_TO_DATE, until=now + self.account.pace)
        else:
            self.troubles += 1
            state, until = standing(trouble, self.account.pace, self.troubles, self.chance, now)
            status = replace(self._status(state, trouble.title, trouble.advice, until),
                             is_signed_out=isinstance(trouble, SignInError))  # fmt: skip
        good = {"last_good_at": now} if trouble is None else {}
        with self.store.write() as db:
            self._keep_lease(db)
            connections.note_carrier(
                db, key, state=status.state, title=status.title, advice=status.advice,
                waits_until=status.until, last_tried_at=now, **good,
            )  # fmt: skip
            if trouble is None:
                resolve_cases(db, connections.TROUBLES, "carrier", [key],
                              resolution="It answers again.", now=now)  # fmt: skip
            elif status.state is SyncState.ATTENTION or connections.is_late(db, key, now=now):
                open_cases(db, [self._case(status)], now=now)
        return self._say(status)

    def _case(self, status: SyncStatus) -> CaseDraft:
        kind = CaseKind.SIGNED_OUT if status.is_signed_out else CaseKind.CHANNEL_TROUBLE
        return CaseDraft(
            kind, "carrier", self.account.id, status.title,
            due_at=self.clock.now(), facts={"advice": status.advice},
        )  # fmt: skip

    def _status(
        self, state: SyncState, title: str = "", advice: str = "", until: datetime | None = None
    ) -> SyncStatus:
        return SyncStatus(0, state, title, advice, until, carrier=self.carrier.code)

    def _say(self, status: SyncStatus) -> SyncStatus:
        self.tell_status(status)
        return status


def _about(asked: Question, reports: Sequence[ParcelReport]) -> list[ParcelReport]:
    """Return what was reported of the parcel that was asked about, under the number that we know it by."""
    mine = [each for each in reports if plain_number(each.number) == asked.number]
    mine = mine or (list(reports) if len(reports) == 1 else [])
    begun = asked.shipped_at - _ANOTHERS
    return [
        replace(each, number=asked.number, events=tuple(x for x in each.events if x.at >= begun))
        for each in mine
    ]
