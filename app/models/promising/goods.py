"""What is there of SKUs, now or at any moment, as values to promise from?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select, text

from app.domain.inventory import Bucket, Cause
from app.domain.promising.goods import Arrival, Kit, Pace, Place, Stock
from app.models.catalogue import skus
from app.models.inbound import expected_receipt_lines, expected_receipts
from app.models.inventory import locations, network_stock, stock_levels, stock_movements
from app.models.kits import Contents, contents, kits_with
from app.models.past import safety_stock_changes
from app.models.sets import among

PACE_DAYS: Final = 28
Goods = Stock | Kit


def goods_of(
    db: Connection, sku_ids: Collection[int], *, now: datetime, with_pace: bool = True
) -> dict[int, Goods]:
    """Return what is there of these SKUs now; kits with their parts, down to what is kept."""
    found, inside, wanted = _asked(db, sku_ids)
    places = _places_now(db, wanted)
    reserved = dict(db.execute(_RESERVED, {"skus": wanted}).all())
    arrivals = _arrivals(db, wanted)
    paces = paces_of(db, wanted, now) if with_pace else {}
    kept = {
        row.id: Stock(row.code, places.get(row.id, ()), reserved.get(row.id, 0),
                      arrivals.get(row.id, ()), paces.get(row.id, Pace(0, PACE_DAYS)))
        for row in found.values()
    }  # fmt: skip
    return _together(sku_ids, found, inside, kept)


def goods_at(
    db: Connection, sku_ids: Collection[int], *, at: datetime, with_safety: bool = True
) -> dict[int, Goods]:
    """Return what was there at a moment, from the ledger alone.

    Safety stock, kits and deliveries are as they were then; how fast a SKU sells is counted up to that
    day, with the velocity and lead time that it has now.
    """
    found, inside, wanted = _asked(db, sku_ids, at)
    places, reserved = _places_at(db, wanted, at)
    if not with_safety:
        places = {sku: tuple(each._replace(safety_stock=0) for each in found_)
                  for sku, found_ in places.items()}  # fmt: skip
    paces, arrivals = paces_of(db, wanted, at), _arrivals_at(db, wanted, at)
    kept = {
        row.id: Stock(row.code, places.get(row.id, ()), reserved.get(row.id, 0),
                      arrivals.get(row.id, ()), paces.get(row.id, Pace(0, PACE_DAYS)))
        for row in found.values()
    }  # fmt: skip
    return _together(sku_ids, found, inside, kept)


def paces_of(db: Connection, wanted: Collection[int], now: datetime) -> dict[int, Pace]:
    """Return what was sold in the four weeks before today: the same number all day."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    query = _SOLD.where(
        _move.occurred_at >= today - timedelta(days=PACE_DAYS), _move.occurred_at < today
    )
    sold = {sku_id: int(units) for sku_id, units in db.execute(query, {"skus": wanted})}
    return {
        row.id: Pace(max(0, sold.get(row.id, 0)), PACE_DAYS, row.lead_time_days, row.velocity)
        for row in db.execute(_HABITS, {"skus": wanted})
    }


def bands_of(db: Connection, sku_ids: Collection[int], *, now: datetime) -> dict[int, str]:
    """Return how fast each SKU sells, A to D; a kit without a band of its own is taken for a fast one."""
    kits = kits_with(db, sku_ids)
    paces = paces_of(db, list(sku_ids), now)
    return {
        sku_id: pace.own_band or ("A" if sku_id in kits else pace.band)
        for sku_id, pace in paces.items()
    }


_level, _move, _changed = stock_levels.c, stock_movements.c, safety_stock_changes.c
_SKUS = select(skus.c.id, skus.c.code, skus.c.is_kit).where(among(skus.c.id, "skus"))
_PLACES = (
    select(
        _level.sku_id, locations.c.code, locations.c.name, _level.on_hand, _level.allocated,
        _level.unavailable, _level.safety_stock, locations.c.account_id,
    )
    .join(locations, locations.c.id == _level.location_id)
    .where(among(_level.sku_id, "skus"))
    .order_by(_level.sku_id, _level.location_id)
)  # fmt: skip
_RESERVED = select(network_stock.c.sku_id, network_stock.c.reserved).where(
    among(network_stock.c.sku_id, "skus")
)
_due, _line = expected_receipts.c, expected_receipt_lines.c
_INCOMING = (
    select(_line.sku_id, _line.outstanding, _due.expected_at)
    .join(expected_receipts, _due.id == _line.receipt_id)
    .join(locations, locations.c.id == _due.location_id)
    .where(among(_line.sku_id, "skus"), _line.outstanding > text("0"),
           locations.c.account_id.is_(None))
    .order_by(_line.id)
)  # fmt: skip
_HABITS = select(skus.c.id, skus.c.lead_time_days, skus.c.velocity).where(among(skus.c.id, "skus"))
_SOLD = (
    select(_move.sku_id, func.sum(_move.quantity))
    .where(among(_move.sku_id, "skus"), _move.bucket == Bucket.RESERVED.value,
           _move.cause.in_((Cause.RESERVATION.value, Cause.RELEASE.value)))
    .group_by(_move.sku_id)
)  # fmt: skip
_SAFETY = select(_level.sku_id, _level.location_id, _level.safety_stock).where(
    among(_level.sku_id, "skus"), _level.safety_stock > 0
)
# The oldest change after a moment says what counted at that moment; so it is read last.
_SAFETY_BEFORE = (
    select(_changed.sku_id, _changed.location_id, _changed.before)
    .where(among(_changed.sku_id, "skus"), _changed.changed_at > bindparam("at"))
    .order_by(_changed.id.desc())
)
# Movements of a delivery name it as their source.
_INCOMING_AT = (
    select(_move.sku_id, func.sum(_move.quantity), _due.expected_at)
    .join(expected_receipts, _due.number == _move.source)
    .join(locations, locations.c.id == _due.location_id)
    .where(among(_move.sku_id, "skus"), _move.bucket == Bucket.INCOMING.value,
           _move.occurred_at <= bindparam("at"), locations.c.account_id.is_(None))
    .group_by(_move.sku_id, _due.id, _due.expected_at)
    .having(func.sum(_move.quantity) > 0)
    .order_by(_due.id)
)  # fmt: skip
_HISTORY = (
    select(_move.sku_id, _move.location_id, _move.bucket, func.sum(_move.quantity).label("units"))
    .where(among(_move.sku_id, "skus"))
    .group_by(_move.sku_id, _move.location_id, _move.bucket)
)


