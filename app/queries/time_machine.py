"""What was true at a moment: the stock, what each channel was told, what it showed, what happened?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from app.domain.inventory import Bucket, Cause
from app.domain.promising.gap import Gap, Taken, Told
from app.domain.promising.goods import Kit
from app.domain.promising.waterfall import Promise, sellable_units
from app.errors import NotFoundError
from app.models.catalogue import skus
from app.models.inventory import stock_movements
from app.models.kits import contents
from app.models.orders import channel_accounts, order_lines, orders
from app.models.promising.goods import goods_at
from app.models.published import observed_quantities, published_quantities
from app.queries.promising import promises_at, sku_id
from app.queries.stock_history import BalanceRow, MovementRow, balances_at, movements

AROUND: Final = timedelta(hours=2)
SHOWN_EVENTS: Final = 40
_pub, _obs, _move = published_quantities.c, observed_quantities.c, stock_movements.c


@dataclass(frozen=True, slots=True)
class ToldThen:
    """What one account knew at a moment.

    ``right`` is what the ledger and the sheet of then allow; ``told`` what was sent last, ``shows``
    what it showed when somebody last looked, ``waiting`` a number that was worked out and not sent.
    """

    account: str
    channel: str
    right: int | None
    told: int | None
    told_at: datetime | None
    shows: int | None
    shown_at: datetime | None
    waiting: int | None
    waiting_since: datetime | None
    policy_version: int | None

    @property
    def off(self) -> int | None:
        """By how much the channel was told too many (or too few, below zero)."""
        return None if self.told is None or self.right is None else self.told - self.right


@dataclass(frozen=True, slots=True)
class Then:
    """A SKU at a moment."""

    sku: str
    at: datetime
    first_at: datetime | None
    for_sale: int
    balances: tuple[BalanceRow, ...]
    accounts: tuple[ToldThen, ...]
    events: tuple[MovementRow, ...]
    is_kit: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """What could be sold of a SKU from a moment on, and units sold in the same movement."""

    at: datetime
    units: int
    sold: int


def at_moment(db: Connection, sku_code: str, *, at: datetime) -> Then:
    """Return a SKU as it was at a moment, with what happened around it.

    Raises:
        NotFoundError: there is no such SKU.
    """
    found = sku_id(db, sku_code)
    goods = goods_at(db, [found], at=at)[found]
    near = movements(db, sku_code, at=at + AROUND, limit=None)
    first = db.execute(select(func.min(_move.occurred_at)).where(_move.sku_id == found)).scalar()
    return Then(
        sku_code, at, first, sellable_units(goods), balances_at(db, sku_code, at=at),
        tuple(_account(db, found, promise, at) for promise in promises_at(db, sku_code, at=at)),
        tuple(row for row in near if row.at >= at - AROUND)[:SHOWN_EVENTS], isinstance(goods, Kit),
    )  # fmt: skip


def levels(db: Connection, sku_code: str, *, since: datetime) -> list[Level]:
    """Return how what could be sold of a SKU went up and down; safety stock aside.

    Of a kit it is what its scarcest part allowed, by what is in it now.

    Raises:
        NotFoundError: there is no such SKU.
    """
    found = sku_id(db, sku_code)
    inside = contents(db, [found]).get(found)
    every = _kit_levels(db, found, inside) if inside else _levels(db, found)
    before = [level for level in every if level.at < since]
    return [*before[-1:], *(level for level in every if level.at >= since)]


def _levels(db: Connection, sku: int) -> list[Level]:
    query = (
        select(_move.occurred_at, _move.bucket, _move.cause, func.sum(_move.quantity))
        .where(_move.sku_id == sku)
        .group_by(_move.occurred_at, _move.bucket, _move.cause)
        .order_by(_move.occurred_at)
    )
    total, found = 0, dict[datetime, Level]()
    for at, bucket, cause, quantity in db.execute(query):
        units = int(quantity)
        total += _EFFECT.get(bucket, -1) * units
        sold = found[at].sold if at in found else 0
        found[at] = Level(at, total, sold + (units if cause == Cause.RESERVATION else 0))
    return list(found.values())


def _kit_levels(db: Connection, kit: int, inside: Mapping[int, int]) -> list[Level]:
    """Return how many of a kit could be packed, and when it was sold: a kit itself never moves."""
    happened: dict[datetime, dict[int, int]] = defaultdict(dict)
    for part in inside:
        for level in _levels(db, part):
            happened[level.at][part] = level.units
    sold = {at: int(units) for at, units in db.execute(_KITS_SOLD, {"kit": kit})}
    there, found = dict.fromkeys(inside, 0), list[Level]()
    for at in sorted(happened.keys() | sold.keys()):
        there |= happened.get(at, {})
        fewest = min(units // inside[part] for part, units in there.items())
        found.append(Level(at, fewest, sold.get(at, 0)))
    return found


def oversold(db: Connection, order_id: int) -> list[Gap]:
    """Return the gap of each line of an order that could not be reserved when it came in.

    Raises:
        NotFoundError: there is no such order.
    """
    order = db.execute(_ORDER.where(orders.c.id == order_id)).first()
    if order is None:
        raise NotFoundError("There is no such order; nothing was looked up.", "Check its number.")
    lines = db.execute(
        select(order_lines, skus.c.code)
        .join(skus, skus.c.id == order_lines.c.sku_id)
        .where(order_lines.c.order_id == order_id)
        .order_by(order_lines.c.position)
    ).all()
    return [gap for line in lines if (gap := _gap(db, order, line)) is not None]


_KITS_SOLD: Final = (
    select(orders.c.taken_in_at, func.sum(order_lines.c.quantity * order_lines.c.pack))
    .join(order_lines, order_lines.c.order_id == orders.c.id)
    .where(order_lines.c.sku_id == bindparam("kit"))
    .group_by(orders.c.taken_in_at)
)
_EFFECT: Final = {Bucket.ON_HAND: 1, Bucket.INCOMING: 0}
_ORDER = select(
    orders.c.id, orders.c.number, orders.c.account_id, orders.c.placed_at, orders.c.taken_in_at,
    channel_accounts.c.name,
).join(channel_accounts, channel_accounts.c.id == orders.c.account_id)  # fmt: skip


def _account(db: Connection, sku: int, promise: Promise, at: datetime) -> ToldThen:
    outlet = promise.outlet
    mine = (_pub.sku_id == sku, _pub.account_id == outlet.id)
    told = db.execute(
        select(_pub.after, _pub.sent_at, _pub.policy_version)
        .where(*mine, _pub.sent_at <= at).order_by(_pub.sent_at.desc(), _pub.id.desc()).limit(1)
    ).first()  # fmt: skip
    worked = db.execute(
        select(_pub.after, _pub.computed_at, _pub.sent_at)
        .where(*mine, _pub.computed_at <= at).order_by(_pub.id.desc()).limit(1)
    ).first()  # fmt: skip
    shown = db.execute(
        select(_obs.quantity, _obs.first_seen_at)
        .where(_obs.sku_id == sku, _obs.account_id == outlet.id, _obs.first_seen_at <= at)
        .order_by(_obs.id.desc()).limit(1)
    ).first()  # fmt: skip
    waits = worked is not None and (worked.sent_at is None or worked.sent_at > at)
    return ToldThen(
        outlet.name, outlet.channel, promise.units,
        told.after if told else None, told.sent_at if told else None,
        shown.quantity if shown else None, shown.first_seen_at if shown else None,
        worked.after if worked and waits else None, worked.computed_at if worked and waits else None,
        told.policy_version if told else None,
    )  # fmt: skip


def _gap(db: Connection, order: Any, line: Any) -> Gap | None:
    """Return what was missing for a line at the moment before it was looked at."""
    before = order.taken_in_at - timedelta(microseconds=1)
    left = _unreserved(db, line.sku_id, before)
    asked = line.quantity * line.pack
    if left >= asked:
        return None
    told, later = _told_before(db, line.sku_id, order)
    since = told.computed_at if told else order.placed_at - AROUND
    taken = _taken(db, line.sku_id, since, order)
    change = left - _unreserved(db, line.sku_id, since) + sum(each.units for each in taken)
    return Gap(
        order.number, order.name, line.code, asked, left, order.placed_at, order.taken_in_at,
        told, later, tuple(taken), change if told else 0,
    )  # fmt: skip


def _unreserved(db: Connection, sku: int, at: datetime) -> int:
    """Return what an order could reserve at a moment: safety stock is for orders, too."""
    goods = goods_at(db, [sku], at=at, with_safety=False)[sku]
    return sellable_units(goods)


def _told_before(db: Connection, sku: int, order: Any) -> tuple[Told | None, Told | None]:
    """Return the number that the channel knew when the order was placed, and the next one."""
    mine = (_pub.sku_id == sku, _pub.account_id == order.account_id)
    columns = (_pub.id, _pub.after, _pub.computed_at, _pub.sent_at)
    known = db.execute(
        select(*columns).where(*mine, _pub.sent_at <= order.placed_at)
        .order_by(_pub.sent_at.desc(), _pub.id.desc()).limit(1)
    ).first()  # fmt: skip
    newer = db.execute(
        select(*columns)
        .where(*mine, _pub.id > (known.id if known else 0), _pub.computed_at <= order.taken_in_at)
        .order_by(_pub.id).limit(1)
    ).first()  # fmt: skip
    return _told(known), _told(newer)


def _told(row: Any) -> Told | None:
    return Told(row.after, row.computed_at, row.sent_at) if row else None


def _taken(db: Connection, sku: int, since: datetime, order: Any) -> Sequence[Taken]:
    query = (
        select(func.sum(_move.quantity).label("units"), channel_accounts.c.name, orders.c.number,
               func.min(_move.occurred_at).label("at"))
        .join(orders, orders.c.id == _move.order_id)
        .join(channel_accounts, channel_accounts.c.id == orders.c.account_id)
        .where(_move.sku_id == sku, _move.bucket == Bucket.RESERVED.value,
               _move.cause.in_((Cause.RESERVATION.value, Cause.RELEASE.value)),
               _move.occurred_at > since, _move.occurred_at < order.taken_in_at,
               _move.order_id != order.id)
        .group_by(channel_accounts.c.name, orders.c.number)
        .order_by(func.min(_move.occurred_at), orders.c.number)
    )  # fmt: skip
    return [
        Taken(int(row.units), row.name, row.number, row.at)
        for row in db.execute(query)
        if row.units > 0
    ]
