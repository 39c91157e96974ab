"""Ask someone at the desk to take care of orders, or let the orders be everybody's again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.roles import Actor, Permission
from app.models.governance import audit_entries
from app.models.orders import orders
from app.models.sets import among
from app.services import audit
from app.services.people import someone_here

ACTION = "assign"


def assign_orders(
    db: Connection, actor: Actor, *, order_ids: Sequence[int], to: str, now: datetime
) -> Changes:
    """Assign orders to someone who works here; to nobody with an empty name.

    Raises:
        RefusedError: nobody of this name works at the desk.
    """
    actor.must(Permission.WORK)
    person = someone_here(db, to)
    rows = _orders(db, order_ids)
    said = f"it is assigned to {person} already" if person else "it is assigned to nobody"
    skipped = [Skipped(row.number, said) for row in rows if (row.assigned_to or "") == person]
    going = [row for row in rows if (row.assigned_to or "") != person]
    return _assign(db, actor, now, going, {row.id: person for row in going}, skipped)


def assign_back(
    db: Connection, actor: Actor, *, order_ids: Sequence[int], now: datetime
) -> Changes:
    """Give each order back to whom it was assigned before the last time; the audit remembers."""
    actor.must(Permission.WORK)
    before = _before(db, order_ids)
    rows = [row for row in _orders(db, order_ids) if row.id in before]
    return _assign(db, actor, now, rows, before, [])


def _assign(
    db: Connection,
    actor: Actor,
    now: datetime,
    rows: Sequence[Any],
    people: Mapping[int, str],
    skipped: Sequence[Skipped],
) -> Changes:
    if rows:
        db.execute(
            _ASSIGN, [{"key": row.id, "person": people[row.id] or None, "now": now} for row in rows]
        )
    audit.record(
        db, actor, now,
        *(
            audit.Deed(ACTION, f"order:{row.id}", "", {"to": row.assigned_to or ""},
                       {"to": people[row.id]})
            for row in rows
        ),
    )  # fmt: skip
    ids = [row.id for row in rows]
    return Changes(f"Assign {counted(len(ids), 'order')}", Touched.ORDERS, tuple(ids),
                   tuple(skipped), Undo("assign_back", {"order_ids": ids}))  # fmt: skip


def _orders(db: Connection, order_ids: Sequence[int]) -> Sequence[Any]:
    return db.execute(_ORDERS, {"orders": list(order_ids)}).all()


def _before(db: Connection, order_ids: Sequence[int]) -> dict[int, str]:
    """Return, by order, whom the last assignment took it from."""
    table = audit_entries.c
    subjects = [f"order:{each}" for each in order_ids]
    last = (
        select(func.max(table.seq))
        .where(among(table.subject, "subjects"), table.action == ACTION)
        .group_by(table.subject)
    )
    rows = db.execute(
        select(table.subject, table.before).where(table.seq.in_(last)), {"subjects": subjects}
    )
    return {
        int(row.subject.removeprefix("order:")): str(audit.said(row.before).get("to", ""))
        for row in rows
    }


_ORDERS = (
    select(orders.c.id, orders.c.number, orders.c.assigned_to)
    .where(among(orders.c.id, "orders"))
    .order_by(orders.c.placed_at, orders.c.id)
)
_ASSIGN = (
    orders.update()
    .where(orders.c.id == bindparam("key"))
    .values(assigned_to=bindparam("person"), updated_at=bindparam("now"))
)
