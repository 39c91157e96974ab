"""Which messages leave now, and what became of each? A row is marked before a word of it is handed over.

What was marked and has no answer, because the program ended, is in doubt: mail cannot be looked up, so it
is never sent again by itself. A person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from app.domain.outgoing import MessageState
from app.models.message_settings import message_rules
from app.models.messages import buyer_messages

_m = buyer_messages.c
AT_ONCE: Final = 50
# Longer than any one message takes; another desk's may be leaving right now.
ANSWERED_WITHIN: Final = timedelta(minutes=5)
UNCLEAR: Final = (
    "It was being handed over when the program ended, so it may have arrived or not. It is not sent again by "
    "itself."
)


def is_wanted(db: Connection) -> bool:
    """Return whether anybody is written to, or what was written before still has to leave."""
    under_way = select(_m.id).where(_m.state.in_(("pending", "sent"))).limit(1)
    return bool(message_rules(db).since) or db.execute(under_way).first() is not None


def due(db: Connection, *, now: datetime, limit: int = AT_ONCE) -> Sequence[int]:
    """Return the messages that may leave now, the oldest first."""
    query = select(_m.id).where(_m.state == "pending", _m.not_before <= now)
    return db.execute(query.order_by(_m.not_before, _m.id).limit(limit)).scalars().all()


def begin(db: Connection, message_id: int, *, now: datetime) -> bool:
    """Mark a message as leaving; say whether it still may: it may have been taken back, or be another's."""
    taken = db.execute(
        buyer_messages.update()
        .where(_m.id == message_id, _m.state == "pending", _m.not_before <= now)
        .values(state="sent", sent_at=now, attempts=_m.attempts + 1)
    )
    return bool(taken.rowcount)


def settle(
    db: Connection, message_id: int, state: MessageState, *, now: datetime, words: str = "",
    reference: str = "", not_before: datetime | None = None, is_begun: bool = True,
) -> bool:  # fmt: skip
    """Write down how it ended; what has not ``begun`` here may be another's by now, and stays as it is."""
    values = {"state": state.value, "problem": words, "reference": reference, "answered_at": now}
    if not_before is not None:
        values["not_before"] = not_before
    here = _m.state.in_(("sent", "in_doubt")) if is_begun else _m.state == "pending"
    done = db.execute(buyer_messages.update().where(_m.id == message_id, here).values(**values))
    return bool(done.rowcount)


def doubt_the_interrupted(db: Connection, *, now: datetime) -> int:
    """Put in doubt what was marked and has had no answer for long."""
    found = db.execute(
        buyer_messages.update()
        .where(_m.state == "sent", _m.sent_at < now - ANSWERED_WITHIN)
        .values(state="in_doubt", problem=UNCLEAR, answered_at=now)
    )
    return found.rowcount
