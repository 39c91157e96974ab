"""Every figure of the last weeks, as one table: with what was divided by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.analytics.kpis.measuring import Cells, Span, cells, totals
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import Figure, percent, said
from app.domain.kpis.kinds import Dimension, Measure
from app.domain.kpis.weeks import begins, last_weeks
from app.models import house


@dataclass(frozen=True, slots=True)
class KpiRow:
    """One figure of one slice, over all the weeks or (with ``week``, its Monday) over one of them.

    A share has ``numerator`` and ``denominator``; a duration has the size of its sample in
    ``denominator``, and its percentiles in seconds. ``said`` is the figure as a person reads it.
    """

    measure: str
    title: str
    by: str
    slice: str
    week: date | None
    numerator: int | None
    denominator: int
    percent: str
    median_seconds: int | None
    ninetieth_seconds: int | None
    said: str


def kpi_report(
    db: Connection, *, now: datetime, weeks: int = 4, by: Dimension | None = Dimension.KIND,
    measures: Sequence[Measure] = (), weekly: bool = False,
) -> list[KpiRow]:  # fmt: skip
    """Return the figures of the last weeks, the running one with them.

    Told apart by marketplace and own store unless somebody asks otherwise: what is promised there,
    and what is at stake, have nothing in common.
    """
    zone = ZoneInfo(house.time_zone(db))
    mondays = last_weeks(now, zone, weeks)
    span = Span(begins(mondays[0], zone), begins(mondays[-1] + timedelta(weeks=1), zone))
    found: list[KpiRow] = []
    for measure in measures or tuple(KPIS):
        counted = cells(db, measure, span, by, zone=zone, now=now)
        found += _rows(measure, by, counted, mondays if weekly else [])
    return found


def _rows(
    measure: Measure, by: Dimension | None, counted: Cells, mondays: Sequence[date]
) -> list[KpiRow]:
    found = totals(counted) or {"": Figure(0)}  # nothing to count is no zero, and is said
    whole = [_row(measure, by, name, None, figure) for name, figure in found.items()]
    each = [
        _row(measure, by, name, monday, figure)
        for monday in mondays
        for name, figure in totals(counted, [monday]).items()
    ]
    return whole + each


def _row(
    measure: Measure, by: Dimension | None, name: str, week: date | None, figure: Figure
) -> KpiRow:
    kpi = KPIS[measure]
    return KpiRow(
        measure, kpi.title, by or "", name, week, figure.hits if kpi.is_share else None,
        figure.rows, percent(figure.hits, figure.rows) if kpi.is_share else "", figure.median,
        figure.ninetieth, said(figure, is_share=kpi.is_share),
    )  # fmt: skip
