"""How far is each account, and who works it now?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, or_, select

from app.models.sync import sync_leases, sync_states

LEASE: Final = timedelta(minutes=2)
_CLOCKS_DIFFER: Final = timedelta(minutes=15)
_state = sync_states.c


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an account is: what the next cycle begins from."""

    cursor: datetime | None = None
    last_good_at: datetime | None = None
    swept_at: datetime | None = None
    swept_to: int = 0
    listed_at: datetime | None = None
    bands_told: Mapping[str, datetime] = field(default_factory=dict)


def progress(db: Connection, account_id: int) -> Progress:
    """Return how far an account is."""
    row = db.execute(select(sync_states).where(_state.account_id == account_id)).first()
    if row is None:
        return Progress()
    return Progress(
        row.cursor, row.last_good_at, row.swept_at, row.swept_to, row.listed_at,
        {band: datetime.fromisoformat(at) for band, at in row.bands_told.items()},
    )  # fmt: skip


def note(db: Connection, account_id: int, **values: Any) -> None:
    """Write down how far an account is, and what its state is."""
    if not db.execute(
        sync_states.update().where(_state.account_id == account_id).values(**values)
    ).rowcount:
        first = {"state": "waiting", "title": "", "advice": "", "swept_to": 0, "skew": 0,
                 "bands_told": {}}  # fmt: skip
        db.execute(sync_states.insert(), [{"account_id": account_id, **first, **values}])


def take_lease(db: Connection, account_id: int, holder: str, *, now: datetime) -> str:
    """Become the one who works an account, or stay it; otherwise return who is."""
    table = sync_leases
    mine = table.c.account_id == account_id
    free = or_(table.c.holder == holder, is_over(table.c.until, now))
    taken = db.execute(table.update().where(mine, free).values(holder=holder, until=now + LEASE))
    if taken.rowcount:
        return holder
    row = db.execute(select(table.c.holder).where(mine)).first()
    if row is not None:
        return str(row.holder)
    db.execute(table.insert(), [{"account_id": account_id, "holder": holder, "until": now + LEASE}])
    return holder


def is_over(until: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """Say whether a lease has ended; one that lasts for hours was taken by a clock that was wrong."""
    return or_(until < now, until > now + LEASE + _CLOCKS_DIFFER)


def give_lease_back(db: Connection, account_id: int, holder: str) -> None:
    """Let somebody else work the account."""
    table = sync_leases
    db.execute(table.delete().where(table.c.account_id == account_id, table.c.holder == holder))
