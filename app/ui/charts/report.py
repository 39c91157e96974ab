"""The week on paper: every figure with its trend and standard, then the promises and the stock as charts.

Drawn as vectors on Letter pages, black on white, whatever the window looks like.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from app.analytics.kpis.insights import Detail, Overview, Slice, Tile
from app.analytics.kpis.standing import Standing
from app.analytics.kpis.stock_and_sales import SoldWeek
from app.domain.kpis.kinds import Measure
from app.domain.kpis.standards import State
from app.ui.charts import kpis
from app.ui.charts.drawing import SMALL, Canvas, family_of, on_paper
from app.ui.pages.insights import words
from app.ui.tokens import Tokens, Tone
from app.ui.words import moment

PAGE: Final = (8.5, 11.0)
_LEFT, _RIGHT, _TOP = 0.07, 0.93, 0.945
_MARKS: Final = {State.GOOD: ("kept", Tone.GOOD), State.WARNING: ("near its limit", Tone.WARN),
                 State.BREACH: ("broken", Tone.BAD), State.TOO_FEW: ("too few to say", None)}  # fmt: skip
_CHARTS: Final = (Measure.ON_TIME_SHIP, Measure.CYCLE_TIME)


def weekly_report(
    whole: Overview, read: Callable[[Measure], Detail], sold: Sequence[SoldWeek], canvas: Canvas,
    now: datetime,
) -> bytes:  # fmt: skip
    """Return the report as a PDF of three pages."""
    from matplotlib.backends.backend_pdf import PdfPages

    paper = on_paper(canvas)
    out = io.BytesIO()
    title = f"The week of {words.week(whole.mondays[-1])}"
    with PdfPages(out, metadata={"Title": f"Orderdeck: {title}"}) as pages:
        for figure in (
            _table_page(whole, paper, title, now),
            _standards_page(whole, paper, title, now),
        ):
            _write(pages, figure, paper)
        for each in _chart_pages(read, sold, paper):
            _write(pages, each, paper)
    return out.getvalue()


def _write(pages: Any, figure: Any, canvas: Canvas) -> None:
    family = family_of(canvas.font)
    for text in figure.findobj(lambda artist: hasattr(artist, "set_fontfamily")):
        text.set_fontfamily(family)
        text.set_parse_math(False)
    pages.savefig(figure, facecolor=canvas.look.surface)


def _page(canvas: Canvas, title: str, more: str) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=PAGE, facecolor=canvas.look.surface)
    figure.text(_LEFT, _TOP, title, fontsize=19, fontweight="bold", color=canvas.look.text)
    figure.text(_LEFT, _TOP - 0.022, more, fontsize=9, color=canvas.look.muted)
    return figure


def _table_page(whole: Overview, canvas: Canvas, title: str, now: datetime) -> Any:
    figure = _page(
        canvas, title, f"The last four weeks, this one with them. Printed {moment(now, now)}."
    )
    look = canvas.look
    columns = (_LEFT, 0.37, 0.59, 0.68, _RIGHT)
    top = 0.885
    for x, head, side in zip(columns, ("Figure", "", "Value", "Counted", "13 weeks"),
                             ("left", "left", "right", "right", "right"), strict=True):  # fmt: skip
        figure.text(x, top, head, fontsize=SMALL, color=look.muted, ha=side)
    lines = sum(max(1, len(tile.slices)) for tile in whole.tiles)
    step = min(0.0245, 0.82 / (lines + len(whole.tiles) * 0.35))
    y = top - 0.014
    for tile in whole.tiles:
        y = _tile_lines(figure, tile, look, y, step, columns)
    return figure


def _tile_lines(
    figure: Any, tile: Tile, look: Tokens, y: float, step: float, columns: Sequence[float]
) -> float:
    """Write a figure's lines, a hairline above them; return where the next begins."""
    from matplotlib.lines import Line2D

    figure.add_artist(Line2D([_LEFT, _RIGHT], [y, y], color=look.border, linewidth=0.6))
    y -= step * 0.35
    state = words.worst(tile.standings)
    name = tile.kpi.name + (
        f"  ({_MARKS[state][0]})" if state in (State.WARNING, State.BREACH) else ""
    )
    tone = _MARKS[state][1] if state in (State.WARNING, State.BREACH) else None
    figure.text(columns[0], y - step * 0.62, name, fontsize=9.5, fontweight="bold",
                color=look.ink(tone) if tone else look.text)  # fmt: skip
    if not tile.slices:
        figure.text(
            columns[1], y - step * 0.62, "nothing to count yet", fontsize=9, color=look.muted
        )
        return y - step
    for each in tile.slices:
        _slice_line(figure, tile, each, look, y, step, columns)
        y -= step
    return y


