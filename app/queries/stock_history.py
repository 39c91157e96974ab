"""Which movements are behind a number, and how does what lies there become what channels are told?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.domain.inventory import Bucket, Cause
from app.domain.promising.waterfall import Step, before_the_sheet
from app.errors import NotFoundError
from app.models.catalogue import skus
from app.models.inventory import locations, stock_movements
from app.models.orders import channel_accounts, orders, sales_channels
from app.models.promising.goods import goods_of

CAUSES: Final[Mapping[str, str]] = {
    Cause.OPENING: "opening stock",
    Cause.RECEIPT: "received",
    Cause.ADJUSTMENT: "adjusted",
    Cause.COUNT: "counted",
    Cause.RESERVATION: "reserved for an order",
    Cause.RELEASE: "given back by an order",
    Cause.ALLOCATION: "accepted for shipping",
    Cause.WITHDRAWAL: "decision taken back",
    Cause.SHIPMENT: "shipped",
    Cause.VOIDED_SHIPMENT: "shipment taken back",
    Cause.TRANSFER: "moved",
    Cause.RETURN: "came back from a customer",
    Cause.SET_ASIDE: "set aside",
    Cause.PUT_BACK: "put back on sale",
    Cause.WRITE_OFF: "written off",
    Cause.EXPECTED: "expected",
    Cause.SHORT_RECEIPT: "did not arrive",
}
BUCKETS: Final[Mapping[str, str]] = {
    Bucket.ON_HAND: "on hand",
    Bucket.RESERVED: "reserved",
    Bucket.ALLOCATED: "allocated",
    Bucket.DAMAGED: "damaged",
    Bucket.QUARANTINE: "in quarantine",
    Bucket.RETURNS_HOLD: "returned, not looked at",
    Bucket.INCOMING: "incoming",
}


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One signed change of a bucket, and the ``balance`` of that bucket there after it.

    ``location`` is empty for reserved units: they have no location yet.
    """

    id: int
    at: datetime
    recorded_at: datetime
    location: str
    location_code: str
    bucket: str
    bucket_words: str
    quantity: int
    balance: int
    cause: str
    cause_words: str
    order_id: int | None
    order_number: str
    channel: str
    actor: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What the movements up to a moment add up to, in one bucket at one location."""

    location: str
    location_code: str
    bucket: str
    bucket_words: str
    quantity: int


def movements(
    db: Connection,
    sku_code: str,
    *,
    location: str | None = None,
    bucket: str | None = None,
    at: datetime | None = None,
    limit: int | None = 500,
    offset: int = 0,
) -> list[MovementRow]:
    """Return a SKU's movements, newest first; ``at`` leaves out what happened later.

    Raises:
        NotFoundError: there is no such SKU.
    """
    move = stock_movements.c
    balance = func.sum(move.quantity).over(
        partition_by=(move.location_id, move.bucket), order_by=(move.occurred_at, move.id)
    )
    all_of_it = select(stock_movements, balance.label("balance")).where(
        move.sku_id == _sku(db, sku_code).id
    )
    if at is not None:
        all_of_it = all_of_it.where(move.occurred_at <= at)
    found = all_of_it.subquery().c
    query = (
        select(
            *found, locations.c.name, locations.c.code, orders.c.number,
            sales_channels.c.name.label("channel_name"),
        )
        .outerjoin(locations, locations.c.id == found.location_id)
        .outerjoin(orders, orders.c.id == found.order_id)
        .outerjoin(channel_accounts, channel_accounts.c.id == found.account_id)
        .outerjoin(sales_channels, sales_channels.c.code == channel_accounts.c.channel)
        .order_by(found.occurred_at.desc(), found.id.desc())
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    if location is not None:
        query = query.where(locations.c.code == location)
    if bucket is not None:
        query = query.where(found.bucket == bucket)
    return [_movement(row) for row in db.execute(query)]


def balances_at(
    db: Connection, sku_code: str, *, at: datetime | None = None
) -> tuple[BalanceRow, ...]:
    """Return what a SKU's movements add up to, now or as of a moment.

    Raises:
        NotFoundError: there is no such SKU.
    """
    move = stock_movements.c
    query = (
        select(locations.c.name, locations.c.code, move.bucket, func.sum(move.quantity))
        .outerjoin(locations, locations.c.id == move.location_id)
        .where(move.sku_id == _sku(db, sku_code).id)
        .group_by(move.location_id, locations.c.name, locations.c.code, move.bucket)
        .order_by(locations.c.code, move.bucket)
    )
    if at is not None:
        query = query.where(move.occurred_at <= at)
    return tuple(
        BalanceRow(name or "", code or "", bucket, BUCKETS.get(bucket, bucket), int(units))
        for name, code, bucket, units in db.execute(query)
    )


def stock_steps(db: Connection, sku_code: str, *, now: datetime) -> tuple[Step, ...]:
    """Return how a SKU's on hand becomes what is for sale at all; a kit's by its parts.

    Raises:
        NotFoundError: there is no such SKU.
    """
    sku_id = _sku(db, sku_code).id
    return before_the_sheet(goods_of(db, [sku_id], now=now, with_pace=False)[sku_id])


def _sku(db: Connection, code: str) -> Any:
    row = db.execute(select(skus.c.id, skus.c.is_kit).where(skus.c.code == code)).first()
    if row is None:
        raise NotFoundError(f"There is no SKU “{code}”.", "Check the code, or import it.")
    return row


def _movement(row: Any) -> MovementRow:
    return MovementRow(
        id=row.id,
        at=row.occurred_at,
        recorded_at=row.recorded_at,
        location=row.name or "",
        location_code=row.code or "",
        bucket=row.bucket,
        bucket_words=BUCKETS.get(row.bucket, row.bucket),
        quantity=row.quantity,
        balance=int(row.balance),
        cause=row.cause,
        cause_words=CAUSES.get(row.cause, row.cause),
        order_id=row.order_id,
        order_number=row.number or "",
        channel=row.channel_name or "",
        actor=row.actor,
        source=row.source,
        reason=row.reason,
    )
