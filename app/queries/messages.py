"""What are buyers told, how far is each message, and whom may one write to at all?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, case, select

from app.domain.messaging.events import Event
from app.domain.messaging.rules import rule_of
from app.models.message_settings import (
    MailServer,
    MessageRules,
    mail_server,
    message_rules,
    template_of,
)
from app.models.messages import buyer_messages
from app.models.orders import channel_accounts, orders, sales_channels

_m = buyer_messages.c
# What somebody has to decide comes first, then what is about to leave, then what has left.
_RANK: Final = case(
    {"in_doubt": 0, "rejected": 1, "draft": 2, "pending": 3, "sent": 4}, value=_m.state, else_=5
)


@dataclass(frozen=True, slots=True)
class BuyerMessage:
    """One message to a buyer; whose it is says its order alone."""

    id: int
    way: str
    event: str
    state: str
    order_id: int
    number: str
    account: str
    channel: str
    happened_at: datetime
    not_before: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    approved_by: str
    problem: str


@dataclass(frozen=True, slots=True)
class AccountRule:
    """An account, and whether its buyers are written to; if that may not be, why."""

    id: int
    name: str
    channel: str
    channel_name: str
    since: datetime | None
    events: tuple[str, ...]
    why: str
    source: str

    @property
    def may(self) -> bool:
        """Whether its channel allows anything at all."""
        return bool(self.events)


@dataclass(frozen=True, slots=True)
class MessageSettings:
    """Everything that is decided about messages to buyers."""

    server: MailServer
    rules: MessageRules
    accounts: tuple[AccountRule, ...]
    words: tuple[tuple[str, str], ...]


def buyer_message_rows(
    db: Connection,
    *,
    states: Sequence[str] = (),
    order_id: int | None = None,
    limit: int | None = 200,
) -> list[BuyerMessage]:
    """Return messages, what needs a person first; of those that left the newest."""
    query = _ROWS
    if states:
        query = query.where(_m.state.in_(states))
    if order_id is not None:
        query = query.where(_m.order_id == order_id)
    rows = db.execute(query.order_by(_RANK, _m.id.desc()).limit(limit))
    return [BuyerMessage(*row) for row in rows]


_ROWS: Final[Select[Any]] = (
    select(
        _m.id, _m.way, _m.event, _m.state, _m.order_id, orders.c.number,
        channel_accounts.c.name, orders.c.channel, _m.happened_at, _m.not_before, _m.sent_at,
        _m.answered_at, _m.approved_by, _m.problem,
    )
    .join(orders, orders.c.id == _m.order_id)
    .join(channel_accounts, channel_accounts.c.id == _m.account_id)
)  # fmt: skip


def message_settings(db: Connection) -> MessageSettings:
    """Return what is decided about messages."""
    rules = message_rules(db)
    words = tuple((event.value, template_of(db, event)) for event in Event)
    return MessageSettings(mail_server(db), rules, tuple(_accounts(db, rules)), words)


def _accounts(db: Connection, rules: MessageRules) -> list[AccountRule]:
    table = channel_accounts.c
    query = (
        select(table.id, table.name, table.channel, sales_channels.c.name.label("channel_name"))
        .join(sales_channels, sales_channels.c.code == table.channel)
        .order_by(table.id)
    )
    return [
        AccountRule(
            row.id, row.name, row.channel, row.channel_name, rules.since.get(row.id),
            tuple(sorted(rule_of(row.channel).may)), rule_of(row.channel).why, rule_of(row.channel).source,
        )
        for row in db.execute(query)
    ]  # fmt: skip
