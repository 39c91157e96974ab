"""Count shelves while the shop goes on: the difference is to the ledger at the moment of counting.

A unit that is sold after its shelf was counted is no difference, however late the count is closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.inventory import Bucket, Cause, Why
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.catalogue import skus
from app.models.identity import Identity
from app.models.inbound import stock_count_lines, stock_counts
from app.models.inventory import stock_levels, stock_movements
from app.models.sets import among
from app.services import audit
from app.services.ledger import Movement
from app.services.since import refuse_changed_since
from app.services.stockroom.corrections import corrected_since, happened_since
from app.services.stockroom.moving import MOST_UNITS, carry_out, level, location_id, sku_id

_TOUCHED = Touched.STOCK | Touched.ORDERS | Touched.CASES
_LINE = stock_count_lines.c
_NOT_YET: Mapping[str, Any] = {
    "counted": None,
    "expected": None,
    "counted_at": None,
    "counted_by": "",
}


def start_count(
    db: Connection, actor: Actor, *, location: str, now: datetime, codes: Sequence[str] = (),
    note: str = "",
) -> Changes:  # fmt: skip
    """Begin to count a location: these SKUs, or all that were ever kept there.

    Raises:
        RefusedError: nothing is kept there, or another open count has one of these shelves.
    """
    actor.must(Permission.WORK)
    place = location_id(db, location)
    items = sorted({sku_id(db, code) for code in codes}) or _kept_at(db, place)
    if not items:
        raise RefusedError(f"Nothing was ever kept at {location}; no count was started.",
                           "Name the SKUs that are to be counted.")  # fmt: skip
    _refuse_counted(db, place, items)
    ids = Identity(db, stock_counts, stock_count_lines)
    count_id = ids.take(stock_counts)
    row = {"id": count_id, "location_id": place, "state": "open", "note": note, "started_at": now,
           "started_by": actor.name}  # fmt: skip
    db.execute(stock_counts.insert(), [row])
    db.execute(stock_count_lines.insert(), [_blank(ids, count_id, item) for item in items])
    audit.record(
        db, actor, now, audit.Deed("start count", f"count:{count_id}", note, after={"skus": len(items)})
    )  # fmt: skip
    return Changes(f"Count {counted(len(items), 'SKU')} at {location}", Touched.STOCK, (count_id,),
                   undo=Undo("drop_count", {"count_id": count_id}))  # fmt: skip


def enter_count(
    db: Connection, actor: Actor, *, count_id: int, sku: str, units: int | None, now: datetime,
    earlier: Mapping[str, Any] | None = None, left: Mapping[str, Any] | None = None,
) -> Changes:  # fmt: skip
    """Note what lies on a shelf, and what the ledger says at this moment; ``None`` forgets it.

    ``earlier`` is an entry as it stood before, with its moment, and ``left`` as it was left: what
    taking back a correction needs.

    Raises:
        RefusedError: the count is over, the units are none, or the shelf was counted again since.
    """
    actor.must(Permission.WORK)
    row = _open(db, count_id)
    if units is not None and not 0 <= units <= MOST_UNITS:
        raise RefusedError("A count is 0 or more; nothing was noted.",
                           "Count again, and write 0 where the shelf is empty.")  # fmt: skip
    item = sku_id(db, sku)
    before = _line(db, count_id, item)
    stood = dict(_NOT_YET) if before is None else {name: getattr(before, name) for name in _NOT_YET}
    refuse_changed_since(stood, left, f"The count of {sku}")
    if before is None:
        ids = Identity(db, stock_count_lines)
        db.execute(stock_count_lines.insert(), [_blank(ids, count_id, item)])
    values = dict(_NOT_YET)
    if units is not None:
        values = {"counted": units, "counted_at": now, "counted_by": actor.name,
                  "expected": level(db, item, row.location_id).on_hand, **(earlier or {})}  # fmt: skip
    here = (_LINE.count_id == count_id, _LINE.sku_id == item)
    db.execute(stock_count_lines.update().where(*here).values(**values))
    audit.record(
        db, actor, now,
        audit.Deed("enter count", f"count:{count_id}", after={"sku": item, "counted": units}),
    )  # fmt: skip
    undo: dict[str, object] = {"count_id": count_id, "sku": sku, "units": stood["counted"],
                               "earlier": stood, "left": values}  # fmt: skip
    return Changes(f"Count {sku}: {'not yet' if units is None else f'{units:,}'}", Touched.STOCK,
                   (count_id,), undo=Undo("enter_count", undo))  # fmt: skip


def close_count(db: Connection, actor: Actor, *, count_id: int, now: datetime) -> Changes:
    """Take every difference over as a variance; what nobody counted is left alone and named.

    Raises:
        RefusedError: the count is over, or nothing was counted.
    """
    actor.must(Permission.WRITE_OFF)
    row, lines = _open(db, count_id), _lines(db, count_id)
    done = [line for line in lines if line.counted is not None]
    if not done:
        raise RefusedError("Nothing was counted yet; the count stays open.",
                           "Enter what lies on the shelves, or drop the count.")  # fmt: skip
    moves = [_variance(db, row, line) for line in done]
    _close(db, actor, row, "closed", moves, now)
    left = tuple(Skipped(line.code, "it was not counted") for line in lines if line.counted is None)
    off = sum(1 for move in moves if move.quantity)
    label = f"Close the count: {counted(off, 'difference')} in {counted(len(done), 'SKU')}"
    return Changes(label, _TOUCHED, (count_id,), left,
                   Undo("reopen_count", {"count_id": count_id}))  # fmt: skip


def reopen_count(db: Connection, actor: Actor, *, count_id: int, now: datetime) -> Changes:
    """Take a closed or dropped count up again; its differences are taken back.

    Raises:
        RefusedError: it is open.
    """
    actor.must(Permission.WORK)
    row = _count(db, count_id)
    actor.must(Permission.WRITE_OFF if row.state == "closed" else Permission.WORK)
    if row.state == "open":
        raise RefusedError("This count is open; nothing was changed.", "Go on counting.")
    moves = _taken_back(db, row) if row.state == "closed" else []
    _close(db, actor, row, "open", moves, now)
    back = "close_count" if row.state == "closed" else "drop_count"
    return Changes("Take the count up again", _TOUCHED, (count_id,),
                   undo=Undo(back, {"count_id": count_id}))  # fmt: skip


def drop_count(db: Connection, actor: Actor, *, count_id: int, now: datetime) -> Changes:
    """End a count without taking anything over.

    Raises:
        RefusedError: it is over already.
    """
    actor.must(Permission.WORK)
    _close(db, actor, _open(db, count_id), "dropped", [], now)
    return Changes("Drop the count", Touched.STOCK, (count_id,),
                   undo=Undo("reopen_count", {"count_id": count_id}))  # fmt: skip


def on_hand_at(db: Connection, item: int, place: int, at: datetime | None) -> int:
    """Return the units that the ledger had on hand when a shelf was looked at.

    That is what is there now, less what happened since; so it stands whatever was sold meanwhile,
    and what was corrected meanwhile is not corrected again.
    """
    now = int(level(db, item, place).on_hand)
    return now if at is None else now - happened_since(db, item, place, at)


def _close(
    db: Connection, actor: Actor, row: Any, state: str, moves: Sequence[Movement], now: datetime
) -> None:
    over = None if state == "open" else now
    here = stock_counts.c.id == row.id
    db.execute(stock_counts.update().where(here).values(state=state, closed_at=over))
    after = {"state": state, "units": sum(move.quantity for move in moves)}
    deed = audit.Deed("count", f"count:{row.id}", "", {"state": row.state}, after)
    carry_out(db, actor, moves, [deed], now=now, source=_source(row.id))


def _variance(db: Connection, row: Any, line: Any) -> Movement:
    """Return what a counted shelf still differs by: others may have booked some of it meanwhile."""
    booked = corrected_since(db, line.sku_id, row.location_id, line.counted_at)
    expected = line.expected + booked
    words = f"Counted {line.counted:,}, {expected:,} were expected"
    return _corrected(row, line.sku_id, line.counted - expected, words)


def _taken_back(db: Connection, row: Any) -> list[Movement]:
    """Return the opposite of what a count has booked."""
    move = stock_movements.c
    booked = func.sum(move.quantity)
    query = (
        select(move.sku_id, booked.label("units"))
        .where(move.source == _source(row.id), move.location_id == row.location_id,
               move.bucket == Bucket.ON_HAND.value, move.cause == Cause.COUNT.value)
        .group_by(move.sku_id).having(booked != 0).order_by(move.sku_id)
    )  # fmt: skip
    words = "Taken back: the count is open again"
    return [_corrected(row, each.sku_id, -int(each.units), words) for each in db.execute(query)]


def _corrected(row: Any, item: int, units: int, words: str) -> Movement:
    return Movement(item, row.location_id, Bucket.ON_HAND, units, Cause.COUNT, reason=words,
                    reason_code=(Why.LOST if units < 0 else Why.FOUND).value)  # fmt: skip


def _source(count_id: int) -> str:
    return f"count {count_id}"


def _refuse_counted(db: Connection, place: int, items: Sequence[int]) -> None:
    """Refuse a shelf that somebody is counting: two would book one difference."""
    query = (
        select(skus.c.code, stock_counts.c.id, stock_counts.c.started_by)
        .join(stock_count_lines, _LINE.count_id == stock_counts.c.id)
        .join(skus, skus.c.id == _LINE.sku_id)
        .where(stock_counts.c.location_id == place, stock_counts.c.state == "open",
               among(_LINE.sku_id, "skus"))
        .order_by(stock_counts.c.id, skus.c.code)
    )  # fmt: skip
    if (other := db.execute(query, {"skus": list(items)}).first()) is not None:
        raise RefusedError(
            f"{other.code} is in count {other.id} already, which {other.started_by} began; "
            "no count was started.",
            f"Enter what you count in count {other.id}, or close or drop it first.",
        )


def _kept_at(db: Connection, place: int) -> list[int]:
    query = select(stock_levels.c.sku_id).where(stock_levels.c.location_id == place)
    return sorted(db.execute(query).scalars())


def _blank(ids: Identity, count_id: int, item: int) -> dict[str, Any]:
    return {"id": ids.take(stock_count_lines), "count_id": count_id, "sku_id": item,
            **_NOT_YET}  # fmt: skip


def _line(db: Connection, count_id: int, item: int) -> Any | None:
    query = select(stock_count_lines).where(_LINE.count_id == count_id, _LINE.sku_id == item)
    return db.execute(query).first()


def _lines(db: Connection, count_id: int) -> Sequence[Any]:
    query = (
        select(stock_count_lines, skus.c.code)
        .join(skus, skus.c.id == _LINE.sku_id)
        .where(_LINE.count_id == count_id)
        .order_by(_LINE.id)
    )
    return db.execute(query).all()


def _open(db: Connection, count_id: int) -> Any:
    row = _count(db, count_id)
    if row.state != "open":
        raise RefusedError(f"This count is {row.state}; nothing was changed.", "Start another one.")
    return row


def _count(db: Connection, count_id: int) -> Any:
    row = db.execute(select(stock_counts).where(stock_counts.c.id == count_id)).first()
    if row is None:
        raise NotFoundError("There is no such count; nothing was changed.", "Start one.")
    return row
