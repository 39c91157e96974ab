"""How do the connected accounts do, what are their channels still to be told, and what became of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, and_, func, select

from app.domain.cases import CaseKind
from app.domain.syncing import PROMISED, SyncState
from app.domain.tracking.carriers import carrier_name
from app.domain.tracking.rhythm import PACE
from app.models.cases import exception_cases
from app.models.exchange import inbox_messages, outbox_messages
from app.models.governance import audit_entries
from app.models.orders import channel_accounts, orders
from app.models.sync import channel_connections, outbox_attempts, sync_states
from app.models.tracking import carrier_connections

_out = outbox_messages.c
_ON_ITS_WAY: Final = ("pending", "sent", "in_doubt")
_STUCK: Final = ("rejected", "dead")
_OVER_THE_NETWORK = and_(
    _out.export_file_id.is_(None),
    _out.account_id.in_(select(channel_connections.c.account_id)),
)


@dataclass(frozen=True, slots=True)
class HealthRow:
    """One connected account, or one connected ``carrier``, which has no id here.

    ``behind`` is how long it has not been in step; ``is_late`` says that this is longer than promised,
    ``is_signed_out`` that its keys are taken no more.
    """

    account_id: int
    channel: str
    name: str
    state: SyncState
    title: str
    advice: str
    until: datetime | None
    last_good_at: datetime | None
    behind: timedelta | None
    is_late: bool
    waiting: int
    stuck: int
    pace: timedelta
    pushes_quantities: bool
    skew: int
    rhythms: Mapping[str, str] = field(default_factory=dict)
    carrier: str = ""
    is_signed_out: bool = False

    @property
    def key(self) -> int | str:
        """Whose health it is."""
        return self.carrier or self.account_id


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message to a channel: what it says, how often it was tried, what the channel answered."""

    id: int
    channel: str
    account: str
    kind: str
    state: str
    order_id: int | None
    number: str
    payload: Mapping[str, Any]
    problem: str
    attempts: int
    next_at: datetime
    created_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry of an order's flight recorder: when, where in its journey, and what was said."""

    at: datetime
    part: str
    what: str
    words: str = ""
    who: str = ""


def health(db: Connection, *, now: datetime) -> list[HealthRow]:
    """Return every connected account, by name, and then every connected carrier."""
    out = {(row.subject_kind, row.subject_id) for row in db.execute(_OUT)}
    found = [
        *((("account", each.account_id), each) for each in _accounts(db, now)),
        *((("carrier", row.id), _carrier(row, now)) for row in db.execute(_CARRIERS)),
    ]
    return [replace(each, is_signed_out=subject in out) for subject, each in found]


_OUT: Final = select(exception_cases.c.subject_kind, exception_cases.c.subject_id).where(
    exception_cases.c.kind == CaseKind.SIGNED_OUT, exception_cases.c.state == "open"
)
_CARRIERS: Final = select(carrier_connections).order_by(carrier_connections.c.carrier)


def _accounts(db: Connection, now: datetime) -> list[HealthRow]:
    query = (
        select(
            channel_connections, channel_accounts.c.channel, channel_accounts.c.name,
            sync_states.c.state, sync_states.c.title, sync_states.c.advice,
            sync_states.c.waits_until, sync_states.c.last_good_at, sync_states.c.skew,
        )
        .join(channel_accounts, channel_accounts.c.id == channel_connections.c.account_id)
        .outerjoin(sync_states, sync_states.c.account_id == channel_connections.c.account_id)
        .order_by(channel_accounts.c.name)
    )  # fmt: skip
    waiting, stuck = _counts(db, _ON_ITS_WAY), _counts(db, _STUCK)
    return [
        _health(row, waiting.get(row.account_id, 0), stuck.get(row.account_id, 0), now)
        for row in db.execute(query)
    ]


def messages(db: Connection, *, stuck_first: bool = True, limit: int = 60) -> list[MessageRow]:
    """Return what channels are told over the network: what is stuck, what waits, what went last."""
    query = (
        select(
            outbox_messages, channel_accounts.c.channel, channel_accounts.c.name, orders.c.number
        )
        .join(channel_accounts, channel_accounts.c.id == _out.account_id)
        .outerjoin(orders, orders.c.id == _out.order_id)
        .where(_OVER_THE_NETWORK, _out.state != "recalled")
        .order_by(
            _out.state.not_in(_STUCK) if stuck_first else _out.id, _out.state.not_in(_ON_ITS_WAY),
            _out.id.desc(),
        )
        .limit(limit)
    )  # fmt: skip
    return [_message(row) for row in db.execute(query)]


