"""What does publishing one sale cost, as the catalogue grows from 500 to 50,000 SKUs on 6 channels?"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes
from app.domain.inventory import Bucket, Cause
from app.domain.roles import Actor, Role
from app.models.bulk import insert_rows
from app.models.catalogue import listings, skus
from app.models.database import Store
from app.models.inventory import locations, network_stock, stock_levels
from app.models.orders import channel_accounts, sales_channels
from app.models.published import published_quantities
from app.services import setup
from app.services.desk import Desk
from app.services.ledger import Movement, Origin, post
from app.services.opening import open_ready_store

CATALOGUES = (500, 5_000, 50_000)
CHANNELS = ("amazon", "walmart", "ebay", "etsy", "shopify", "own")
SALES = 200
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the curve: milliseconds for one sale, and rows that it wrote."""

    skus: int
    channels: int
    first_seconds: float
    sale_ms: float
    sale_ms_p95: float
    rows_a_sale: float
    sheet_seconds: float


def curve(catalogues: Sequence[int] = CATALOGUES) -> Iterator[Point]:
    """Measure each catalogue in a store of its own."""
    for size in catalogues:
        with TemporaryDirectory(prefix="orderdeck-bench-") as folder:
            yield _point(Path(folder), size)


def report(catalogues: Sequence[int] = CATALOGUES) -> dict[str, Any]:
    """Return the curve, and how much dearer one sale is in the largest catalogue."""
    points = list(curve(catalogues))
    return {
        "points": [asdict(each) for each in points],
        "largest_against_smallest": round(points[-1].sale_ms / points[0].sale_ms, 2),
    }


def lines(found: dict[str, Any]) -> list[str]:
    """Return the curve as a person reads it."""
    head = f"{'SKUs':>8} {'first, s':>9} {'one sale, ms':>13} {'p95, ms':>8} {'rows':>5} {'new sheet, s':>13}"
    rows = [
        f"{each['skus']:>8,} {each['first_seconds']:>9.2f} {each['sale_ms']:>13.2f} "
        f"{each['sale_ms_p95']:>8.2f} {each['rows_a_sale']:>5.1f} {each['sheet_seconds']:>13.2f}"
        for each in found["points"]
    ]
    return [head, *rows, f"largest against smallest: × {found['largest_against_smallest']}"]


def _point(folder: Path, size: int) -> Point:
    url = f"sqlite:///{folder / 'desk.db'}"
    open_ready_store(url, now=START).close()
    store = Store(url, synchronous="NORMAL")
    clock = [START]
    desk = Desk(store, Actor("Bench", Role.OWNER), now=lambda: clock[0])
    with store.write() as db:
        _furnish(db, size)
    begun = time.perf_counter()
    desk.publish()
    first = time.perf_counter() - begun
    before = _rows(store)
    taken = [_sale(desk, store, clock, 1 + 7919 * n % size) for n in range(SALES)]
    rows = (_rows(store) - before) / SALES
    desk.run("save_sheet", channels={"etsy": {"stock_mode": "capped", "cap_units": 3}})
    desk.run("set_breakers", changes={"zeros": 10 * size, "least": 10 * size})
    begun = time.perf_counter()
    desk.publish()
    sheet = time.perf_counter() - begun
    store.close()
    ordered = sorted(taken)
    return Point(size, len(CHANNELS), round(first, 2), round(median(taken) * 1000, 3),
                 round(ordered[int(SALES * 0.95)] * 1000, 3), rows, round(sheet, 2))  # fmt: skip


def _sale(desk: Desk, store: Store, clock: list[datetime], sku_id: int) -> float:
    """Sell one unit, and return the seconds that publishing it takes."""
    clock[0] += timedelta(minutes=1)
    origin = Origin("Bench", "benchmark", clock[0], clock[0])
    sold = Movement(sku_id, None, Bucket.RESERVED, 1, Cause.RESERVATION)
    with store.write() as db:
        post(db, [sold], origin)
    begun = time.perf_counter()
    changes: Changes = desk.publish()
    taken = time.perf_counter() - begun
    assert changes.touched, "nothing was published"
    return taken


def _rows(store: Store) -> int:
    with store.read() as db:
        return int(db.execute(select(func.count()).select_from(published_quantities)).scalar_one())


def _furnish(db: Connection, size: int) -> None:
    """Put a catalogue on three shelves and six channels."""
    for n, code in enumerate(("EAST", "WEST"), 2):
        db.execute(locations.insert(), [{"id": n, "code": code, "name": code, "created_at": START}])
    accounts = {channel: setup.account_for(db, channel, now=START) for channel in CHANNELS}
    assert db.execute(select(func.count()).select_from(sales_channels)).scalar_one()
    assert db.execute(select(func.count()).select_from(channel_accounts)).scalar_one()
    every = range(1, size + 1)
    insert_rows(
        db,
        skus,
        [
            {"id": n, "code": f"SKU-{n:06}", "title": f"Product {n}", "created_at": START}
            for n in every
        ],
    )
    insert_rows(db, network_stock, [{"sku_id": n, "free": 60, "reserved": 0} for n in every])
    insert_rows(
        db,
        stock_levels,
        [{"sku_id": n, "location_id": place} for n in every for place in (1, 2, 3)],
    )
    origin = Origin("Bench", "opening", START, START)
    post(
        db,
        [
            Movement(n, place, Bucket.ON_HAND, 20, Cause.OPENING)
            for n in every
            for place in (1, 2, 3)
        ],
        origin,
    )
    db.execute(network_stock.update().values(free=60))
    rows = [
        {
            "sku_text": f"SKU-{n:06}",
            "account_id": account,
            "listing_id": f"L{n}",
            "place": "",
            "title": "",
            "sku_id": n,
            "observed_at": START,
        }
        for account in accounts.values()
        for n in every
    ]
    insert_rows(db, listings, [{"id": at, **row} for at, row in enumerate(rows, 1)])
