"""Link a channel's code to a SKU, and let every order go on that waited for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from app.domain.changes import Changes, Touched, counted
from app.domain.roles import Actor
from app.services import catalogue, reclaiming


def link(
    db: Connection, actor: Actor, *, account_id: int, alias: str, sku_code: str, now: datetime
) -> Changes:
    """Teach the alias once; ``done`` are the orders that it freed."""
    catalogue.teach_alias(db, actor, account_id=account_id, alias=alias, sku_code=sku_code, now=now)
    freed = reclaiming.reclaim_unmapped(db, actor, account_id, [alias], now=now)
    goes_on = f"{counted(len(freed), 'order')} {'goes' if len(freed) == 1 else 'go'} on"
    return Changes(
        f"Link {alias} to {sku_code}: {goes_on}",
        Touched.ORDERS | Touched.STOCK | Touched.CASES,
        tuple(freed),
    )
