"""In which weeks has something changed since somebody looked?

Tables only grow, so new rows are known by their ids; what is changed in place says so in the audit
trail or by when its order was updated. From the orders follow all moments at which they may count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select, union_all

from app.domain.kpis.weeks import week_of
from app.models.cases import exception_cases
from app.models.exchange import outbox_messages
from app.models.fulfilment import document_prints, routing_decisions, shipments, tracking_events
from app.models.governance import audit_entries
from app.models.inbound import stock_count_lines
from app.models.orders import orders
from app.models.published import published_quantities
from app.models.returns import return_steps, return_units, returns
from app.models.sets import among

_ORDER: Final = "order:"
# An operation takes its time before it is committed.
_OVERLAP: Final = timedelta(minutes=5)
# Tables whose new rows change how orders count, and the column that names the order.
_OF_ORDERS: Final[tuple[tuple[Table, ColumnElement[Any]], ...]] = (
    (orders, orders.c.id),
    (shipments, shipments.c.order_id),
    (routing_decisions, routing_decisions.c.order_id),
    (exception_cases, exception_cases.c.order_id),
    (document_prints, document_prints.c.order_id),
    (outbox_messages, outbox_messages.c.order_id),
    (returns, returns.c.order_id),
)
# Tables whose rows count by themselves, and when.
_OF_THEMSELVES: Final[tuple[tuple[Table, ColumnElement[Any]], ...]] = (
    (published_quantities, published_quantities.c.computed_at),
    (stock_count_lines, stock_count_lines.c.counted_at),
)
_CHANGED_IN_PLACE: Final[tuple[tuple[ColumnElement[Any], ColumnElement[Any]], ...]] = (
    (stock_count_lines.c.counted_at, stock_count_lines.c.counted_at),
    (published_quantities.c.sent_at, published_quantities.c.computed_at),
    (exception_cases.c.resolved_at, exception_cases.c.resolved_at),
)


def marks(db: Connection) -> dict[str, int]:
    """Return the highest id of each table that is looked at."""
    tables = [table for table, _column in (*_OF_ORDERS, *_OF_THEMSELVES)]
    tables += [tracking_events, return_steps, audit_entries]
    return {table.name: _highest(db, table) for table in tables}


def changed_weeks(
    db: Connection, since: Mapping[str, int], looked_at: datetime, zone: ZoneInfo
) -> set[date]:
    """Return the weeks in which a figure may have become another one."""
    moments: list[datetime | None] = [*_moments_of_orders(db, _orders(db, since, looked_at))]
    for table, column in _OF_THEMSELVES:
        moments += _all(db, select(column).where(_key(table) > since.get(table.name, 0)).distinct())
    if _was_written(db, since):
        for changed, moment in _CHANGED_IN_PLACE:
            lately = changed >= looked_at - _OVERLAP
            moments += _all(db, select(moment).where(lately).distinct())
    return {week_of(moment, zone) for moment in moments if moment}


def _orders(db: Connection, since: Mapping[str, int], looked_at: datetime) -> set[int | None]:
    found: set[int | None] = set()
    for table, column in _OF_ORDERS:
        found.update(_all(db, select(column).where(_key(table) > since.get(table.name, 0))))
    scans = select(shipments.c.order_id).join(
        tracking_events, tracking_events.c.shipment_id == shipments.c.id
    )
    found.update(_all(db, scans.where(_new(tracking_events, since)).distinct()))
    steps = (
        select(returns.c.order_id)
        .join(return_units, return_units.c.return_id == returns.c.id)
        .join(return_steps, return_steps.c.unit_id == return_units.c.id)
    )
    found.update(_all(db, steps.where(_new(return_steps, since)).distinct()))
    if _was_written(db, since):
        lately = orders.c.updated_at >= looked_at - _OVERLAP
        found.update(_all(db, select(orders.c.id).where(lately)))
        subject = audit_entries.c.subject
        named = select(subject).where(_new(audit_entries, since), subject.like(f"{_ORDER}%"))
        found.update(_numbers(_all(db, named)))
    return found


def _was_written(db: Connection, since: Mapping[str, int]) -> bool:
    """Return whether anybody has done anything: the trail grows with every operation."""
    return _highest(db, audit_entries) > since.get(audit_entries.name, 0)


def _numbers(subjects: Iterable[str]) -> Iterable[int]:
    for subject in subjects:
        number = subject.removeprefix(_ORDER)
        if number.isdecimal():
            yield int(number)


def _moments_of_orders(db: Connection, order_ids: set[int | None]) -> Iterable[datetime]:
    """Return every moment at which one of these orders may be counted."""
    keys = {"ids": sorted(each for each in order_ids if each is not None)}
    if not keys["ids"]:
        return ()
    found = [
        *((column, orders.c.id) for column in (orders.c.placed_at, orders.c.ship_by, orders.c.deliver_by)),
        (shipments.c.shipped_at, shipments.c.order_id),
        (routing_decisions.c.decided_at, routing_decisions.c.order_id),
        (exception_cases.c.resolved_at, exception_cases.c.order_id),
    ]  # fmt: skip
    parts = [select(column.label("at")).where(among(key, "ids")) for column, key in found]
    moments = union_all(*parts).subquery()
    return _all(db, select(moments.c.at).where(moments.c.at.is_not(None)).distinct(), keys)


def _all(db: Connection, query: Select[Any], values: Mapping[str, Any] | None = None) -> list[Any]:
    return list(db.execute(query, values or {}).scalars())


def _key(table: Table) -> ColumnElement[Any]:
    return table.primary_key.columns[0]


def _new(table: Table, since: Mapping[str, int]) -> ColumnElement[bool]:
    return _key(table) > since.get(table.name, 0)


def _highest(db: Connection, table: Table) -> int:
    return int(db.execute(select(func.coalesce(func.max(_key(table)), 0))).scalar_one())
