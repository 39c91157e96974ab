"""The figures that the program promises, each as a ratio to the raw reference of the same run."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from app.domain.roles import SYSTEM
from app.models.database import Store
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.sync.files.importer import FileImporter
from benchmarks import desk_day, export_file, house_rules, writers
from benchmarks.raw import RawDesk
from benchmarks.workload import Day, draw

BATCH = 100


@dataclass(frozen=True, slots=True)
class Size:
    """How much one run measures: orders of the base day, of the long day, of single commits."""

    base: int
    long: int
    single: int


SIZES = {
    "small": Size(2_000, 12_000, 300),
    "standard": Size(10_000, 60_606, 1_000),
    "large": Size(20_000, 120_000, 2_000),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One promise: our figure, the reference's, and whether the bound holds."""

    name: str
    ours: str
    reference: str
    ratio: float
    bound: str
    ok: bool


def measure(size: Size) -> Iterator[Figure]:
    """Measure everything, one figure after the other."""
    day = draw(size.base)
    with _fresh() as folder:
        yield from _base(folder, day)
    with _fresh() as folder:
        yield _single(folder, day, size.single)
    with _fresh() as folder:
        yield _growth(folder, day, size)
    with _fresh() as folder:
        yield _export(folder, size)
    with _fresh() as folder:
        yield _two_writers(folder, day)


def _base(folder: Path, day: Day) -> Iterator[Figure]:
    raw = RawDesk(folder / "raw.db", day)
    ready, shipped = raw.ready(day.sales, BATCH), raw.ship(day.sales, BATCH)
    store, accounts = fresh_store(folder, day)
    now = datetime.now(UTC)
    step, _ignored = desk_day.take_in(store, desk_day.arrivals(day), accounts, BATCH, now)
    goods = desk_day.ship_all(store, BATCH, now)
    store.close()
    n = len(day.sales)
    yield _rate("ready, 100 orders a commit", n, step.seconds, ready.seconds, 0.10)
    yield _rate(
        "total (ready and shipped)",
        n,
        step.seconds + goods.seconds,
        ready.seconds + shipped.seconds,
        0.10,
    )
    ruled = _with_rules(folder / "ruled", day)
    yield _rate("ready, eighteen rules in force", n, ruled, ready.seconds, 0.10)


def _with_rules(folder: Path, day: Day) -> float:
    """Return the seconds until all orders are ready where every one is asked by the rules."""
    folder.mkdir()
    store, accounts = fresh_store(folder, day)
    now = datetime.now(UTC)
    house_rules.put_in_force(store, now)
    settle()
    step, _ignored = desk_day.take_in(store, desk_day.arrivals(day), accounts, BATCH, now)
    store.close()
    return step.seconds


def _single(folder: Path, day: Day, count: int) -> Figure:
    part = day.sales[:count]
    raw = RawDesk(folder / "raw.db", day)
    reference = median(raw.ready(part, 1).transactions)
    store, accounts = fresh_store(folder, day)
    arrivals = [desk_day.incoming(sale) for sale in part]
    step, _ignored = desk_day.take_in(store, arrivals, accounts, 1, datetime.now(UTC))
    store.close()
    ours = median(step.transactions)
    return Figure(
        "one order with its own commit, p50", f"{1000 * ours:.2f} ms", f"{1000 * reference:.2f} ms",
        round(reference / ours, 3), "at most 2 ms", ours <= 0.002,
    )  # fmt: skip


def _growth(folder: Path, day: Day, size: Size) -> Figure:
    short = _seconds_an_order(folder / "short", day)
    long = _seconds_an_order(folder / "long", draw(size.long))
    return Figure(
        f"time an order at {size.long:,} against {size.base:,}",
        f"{1e6 * long:.0f} µs", f"{1e6 * short:.0f} µs",
        round(long / short, 2), "at most 1.5 ×", long <= 1.5 * short,
    )  # fmt: skip


def _seconds_an_order(folder: Path, day: Day) -> float:
    folder.mkdir()
    store, accounts = fresh_store(folder, day)
    arrivals = [desk_day.incoming(sale) for sale in day.sales]
    settle()
    step, _ignored = desk_day.take_in(store, arrivals, accounts, BATCH, datetime.now(UTC))
    store.close()
    return step.seconds / step.orders


def _export(folder: Path, size: Size) -> Figure:
    day = draw(size.long)
    content = export_file.write(day)
    rows = content.count(b"\n") - 1
    path = folder / "orders_export.csv"
    path.write_bytes(content)
    settle()
    start = time.perf_counter()
    RawDesk(folder / "raw.db", day).ready(export_file.least_reading(content), BATCH)
    reference = time.perf_counter() - start
    store, _accounts = fresh_store(folder, day)
    importer = FileImporter(Desk(store, SYSTEM))
    settle()
    start = time.perf_counter()
    importer.confirm(importer.preview(path))
    ours = time.perf_counter() - start
    store.close()
    return Figure(
        f"export file of {rows:,} rows to ready", f"{ours:.1f} s", f"{reference:.1f} s",
        round(ours / reference, 2), "at most 5 ×", ours <= 5 * reference,
    )  # fmt: skip


def _two_writers(folder: Path, day: Day) -> Figure:
    reference = writers.two_raw(folder / "raw.db", day, BATCH)
    store, accounts = fresh_store(folder, day)
    url = store.url.render_as_string(hide_password=False)
    store.close()
    ours = writers.two_desks(url, day, accounts, BATCH)
    return Figure(
        "lines reserved by two writers", f"{ours:,}", f"{reference:,}",
        round(ours / reference, 3), "at least as many", ours >= reference,
    )  # fmt: skip


def _rate(name: str, orders: int, ours: float, reference: float, least: float) -> Figure:
    ratio = reference / ours
    return Figure(
        name, f"{orders / ours:,.0f} orders/s", f"{orders / reference:,.0f} orders/s",
        round(ratio, 3), f"at least {least:.0%} of raw", ratio >= least,
    )  # fmt: skip


def fresh_store(folder: Path, day: Day) -> tuple[Store, dict[str, int]]:
    """Make a store with the catalogue, the locations and the stock of a day."""
    now = datetime.now(UTC)
    open_ready_store(f"sqlite:///{folder / 'desk.db'}", now=now).close()
    store = Store(f"sqlite:///{folder / 'desk.db'}", synchronous="NORMAL")
    accounts = desk_day.prepare(store, day, now)
    settle()
    return store, accounts


def settle() -> None:
    """Keep the drawn day out of the collector's walks, for both sides of a ratio."""
    gc.collect()
    gc.freeze()


@contextmanager
def _fresh() -> Iterator[Path]:
    with TemporaryDirectory(prefix="orderdeck-bench-") as name:
        yield Path(name)
