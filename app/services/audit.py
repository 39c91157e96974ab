"""Who did what, when and why? Hash-chained, written in the same transaction as the deed.

Entries hold numbers, codes and states, never buyers' names or addresses, so that erasing personal
data never breaks the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter

from sqlalchemy import Connection, select

from app.domain.roles import Actor
from app.models.bulk import insert_rows
from app.models.governance import audit_entries

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Deed:
    """One action to be recorded; ``subject`` names a row of ours, like ``order:12``."""

    action: str
    subject: str
    reason: str = ""
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)


def record(db: Connection, actor: Actor, now: datetime, *deeds: Deed) -> None:
    """Append deeds to the chain."""
    if not deeds:
        return
    (seq, previous), at = head(db), now.isoformat()
    rows = []
    for seq_, deed in enumerate(deeds, seq + 1):
        row = {
            "seq": seq_, "at": at, "actor": actor.name, "action": deed.action,
            "subject": deed.subject, "reason": deed.reason, "before": _canonical(deed.before),
            "after": _canonical(deed.after), "previous_hash": previous,
        }  # fmt: skip
        row["hash"] = previous = entry_hash(row)
        rows.append(row)
    insert_rows(db, audit_entries, rows)


def head(db: Connection) -> tuple[int, str]:
    """Return the number of the last entry and its hash; (0, GENESIS) when there is none."""
    last = db.execute(_LAST).first()
    return (last.seq, last.hash) if last else (0, GENESIS)


_LAST = (
    select(audit_entries.c.seq, audit_entries.c.hash).order_by(audit_entries.c.seq.desc()).limit(1)
)


_HASHED = itemgetter(
    "previous_hash", "seq", "at", "actor", "action", "subject", "reason", "before", "after"
)


def entry_hash(row: Mapping[str, object]) -> str:
    """Return SHA-256 over the previous hash and the entry's own text, in a fixed order."""
    return hashlib.sha256("\x1f".join(map(str, _HASHED(row))).encode()).hexdigest()


def rows_after(db: Connection, seq: int, limit: int) -> Sequence[Mapping[str, object]]:
    """Return the next entries in order, for the verification walk."""
    query = select(audit_entries).where(audit_entries.c.seq > seq).order_by(audit_entries.c.seq)
    return [dict(row._mapping) for row in db.execute(query.limit(limit))]  # noqa: SLF001


def said(text: str) -> dict[str, object]:
    """Return what an entry's ``before`` or ``after`` says."""
    found = json.loads(text or "{}")
    return found if isinstance(found, dict) else {}


_canonical = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
).encode
