"""Figures as pictures: week by week in small multiples, times by how long they took, stock beside sales."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

from app.analytics.kpis.insights import Detail, Slice
from app.analytics.kpis.stock_and_sales import SoldWeek
from app.domain.kpis.figures import Figure, of_sample, percent, percentile, span
from app.domain.kpis.standards import Standard, State
from app.ui.charts.drawing import (
    SMALL,
    Canvas,
    Drawing,
    Spot,
    Table,
    dress,
    finished,
    head,
    new_figure,
    strip,
)
from app.ui.tokens import Tokens, Tone

MOST_PANELS: Final = 12
TONES: Final = {State.BREACH: Tone.BAD, State.WARNING: Tone.WARN, State.GOOD: Tone.GOOD}
_BINS: Final = 16
_FOOT, _GAP = 30, 78  # points below the panels, and between two rows of them
_STEPS: Final = (
    60,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    10_800,
    21_600,
    43_200,
    86_400,
    172_800,
    345_600,
)
SayWeek = Callable[[date], str]


@dataclass(frozen=True, slots=True)
class Limit:
    """A line that a panel's values should stay on one side of."""

    value: float
    words: str
    state: State


def weekly(detail: Detail, canvas: Canvas, say_week: SayWeek) -> Drawing:
    """Draw a figure week by week, a panel for each slice; the others stand behind it, in grey."""
    figure = weekly_figure(detail, canvas, say_week)
    spots = [
        spot
        for axes, each in zip(figure.axes, _largest(detail.slices), strict=True)
        for spot in _week_spots(figure, axes, detail, each, say_week)
    ]
    return finished(figure, canvas, spots, weekly_table(detail))


def weekly_figure(detail: Detail, canvas: Canvas, say_week: SayWeek, *, top: int = 52) -> Any:
    """Return the panels, below so many points of room."""
    figure = new_figure(canvas)
    panels = _largest(detail.slices)
    low, high = _low(detail, panels), _top(detail, panels)
    for axes, each in zip(_grid(figure, len(panels), canvas, top), panels, strict=True):
        limit = _limit(detail, each)
        _behind(axes, detail, panels, each, canvas.look)
        _line(axes, detail, each, canvas.look)
        axes.set_ylim(low, high)
        _weeks_below(axes, each, say_week)
        _up(axes, detail)
        if limit is not None:
            _limited(axes, limit, canvas.look)
        tone = TONES.get(limit.state) if limit is not None else None
        head(axes, canvas.look, each.title, _sum(detail, each.figure),
             _rows(detail, each.figure.rows), tone)  # fmt: skip
    return figure


def weekly_table(detail: Detail) -> Table:
    """Return the numbers of the picture, a row for each slice and week."""
    if detail.kpi.is_share:
        header = ("figure", "slice", "week", "numerator", "denominator", "percent")
        cells: Callable[[Figure], tuple[str, ...]] = _share_cells
    else:
        header = ("figure", "slice", "week", "sample", "median_seconds", "ninetieth_seconds")
        cells = _time_cells
    rows = [
        (detail.kpi.title, each.title, week.isoformat(), *cells(value))
        for each in _largest(detail.slices)
        for week, value, _counted in each.weeks
    ]
    return Table(header, tuple(rows))


def _share_cells(value: Figure) -> tuple[str, ...]:
    return str(value.hits), str(value.rows), percent(value.hits, value.rows)


def _time_cells(value: Figure) -> tuple[str, ...]:
    seconds = (value.median, value.ninetieth)
    return str(value.rows), *("" if each is None else str(each) for each in seconds)


def _largest(slices: Sequence[Slice]) -> list[Slice]:
    """Return the slices with the most rows, in their own order."""
    ranked = sorted(slices, key=lambda each: -sum(value.rows for _w, value, _c in each.weeks))
    kept = {each.name for each in ranked[:MOST_PANELS]}
    return [each for each in slices if each.name in kept]


