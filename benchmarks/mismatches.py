"""How long does the report of mismatches take, and does it stay quiet where nothing is wrong?

``python -m benchmarks.mismatches [SKUS]``: a clean store of so many SKUs on six channels, first all as
told, then with a hundred numbers changed by hand on a channel.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, select, update

from app.domain.roles import Actor, Role
from app.models.catalogue import listings, skus
from app.models.database import Store
from app.models.orders import channel_accounts
from app.queries.mismatches import count_mismatches
from app.services.desk import Desk
from app.services.mismatching.running import report_now
from app.services.opening import open_ready_store
from app.services.promising import observing, publishing
from benchmarks.publishing import START, _furnish

SKUS, CHANGED, UNITS = 5_000, 100, 60


def run(size: int = SKUS) -> list[str]:
    """Return what was measured, a line each."""
    with TemporaryDirectory(prefix="orderdeck-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'desk.db'}"
        open_ready_store(url, now=START).close()
        clock = [START]
        desk = Desk(Store(url), Actor("Bench", Role.OWNER), now=lambda: clock[0])
        desk.write(lambda db: _furnish(db, size))
        desk.write(lambda db: _show(db, UNITS, clock[0]))
        desk.publish()
        desk.write(lambda db: _tell(db, clock[0]))
        clock[0] += timedelta(hours=1)
        desk.write(lambda db: _show(db, UNITS, clock[0]))
        clean = _measured(desk, "clean store")
        clock[0] += timedelta(hours=1)
        desk.write(lambda db: _change(db, clock[0]))
        changed = _measured(desk, f"{CHANGED} numbers changed by hand")
        desk.store.close()
    return [clean, changed]


def _measured(desk: Desk, words: str) -> str:
    begun, worked = time.perf_counter(), time.process_time()
    report_now(desk)
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    found = desk.read(count_mismatches, query="", now=desk.now())
    return f"{words}: {seconds:.2f} s ({worked:.2f} s of one processor), {found} rows"


def _show(db: Connection, units: int, now: datetime) -> None:
    db.execute(update(listings).values(quantity_shown=units, observed_at=now))
    _note(db, now)


def _tell(db: Connection, now: datetime) -> None:
    every = list(db.execute(select(skus.c.id)).scalars())
    for account in db.execute(select(channel_accounts.c.id)).scalars().all():
        publishing.mark_sent(db, account, every, now=now)
        publishing.acknowledge(db, account, every, now=now)


def _change(db: Connection, now: datetime) -> None:
    mine = listings.c.id <= CHANGED
    db.execute(update(listings).values(observed_at=now))
    db.execute(update(listings).where(mine).values(quantity_shown=UNITS + 7))
    _note(db, now)


def _note(db: Connection, now: datetime) -> None:
    for account in db.execute(select(channel_accounts.c.id)).scalars().all():
        observing.note_listings(db, account, source="the channel", now=now)


if __name__ == "__main__":
    print("\n".join(run(*map(int, sys.argv[1:2]))))