def recorder(db: Connection, *, order_id: int) -> list[Recorded]:
    """Return everything that was said about an order, in and out, in the order of time."""
    account, external_id = db.execute(
        select(orders.c.account_id, orders.c.external_id).where(orders.c.id == order_id)
    ).one()
    found = [*_came(db, account, external_id), *_decided(db, order_id), *_told(db, order_id)]
    return sorted(found, key=lambda each: each.at)


def _counts(db: Connection, states: tuple[str, ...]) -> dict[int, int]:
    query = (
        select(_out.account_id, func.count())
        .where(_OVER_THE_NETWORK, _out.state.in_(states))
        .group_by(_out.account_id)
    )
    return dict(db.execute(query).all())


def _health(row: Any, waiting: int, stuck: int, now: datetime) -> HealthRow:
    behind = None if row.last_good_at is None else now - row.last_good_at
    state = SyncState.PAUSED if row.is_paused else SyncState(row.state or "waiting")
    return HealthRow(
        row.account_id, row.channel, row.name, state, row.title or "", row.advice or "",
        row.waits_until, row.last_good_at, behind,
        behind is not None and behind > max(PROMISED, 2 * timedelta(seconds=row.pace)),
        waiting, stuck, timedelta(seconds=row.pace), row.pushes_quantities, row.skew or 0,
        row.rhythms,
    )  # fmt: skip


def _carrier(row: Any, now: datetime) -> HealthRow:
    behind = None if row.last_good_at is None else now - row.last_good_at
    state = SyncState.PAUSED if row.is_paused else SyncState(row.state)
    return HealthRow(
        0, row.carrier, carrier_name(row.carrier), state, row.title, row.advice, row.waits_until,
        row.last_good_at, behind, behind is not None and behind > max(PROMISED, 2 * PACE), 0, 0, PACE,
        pushes_quantities=False, skew=0, carrier=row.carrier,
    )  # fmt: skip


def _message(row: Any) -> MessageRow:
    return MessageRow(
        row.id, row.channel, row.name, row.kind, row.state, row.order_id, row.number or "",
        row.payload, row.problem, row.attempts, row.not_before, row.created_at, row.answered_at,
    )  # fmt: skip


_CAME: Final = {
    "new": "came in", "updated": "moved on", "changed": "was changed", "unread": "could not be read",
    "settled": "could not be read then",
}  # fmt: skip


def _came(db: Connection, account: int, external_id: str) -> list[Recorded]:
    table = inbox_messages.c
    query = select(table.received_at, table.outcome, table.channel_state).where(
        table.account_id == account, table.external_id == external_id
    )
    return [
        Recorded(row.received_at, "in", _CAME.get(row.outcome, row.outcome),
                 row.channel_state.replace("_", " "))
        for row in db.execute(query)
    ]  # fmt: skip


def _decided(db: Connection, order_id: int) -> list[Recorded]:
    table = audit_entries.c
    query = select(table.at, table.action, table.reason, table.actor).where(
        table.subject == f"order:{order_id}"
    )
    return [
        Recorded(datetime.fromisoformat(row.at), "decided", row.action, row.reason, row.actor)
        for row in db.execute(query)
    ]


def _told(db: Connection, order_id: int) -> list[Recorded]:
    table = outbox_attempts.c
    query = (
        select(table.at, table.outcome, table.words, table.answer, table.actor, _out.kind)
        .join(outbox_messages, _out.id == table.message_id)
        .where(_out.order_id == order_id)
        .order_by(table.id)
    )
    return [
        Recorded(row.at, "out", f"{row.kind}:{row.outcome}", row.words or _said(row.answer),
                 row.actor)
        for row in db.execute(query)
    ]  # fmt: skip


def _said(answer: Mapping[str, Any] | None) -> str:
    """Return an answer in one line."""
    if not answer:
        return ""
    if set(answer) == {"before", "after"}:
        return ", ".join(
            f"{name.replace('_', ' ')}: {answer['before'].get(name) or 'as shipped'} → {value}"
            for name, value in answer["after"].items()
        )
    return ", ".join(f"{name}: {value}" for name, value in answer.items())[:300]
