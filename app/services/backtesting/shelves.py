"""What lies where while the orders of the past come in once more? The ledger, as far as it would stand.

What happened to a line that is sold again (allocated, shipped, given back) happens again; what happened to
one that is not sold, or still waits, does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.inventory import SET_ASIDE, Bucket, Cause, StockPool
from app.domain.promising.goods import Kit, Pace, Place, Stock
from app.domain.promising.hindsight import Sale
from app.domain.reservation import Shortfall
from app.models.catalogue import skus
from app.models.inventory import locations
from app.models.kits import contents
from app.services import policies
from app.services.backtesting.past import AFTER, BEFORE, SAFETY
from app.services.standing_in import StandIns

_AWAY = (Bucket.ALLOCATED, *SET_ASIDE)


class Goods:
    """What of the goods does not change while orders are replayed: their codes, kits and places."""

    def __init__(self, db: Connection) -> None:
        rows = db.execute(select(skus.c.id, skus.c.code, skus.c.is_kit)).all()
        self.codes: dict[int, str] = {row.id: row.code for row in rows}
        self.inside = contents(db, [row.id for row in rows if row.is_kit])
        self.kits: dict[int, list[int]] = defaultdict(list)  # by what is in them
        for kit, parts in self.inside.items():
            for part in parts:
                self.kits[part].append(kit)
        self.places: dict[int, Any] = {row.id: row for row in db.execute(select(locations))}
        self.safety: dict[tuple[int, int], int] = {
            (row.sku_id, row.location_id): row.safety_stock for row in db.execute(SAFETY)
        }


class Shelves:
    """The stock of one moment, moved on from sale to sale."""

    def __init__(
        self, db: Connection, goods: Goods, since: datetime, sales: Collection[Sale]
    ) -> None:
        self.goods = goods
        self.changed: set[int] = set()  # SKUs of which units have come or gone
        self._freed: set[int] = set()
        self._free: dict[int, dict[int, int]] = defaultdict(dict)
        self._reserved: dict[int, int] = defaultdict(int)
        kits = {kit: tuple(sorted(parts.items())) for kit, parts in goods.inside.items()}
        self._pool = StockPool(claimable=dict.fromkeys(goods.codes, 0), kits=kits)
        self._replayed = frozenset(each.line_id for each in sales)
        self._holds: dict[int, set[int]] = {}  # lines that found units: the SKUs that they hold
        self._waiting: dict[int, Sale] = {}
        self._stand_ins = StandIns(db, policies.in_force(db), since)
        for sku, place, bucket, units in db.execute(BEFORE, {"since": since}):
            self._move(sku, place, bucket, int(units))
        self._moves: Iterator[Any] = iter(db.execute(AFTER, {"since": since}).all())
        self._next = next(self._moves, None)

    @property
    def next_at(self) -> datetime | None:
        """When the ledger goes on."""
        return self._next.recorded_at if self._next is not None else None

    def step(self, mark: int | None, to: datetime) -> bool:
        """Let the next thing happen that was recorded before a sale took its units, or came in."""
        row = self._next
        if row is None or (row.id >= mark if mark is not None else row.recorded_at > to):
            return False
        if row.order_line_id not in self._replayed or self._happens(row):
            self._move(row.sku_id, row.location_id, row.bucket, row.quantity)
        self._next = next(self._moves, None)
        return True

    def take(self, sale: Sale) -> bool:
        """Claim a sale's units as they are claimed live; return whether they are there."""
        got = self._stand_ins.claim(sale.channel, sale.line_id, sale.sku_id, sale.units, self._pool)
        if isinstance(got, Shortfall):
            if not sale.was_cancelled:
                self._waiting[sale.line_id] = sale
            return False
        self._waiting.pop(sale.line_id, None)
        self._holds[sale.line_id] = {claim.sku_id for claim in got}
        for claim in got:
            self._reserved[claim.sku_id] += claim.quantity
            self.changed.add(claim.sku_id)
        return True

    def reclaim(self) -> None:
        """Give units that have become free to those who wait for them, the oldest first."""
        if self._freed and self._waiting:
            for sale in list(self._waiting.values()):
                if not self._freed.isdisjoint(self.parts(sale.sku_id)):
                    self.take(sale)
        self._freed.clear()

    def parts(self, sku: int) -> Collection[int]:
        """Return what a SKU is packed of: itself, or what is in the kit."""
        return self.goods.inside.get(sku) or (sku,)

    def stock(self, sku: int, paces: Mapping[int, Pace]) -> Stock | Kit:
        """Return what is there of a SKU, as values to promise from."""
        code, inside = self.goods.codes[sku], self.goods.inside.get(sku)
        if inside is not None:
            parts = [(self._stock(part, paces), units) for part, units in inside.items()]
            return Kit(code, tuple(sorted(parts, key=lambda part: part[0].sku)))
        return self._stock(sku, paces)

    def _stock(self, sku: int, paces: Mapping[int, Pace]) -> Stock:
        places = tuple(self._place(sku, *each) for each in sorted(self._free[sku].items()))
        code, pace = self.goods.codes[sku], paces.get(sku)
        return Stock(code, places, self._reserved[sku], (), pace or Pace())

    def _place(self, sku: int, place: int, free: int) -> Place:
        known = self.goods.places[place]
        kept = self.goods.safety.get((sku, place), 0)
        return Place(known.code, known.name, free, 0, 0, kept, known.account_id is None)

    def _happens(self, row: Any) -> bool:
        """Return whether something that happened to a replayed line happens again."""
        held = self._holds.get(row.order_line_id)
        if held is None:
            return False  # not sold this time, or its turn has not come
        if row.cause == Cause.RESERVATION:
            is_new = row.sku_id not in held
            held.add(row.sku_id)
            return is_new
        if row.cause == Cause.RELEASE:
            is_held = row.sku_id in held
            held.discard(row.sku_id)
            return is_held
        return True

    def _move(self, sku: int, place: int | None, bucket: str, units: int) -> None:
        if bucket == Bucket.INCOMING:
            return
        freed = -units if bucket == Bucket.RESERVED or bucket in _AWAY else units
        if bucket == Bucket.RESERVED:
            self._reserved[sku] += units
        elif place is not None:
            self._free[sku][place] = self._free[sku].get(place, 0) + freed
        self._pool.claimable[sku] += freed
        self.changed.add(sku)
        if freed > 0:
            self._freed.add(sku)
