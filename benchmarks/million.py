"""A store with any number of orders, written straight into its tables: history, and a queue on top.

Names, places and codes vary as a brand's do, so that searches hit as often as they would; one order in
eight is still to be done. Made once and kept beside the other temporary files, because a million
orders take a few minutes with their search index.
"""

from __future__ import annotations

import csv
import hashlib
import random
import shutil
import sqlite3
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.schema import CreateTable

from app.domain.importing import SkuRow, StockRow
from app.domain.roles import SYSTEM
from app.models.bulk import insert_rows
from app.models.catalogue import skus
from app.models.database import Store
from app.models.fulfilment import (
    fulfilment_orders,
    routing_decisions,
    routing_suggestions,
    shipments,
)
from app.models.inventory import locations
from app.models.orders import order_lines, orders, reservations
from app.models.schema import metadata
from app.services import catalogue, setup, stock
from app.services.index_keeper import catch_up
from app.services.opening import open_ready_store

_LAYOUT = 3  # of what is drawn here: another number, another file
_CHUNK = 20_000
_YEARS = 2
_GIVEN = [
    "Ada",
    "Ben",
    "Carla",
    "Diego",
    "Emma",
    "Farid",
    "Grace",
    "Hugo",
    "Ines",
    "Jack",
    "Kim",
    "Lena",
    "Mario",
    "Nora",
    "Omar",
    "Priya",
    "Quinn",
    "Rosa",
    "Sven",
    "Tara",
    "Uma",
    "Victor",
    "Wendy",
    "Xenia",
    "Yusuf",
    "Zoe",
    "Émilie",
    "José",
    "Zoë",
    "Søren",
    "Łukasz",
    "Anaïs",
    "Jürgen",
    "François",
]
_ONSETS = [
    "B",
    "Br",
    "C",
    "Ch",
    "D",
    "F",
    "G",
    "H",
    "J",
    "K",
    "L",
    "M",
    "N",
    "P",
    "R",
    "S",
    "Sch",
    "St",
    "T",
    "V",
    "W",
]
_MIDDLES = ["a", "e", "i", "o", "u", "ä", "ö", "ü", "é", "an", "er", "il", "on", "ar", "en"]
_ENDS = [
    "ber",
    "dez",
    "der",
    "dorf",
    "gan",
    "ger",
    "hall",
    "ham",
    "ker",
    "ley",
    "lini",
    "mann",
    "mer",
    "nen",
    "ova",
    "rez",
    "ros",
    "sen",
    "ski",
    "ton",
]
_SURNAMES = tuple(a + b + c for a in _ONSETS for b in _MIDDLES for c in _ENDS)
_CHANNELS = ("amazon", "shopify", "walmart", "ebay", "etsy")
_PLACES = Path(__file__).resolve().parent.parent / "resources" / "demo" / "places.csv"


@dataclass(frozen=True, slots=True)
class Known:
    """What every row points at: ids of SKUs (by rank), of accounts and of locations."""

    sku_ids: tuple[int, ...]
    codes: tuple[str, ...]
    accounts: Mapping[str, int]
    places: tuple[int, ...]


def store_of(count: int) -> Path:
    """Return a fresh copy of the store with so many orders; the original is made once."""
    folder = Path(gettempdir()) / "orderdeck-bench"
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = folder / f"orders-{count}-{_tables()}-{_LAYOUT}.db"
    if not kept.exists():
        part = kept.with_suffix(".part")
        part.unlink(missing_ok=True)
        _make(part, count)
        part.replace(kept)
    work = folder / f"work-{count}.db"
    for ending in ("", "-wal", "-shm"):
        work.with_name(work.name + ending).unlink(missing_ok=True)
    shutil.copyfile(kept, work)
    return work


def _tables() -> str:
    """Return what tells the tables and indices of one day from those of another."""
    made = [CreateTable(table) for table in metadata.sorted_tables]
    indices = sorted(
        index.name or "" for table in metadata.tables.values() for index in table.indexes
    )
    return hashlib.sha256("".join([*map(str, made), *indices]).encode()).hexdigest()[:12]


