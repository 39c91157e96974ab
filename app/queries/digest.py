"""What happened since a person looked last? Orders that came, what others decided, cases, files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from app.domain.attention import Amount, add_up
from app.models.cases import exception_cases
from app.models.exchange import import_files
from app.models.fulfilment import routing_decisions
from app.models.orders import orders, total_of_order
from app.models.returns import is_a_sale

SHOWN_FILES = 3


@dataclass(frozen=True, slots=True)
class Arrived:
    """Orders that one channel brought, and what they are worth by currency."""

    channel: str
    count: int
    money: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What happened since ``since``. ``decided`` is (who, how many) of other people's decisions;
    ``files`` names the newest few of ``file_count``."""

    since: datetime
    arrived: tuple[Arrived, ...]
    decided: tuple[tuple[str, int], ...]
    cases_opened: int
    cases_resolved: int
    files: tuple[str, ...]
    file_count: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened."""
        return not (
            self.arrived
            or self.decided
            or self.cases_opened
            or self.cases_resolved
            or self.file_count
        )


def digest(db: Connection, *, since: datetime, actor: str) -> Digest:
    """Return what happened since a moment, as seen by one person."""
    case, file = exception_cases.c, import_files.c
    names = (
        select(file.name)
        .where(file.confirmed_at >= since, file.state == "done")
        .order_by(file.id.desc())
    )
    files = db.execute(names).scalars().all()
    return Digest(
        since,
        _arrived(db, since),
        _decided(db, since, actor),
        _count(db, case.opened_at >= since),
        _count(db, case.resolved_at >= since),
        tuple(files[:SHOWN_FILES]),
        len(files),
    )


def _arrived(db: Connection, since: datetime) -> tuple[Arrived, ...]:
    query = (
        select(
            orders.c.channel, orders.c.currency, func.count().label("count"),
            func.sum(total_of_order()).label("worth"),
        )
        .where(orders.c.taken_in_at >= since, is_a_sale())
        .group_by(orders.c.channel, orders.c.currency)
    )  # fmt: skip
    by_channel: dict[str, list[Any]] = {}
    for row in db.execute(query):
        by_channel.setdefault(row.channel, []).append(row)
    found = [
        Arrived(
            channel,
            sum(row.count for row in rows),
            add_up([Amount(int(row.worth or 0), row.currency) for row in rows]),
        )
        for channel, rows in by_channel.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.count, each.channel)))


def _decided(db: Connection, since: datetime, actor: str) -> tuple[tuple[str, int], ...]:
    table = routing_decisions.c
    query = (
        select(table.actor, func.count())
        .where(table.decided_at >= since, table.actor != actor)
        .group_by(table.actor)
        .order_by(func.count().desc(), table.actor)
    )
    return tuple((who, count) for who, count in db.execute(query))


def _count(db: Connection, condition: ColumnElement[bool]) -> int:
    found = select(func.count()).select_from(exception_cases).where(condition)
    return db.execute(found).scalar_one()
