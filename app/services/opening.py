"""How is a store opened for work: its tables up to date, and what every desk needs in it?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.models.database import Store
from app.models.governance import settings
from app.models.migrate import open_store
from app.services import setup


def open_ready_store(url: str, *, now: datetime, synchronous: str = "FULL") -> Store:
    """Open a store that is ready for its first order; a new one is made on the way.

    Raises:
        StoreError: it was made by a newer Orderdeck, is no store of ours, or cannot be opened.
        RefusedError: the address is none.
    """
    store = open_store(url, synchronous=synchronous)
    try:
        if not _is_prepared(store):
            with store.write() as db:
                setup.prepare(db, now=now)
    except BaseException:
        store.close()
        raise
    return store


def _is_prepared(store: Store) -> bool:
    with store.read() as db:
        mark = select(settings.c.name).where(settings.c.name == "store_id")
        return db.execute(mark).first() is not None
