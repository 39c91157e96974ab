"""What does the page Insights read, and what is drawn of it? All of it away from the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from app.analytics.kpis import keeper
from app.analytics.kpis.insights import Detail, Overview, detail, overview, stock_and_sales
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.kinds import Dimension, Measure
from app.services.desk import Desk
from app.ui.charts.drawing import Canvas, Drawing
from app.ui.pages.insights import words

COUNTING_S: Final = 1.5  # what takes longer is counted behind the page


class Shown(StrEnum):
    """As what a figure is shown."""

    WEEKS = "weeks"
    TIMES = "times"
    STOCK = "stock"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to see."""

    measure: Measure
    by: Dimension = Dimension.CHANNEL
    weeks: int = 13
    shown: Shown = Shown.WEEKS


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure and its chart."""

    wish: Wish
    detail: Detail
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class OrdersOf:
    """What a bar of sales opens: the orders of a week, on the page Orders."""

    query: str


def read_overview(desk: Desk, weeks: int) -> Overview:
    """Count what is missing, for a moment at most, then read every figure."""
    now = desk.now()
    is_whole = keeper.catch_up(desk.store, now=now, seconds=COUNTING_S)
    return desk.read(overview, now=now, weeks=weeks, is_whole=is_whole)


def read_picture(desk: Desk, wish: Wish, canvas: Canvas) -> Picture:
    """Read one figure and draw it."""
    found = desk.read(detail, wish.measure, by=wish.by, now=desk.now(), weeks=wish.weeks)
    return Picture(wish, found, drawn(desk, wish, found, canvas))


def drawn(desk: Desk, wish: Wish, found: Detail, canvas: Canvas) -> Drawing:
    """Draw a figure as it is wanted."""
    from app.ui.charts import kpis  # matplotlib comes with the first chart

    if wish.shown is Shown.STOCK:
        sold = desk.read(stock_and_sales, now=desk.now(), weeks=wish.weeks)
        return kpis.stock_beside_sales(sold, canvas, words.week, _orders_of)
    draw: Callable[..., Drawing] = kpis.weekly
    if wish.shown is Shown.TIMES and KPIS[wish.measure].is_duration:
        draw = kpis.distribution
    return draw(found, canvas, words.week)


def _orders_of(monday: date) -> OrdersOf:
    last = monday + timedelta(days=6)
    return OrdersOf(f"placed:{monday.isoformat()}..{last.isoformat()} -is:cancelled -is:bychannel")


def report_pages(desk: Desk, canvas: Canvas) -> bytes:
    """Draw the weekly report for paper."""
    from app.ui.charts import report

    now = desk.now()
    keeper.catch_up(desk.store, now=now, seconds=20)
    whole = desk.read(overview, now=now, weeks=13)
    read = partial(desk.read, detail, by=Dimension.CHANNEL, now=now, weeks=13)
    sold = desk.read(stock_and_sales, now=now, weeks=13)
    return report.weekly_report(whole, read, sold, canvas, now)
