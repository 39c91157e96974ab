"""What is on the policy sheet, and which numbers does a breaker hold back?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.promising.breakers import Thresholds
from app.domain.promising.keeping import Settled
from app.models.base import is_state
from app.models.catalogue import skus
from app.models.house import named
from app.models.orders import channel_accounts
from app.models.promising.sheet import Account, Sheet, accounts, sheet
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
    """The sheet, the accounts that are in use here, and when publishing stops and asks."""

    sheet: Sheet
    accounts: tuple[Account, ...]
    thresholds: Thresholds

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that are in use; before there is an account, those of the sheet."""
        used = tuple(dict.fromkeys(each.channel for each in self.accounts))
        return used or tuple(self.sheet.rows)

    @property
    def settled(self) -> Mapping[str, Sequence[Settled]]:
        """What each channel's accounts kept of a sale, where settlements show it."""
        return {
            channel: [x.settled for x in self.accounts if x.channel == channel and x.settled]
            for channel in self.channels
        }


def decisions(db: Connection) -> Decisions:
    """Return the policy sheet with what belongs to it."""
    found = sheet(db)
    limits = Thresholds(**(named(db, "breakers").get("breakers") or {}))
    return Decisions(found, accounts(db), limits)


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
