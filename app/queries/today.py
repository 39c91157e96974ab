"""What needs action now, across orders, cases, parcels and what channels are still to be told?

Everything is counted and added up in SQL: many things of one kind are one line, so that the list
stays short however much waits. The score of each line is made by ``app/domain/attention.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.domain.attention import (
    HARM_OF,
    TOGETHER,
    Amount,
    Harm,
    Say,
    Stake,
    add_up,
    score,
)
from app.domain.cases import CaseKind, Severity
from app.domain.casework.kinds import TEMPLATES
from app.domain.explaining import plain_money
from app.models.cases import exception_cases
from app.models.exchange import outbox_messages
from app.models.fulfilment import shipments
from app.models.orders import orders, total_of_order
from app.queries import order_states, search_sql
from app.queries.cases import SEVERITY_RANK, CaseRow, case_rows
from app.queries.shipment_search import late as late_parcel
from app.queries.today_items import Doing, Item, Outgoing, first_due, money_of
from app.queries.today_orders import order_items

FEW: Final = 3  # so many cases of a kind still stand for themselves
_LAST_ORDERS: Final = 1000


@dataclass(frozen=True, slots=True)
class Deadline:
    """The next order that has to leave."""

    order_id: int
    number: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Agenda:
    """What needs action, the highest score first; and the next deadline for when nothing does."""

    items: tuple[Item, ...]
    next_deadline: Deadline | None


def agenda(
    db: Connection, *, now: datetime, waiting: Sequence[Outgoing] = (), say: Say = plain_money
) -> Agenda:
    """Return what needs a person now. ``waiting`` is what could be written for channels."""
    usual = usual_orders(db)
    found = (
        *order_items(db, now), *_cases(db, now), *_parcels(db, now), *_told(db, waiting, now),
    )  # fmt: skip
    stakes = [
        replace(each.stake, reach=max(1, each.count), severity=_severity(each, now))
        for each in found
    ]
    scored = [
        replace(each, stake=stake, score=score(stake, now=now, usual=usual, say=say))
        for each, stake in zip(found, stakes, strict=True)
    ]
    return Agenda(tuple(sorted(scored, key=_first)), _next_deadline(db))


def _severity(item: Item, now: datetime) -> Severity:
    """Return how bad it is: of a case what the matrix says; the day's work is medium until it is late."""
    if item.doing in (Doing.CASE, Doing.CASES):
        return item.stake.severity
    is_late = item.due_at is not None and item.due_at < now
    return Severity.HIGH if is_late else Severity.MEDIUM


def _first(item: Item) -> tuple[int, bool, datetime | None, str]:
    return -item.score.total, item.due_at is None, item.due_at, item.key


def usual_orders(db: Connection) -> dict[str, int]:
    """Return what an order is worth on average by currency (minor units), of those that came last."""
    recent = (
        select(orders.c.currency, total_of_order().label("worth"))
        .order_by(orders.c.id.desc())
        .limit(_LAST_ORDERS)
        .subquery()
    )
    query = select(recent.c.currency, func.avg(recent.c.worth)).group_by(recent.c.currency)
    return {code: round(worth) for code, worth in db.execute(query) if worth}


def _cases(db: Connection, now: datetime) -> Iterator[Item]:
    table = exception_cases.c
    query = (
        select(
            table.kind, table.currency, func.count().label("count"),
            func.sum(table.money_at_risk).label("worth"), func.min(table.due_at).label("due_at"),
            func.min(table.opened_at).label("since"), func.min(SEVERITY_RANK).label("severity"),
        )
        .where(table.state == "open")
        .group_by(table.kind, table.currency)
    )  # fmt: skip
    by_kind: dict[str, list[Any]] = {}
    for row in db.execute(query):
        by_kind.setdefault(row.kind, []).append(row)
    for kind, rows in by_kind.items():
        if sum(row.count for row in rows) > FEW:
            yield _many(CaseKind(kind), rows)
        else:
            yield from map(_one, case_rows(db, query=f"kind:{kind}", now=now, limit=FEW))


def _many(kind: CaseKind, rows: Sequence[Any]) -> Item:
    count = sum(row.count for row in rows)
    harm, because = HARM_OF[kind]
    return Item(
        f"cases:{kind}", Doing.CASES, TOGETHER[kind].format(n=f"{count:,}"), TEMPLATES[kind].impact,
        count, Stake(money_of(rows), first_due(rows), harm, because, severity=tuple(Severity)[min(row.severity for row in rows)]),
        "exceptions", f"kind:{kind}",
        TEMPLATES[kind].owner, min(row.since for row in rows),
    )  # fmt: skip


