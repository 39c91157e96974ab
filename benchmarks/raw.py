"""The physical limit, measured in the same run: the same day with sqlite3 and nothing else.

Per order one row, its lines, per line one guarded UPDATE and one ledger row; ``route`` also chooses
the location (nearest with every line, otherwise nearest with any), ``ship`` also ships.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.delivery import miles, zip3
from app.services import geography
from benchmarks.workload import Day, Sale

_SCHEMA = """
CREATE TABLE stock (sku TEXT, place TEXT, on_hand INTEGER, reserved INTEGER DEFAULT 0,
    PRIMARY KEY (sku, place)) WITHOUT ROWID;
CREATE TABLE orders (id INTEGER PRIMARY KEY, channel TEXT, external_id TEXT, number TEXT,
    placed_at TEXT, ship_by TEXT, name TEXT, address TEXT, city TEXT, state TEXT, postcode TEXT,
    place TEXT, state_ TEXT, tracking TEXT, UNIQUE (channel, external_id));
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER, sku TEXT, quantity INTEGER,
    price INTEGER, reserved INTEGER);
CREATE INDEX lines_order ON lines (order_id);
CREATE TABLE ledger (id INTEGER PRIMARY KEY, sku TEXT, place TEXT, quantity INTEGER,
    order_id INTEGER, at TEXT);
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of a step, of each of its transactions, and what it reserved."""

    orders: int
    seconds: float
    transactions: tuple[float, ...]
    reserved_lines: int
    short_lines: int


class RawDesk:
    """The reference: one SQLite file and hand-written statements."""

    def __init__(
        self, path: Path, day: Day, *, synchronous: str = "NORMAL", fresh: bool = True
    ) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=60)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute(f"PRAGMA synchronous={synchronous}")
        if fresh:
            self._db.executescript(_SCHEMA)
            self._db.executemany(
                "INSERT INTO stock (sku, place, on_hand) VALUES (?, ?, ?)",
                [(s.sku, s.place, s.on_hand) for s in day.stock],
            )
        self._preference = _preference(day)
        self.reserved = self.short = 0

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def ready(self, sales: Sequence[Sale], batch: int) -> Measured:
        """Store, route and reserve."""
        return self._timed(sales, batch, self._take)

    def ship(self, sales: Sequence[Sale], batch: int) -> Measured:
        """Ship what is reserved, with a tracking number."""
        return self._timed(sales, batch, self._ship)

    def _timed(self, sales: Sequence[Sale], batch: int, work: Callable[[Sale], None]) -> Measured:
        taken: list[float] = []
        start = time.perf_counter()
        for at in range(0, len(sales), batch):
            begun = time.perf_counter()
            self._db.execute("BEGIN IMMEDIATE")
            for sale in sales[at : at + batch]:
                work(sale)
            self._db.execute("COMMIT")
            taken.append(time.perf_counter() - begun)
        seconds = time.perf_counter() - start
        return Measured(len(sales), seconds, tuple(taken), self.reserved, self.short)

    def _take(self, sale: Sale) -> None:
        db = self._db
        known = db.execute(
            "SELECT 1 FROM orders WHERE channel = ? AND external_id = ?",
            (sale.channel, sale.external_id),
        ).fetchone()
        if known:
            return
        place = self._route(sale)
        order_id = db.execute(
            "INSERT INTO orders (channel, external_id, number, placed_at, ship_by, name, address,"
            " city, state, postcode, place, state_) VALUES (?,?,?,?,?,?,?,?,?,?,?, 'ready')",
            (sale.channel, sale.external_id, sale.number, str(sale.placed_at), str(sale.ship_by),
             sale.name, sale.address, sale.city, sale.state, sale.postcode, place),
        ).lastrowid  # fmt: skip
        for line in sale.lines:
            got = db.execute(
                "UPDATE stock SET reserved = reserved + ? WHERE sku = ? AND place = ?"
                " AND on_hand - reserved >= ?",
                (line.quantity, line.sku, place, line.quantity),
            ).rowcount
            db.execute(
                "INSERT INTO lines (order_id, sku, quantity, price, reserved) VALUES (?,?,?,?,?)",
                (order_id, line.sku, line.quantity, line.price, line.quantity * got),
            )
            if got:
                db.execute(
                    "INSERT INTO ledger (sku, place, quantity, order_id, at) VALUES (?,?,?,?,?)",
                    (line.sku, place, line.quantity, order_id, str(sale.placed_at)),
                )
            self.reserved += got
            self.short += 1 - got

    def _route(self, sale: Sale) -> str:
        order = self._preference.get(zip3(sale.postcode)) or self._preference[""]
        marks = ",".join("?" * len(sale.lines))
        free = {
            (sku, place): units
            for sku, place, units in self._db.execute(
                f"SELECT sku, place, on_hand - reserved FROM stock WHERE sku IN ({marks})",
                [line.sku for line in sale.lines],
            )
        }
        for enough in (all, any):
            for place in order:
                if enough(free.get((x.sku, place), 0) >= x.quantity for x in sale.lines):
                    return place
        return order[0]

    def _ship(self, sale: Sale) -> None:
        db = self._db
        order_id, place = db.execute(
            "SELECT id, place FROM orders WHERE channel = ? AND external_id = ?",
            (sale.channel, sale.external_id),
        ).fetchone()
        for sku, units in db.execute(
            "SELECT sku, reserved FROM lines WHERE order_id = ? AND reserved > 0", (order_id,)
        ).fetchall():
            db.execute(
                "UPDATE stock SET on_hand = on_hand - ?, reserved = reserved - ?"
                " WHERE sku = ? AND place = ?",
                (units, units, sku, place),
            )
            db.execute(
                "INSERT INTO ledger (sku, place, quantity, order_id, at) VALUES (?,?,?,?,?)",
                (sku, place, -units, order_id, str(sale.placed_at)),
            )
        db.execute(
            "UPDATE orders SET state_ = 'shipped', tracking = ? WHERE id = ?",
            (f"1Z{order_id:016d}", order_id),
        )


def _preference(day: Day) -> dict[str, list[str]]:
    centres = geography.load().centres
    at = {place.code: centres[zip3(place.postcode)] for place in day.places}
    codes = [place.code for place in day.places]
    nearest = {
        area: sorted(codes, key=lambda code: miles(at[code], here))
        for area, here in centres.items()
    }
    return {"": codes, **nearest}