def _slice_line(
    figure: Any, tile: Tile, each: Slice, look: Tokens, y: float, step: float, columns: Sequence[float]
) -> None:  # fmt: skip
    kpi, base = tile.kpi, y - step * 0.62
    counted = (
        f"{each.figure.hits:,} of {each.figure.rows:,}"
        if kpi.is_share
        else f"of {each.figure.rows:,}"
    )
    for x, said, size, side in ((columns[1], each.title, 9, "left"),
                                (columns[2], words.value(kpi, each.figure), 9.5, "right"),
                                (columns[3], counted, 8.5, "right")):  # fmt: skip
        figure.text(x, base, said, fontsize=size, color=look.text, ha=side)
    axes = figure.add_axes((0.715, y - step * 0.92, 0.215, step * 0.8))
    axes.axis("off")
    values = [value.value(is_share=kpi.is_share) for _week, value, _counted in each.weeks]
    drawn = [float("nan") if value is None else value for value in values]
    axes.plot(range(len(drawn)), drawn, color=look.accent, linewidth=1.2)
    axes.plot(range(len(drawn)), drawn, "o", color=look.accent, markersize=1.6)
    axes.margins(x=0.02, y=0.2)


def _standards_page(whole: Overview, canvas: Canvas, title: str, now: datetime) -> Any:
    figure = _page(
        canvas,
        "What is promised",
        f"{title}: every standard, what it can still bear, and until when.",
    )
    look, y = canvas.look, 0.875
    for each in _in_order(whole.standings):
        mark, tone = _MARKS[each.state]
        figure.text(_LEFT, y, mark, fontsize=9, fontweight="bold",
                    color=look.ink(tone) if tone else look.muted)  # fmt: skip
        figure.text(0.20, y, words.standing_title(each), fontsize=9.5, color=look.text)
        figure.text(0.20, y - 0.0165, words.standing_more(each, now), fontsize=8, color=look.muted)
        y -= 0.0405
    for line in _sources(whole.standings):
        figure.text(_LEFT, y - 0.005, line, fontsize=7.5, color=look.muted)
        y -= 0.014
    return figure


def _sources(standings: Sequence[Standing]) -> list[str]:
    """Return where the channels' standards were read, and when; they change."""
    found = {
        (each.standard.source, each.standard.dated) for each in standings if each.standard.dated
    }
    return [f"{source}, read {dated}." for source, dated in sorted(found)]


def _in_order(standings: Sequence[Standing]) -> list[Standing]:
    order = [State.BREACH, State.WARNING, State.GOOD, State.TOO_FEW]
    return sorted(standings, key=lambda each: order.index(each.state))


def _chart_pages(
    read: Callable[[Measure], Detail], sold: Sequence[SoldWeek], canvas: Canvas
) -> list[Any]:
    size = (int(PAGE[0] * 100), int(PAGE[1] * 100))
    sheet = Canvas(canvas.look, size, 1.0, "pdf", canvas.font)
    found = []
    for measure in _CHARTS:
        detail = read(measure)
        figure = _off_the_edge(kpis.weekly_figure(detail, sheet, words.week, top=165))
        figure.text(
            _LEFT, _TOP, detail.kpi.title, fontsize=19, fontweight="bold", color=canvas.look.text
        )
        figure.text(_LEFT, _TOP - 0.022, f"{detail.kpi.question} Week by week, for each channel.",
                    fontsize=9, color=canvas.look.muted)  # fmt: skip
        found.append(figure)
    figure = _off_the_edge(kpis.stock_figure(sold, sheet, words.week, top=165))
    figure.text(
        _LEFT, _TOP, "Stock beside sales", fontsize=19, fontweight="bold", color=canvas.look.text
    )
    found.append(figure)
    return found


def _off_the_edge(figure: Any) -> Any:
    """Return a chart drawn a little smaller: no printer reaches the edge of the paper."""
    for axes in figure.axes:
        box = axes.get_position()
        axes.set_position((_LEFT - 0.025 + box.x0 * 0.91, 0.05 + box.y0 * 0.94, box.width * 0.91,
                           box.height * 0.94))  # fmt: skip
    return figure
