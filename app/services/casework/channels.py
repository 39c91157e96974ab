"""Which channels are not looked at any more, and which messages may or may not have arrived?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.cases import CaseDraft, CaseKind
from app.models.base import is_state
from app.models.exchange import outbox_messages
from app.models.orders import channel_accounts, orders, total_of_order
from app.models.sync import channel_connections, sync_states

UNSEEN_FOR: Final = timedelta(hours=1)
DOUBT_FOR: Final = timedelta(minutes=30)
_account, _state, _out = channel_connections.c, sync_states.c, outbox_messages.c


def not_looked_at(db: Connection, now: datetime) -> list[CaseDraft]:
    """Return the connected accounts that nobody has looked at for an hour."""
    return [_unseen(row) for row in db.execute(_ACCOUNTS) if now - _last(row) > UNSEEN_FOR]


_ACCOUNTS: Final = (
    select(
        _account.account_id, _account.connected_at, _state.last_good_at, _state.last_tried_at,
        channel_accounts.c.name, channel_accounts.c.channel,
    )
    .join(channel_accounts, channel_accounts.c.id == _account.account_id)
    .outerjoin(sync_states, _state.account_id == _account.account_id)
    .where(~_account.is_paused)
    .order_by(_account.account_id)
)  # fmt: skip


def _last(row: Any) -> datetime:
    """Return when it was last tried; what is tried in vain is a case of another kind."""
    last: datetime = row.last_tried_at or row.connected_at
    return last


def _unseen(row: Any) -> CaseDraft:
    return CaseDraft(
        CaseKind.SYNC_STALE, "account", row.account_id,
        f"{row.name} has not been looked at for more than an hour", account_id=row.account_id,
        facts={"last_good_at": row.last_good_at.isoformat() if row.last_good_at else ""},
    )  # fmt: skip


def permission_ends(db: Connection, now: datetime) -> list[CaseDraft]:
    """Return the accounts whose channel will ask its owner to sign in again within two weeks."""
    return [
        CaseDraft(
            CaseKind.SIGN_IN_ENDS, "account", row.account_id,
            f"{row.name} lets the desk in for two more weeks at most; then somebody has to sign in again",
            due_at=ends, account_id=row.account_id, facts={"ends_at": ends.isoformat()},
        )
        for row in db.execute(_ACCOUNTS)
        if (ends := _ends_at(row)) is not None and ends - now < ENDS_AHEAD
    ]  # fmt: skip


# How long a permission lasts from the signing in, as the channel's own pages say; no other ends by itself.
LASTS: Final = {"amazon": timedelta(days=365), "ebay": timedelta(days=540)}
ENDS_AHEAD: Final = timedelta(days=14)


def _ends_at(row: Any) -> datetime | None:
    lasts = LASTS.get(row.channel)
    return row.connected_at + lasts if lasts is not None else None


def in_doubt(db: Connection, now: datetime) -> list[CaseDraft]:
    """Return the orders with a message that has been in doubt for half an hour, one case each."""
    rows = db.execute(_DOUBTFUL.where(_out.sent_at < now - DOUBT_FOR))
    return list({row.order_id: _doubtful(row) for row in rows}.values())


_DOUBTFUL: Final = (
    select(
        _out.id, _out.kind, _out.order_id, _out.account_id, _out.problem, orders.c.number,
        orders.c.ship_by, orders.c.currency, channel_accounts.c.name,
        total_of_order().label("worth"),
    )
    .join(orders, orders.c.id == _out.order_id)
    .join(channel_accounts, channel_accounts.c.id == _out.account_id)
    .where(
        is_state(_out.state, "pending", "sent", "in_doubt", "rejected", "dead"),  # its index
        _out.export_file_id.is_(None),
        _out.state == "in_doubt",
    )
    .order_by(_out.id)
)  # fmt: skip
_SAID: Final = {
    "ship_confirm": "was told that it has shipped", "cancel": "was told that it is cancelled",
    "acknowledge": "was told that it is accepted",
}  # fmt: skip


def _doubtful(row: Any) -> CaseDraft:
    said = _SAID.get(row.kind, "was told something")
    return CaseDraft(
        CaseKind.IN_DOUBT, "order", row.order_id,
        f"Order {row.number}: {row.name} {said}, and has not said whether it took it",
        int(row.worth or 0), row.currency, row.order_id, due_at=row.ship_by,
        facts={"message": row.id, "problem": row.problem or ""}, account_id=row.account_id,
        cause=f"account:{row.account_id}",
    )  # fmt: skip
