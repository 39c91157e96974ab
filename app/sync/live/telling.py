"""How is a channel told, exactly once, of what left, what is cancelled and what was seen?

Each message is marked before it is sent and settled after. One without an answer is looked up before it
is sent again. Right before a parcel is confirmed, the order is read once more: what the channel has
cancelled meanwhile is not confirmed, and where it names another address or other goods by now, the
confirmation waits until a person has decided.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, TypeVar

from sqlalchemy import Connection, select

from app.domain.outgoing import (
    CancelledOrder,
    DueMessage,
    MessageState,
    OutgoingKind,
    ShippedParcel,
)
from app.domain.syncing import SyncStep
from app.domain.versions import changes_the_parcel
from app.errors import DeskError
from app.models.orders import order_changes, orders
from app.services import confirming
from app.services.syncing import outbox
from app.services.syncing.outbox import Outcome
from app.sync.live.channel import OrderRef, Receipt
from app.sync.live.clock import StoppedError
from app.sync.live.pacing import Backoff
from app.sync.live.pulling import fetched, take
from app.sync.live.terms import Capability
from app.sync.live.trouble import (
    ChannelError,
    InDoubtError,
    OfflineError,
    RejectedError,
    SignInError,
    ThrottledError,
    UnsafeError,
)
from app.sync.live.work import LostLeaseError, Work, where_of

log: Final = logging.getLogger("orderdeck.sync")
AT_ONCE: Final = 20
# After so many attempts in vain, which take half a day, a person is asked.
MOST_ATTEMPTS: Final = 40
# How long after an attempt without an answer the channel is looked at: its own views lag behind.
LOOK_AFTER: Final = timedelta(seconds=15)
# How soon an order is read again whose confirmation waits: the channel may take its change back.
LOOK_AGAIN: Final = timedelta(minutes=15)
_NEEDS: Final = {
    OutgoingKind.SHIP_CONFIRM: Capability.CONFIRM,
    OutgoingKind.CANCEL: Capability.CANCEL,
    OutgoingKind.ACKNOWLEDGE: Capability.ACKNOWLEDGE,
}
_WORDS: Final = {
    OutgoingKind.SHIP_CONFIRM: "the parcel was not confirmed",
    OutgoingKind.CANCEL: "the cancellation was not told",
    OutgoingKind.ACKNOWLEDGE: "the order was not acknowledged",
}


Answer = TypeVar("Answer")


@dataclass(slots=True)
class _Batch:
    """Messages that are due together, with what each has to say.

    ``states`` are those of their orders on the channel; ``others`` the orders that are not what left.
    """

    messages: Sequence[DueMessage]
    parcels: Mapping[int, ShippedParcel] = field(default_factory=dict)
    cancelled: Mapping[int, CancelledOrder] = field(default_factory=dict)
    states: Mapping[int, str] = field(default_factory=dict)
    others: frozenset[int] = frozenset()


def tell(work: Work) -> None:
    """Tell the channel everything that is due.

    Raises:
        ChannelError: the channel cannot be told now; what was sent is settled or in doubt.
    """
    done: set[int] = set()
    while True:
        told = len(done)
        with work.store.read() as db:
            waiting = outbox.due(db, work.id, now=work.now(), limit=AT_ONCE + told)
            left = outbox.waiting_count(db, work.id)
        due = [each for each in waiting if each.id not in done][:AT_ONCE]
        if not due:
            return
        done.update(each.id for each in due)
        unread = _read_again(work, due)
        due = [each for each in due if each.external_id not in unread]
        with work.store.read() as db:
            batch = _loaded(db, due)
        for at, message in enumerate(due, 1):
            _tell_one(work, batch, message)
            work.progress(SyncStep.MESSAGES, told + at, told + left)


def _read_again(work: Work, due: Sequence[DueMessage]) -> Collection[str]:
    """Look at the orders of parcels once more, right before they are confirmed.

    Returns those that cannot be read now: their parcels wait, and no other's.
    """
    parcels = [each for each in due if each.kind is OutgoingKind.SHIP_CONFIRM]
    size, unread = work.traits.fetch_size, dict[str, ChannelError]()
    for at in range(0, len(parcels), size):
        seen, troubles = fetched(work, [each.external_id for each in parcels[at : at + size]])
        take(work, seen)
        unread |= troubles
    for message in parcels:
        if message.external_id in unread:
            _settle(work, message, _again(work, message, unread[message.external_id]))
    return unread


def _loaded(db: Connection, due: Sequence[DueMessage]) -> _Batch:
    ids = [each.id for each in due]
    order_ids = [each.order_id for each in due]
    query = select(orders.c.id, orders.c.channel_state).where(orders.c.id.in_(order_ids))
    return _Batch(
        due,
        {x.message_id: x for x in confirming.parcels_of(db, ids)},
        {x.message_id: x for x in confirming.cancellations_of(db, ids)},
        dict(db.execute(query).all()),
        _are_others(db, order_ids),
    )


def _are_others(db: Connection, order_ids: Collection[int]) -> frozenset[int]:
    """Return the orders that would leave otherwise by now, as far as nobody has decided on it."""
    change = order_changes.c
    query = select(change.order_id, change.before, change.after).where(
        change.order_id.in_(order_ids), change.state == "open"
    )
    rows = db.execute(query)
    return frozenset(x.order_id for x in rows if changes_the_parcel(x.before, x.after))


def _tell_one(work: Work, batch: _Batch, message: DueMessage) -> None:
    """Bring one message one step further."""
    if not work.traits.takes(_NEEDS[message.kind]):
        _settle(work, message, _by_hand(work, message))
        return
    if message.is_open_ended:
        _look_up(work, batch, message)
        return
    refusal = _refusal(batch, message)
    if refusal:
        _settle(work, message, Outcome(MessageState.REJECTED, "rejected", refusal))
        return
    if message.kind is OutgoingKind.SHIP_CONFIRM and message.order_id in batch.others:
        _hold_back(work, message)
        return
    with work.store.write() as db:
        work.keep_lease(db)
        begun = outbox.begin(db, [message.id], actor=work.holder, now=work.now())
    if begun:
        work.breaks("outbox.before_send")
        _send(work, batch, message)


def _refusal(batch: _Batch, message: DueMessage) -> str:
    """Say why a parcel must not be confirmed, if the channel has cancelled its order."""
    state = batch.states.get(message.order_id, "")
    if message.kind is OutgoingKind.SHIP_CONFIRM and state == "cancelled":
        return "It was cancelled on the channel after it left; the parcel was not confirmed."
    return ""


def _hold_back(work: Work, message: DueMessage) -> None:
    words = (
        f"{work.door.title} names another address or other goods than what left, so the parcel was "
        "not confirmed. Decide on the change of the order; then it goes out by itself."
    )
    until = work.now() + LOOK_AGAIN
    with work.store.write() as db:
        outbox.hold_back(db, message, words, until=until, actor=work.holder, now=work.now())
    work.count("told_held_back")


def _send(work: Work, batch: _Batch, message: DueMessage) -> None:
    try:
        receipt = _read(work, message, lambda: _asked(work, batch, message))
    except InDoubtError as doubt:
        later = work.now() + LOOK_AFTER
        outcome = Outcome(MessageState.IN_DOUBT, "in_doubt", doubt.title, not_before=later)
        _settle(work, message, outcome)
        return
    except RejectedError as refused:
        _refused(work, batch, message, refused)
        return
    except ChannelError as trouble:
        _settle(work, message, _again(work, message, trouble))
        if _ends_the_cycle(trouble):
            raise
        return
    work.breaks("outbox.after_send")
    _settle(work, message, _taken(receipt))


def _read(work: Work, message: DueMessage, ask: Callable[[], Answer]) -> Answer:
    """Ask; an answer that nobody can read says nothing of whether it was taken, and stops no other.

    Raises:
        InDoubtError: its answer cannot be read.
    """
    try:
        return ask()
    except (DeskError, LostLeaseError, StoppedError):
        raise
    except Exception as why:
        log.warning("an answer about message %s cannot be read: %s", message.id, where_of(why))
        raise InDoubtError(
            f"{work.door.title} answered in a way that this version of Orderdeck cannot read "
            f"({type(why).__name__}), so it is not known whether it took what it was told.",
            "Look at the order there.",
        ) from why


def _asked(work: Work, batch: _Batch, message: DueMessage) -> Receipt:
    key, client = message.key, work.client
    if message.kind is OutgoingKind.SHIP_CONFIRM:
        return client.confirm(batch.parcels[message.id], key)
    if message.kind is OutgoingKind.CANCEL:
        return client.cancel(batch.cancelled[message.id], key)
    return client.acknowledge(OrderRef(message.external_id, message.number), key)


def _found(work: Work, batch: _Batch, message: DueMessage) -> Receipt | None:
    """Look whether the channel knows already; an acknowledgement may simply be repeated."""
    if message.kind is OutgoingKind.SHIP_CONFIRM:
        return work.client.find_confirmation(batch.parcels[message.id])
    if message.kind is OutgoingKind.CANCEL:
        return work.client.find_cancellation(batch.cancelled[message.id])
    return None


def _look_up(work: Work, batch: _Batch, message: DueMessage) -> None:
    """Settle what has no answer by what the channel shows."""
    since = work.now() - message.sent_at if message.sent_at is not None else LOOK_AFTER
    if timedelta(0) <= since < LOOK_AFTER:
        return
    try:
        receipt = _read(work, message, lambda: _found(work, batch, message))
    except RejectedError as refused:
        _settle(work, message, _not_taken(refused))
        return
    except ChannelError as trouble:
        if _ends_the_cycle(trouble):
            raise
        _settle(work, message, _again(work, message, trouble))
        return
    if receipt is not None:
        _settle(work, message, _taken(receipt))
    else:
        words = f"{work.door.title} does not know of it; it is told once more."
        outcome = Outcome(MessageState.PENDING, "not_found", words, not_before=work.now())
        _settle(work, message, _given_up(work, message) or outcome)


def _refused(work: Work, batch: _Batch, message: DueMessage, refused: RejectedError) -> None:
    """A refusal may only mean that the channel knows already."""
    try:
        receipt = _read(work, message, lambda: _found(work, batch, message))
    except (RejectedError, InDoubtError):
        receipt = None
    _settle(work, message, _taken(receipt) if receipt is not None else _not_taken(refused))


def _not_taken(refused: RejectedError) -> Outcome:
    answer = dict(refused.answer) or None
    return Outcome(MessageState.REJECTED, "rejected", refused.title, answer=answer)


def _taken(receipt: Receipt) -> Outcome:
    word = "found" if receipt.is_found else "acked"
    return Outcome(MessageState.ACKED, word, "", receipt.reference, dict(receipt.answer) or None)


def _again(work: Work, message: DueMessage, trouble: ChannelError) -> Outcome:
    """Try later; what may have taken effect stays in doubt, so that it is looked up first."""
    wait = Backoff(work.chance).wait(message.attempts + 1)
    later = work.now() + timedelta(seconds=wait)
    if message.is_open_ended:
        return Outcome(MessageState.IN_DOUBT, "again", trouble.title, not_before=later)
    outcome = Outcome(MessageState.PENDING, "again", trouble.title, not_before=later)
    return outcome if _ends_the_cycle(trouble) else _given_up(work, message) or outcome


def _given_up(work: Work, message: DueMessage) -> Outcome | None:
    """Say that a message is a person's now, if it was told in vain so often that it would be for ever."""
    if message.attempts < MOST_ATTEMPTS:
        return None
    words = (
        f"{work.door.title} did not take it {message.attempts} times and gave no reason; "
        f"{_WORDS[message.kind]}. It is not told again by itself."
    )
    return Outcome(MessageState.DEAD, "dead", words)


def _by_hand(work: Work, message: DueMessage) -> Outcome:
    words = f"{work.door.title} takes no such message: do it there; {_WORDS[message.kind]}."
    return Outcome(MessageState.REJECTED, "rejected", words)


def _ends_the_cycle(trouble: ChannelError) -> bool:
    return isinstance(trouble, (SignInError, UnsafeError, ThrottledError, OfflineError))


def _settle(work: Work, message: DueMessage, outcome: Outcome) -> None:
    with work.store.write() as db:
        outbox.settle(db, message, outcome, actor=work.holder, now=work.now())
    work.count(f"told_{outcome.state}")
