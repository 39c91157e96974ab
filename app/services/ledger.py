"""Append stock movements and keep the balances that follow from them.

Every change of stock in the program goes through ``post``: it writes the movement and moves the
projection in the same transaction. The guards are in the UPDATE statements, so they hold between
several desks on one database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, literal_column, select

from app.domain.inventory import SET_ASIDE, Bucket, Cause
from app.errors import OutOfStockError
from app.models.bulk import insert_columns, insert_rows, update_rows
from app.models.identity import Identity
from app.models.inventory import locations, network_stock, stock_levels, stock_movements
from app.models.sets import among


class Movement(NamedTuple):
    """One signed change of a bucket; ``location_id`` is empty for reserved units only."""

    sku_id: int
    location_id: int | None
    bucket: Bucket
    quantity: int
    cause: Cause
    order_id: int | None = None
    order_line_id: int | None = None
    account_id: int | None = None
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who moved stock, from which document or screen, and when it happened and was recorded."""

    actor: str
    source: str
    occurred_at: datetime
    recorded_at: datetime


def post(db: Connection, movements: Sequence[Movement], origin: Origin) -> None:
    """Append the movements and bring the balances up to date.

    Raises:
        OutOfStockError: a reservation or allocation asks for more than is free.
    """
    if not movements:
        return
    append(db, movements, origin)
    reserved = [m for m in movements if m.bucket is Bucket.RESERVED]
    if len(reserved) < len(movements):
        _move_levels(db, [m for m in movements if m.bucket is not Bucket.RESERVED])
    if reserved:
        _move_reserved(db, reserved)


def append(db: Connection, movements: Sequence[Movement], origin: Origin) -> None:
    """Write the movement rows."""
    count = len(movements)
    columns = dict(zip(Movement._fields, zip(*movements, strict=True), strict=True))
    insert_columns(
        db,
        stock_movements,
        {
            "id": Identity(db, stock_movements).take_many(stock_movements, count),
            **columns,
            # Plain words: the driver asks each other kind what it is.
            "bucket": list(map(str, columns["bucket"])),
            "cause": list(map(str, columns["cause"])),
            "actor": [origin.actor] * count,
            "source": [origin.source] * count,
            "occurred_at": [origin.occurred_at] * count,
            "recorded_at": [origin.recorded_at] * count,
        },
    )