def _asked(
    db: Connection, sku_ids: Collection[int], at: datetime | None = None
) -> tuple[dict[int, Any], Contents, list[int]]:
    """Return the rows, what is in the kits among them, and the SKUs whose stock is needed."""
    asked = {row.id: row for row in db.execute(_SKUS, {"skus": list(sku_ids)})}
    kits = [row.id for row in asked.values() if row.is_kit or at is not None]
    inside: Contents = contents(db, kits, at=at)
    if at is None:  # a kit of which nobody has said what is in it
        inside = {kit: inside.get(kit, {}) for kit in kits}
    more = {part for parts in inside.values() for part in parts} - asked.keys()
    if more:
        asked.update({row.id: row for row in db.execute(_SKUS, {"skus": list(more)})})
    return asked, inside, [sku_id for sku_id in asked if sku_id not in inside]


def _together(
    sku_ids: Collection[int], found: Mapping[int, Any], inside: Contents, kept: Mapping[int, Stock]
) -> dict[int, Goods]:
    def made(sku_id: int) -> Goods:
        if sku_id not in inside:
            return kept[sku_id]
        parts = [(kept[part], each) for part, each in inside[sku_id].items()]
        return Kit(found[sku_id].code, tuple(sorted(parts, key=lambda part: part[0].sku)))

    return {sku_id: made(sku_id) for sku_id in sku_ids if sku_id in found}


def _places_now(db: Connection, wanted: Collection[int]) -> dict[int, tuple[Place, ...]]:
    found: dict[int, list[Place]] = defaultdict(list)
    for sku_id, code, name, on_hand, allocated, unavailable, safety, owner in db.execute(
        _PLACES, {"skus": wanted}
    ):
        shared = owner is None
        found[sku_id].append(Place(code, name, on_hand, allocated, unavailable, safety, shared))
    return {sku_id: tuple(places) for sku_id, places in found.items()}


def _arrivals(db: Connection, wanted: Collection[int]) -> dict[int, tuple[Arrival, ...]]:
    """Return what is on its way to our own locations, by the day on which it is due."""
    return _by_sku(db.execute(_INCOMING, {"skus": wanted}))


def _places_at(
    db: Connection, wanted: Collection[int], at: datetime
) -> tuple[dict[int, tuple[Place, ...]], dict[int, int]]:
    sums: dict[int, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    reserved: dict[int, int] = {}
    for row in db.execute(_HISTORY.where(_move.occurred_at <= at), {"skus": wanted}):
        if row.location_id is None:
            reserved[row.sku_id] = reserved.get(row.sku_id, 0) + int(row.units)
        else:
            sums[row.sku_id][row.location_id][row.bucket] = int(row.units)
    safety = _safety_at(db, wanted, at)
    known = {row.id: row for row in db.execute(select(locations))}
    return {
        sku_id: tuple(
            _place(known[place], buckets, safety.get((sku_id, place), 0))
            for place, buckets in sorted(by_place.items())
        )
        for sku_id, by_place in sums.items()
    }, reserved


def _safety_at(db: Connection, wanted: Collection[int], at: datetime) -> dict[tuple[int, int], int]:
    found = {(sku, place): units for sku, place, units in db.execute(_SAFETY, {"skus": wanted})}
    for sku, place, before in db.execute(_SAFETY_BEFORE, {"skus": wanted, "at": at}):
        found[sku, place] = before
    return found


def _arrivals_at(
    db: Connection, wanted: Collection[int], at: datetime
) -> dict[int, tuple[Arrival, ...]]:
    """Return what was on its way then, by the day on which it was due."""
    return _by_sku(db.execute(_INCOMING_AT, {"skus": wanted, "at": at}))


def _by_sku(rows: Iterable[Any]) -> dict[int, tuple[Arrival, ...]]:
    found: dict[int, tuple[Arrival, ...]] = {}
    for sku_id, units, due in rows:
        arrival = Arrival(int(units), due.date() if due else None)
        found[sku_id] = (*found.get(sku_id, ()), arrival)
    return found


def _place(row: Any, buckets: Mapping[str, int], safety: int) -> Place:
    taken = {Bucket.ON_HAND, Bucket.ALLOCATED, Bucket.INCOMING, Bucket.RESERVED}
    aside = sum(units for bucket, units in buckets.items() if bucket not in taken)
    return Place(row.code, row.name, buckets.get(Bucket.ON_HAND, 0), buckets.get(Bucket.ALLOCATED, 0),
                 aside, safety, row.account_id is None)  # fmt: skip
