"""What is each figure, for which channel, place, carrier or family, in which week? Counted from the rows.

Weeks begin at moments that the desk's own zone decides, so that a day on which the clocks change costs
nothing. Percentiles are taken from the values themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    case,
    func,
    literal_column,
    select,
)

from app.analytics.kpis.populations import rows
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import Figure, of_sample
from app.domain.kpis.kinds import Dimension, Measure
from app.domain.kpis.weeks import begins, weeks_between
from app.models.catalogue import skus
from app.models.fulfilment import fulfilment_orders, shipments
from app.models.inventory import locations
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
    is_share = KPIS[measure].is_share
    weeks = weeks_between(span.begins, span.ends, zone)
    found: Cells = defaultdict(Cell)
    for name, at, number, measured in db.execute(
        _grouped(counted, span, by, weeks, zone, is_share)
    ):
        cell = found[name or "", weeks[at]]
        cell.rows += number
        if is_share:
            cell.hits += int(measured)
        else:
            cell.sample.append(measured)
    return found


def _grouped(
    counted: FromClause, span: Span, by: Dimension | None, weeks: Sequence[date], zone: ZoneInfo,
    is_share: bool,
) -> Select[Any]:  # fmt: skip
    """Return the question: rows and hits of each slice and week, or each row's seconds."""
    source, name = cut(counted, by)
    measured = counted.c.hit if is_share else counted.c.seconds
    week = _place(counted.c.at, [begins(each, zone) for each in weeks]).label("week")
    each = select(name.label("slice"), week, measured.label("measured")).select_from(source)
    each = each.where(span.has(counted.c.at))
    if source is not counted:  # a row may stand there twice, for two lines of one family
        each = each.add_columns(counted.c.id).distinct()
    row = each.subquery("each").c
    if not is_share:
        return select(row.slice, row.week, literal_column("1"), row.measured)
    counts = select(row.slice, row.week, func.count(), func.sum(row.measured))
    return counts.group_by(row.slice, row.week)


def _place(at: ColumnElement[Any], moments: Sequence[datetime], first: int = 0) -> Any:
    """Return which of the moments came last at a time, found by halves."""
    if len(moments) == 1:
        return literal_column(str(first))
    half = len(moments) // 2
    earlier, later = _place(at, moments[:half], first), _place(at, moments[half:], first + half)
    return case((at < moments[half], earlier), else_=later)


def totals(found: Cells, weeks: Sequence[date] | None = None) -> dict[str, Figure]:
    """Return the figure of each slice over these weeks, or over all of them."""
    whole: dict[str, Cell] = defaultdict(Cell)
    for (name, week), cell in found.items():
        if weeks is None or week in weeks:
            whole[name].add(cell)
    return {name: cell.figure for name, cell in sorted(whole.items())}


# ---- what figures are told apart by --------------------------------------------------------------


def cut(counted: FromClause, by: Dimension | None) -> Cut:
    """Return the rows with what they are told apart by: a row that belongs to two slices is in both."""
    if by is None:
        return counted, literal_column("''")
    return _CUTS[by](counted)


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
    joined = counted.outerjoin(
        fulfilment_orders, (part.order_id == counted.c.order_id) & (part.state != "cancelled")
    ).outerjoin(locations, locations.c.id == part.location_id)
    return joined, locations.c.code


def _by_carrier(counted: FromClause) -> Cut:
    if "carrier" in counted.c:
        return counted, counted.c.carrier
    is_its = (shipments.c.order_id == counted.c.order_id) & shipments.c.voided_at.is_(None)
    return counted.outerjoin(shipments, is_its), shipments.c.carrier


# A SKU that is of no family is a family of its own.
_FAMILY: Final = func.coalesce(func.nullif(skus.c.family, ""), skus.c.code)


def _by_family(counted: FromClause) -> Cut:
    if "sku_id" in counted.c:
        return counted.outerjoin(skus, skus.c.id == counted.c.sku_id), _FAMILY
    lines = counted.outerjoin(order_lines, order_lines.c.order_id == counted.c.order_id)
    return lines.outerjoin(skus, skus.c.id == order_lines.c.sku_id), _FAMILY


_CUTS: Final[Mapping[Dimension, Callable[[FromClause], Cut]]] = {
    Dimension.CHANNEL: _by_channel,
    Dimension.KIND: _by_kind,
    Dimension.LOCATION: _by_location,
    Dimension.CARRIER: _by_carrier,
    Dimension.FAMILY: _by_family,
}
