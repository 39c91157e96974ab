"""Which other open orders go to the same door, and which look like the same order twice?

Candidates share the postcode, which an index answers. The pane of one order and a search over all of
them ask the same question: the one from the order, the other by counting who shares what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    extract,
    func,
    or_,
    select,
    union,
)

from app.models.base import is_state
from app.models.orders import order_lines, orders
from app.queries.search_sql import Condition, Here

DAYS_APART: Final = 2
Orders = FromClause


@dataclass(frozen=True, slots=True)
class SiblingRow:
    """Another open order to the same address. ``why_not`` says why it cannot go in one parcel with
    this one, and is empty if it can; ``is_duplicate`` whether it looks like the same order again."""

    id: int
    number: str
    channel: str
    placed_at: datetime
    is_duplicate: bool
    why_not: str


def mergeable(_at: Here, _wanted: object = None) -> Condition:
    """Return whether another order could go in one parcel with an order.

    All that fit are read once and counted by what they share: to look for each one's partner takes many
    times as long.
    """
    one = orders.alias("one")
    return orders.c.id.in_(_sharing(one, _fit(one), (*_door(one), *_likeness(one).values())))


def duplicate(at: Here, _wanted: object = None) -> Condition:
    """Return whether another open order looks like the same one again; only few are worth comparing."""
    one, other = orders.alias("one"), orders.alias("other")
    by_mail = _sharing(one, _alive(one) & (one.c.buyer_email != ""),
                       (one.c.ship_postcode, one.c.units, _plain(one.c.buyer_email)))  # fmt: skip
    by_door = _sharing(one, _alive(one), (*_door(one), one.c.units))
    same = select(other.c.id).where(
        other.c.ship_postcode == orders.c.ship_postcode, other.c.id != orders.c.id, _alive(other),
        _looks_the_same(at.is_postgresql, orders, other),
    )  # fmt: skip
    return orders.c.id.in_(union(by_mail, by_door)) & same.correlate(orders).exists()


def _sharing(of: Orders, condition: Condition, parts: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """Select the orders that are not the only one with these parts."""
    counted = (
        select(of.c.id, func.count().over(partition_by=parts).label("alike"))
        .where(condition, of.c.ship_postcode != "")
        .subquery()
    )
    return select(counted.c.id).where(counted.c.alike > 1)


def siblings(db: Connection, order_id: int) -> tuple[SiblingRow, ...]:
    """Return the open orders that go to the same door as an order, or look like it again."""
    found = db.execute(_beside(db.dialect.name == "postgresql"), {"order": order_id})
    return tuple(
        SiblingRow(row.id, row.number, row.channel, row.placed_at, bool(row.same), _why_not(row))
        for row in found
    )


@cache
def _beside(is_postgresql: bool) -> Select[Any]:
    """Return the statement, made once: it costs more to make than to answer."""
    other = orders.alias("other")
    same, door = _looks_the_same(is_postgresql, orders, other), _same_door(orders, other)
    fitting = _reasons(orders, other).values()
    return (
        select(
            other.c.id, other.c.number, other.c.channel, other.c.placed_at,
            same.label("same"), door.label("door"),
            *(fits.label(f"fits_{at}") for at, fits in enumerate(fitting)),
        )
        .join(other, other.c.ship_postcode == orders.c.ship_postcode)
        .where(orders.c.id == bindparam("order"), _alive(orders), _alive(other),
               other.c.id != orders.c.id, orders.c.ship_postcode != "", or_(same, door))
        .order_by(other.c.placed_at, other.c.id)
        .limit(20)
    )  # fmt: skip


def _reasons(one: Orders, other: Orders) -> Mapping[str, Condition]:
    """Return what two orders need to go in one parcel, by the reason why not (of the other: with a blank)."""
    of_other = {f"{why} ": fits for why, fits in _fits(other).items()}
    return {**_fits(one), **of_other, **_alike(one, other)}


def _why_not(row: Any) -> str:
    if not row.door:
        return "it goes to another name or street"
    reasons = (why.strip() for at, why in enumerate(_WHY_NOT) if not getattr(row, f"fits_{at}"))
    return next(reasons, "")


def _alive(of: Orders) -> Condition:
    return is_state(of.c.status, "open", "accepted", "partly_shipped")


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.lower(func.trim(column))


def _door(of: Orders) -> Sequence[ColumnElement[Any]]:
    """Return where an order goes; the postcode first, which an index answers."""
    parts = ("ship_name", "ship_line1", "ship_line2", "ship_country")
    return (of.c.ship_postcode, *(_plain(of.c[part]) for part in parts))


def _same_door(one: Orders, other: Orders) -> Condition:
    return and_(*(mine == theirs for mine, theirs in zip(_door(one), _door(other), strict=True)))


def _fits(of: Orders) -> Mapping[str, Condition]:
    """Return what must hold of each of two orders, by the reason why not."""
    return {
        "one of them has left in part": of.c.status != "partly_shipped",
        "one of them is on hold": ~of.c.is_held,
        "one of them waits for stock": ~of.c.is_short,
        "the channel ships one of them itself": ~of.c.fulfilled_by_channel,
    }


def _fit(of: Orders) -> Condition:
    return and_(_alive(of), *_fits(of).values())


def _likeness(of: Orders) -> Mapping[str, ColumnElement[Any]]:
    """Return what two orders must share, by the reason why not."""
    return {
        "it was placed with another account": of.c.account_id,
        "it asks for another shipping service": _plain(of.c.service),
        "it is in another currency": of.c.currency,
    }


def _alike(one: Orders, other: Orders) -> Mapping[str, Condition]:
    theirs = _likeness(other)
    return {why: mine == theirs[why] for why, mine in _likeness(one).items()}


def _looks_the_same(is_postgresql: bool, one: Orders, other: Orders) -> Condition:
    """Return whether two orders are from one buyer, of the same goods, within two days."""
    mail = (one.c.buyer_email != "") & (_plain(one.c.buyer_email) == _plain(other.c.buyer_email))
    return and_(
        or_(mail, _same_door(one, other)),
        one.c.units == other.c.units,
        _near(is_postgresql, one, other),
        ~_has_what_the_other_has_not(one, other),
        ~_has_what_the_other_has_not(other, one),
    )


def _near(is_postgresql: bool, one: Orders, other: Orders) -> Condition:
    if is_postgresql:
        seconds = extract("epoch", one.c.placed_at) - extract("epoch", other.c.placed_at)
        return func.abs(seconds) <= DAYS_APART * 24 * 3600
    days = func.julianday(one.c.placed_at) - func.julianday(other.c.placed_at)
    return func.abs(days) <= DAYS_APART


def _has_what_the_other_has_not(one: Orders, other: Orders) -> Condition:
    mine, theirs = order_lines.alias(), order_lines.alias()
    same = (mine.c.sku_id == theirs.c.sku_id) | (mine.c.sku_text == theirs.c.sku_text)
    there = select(theirs.c.id).where(
        theirs.c.order_id == other.c.id, theirs.c.quantity == mine.c.quantity, same
    )
    alone = select(mine.c.id).where(
        mine.c.order_id == one.c.id, mine.c.quantity > 0, ~there.correlate(mine, other).exists()
    )
    return alone.correlate(one, other).exists()


_WHY_NOT: Final = tuple(_reasons(orders, orders.alias()))
