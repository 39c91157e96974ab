"""What lay where when an order came in? The ledger, without what the replayed orders did themselves."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from app.domain.inventory import SET_ASIDE, Bucket, Cause, StockPool
from app.models.catalogue import skus
from app.models.inventory import locations, stock_movements
from app.models.kits import Contents
from app.models.orders import orders
from app.services.backtesting.goods import Goods

_move = stock_movements.c
_TAKES_FREE = (Bucket.ALLOCATED, *SET_ASIDE)
_GIVEN_BACK = (Cause.RELEASE, Cause.RETURN)
"""What becomes free again of a replayed order: reserved units that it gives up, goods that came back."""


class Past:
    """The stock of one moment, moved on from order to order."""

    def __init__(self, db: Connection, since: datetime, replayed: Collection[int]) -> None:
        self.pool = StockPool()
        self.given_back: list[tuple[int, int]] = []  # order, SKU: what was reserved and is released
        self.freed: set[int] = set()  # SKUs of which units have become free
        self._db, self._replayed = db, frozenset(replayed)
        self._ships = set(db.execute(_SHIPPING).scalars())
        self._marks: dict[int, int] = dict(db.execute(_FIRST, {"since": since}).all())
        goods = Goods(db, since)
        self._sayings = deque(goods.said)
        self._read_goods(goods, since)
        self._moves = self._later(since)
        self._next = next(self._moves, None)

    def _read_goods(self, goods: Goods, since: datetime) -> None:
        db, pool, ids = self._db, self.pool, goods.codes
        self._pack(goods.inside)
        pool.weight_g.update(db.execute(_WEIGHTS).all())
        pool.at.update({sku: dict.fromkeys(sorted(self._ships), 0) for sku in ids})
        pool.claimable.update(dict.fromkeys(ids, 0))
        for (sku, place), units in goods.safety.items():
            pool.safety.setdefault(sku, {})[place] = units
        for sku, place, bucket, units in db.execute(BEFORE, {"since": since}):
            self._apply(sku, place, bucket, int(units))

    def _later(self, since: datetime) -> Iterator[Any]:
        """Return the movements since, without what replayed orders took; those are decided anew."""
        for row in self._db.execute(AFTER, {"since": since}).all():  # none is left open
            if row.order_id not in self._replayed or row.cause in _GIVEN_BACK:
                yield row

    def _pack(self, inside: Contents) -> None:
        self.pool.kits.clear()
        self.pool.kits.update({kit: tuple(sorted(parts.items())) for kit, parts in inside.items()})

    def _hear(self, to: datetime) -> None:
        """Keep other units back, and pack kits otherwise, from when that was said."""
        while self._sayings and self._sayings[0].at <= to:
            said = self._sayings.popleft()
            if said.shelf is not None:
                self.pool.safety.setdefault(said.shelf[0], {})[said.shelf[1]] = said.units
            if said.inside is not None:
                self._pack(said.inside)

    def move_on(self, order_id: int, to: datetime) -> None:
        """Let everything happen that was recorded before an order took its units, or came in."""
        self._hear(to)
        mark = self._marks.get(order_id)
        while self._next is not None:
            row = self._next
            if row.id >= mark if mark is not None else row.recorded_at > to:
                return
            if row.order_id in self._replayed and row.cause == Cause.RELEASE:
                self.given_back.append((row.order_id, row.sku_id))
            else:
                self._apply(row.sku_id, row.location_id, row.bucket, row.quantity)
            self._next = next(self._moves, None)

    def give_back(self, sku: int, place: int | None, units: int) -> None:
        """Put units of a replayed order back where they would have been taken from."""
        self.freed.add(sku)
        self.pool.claimable[sku] += units
        if place is not None:
            self.pool.at[sku][place] += units

    def _apply(self, sku: int, place: int | None, bucket: str, units: int) -> None:
        if bucket == Bucket.RESERVED:
            self.pool.claimable[sku] -= units
            return
        if bucket == Bucket.INCOMING or place is None:
            return
        free = -units if bucket in _TAKES_FREE else units
        if free > 0:
            self.freed.add(sku)
        self.pool.claimable[sku] += free
        if place in self._ships:
            self.pool.at[sku][place] += free


_SHIPPING = select(locations.c.id).where(locations.c.ships, locations.c.account_id.is_(None))
_WEIGHTS = select(skus.c.id, skus.c.weight_g).where(skus.c.weight_g.is_not(None))
BEFORE = (
    select(_move.sku_id, _move.location_id, _move.bucket, func.sum(_move.quantity))
    .where(_move.recorded_at < bindparam("since"), _move.bucket != Bucket.INCOMING.value)
    .group_by(_move.sku_id, _move.location_id, _move.bucket)
)
# Movements of a delivery name it as their source.
ON_ITS_WAY = (
    select(_move.sku_id, _move.source, func.sum(_move.quantity))
    .where(_move.recorded_at < bindparam("since"), _move.bucket == Bucket.INCOMING.value)
    .group_by(_move.sku_id, _move.source)
)
AFTER = (
    select(
        _move.id, _move.sku_id, _move.location_id, _move.bucket, _move.quantity, _move.order_id,
        _move.order_line_id, _move.cause, _move.recorded_at, _move.source,
    )
    .where(_move.recorded_at >= bindparam("since"))
    .order_by(_move.id)
)  # fmt: skip
# Where in the ledger each order took its first units, if it found any when it came in.
_FIRST = (
    select(_move.order_id, func.min(_move.id))
    .join(orders, orders.c.id == _move.order_id)
    .where(
        _move.recorded_at >= bindparam("since"),
        _move.recorded_at <= orders.c.taken_in_at,
        _move.cause == Cause.RESERVATION.value,
        _move.order_id.is_not(None),
    )
    .group_by(_move.order_id)
)