def _grid(figure: Any, count: int, canvas: Canvas, top: int = 52) -> list[Any]:
    """Return so many panels, as many beside each other as are wide enough to be read."""
    wide, tall = canvas.size
    across = max(1, min(count, wide // 235))
    down = max(1, -(-count // across))
    panel = max(20.0, (tall - top - _FOOT - (down - 1) * _GAP) / down)
    spec = figure.add_gridspec(
        down, across, left=58 / wide, right=1 - 20 / wide, top=1 - top / tall, bottom=_FOOT / tall,
        wspace=0.26, hspace=_GAP / panel,
    )  # fmt: skip
    return [figure.add_subplot(spec[at // across, at % across]) for at in range(count)]


def _values(detail: Detail, each: Slice) -> list[float | None]:
    return [value.value(is_share=detail.kpi.is_share) for _week, value, _counted in each.weeks]


def _everything(detail: Detail, panels: Sequence[Slice]) -> list[float]:
    found = [value for each in panels for value in _values(detail, each) if value is not None]
    if detail.kpi.is_duration:
        found += [
            value.ninetieth for each in panels for _w, value, _c in each.weeks if value.ninetieth
        ]
    limits = [_limit(detail, each) for each in panels]
    return found + [limit.value for limit in limits if limit is not None]


def _top(detail: Detail, panels: Sequence[Slice]) -> float:
    values = _everything(detail, panels)
    most = max(values, default=1.0) or 1.0
    if detail.kpi.is_share:
        return min(103.0, most * 1.15) if most < 90 else 103.0
    return most * 1.06


def _low(detail: Detail, panels: Sequence[Slice]) -> float:
    """Begin at zero, unless all are so high that nothing could be seen of their differences."""
    values = _everything(detail, panels)
    least = min(values, default=0.0)
    return max(0.0, least - (103 - least) * 0.35) if detail.kpi.is_share and least > 50 else 0.0


def _behind(axes: Any, detail: Detail, panels: Sequence[Slice], mine: Slice, look: Tokens) -> None:
    dress(axes, look)
    for other in panels:
        if other is not mine:
            values = _values(detail, other)
            drawn = [float("nan") if value is None else value for value in values]
            axes.plot(range(len(drawn)), drawn, color=look.border_strong, linewidth=0.9, alpha=0.55)


def _line(axes: Any, detail: Detail, each: Slice, look: Tokens) -> None:
    values = _values(detail, each)
    drawn = [float("nan") if value is None else value for value in values]
    places = range(len(drawn))
    if detail.kpi.is_duration:
        most = [float("nan") if v.ninetieth is None else v.ninetieth for _w, v, _c in each.weeks]
        axes.fill_between(places, drawn, most, color=look.accent, alpha=0.13, linewidth=0)
    axes.plot(places, drawn, color=look.accent, linewidth=2.0, solid_capstyle="round")
    axes.plot(places, drawn, "o", color=look.accent, markersize=3.4, markeredgewidth=0)
    newest = next((at for at in reversed(places) if values[at] is not None), None)
    if newest is not None:
        axes.plot([newest], [values[newest]], "o", markersize=7, markerfacecolor=look.surface,
                  markeredgecolor=look.accent, markeredgewidth=2.0)  # fmt: skip
    axes.set_xlim(-0.5, len(drawn) - 0.5)


def _weeks_below(axes: Any, each: Slice, say_week: SayWeek) -> None:
    count = len(each.weeks)
    step = max(1, round(count / 4))
    places = list(range(count - 1, -1, -step))
    axes.set_xticks(places, [say_week(each.weeks[at][0]) for at in places])


def _up(axes: Any, detail: Detail) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]))
    if detail.kpi.is_share:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _at: f"{v:g} %" if v <= 100 else ""))
        return
    low, high = axes.get_ylim()
    axes.set_yticks(_round_times(high))
    axes.set_ylim(low, high)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _at: span(round(v)) if v else "0"))


