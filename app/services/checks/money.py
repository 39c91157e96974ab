"""Is what was paid kept under its own orders, and was nobody written to whom the channel forbids?"""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from app.domain.messaging.events import Event
from app.domain.messaging.rules import may_tell
from app.models.messages import buyer_messages
from app.models.orders import orders
from app.models.payouts import payout_lines
from app.services.checks.check import Check, answer, faults_of

_STRANGE = """
SELECT l.order_ref, l.raw_line, o.number FROM payout_lines l JOIN orders o ON o.id = l.order_id
JOIN channel_accounts a ON a.id = l.account_id WHERE o.channel <> a.channel
"""
_OTHER_NAME = """
SELECT l.order_ref, l.raw_line, o.number FROM payout_lines l JOIN orders o ON o.id = l.order_id
WHERE l.order_ref <> o.number AND l.order_ref <> o.external_id
"""


def payouts(db: Connection) -> Check:
    """Every line that names an order stands under the order of its channel that is called so."""
    count = db.execute(select(func.count()).select_from(payout_lines)).scalar_one()
    faults = faults_of(
        db,
        _STRANGE,
        lambda row: f"line {row.raw_line} was booked under {row.number} of another channel",
    )
    faults += faults_of(
        db,
        _OTHER_NAME,
        lambda row: f"line {row.raw_line} names {row.order_ref}, and stands under {row.number}",
    )
    return answer("payouts", f"Each of {count:,} payout lines stands under its own order.", faults)


def messages(db: Connection) -> Check:
    """No message has left, or may have, for a buyer whose channel forbids it."""
    table = buyer_messages.c
    query = (
        select(orders.c.channel, table.event, func.count().label("times"))
        .join(orders, orders.c.id == table.order_id)
        .where(table.state.in_(("sent", "acked", "in_doubt")))
        .group_by(orders.c.channel, table.event)
    )
    rows = db.execute(query).all()
    faults = [
        f"{row.times:,} buyers on {row.channel} were told “{row.event}”, which the channel forbids"
        for row in rows
        if not may_tell(row.channel, Event(row.event))
    ]
    left = sum(int(row.times) for row in rows)
    return answer(
        "messages to buyers",
        f"Each of {left:,} messages went to a buyer who may be written to.",
        faults,
    )
