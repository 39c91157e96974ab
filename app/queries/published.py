"""What is on the policy sheet, and which numbers does a breaker hold back?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.models.base import is_state
from app.models.catalogue import skus
from app.models.orders import channel_accounts
from app.models.promising.sheet import Sheet, sheet
from app.models.published import published_quantities


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One number that waits for a person's word."""

    account_id: int
    account: str
    sku: str
    before: int | None
    after: int | None
    computed_at: datetime


def sheet_now(db: Connection) -> Sheet:
    """Return the policy sheet in force."""
    return sheet(db)


def held_numbers(db: Connection) -> list[HeldRow]:
    """Return every number that is held back, by account and SKU."""
    table = published_quantities.c
    query = (
        select(table.account_id, channel_accounts.c.name, skus.c.code, table.before, table.after,
               table.computed_at)
        .join(skus, skus.c.id == table.sku_id)
        .join(channel_accounts, channel_accounts.c.id == table.account_id)
        .where(is_state(table.state, "queued", "held"), table.state == "held")
        .order_by(table.account_id, skus.c.code)
    )  # fmt: skip
    return [HeldRow(*row) for row in db.execute(query)]
