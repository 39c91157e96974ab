"""How quick are the figures over a million order lines: from the roll-up, and counted from the rows?

``python -m benchmarks.kpis [ORDERS]``: 26 weeks of five channels (606,061 orders make a million lines). Counting
is held against the same question as plain SQL on the same file in the same run, each the best of five.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, select

from app.analytics.kpis import rollup
from app.analytics.kpis.keeper import catch_up, count_on
from app.analytics.kpis.measuring import Span, cells
from app.domain.importing import SkuRow
from app.domain.kpis.kinds import Dimension, Measure
from app.domain.kpis.weeks import begins, last_weeks
from app.models import schema
from app.models.bulk import insert_rows
from app.models.database import Store
from app.models.fulfilment import fulfilment_orders, routing_decisions, shipments
from app.models.inventory import locations
from app.models.orders import order_lines, orders
from app.services import catalogue, setup
from app.services.opening import open_ready_store

ORDERS, WEEKS, CHUNK, TURNS = 606_061, 26, 20_000, 5
NOW = datetime(2026, 10, 12, 14, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
CHANNELS = ("amazon", "walmart", "etsy", "ebay", "shopify")
BOUND, AT_ONCE_MS = 1.25, 10.0

# The same questions by hand: the week as days since a Monday over seven.
_WEEK = "CAST((julianday({at}) - julianday(:a)) / 7 AS INTEGER)"
_LAST = """(SELECT order_id, max(shipped_at) AS gone FROM shipments WHERE voided_at IS NULL
    GROUP BY order_id)"""
PLAIN = {
    Measure.ON_TIME_SHIP: f"""
        SELECT o.channel, {_WEEK.format(at="o.ship_by")} AS week, count(*),
          sum(o.status = 'shipped' AND p.gone <= o.ship_by)
        FROM orders o LEFT JOIN {_LAST} p ON p.order_id = o.id
        WHERE o.fulfilled_by_channel = 0 AND o.status NOT IN ('cancelled', 'taken_back')
          AND o.ship_by >= :a AND o.ship_by < :z AND NOT (o.status = 'shipped' AND p.gone IS NULL)
        GROUP BY 1, 2""",
    Measure.FILL_RATE: f"""
        SELECT o.channel, {_WEEK.format(at="o.ship_by")} AS week, count(*),
          sum(o.status = 'shipped' AND l.claim = 'reserved')
        FROM order_lines l JOIN orders o ON o.id = l.order_id
        WHERE o.fulfilled_by_channel = 0 AND o.status NOT IN ('cancelled', 'taken_back')
          AND l.requires_shipping AND l.quantity > 0 AND o.ship_by >= :a AND o.ship_by < :z
        GROUP BY 1, 2""",
    Measure.CANCELLATION: f"""
        SELECT channel, {_WEEK.format(at="placed_at")} AS week, count(*), sum(status = 'cancelled')
        FROM orders WHERE fulfilled_by_channel = 0 AND status <> 'taken_back'
          AND placed_at >= :a AND placed_at < :z GROUP BY 1, 2""",
    Measure.CYCLE_TIME: f"""
        SELECT channel, week, count(*), max(CASE WHEN 10 * place >= 9 * size THEN -took END) FROM (
          SELECT channel, week, took, row_number() OVER (PARTITION BY channel, week ORDER BY took)
            AS place, count(*) OVER (PARTITION BY channel, week) AS size
          FROM (SELECT o.channel AS channel, {_WEEK.format(at="p.gone")} AS week,
                  strftime('%s', p.gone) - strftime('%s', o.placed_at) AS took
                FROM orders o JOIN {_LAST} p ON p.order_id = o.id
                WHERE o.status = 'shipped' AND o.fulfilled_by_channel = 0
                  AND p.gone >= :a AND p.gone < :z))
        GROUP BY 1, 2""",
}


def run(size: int = ORDERS) -> list[str]:
    """Return what was measured, a line each."""
    with TemporaryDirectory(prefix="orderdeck-bench-") as folder:
        path = Path(folder) / "desk.db"
        store = _made(path, size)
        lines = [*_ad_hoc(store, path), *_rolled_up(store)]
        store.close()
    return lines


def _ad_hoc(store: Store, path: Path) -> Iterator[str]:
    mondays = last_weeks(NOW, UTC_ZONE, WEEKS)
    span = Span(begins(mondays[0], UTC_ZONE), NOW)
    for measure, plain in PLAIN.items():
        with store.read() as db, closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA cache_size=-65536")
            raw.execute("PRAGMA temp_store=MEMORY")
            values = {"a": _text(span.begins), "z": _text(span.ends)}

            def ask_plainly(raw: Any = raw, plain: str = plain, values: Any = values) -> Any:
                return raw.execute(plain, values).fetchall()

            def ask(db: Connection = db, measure: Measure = measure) -> Any:
                return cells(db, measure, span, Dimension.CHANNEL, zone=UTC_ZONE, now=NOW)

            theirs, ours = _best(ask_plainly, ask)
            rows = sum(row[2] for row in ask_plainly())
            assert rows == sum(cell.rows for cell in ask().values()), measure
        ratio = ours / theirs
        said = "holds" if ratio <= BOUND else "DOES NOT HOLD"
        yield (f"{measure}, {rows:,} rows by channel and week: {ours:.3f} s, plain SQL {theirs:.3f} s, "
               f"ratio {ratio:.2f} (at most {BOUND}: {said})")  # fmt: skip


def _rolled_up(store: Store) -> Iterator[str]:
    begun, worked = time.perf_counter(), time.process_time()
    catch_up(store, now=NOW)
    yield (f"roll-up of every figure from nothing: {time.perf_counter() - begun:.1f} s "
           f"({time.process_time() - worked:.1f} s of one processor), in short write units")  # fmt: skip
    begun = time.perf_counter()
    count_on(store, now=NOW + timedelta(minutes=20))
    yield f"the running weeks again: {time.perf_counter() - begun:.2f} s"
    mondays = last_weeks(NOW, UTC_ZONE, WEEKS)
    with store.read() as db:
        one = _fastest(
            lambda: rollup.weekly(db, Dimension.CHANNEL, mondays, [Measure.ON_TIME_SHIP])
        )
        every = _fastest(lambda: rollup.weekly(db, Dimension.CHANNEL, mondays))
    for words, seconds in (("one figure", one), ("every figure", every)):
        said = "holds" if seconds * 1000 <= AT_ONCE_MS else "DOES NOT HOLD"
        yield (f"{words} by channel and week from the roll-up: {seconds * 1000:.2f} ms "
               f"(at most {AT_ONCE_MS:.0f}: {said})")  # fmt: skip


def _best(*asked: Callable[[], object]) -> list[float]:
    """Return the best time of each, taken in turns, so that a busy moment hits both."""
    times: list[list[float]] = [[] for _each in asked]
    for _turn in range(TURNS):
        for found, ask in zip(times, asked, strict=True):
            begun = time.perf_counter()
            ask()
            found.append(time.perf_counter() - begun)
    return [min(found) for found in times]


def _fastest(ask: Callable[[], object]) -> float:
    return _best(*[ask])[0]


def _text(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


# ---- the store -----------------------------------------------------------------------------------


def _made(path: Path, size: int) -> Store:
    assert schema.metadata.tables
    store = open_ready_store(f"sqlite:///{path}", now=NOW, synchronous="OFF")
    with store.write() as db:
        codes = [
            SkuRow(f"SKU-{n:03d}", f"Product {n}", cost=500, family=f"FAM-{n % 40}")
            for n in range(500)
        ]
        known = catalogue.save_skus(db, codes, now=NOW)
        accounts = [setup.account_for(db, channel, now=NOW) for channel in CHANNELS]
        place = db.execute(select(locations.c.id)).scalars().first()
    rng = random.Random(11)
    for start in range(1, size + 1, CHUNK):
        rows: dict[Table, list[dict[str, Any]]] = {}
        for number in range(start, min(start + CHUNK, size + 1)):
            _draw(rng, number, size, list(known.values()), accounts, place, rows)
        with store.write() as db:
            for table, values in rows.items():
                insert_rows(db, table, values)
    with store.write() as db:
        db.exec_driver_sql("ANALYZE")
    return store


def _draw(
    rng: random.Random, number: int, size: int, sku_ids: list[int], accounts: list[int],
    place: int | None, rows: dict[Table, list[dict[str, Any]]],
) -> None:  # fmt: skip
    """Draw an order with its lines, its decision and its parcel; one in fifty is cancelled."""
    at = rng.randrange(len(CHANNELS))
    placed = NOW - timedelta(weeks=WEEKS) * (1 - number / size) - timedelta(seconds=rng.random())
    dice = rng.random()
    left = placed + timedelta(hours=rng.uniform(2, 70))
    status = "cancelled" if dice < 0.02 else "shipped" if left < NOW else "open"
    rows.setdefault(orders, []).append({
        "id": number, "account_id": accounts[at], "channel": CHANNELS[at], "external_id": f"X{number}",
        "number": f"#{number}", "status": status, "channel_state": "open",
        "fulfilled_by_channel": False, "placed_at": placed, "ship_by": placed + timedelta(days=2),
        "currency": "USD", "shipping": 0, "tax": 0, "discount": 0, "units": 1,
        "content_hash": f"{number:032x}", "taken_in_at": placed, "updated_at": placed,
    })  # fmt: skip
    for position in range(1, rng.choices((1, 2, 3), (50, 35, 15))[0] + 1):
        rows.setdefault(order_lines, []).append({
            "id": number * 4 + position, "order_id": number, "position": position,
            "external_id": f"{position}", "sku_text": "", "sku_id": rng.choice(sku_ids), "quantity": 1,
            "unit_price": 1500, "requires_shipping": True,
            "claim": "reserved" if dice < 0.97 else "short",
        })  # fmt: skip
    if status == "shipped":
        rows.setdefault(routing_decisions, []).append({
            "id": number, "order_id": number, "kind": "accepted", "actor": "Owner", "cost": 812,
            "suggested_cost": 812, "decided_at": placed + timedelta(hours=1),
        })  # fmt: skip
        rows.setdefault(fulfilment_orders, []).append({
            "id": number, "order_id": number, "decision_id": number, "location_id": place,
            "state": "shipped", "created_at": placed,
        })  # fmt: skip
        rows.setdefault(shipments, []).append({
            "id": number, "fulfilment_order_id": number, "order_id": number, "carrier": "USPS",
            "tracking_number": f"9400{number:018d}", "shipped_at": left, "actor": "Owner",
            "created_at": left,
        })  # fmt: skip


if __name__ == "__main__":
    print("\n".join(run(int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS)))
