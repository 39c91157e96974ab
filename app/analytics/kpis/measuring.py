"""What is each figure, for which channel, place, carrier or family, in which week? Counted from the rows.

The engine groups by UTC hours; weeks are made of hours in the desk's own zone, so that a day on
which the clocks change costs nothing and belongs to the right week. Percentiles are taken from the
values themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, FromClause, Select, case, func, select

from app.analytics.kpis.populations import rows
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import Figure, of_sample
from app.domain.kpis.kinds import Dimension, Measure
from app.domain.kpis.weeks import has_whole_hours, week_of
from app.models.catalogue import skus
from app.models.fulfilment import fulfilment_orders, shipments
from app.models.inventory import locations
from app.models.moments import HourOf, MinuteOf
from app.models.orders import order_lines, sales_channels

Cut = tuple[FromClause, ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Span:
    """The rows whose moment is at or after ``begins`` and before ``ends``."""

    begins: datetime
    ends: datetime

    def has(self, at: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the condition on a column of moments."""
        return (at >= self.begins) & (at < self.ends)


@dataclass(slots=True)
class Cell:
    """What one slice counted in one week: rows and hits, or the sample in seconds."""

    rows: int = 0
    hits: int = 0
    sample: list[int] = field(default_factory=list)

    def add(self, other: Cell) -> None:
        """Count another one's rows as well."""
        self.rows += other.rows
        self.hits += other.hits
        self.sample += other.sample

    @property
    def figure(self) -> Figure:
        """The figure that it makes."""
        return of_sample(self.sample) if self.sample else Figure(self.rows, self.hits)


Cells = dict[tuple[str, date], Cell]


def cells(
    db: Connection, measure: Measure, span: Span, by: Dimension | None, *, zone: ZoneInfo,
    now: datetime,
) -> Cells:  # fmt: skip
    """Return a figure by slice and week; with no dimension there is one slice, named nothing."""
    counted = rows(measure, now)
    source, name = cut(counted, by)
    hour = (HourOf if has_whole_hours(zone, span.begins, span.ends) else MinuteOf)(counted.c.at)
    found: Cells = defaultdict(Cell)
    if KPIS[measure].is_share:
        columns: list[ColumnElement[Any]] = [name, hour, func.count(), func.sum(counted.c.hit)]
        query = _within(select(*columns), source, counted, span).group_by(name, hour)
        for key, moment, number, hits in db.execute(query):
            found[key or "", _week(moment, zone)].add(Cell(number, int(hits)))
        return found
    timed = _within(select(name, hour, counted.c.seconds), source, counted, span)
    for key, moment, seconds in db.execute(timed):
        cell = found[key or "", _week(moment, zone)]
        cell.rows += 1
        cell.sample.append(seconds)
    return found


def totals(found: Cells, weeks: Sequence[date] | None = None) -> dict[str, Figure]:
    """Return the figure of each slice over these weeks, or over all of them."""
    whole: dict[str, Cell] = defaultdict(Cell)
    for (name, week), cell in found.items():
        if weeks is None or week in weeks:
            whole[name].add(cell)
    return {name: cell.figure for name, cell in sorted(whole.items())}


def _within(query: Select[Any], source: FromClause, counted: FromClause, span: Span) -> Select[Any]:
    return query.select_from(source).where(span.has(counted.c.at))


@cache
def _week_of_text(moment: str, zone: ZoneInfo) -> date:
    form = "%Y-%m-%d %H:%M" if ":" in moment else "%Y-%m-%d %H"
    return week_of(datetime.strptime(moment, form).replace(tzinfo=UTC), zone)


def _week(moment: str, zone: ZoneInfo) -> date:
    return _week_of_text(moment, zone)


# ---- what figures are told apart by --------------------------------------------------------------


def cut(counted: FromClause, by: Dimension | None) -> Cut:
    """Return the rows with what they are told apart by: a row that belongs to two slices is in both."""
    if by is None:
        return counted, func.substr("", 1).label("slice")
    source, name = _CUTS[by](counted)
    return source, name.label("slice")


def _by_channel(counted: FromClause) -> Cut:
    return counted, counted.c.channel


def _by_kind(counted: FromClause) -> Cut:
    joined = counted.outerjoin(sales_channels, sales_channels.c.code == counted.c.channel)
    return joined, func.coalesce(sales_channels.c.kind, "")


def _by_location(counted: FromClause) -> Cut:
    if "location_id" in counted.c:
        joined = counted.outerjoin(locations, locations.c.id == counted.c.location_id)
        return joined, func.coalesce(locations.c.code, "")
    part = fulfilment_orders.c
    places = (
        select(part.order_id, locations.c.code)
        .join(locations, locations.c.id == part.location_id)
        .where(part.state != "cancelled")
        .distinct()
        .subquery("places")
    )
    return counted.outerjoin(places, places.c.order_id == counted.c.order_id), places.c.code


def _by_carrier(counted: FromClause) -> Cut:
    if "carrier" in counted.c:
        return counted, counted.c.carrier
    sent = (
        select(shipments.c.order_id, shipments.c.carrier)
        .where(shipments.c.voided_at.is_(None))
        .distinct()
        .subquery("sent")
    )
    return counted.outerjoin(sent, sent.c.order_id == counted.c.order_id), sent.c.carrier


# A SKU that is of no family is a family of its own.
_FAMILY: Final = case((skus.c.family != "", skus.c.family), else_=skus.c.code)


def _by_family(counted: FromClause) -> Cut:
    if "sku_id" in counted.c:
        return counted.outerjoin(skus, skus.c.id == counted.c.sku_id), _FAMILY
    bought = (
        select(order_lines.c.order_id, _FAMILY.label("family"))
        .join(skus, skus.c.id == order_lines.c.sku_id)
        .distinct()
        .subquery("bought")
    )
    return counted.outerjoin(bought, bought.c.order_id == counted.c.order_id), bought.c.family


_CUTS: Final[Mapping[Dimension, Any]] = {
    Dimension.CHANNEL: _by_channel,
    Dimension.KIND: _by_kind,
    Dimension.LOCATION: _by_location,
    Dimension.CARRIER: _by_carrier,
    Dimension.FAMILY: _by_family,
}


def slices(found: Cells) -> Iterator[str]:
    """Return the slices that there are, in order."""
    yield from sorted({name for name, _week in found})
