"""What is there by the ledger alone, and do the balances that are used say the same?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.inventory import SET_ASIDE, Bucket
from app.domain.promising.goods import Kit, Place, Stock
from app.models.catalogue import skus
from app.models.inventory import locations, network_stock, stock_levels, stock_movements
from app.models.promising.goods import Goods, goods_of
from app.models.promising.sheet import Market

Sums = Mapping[int, Mapping[int | None, Mapping[str, int]]]


@dataclass(frozen=True, slots=True)
class Balance:
    """One SKU at one place (``None``: everywhere): units as they are used, and as replayed."""

    sku_id: int
    location_id: int | None
    units: int
    replayed: int
    free: int


@dataclass(frozen=True, slots=True)
class Replay:
    """Everything that the ledger says: units by SKU, place and bucket, and the goods made of it."""

    skus: Mapping[int, Any]
    places: Mapping[int, str]
    balances: tuple[Balance, ...]
    goods: Mapping[int, Goods]


def replay(db: Connection, there: Market) -> Replay:
    """Add up every movement of the catalogue, and hold the balances against it."""
    known = {row.id: row for row in db.execute(_SKUS)}
    rows = db.execute(select(locations.c.id, locations.c.code, locations.c.name)).all()
    sums = _sums(db)
    goods = goods_of(db, known, now=there.now, with_pace=there.needs_pace)
    ids = {row.code: row.id for row in known.values()}
    by_code = {row.code: row.id for row in rows}
    made = {sku: _as_replayed(each, sums, ids, by_code) for sku, each in goods.items()}
    return Replay(known, {row.id: row.name for row in rows}, tuple(_balances(db, sums)), made)


_move, _level, _net = stock_movements.c, stock_levels.c, network_stock.c
_SKUS = select(skus.c.id, skus.c.code, skus.c.is_kit, skus.c.cost, skus.c.currency)
_ADDED_UP = select(
    _move.sku_id, _move.location_id, _move.bucket, func.sum(_move.quantity)
).group_by(_move.sku_id, _move.location_id, _move.bucket)
_LEVELS = select(
    _level.sku_id, _level.location_id, _level.on_hand, _level.allocated, _level.unavailable
)


def _sums(db: Connection) -> Sums:
    found: dict[int, dict[int | None, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for sku_id, place, bucket, units in db.execute(_ADDED_UP):
        found[sku_id][place][bucket] = int(units)
    return found


def _as_replayed(
    goods: Goods, sums: Sums, ids: Mapping[str, int], places: Mapping[str, int]
) -> Goods:
    if isinstance(goods, Kit):
        parts = [(_stock(part, sums, ids, places), each) for part, each in goods.parts]
        return replace(goods, parts=tuple(parts))
    return _stock(goods, sums, ids, places)


def _stock(stock: Stock, sums: Sums, ids: Mapping[str, int], places: Mapping[str, int]) -> Stock:
    mine = sums.get(ids[stock.sku], {})
    return replace(
        stock, places=tuple(_place(each, mine.get(places[each.code], {})) for each in stock.places),
        reserved=mine.get(None, {}).get(Bucket.RESERVED, 0),
    )  # fmt: skip


def _place(place: Place, units: Mapping[str, int]) -> Place:
    return place._replace(
        on_hand=units.get(Bucket.ON_HAND, 0), allocated=units.get(Bucket.ALLOCATED, 0),
        unavailable=_aside(units),
    )  # fmt: skip


def _aside(units: Mapping[str, int]) -> int:
    return sum(units.get(bucket, 0) for bucket in SET_ASIDE)


def _balances(db: Connection, sums: Sums) -> list[Balance]:
    found = []
    for sku, place, on_hand, allocated, aside in db.execute(_LEVELS):
        units = sums.get(sku, {}).get(place, {})
        free = on_hand - allocated - aside
        right = units.get(Bucket.ON_HAND, 0) - units.get(Bucket.ALLOCATED, 0) - _aside(units)
        is_same = on_hand == units.get(Bucket.ON_HAND, 0)
        shown, replayed = (free, right) if is_same else (on_hand, units.get(Bucket.ON_HAND, 0))
        if free == right:
            shown = replayed = on_hand
        found.append(Balance(sku, place, shown, replayed, free))
    for sku, reserved, free in db.execute(select(_net.sku_id, _net.reserved, _net.free)):
        counted = sums.get(sku, {}).get(None, {}).get(Bucket.RESERVED, 0)
        found.append(Balance(sku, None, free - reserved, free - counted, 0))
    return found
