"""What does a channel have to be told next, and what became of each attempt?

A message is a row before it is a request. It goes pending -> sent (an attempt is under way) -> acked, or
back to pending, or rejected, or in doubt. What was sent and never answered, because the program ended,
is in doubt as well: it is looked up before it is ever sent again. Of each order only the oldest
unsettled message is next, so that nothing overtakes; another order's never waits for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, case, func, literal_column, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.outgoing import DueMessage, MessageState, OutgoingKind
from app.models.exchange import outbox_messages
from app.models.identity import Identity
from app.models.orders import orders
from app.models.sync import outbox_attempts
from app.services.cases import open_cases, resolve_cases

_out = outbox_messages.c
_UNSETTLED: Final[ColumnElement[bool]] = literal_column(
    "state IN ('pending', 'sent', 'in_doubt', 'rejected', 'dead') AND export_file_id IS NULL"
)
# What a customer waits for least comes last: first what must not be shipped any more.
_RANK = case({"cancel": 0, "acknowledge": 1, "ship_confirm": 2}, value=_out.kind, else_=3)
_LONGEST_WAIT: Final = timedelta(hours=1)
NEXT: Final = ("pending", "sent", "in_doubt")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended. ``word`` is what the flight recorder keeps of it."""

    state: MessageState
    word: str
    words: str = ""
    reference: str = ""
    answer: Mapping[str, Any] | None = None
    not_before: datetime | None = None


def due(db: Connection, account_id: int, *, now: datetime, limit: int) -> list[DueMessage]:
    """Return what is next for each order of an account, the most pressing first."""
    heads = (
        select(func.min(_out.id))
        .where(_out.account_id == account_id, _UNSETTLED, _out.kind != OutgoingKind.QUANTITY)
        .group_by(_out.order_id)
    )
    query = (
        select(outbox_messages, orders.c.external_id, orders.c.number)
        .join(orders, orders.c.id == _out.order_id)
        .where(_out.id.in_(heads), _out.state.in_(NEXT), _out.not_before <= now)
        .order_by(_RANK, _out.id)
        .limit(limit)
    )
    return [_due(row) for row in db.execute(query)]


def believe(db: Connection, account_id: int, *, now: datetime) -> None:
    """Let nothing wait for longer than anything may: such a time was set by a clock that was wrong."""
    late = (_out.account_id == account_id, _UNSETTLED, _out.state.in_(NEXT),
            _out.not_before > now + _LONGEST_WAIT)  # fmt: skip
    db.execute(outbox_messages.update().where(*late).values(not_before=now))


def waiting_count(db: Connection, account_id: int) -> int:
    """Return how many messages of an account are not settled."""
    query = select(func.count()).where(
        _out.account_id == account_id, _UNSETTLED, _out.state.in_(NEXT)
    )
    return int(db.execute(query).scalar_one())


def begin(db: Connection, message_ids: Collection[int], *, actor: str, now: datetime) -> set[int]:
    """Mark messages as under way, and return those that still may be: some were taken back."""
    begun: set[int] = set()
    for message_id in message_ids:
        taken = db.execute(
            outbox_messages.update()
            .where(_out.id == message_id, _out.state == MessageState.PENDING)
            .values(state=MessageState.SENT, sent_at=now, attempts=_out.attempts + 1)
        )
        if taken.rowcount:
            begun.add(message_id)
    remember(db, sorted(begun), "sent", actor=actor, now=now)
    return begun


def settle(
    db: Connection, message: DueMessage, outcome: Outcome, *, actor: str, now: datetime
) -> None:
    """Write down how an attempt ended; what a person has to look at opens a case."""
    values: dict[str, Any] = {"state": outcome.state, "problem": outcome.words, "answered_at": now}
    if outcome.reference:
        values["reference"] = outcome.reference
    if outcome.not_before is not None:
        values["not_before"] = outcome.not_before
    if outcome.state is MessageState.PENDING:
        values["sent_at"] = None
    db.execute(outbox_messages.update().where(_out.id == message.id).values(**values))
    remember(
        db, [message.id], outcome.word, actor=actor, now=now, words=outcome.words,
        answer=outcome.answer,
    )  # fmt: skip
    _tell_people(db, message, outcome, now)


def hold_back(
    db: Connection, message: DueMessage, words: str, *, until: datetime, actor: str, now: datetime
) -> None:
    """Let a message wait for a person, and say why; said once, however long it waits."""
    values = {"problem": words, "not_before": until}
    db.execute(outbox_messages.update().where(_out.id == message.id).values(**values))
    if message.problem != words:
        remember(db, [message.id], "held_back", actor=actor, now=now, words=words)


def let_go(db: Connection, order_id: int, *, now: datetime) -> None:
    """A person has decided about an order: what waited for that may go out."""
    held = (_out.order_id == order_id, _out.state == MessageState.PENDING, _out.problem != "")
    db.execute(outbox_messages.update().where(*held).values(problem="", not_before=now))


def remember(
    db: Connection,
    message_ids: Sequence[int],
    outcome: str,
    *,
    actor: str,
    now: datetime,
    words: str = "",
    answer: Mapping[str, Any] | None = None,
) -> None:
    """Keep in the flight recorder what happened to messages."""
    ids = Identity(db, outbox_attempts)
    rows = [
        {
            "id": ids.take(outbox_attempts), "message_id": message_id, "at": now,
            "outcome": outcome, "words": words, "answer": answer, "actor": actor,
        }
        for message_id in message_ids
    ]  # fmt: skip
    if rows:
        db.execute(outbox_attempts.insert(), rows)


def _due(row: Any) -> DueMessage:
    return DueMessage(
        row.id, OutgoingKind(row.kind), MessageState(row.state), row.idempotency_key, row.order_id,
        row.external_id, row.number, row.attempts, row.state in ("sent", "in_doubt"), row.sent_at,
        row.problem,
    )  # fmt: skip


# What is wrong with what a channel is told of an order, or of a listing.
OF_MESSAGES: Final = (
    CaseKind.MESSAGE_REFUSED, CaseKind.ACKNOWLEDGE_LATE, CaseKind.LISTING_ERROR,
)  # fmt: skip


def _tell_people(db: Connection, message: DueMessage, outcome: Outcome, now: datetime) -> None:
    """Open a case for what was refused, and close it when that is over."""
    if outcome.state in (MessageState.REJECTED, MessageState.DEAD):
        draft = CaseDraft(
            CaseKind.MESSAGE_REFUSED, "order", message.order_id,
            f"Order {message.number}: {outcome.words}", order_id=message.order_id, due_at=now,
            facts={"message": message.id, "problem": outcome.words},
        )  # fmt: skip
        open_cases(db, [draft], now=now)
    elif outcome.state is MessageState.ACKED:
        resolve_cases(
            db, OF_MESSAGES, "order", [message.order_id],
            resolution="The channel has taken it.", now=now,
        )  # fmt: skip
