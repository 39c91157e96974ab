"""Link a channel's code to a SKU, and let every order go on that waited for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes, Touched, counted
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError
from app.models.catalogue import listings, sku_aliases
from app.models.orders import order_lines, orders
from app.models.sets import among
from app.services import catalogue, reclaiming

_NAMED = 5


class UnknownCodeError(NotFoundError):
    """Nothing of the channel account has had this code; nothing was linked."""


def link(
    db: Connection,
    actor: Actor,
    *,
    account_id: int,
    alias: str,
    sku_code: str,
    now: datetime,
    only_known: bool = False,
) -> Changes:
    """Teach the alias once; ``done`` are the orders that it freed.

    Raises:
        NotFoundError: there is no such SKU.
        UnknownCodeError: with ``only_known``, nothing of the account has had this code.
    """
    actor.must(Permission.WORK)
    if only_known:
        _must_be_known(db, account_id, alias)
    catalogue.teach_alias(db, actor, account_id=account_id, alias=alias, sku_code=sku_code, now=now)
    freed = reclaiming.reclaim_unmapped(db, actor, account_id, [alias], now=now)
    going = _going_on(db, freed)
    goes_on = f"{counted(going, 'order')} {'goes' if going == 1 else 'go'} on"
    return Changes(
        f"Link {alias} to {sku_code}: {goes_on}",
        Touched.ORDERS | Touched.STOCK | Touched.CASES,
        tuple(freed),
    )


def _going_on(db: Connection, order_ids: Sequence[int]) -> int:
    """Count those that nothing keeps back any more: neither another hold nor missing stock."""
    query = select(func.count()).where(
        among(orders.c.id, "orders"), ~orders.c.is_held, ~orders.c.is_short
    )
    return int(db.execute(query, {"orders": list(order_ids)}).scalar_one())


def _must_be_known(db: Connection, account_id: int, alias: str) -> None:
    """Refuse a code that nothing of this account has: a link that frees nobody hides a slip."""
    ordered = (
        select(order_lines.c.id)
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(orders.c.account_id == account_id, order_lines.c.sku_text == alias)
    )
    listed = select(listings.c.id).where(
        listings.c.account_id == account_id, listings.c.sku_text == alias
    )
    taught = select(sku_aliases.c.id).where(
        sku_aliases.c.account_id == account_id, sku_aliases.c.alias == alias
    )
    if any(db.execute(each.limit(1)).first() for each in (ordered, listed, taught)):
        return
    raise UnknownCodeError(
        f"No order and no listing of this channel has the code “{alias}”; nothing was linked.",
        _codes_that_wait(db, account_id, alias),
    )


def _codes_that_wait(db: Connection, account_id: int, alias: str) -> str:
    """Return which codes a person may have meant, the nearest first."""
    query = (
        select(order_lines.c.sku_text)
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(
            orders.c.account_id == account_id,
            order_lines.c.claim == "unmapped",
            order_lines.c.sku_text != "",
        )
        .distinct()
        .order_by(order_lines.c.sku_text)
    )
    waiting = db.execute(query).scalars().all()
    if not waiting:
        return "No code of this channel waits to be linked."
    from rapidfuzz import fuzz, process  # loaded when a code is first compared

    best = process.extract(alias, waiting, scorer=fuzz.WRatio, limit=_NAMED)
    return f"Codes that wait: {', '.join(f'“{code}”' for code, _score, _at in best)}."
