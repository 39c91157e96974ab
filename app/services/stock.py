"""Receive, adjust, count and move stock; every change is a movement with a reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, bindparam, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.importing import StockRow
from app.domain.inventory import Bucket, Cause, why_of
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.bulk import insert_rows
from app.models.identity import Identity
from app.models.inventory import locations, stock_levels
from app.models.past import safety_stock_changes
from app.models.promising.marks import mark
from app.models.sets import among
from app.services import audit
from app.services.ledger import Movement, ensure_levels
from app.services.stockroom.counting import on_hand_at
from app.services.stockroom.moving import carry_out, free_at, location_id, sku_id


@dataclass(frozen=True, slots=True)
class Delta:
    """A change of units on hand at one place."""

    sku_id: int
    location_id: int
    quantity: int


def receive(
    db: Connection, actor: Actor, *, sku: str, location: str, quantity: int, reason: str,
    now: datetime,
) -> Changes:  # fmt: skip
    """Put received units on the shelf; orders that waited for them get them, oldest first.

    Raises:
        RefusedError: the quantity is not positive.
    """
    actor.must(Permission.WORK)
    if quantity <= 0:
        raise RefusedError(
            "Received units must be more than 0; nothing was received.",
            "To take units out, adjust the stock with a reason.",
        )
    delta = Delta(sku_id(db, sku), location_id(db, location), quantity)
    change_on_hand(db, actor, [delta], Cause.RECEIPT, reason=reason, source="desk", now=now)
    return Changes(f"Receive {quantity} × {sku}", _TOUCHED, (delta.sku_id,),
                   undo=_opposite(actor, sku, location, quantity))  # fmt: skip


def adjust(
    db: Connection, actor: Actor, *, sku: str, location: str, quantity: int, reason: str,
    now: datetime,
) -> Changes:  # fmt: skip
    """Add or take out units by hand, with a reason; taking out is a write-off and needs a role.

    Raises:
        RefusedError: nothing to change, or no reason was given.
    """
    actor.must(Permission.WRITE_OFF if quantity < 0 else Permission.WORK)
    if quantity == 0 or not reason.strip():
        raise RefusedError(
            "An adjustment needs a number of units and a reason; nothing was changed.",
            "Say what happened: damaged, found, sample, theft …",
        )
    delta = Delta(sku_id(db, sku), location_id(db, location), quantity)
    change_on_hand(db, actor, [delta], Cause.ADJUSTMENT, reason=reason, source="desk", now=now)
    return Changes(f"Adjust {sku} by {quantity:+}", _TOUCHED, (delta.sku_id,),
                   undo=_opposite(actor, sku, location, quantity))  # fmt: skip


def count(
    db: Connection, actor: Actor, *, sku: str, location: str, counted: int, reason: str,
    now: datetime, at: datetime | None = None,
) -> Changes:  # fmt: skip
    """Take the difference between a physical count and the ledger as a variance.

    ``at`` is when the shelf was looked at: what was sold or arrived since is no difference.

    Raises:
        RefusedError: the count is negative, or nobody can have looked at the shelf yet.
    """
    actor.must(Permission.WRITE_OFF)
    if counted < 0:
        raise RefusedError(
            "A count cannot be negative; nothing was changed.",
            "Count again, and write 0 where the shelf is empty.",
        )
    if at is not None and at > now:
        raise RefusedError(
            "Nobody has looked at a shelf in the future; nothing was changed.",
            "Say when it was counted, or leave the time out for now.",
        )
    here = sku_id(db, sku), location_id(db, location)
    variance = counted - on_hand_at(db, *here, at)
    change_on_hand(
        db, actor, [Delta(*here, variance)], Cause.COUNT,
        reason=reason or f"Counted {counted}", source="desk", now=now,
    )  # fmt: skip
    return Changes(f"Count {sku}: {variance:+}", _TOUCHED, (here[0],),
                   undo=_opposite(actor, sku, location, variance))  # fmt: skip


def transfer(
    db: Connection, actor: Actor, *, sku: str, origin: str, destination: str, quantity: int,
    reason: str, now: datetime,
) -> Changes:  # fmt: skip
    """Move units from one location to another.

    Raises:
        RefusedError: fewer units are free there, or the locations are the same.
    """
    actor.must(Permission.WORK)
    item, start, end = sku_id(db, sku), location_id(db, origin), location_id(db, destination)
    if quantity <= 0 or start == end:
        raise RefusedError(
            "A transfer needs units and two different locations; nothing moved.",
            "Write how many units move, and choose another location for them.",
        )
    if (free := free_at(db, item, start)) < quantity:
        raise RefusedError(
            f"{origin} has {max(0, free)} free units of {sku}, not {quantity}; nothing moved.",
            "Move fewer, or take back the decisions that hold them.",
        )
    change_on_hand(
        db, actor, [Delta(item, start, -quantity), Delta(item, end, quantity)], Cause.TRANSFER,
        reason=reason or f"Transfer {origin} to {destination}", source="desk", now=now,
    )  # fmt: skip
    back = {"sku": sku, "origin": destination, "destination": origin, "quantity": quantity,
            "reason": "Taken back."}  # fmt: skip
    return Changes(f"Move {quantity} × {sku} to {destination}", _TOUCHED, (item,),
                   undo=Undo("transfer", back))  # fmt: skip


def _opposite(actor: Actor, sku: str, location: str, quantity: int) -> Undo | None:
    """Return the adjustment that takes a change of units back, if there is one that may be made.

    It moves by as much as the change did, whatever has come or gone since. Taking units out is a
    write-off: who may not do that is not offered it, and asks someone who may.
    """
    if quantity == 0 or (quantity > 0 and not actor.may(Permission.WRITE_OFF)):
        return None
    return Undo("adjust", {"sku": sku, "location": location, "quantity": -quantity,
                           "reason": "Taken back."})  # fmt: skip


def take_stock_rows(
    db: Connection, actor: Actor, *, rows: Sequence[StockRow], known: dict[str, int], source: str,
    now: datetime,
) -> int:  # fmt: skip
    """Bring on hand to what a stock file says, as counted variances; return how many changed."""
    places = {row.code: row.id for row in db.execute(select(locations.c.code, locations.c.id))}
    names = {row.name: row.id for row in db.execute(select(locations.c.name, locations.c.id))}
    first = min(places.values())
    targets = {
        (known[row.sku], places.get(row.location) or names.get(row.location) or first): row
        for row in rows
    }
    ensure_levels(db, targets)
    have = _units(db, {sku for sku, _place in targets}, stock_levels.c.on_hand)
    deltas = [
        Delta(sku, place, row.on_hand - have[sku, place])
        for (sku, place), row in targets.items()
        if row.on_hand != have[sku, place]
    ]
    if deltas:
        change_on_hand(db, actor, deltas, Cause.COUNT, reason="", source=source, now=now)
    set_safety_stock(
        db,
        {key: row.safety_stock for key, row in targets.items() if row.safety_stock is not None},
        now=now,
    )
    return len(deltas)


def set_safety_stock(db: Connection, units: dict[tuple[int, int], int], *, now: datetime) -> None:
    """Set the units withheld from channels at (SKU, location); what they were is kept."""
    before = _units(db, {sku for sku, _place in units}, stock_levels.c.safety_stock)
    changed = {key: count for key, count in units.items() if before.get(key, 0) != count}
    if not changed:
        return
    ids = Identity(db, safety_stock_changes)
    db.execute(_SAFETY, [{"sku": s, "place": p, "units": n} for (s, p), n in changed.items()])
    insert_rows(db, safety_stock_changes, [
        {"id": ids.take(safety_stock_changes), "sku_id": sku, "location_id": place,
         "before": before.get((sku, place), 0), "changed_at": now}
        for sku, place in changed
    ])  # fmt: skip
    mark(db, {sku for sku, _place in changed}, "safety stock")


_SAFETY = (
    stock_levels.update()
    .where(stock_levels.c.sku_id == bindparam("sku"), stock_levels.c.location_id == bindparam("place"))
    .values(safety_stock=bindparam("units"))
)  # fmt: skip


def change_on_hand(
    db: Connection, actor: Actor, deltas: Sequence[Delta], cause: Cause, *, reason: str,
    source: str, now: datetime,
) -> None:  # fmt: skip
    """Change units on hand, give new ones to waiting orders, and open or close negative cases.

    Raises:
        RefusedError: no brand has that many units, and no column of the ledger holds them.
    """
    code = why_of(reason).value if cause is Cause.ADJUSTMENT else ""
    movements = [
        Movement(d.sku_id, d.location_id, Bucket.ON_HAND, d.quantity, cause, reason=reason,
                 reason_code=code)
        for d in deltas
    ]  # fmt: skip
    carry_out(db, actor, movements, _deeds(deltas, cause, reason, source), now=now, source=source)


_TOUCHED = Touched.STOCK | Touched.ORDERS | Touched.CASES


def _deeds(deltas: Sequence[Delta], cause: Cause, reason: str, source: str) -> list[audit.Deed]:
    if len(deltas) > 20:  # a file: one entry, its rows are in the ledger
        units = sum(d.quantity for d in deltas)
        return [audit.Deed(f"stock {cause}", source, reason, after={"rows": len(deltas),
                                                                   "units": units})]  # fmt: skip
    return [
        audit.Deed(f"stock {cause}", f"sku:{d.sku_id}", reason,
                   after={"location": d.location_id, "units": d.quantity})
        for d in deltas
    ]  # fmt: skip


def _units(
    db: Connection, item_ids: Collection[int], which: Column[int]
) -> dict[tuple[int, int], int]:
    """Return the units of one kind at each (SKU, location)."""
    level = stock_levels.c
    query = select(level.sku_id, level.location_id, which).where(among(level.sku_id, "skus"))
    return {(sku, place): units for sku, place, units in db.execute(query, {"skus": item_ids})}
