"""What does the page Insights show? Every figure as a tile, and one of them week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from app.analytics.kpis import rollup
from app.analytics.kpis.measuring import Cell, Cells, Span, totals
from app.analytics.kpis.rows_behind import Counted
from app.analytics.kpis.standing import Standing, standings
from app.analytics.kpis.stock_and_sales import SoldWeek, sold_weeks
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import Figure
from app.domain.kpis.kinds import Dimension, Kpi, Measure
from app.domain.kpis.standards import Standard
from app.domain.kpis.weeks import begins, last_weeks
from app.models import house
from app.models.inventory import locations
from app.models.orders import sales_channels
from app.models.standards import standards

KINDS: Final[Mapping[str, str]] = {
    "marketplace": "Marketplaces", "own_store": "Own stores", "": "The desk",
}  # fmt: skip
ON_A_TILE: Final = 4  # weeks, the running one with them


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of a figure: over the weeks of a tile or chart, and in each of them, oldest first."""

    name: str
    title: str
    figure: Figure
    counted: Counted
    weeks: tuple[tuple[date, Figure, Counted], ...]
    sample: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure at a glance: marketplaces and own stores apart, and how its standards stand."""

    kpi: Kpi
    slices: tuple[Slice, ...]
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page at a moment; ``is_whole`` is false while weeks are still counted."""

    tiles: tuple[Tile, ...]
    standings: tuple[Standing, ...]
    mondays: tuple[date, ...]
    counted_at: datetime | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """One figure, told apart by something, week by week; its standards, where they fit.

    ``resting`` are those that do not count today; ``version`` is that of all standards.
    """

    kpi: Kpi
    by: Dimension
    slices: tuple[Slice, ...]
    standings: tuple[Standing, ...]
    resting: tuple[Standard, ...] = ()
    version: int = 0


def overview(db: Connection, *, now: datetime, weeks: int, is_whole: bool = True) -> Overview:
    """Return every figure of the last weeks from what is kept."""
    zone = ZoneInfo(house.time_zone(db))
    mondays = last_weeks(now, zone, weeks)
    stand = tuple(standings(db, now=now))
    tiles = tuple(
        Tile(
            kpi, _slices(db, measure, Dimension.KIND, mondays, zone, KINDS, ON_A_TILE),
            tuple(each for each in stand if each.standard.measure is measure),
        )
        for measure, kpi in KPIS.items()
    )  # fmt: skip
    return Overview(tiles, stand, tuple(mondays), rollup.counted_at(db), is_whole)


def detail(db: Connection, measure: Measure, *, by: Dimension, now: datetime, weeks: int) -> Detail:
    """Return one figure of the last weeks, told apart."""
    zone = ZoneInfo(house.time_zone(db))
    mondays = last_weeks(now, zone, weeks)
    found = _slices(db, measure, by, mondays, zone, _titles(db, by), weeks)
    version, every = standards(db)
    fitting = [
        each for each in every
        if each.measure is measure
        and (by is Dimension.CHANNEL or (by is Dimension.KIND and not each.channel))
    ]  # fmt: skip
    stand = standings(db, now=now, only=[each.code for each in fitting]) if fitting else []
    counting = {each.standard.code for each in stand}
    resting = tuple(each for each in fitting if each.code not in counting)
    return Detail(KPIS[measure], by, found, tuple(stand), resting, version)


def stock_and_sales(db: Connection, *, now: datetime, weeks: int) -> list[SoldWeek]:
    """Return units sold and units there, week by week."""
    zone = ZoneInfo(house.time_zone(db))
    return sold_weeks(db, last_weeks(now, zone, weeks), zone=zone, now=now)


def _slices(
    db: Connection, measure: Measure, by: Dimension, mondays: Sequence[date], zone: ZoneInfo,
    titles: Mapping[str, str], at_once: int,
) -> tuple[Slice, ...]:  # fmt: skip
    kept = rollup.kept_cells(db, measure, by, mondays)
    newest = list(mondays[-at_once:])
    whole = totals(kept, newest)
    names = sorted({name for name, _week in kept}, key=lambda name: _place(name, titles))
    return tuple(
        Slice(
            name, titles.get(name, name) or "Not known", whole.get(name, Figure(0)),
            Counted(measure, _span(newest[0], newest[-1], zone), by, (name,)),
            tuple(
                (week, kept.get((name, week), Cell()).figure,
                 Counted(measure, _span(week, week, zone), by, (name,)))
                for week in mondays
            ),
            _sample(kept, name, newest),
        )
        for name in names
    )  # fmt: skip


def _place(name: str, titles: Mapping[str, str]) -> tuple[int, str]:
    known = list(titles)
    return (known.index(name) if name in known else len(known), name)


def _sample(kept: Cells, name: str, weeks: Sequence[date]) -> tuple[int, ...]:
    return tuple(
        sorted(value for week in weeks if (name, week) in kept for value in kept[name, week].sample)
    )


def _span(first: date, last: date, zone: ZoneInfo) -> Span:
    return Span(begins(first, zone), begins(last + timedelta(weeks=1), zone))


def _titles(db: Connection, by: Dimension) -> Mapping[str, str]:
    if by is Dimension.KIND:
        return KINDS
    if by is Dimension.CHANNEL:
        return dict(db.execute(select(sales_channels.c.code, sales_channels.c.name)).all())
    if by is Dimension.LOCATION:
        return dict(db.execute(select(locations.c.code, locations.c.name)).all())
    return {}