def _make(path: Path, count: int) -> None:
    now = datetime.now(UTC)
    store = open_ready_store(f"sqlite:///{path}", now=now, synchronous="OFF")
    try:
        with store.write() as db:
            known = _furnish(db, now)
        rng = random.Random(5)
        for start in range(0, count, _CHUNK):
            part = _Drawn(rng, known, now, count)
            for number in range(start + 1, min(start + _CHUNK, count) + 1):
                part.draw(number)
            _write(store, part.rows)
        catch_up(store)
    finally:
        store.close()
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode=DELETE")
        file.execute("ANALYZE")


def _write(store: Store, rows: Mapping[Table, Sequence[dict[str, Any]]]) -> None:
    with store.write() as db:
        for table, values in rows.items():
            insert_rows(db, table, values)


def _furnish(db: Connection, now: datetime) -> Known:
    codes = tuple(
        f"{kind}-{n:03d}" for n in range(100) for kind in ("TEA", "MUG", "POT", "SET", "TIN")
    )
    catalogue.save_skus(db, [SkuRow(code, f"Product {code}", cost=500, weight_g=300) for code in codes],
                        now=now)  # fmt: skip
    known = {row.code: row.id for row in db.execute(skus.select())}
    stock.take_stock_rows(
        db, SYSTEM, rows=[StockRow(code, setup.FIRST_LOCATION, 10_000_000) for code in codes],
        known=known, source="benchmark", now=now,
    )  # fmt: skip
    accounts = {channel: setup.account_for(db, channel, now=now) for channel in _CHANNELS}
    places = tuple(row.id for row in db.execute(locations.select()))
    return Known(tuple(known[code] for code in codes), codes, accounts, places)


