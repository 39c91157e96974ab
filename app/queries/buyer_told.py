"""What of an order's story was told to its buyer, and how far did each message come?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from app.models.messages import buyer_messages

DESK: Final = "Orderdeck"
_STATES: Final[Mapping[str, str]] = {
    "draft": "Message to the buyer drafted", "pending": "Message to the buyer is about to leave",
    "sent": "Message to the buyer is leaving", "acked": "The buyer was told",
    "rejected": "Message to the buyer was not taken", "in_doubt": "Message to the buyer may have left",
    "recalled": "Message to the buyer is not sent",
}  # fmt: skip
Told = tuple[datetime, str, str, str, str]


def buyer_told(db: Connection, order_id: int) -> Iterator[Told]:
    """Return the messages of an order as entries of its timeline: when, who, what, in which words, kind."""
    table = buyer_messages.c
    query = select(buyer_messages).where(table.order_id == order_id).order_by(table.id)
    for row in db.execute(query):
        way = "By mail" if row.way == "mail" else "By text message"
        detail = f"{way}: {row.event.replace('_', ' ')}. {row.problem}".strip()
        at = row.answered_at or row.sent_at or row.created_at
        yield at, row.approved_by or DESK, _STATES[row.state], detail, "message"
