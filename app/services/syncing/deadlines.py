"""Which orders must a channel hear of soon, and has not yet?

The alarm comes an hour before the channel's own deadline, not after it: there is time to do it by hand.
It ends by itself once the channel has taken the message.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.outgoing import OutgoingKind
from app.models.exchange import outbox_messages
from app.models.orders import orders
from app.services.cases import open_cases
from app.services.syncing.outbox import NEXT

BEFORE: Final = timedelta(hours=1)
_TELLS: Final = {
    OutgoingKind.ACKNOWLEDGE: "waits to be accepted at {title}",
    OutgoingKind.SHIP_CONFIRM: "waits to be confirmed at {title}",
}
_KINDS: Final = {
    OutgoingKind.ACKNOWLEDGE: CaseKind.ACKNOWLEDGE_LATE,
    OutgoingKind.SHIP_CONFIRM: CaseKind.MESSAGE_REFUSED,
}
# A message that is on its way for less than this is no news yet.
_PATIENCE: Final = timedelta(minutes=10)


def warn(
    db: Connection, account_id: int, title: str, *, within: timedelta | None, now: datetime
) -> int:
    """Open a case for each order whose deadline at the channel is near; return how many are."""
    drafts = [
        _case(row, title, by)
        for row in db.execute(_WAITING, {"account": account_id, "before": now - _PATIENCE})
        if (by := _deadline(row, within)) is not None and now >= by - BEFORE
    ]
    open_cases(db, drafts, now=now)
    return len(drafts)


_out = outbox_messages.c
_WAITING: Final = (
    select(
        _out.id, _out.kind, _out.order_id, _out.problem, orders.c.number, orders.c.placed_at,
        orders.c.ship_by,
    )
    .join(orders, orders.c.id == _out.order_id)
    .where(
        _out.account_id == bindparam("account"), _out.state.in_(NEXT),
        _out.kind.in_(list(_TELLS)), _out.created_at <= bindparam("before"),
    )
    .order_by(_out.id)
)  # fmt: skip


def _deadline(row: Any, within: timedelta | None) -> datetime | None:
    if row.kind == OutgoingKind.SHIP_CONFIRM:
        due: datetime | None = row.ship_by
        return due
    made: datetime = row.placed_at
    return made + within if within is not None else None


def _case(row: Any, title: str, by: datetime) -> CaseDraft:
    words = _TELLS[OutgoingKind(row.kind)].format(title=title)
    return CaseDraft(
        _KINDS[OutgoingKind(row.kind)], "order", row.order_id,
        f"Order {row.number} {words}, and its time runs out.", order_id=row.order_id,
        due_at=by, facts={"message": row.id, "problem": row.problem or ""},
    )  # fmt: skip