class _Drawn:
    """One chunk of orders and everything that belongs to them."""

    def __init__(self, rng: random.Random, known: Known, now: datetime, count: int) -> None:
        self._rng, self._known, self._now, self._count = rng, known, now, count
        self._cities = _cities()
        self._shares = list(accumulate(1 / (n + 1) ** 0.9 for n in range(len(known.codes))))
        self.rows: dict[Table, list[dict[str, Any]]] = {
            table: [] for table in (orders, order_lines, reservations, routing_suggestions,
                                    routing_decisions, fulfilment_orders, shipments)
        }  # fmt: skip

    def draw(self, number: int) -> None:
        """Draw an order; the last eighth is still to be done."""
        rng = self._rng
        is_new = number > self._count - self._count // 8
        dice = rng.random()
        status = "shipped" if dice > 0.02 else "cancelled"
        if is_new:
            status = "accepted" if dice < 0.1 else "open"
        placed = self._now - timedelta(days=365 * _YEARS) * (1 - number / self._count)
        order = self._order(number, status, placed - timedelta(minutes=rng.randrange(4000)))
        order["is_held"] = is_new and 0.10 <= dice < 0.13
        order["is_short"] = is_new and 0.13 <= dice < 0.16
        order["is_routed"] = status == "open" and not order["is_short"]
        self.rows[orders].append(order)
        self._lines(order)
        self._decided(order)

    def _order(self, number: int, status: str, placed: datetime) -> dict[str, Any]:
        rng = self._rng
        channel = rng.choice(_CHANNELS)
        given, surname = rng.choice(_GIVEN), rng.choice(_SURNAMES)
        city, state, area = rng.choice(self._cities)
        post = f"{area}{rng.randrange(100):02d}"
        mail = f"{given}.{surname}{rng.randrange(100)}@example.com".lower()
        return {
            "id": number, "account_id": self._known.accounts[channel], "channel": channel,
            "external_id": f"{channel[:2].upper()}-{rng.randrange(10**9):09d}-{number}",
            "number": f"#{1_000_000 + number}", "status": status, "channel_state": "open",
            "fulfilled_by_channel": False, "placed_at": placed,
            "ship_by": placed + timedelta(days=rng.choice((1, 2, 3))), "deliver_by": None,
            "service": "Standard", "buyer_name": f"{given} {surname}", "buyer_email": mail,
            "ship_name": f"{given} {surname}", "ship_company": "",
            "ship_line1": f"{rng.randrange(1, 9999)} Oak St", "ship_line2": "", "ship_line3": "",
            "ship_city": city, "ship_state": state, "ship_postcode": post, "ship_country": "US",
            "ship_phone": "", "currency": "USD", "shipping": 0, "tax": 0, "discount": 0,
            "total": rng.randrange(900, 20_000), "units": 0, "note": "",
            "content_hash": f"{number:032x}", "taken_in_at": placed, "updated_at": placed,
        }  # fmt: skip

    def _lines(self, order: dict[str, Any]) -> None:
        known, rng, lines = self._known, self._rng, self.rows[order_lines]
        waits = order["status"] in ("open", "accepted")
        for position in range(1, rng.choices((1, 2, 3, 4), (60, 22, 11, 7))[0] + 1):
            rank = min(bisect(self._shares, rng.random() * self._shares[-1]), len(known.codes) - 1)
            line_id, units = order["id"] * 4 + position, rng.choice((1, 1, 1, 2))
            order["units"] += units
            lines.append({
                "id": line_id, "order_id": order["id"], "position": position,
                "external_id": f"{position}",
                "sku_text": f"{order['channel'][:2].upper()}-{known.codes[rank]}",
                "sku_id": known.sku_ids[rank], "title": f"Product {known.codes[rank]}",
                "quantity": units, "unit_price": 1500, "discount": 0, "tax": 0, "listing_id": "",
                "requires_shipping": True, "claim": "short" if order["is_short"] else "reserved",
            })  # fmt: skip
            if waits and not order["is_short"]:
                self.rows[reservations].append({
                    "id": line_id, "order_id": order["id"], "order_line_id": line_id,
                    "sku_id": known.sku_ids[rank], "quantity": units,
                    "suggested_location_id": known.places[0],
                    "state": "held" if order["status"] == "open" else "allocated",
                })  # fmt: skip

    def _decided(self, order: dict[str, Any]) -> None:
        key, status, at = order["id"], order["status"], order["placed_at"]
        if status == "cancelled" or order["is_short"]:
            return
        self.rows[routing_suggestions].append({
            "id": key, "order_id": key, "state": "open" if status == "open" else "accepted",
            "cost": 812, "currency": "USD", "policy_version": 1, "explanation": self._explanation(order), "made_at": at,
        })  # fmt: skip
        if status == "open":
            return
        self.rows[routing_decisions].append({
            "id": key, "order_id": key, "suggestion_id": key, "kind": "accepted", "actor": "Owner",
            "reason": "", "cost": 812, "suggested_cost": 812, "decided_at": at,
        })  # fmt: skip
        self.rows[fulfilment_orders].append({
            "id": key, "order_id": key, "decision_id": key, "location_id": self._known.places[0],
            "state": "shipped" if status == "shipped" else "open", "service": "", "created_at": at,
        })  # fmt: skip
        if status == "shipped":
            self.rows[shipments].append({
                "id": key, "fulfilment_order_id": key, "order_id": key, "carrier": "USPS",
                "service": "", "tracking_number": f"9400{self._rng.randrange(10**18):018d}",
                "shipped_at": at, "actor": "Owner", "created_at": at,
            })  # fmt: skip

    def _explanation(self, order: dict[str, Any]) -> dict[str, Any]:
        judged = {
            "location": self._known.places[0], "zone": 4, "postage": 692, "handling": 120,
            "ships_on": order["placed_at"].date().isoformat(),
            "arrives_on": order["ship_by"].date().isoformat(), "late": False, "safety_used": 0,
        }  # fmt: skip
        return {"service": "Standard", "complete": True,
                "parcels": [{**judged, "units": []}], "candidates": [{**judged, "missing": None}]}  # fmt: skip


def _cities() -> list[tuple[str, str, str]]:
    with _PLACES.open(encoding="utf-8", newline="") as file:
        return [(row["city"], row["state"], row["zip"][:3]) for row in csv.DictReader(file)]


def sample(path: Path, size: int, seed: int) -> Iterator[sqlite3.Row]:
    """Draw some stored orders, to search for what they hold."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        highest = db.execute("SELECT max(id) FROM orders").fetchone()[0]
        rng = random.Random(seed)
        for _ in range(size):
            yield db.execute(
                "SELECT o.*, (SELECT sku_text FROM order_lines WHERE order_id = o.id) AS code,"
                " (SELECT tracking_number FROM shipments WHERE order_id = o.id) AS tracking"
                " FROM orders o WHERE o.id = ?", (rng.randrange(1, highest + 1),),
            ).fetchone()  # fmt: skip
