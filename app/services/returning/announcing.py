"""Expect units back from a customer, note that they are on their way, or stop expecting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes, Touched, Undo, counted
from app.domain.returning.custody import AWAITED, Custody, Handling
from app.domain.returning.history import CUSTODY, Past, Step
from app.domain.returning.owed import nth_share
from app.domain.returning.policy import is_late
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.bulk import insert_rows
from app.models.fulfilment import fulfilment_order_lines, shipments
from app.models.identity import Identity
from app.models.orders import order_lines, orders, reservations
from app.models.returns import return_units, returns
from app.services import audit
from app.services.returning import units
from app.services.returning.policy import in_force
from app.services.returning.units import Taken

TOUCHED = Touched.SHIPMENTS | Touched.ORDERS
REASONS: Mapping[str, str] = {
    "changed_mind": "changed their mind",
    "damaged": "arrived damaged",
    "not_as_described": "not as described",
    "wrong_item": "the wrong thing was sent",
    "late": "came too late",
    "undelivered": "could not be delivered",
    "other": "another reason",
}


@dataclass(frozen=True, slots=True)
class Back:
    """One physical unit that can come back: of which line, what it is, and what was paid for it."""

    line_id: int
    sku_id: int
    worth: int


@dataclass(frozen=True, slots=True)
class ReturnableLine:
    """An order line of which units, as they were sold, can come back."""

    line_id: int
    title: str
    units: int


def open_return(
    db: Connection, actor: Actor, *, order_id: int, lines: Mapping[int, int] | None = None,
    reason_code: str = "other", reason: str = "", carrier: str = "", tracking_number: str = "",
    external_id: str = "", now: datetime,
) -> Changes:  # fmt: skip
    """Expect units of an order back: order line -> units as sold; without lines, all that left.

    Raises:
        RefusedError: more would come back than left, or the channel's window has closed and nobody
            said why it is taken all the same.
    """
    actor.must(Permission.WORK)
    order = _order(db, order_id)
    _check_reason(reason_code)
    back = returnable(db, order_id, lines)
    left_at = _left_at(db, order_id)
    if not back or left_at is None:
        raise RefusedError(
            f"Nothing of order {order.number} can come back; nothing was changed.",
            "Only what has left, and is not on its way back already, can be returned.",
        )
    rule = in_force(db).of(order.channel)
    if is_late(rule, left_at, now) and not reason.strip():
        raise RefusedError(
            f"The {rule.window_days} days for returning order {order.number} are over; nothing was "
            "changed.", "Say why you take it back all the same.",
        )  # fmt: skip
    row = {
        "order_id": order_id, "source": "channel" if external_id else "desk",
        "external_id": external_id, "reason_code": reason_code, "reason": reason.strip(),
        "carrier": carrier.strip(), "tracking_number": tracking_number.strip(),
        "currency": order.currency, "expected_by": now + timedelta(days=rule.window_days),
    }  # fmt: skip
    state = Custody.IN_TRANSIT if tracking_number.strip() else Custody.AUTHORISED
    return_id, number = write_return(db, actor, row, back, now=now)
    if state is Custody.IN_TRANSIT:
        _handle(db, actor, units.units_of(db, return_id), Handling.SEND, "", now)
    return Changes(
        f"Expect {counted(len(back), 'unit')} back as {number}", TOUCHED, (return_id,),
        undo=Undo("give_up_return", {"return_ids": [return_id], "reason": "Taken back."}, "return_ids"),
    )  # fmt: skip


def write_return(
    db: Connection, actor: Actor, values: Mapping[str, Any], back: Sequence[Back], *, now: datetime
) -> tuple[int, str]:
    """Write a return with its units, and return its id and number."""
    ids = Identity(db, returns, return_units)
    return_id = ids.take(returns)
    number = f"RET-{return_id}"
    row = {"id": return_id, "number": number, "opened_at": now, "opened_by": actor.name, **values}
    insert_rows(db, returns, [row])
    insert_rows(
        db, return_units,
        [
            {"id": ids.take(return_units), "return_id": return_id,
             "order_line_id": each.line_id or None, "sku_id": each.sku_id,
             "custody": Custody.AUTHORISED, "money": "none", "worth": each.worth}
            for each in back
        ],
    )  # fmt: skip
    after = {"order": values.get("order_id"), "units": len(back), "source": values["source"]}
    audit.record(db, actor, now, audit.Deed("open return", f"return:{return_id}",
                                            str(values.get("reason", "")), after=after))  # fmt: skip
    return return_id, number


def send_return(
    db: Connection, actor: Actor, *, return_id: int, carrier: str = "", tracking_number: str = "",
    now: datetime,
) -> Changes:  # fmt: skip
    """Note that the customer has sent it, and with which number; what is not said stays as it was known.

    Raises:
        RefusedError: none of it is still to come.
    """
    actor.must(Permission.WORK)
    rows = [row for row in units.units_of(db, return_id) if row.custody == Custody.AUTHORISED]
    _must_be_some(rows, "Nothing of it is still to be sent")
    known = _name_parcel(db, return_id, carrier.strip(), tracking_number.strip())
    _handle(db, actor, rows, Handling.SEND, "", now)
    return Changes(f"{rows[0].number} is on its way back", TOUCHED, (return_id,),
                   undo=_undo(rows, parcel=known))  # fmt: skip


def _name_parcel(db: Connection, return_id: int, carrier: str, number: str) -> dict[str, str]:
    """Write what is said of the parcel, and return what that took the place of."""
    here, table = returns.c.id == return_id, returns.c
    before = db.execute(select(table.carrier, table.tracking_number).where(here)).one()
    said = {"carrier": carrier, "tracking_number": number}
    new = {name: words for name, words in said.items() if words}
    if new:
        db.execute(returns.update().where(here).values(**new))
    return {name: getattr(before, name) for name in new}


def give_up_return(
    db: Connection, actor: Actor, *, return_ids: Sequence[int], reason: str, now: datetime
) -> Changes:
    """Expect what has not come no longer; what is here already stays.

    Raises:
        RefusedError: nothing of them is still to come.
    """
    actor.must(Permission.WORK)
    rows = [
        row
        for return_id in return_ids
        for row in units.units_of(db, return_id)
        if row.custody in AWAITED
    ]
    _must_be_some(rows, "Nothing of it is still to come")
    _handle(db, actor, rows, Handling.GIVE_UP, reason, now)
    return Changes(f"Expect {counted(len(rows), 'unit')} no longer", TOUCHED,
                   tuple(return_ids), undo=_undo(rows))  # fmt: skip


def returnable_lines(db: Connection, order_id: int) -> list[ReturnableLine]:
    """Return the lines of an order of which something can come back, in units as they were sold."""
    left, known = _left(db, order_id), _known(db, order_id)
    found: list[ReturnableLine] = []
    for line in db.execute(_LINES.where(order_lines.c.order_id == order_id)):
        sold = [
            (packed - known.get((line.id, sku), 0)) * line.quantity // claimed
            for (key, sku), (packed, claimed) in left.items()
            if key == line.id
        ]
        if sold and min(sold) > 0:
            found.append(ReturnableLine(line.id, line.title or line.sku_text, min(sold)))
    return found


def returnable(db: Connection, order_id: int, lines: Mapping[int, int] | None = None) -> list[Back]:
    """Return the units of an order that left and are not on their way back, as far as they are named.

    Raises:
        RefusedError: more units of a line are named than can come back.
    """
    left, known = _left(db, order_id), _known(db, order_id)
    found: list[Back] = []
    for line in db.execute(_LINES.where(order_lines.c.order_id == order_id)):
        mine = {sku: packed for (key, sku), packed in left.items() if key == line.id}
        wanted = None if lines is None else lines.get(line.id, 0)
        if wanted == 0 or not mine:
            continue
        found += _of_line(line, mine, known, wanted)
    return found


def _of_line(
    line: Any, left: Mapping[int, tuple[int, int]], known: Mapping[tuple[int, int], int],
    wanted: int | None,
) -> list[Back]:  # fmt: skip
    """Return the units of one line: a kit comes back as its components."""
    paid = line.quantity * line.unit_price - line.discount + line.tax
    parts = sum(claimed for _packed, claimed in left.values())
    at = sum(units_ for (key, _sku), units_ in known.items() if key == line.id)
    found: list[Back] = []
    for sku, (packed, claimed) in left.items():
        free = packed - known.get((line.id, sku), 0)
        count = free if wanted is None else wanted * claimed // line.quantity
        if count > free:
            raise RefusedError(
                f"Only {free} of these units left and are not on their way back; nothing was changed.",
                "Name fewer units.",
            )
        found += [Back(line.id, sku, nth_share(paid, parts, min(at + n, parts - 1)))
                  for n in range(len(found), len(found) + count)]  # fmt: skip
    return found


_LINES = select(order_lines).order_by(order_lines.c.position)


def _left(db: Connection, order_id: int) -> dict[tuple[int, int], tuple[int, int]]:
    """Return by line and SKU the units that left, and those that were claimed in all."""
    packed, kept = fulfilment_order_lines.c, reservations.c
    gone = (
        select(packed.order_line_id, packed.sku_id, func.sum(packed.quantity).label("packed"))
        .join(shipments, shipments.c.fulfilment_order_id == packed.fulfilment_order_id)
        .where(shipments.c.order_id == order_id, shipments.c.voided_at.is_(None))
        .group_by(packed.order_line_id, packed.sku_id)
    )
    claimed = (
        select(kept.order_line_id, kept.sku_id, func.sum(kept.quantity))
        .where(kept.order_id == order_id, kept.state != "released")
        .group_by(kept.order_line_id, kept.sku_id)
    )
    in_all = {(line, sku): int(count) for line, sku, count in db.execute(claimed)}
    return {
        (line, sku): (int(count), in_all.get((line, sku), int(count)))
        for line, sku, count in db.execute(gone)
    }


def _known(db: Connection, order_id: int) -> dict[tuple[int, int], int]:
    """Return by line and SKU the units that are on their way back, or back."""
    unit = return_units.c
    query = (
        select(unit.order_line_id, unit.sku_id, func.count())
        .join(returns, returns.c.id == unit.return_id)
        .where(returns.c.order_id == order_id, unit.custody != Custody.NOT_RETURNED)
        .group_by(unit.order_line_id, unit.sku_id)
    )
    return {(line, sku): count for line, sku, count in db.execute(query)}


def _left_at(db: Connection, order_id: int) -> datetime | None:
    """Return when the last parcel of an order left, if one did."""
    query = select(func.max(shipments.c.shipped_at)).where(
        shipments.c.order_id == order_id, shipments.c.voided_at.is_(None)
    )
    return db.execute(query).scalar()


def _order(db: Connection, order_id: int) -> Any:
    row = db.execute(select(orders).where(orders.c.id == order_id)).first()
    if row is None:
        raise NotFoundError("There is no such order; nothing was changed.",
                            "Look it up by its number.")  # fmt: skip
    return row


def _check_reason(code: str) -> None:
    if code not in REASONS:
        raise RefusedError(f"“{code}” is no reason for a return; nothing was changed.",
                           f"Choose one of: {', '.join(REASONS)}.")  # fmt: skip


def _must_be_some(rows: Sequence[Any], what: str) -> None:
    if not rows:
        raise RefusedError(f"{what}; nothing was changed.", "Look at the steps of the return.")


def _handle(
    db: Connection,
    actor: Actor,
    rows: Sequence[Any],
    handling: Handling,
    reason: str,
    now: datetime,
) -> None:
    """Let one thing happen to units that touches no stock."""
    pasts = units.pasts(db, [row.id for row in rows])
    taken, standings = [], []
    for row in rows:
        past: Past = pasts[row.id]
        before = past.now.custody
        step = Step(CUSTODY, handling, now)
        new = past.take(step)
        taken.append(Taken(row, step, before, new.custody))
        standings.append((row.id, new, row.location_id))
    units.stand(db, standings)
    units.write(db, actor, taken, reason=reason, now=now)


def _undo(rows: Sequence[Any], **more: object) -> Undo:
    return Undo("step_back", {"unit_ids": [row.id for row in rows], **more}, "unit_ids")
