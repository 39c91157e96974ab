"""Expect deliveries, send stock between locations, and receive it: all of it, part of it, or less.

What is on its way is *incoming* where it will arrive. Every change of a delivery is a few steps on its
lines; taking it back does the same steps the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.domain.changes import Changes, Touched, Undo, counted
from app.domain.inventory import Bucket, Cause, Why
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.catalogue import skus
from app.models.identity import Identity
from app.models.inbound import expected_receipt_lines, expected_receipts
from app.services import audit
from app.services.ledger import Movement
from app.services.stockroom.moving import (
    carry_out,
    free_at,
    location_id,
    must_be_units,
    refuse_slips,
    sku_id,
)

_TOUCHED = Touched.STOCK | Touched.ORDERS | Touched.CASES
Lines = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Step:
    """What changes of one line: units on their way, received, on hand here, and at the origin."""

    line_id: int
    outstanding: int = 0
    received: int = 0
    here: int = 0
    origin: int = 0

    def back(self) -> Step:
        """Return the step that takes this one back."""
        return Step(self.line_id, -self.outstanding, -self.received, -self.here, -self.origin)


def expect(
    db: Connection, actor: Actor, *, location: str, lines: Lines, now: datetime,
    supplier: str = "", expected_at: datetime | None = None, note: str = "", number: str = "",
) -> Changes:  # fmt: skip
    """Write down a delivery that was ordered; ``lines`` are (SKU, units).

    Raises:
        RefusedError: it has no units, or its number is taken.
    """
    actor.must(Permission.WORK)
    receipt_id = _open(
        db, actor, location, "", lines, now, kind="purchase", supplier=supplier,
        expected_at=expected_at, note=note, number=number,
    )  # fmt: skip
    steps = [Step(line.id, outstanding=line.expected) for line in _lines(db, receipt_id)]
    units = sum(step.outstanding for step in steps)
    return _carry_out(
        db, actor, receipt_id, steps, Cause.EXPECTED, f"Expect {counted(units, 'unit')}", now
    )


def send_transfer(
    db: Connection, actor: Actor, *, origin: str, destination: str, lines: Lines, now: datetime,
    expected_at: datetime | None = None, note: str = "", number: str = "",
) -> Changes:  # fmt: skip
    """Send units to another location; they are on nobody's shelf until they are received there.

    Raises:
        RefusedError: fewer units are free at the origin, or the locations are the same.
    """
    actor.must(Permission.WORK)
    start = location_id(db, origin)
    if start == location_id(db, destination):
        raise RefusedError("A transfer needs two different locations; nothing was sent.",
                           "Choose another location to send it to.")  # fmt: skip
    for code, units in _summed(lines).items():
        if (free := free_at(db, sku_id(db, code), start)) < units:
            raise RefusedError(
                f"{origin} has {max(0, free)} free units of {code}, not {units}; nothing was sent.",
                "Send fewer, or take back the decisions that hold them.",
            )
    receipt_id = _open(
        db, actor, destination, origin, lines, now, kind="transfer", expected_at=expected_at,
        note=note, number=number,
    )  # fmt: skip
    steps = [
        Step(line.id, outstanding=line.expected, origin=-line.expected)
        for line in _lines(db, receipt_id)
    ]
    label = f"Send {counted(sum(s.outstanding for s in steps), 'unit')} to {destination}"
    return _carry_out(db, actor, receipt_id, steps, Cause.TRANSFER, label, now)


def receive_expected(
    db: Connection, actor: Actor, *, receipt_id: int, arrived: Mapping[str, int], now: datetime,
    is_last: bool = False, reason: str = "",
) -> Changes:  # fmt: skip
    """Put arrived units (by SKU) on the shelf; with ``is_last`` nothing more of it is expected.

    More units than were expected are received as they are. Units of a transfer that never arrive
    are a loss, which needs a role.

    Raises:
        RefusedError: the delivery is closed, or a SKU is not in it.
    """
    actor.must(Permission.WORK)
    row, lines = _one(db, receipt_id), _lines(db, receipt_id)
    if row.state != "open":
        raise RefusedError(f"Delivery {row.number} is closed; nothing was received.",
                           "Receive the units without a delivery.")  # fmt: skip
    steps = _arrival(row, lines, arrived)
    units = sum(step.here for step in steps)
    if not units and not is_last:
        raise RefusedError(f"Nothing of delivery {row.number} was named; nothing was received.",
                           "Say how many units of which SKU arrived.")  # fmt: skip
    short = _rest(lines, steps) if is_last else []
    if short and row.kind == "transfer":
        actor.must(Permission.WRITE_OFF)
    cause = Cause.TRANSFER if row.kind == "transfer" else Cause.RECEIPT
    missing = -sum(step.outstanding for step in short)
    label = f"Receive {counted(units, 'unit')} of {row.number}"
    if missing:
        label += f", {missing:,} missing"
    return _carry_out(db, actor, receipt_id, [*steps, *short], cause, label, now, reason)


def cancel_expected(
    db: Connection, actor: Actor, *, receipt_id: int, reason: str, now: datetime
) -> Changes:
    """Expect the rest of a delivery no longer; what was sent between locations returns to its origin.

    Raises:
        RefusedError: nothing of it is on its way.
    """
    actor.must(Permission.WORK)
    row = _one(db, receipt_id)
    is_transfer = row.kind == "transfer"
    steps = [
        Step(line.id, outstanding=-line.outstanding, origin=line.outstanding * is_transfer)
        for line in _lines(db, receipt_id)
        if line.outstanding
    ]
    if not steps:
        raise RefusedError(f"Nothing of delivery {row.number} is on its way; nothing was changed.",
                           "Receive more units without a delivery.")  # fmt: skip
    cause = Cause.TRANSFER if is_transfer else Cause.EXPECTED
    return _carry_out(db, actor, receipt_id, steps, cause, f"Cancel {row.number}", now, reason)


def take_receipt_back(
    db: Connection, actor: Actor, *, receipt_id: int, steps: Sequence[Sequence[int]], cause: str,
    now: datetime, left: Sequence[Sequence[int]] | None = None,
) -> Changes:  # fmt: skip
    """Undo what was done to a delivery, step by step; ``left`` is how it left the lines.

    Raises:
        RefusedError: something was received or cancelled since.
    """
    actor.must(Permission.WORK)
    row = _one(db, receipt_id)
    back = [Step(*step).back() for step in steps]
    if left is not None and _left(db, receipt_id, back) != [list(line) for line in left]:
        raise _done_since(row)
    return _carry_out(db, actor, receipt_id, back, Cause(cause), f"Undo: {row.number}", now,
                      "Taken back.")  # fmt: skip


# ---- how -------------------------------------------------------------------------------------------


def _open(
    db: Connection, actor: Actor, location: str, origin: str, lines: Lines, now: datetime,
    *, number: str, **more: Any,
) -> int:  # fmt: skip
    """Write the delivery with nothing on its way yet."""
    wanted = _summed(lines)
    if not wanted:
        raise RefusedError("A delivery needs at least one SKU; nothing was written down.",
                           "Say which SKU, and how many units.")  # fmt: skip
    for units in wanted.values():
        must_be_units(units, "A delivery")
    ids = Identity(db, expected_receipts, expected_receipt_lines)
    receipt_id = ids.take(expected_receipts)
    name = " ".join(number.split()) or f"R-{receipt_id}"
    _refuse_taken(db, name)
    row = {
        "id": receipt_id, "number": name, "location_id": location_id(db, location),
        "origin_id": location_id(db, origin) if origin else None, "state": "open",
        "created_at": now, "created_by": actor.name, **more,
    }  # fmt: skip
    db.execute(expected_receipts.insert(), [row])
    db.execute(
        expected_receipt_lines.insert(),
        [
            {"id": ids.take(expected_receipt_lines), "receipt_id": receipt_id,
             "sku_id": sku_id(db, code), "expected": units, "received": 0, "outstanding": 0}
            for code, units in wanted.items()
        ],
    )  # fmt: skip
    return receipt_id


def _refuse_taken(db: Connection, number: str) -> None:
    if len(number) > 30:
        raise RefusedError("A delivery's number has at most 30 letters; nothing was written down.",
                           "Use a shorter one.")  # fmt: skip
    taken = select(expected_receipts.c.id).where(expected_receipts.c.number == number)
    if db.execute(taken).first():
        raise RefusedError(f"There is a delivery {number} already; nothing was written down.",
                           "Use another number, or none.")  # fmt: skip


def _summed(lines: Lines) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, units in lines:
        found[code] = found.get(code, 0) + units
    return found


def _arrival(row: Any, lines: Sequence[Any], arrived: Mapping[str, int]) -> list[Step]:
    refuse_slips(arrived.values())
    by_code = {line.code: line for line in lines}
    steps = []
    for code, units in arrived.items():
        line = by_code.get(code)
        if line is None or units < 0:
            raise RefusedError(f"Delivery {row.number} has no {code}; nothing was received.",
                               f"In it are: {', '.join(by_code)}.")  # fmt: skip
        if units:
            steps.append(Step(line.id, -min(units, line.outstanding), units, units))
    return steps


def _rest(lines: Sequence[Any], steps: Sequence[Step]) -> list[Step]:
    """Return what is still on its way after an arrival, as units that never came."""
    taken = {step.line_id: step.outstanding for step in steps}
    rest = {line.id: line.outstanding + taken.get(line.id, 0) for line in lines}
    return [Step(line_id, outstanding=-units) for line_id, units in rest.items() if units]


def _carry_out(
    db: Connection, actor: Actor, receipt_id: int, steps: Sequence[Step], cause: Cause, label: str,
    now: datetime, reason: str = "",
) -> Changes:  # fmt: skip
    row, lines = _one(db, receipt_id), {line.id: line for line in _lines(db, receipt_id)}
    for step in steps:
        _take_step(db, row, step)
    left = sum(line.outstanding for line in _lines(db, receipt_id))
    closed = {"state": "open", "closed_at": None} if left else {"state": "closed", "closed_at": now}
    here = expected_receipts.c.id == receipt_id
    db.execute(expected_receipts.update().where(here).values(**closed))
    moves = [
        move for step in steps for move in _moves(row, lines[step.line_id], step, cause, reason)
    ]
    after = {"cause": cause.value, "steps": [list(astuple(step)) for step in steps]}
    deed = audit.Deed("delivery", f"receipt:{receipt_id}", reason, {"state": row.state}, after)
    carry_out(db, actor, moves, [deed], now=now, source=row.number)
    undo: dict[str, object] = {
        "receipt_id": receipt_id,
        "steps": after["steps"],
        "cause": cause.value,
        "left": _left(db, receipt_id, steps),
    }
    return Changes(label, _TOUCHED, (receipt_id,), undo=Undo("take_receipt_back", undo))


def _take_step(db: Connection, row: Any, step: Step) -> None:
    """Move a line on, unless that was done already: no line receives less than nothing.

    Raises:
        RefusedError: the step was taken, or taken back, before.
    """
    values = {"key": step.line_id, "more": step.outstanding, "got": step.received}
    if db.execute(_STEP, values).rowcount != 1:
        raise _done_since(row)


def _left(db: Connection, receipt_id: int, steps: Sequence[Step]) -> list[list[int]]:
    """Return how the lines of these steps stand: what is on its way, and what came."""
    meant = {step.line_id for step in steps}
    lines = (line for line in _lines(db, receipt_id) if line.id in meant)
    return [[line.id, line.outstanding, line.received] for line in lines]


def _done_since(row: Any) -> RefusedError:
    return RefusedError(f"More was done to delivery {row.number} since; nothing was changed.",
                        "Look at what is still on its way of it.")  # fmt: skip


_due = expected_receipt_lines.c
_OUTSTANDING, _RECEIVED = _due.outstanding + bindparam("more"), _due.received + bindparam("got")
# The guards are in the UPDATE, so they hold between several desks on one database.
_STEP = (
    expected_receipt_lines.update()
    .where(_due.id == bindparam("key"), _RECEIVED >= 0, _OUTSTANDING.between(0, _due.expected))
    .values(outstanding=_OUTSTANDING, received=_RECEIVED)
)


def _moves(row: Any, line: Any, step: Step, cause: Cause, reason: str) -> list[Movement]:
    is_missing = step.outstanding < 0 and not (step.here or step.origin)
    gone = Cause.SHORT_RECEIPT if is_missing and cause is not Cause.EXPECTED else cause
    code = Why.LOST.value if gone is Cause.SHORT_RECEIPT else ""
    wanted = (
        (row.location_id, Bucket.INCOMING, step.outstanding, gone, code),
        (row.location_id, Bucket.ON_HAND, step.here, cause, ""),
        (row.origin_id, Bucket.ON_HAND, step.origin, cause, ""),
    )
    return [
        Movement(line.sku_id, place, bucket, units, why, reason=reason or row.supplier,
                 reason_code=short)
        for place, bucket, units, why, short in wanted
        if units
    ]  # fmt: skip


def _one(db: Connection, receipt_id: int) -> Any:
    query = select(expected_receipts).where(expected_receipts.c.id == receipt_id)
    row = db.execute(query).first()
    if row is None:
        raise NotFoundError("There is no such delivery; nothing was changed.",
                            "Look at what is expected, and choose one.")  # fmt: skip
    return row


def _lines(db: Connection, receipt_id: int) -> Sequence[Any]:
    query = (
        select(expected_receipt_lines, skus.c.code)
        .join(skus, skus.c.id == expected_receipt_lines.c.sku_id)
        .where(expected_receipt_lines.c.receipt_id == receipt_id)
        .order_by(expected_receipt_lines.c.id)
    )
    return db.execute(query).all()
