"""End a mismatch: tell a channel again, void what came in twice, give back, take kits apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.orders import ChannelState, OrderStatus
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.catalogue import skus
from app.models.identity import Identity
from app.models.orders import order_lines, orders
from app.models.promising.sheet import market
from app.models.published import observed_quantities, published_quantities
from app.models.sets import among
from app.services import audit, availability, cancelling, reclaiming, reserving, withdrawing
from app.services.promising.planning import newest_of

_TOUCHED = Touched.ORDERS | Touched.STOCK | Touched.CASES
_pub, _obs = published_quantities.c, observed_quantities.c
_WAITS = ("queued", "held")


def tell_again(
    db: Connection, actor: Actor, *, account_id: int, sku_ids: Sequence[int], now: datetime
) -> Changes:
    """Queue the right numbers once more, as they are now; what waits already is left alone.

    Raises:
        NotFoundError: none of these SKUs is told there.
    """
    actor.must(Permission.WORK)
    there = market(db, now=now)
    units = availability.told(db, sku_ids, there).get(account_id, {})
    newest = newest_of(db, sku_ids)
    waits = {sku for (sku, account), row in newest.items()
             if account == account_id and row.state in _WAITS}  # fmt: skip
    wanted = {sku: number for sku, number in units.items() if number is not None}
    if not wanted:
        raise NotFoundError("None of these numbers is told there; nothing was queued.",
                            "Look at what the policy sheet says of this channel.")  # fmt: skip
    rows = _queued(
        db,
        account_id,
        {k: n for k, n in wanted.items() if k not in waits},
        there.sheet.version,
        now,
    )
    names = _codes(db, [*waits])
    skipped = tuple(Skipped(names[sku], "it waits to be told already") for sku in sorted(waits))
    ids = [row["id"] for row in rows]
    if ids:
        db.execute(published_quantities.insert(), rows)
        after = {"numbers": len(ids), "first": ids[0], "last": ids[-1]}
        deed = audit.Deed("tell numbers again", f"account:{account_id}", after=after)
        audit.record(db, actor, now, deed)
    undo = Undo("forget_telling", {"account_id": account_id, "rows": ids}, subjects="rows")
    return Changes(f"Tell {counted(len(ids), 'number')} again", Touched.QUANTITIES, tuple(ids),
                   skipped, undo if ids else None)  # fmt: skip


def forget_telling(
    db: Connection, actor: Actor, *, account_id: int, rows: Sequence[int], now: datetime
) -> Changes:
    """Take back that numbers are told again, as far as they have not left.

    Raises:
        NotFoundError: all of them have left.
    """
    actor.must(Permission.WORK)
    query = select(_pub.id).where(
        among(_pub.id, "rows"), _pub.state == "queued", _pub.account_id == account_id
    )
    ids = list(db.execute(query, {"rows": list(rows)}).scalars())
    if not ids:
        raise NotFoundError("These numbers have been told by now; nothing was changed.",
                            "Tell the channel other numbers by changing the stock or the policy.")  # fmt: skip
    gone = published_quantities.update().where(among(_pub.id, "rows")).values(state="replaced")
    db.execute(gone, {"rows": ids})
    after = {"numbers": len(ids)}
    audit.record(db, actor, now, audit.Deed("forget telling", f"account:{account_id}", after=after))
    return Changes(
        f"Do not tell {counted(len(ids), 'number')} again", Touched.QUANTITIES, tuple(ids)
    )


def void_duplicates(
    db: Connection, actor: Actor, *, order_ids: Sequence[int], now: datetime
) -> Changes:
    """Cancel orders here that came in twice; the channel, which has only one, is told nothing."""
    actor.must(Permission.CANCEL)
    return cancelling.cancel_orders(
        db, actor, order_ids, reason="It came in twice.", now=now, tell_channel=False
    )


def give_back_cancelled(
    db: Connection, actor: Actor, *, order_ids: Sequence[int], now: datetime
) -> Changes:
    """Give back the units of orders that their channel cancelled, or that were cancelled here.

    Raises:
        RefusedError: one of them is not cancelled anywhere.
    """
    actor.must(Permission.CANCEL)
    rows = _orders(db, order_ids)
    alive = [row.number for row in rows
             if row.status != OrderStatus.CANCELLED and row.channel_state != ChannelState.CANCELLED]  # fmt: skip
    if alive:
        raise RefusedError(f"Order {alive[0]} is not cancelled; nothing was given back.",
                           "Cancel it first, with a reason.")  # fmt: skip
    over = [row.id for row in rows if row.status == OrderStatus.CANCELLED]
    here = [row.id for row in rows if row.status != OrderStatus.CANCELLED]
    freed = (
        reserving.release(db, over, reserving.origin_of(actor.name, "desk", now)) if over else []
    )
    reclaiming.reclaim_for_skus(db, actor, freed, now=now)
    if over:
        audit.record(db, actor, now, *(audit.Deed("give back", f"order:{key}") for key in over))
    if not here:
        return Changes(
            f"Give back the units of {counted(len(over), 'order')}", _TOUCHED, tuple(over)
        )
    return cancelling.cancel_orders(
        db, actor, here, reason="The channel cancelled it.", now=now, tell_channel=False
    )


def take_kits_apart(
    db: Connection, actor: Actor, *, order_ids: Sequence[int], now: datetime
) -> Changes:
    """Let orders claim the parts of their kits instead of the kits themselves.

    What was accepted is decided anew: the parcel would have been packed from nothing.
    """
    actor.must(Permission.WORK)
    rows = _orders(db, order_ids)
    accepted = [row.id for row in rows if row.status == OrderStatus.ACCEPTED]
    ids = [row.id for row in rows if row.status in (OrderStatus.OPEN, OrderStatus.ACCEPTED)]
    withdrawing.withdraw_orders(db, actor, accepted, now=now)
    reserving.release(db, ids, reserving.origin_of(actor.name, "desk", now))
    waits = order_lines.update().where(
        order_lines.c.order_id.in_(ids), order_lines.c.claim == "reserved"
    )
    db.execute(waits.values(claim="short"))
    audit.record(db, actor, now, *(audit.Deed("take kits apart", f"order:{key}") for key in ids))
    reclaiming.reclaim(db, actor, ids, now=now)
    left = tuple(Skipped(row.number, "it has left already") for row in rows if row.id not in ids)
    return Changes(
        f"Take the kits of {counted(len(ids), 'order')} apart", _TOUCHED, tuple(ids), left
    )


def _queued(
    db: Connection, account_id: int, units: dict[int, int], version: int, now: datetime
) -> list[dict[str, Any]]:
    shown = _shown(db, account_id, list(units))
    ids = Identity(db, published_quantities)
    return [
        {
            "id": ids.take(published_quantities), "sku_id": sku_id, "account_id": account_id,
            "source": "report", "before": shown.get(sku_id), "after": number,
            "policy_version": version, "state": "queued", "computed_at": now, "queued_at": now,
        }
        for sku_id, number in sorted(units.items())
    ]  # fmt: skip


def _shown(db: Connection, account_id: int, sku_ids: Sequence[int]) -> dict[int, int]:
    query = select(_obs.sku_id, _obs.quantity).where(
        _obs.account_id == account_id, among(_obs.sku_id, "skus")
    )
    return dict(db.execute(query.order_by(_obs.id), {"skus": sku_ids}).all())


def _codes(db: Connection, sku_ids: Sequence[int]) -> dict[int, str]:
    query = select(skus.c.id, skus.c.code).where(among(skus.c.id, "skus"))
    return dict(db.execute(query, {"skus": list(sku_ids)}).all())


def _orders(db: Connection, order_ids: Sequence[int]) -> list[Any]:
    query = select(orders).where(among(orders.c.id, "orders")).order_by(orders.c.id)
    rows = list(db.execute(query, {"orders": list(order_ids)}))
    if not rows:
        raise NotFoundError(
            "There is no such order; nothing was changed.", "Look at the report again."
        )
    return rows
