"""Which files came in, which went out, and what waits to be written?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.models.exchange import export_files, import_files, inbox_messages
from app.models.orders import channel_accounts, orders, sales_channels, total_of_order

_TAKEN_BACK = ("orders", "stock", "catalogue", "settlement")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A file that was taken in. ``state`` is confirmed (may be half done), done, cancelled, refused
    or taken_back."""

    id: int
    name: str
    format: str
    kind: str
    channel: str
    state: str
    actor: str
    confirmed_at: datetime
    finished_at: datetime | None
    report: Mapping[str, Any]

    @property
    def can_be_taken_back(self) -> bool:
        """Whether it brought orders, stock or payouts that could be taken back now."""
        return self.state in ("done", "cancelled") and self.kind in _TAKEN_BACK


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A file that was written for a channel; it can be downloaded again."""

    id: int
    name: str
    channel: str
    channel_name: str
    account: str
    kind: str
    rows: int
    actor: str
    created_at: datetime


def imports_done(db: Connection, *, limit: int | None = 200, offset: int = 0) -> list[ImportRow]:
    """Return the files that were taken in, newest first."""
    table = import_files.c
    query = (
        select(
            table.id, table.name, table.format, table.kind, table.channel, table.state,
            table.actor, table.confirmed_at, table.finished_at, table.report,
        )
        .order_by(table.id.desc())
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return [
        ImportRow(
            row.id, row.name, row.format, row.kind, row.channel, row.state, row.actor,
            row.confirmed_at, row.finished_at, row.report or {},
        )
        for row in db.execute(query)
    ]  # fmt: skip


def import_worth(db: Connection, import_id: int) -> list[tuple[str, int]]:
    """Return what the orders that an import brought are worth: minor units by currency."""
    brought = (
        select(orders.c.currency, total_of_order().label("worth"))
        .join(inbox_messages, inbox_messages.c.id == orders.c.inbox_id)
        .where(inbox_messages.c.import_file_id == import_id)
        .subquery()
    )
    query = select(brought.c.currency, func.sum(brought.c.worth)).group_by(brought.c.currency)
    rows = db.execute(query.order_by(brought.c.currency))
    return [(currency, int(worth)) for currency, worth in rows if worth]


def exports_done(db: Connection, *, limit: int | None = 200, offset: int = 0) -> list[ExportRow]:
    """Return the files that were written, newest first."""
    table = export_files.c
    query = (
        select(
            table.id, table.name, channel_accounts.c.channel, sales_channels.c.name,
            channel_accounts.c.name, table.kind, table.rows, table.actor, table.created_at,
        )
        .join(channel_accounts, channel_accounts.c.id == table.account_id)
        .join(sales_channels, sales_channels.c.code == channel_accounts.c.channel)
        .order_by(table.id.desc())
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return [ExportRow(*row) for row in db.execute(query)]
