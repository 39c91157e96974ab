"""The figures by week, kept so that a page of them is read at once, and never in anybody's way.

What has changed is noticed behind the writers' backs: new rows by their ids, which only grow; changed
orders by the trail and by when they were updated. The running week and the one before it are counted
again as time passes, and every other week once a day, so that nothing stays wrong for longer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from app.analytics.kpis.changed import changed_weeks, marks
from app.analytics.kpis.measuring import Cell, Cells, Span, cells
from app.analytics.kpis.samples import packed, unpacked
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import Figure
from app.domain.kpis.kinds import Dimension, Measure
from app.domain.kpis.weeks import begins, last_weeks, week_of
from app.models import house
from app.models.bulk import insert_rows
from app.models.kpis import LAYOUT, kpi_cells, kpi_state, kpi_weeks
from app.models.orders import orders, sales_channels

MOST_ORDERS: Final = 20_000  # in the weeks that are counted in one go
_MOVING: Final = timedelta(minutes=15)  # so old may the running week be
_HEALED: Final = timedelta(days=1)  # … and any other
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """Weeks as counted at a moment, ready to be written."""

    weeks: tuple[date, ...]
    rows: tuple[Mapping[str, Any], ...]
    state: Mapping[str, Any]
    is_anew: bool


def is_current(db: Connection, *, now: datetime) -> bool:
    """Return whether there is nothing to count."""
    return not _stale(db, now)[0]


def counted_at(db: Connection) -> datetime | None:
    """Return when the newest week was counted."""
    newest = select(kpi_weeks.c.counted_at).order_by(kpi_weeks.c.week.desc()).limit(1)
    return db.execute(newest).scalar()


def count_some(db: Connection, *, now: datetime) -> Turn | None:
    """Count some weeks that are missing or may be wrong by now; nothing if all are right."""
    weeks, is_anew = _stale(db, now)
    if not weeks:
        return None
    zone = ZoneInfo(house.time_zone(db))
    some = _few(db, weeks, zone)
    state = {"id": 1, "layout": LAYOUT, "zone": zone.key, "marks": marks(db), "looked_at": now}
    return Turn(tuple(some), tuple(_counted(db, some, zone, now)), state, is_anew)


def write(db: Connection, turn: Turn, *, now: datetime) -> None:
    """Keep what was counted; what else had changed by then is noted as not counted."""
    keys = [week.isoformat() for week in turn.weeks]
    if turn.is_anew:
        forget(db)
    else:
        _unsettle(db, turn, now)
        for table in (kpi_cells, kpi_weeks):
            db.execute(delete(table).where(table.c.week.in_(keys)))
    insert_rows(db, kpi_cells, turn.rows)
    insert_rows(db, kpi_weeks, [{"week": key, "counted_at": now} for key in keys])
    db.execute(delete(kpi_state))
    db.execute(insert(kpi_state), [dict(turn.state)])


def forget(db: Connection) -> None:
    """Empty everything: it is counted anew from the rows."""
    for table in (kpi_cells, kpi_weeks, kpi_state):
        db.execute(delete(table))


def _unsettle(db: Connection, turn: Turn, now: datetime) -> None:
    """Forget when other changed weeks were counted: the state will not remember their changes."""
    others = [each.isoformat() for each in _stale(db, now)[0] if each not in turn.weeks]
    db.execute(delete(kpi_weeks).where(kpi_weeks.c.week.in_(others)))


# ---- what is to be counted ------------------------------------------------------------------------


def _stale(db: Connection, now: datetime) -> tuple[list[date], bool]:
    """Return the weeks to count, the newest first, and whether everything begins anew."""
    zone = ZoneInfo(house.time_zone(db))
    wanted = _all_weeks(db, zone, now)
    state = db.execute(select(kpi_state)).first()
    if state is None or state.layout != LAYOUT or state.zone != zone.key:
        return wanted, state is not None
    known = {date.fromisoformat(row.week): row.counted_at for row in db.execute(select(kpi_weeks))}
    moved = changed_weeks(db, state.marks, state.looked_at, zone)
    stale = [
        week for week in wanted
        if week not in known or week in moved or now - known[week] >= _patience(week, wanted)
    ]  # fmt: skip
    return stale, False


def _patience(week: date, wanted: Sequence[date]) -> timedelta:
    return _MOVING if week in wanted[:2] else _HEALED


def _all_weeks(db: Connection, zone: ZoneInfo, now: datetime) -> list[date]:
    """Return the weeks since the first order, the running one in front; none without an order."""
    first = db.execute(select(func.min(orders.c.placed_at))).scalar()
    if first is None:
        return []
    count = (week_of(now, zone) - week_of(min(first, now), zone)).days // 7 + 1
    return last_weeks(now, zone, count)[::-1]


def _few(db: Connection, weeks: Sequence[date], zone: ZoneInfo) -> list[date]:
    """Return the newest of the weeks that are not too many orders to count in one go."""
    found: list[date] = []
    total = 0
    for week in weeks:
        span = (begins(week, zone), begins(week + _WEEK, zone))
        total += db.execute(_PLACED, {"begins": span[0], "ends": span[1]}).scalar_one()
        if found and total > MOST_ORDERS:
            break
        found.append(week)
    return found


_PLACED: Final = (
    select(func.count())
    .select_from(orders)
    .where(orders.c.placed_at >= bindparam("begins"), orders.c.placed_at < bindparam("ends"))
)


# ---- counting ------------------------------------------------------------------------------------


def _counted(
    db: Connection, weeks: Collection[date], zone: ZoneInfo, now: datetime
) -> Iterator[dict[str, Any]]:
    """Count every figure in these weeks, by everything that it can be told apart by."""
    span = Span(begins(min(weeks), zone), begins(max(weeks) + _WEEK, zone))
    kinds = dict(db.execute(select(sales_channels.c.code, sales_channels.c.kind)).all())
    for measure in KPIS:
        by_channel = cells(db, measure, span, Dimension.CHANNEL, zone=zone, now=now)
        yield from _rows(measure, Dimension.CHANNEL, by_channel, weeks)
        yield from _rows(measure, Dimension.KIND, _merged(by_channel, kinds), weeks)
        for by in (Dimension.LOCATION, Dimension.CARRIER, Dimension.FAMILY):
            found = cells(db, measure, span, by, zone=zone, now=now)
            yield from _rows(measure, by, found, weeks)


def _merged(found: Cells, kinds: Mapping[str, str]) -> Cells:
    merged: Cells = {}
    for (channel, week), cell in found.items():
        merged.setdefault((kinds.get(channel, ""), week), Cell()).add(cell)
    return merged


def _rows(
    measure: Measure, by: Dimension, found: Cells, weeks: Collection[date]
) -> Iterator[dict[str, Any]]:
    for (name, week), cell in found.items():
        if week in weeks:
            figure = cell.figure
            yield {
                "measure": measure.value, "cut": by.value, "week": week.isoformat(), "slice": name,
                "counted": figure.rows, "hits": figure.hits, "median": figure.median,
                "ninetieth": figure.ninetieth,
                "sample": packed(cell.sample) if cell.sample else None,
            }  # fmt: skip


# ---- reading -------------------------------------------------------------------------------------


def weekly(
    db: Connection, by: Dimension, weeks: Sequence[date], measures: Collection[Measure] = ()
) -> dict[tuple[Measure, str, date], Figure]:
    """Return the figures of these weeks by measure, slice and week: a look at a small table."""
    cell = kpi_cells.c
    query = select(
        cell.measure, cell.slice, cell.week, cell.counted, cell.hits, cell.median, cell.ninetieth
    ).where(
        cell.measure.in_([each.value for each in measures or KPIS]), cell.cut == by.value,
        cell.week >= min(weeks).isoformat(), cell.week <= max(weeks).isoformat(),
    )  # fmt: skip
    days = {week.isoformat(): week for week in weeks}
    known = {each.value: each for each in Measure}
    return {
        (known[measure], name, days[week]): Figure(rows, hits, median, ninetieth)
        for measure, name, week, rows, hits, median, ninetieth in db.execute(query)
        if week in days
    }


def kept_cells(db: Connection, measure: Measure, by: Dimension, weeks: Sequence[date]) -> Cells:
    """Return the cells of one figure with their samples, so that they can be put together."""
    cell = kpi_cells.c
    query = select(cell.slice, cell.week, cell.counted, cell.hits, cell.sample).where(
        cell.measure == measure.value, cell.cut == by.value,
        cell.week.in_([week.isoformat() for week in weeks]),
    )  # fmt: skip
    return {
        (row.slice, date.fromisoformat(row.week)):
            Cell(row.counted, row.hits, list(unpacked(row.sample)))
        for row in db.execute(query)
    }  # fmt: skip


def faults(db: Connection, *, now: datetime) -> list[str]:
    """Count one week again, the one counted longest ago, and say what does not agree.

    A week in which something has changed since is no fault: it is counted again soon.
    """
    zone = ZoneInfo(house.time_zone(db))
    waiting = set(_stale(db, now)[0])
    known = db.execute(select(kpi_weeks).order_by(kpi_weeks.c.counted_at, kpi_weeks.c.week)).all()
    settled = [date.fromisoformat(row.week) for row in known]
    week = next((each for each in settled if each not in waiting), None)
    if week is None:
        return []
    right = {_key(row): _numbers(row) for row in _counted(db, [week], zone, now)}
    query = select(kpi_cells).where(kpi_cells.c.week == week.isoformat())
    kept = {_key(row): _numbers(row) for row in map(dict, db.execute(query).mappings())}
    wrong = sum(right.get(key) != kept.get(key) for key in {*right, *kept})
    return [f"{wrong} figures of the week of {week} are not what its rows say"] if wrong else []


def _key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return row["measure"], row["cut"], row["slice"]


def _numbers(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["counted"], row["hits"], row["median"], row["ninetieth"]
