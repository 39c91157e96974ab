"""What is on its way, by when, and which shelves are being counted?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.errors import NotFoundError
from app.models.catalogue import skus
from app.models.inbound import (
    expected_receipt_lines,
    expected_receipts,
    stock_count_lines,
    stock_counts,
)
from app.models.inventory import locations


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One SKU of a delivery; ``outstanding`` units have not come yet."""

    sku: str
    title: str
    expected: int
    received: int
    outstanding: int


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery that was ordered, or stock that travels between two locations (with an origin)."""

    id: int
    number: str
    kind: str
    location: str
    location_code: str
    origin: str
    supplier: str
    note: str
    state: str
    expected_at: datetime | None
    created_at: datetime
    created_by: str
    lines: tuple[DeliveryLine, ...]

    @property
    def outstanding(self) -> int:
        """The units that have not come yet."""
        return sum(line.outstanding for line in self.lines)

    @property
    def comes_from(self) -> str:
        """Who sends it."""
        return self.origin or self.supplier


@dataclass(frozen=True, slots=True)
class CountLine:
    """One SKU of a count; ``expected`` is what the ledger said when its shelf was counted."""

    sku: str
    title: str
    counted: int | None
    expected: int | None
    counted_at: datetime | None
    counted_by: str

    @property
    def difference(self) -> int | None:
        """What was found more (or less) than expected."""
        if self.counted is None or self.expected is None:
            return None
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class CountRow:
    """A count of a location's shelves."""

    id: int
    location: str
    location_code: str
    state: str
    note: str
    started_at: datetime
    started_by: str
    lines: tuple[CountLine, ...]

    @property
    def done(self) -> int:
        """How many SKUs were counted."""
        return sum(line.counted is not None for line in self.lines)


def deliveries(
    db: Connection, *, sku: str | None = None, with_closed: bool = False, limit: int = 200
) -> list[DeliveryRow]:
    """Return what is on its way, the soonest first; what has no date comes last."""
    head = expected_receipts.c
    origin = locations.alias()
    query = (
        select(
            expected_receipts, locations.c.name.label("location"),
            locations.c.code.label("location_code"), origin.c.name.label("origin"),
        )
        .join(locations, locations.c.id == head.location_id)
        .outerjoin(origin, origin.c.id == head.origin_id)
        .order_by(head.state.desc(), head.expected_at.is_(None), head.expected_at, head.id)
        .limit(limit)
    )  # fmt: skip
    if not with_closed:
        query = query.where(head.state == "open")
    if sku is not None:
        line = expected_receipt_lines.c
        inside = select(line.receipt_id).join(skus, skus.c.id == line.sku_id)
        inside = inside.where(skus.c.code == sku)
        if not with_closed:
            inside = inside.where(line.outstanding > 0)
        query = query.where(head.id.in_(inside))
    rows = db.execute(query).all()
    lines = _delivery_lines(db, [row.id for row in rows])
    return [
        DeliveryRow(
            row.id, row.number, row.kind, row.location, row.location_code, row.origin or "",
            row.supplier, row.note, row.state, row.expected_at, row.created_at, row.created_by,
            lines.get(row.id, ()),
        )
        for row in rows
    ]  # fmt: skip


def delivery_id(db: Connection, number: str) -> int:
    """Return the id of a delivery by its number.

    Raises:
        NotFoundError: there is none.
    """
    head = expected_receipts.c
    found = db.execute(select(head.id).where(head.number == number)).scalar()
    if found is None:
        there = db.execute(select(head.number).where(head.state == "open").order_by(head.id))
        names = ", ".join(there.scalars()) or "none"
        raise NotFoundError(f"There is no delivery “{number}”; nothing was changed.",
                            f"On their way: {names}.")  # fmt: skip
    return int(found)


def counts(db: Connection, *, with_closed: bool = False, limit: int = 50) -> list[CountRow]:
    """Return the counts that are open, or all of them, the newest first."""
    head = stock_counts.c
    query = (
        select(stock_counts, locations.c.name.label("location"),
               locations.c.code.label("location_code"))
        .join(locations, locations.c.id == head.location_id)
        .order_by(head.id.desc())
        .limit(limit)
    )  # fmt: skip
    if not with_closed:
        query = query.where(head.state == "open")
    rows = db.execute(query).all()
    lines = _count_lines(db, [row.id for row in rows])
    return [
        CountRow(row.id, row.location, row.location_code, row.state, row.note, row.started_at,
                 row.started_by, lines.get(row.id, ()))
        for row in rows
    ]  # fmt: skip


def _delivery_lines(
    db: Connection, receipt_ids: Collection[int]
) -> Mapping[int, tuple[DeliveryLine, ...]]:
    line = expected_receipt_lines.c
    query = (
        select(expected_receipt_lines, skus.c.code, skus.c.title)
        .join(skus, skus.c.id == line.sku_id)
        .where(line.receipt_id.in_(receipt_ids))
        .order_by(line.id)
    )
    found: dict[int, tuple[DeliveryLine, ...]] = {}
    for row in db.execute(query):
        made = DeliveryLine(row.code, row.title, row.expected, row.received, row.outstanding)
        found[row.receipt_id] = (*found.get(row.receipt_id, ()), made)
    return found


def _count_lines(db: Connection, count_ids: Collection[int]) -> Mapping[int, tuple[CountLine, ...]]:
    line = stock_count_lines.c
    query = (
        select(stock_count_lines, skus.c.code, skus.c.title)
        .join(skus, skus.c.id == line.sku_id)
        .where(line.count_id.in_(count_ids))
        .order_by(skus.c.code)
    )
    found: dict[int, tuple[CountLine, ...]] = {}
    for row in db.execute(query):
        made = CountLine(row.code, row.title, row.counted, row.expected, row.counted_at,
                         row.counted_by)  # fmt: skip
        found[row.count_id] = (*found.get(row.count_id, ()), made)
    return found
