"""Does what went out to channels match what the audit trail sealed when it went?"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from app.models.exchange import export_files, outbox_messages
from app.models.sync import outbox_attempts
from app.services.checks.check import faults_of
from app.services.checks.deeds import deeds
from app.services.outgoing import digest_of

# What is told in a file is sent with it; only over the network does a channel answer.
_STATES = """
SELECT m.id, m.state, o.number FROM outbox_messages m LEFT JOIN orders o ON o.id = m.order_id
WHERE m.state NOT IN ('pending', 'sent', 'recalled', 'in_doubt', 'acked', 'rejected', 'dead')
   OR (m.state IN ('acked', 'rejected', 'dead') AND m.answered_at IS NULL)
"""

_HALF_SENT = """
SELECT m.id, m.state, o.number FROM outbox_messages m LEFT JOIN orders o ON o.id = m.order_id
WHERE (m.state = 'sent' AND m.sent_at IS NULL)
   OR (m.state = 'sent' AND m.export_file_id IS NULL AND m.attempts = 0)
   OR (m.state IN ('pending', 'recalled') AND m.export_file_id IS NOT NULL)
   OR (m.state = 'pending' AND m.sent_at IS NOT NULL)
   OR (m.state = 'recalled' AND m.sent_at IS NOT NULL AND m.attempts = 0)
"""

_STRAY = """
SELECT o.number, COALESCE(x.number, '(no order)') AS other FROM outbox_messages m
JOIN shipments s ON s.id = m.shipment_id
JOIN orders o ON o.id = s.order_id
LEFT JOIN orders x ON x.id = m.order_id
LEFT JOIN replacement_orders r ON r.order_id = s.order_id
WHERE m.order_id IS NULL OR m.order_id <> COALESCE(r.original_order_id, s.order_id)
"""

_OTHER_ACCOUNT = """
SELECT o.number FROM outbox_messages m JOIN orders o ON o.id = m.order_id
WHERE m.account_id <> o.account_id
"""

_NOT_CANCELLED = """
SELECT o.number, o.status FROM outbox_messages m JOIN orders o ON o.id = m.order_id
WHERE m.kind = 'cancel' AND m.state <> 'recalled' AND o.status <> 'cancelled'
"""


def message_faults(db: Connection) -> list[str]:
    """Look for messages in a state that no deed leads to, or about another order or account."""
    faults = faults_of(db, _STATES, lambda r: f"{_of(r)} is “{r.state}”, which says nothing")
    faults += faults_of(
        db, _HALF_SENT, lambda r: f"{_of(r)} is {r.state}, but its file and its time say otherwise"
    )
    faults += faults_of(
        db, _STRAY, lambda r: f"a shipment of order {r.number} would be told as order {r.other}"
    )
    faults += faults_of(
        db, _OTHER_ACCOUNT, lambda r: f"a message of order {r.number} goes to another account"
    )
    faults += faults_of(
        db, _NOT_CANCELLED,
        lambda r: f"order {r.number} is {r.status}, and its channel is told that it is cancelled",
    )  # fmt: skip
    return faults + _doubtful(db)


def file_faults(db: Connection) -> list[str]:
    """Hold every written file and the messages in it against the entry made when it was written."""
    written = {deed.subject: deed.after for deed in deeds(db, "write file")}
    inside = _messages_by_file(db)
    table = export_files.c
    query = select(table.id, table.name, table.account_id, table.kind, table.content)
    faults: list[str] = []
    for row in db.execute(query.order_by(table.id), execution_options={"yield_per": 20}):
        sealed = written.pop(f"file:{row.id}", None)
        faults += _compared(row, sealed, inside.get(row.id, []))
    faults += [f"a file that was written ({subject}) is gone" for subject in written]
    return faults


def _compared(row: Any, sealed: Mapping[str, Any] | None, messages: list[int]) -> list[str]:
    if sealed is None:
        return [f"nothing says who wrote {row.name}"]
    faults = []
    if (row.account_id, row.kind) != (sealed.get("account"), sealed.get("kind")):
        faults.append(f"{row.name} was written for something else")
    if "sha256" in sealed and hashlib.sha256(row.content).hexdigest() != sealed["sha256"]:
        faults.append(f"{row.name} is not as it was written")
    if "messages" in sealed and digest_of(messages) != sealed["messages_sha256"]:
        faults.append(
            f"{row.name} told {sealed['messages']:,} messages, of which {len(messages):,} "
            "are marked as told in it"
        )
    return faults


def _messages_by_file(db: Connection) -> Mapping[int, list[int]]:
    table = outbox_messages.c
    query = select(table.export_file_id, table.id).where(table.export_file_id.is_not(None))
    found: dict[int, list[int]] = defaultdict(list)
    for file_id, message_id in db.execute(query, execution_options={"yield_per": 2_000}):
        found[file_id].append(message_id)
    return found


def _doubtful(db: Connection) -> list[str]:
    """Only a restore leaves a message in doubt, or an attempt without an answer; both leave a trace."""
    tried = select(outbox_attempts.c.message_id).where(outbox_attempts.c.outcome == "in_doubt")
    known: set[int] = set(db.execute(tried).scalars())
    for deed in deeds(db, "leave in doubt"):
        known.update(deed.after.get("messages", ()))
    query = select(outbox_messages.c.id).where(outbox_messages.c.state == "in_doubt")
    return [
        f"message {message_id} is in doubt, and nothing says why"
        for message_id in db.execute(query).scalars()
        if message_id not in known
    ]


def _of(row: Any) -> str:
    return f"a message of order {row.number}" if row.number else f"message {row.id}"