def _one(row: CaseRow) -> Item:
    harm, because = HARM_OF[CaseKind(row.kind)]
    money = add_up([Amount(row.money_at_risk, row.currency)])
    return Item(
        f"case:{row.id}", Doing.CASE, row.title, row.impact, 1,
        Stake(money, row.due_at, harm, because, severity=Severity(row.severity)), "exceptions",
        f"kind:{row.kind}", row.owner,
        row.opened_at, case=row,
    )  # fmt: skip


def _parcels(db: Connection, now: datetime) -> Iterator[Item]:
    late = late_parcel(search_sql.here(db, now))
    count = db.execute(select(func.count()).select_from(shipments).where(late)).scalar_one()
    if not count:
        return
    query = (
        select(
            orders.c.currency, func.sum(total_of_order()).label("worth"),
            func.min(orders.c.deliver_by).label("due_at"),
        )
        .where(orders.c.id.in_(select(shipments.c.order_id).where(late)))
        .group_by(orders.c.currency)
    )  # fmt: skip
    rows = db.execute(query).all()
    title = "A parcel" if count == 1 else f"{count:,} parcels"
    because = "The customer will ask soon, or claim the money back."
    yield Item(
        "parcels:late", Doing.PARCELS, f"{title} should have arrived by now",
        "The carrier has not reported a delivery, and the promised day is over.", count,
        Stake(money_of(rows), first_due(rows), Harm.COSTS, because), "shipments", "is:late", "Service",
        first_due(rows),
    )  # fmt: skip


_TELL: Final[Mapping[str, tuple[str, str, str]]] = {
    "ship_confirm": ("shipping confirmation", "It does not know yet what has left.",
                     "Until it is told, it counts these orders as not shipped."),
    "cancel": ("cancellation", "It still shows these orders as open.",
               "Until it is told, the customer may be charged."),
    "quantity": ("available quantity", "What is for sale has moved since it was told.",
                 "Until it is told, it may sell what is gone."),
}  # fmt: skip


def _told(db: Connection, waiting: Sequence[Outgoing], now: datetime) -> Iterator[Item]:
    sums = _message_sums(db, now) if waiting else {}
    offers = [each for each in waiting if each.kind == "quantity"]
    if len(offers) > 1:
        yield _all_offers(offers)
    for each in waiting:
        if each.kind == "quantity" and len(offers) > 1:
            continue
        rows = sums.get((each.account_id, each.kind), [])
        noun, why, because = _TELL.get(each.kind, ("message", "", ""))
        many = noun if each.count == 1 else f"{noun[:-1]}ies" if noun[-1] == "y" else f"{noun}s"
        since = min((row.since for row in rows), default=None)
        yield Item(
            f"tell:{each.account_id}:{each.kind}", Doing.TELL,
            f"{each.account} is to be told {each.count:,} {many}", why, each.count,
            Stake(money_of(rows), first_due(rows), Harm.COSTS, because), "channels", since=since,
            outgoing=each,
        )  # fmt: skip


def _all_offers(offers: Sequence[Outgoing]) -> Item:
    """Return one line for what every account offers: after each sale all of them have moved."""
    count = sum(each.count for each in offers)
    _noun, why, because = _TELL["quantity"]
    return Item(
        "tell:quantity", Doing.TELL, f"{len(offers)} accounts offer quantities that have moved",
        f"{count:,} listings say something else than what is there. {why}", count,
        Stake((), None, Harm.COSTS, because), "channels",
    )  # fmt: skip


def _message_sums(db: Connection, now: datetime) -> dict[tuple[int, str], list[Any]]:
    message = outbox_messages.c
    query = (
        select(
            message.account_id, message.kind, orders.c.currency,
            func.sum(total_of_order()).label("worth"), func.min(orders.c.ship_by).label("due_at"),
            func.min(message.created_at).label("since"),
        )
        .join(orders, orders.c.id == message.order_id)
        .where(message.state == "pending", message.not_before <= now)
        .group_by(message.account_id, message.kind, orders.c.currency)
    )  # fmt: skip
    found: dict[tuple[int, str], list[Any]] = {}
    for row in db.execute(query):
        found.setdefault((row.account_id, row.kind), []).append(row)
    return found


def _next_deadline(db: Connection) -> Deadline | None:
    row = db.execute(
        select(orders.c.id, orders.c.number, orders.c.ship_by)
        .where(order_states.OURS, orders.c.ship_by.is_not(None))
        .order_by(orders.c.ship_by, orders.c.id)
        .limit(1)
    ).first()
    return Deadline(*row) if row else None
