"""Two writers at once: each process brings one half of the day to *ready* in the same store."""

from __future__ import annotations

from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from app.models.database import Store
from benchmarks import desk_day, raw
from benchmarks.workload import Day


def two_desks(url: str, day: Day, accounts: dict[str, int], batch: int) -> int:
    """Return the lines that two processes reserved together through the program's services."""
    _both(_desk, [(url, part, accounts, batch) for part in _halves(day)])
    store = Store(url)
    try:
        return desk_day.counts(store)["reserved_lines"]
    finally:
        store.close()


def two_raw(path: Path, day: Day, batch: int) -> int:
    """Return the lines that two processes reserved together with sqlite3 alone."""
    raw.RawDesk(path, day).close()
    return sum(_both(_raw, [(path, part, batch) for part in _halves(day)]))


def _halves(day: Day) -> list[Day]:
    return [
        Day(day.skus, day.aliases, day.places, day.stock, day.sales[at::2], frozenset())
        for at in (0, 1)
    ]


def _both(work: object, arguments: list[tuple[object, ...]]) -> list[int]:
    with get_context("spawn").Pool(2) as pool:
        return pool.starmap(work, arguments)  # type: ignore[arg-type]


def _desk(url: str, day: Day, accounts: dict[str, int], batch: int) -> int:
    store = Store(url, synchronous="NORMAL")
    try:
        desk_day.take_in(store, desk_day.arrivals(day), accounts, batch, datetime.now(UTC))
    finally:
        store.close()
    return 0


def _raw(path: Path, day: Day, batch: int) -> int:
    desk = raw.RawDesk(path, day, fresh=False)
    return desk.ready(day.sales, batch).reserved_lines
