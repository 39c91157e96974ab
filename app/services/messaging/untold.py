"""Which messages to buyers did not leave, or may have?"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.cases import CaseDraft, CaseKind
from app.models.base import is_state
from app.models.messages import buyer_messages
from app.models.orders import orders

_m = buyer_messages.c
_STATES: Final = ("draft", "pending", "sent", "in_doubt", "rejected")  # as its index has them


def buyers_untold(db: Connection, _now: datetime) -> list[CaseDraft]:
    """Return one case for each message that a person has to look at."""
    return [_case(row) for row in db.execute(_STUCK)]


_STUCK: Final = (
    select(_m.id, _m.event, _m.state, _m.problem, _m.account_id, _m.order_id, orders.c.number)
    .join(orders, orders.c.id == _m.order_id)
    .where(is_state(_m.state, *_STATES), _m.state.in_(("in_doubt", "rejected")))
    .order_by(_m.id)
)


def _case(row: Any) -> CaseDraft:
    about = row.event.replace("_", " ")
    said = "may or may not have left" if row.state == "in_doubt" else "was not taken"
    return CaseDraft(
        CaseKind.BUYER_UNTOLD, "message", row.id, f"Order {row.number}: the message “{about}” {said}",
        order_id=row.order_id, facts={"message": row.problem}, account_id=row.account_id,
        cause="mail server" if row.state == "rejected" else "",
    )  # fmt: skip
