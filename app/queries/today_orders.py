"""Which orders wait to be accepted, to be shipped or to come off hold, and until when?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, case, func, select

from app.domain.attention import Harm, Stake
from app.domain.orders import HoldCode
from app.models.orders import holds, orders, total_of_order
from app.queries import order_states, search_sql
from app.queries.orders import OrderRow, order_rows
from app.queries.today_items import Doing, Item, first_due, money_of

_LATE, _TODAY, _LATER = "late", "today", "later"
_WHEN: Final = {
    _LATE: "is:late", _TODAY: "shipby:today -is:late", _LATER: "-shipby:today -is:late",
}  # fmt: skip
_STEPS: Final = {
    Doing.ACCEPT: "is:ready",
    Doing.SHIP: "is:toship",
    Doing.HELD: "is:held hold:by_hand",
}
_WAITS: Final = {
    Doing.ACCEPT: "Every unit is reserved and a location is suggested.",
    Doing.SHIP: "It is decided where they ship from; the parcels are still there.",
    Doing.HELD: "Somebody here put them on hold; nothing else stands in the way.",
}
# One order, several orders; "{n}" is how many, "{order}" which one.
_TITLES: Final[Mapping[tuple[Doing, str], tuple[str, str]]] = {
    (Doing.ACCEPT, _LATE): (
        "{order} can be accepted and should have left already",
        "{n} orders can be accepted and should have left already"),
    (Doing.ACCEPT, _TODAY): (
        "{order} can be accepted and leaves today", "{n} orders can be accepted and leave today"),
    (Doing.ACCEPT, _LATER): ("{order} can be accepted", "{n} orders can be accepted, due later"),
    (Doing.SHIP, _LATE): (
        "{order} is accepted and should have left already",
        "{n} accepted orders should have left already"),
    (Doing.SHIP, _TODAY): (
        "{order} is accepted and has to leave today", "{n} accepted orders have to leave today"),
    (Doing.HELD, _LATE): (
        "{order} is on hold and should have left already",
        "{n} orders on hold by hand should have left already"),
    (Doing.HELD, _TODAY): (
        "{order} is on hold and has to leave today",
        "{n} orders on hold by hand have to leave today"),
}  # fmt: skip
_IN_TIME: Final = Stake(harm=Harm.NONE, because="Waiting does no harm before its day.")
_DUE: Final = Stake(
    harm=Harm.COSTS, because="A late parcel counts against you, and the customer waits."
)


def order_items(db: Connection, now: datetime) -> Iterator[Item]:
    """Return what waits of the orders, a line for each kind of work and each nearness of its end."""
    for (step, when), rows in _grouped(_order_sums(db, now)).items():
        titles = _TITLES.get((Doing(step), when))
        if titles is None:
            continue
        query = f"{_STEPS[Doing(step)]} {_WHEN[when]}"
        count = sum(row.count for row in rows)
        one = order_rows(db, query=query, now=now, limit=1)[0] if count == 1 else None
        yield Item(
            f"{step}:{when}:{one.id if one else ''}", Doing(step), _title(titles, count, one),
            _WAITS[Doing(step)], count,
            replace(_IN_TIME if when == _LATER else _DUE, money=money_of(rows), due_at=first_due(rows)),
            "orders", query, since=min(row.since for row in rows), order=one,
        )  # fmt: skip


def _order_sums(db: Connection, now: datetime) -> Sequence[Any]:
    """Count and add up what waits, by what it waits for, when it is due, and currency."""
    at = search_sql.here(db, now)
    tomorrow = at.start_of(at.today + timedelta(days=1))
    by_hand = select(holds.c.order_id).where(
        holds.c.released_at.is_(None), holds.c.code == HoldCode.BY_HAND.value
    )
    step = case(
        (order_states.READY, Doing.ACCEPT.value),
        (order_states.TO_SHIP, Doing.SHIP.value),
        (order_states.HELD & orders.c.id.in_(by_hand), Doing.HELD.value),
    )
    when = case(
        (orders.c.ship_by < now, _LATE), (orders.c.ship_by < tomorrow, _TODAY), else_=_LATER
    )
    each = (
        select(
            step.label("step"), when.label("due"), orders.c.currency, orders.c.ship_by,
            orders.c.placed_at, total_of_order().label("worth"),
        )
        .where(order_states.OURS)
        .subquery()
    ).c  # fmt: skip
    query = (
        select(
            each.step, each.due, each.currency, func.count().label("count"),
            func.sum(each.worth).label("worth"), func.min(each.ship_by).label("due_at"),
            func.min(each.placed_at).label("since"),
        )
        .where(each.step.is_not(None))
        .group_by(each.step, each.due, each.currency)
    )  # fmt: skip
    return db.execute(query).all()


def _grouped(rows: Iterable[Any]) -> dict[tuple[str, str], list[Any]]:
    found: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        found.setdefault((row.step, row.due), []).append(row)
    return found


def _title(titles: tuple[str, str], count: int, one: OrderRow | None) -> str:
    if one is not None:
        return titles[0].format(order=f"{one.number}, {one.buyer_name}")
    return titles[1].format(n=f"{count:,}")
