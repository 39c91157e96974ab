"""Which rows does a number count? Exactly those, each with how it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select

from app.analytics.kpis.measuring import Span, cut
from app.analytics.kpis.populations import rows
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.kinds import Dimension, Grain, Measure
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.fulfilment import shipments
from app.models.orders import order_lines, orders


class Part(StrEnum):
    """Which of the rows of a share are meant."""

    ALL = "all"
    HITS = "hits"
    MISSES = "misses"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a number counts: a measure in a span of time, all of it or one or more slices of it.

    Of a duration it may be those at least so long and shorter than so long, in seconds. ``channel``
    leaves out the rows of all others.
    """

    measure: Measure
    span: Span
    by: Dimension | None = None
    slices: tuple[str, ...] = ()
    part: Part = Part.ALL
    lasting: tuple[int, int] | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One row that is counted. ``name`` is the order's number, the SKU or the case's title.

    ``detail`` says more of a part of an order: its SKU, its tracking number. ``is_hit`` and
    ``seconds`` say how it counts: one of them is empty.
    """

    id: int
    order_id: int | None
    name: str
    detail: str
    channel: str
    at: datetime
    is_hit: bool | None
    seconds: int | None


def count_rows(db: Connection, counted: Counted, *, now: datetime) -> int:
    """Return how many rows there are."""
    found, _source = _found(counted, now)
    return int(db.execute(select(func.count()).select_from(found.subquery())).scalar_one())


def counted_rows(
    db: Connection, counted: Counted, *, now: datetime, limit: int | None = 200, offset: int = 0
) -> list[CountedRow]:
    """Return the rows: what took longest or went wrong first, the newest of those in front."""
    found, source = _found(counted, now)
    column = source.c
    is_share = KPIS[counted.measure].is_share
    first = column.hit if is_share else column.seconds.desc()
    page = found.order_by(first, column.at.desc(), column.id).limit(limit).offset(offset)
    return [_row(each, is_share) for each in db.execute(page)]


def _found(counted: Counted, now: datetime) -> tuple[Select[Any], FromClause]:
    source = rows(counted.measure, now)
    kpi = KPIS[counted.measure]
    joined, name = cut(source, counted.by)
    measured = source.c.hit if kpi.is_share else source.c.seconds
    joined = joined.outerjoin(orders, orders.c.id == source.c.order_id)
    joined, said, detail = _named(kpi.grain, source, joined)
    query = (
        select(source.c.id, source.c.order_id, said.label("name"), detail.label("detail"),
               source.c.channel, source.c.at, measured.label("measured"))
        .select_from(joined)
        .where(counted.span.has(source.c.at))
    )  # fmt: skip
    if counted.slices:
        query = query.where(func.coalesce(name, "").in_(counted.slices))
    if counted.part is not Part.ALL:
        query = query.where(source.c.hit == int(counted.part is Part.HITS))
    if counted.channel:
        query = query.where(source.c.channel == counted.channel)
    if counted.lasting is not None:
        least, less = counted.lasting
        query = query.where(source.c.seconds >= least, source.c.seconds < less)
    if counted.by is not None and len(counted.slices) != 1:
        query = query.distinct()  # a row that is of two slices is one row
    return query, source


def _named(
    grain: Grain, source: FromClause, joined: Any
) -> tuple[Any, ColumnElement[Any], ColumnElement[Any]]:
    """Return what a row is called, and what more is said of it."""
    number, nothing = func.coalesce(orders.c.number, ""), func.substr("", 1)
    if grain is Grain.PARCEL:
        joined = joined.join(shipments, shipments.c.id == source.c.id)
        return joined, number, shipments.c.carrier + " " + shipments.c.tracking_number
    if grain is Grain.LINE:
        joined = joined.join(order_lines, order_lines.c.id == source.c.id)
        return joined, number, order_lines.c.sku_text
    if grain is Grain.CASE:
        joined = joined.join(exception_cases, exception_cases.c.id == source.c.id)
        return joined, exception_cases.c.title, number
    if grain in (Grain.SHELF, Grain.NUMBER):
        code = skus.alias("named")
        return joined.outerjoin(code, code.c.id == source.c.sku_id), code.c.code, nothing
    return joined, number, nothing


def _row(row: Any, is_share: bool) -> CountedRow:
    is_hit, seconds = (bool(row.measured), None) if is_share else (None, row.measured)
    return CountedRow(row.id, row.order_id, row.name or "", row.detail or "", row.channel, row.at,
                      is_hit, seconds)  # fmt: skip
