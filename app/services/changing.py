"""Decide on what a channel said differently: take the new version over, keep the old one, close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.cases import CaseKind
from app.domain.changes import Changes, Touched
from app.domain.orders import HoldCode, OrderStatus
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.identity import Identity
from app.models.orders import order_changes, order_lines, orders
from app.services import audit, indexing, reclaiming, reserving, withdrawing
from app.services.cases import resolve_cases
from app.services.syncing import outbox

_TOUCHED = Touched.ORDERS | Touched.STOCK | Touched.CASES
_ADDRESS = (
    "name", "company", "line1", "line2", "line3", "city", "state", "postcode", "country", "phone",
)  # fmt: skip


def take_over_change(db: Connection, actor: Actor, *, order_id: int, now: datetime) -> Changes:
    """Make the channel's newest version the one that counts; its units are claimed anew.

    Raises:
        RefusedError: part of the order has shipped.
    """
    actor.must(Permission.WORK)
    row, change = _open_change(db, order_id)
    if row.status == OrderStatus.ACCEPTED:
        withdrawing.withdraw_orders(db, actor, [order_id], now=now)
    elif row.status != OrderStatus.OPEN:
        raise RefusedError(
            f"Order {row.number} is {row.status.replace('_', ' ')}: its old version has left. "
            "Nothing was changed.",
            "Keep the old version here and settle the difference with the customer.",
        )
    freed = reserving.release(db, [order_id], reserving.origin_of(actor.name, "desk", now))
    _write_order(db, order_id, change, now)
    write_lines(db, order_id, change.after["lines"])
    _decide(db, actor, row, change, "applied", "The new version was taken over.", now)
    reclaiming.reclaim(db, actor, [order_id], now=now)
    reclaiming.reclaim_for_skus(db, actor, freed, now=now)
    return Changes(f"Take over the change of {row.number}", _TOUCHED, (order_id,))


def keep_as_it_is(db: Connection, actor: Actor, *, order_id: int, now: datetime) -> Changes:
    """Keep the version that is here; the same change is not asked about again."""
    actor.must(Permission.WORK)
    row, change = _open_change(db, order_id)
    _decide(db, actor, row, change, "declined", "The version here was kept.", now)
    return Changes(f"Keep {row.number} as it is", _TOUCHED, (order_id,))


def close_as_shipped_elsewhere(
    db: Connection, actor: Actor, *, order_id: int, reason: str, now: datetime
) -> Changes:
    """Close an order that the channel shipped without this desk: its units go back.

    Raises:
        RefusedError: the channel does not say that it is shipped, or it has a shipment here.
    """
    actor.must(Permission.CANCEL)
    row = _order(db, order_id)
    if row.channel_state != "shipped" or row.status not in (
        OrderStatus.OPEN, OrderStatus.ACCEPTED,
    ):  # fmt: skip
        raise RefusedError(
            f"Order {row.number} was not closed: the channel does not call it shipped, or it has "
            "shipped here.",
            "Ship it or cancel it instead.",
        )
    if row.status == OrderStatus.ACCEPTED:
        withdrawing.withdraw_orders(db, actor, [order_id], now=now)
    freed = reserving.release(db, [order_id], reserving.origin_of(actor.name, "desk", now))
    db.execute(
        orders.update()
        .where(orders.c.id == order_id)
        .values(status=OrderStatus.SHIPPED, is_short=False, is_routed=False, updated_at=now)
    )
    db.execute(order_lines.update().where(order_lines.c.order_id == order_id).values(claim="none"))
    reclaiming.release_holds(
        db, actor, order_id, (HoldCode.SHIPPED_ELSEWHERE,), reason=reason, now=now
    )
    resolve_cases(db, list(CaseKind), "order", [order_id], resolution=reason, now=now)
    audit.record(
        db, actor, now,
        audit.Deed("close as shipped elsewhere", f"order:{order_id}", reason,
                   {"status": row.status}, {"status": OrderStatus.SHIPPED}),
    )  # fmt: skip
    reclaiming.reclaim_for_skus(db, actor, freed, now=now)
    return Changes(f"Close {row.number}", _TOUCHED, (order_id,))


def _order(db: Connection, order_id: int) -> Any:
    row = db.execute(select(orders).where(orders.c.id == order_id)).first()
    if row is None:
        raise NotFoundError(
            "There is no such order; nothing was changed.",
            "Look it up by its number; it may have been removed.",
        )
    return row


def _open_change(db: Connection, order_id: int) -> tuple[Any, Any]:
    row = _order(db, order_id)
    change = db.execute(
        select(order_changes)
        .where(order_changes.c.order_id == order_id, order_changes.c.state == "open")
        .order_by(order_changes.c.id.desc())
        .limit(1)
    ).first()
    if change is None:
        raise NotFoundError(
            f"Order {row.number} has no change to decide on.",
            "Nothing waits for you here; read the order again.",
        )
    return row, change


def _write_order(db: Connection, order_id: int, change: Any, now: datetime) -> None:
    after = change.after
    address = {f"ship_{name}": after["ship_to"][name] for name in _ADDRESS}
    amounts = {name: after[name] for name in ("currency", "shipping", "tax", "discount", "total")}
    units = sum(line["quantity"] for line in after["lines"])
    db.execute(
        orders.update()
        .where(orders.c.id == order_id)
        .values(**address, **amounts, units=units, content_hash=change.content_hash, updated_at=now)
    )
    indexing.changed(db, [order_id])


def write_lines(db: Connection, order_id: int, lines: Sequence[Mapping[str, Any]]) -> None:
    """Bring the lines in line with the new version; a line that is gone stays, with 0 units."""
    there = {
        row.external_id: row
        for row in db.execute(select(order_lines).where(order_lines.c.order_id == order_id))
    }
    ids = Identity(db, order_lines)
    for position, line in enumerate(lines, 1):
        waits = "unmapped" if line["requires_shipping"] and line["quantity"] else "none"
        values = {
            "position": position, "quantity": line["quantity"], "unit_price": line["unit_price"],
            "discount": line["discount"], "tax": line["tax"], "title": line["title"],
            "sku_text": line["sku_text"], "sku_id": None, "claim": waits,
            "listing_id": line["listing_id"], "requires_shipping": line["requires_shipping"],
            "variant": line.get("variant", ""), "pack": 1,
        }  # fmt: skip
        old = there.pop(line["external_id"], None)
        if old is None:
            new = {"id": ids.take(order_lines), "order_id": order_id, **values}
            db.execute(order_lines.insert(), [{**new, "external_id": line["external_id"]}])
        else:
            db.execute(order_lines.update().where(order_lines.c.id == old.id).values(**values))
    for gone in there.values():
        db.execute(
            order_lines.update().where(order_lines.c.id == gone.id).values(quantity=0, claim="none")
        )
    indexing.changed(db, [order_id])


def drop_change(db: Connection, actor: Actor, order_id: int, *, why: str, now: datetime) -> None:
    """Put aside a change on which nobody has decided; the channel may state it again."""
    db.execute(
        order_changes.update()
        .where(order_changes.c.order_id == order_id, order_changes.c.state == "open")
        .values(state="superseded", decided_at=now)
    )
    db.execute(
        orders.update().where(orders.c.id == order_id).values(changed_hash=None, updated_at=now)
    )
    reclaiming.release_holds(db, actor, order_id, (HoldCode.ORDER_CHANGED,), reason=why, now=now)
    outbox.let_go(db, order_id, now=now)


def _decide(
    db: Connection, actor: Actor, row: Any, change: Any, state: str, why: str, now: datetime
) -> None:
    db.execute(
        order_changes.update()
        .where(order_changes.c.order_id == row.id, order_changes.c.state == "open")
        .values(state=state, decided_by=actor.name, decided_at=now)
    )
    db.execute(orders.update().where(orders.c.id == row.id).values(changed_hash=None))
    audit.record(
        db, actor, now,
        audit.Deed(f"change {state}", f"order:{row.id}", why, {"version": row.content_hash},
                   {"version": change.content_hash}),
    )  # fmt: skip
    reclaiming.release_holds(db, actor, row.id, (HoldCode.ORDER_CHANGED,), reason=why, now=now)
    outbox.let_go(db, row.id, now=now)
