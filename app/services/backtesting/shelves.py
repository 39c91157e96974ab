"""What lies where while the orders of the past come in once more? The ledger, as far as it would stand.

What happened to a line that is sold again (allocated, shipped, given back) happens again; what happened to
one that is not sold, or still waits, does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.inventory import SET_ASIDE, Bucket, Cause, StockPool
from app.domain.promising.goods import Arrival, Kit, Pace, Place, Stock
from app.domain.promising.hindsight import Sale
from app.domain.reservation import Shortfall
from app.models.kits import Contents
from app.services import policies
from app.services.backtesting.goods import Goods, Said, around
from app.services.backtesting.past import AFTER, BEFORE, ON_ITS_WAY
from app.services.standing_in import StandIns

_AWAY = (Bucket.ALLOCATED, *SET_ASIDE)


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
        self._coming: dict[int, dict[str, int]] = defaultdict(dict)  # by delivery
        self._safety = dict(goods.safety)
        self._pool = StockPool(claimable=dict.fromkeys(goods.codes, 0))
        self._pack(goods.inside)
        self._replayed = frozenset(each.line_id for each in sales)
        self._holds: dict[int, set[int]] = {}  # lines that found units: the SKUs that they hold
        self._waiting: dict[int, Sale] = {}
        self._stand_ins = StandIns(db, policies.in_force(db), since)
        for sku, place, bucket, units in db.execute(BEFORE, {"since": since}):
            self._move(sku, place, bucket, int(units))
        for sku, delivery, units in db.execute(ON_ITS_WAY, {"since": since}):
            self._coming[sku][delivery] = int(units)
        self._moves: Iterator[Any] = iter(db.execute(AFTER, {"since": since}).all())
        self._next = next(self._moves, None)
        self._sayings = iter(goods.said)
        self._said = next(self._sayings, None)

    @property
    def next_at(self) -> datetime | None:
        """When the ledger goes on, or something else is said of the goods."""
        moved = self._next.recorded_at if self._next is not None else None
        said = self._said.at if self._said is not None else None
        return min((at for at in (moved, said) if at is not None), default=None)

    def step(self, mark: int | None, to: datetime) -> bool:
        """Let the next thing happen that was recorded before a sale took its units, or came in."""
        if self._said is not None and self._said.at == self.next_at:
            self._say(self._said)
            self._said = next(self._sayings, None)
            return True
        row = self._next
        if row is None or (row.id >= mark if mark is not None else row.recorded_at > to):
            return False
        if row.order_line_id not in self._replayed or self._happens(row):
            self._move(row.sku_id, row.location_id, row.bucket, row.quantity, row.source)
        self._next = next(self._moves, None)
        return True

    def _say(self, said: Said) -> None:
        """Keep other units back on a shelf from now on, or pack kits otherwise."""
        if said.shelf is not None:
            self._safety[said.shelf] = said.units
            self.changed.add(said.shelf[0])
        if said.inside is not None:
            before = self._inside
            self._pack(said.inside)
            both = before.keys() | said.inside.keys()
            self.changed |= {kit for kit in both if before.get(kit) != said.inside.get(kit)}

    def _pack(self, inside: Contents) -> None:
        self._inside, self.kits = inside, around(inside)
        self._pool.kits.clear()
        self._pool.kits.update({kit: tuple(sorted(parts.items())) for kit, parts in inside.items()})

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
        return self._inside.get(sku) or (sku,)

    def stock(self, sku: int, paces: Mapping[int, Pace]) -> Stock | Kit:
        """Return what is there of a SKU, as values to promise from."""
        code, inside = self.goods.codes[sku], self._inside.get(sku)
        if inside is not None:
            parts = [(self._stock(part, paces), units) for part, units in inside.items()]
            return Kit(code, tuple(sorted(parts, key=lambda part: part[0].sku)))
        return self._stock(sku, paces)

    def _stock(self, sku: int, paces: Mapping[int, Pace]) -> Stock:
        places = tuple(self._place(sku, *each) for each in sorted(self._free[sku].items()))
        code, pace = self.goods.codes[sku], paces.get(sku)
        return Stock(code, places, self._reserved[sku], self._arrivals(sku), pace or Pace())

    def _arrivals(self, sku: int) -> tuple[Arrival, ...]:
        """Return what is on its way to our own locations."""
        due = self.goods.due
        coming = self._coming.get(sku, {}).items()
        return tuple(
            Arrival(units, due[each]) for each, units in sorted(coming) if units > 0 and each in due
        )

    def _place(self, sku: int, place: int, free: int) -> Place:
        known = self.goods.places[place]
        kept = self._safety.get((sku, place), 0)
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

    def _move(
        self, sku: int, place: int | None, bucket: str, units: int, source: str = ""
    ) -> None:  # fmt: skip
        self.changed.add(sku)
        if bucket == Bucket.INCOMING:
            self._coming[sku][source] = self._coming[sku].get(source, 0) + units
            return
        freed = -units if bucket == Bucket.RESERVED or bucket in _AWAY else units
        if bucket == Bucket.RESERVED:
            self._reserved[sku] += units
        elif place is not None:
            self._free[sku][place] = self._free[sku].get(place, 0) + freed
        self._pool.claimable[sku] += freed
        if freed > 0:
            self._freed.add(sku)