def ensure_levels(db: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Make sure that a balance row exists for each SKU and location."""
    wanted = set(pairs)
    if not wanted:
        return
    sku_ids = {sku_id for sku_id, _ in wanted}
    level = stock_levels.c
    found = {
        (row.sku_id, row.location_id)
        for row in db.execute(
            select(level.sku_id, level.location_id).where(among(level.sku_id, "skus")),
            {"skus": sku_ids},
        )
    }
    missing = sorted(wanted - found)
    if missing:
        insert_rows(db, stock_levels, [{"sku_id": s, "location_id": place} for s, place in missing])
    known = set(
        db.execute(
            select(network_stock.c.sku_id).where(among(network_stock.c.sku_id, "skus")),
            {"skus": sku_ids},
        ).scalars()
    )
    if sku_ids - known:
        insert_rows(db, network_stock, [{"sku_id": s} for s in sorted(sku_ids - known)])


def plan_suggested(db: Connection, deltas: dict[tuple[int, int], int]) -> None:
    """Move the units that open suggestions would use at (SKU, location)."""
    rows = [
        {"sku": sku_id, "place": place, "delta": delta}
        for (sku_id, place), delta in sorted(deltas.items())
        if delta
    ]
    if rows:
        update_rows(db, _SUGGESTED, rows)


_level = stock_levels.c
_KEY = (_level.sku_id == bindparam("sku"), _level.location_id == bindparam("place"))
_SUGGESTED = (
    stock_levels.update().where(*_KEY).values(suggested=_level.suggested + bindparam("delta"))
)
_LEVELS = (
    stock_levels.update()
    .where(*_KEY)
    .values(
        on_hand=_level.on_hand + bindparam("on_hand_delta"),
        allocated=_level.allocated + bindparam("allocated_delta"),
        unavailable=_level.unavailable + bindparam("unavailable_delta"),
        incoming=_level.incoming + bindparam("incoming_delta"),
        damaged=_level.damaged + bindparam("damaged_delta"),
        quarantine=_level.quarantine + bindparam("quarantine_delta"),
        returns_hold=_level.returns_hold + bindparam("returns_hold_delta"),
    )
)
# The guard: units are allocated only where that many are physically free.
_LEVELS_GUARDED = _LEVELS.where(
    (bindparam("allocated_delta") <= literal_column("0"))
    | (
        _level.on_hand + bindparam("on_hand_delta") - _level.unavailable - _level.allocated
        >= bindparam("allocated_delta")
    )
)
_net = network_stock.c
_FREE = (
    network_stock.update()
    .where(_net.sku_id == bindparam("sku"))
    .values(free=_net.free + bindparam("delta"))
)
# The guard against overselling: no more is reserved than is free anywhere.
_RESERVE = (
    network_stock.update()
    .where(
        _net.sku_id == bindparam("sku"),
        (bindparam("delta") <= literal_column("0"))
        | (_net.free - _net.reserved >= bindparam("delta")),
    )
    .values(reserved=_net.reserved + bindparam("delta"))
)
_EFFECT_ON_FREE = {Bucket.ON_HAND: 1, Bucket.ALLOCATED: -1, **dict.fromkeys(SET_ASIDE, -1)}
_DELTA = {b: f"{b}_delta" for b in (Bucket.ON_HAND, Bucket.ALLOCATED, Bucket.INCOMING, *SET_ASIDE)}
_STILL = dict.fromkeys((*_DELTA.values(), "unavailable_delta"), 0)
_CHANNELS_OWN = select(locations.c.id).where(locations.c.account_id.is_not(None))


def _move_levels(db: Connection, movements: Sequence[Movement]) -> None:
    rows: dict[tuple[int, int], dict[str, int]] = {}
    free: dict[int, int] = defaultdict(int)
    not_ours = set(db.execute(_CHANNELS_OWN).scalars())
    for m in movements:
        if m.location_id is None:
            raise ValueError(f"a movement of {m.bucket} needs a location")
        row = rows.get((m.sku_id, m.location_id))
        if row is None:
            row = rows[m.sku_id, m.location_id] = {
                "sku": m.sku_id,
                "place": m.location_id,
                **_STILL,
            }
        row[_DELTA[m.bucket]] += m.quantity
        if m.bucket in SET_ASIDE:
            row["unavailable_delta"] += m.quantity
        if m.location_id not in not_ours:  # what a channel keeps is for no order of ours
            free[m.sku_id] += _EFFECT_ON_FREE.get(m.bucket, 0) * m.quantity
    _all_or_none(update_rows(db, _LEVELS_GUARDED, [rows[key] for key in sorted(rows)]), len(rows))
    changes = [{"sku": sku_id, "delta": delta} for sku_id, delta in sorted(free.items()) if delta]
    if changes:
        _all_or_none(update_rows(db, _FREE, changes), len(changes))


def _move_reserved(db: Connection, movements: Sequence[Movement]) -> None:
    sums: dict[int, int] = defaultdict(int)
    for m in movements:
        sums[m.sku_id] += m.quantity
    rows = [{"sku": sku_id, "delta": delta} for sku_id, delta in sorted(sums.items()) if delta]
    if rows:
        _all_or_none(update_rows(db, _RESERVE, rows), len(rows))


def _all_or_none(changed: int, wanted: int) -> None:
    if changed != wanted:
        raise OutOfStockError(
            "Some of these units were taken in the meantime; nothing was changed.",
            "Look at the order's suggestion again: it has been worked out anew.",
        )
