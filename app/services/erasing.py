"""How does the desk forget who its buyers were, and keep everything else?

An order that has left (or was cancelled) long enough ago loses names, addresses, e-mails, telephone
numbers and notes, wherever they stand: in the order, in the raw inbox, beside a change, in an imported
file, in what searches read. What was bought, what it cost, which region it went to and what was done
stays, so that totals and reports are the same before and after. It cannot be taken back; the channel's
own copy is not touched. An order with an open case is left until somebody has settled it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, case, func, select, update

from app.domain.changes import Changes, Touched, counted
from app.domain.orders import OrderStatus
from app.domain.roles import Actor, Permission
from app.models.cases import exception_cases
from app.models.exchange import import_files, inbox_messages, outbox_messages
from app.models.fulfilment import shipments
from app.models.orders import order_changes, order_notes, orders
from app.models.returns import returns
from app.models.sets import among
from app.models.sync import outbox_attempts
from app.services import audit, indexing

UNIT: Final = 200  # orders a write unit
_BLANK: Final = (
    "buyer_name", "buyer_email", "ship_name", "ship_company", "ship_line1", "ship_line2",
    "ship_line3", "ship_city", "ship_phone", "note",
)  # fmt: skip
_OVER: Final = (OrderStatus.SHIPPED, OrderStatus.CANCELLED)
_o = orders.c


@dataclass(frozen=True, slots=True)
class Waiting:
    """What would be forgotten: orders, and those of them that an open case keeps."""

    orders: int
    kept: int


def waiting(db: Connection, *, before: datetime) -> Waiting:
    """Count the orders that have been over since before a time and still name their buyers."""
    over = select(func.count()).select_from(orders).where(*_is_over(before))
    all_of_them = int(db.execute(over).scalar_one())
    free = int(db.execute(over.where(~_has_case())).scalar_one())
    return Waiting(free, all_of_them - free)


def erase_buyers(db: Connection, actor: Actor, *, before: datetime, now: datetime) -> Changes:
    """Forget the buyers of one unit of orders that have been over since before a time.

    Called until nothing is done any more. It cannot be undone.

    Raises:
        NotAllowedError: the role is too low.
    """
    actor.must(Permission.ADMINISTER)
    leave_nothing_behind(db)
    query = select(_o.id, _o.account_id, _o.external_id).where(*_is_over(before), ~_has_case())
    rows = db.execute(query.order_by(_o.id).limit(UNIT)).all()
    ids = [row.id for row in rows]
    if rows:
        _erase_orders(db, ids, now)
        _erase_inbox(db, rows)
        _erase_beside(db, ids)
        indexing.changed(db, ids)
    files = _erase_files(db, before) if not rows else 0
    if rows or files:
        after = {"orders": len(ids), "files": files, "before": before.date().isoformat()}
        audit.record(db, actor, now, audit.Deed("erase buyers", "desk", after=after))
    label = f"Forget the buyers of {counted(len(ids), 'order')}"
    touched = Touched.ORDERS | Touched.FILES if rows or files else Touched.NOTHING
    return Changes(label, touched, tuple(ids))


def _is_over(before: datetime) -> tuple[Any, ...]:
    """Over since before a time: all of it left, or it was cancelled, and nothing moved since."""
    left_since = select(shipments.c.id).where(
        shipments.c.order_id == _o.id, shipments.c.voided_at.is_(None),
        shipments.c.shipped_at >= before,
    )  # fmt: skip
    return (
        _o.status.in_(_OVER), _o.erased_at.is_(None), _o.placed_at < before,
        ~left_since.exists(), ~((_o.status == OrderStatus.CANCELLED) & (_o.updated_at >= before)),
    )  # fmt: skip


def _has_case() -> Any:
    about = exception_cases.c
    mine = select(about.id).where(about.order_id == _o.id, about.state == "open")
    return mine.exists()


def leave_nothing_behind(db: Connection) -> None:
    """Have SQLite write zeros over what is deleted, on this connection."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("PRAGMA secure_delete=ON")


def _erase_orders(db: Connection, ids: Collection[int], now: datetime) -> None:
    region = case((_o.ship_country == "US", func.substr(_o.ship_postcode, 1, 3)), else_="")
    values: dict[str, Any] = {**dict.fromkeys(_BLANK, ""), "ship_postcode": region}
    here = update(orders).where(among(_o.id, "ids"))
    db.execute(here.values(**values, erased_at=now), {"ids": list(ids)})


def _erase_inbox(db: Connection, rows: Collection[Any]) -> None:
    """Erase what came, of these orders; that something came, and what became of it, stays."""
    table = inbox_messages.c
    for account_id in {row.account_id for row in rows}:
        theirs = [row.external_id for row in rows if row.account_id == account_id]
        here = update(inbox_messages).where(
            table.account_id == account_id, among(table.external_id, "ids")
        )
        db.execute(here.values(payload={}), {"ids": theirs})


def _erase_beside(db: Connection, ids: Collection[int]) -> None:
    """Erase addresses beside changes, notes, what channels answered, who sent something back."""
    keys = {"ids": list(ids)}
    changes = order_changes.c
    found = select(changes.id, changes.before, changes.after)
    for row in db.execute(found.where(among(changes.order_id, "ids")), keys).all():
        values = {"before": _nameless(row.before), "after": _nameless(row.after)}
        db.execute(update(order_changes).where(changes.id == row.id).values(**values))
    db.execute(
        update(order_notes).where(among(order_notes.c.order_id, "ids")).values(text=""), keys
    )
    told = select(outbox_messages.c.id).where(among(outbox_messages.c.order_id, "ids"))
    answers = update(outbox_attempts).where(outbox_attempts.c.message_id.in_(told))
    db.execute(answers.values(answer=None), keys)
    sent_back = update(returns).where(among(returns.c.order_id, "ids"))
    db.execute(sent_back.values(sender="", clue="", reason=""), keys)


def _nameless(version: Mapping[str, Any]) -> dict[str, Any]:
    to = version.get("ship_to")
    kept = {
        name: value if name in ("state", "country") else "" for name, value in (to or {}).items()
    }
    return {**version, "ship_to": kept} if to is not None else dict(version)


def _erase_files(db: Connection, before: datetime) -> int:
    """Let go of the bytes of files of orders and payments that are so old, and of the rows that they kept back.

    Raw messages that never became an order go with them.
    """
    table = import_files.c
    old = (
        table.kind.in_(("orders", "settlement")),
        table.confirmed_at < before,
        func.length(table.content) > 0,
    )
    rows = db.execute(select(table.id, table.report).where(*old)).all()
    for row in rows:
        report = {**(row.report or {}), "rejected": []}
        here = update(import_files).where(table.id == row.id)
        db.execute(here.values(content=b"", report=report))
    inbox = inbox_messages.c
    unread = update(inbox_messages).where(
        inbox.received_at < before, inbox.outcome.in_(("unread", "settled"))
    )
    db.execute(unread.values(payload={}, outcome="settled"))
    return len(rows)
