"""What is on the policy sheet, and which numbers does a breaker hold back?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.domain.promising.breakers import Thresholds
from app.models.base import is_state
from app.models.catalogue import skus
from app.models.house import named
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


@dataclass(frozen=True, slots=True)
class Decisions:
    """The sheet, the channels that are in use here, and when publishing stops and asks."""

    sheet: Sheet
    channels: tuple[str, ...]
    thresholds: Thresholds


def decisions(db: Connection) -> Decisions:
    """Return the policy sheet with what belongs to it."""
    found = sheet(db)
    used = db.execute(
        select(channel_accounts.c.channel, func.min(channel_accounts.c.id))
        .group_by(channel_accounts.c.channel)
        .order_by(func.min(channel_accounts.c.id))
    ).all()
    channels = tuple(row.channel for row in used) or tuple(found.rows)
    limits = Thresholds(**(named(db, "breakers").get("breakers") or {}))
    return Decisions(found, channels, limits)


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