def _round_times(high: float) -> list[float]:
    """Return a few times that people say: each quarter of an hour, each day …"""
    step = next((each for each in _STEPS if high / each <= 4.5), _STEPS[-1])
    return [step * at for at in range(int(high // step) + 1)]


def _limit(detail: Detail, each: Slice) -> Limit | None:
    """Return the standard that fits a panel, on the panel's own axis."""
    for standing in detail.standings:
        standard = standing.standard
        if standard.scope not in (f"{detail.by.value}:{each.name}", ""):
            continue
        value = _on_axis(standard)
        if value is not None:
            return Limit(value, _limit_words(standard), standing.state)
    return None


def _on_axis(standard: Standard) -> float | None:
    if not standard.is_share:
        return None  # it is about the 90th percentile, and the line is the median
    limit = standard.limit / 100
    return 100 - limit if standard.counts_misses else limit


def _limit_words(standard: Standard) -> str:
    if standard.counts_misses:
        return f"at most {standard.said(standard.limit)} late"
    return f"{'at least' if standard.wants_more else 'at most'} {standard.said(standard.limit)}"


def _limited(axes: Any, limit: Limit, look: Tokens) -> None:
    color = look.ink(Tone.BAD)
    axes.axhline(limit.value, color=color, linewidth=1.0, linestyle=(0, (4, 3)))
    low, high = axes.get_ylim()
    is_high = limit.value > low + (high - low) * 0.5
    axes.annotate(limit.words, (0.01, limit.value), xycoords=("axes fraction", "data"),
                  xytext=(0, -3 if is_high else 3), textcoords="offset points", fontsize=SMALL,
                  color=color, va="top" if is_high else "bottom", zorder=5,
                  bbox={"facecolor": axes.figure.get_facecolor(), "linewidth": 0, "alpha": 0.8, "pad": 0.6})  # fmt: skip


def _sum(detail: Detail, value: Figure) -> str:
    """Say what a figure comes to."""
    if not value.rows:
        return "nothing counted"
    if detail.kpi.is_share:
        return f"{percent(value.hits, value.rows)}, {value.hits:,} of {value.rows:,}"
    return f"median {span(value.median)}, 90 %: {span(value.ninetieth)}"


def _rows(detail: Detail, count: int) -> str:
    many = detail.kpi.grain.plural
    return (
        f"{count:,} {many if count != 1 else detail.kpi.grain.value}"
        if detail.kpi.is_duration
        else ""
    )


def _week_spots(
    figure: Any, axes: Any, detail: Detail, each: Slice, say_week: SayWeek
) -> list[Spot]:
    return [
        strip(figure, axes, at - 0.5, at + 0.5,
              _week_words(detail, each, say_week(week), value),
              counted if value.rows else None)
        for at, (week, value, counted) in enumerate(each.weeks)
    ]  # fmt: skip


def _week_words(detail: Detail, each: Slice, week: str, value: Figure) -> str:
    rows = _rows(detail, value.rows)
    return f"{each.title}, week of {week}: {_sum(detail, value)}{f', {rows}' if rows else ''}"


# ---- how long things took --------------------------------------------------------------------------


def distribution(detail: Detail, canvas: Canvas, _say_week: SayWeek) -> Drawing:
    """Draw how many took how long, a panel for each slice, with the median and the 90th percentile."""
    figure, spots, table = new_figure(canvas), list[Spot](), list[tuple[str, ...]]()
    panels = [each for each in _largest(detail.slices) if each.sample]
    edges = _edges([value for each in panels for value in each.sample])
    for axes, each in zip(_grid(figure, len(panels), canvas), panels, strict=True):
        counts = [sum(low <= value < high for value in each.sample)
                  for low, high in pairwise(edges)]  # fmt: skip
        _bars(axes, counts, edges, each, canvas.look)
        head(axes, canvas.look, each.title, _sum(detail, of_sample(each.sample)),
             _rows(detail, len(each.sample)))  # fmt: skip
        for at, count in enumerate(counts):
            low, high = edges[at], edges[at + 1]
            last = at == len(counts) - 1
            words = f"{each.title}, {_lasted(low, high, is_last=last)}: {count}"
            opens = replace(each.counted, lasting=(low, high))
            spots.append(strip(figure, axes, at, at + 1, words, opens if count else None))
            table.append(
                (detail.kpi.title, each.title, str(low), "" if last else str(high), str(count))
            )
    header = ("figure", "slice", "at_least_seconds", "less_than_seconds", "rows")
    return finished(figure, canvas, spots, Table(header, tuple(table)))


def _lasted(low: int, high: int, *, is_last: bool) -> str:
    return f"{span(low)} or longer" if is_last else f"{span(low)} to {span(high)}"


def _edges(values: Sequence[int]) -> list[int]:
    """Return the borders of the bars: equal steps that people say; what takes very long is one bar."""
    if not values:
        return [0, 60]
    most = percentile(sorted(values), 97)
    step = next((each for each in _STEPS if most / each <= _BINS), _STEPS[-1])
    count = max(1, most // step + 1)
    return [step * at for at in range(count + 1)] + [max(*values, step * count) + 1]


def _bars(
    axes: Any, counts: Sequence[int], edges: Sequence[int], each: Slice, look: Tokens
) -> None:
    from matplotlib.ticker import MaxNLocator

    dress(axes, look)
    axes.bar([at + 0.5 for at in range(len(counts))], counts, width=0.86, color=look.accent, alpha=0.85,
             linewidth=0)  # fmt: skip
    axes.set_xlim(0, len(counts))
    axes.set_ylim(0, max(1, max(counts, default=1)) * 1.25)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    step = max(1, -(-len(counts) // 4))
    places = range(0, len(counts), step)
    axes.set_xticks(list(places), [span(edges[at]) if at else "0" for at in places])
    for share in (50, 90):
        value = percentile(each.sample, share)
        place = next((at for at in range(len(counts)) if value < edges[at + 1]), len(counts) - 1)
        inside = (value - edges[place]) / max(1, edges[place + 1] - edges[place])
        axes.axvline(place + inside, color=look.ink(Tone.WARN), linewidth=1.2,
                     linestyle="-" if share == 50 else (0, (3, 2)))  # fmt: skip


# ---- stock beside sales ----------------------------------------------------------------------------


def stock_beside_sales(
    weeks: Sequence[SoldWeek], canvas: Canvas, say_week: SayWeek, opens: Callable[[date], object]
) -> Drawing:
    """Draw units sold a week as bars, and what lay there at its end as a line above them."""
    figure = stock_figure(weeks, canvas, say_week)
    spots = [
        strip(figure, axes, at - 0.5, at + 0.5, _sold_words(each, say_week), opens(each.week))
        for axes in figure.axes
        for at, each in enumerate(weeks)
    ]
    rows = [(w.week.isoformat(), str(w.units), str(w.orders), str(w.on_hand)) for w in weeks]
    return finished(figure, canvas, spots,
                    Table(("week", "units_sold", "orders", "units_on_hand"), tuple(rows)))  # fmt: skip


def stock_figure(
    weeks: Sequence[SoldWeek], canvas: Canvas, say_week: SayWeek, *, top: int = 52
) -> Any:
    """Return what lay there above what was sold, below so many points of room."""
    figure, look = new_figure(canvas), canvas.look
    wide, tall = canvas.size
    spec = figure.add_gridspec(2, 1, left=64 / wide, right=1 - 24 / wide, top=1 - top / tall,
                               bottom=30 / tall, hspace=0.62 if tall < 700 else 0.3)  # fmt: skip
    there, sold = figure.add_subplot(spec[0]), figure.add_subplot(spec[1])
    on_hand, units = [each.on_hand for each in weeks], [each.units for each in weeks]
    _stacked(there, on_hand, look, say_week, weeks)
    _stacked(sold, units, look, say_week, weeks)
    head(there, look, "Units on hand", f"{on_hand[-1]:,} now; at each week's end")
    head(sold, look, "Units sold a week", f"{sum(units):,} in {len(weeks)} weeks")
    places = range(len(weeks))
    there.plot(places, on_hand, color=look.accent, linewidth=2.2)
    there.fill_between(places, on_hand, color=look.accent, alpha=0.12)
    sold.bar(places, units, width=0.66, color=look.ink(Tone.INFO), alpha=0.8)
    return figure


def _sold_words(each: SoldWeek, say_week: SayWeek) -> str:
    cover = f", enough for {each.on_hand / each.units:.1f} such weeks" if each.units else ""
    return (f"Week of {say_week(each.week)}: {each.units:,} units sold in {each.orders:,} orders, "
            f"{each.on_hand:,} on hand{cover}")  # fmt: skip


def _stacked(
    axes: Any, values: Sequence[int], look: Tokens, say_week: SayWeek, weeks: Sequence[SoldWeek]
) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    dress(axes, look)
    axes.set_xlim(-0.5, len(weeks) - 0.5)
    axes.set_ylim(0, max(1, *values) * 1.2)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _at: f"{value:,.0f}"))
    step = max(1, round(len(weeks) / 8))
    places = list(range(len(weeks) - 1, -1, -step))
    axes.set_xticks(places, [say_week(weeks[at].week) for at in places])
