"""Which rows here make a count wrong? Cancelled orders that keep units, returns nobody looked at, kits
that took nothing from their parts, orders that came in twice, late receipts, counts that differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, func, select

from app.domain.inventory import Bucket, Cause
from app.domain.mismatching.causes import Reason
from app.domain.mismatching.facts import Fix, Flaw
from app.domain.mismatching.ladder import Clock
from app.domain.orders import ChannelState, OrderStatus
from app.models.catalogue import skus
from app.models.inbound import (
    expected_receipt_lines,
    expected_receipts,
    stock_count_lines,
    stock_counts,
)
from app.models.inventory import locations, stock_levels, stock_movements
from app.models.orders import order_lines, orders, reservations
from app.services.catalogue import kit_contents

RETURN_MAY_WAIT: Final = timedelta(days=2)
RECEIPT_MAY_WAIT: Final = timedelta(days=2)
WRITTEN_LATE: Final = timedelta(hours=1)
RECENT: Final = timedelta(days=7)


class At(NamedTuple):
    """When it is looked, and how times are said."""

    now: datetime
    clock: Clock


Found = Iterator[tuple[int, Flaw]]  # SKU, what is wrong with it


def flaws(db: Connection, *, now: datetime, clock: Clock) -> dict[int, list[Flaw]]:
    """Return what is wrong in the rows, by SKU, in the order in which it explains a number."""
    found: dict[int, list[Flaw]] = defaultdict(list)
    for look in (_twice, _not_taken_apart, _cancelled, _returned, _late_receipts, _overdue_receipts,
                 _counting, _counted):  # fmt: skip
        for sku_id, flaw in look(db, At(now, clock)):
            found[sku_id].append(flaw)
    return found


_order, _kept, _line = orders.c, reservations.c, order_lines.c
_move, _level, _due = stock_movements.c, stock_levels.c, expected_receipts.c
_KEEPS = _kept.state.in_(("held", "allocated"))
_NOT_LEFT = (OrderStatus.OPEN.value, OrderStatus.ACCEPTED.value)


def _twice(db: Connection, at: At) -> Found:
    """Orders of one channel with one number, placed in one moment, that are here more than once."""
    lives = _order.status.not_in((OrderStatus.CANCELLED.value, OrderStatus.TAKEN_BACK.value))
    same = (
        select(_order.channel, _order.number, _order.placed_at, func.min(_order.id).label("first"))
        .where(lives)
        .group_by(_order.channel, _order.number, _order.placed_at)
        .having(func.count() > 1)
        .subquery()
    )
    query = (
        select(_order.id, _order.number, _order.taken_in_at, _kept.sku_id,
               func.sum(_kept.quantity).label("units"))
        .join(same, and_(same.c.channel == _order.channel, same.c.number == _order.number,
                         same.c.placed_at == _order.placed_at, same.c.first != _order.id))
        .join(reservations, _kept.order_id == _order.id)
        .where(lives, _KEEPS, _order.status.in_(_NOT_LEFT))
        .group_by(_order.id, _order.number, _order.taken_in_at, _kept.sku_id)
    )  # fmt: skip
    for row in db.execute(query):
        says = (f"order {row.number} came in twice, the second time {at.clock(row.taken_in_at)}; the "
                f"second one keeps {int(row.units)} that nobody bought.")  # fmt: skip
        fix = Fix("void_duplicates", {"order_ids": [row.id]})
        yield row.sku_id, Flaw(Reason.DUPLICATE_IMPORT, int(row.units), _begun(says),
                               row.taken_in_at, f"order:{row.id}", None, (row.id,), fix)  # fmt: skip


def _not_taken_apart(db: Connection, at: At) -> Found:
    """Orders that keep a kit itself and nothing of what has to be packed for it."""
    query = (
        select(_order.id, _order.number, _order.taken_in_at, _kept.sku_id, skus.c.code,
               func.sum(_kept.quantity).label("units"))
        .join(orders, _order.id == _kept.order_id)
        .join(skus, skus.c.id == _kept.sku_id)
        .where(_KEEPS, skus.c.is_kit, _order.status.in_(_NOT_LEFT))
        .group_by(_order.id, _order.number, _order.taken_in_at, _kept.sku_id, skus.c.code)
    )  # fmt: skip
    rows = db.execute(query).all()
    inside = kit_contents(db, {row.sku_id for row in rows}) if rows else {}
    for row in rows:
        says = (f"order {row.number} ({at.clock(row.taken_in_at)}) keeps {int(row.units)} × {row.code} as if it lay on a shelf, and "
                "nothing of its parts: they are still for sale.")  # fmt: skip
        fix = Fix("take_kits_apart", {"order_ids": [row.id]})
        for part, each in inside.get(row.sku_id, ()):
            yield part, Flaw(Reason.KIT_NOT_TAKEN_APART, -each * int(row.units), _begun(says),
                             row.taken_in_at, f"order:{row.id}", None, (row.id,), fix)  # fmt: skip


def _cancelled(db: Connection, at: At) -> Found:
    """Orders that are cancelled, here or on their channel, and still keep their units."""
    is_over = _order.status == OrderStatus.CANCELLED.value
    gone = (_order.channel_state == ChannelState.CANCELLED.value) & _order.status.in_(_NOT_LEFT)
    query = (
        select(_order.id, _order.number, _order.updated_at, _order.status, _kept.sku_id,
               func.sum(_kept.quantity).label("units"))
        .join(orders, _order.id == _kept.order_id)
        .where(_KEEPS, is_over | gone)
        .group_by(_order.id, _order.number, _order.updated_at, _order.status, _kept.sku_id)
    )  # fmt: skip
    for row in db.execute(query):
        says = (f"order {row.number} was cancelled, {at.clock(row.updated_at)}, and still keeps "
                f"{int(row.units)}.")  # fmt: skip
        fix = Fix("give_back_cancelled", {"order_ids": [row.id]})
        yield row.sku_id, Flaw(Reason.CANCEL_NOT_RESTOCKED, int(row.units), _begun(says),
                               row.updated_at, f"order:{row.id}", None, (row.id,), fix)  # fmt: skip


def _returned(db: Connection, at: At) -> Found:
    """Units that came back some time ago, and nobody has said whether they can be sold again."""
    last = (
        select(_move.sku_id, _move.location_id, func.max(_move.occurred_at).label("at"))
        .where(_move.bucket == Bucket.RETURNS_HOLD.value, _move.quantity > 0)
        .group_by(_move.sku_id, _move.location_id)
        .subquery()
    )
    query = (
        select(_level.sku_id, _level.location_id, _level.returns_hold, last.c.at, skus.c.code,
               locations.c.code.label("place"), locations.c.name)
        .join(last, and_(last.c.sku_id == _level.sku_id, last.c.location_id == _level.location_id))
        .join(skus, skus.c.id == _level.sku_id)
        .join(locations, locations.c.id == _level.location_id)
        .where(_level.returns_hold > 0, last.c.at <= at.now - RETURN_MAY_WAIT)
    )  # fmt: skip
    for row in db.execute(query):
        says = (f"{row.returns_hold} × {row.code} came back to {row.name}, the last of them "
                f"{at.clock(row.at)}, and nobody has said whether they can be sold.")  # fmt: skip
        fix = Fix("put_back", {"sku": row.code, "location": row.place, "quantity": row.returns_hold,
                               "bucket": Bucket.RETURNS_HOLD.value, "reason": "Looked at: fine."})  # fmt: skip
        yield row.sku_id, Flaw(Reason.RETURN_NOT_LOOKED_AT, row.returns_hold, says, row.at,
                               f"return:{row.location_id}", row.location_id, (), fix)  # fmt: skip


def _late_receipts(db: Connection, at: At) -> Found:
    """Receipts that were written down after they had happened: counted in between, they are there twice."""
    late = (
        select(_move.id, _move.sku_id, _move.location_id, _move.quantity, _move.occurred_at,
               _move.recorded_at, skus.c.code, locations.c.code.label("place"), locations.c.name)
        .join(skus, skus.c.id == _move.sku_id)
        .join(locations, locations.c.id == _move.location_id)
        .where(_move.cause == Cause.RECEIPT.value, _move.bucket == Bucket.ON_HAND.value,
               _move.recorded_at > _move.occurred_at, _move.recorded_at >= at.now - RECENT)
    )  # fmt: skip
    rows = [row for row in db.execute(late) if row.recorded_at - row.occurred_at >= WRITTEN_LATE]
    corrections = _corrections(db, at) if rows else {}
    for row in rows:
        said = (f"{row.quantity} × {row.code} came to {row.name} {at.clock(row.occurred_at)}, and were "
                f"written down only {at.clock(row.recorded_at)}")  # fmt: skip
        key = f"receipt:{row.id}"
        yield row.sku_id, Flaw(Reason.RECEIPT_LATE, -row.quantity, f"{said}.", row.occurred_at, key,
                               row.location_id, is_settled=True)  # fmt: skip
        moves = corrections.get((row.sku_id, row.location_id), [])
        if _was_counted_twice(row, moves):
            fix = Fix("adjust", {"sku": row.code, "location": row.place, "quantity": -row.quantity,
                                 "reason": "Correction: counted before it was written down."})  # fmt: skip
            says = f"{said}; a count in between had found them already, so they are there twice."
            yield row.sku_id, Flaw(Reason.RECEIPT_LATE, -row.quantity, says, row.occurred_at, key,
                                   row.location_id, (), fix)  # fmt: skip


def _was_counted_twice(receipt: Any, moves: list[Any]) -> bool:
    """Whether a count found what had come before that was written down, and nobody took it out since."""
    counted = any(
        move.cause == Cause.COUNT.value and move.quantity == receipt.quantity
        and receipt.occurred_at <= move.occurred_at < receipt.recorded_at
        for move in moves
    )  # fmt: skip
    return counted and not _was_undone(receipt.quantity, receipt.id, moves)


def _was_undone(units: int, since_id: int, moves: list[Any]) -> bool:
    return any(
        move.cause == Cause.ADJUSTMENT.value and move.quantity == -units and move.id > since_id
        for move in moves
    )


def _overdue_receipts(db: Connection, at: At) -> Found:
    """Deliveries that should have come days ago, and nobody wrote down that they did."""
    line = expected_receipt_lines.c
    query = (
        select(_due.id, _due.number, _due.expected_at, _due.location_id, line.sku_id,
               line.outstanding, skus.c.code, locations.c.name)
        .join(expected_receipts, _due.id == line.receipt_id)
        .join(skus, skus.c.id == line.sku_id)
        .join(locations, locations.c.id == _due.location_id)
        .where(_due.state == "open", line.outstanding > 0,
               _due.expected_at <= at.now - RECEIPT_MAY_WAIT)
    )  # fmt: skip
    for row in db.execute(query):
        says = (f"{row.outstanding} × {row.code} of delivery {row.number} were due at {row.name} "
                f"{at.clock(row.expected_at)}, and nobody wrote down that they came.")  # fmt: skip
        fix = Fix(
            "receive_expected", {"receipt_id": row.id, "arrived": {row.code: row.outstanding}}
        )
        yield row.sku_id, Flaw(Reason.RECEIPT_LATE, row.outstanding, says, row.expected_at,
                               f"delivery:{row.id}", row.location_id, (), fix)  # fmt: skip


def _counting(db: Connection, at: At) -> Found:
    """Counts that found another number than the ledger, and were not closed."""
    line, count = stock_count_lines.c, stock_counts.c
    query = (
        select(count.id, count.location_id, line.sku_id, line.counted, line.expected,
               line.counted_at, skus.c.code, locations.c.name)
        .join(stock_counts, count.id == line.count_id)
        .join(skus, skus.c.id == line.sku_id)
        .join(locations, locations.c.id == count.location_id)
        .where(count.state == "open", line.counted.is_not(None), line.counted != line.expected)
    )  # fmt: skip
    for row in db.execute(query):
        says = (f"{row.counted} × {row.code} were counted at {row.name} {at.clock(row.counted_at)}, where "
                f"the movements say {row.expected}; the count is not closed.")  # fmt: skip
        yield row.sku_id, Flaw(Reason.COUNT_VARIANCE, row.counted - row.expected, says,
                               row.counted_at, f"count:{row.id}", row.location_id, (),
                               Fix("close_count", {"count_id": row.id}))  # fmt: skip


def _counted(db: Connection, at: At) -> Found:
    """Differences that a count or a stock file brought lately; the first count of a shelf is none."""
    names = {row.id: row for row in db.execute(select(locations.c.id, locations.c.code,
                                                      locations.c.name))}  # fmt: skip
    for (sku_id, place), moves in _corrections(db, at).items():
        for move in moves:
            if move.cause != Cause.COUNT.value or not move.has_earlier:
                continue
            if _was_undone(move.quantity, move.id, moves):
                continue
            where = names[place]
            source = "a stock file" if move.source.startswith("file:") else "a count"
            verb = "more" if move.quantity > 0 else "fewer"
            says = (f"{source.capitalize()} found {abs(move.quantity)} {verb} × {move.code} at "
                    f"{where.name} {at.clock(move.occurred_at)} than the movements explain.")  # fmt: skip
            fix = Fix("adjust", {"sku": move.code, "location": where.code,
                                 "quantity": -move.quantity,
                                 "reason": "Correction: the count was wrong."})  # fmt: skip
            yield sku_id, Flaw(Reason.COUNT_VARIANCE, -move.quantity, says, move.occurred_at,
                               f"counted:{move.id}", place, (), fix)  # fmt: skip


def _corrections(db: Connection, at: At) -> Mapping[tuple[int, int], list[Any]]:
    """Return what was counted and adjusted lately, by SKU and place, in the order it was recorded."""
    earlier = stock_movements.alias().c
    has_earlier = (
        select(earlier.id)
        .where(earlier.sku_id == _move.sku_id, earlier.location_id == _move.location_id,
               earlier.bucket == Bucket.ON_HAND.value, earlier.id < _move.id)
        .exists()
    )  # fmt: skip
    query = (
        select(_move.id, _move.sku_id, _move.location_id, _move.cause, _move.quantity,
               _move.occurred_at, _move.source, skus.c.code, has_earlier.label("has_earlier"))
        .join(skus, skus.c.id == _move.sku_id)
        .where(_move.recorded_at >= at.now - RECENT, _move.bucket == Bucket.ON_HAND.value,
               _move.cause.in_((Cause.COUNT.value, Cause.ADJUSTMENT.value)))
        .order_by(_move.id)
    )  # fmt: skip
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in db.execute(query):
        found[row.sku_id, row.location_id].append(row)
    return found


def _begun(says: str) -> str:
    """Begin a sentence."""
    return says[0].upper() + says[1:]
