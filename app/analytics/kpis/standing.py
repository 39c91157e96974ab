"""How does each figure stand against its standard, how much more can it bear, and until when?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, func, select

from app.analytics.kpis.measuring import Span, cells, totals
from app.analytics.kpis.populations import rows
from app.analytics.kpis.rows_behind import Counted, Part
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import Figure
from app.domain.kpis.kinds import Dimension, Good, Measure
from app.domain.kpis.standards import Standard, State, budget, judged
from app.domain.kpis.weeks import begins
from app.models import house
from app.models.base import is_state
from app.models.orders import orders, sales_channels
from app.models.standards import standards

# Orders that are held or short and due so soon will be late, as things stand.
DOOMED_WITHIN: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Standing:
    """One standard with its figure over its window.

    ``left`` is how many more bad rows it bears (below 0: how many too many); the oldest of those
    that count falls out of the window at ``eases_at``. ``coming`` open orders will make it worse as
    things stand: they are due within a day, and held or short.
    """

    standard: Standard
    figure: Figure
    state: State
    span: Span
    left: int | None
    eases_at: datetime | None
    coming: int = 0

    def counted(self, part: Part = Part.ALL) -> Counted:
        """Return the rows that it counts."""
        by, names = slice_of(self.standard)
        return Counted(self.standard.measure, self.span, by, names, part)

    @property
    def bad(self) -> Counted:
        """Return the rows that are against it."""
        is_hit = KPIS[self.standard.measure].good is Good.LOW
        return self.counted(Part.HITS if is_hit else Part.MISSES)


def standings(
    db: Connection, *, now: datetime, only: Sequence[str] = (), at: datetime | None = None
) -> list[Standing]:
    """Return how every standard in force stands, at ``now`` or over the window that ended earlier."""
    _version, every = standards(db)
    zone = house.time_zone(db)
    ends = at or now
    return [
        _standing(db, each, ZoneInfo(each.zone or zone), ends)
        for each in every
        if each.is_in_force(ends.date()) and (not only or each.code in only)
    ]


@dataclass(frozen=True, slots=True)
class LateBudget:
    """How many more late orders a channel bears by its standard; below 0, how many too many."""

    title: str
    left: int


def late_budgets(db: Connection, *, now: datetime) -> dict[str, LateBudget]:
    """Return, by channel, what late orders burn; a channel of no standard has none."""
    _version, every = standards(db)
    codes = [each.code for each in every if each.measure is Measure.ON_TIME_SHIP]
    kinds = dict(db.execute(select(sales_channels.c.code, sales_channels.c.kind)).all())
    found: dict[str, LateBudget] = {}
    for each in standings(db, now=now, only=codes):
        budget = LateBudget(each.standard.title, 0 if each.left is None else each.left)
        for channel, kind in kinds.items():
            if each.standard.channel == channel or (
                each.standard.kind == kind and channel not in found
            ):
                found[channel] = budget
    return found


def _standing(db: Connection, standard: Standard, zone: ZoneInfo, now: datetime) -> Standing:
    today = now.astimezone(zone).date()
    span = Span(begins(today - timedelta(days=standard.window_days), zone), now)
    by, names = slice_of(standard)
    found = totals(cells(db, standard.measure, span, by, zone=zone, now=now))
    figure = found.get(names[0] if names else "", Figure(0))
    eases = _oldest_bad(db, standard, span, now)
    return Standing(
        standard, figure, judged(standard, figure), span, budget(standard, figure),
        eases and begins(
            eases.astimezone(zone).date() + timedelta(days=standard.window_days + 1), zone
        ),
        _coming(db, standard, now),
    )  # fmt: skip


def slice_of(standard: Standard) -> tuple[Dimension | None, tuple[str, ...]]:
    """Return by what a standard is told apart, and which slice it is about."""
    if standard.channel:
        return Dimension.CHANNEL, (standard.channel,)
    return (Dimension.KIND, (standard.kind,)) if standard.kind else (None, ())


def _oldest_bad(db: Connection, standard: Standard, span: Span, now: datetime) -> datetime | None:
    """Return the moment of the oldest row that is against it."""
    if not standard.is_share:
        return None
    counted = rows(standard.measure, now)
    bad = 1 if KPIS[standard.measure].good is Good.LOW else 0
    query = select(func.min(counted.c.at)).where(
        span.has(counted.c.at), counted.c.hit == bad, *_scope(standard, counted.c.channel)
    )
    return db.execute(query).scalar()


def _scope(standard: Standard, channel: ColumnElement[Any]) -> Iterator[ColumnElement[bool]]:
    if standard.channel:
        yield channel == standard.channel
    elif standard.kind:
        of_kind = select(sales_channels.c.code).where(sales_channels.c.kind == standard.kind)
        yield channel.in_(of_kind)


def _coming(db: Connection, standard: Standard, now: datetime) -> int:
    """Return how many open orders will be late as things stand, where that is what is counted."""
    if standard.measure is not Measure.ON_TIME_SHIP:
        return 0
    query = select(func.count()).where(
        is_state(orders.c.status, "open", "accepted", "partly_shipped"),
        ~orders.c.fulfilled_by_channel, orders.c.is_held | orders.c.is_short,
        orders.c.ship_by >= now, orders.c.ship_by < now + DOOMED_WITHIN,
        *_scope(standard, orders.c.channel),
    )  # fmt: skip
    return int(db.execute(query).scalar_one())
