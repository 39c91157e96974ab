"""Put orders on hold by hand, let them go, correct an address, write a note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.orders import RELEASABLE, HoldCode, MapperHold, OrderStatus
from app.domain.roles import SYSTEM, Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.identity import Identity
from app.models.orders import holds, order_notes, orders
from app.services import audit, indexing, reclaiming
from app.services.cases import open_again
from app.services.order_rows import hold_row

_OVER = (OrderStatus.SHIPPED, OrderStatus.CANCELLED, OrderStatus.TAKEN_BACK)
ADDRESS_FIELDS = (
    "ship_name", "ship_company", "ship_line1", "ship_line2", "ship_line3", "ship_city",
    "ship_state", "ship_postcode", "ship_country", "ship_phone",
)  # fmt: skip


def hold(
    db: Connection,
    actor: Actor,
    *,
    order_ids: Sequence[int],
    reason: str,
    now: datetime,
    until: datetime | None = None,
) -> Changes:
    """Stop orders from moving until someone releases them, or until a moment if one is given.

    Raises:
        RefusedError: that moment has passed.
    """
    actor.must(Permission.WORK)
    if until is not None and until <= now:
        raise RefusedError("The hold would end in the past; nothing was held.",
                           "Choose a later moment, or none.")  # fmt: skip
    found = db.execute(select(orders).where(orders.c.id.in_(order_ids))).all()
    by_hand = _held_by_hand(db, order_ids)
    obstacles = {
        row.id: f"it is {row.status} already" if row.status in _OVER else "it is held by hand already"
        for row in found if row.status in _OVER or row.id in by_hand
    }  # fmt: skip
    skipped = [Skipped(row.number, obstacles[row.id]) for row in found if row.id in obstacles]
    rows = [row for row in found if row.id not in obstacles]
    ids = Identity(db, holds)
    problem = MapperHold(HoldCode.BY_HAND, reason.strip() or "Held by hand.")
    if rows:
        db.execute(
            holds.insert(),
            [
                {**hold_row(ids.take(holds), row.id, problem, actor.name, now), "until": until}
                for row in rows
            ],
        )
        db.execute(
            orders.update()
            .where(orders.c.id.in_([row.id for row in rows]))
            .values(is_held=True, updated_at=now)
        )
        after = {"until": until} if until else {}
        deeds = (audit.Deed("hold", f"order:{row.id}", problem.reason, {}, after) for row in rows)
        audit.record(db, actor, now, *deeds)
    done = tuple(row.id for row in rows)
    return Changes(f"Hold {counted(len(done), 'order')}", Touched.ORDERS, done, tuple(skipped),
                   Undo("release", {"order_ids": list(done), "codes": [HoldCode.BY_HAND.value],
                                    "reason": "Hold taken back."}))  # fmt: skip


def _held_by_hand(db: Connection, order_ids: Sequence[int]) -> set[int]:
    """Return those that somebody holds: a second hold would end with the first one's undo."""
    of_them = holds.c.order_id.in_(order_ids) & (holds.c.code == HoldCode.BY_HAND)
    held = select(holds.c.order_id).where(of_them, holds.c.released_at.is_(None))
    return set(db.execute(held).scalars())


def release(
    db: Connection,
    actor: Actor,
    *,
    order_ids: Sequence[int],
    reason: str,
    now: datetime,
    codes: Sequence[str] = (),
) -> Changes:
    """Lift holds (all that a person may lift, or only those of ``codes``).

    A line without a known SKU, or a changed order, cannot be released: its own way out lifts it.
    """
    actor.must(Permission.WORK)
    wanted = [HoldCode(code) for code in codes] or list(RELEASABLE)
    done: list[int] = []
    skipped: list[Skipped] = []
    for row in db.execute(select(orders).where(orders.c.id.in_(order_ids))).all():
        if reclaiming.release_holds(db, actor, row.id, wanted, reason=reason, now=now):
            done.append(row.id)
        else:
            skipped.append(Skipped(row.number, "it has no hold that can be released by hand"))
    return Changes(f"Release {counted(len(done), 'order')}", Touched.ORDERS | Touched.CASES,
                   tuple(done), tuple(skipped),
                   Undo("hold_again", {"order_ids": done, "released_at": now}))  # fmt: skip


def hold_again(
    db: Connection, actor: Actor, *, order_ids: Sequence[int], released_at: datetime, now: datetime
) -> Changes:
    """Put back the holds that were lifted at one moment: their reason, their end, their cases."""
    actor.must(Permission.WORK)
    lifted = holds.c.order_id.in_(order_ids) & (holds.c.released_at == released_at)
    rows = [
        row
        for row in db.execute(
            select(holds, orders.c.status)
            .join(orders, orders.c.id == holds.c.order_id)
            .where(lifted)
            .order_by(holds.c.id)
        )
        if row.status not in _OVER and (row.until is None or row.until > now)
    ]
    ids = Identity(db, holds)
    for row in rows:
        problem = MapperHold(HoldCode(row.code), row.reason)
        again = hold_row(ids.take(holds), row.order_id, problem, actor.name, now)
        db.execute(holds.insert(), [{**again, "until": row.until}])
        audit.record(db, actor, now, audit.Deed("hold", f"order:{row.order_id}", row.reason))
    done = tuple(sorted({row.order_id for row in rows}))
    held = orders.update().where(orders.c.id.in_(done))
    db.execute(held.values(is_held=True, updated_at=now))
    open_again(db, "order", done, resolved_at=released_at, now=now)
    return Changes(f"Hold {counted(len(done), 'order')} again", Touched.ORDERS | Touched.CASES, done,
                   undo=Undo("release", {"order_ids": list(done), "reason": "Released again."}))  # fmt: skip


def lift_ended_holds(db: Connection, actor: Actor, *, now: datetime) -> Changes:
    """Lift the holds whose time has come, however long ago that was."""
    actor.must(Permission.WORK)
    ended = ended_holds(db, now=now)
    for order_id in ended:
        reclaiming.release_holds(
            db, SYSTEM, order_id, (HoldCode.BY_HAND,), reason="The hold was until now.", now=now,
            ended_by=now,
        )  # fmt: skip
    return Changes(f"Lift the ended hold of {counted(len(ended), 'order')}",
                   Touched.ORDERS | Touched.CASES if ended else Touched.NOTHING, tuple(ended))  # fmt: skip


def ended_holds(db: Connection, *, now: datetime) -> list[int]:
    """Return the orders with a hold whose time has come."""
    query = (
        select(holds.c.order_id)
        .where(holds.c.released_at.is_(None), holds.c.until <= now)
        .distinct()
        .order_by(holds.c.order_id)
    )
    return list(db.execute(query).scalars())


def correct_address(
    db: Connection,
    actor: Actor,
    *,
    order_id: int,
    changes: dict[str, str],
    reason: str,
    now: datetime,
) -> Changes:
    """Correct parts of where an order goes (column name -> text), and suggest its location anew.

    Raises:
        RefusedError: the order has shipped, or a name is not an address column.
    """
    actor.must(Permission.WORK)
    row = _order(db, order_id)
    if row.status != OrderStatus.OPEN:
        raise RefusedError(
            f"Order {row.number} is {row.status.replace('_', ' ')}; its address was not changed.",
            "Withdraw the decision first.",
        )
    if unknown := set(changes) - set(ADDRESS_FIELDS):
        raise RefusedError(
            f"{', '.join(sorted(unknown))} is no part of an address.",
            "Name a street, city, state, postcode or country.",
        )
    before = {name: getattr(row, name) for name in changes}
    db.execute(orders.update().where(orders.c.id == order_id).values(**changes, updated_at=now))
    indexing.changed(db, [order_id])
    # Which parts changed, not what they say: the chain outlives personal data.
    audit.record(db, actor, now, audit.Deed("correct address", f"order:{order_id}", reason,
                                            after={"parts": sorted(changes)}))  # fmt: skip
    reclaiming.release_holds(
        db, actor, order_id, (HoldCode.ADDRESS_ZIP, HoldCode.MOJIBAKE_SUSPECT),
        reason="The address was corrected.", now=now,
    )  # fmt: skip
    reclaiming.reclaim(db, actor, [order_id], now=now)
    return Changes(f"Correct the address of {row.number}", Touched.ORDERS | Touched.CASES,
                   (order_id,), undo=Undo("correct_address", {
                       "order_id": order_id, "changes": before, "reason": "Taken back."}))  # fmt: skip


def write_note(db: Connection, actor: Actor, *, order_id: int, text: str, now: datetime) -> Changes:
    """Keep a note beside an order; no import ever touches it."""
    actor.must(Permission.WORK)
    row = _order(db, order_id)
    if not text.strip():
        raise RefusedError(
            "The note is empty; nothing was kept.", "Write what the next person should know."
        )
    note_id = Identity(db, order_notes).take(order_notes)
    db.execute(
        order_notes.insert(),
        [{"id": note_id, "order_id": order_id, "text": text, "actor": actor.name,
          "written_at": now}],
    )  # fmt: skip
    audit.record(db, actor, now, audit.Deed("note", f"order:{order_id}"))
    return Changes(f"Note on {row.number}", Touched.ORDERS, (order_id,))


def _order(db: Connection, order_id: int) -> Any:
    row = db.execute(select(orders).where(orders.c.id == order_id)).first()
    if row is None:
        raise NotFoundError(
            "There is no such order; nothing was changed.",
            "Look it up by its number; it may have been removed.",
        )
    return row
