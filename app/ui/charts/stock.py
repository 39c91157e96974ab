"""Stock against sales of one SKU: what could be sold as a line, what was sold a day as bars.

matplotlib is loaded when the first chart is drawn, on a reader's thread; only pixels come back.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from app.queries.time_machine import Level
from app.ui.tokens import Tokens, Tone

# Where the axes lie in the picture, as shares of its width and height: left, bottom, width, height.
AXES: Final = (0.055, 0.17, 0.925, 0.74)
_DPI: Final = 100


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a chart shows."""

    begins: datetime
    ends: datetime

    def share(self, at: datetime) -> float:
        """Return where a moment lies, 0 at the beginning and 1 at the end."""
        whole = (self.ends - self.begins).total_seconds() or 1.0
        return min(1.0, max(0.0, (at - self.begins).total_seconds() / whole))

    def moment(self, share: float) -> datetime:
        """Return the moment at a share."""
        return self.begins + (self.ends - self.begins) * min(1.0, max(0.0, share))


def stock_chart(
    levels: Sequence[Level], span: Span, look: Tokens, size: tuple[int, int], *, scale: float = 1.0,
    kind: str = "png",
) -> bytes:  # fmt: skip
    """Return the chart as a picture of so many points, as PNG or SVG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    wide, tall = size
    figure = Figure(figsize=(wide / _DPI, tall / _DPI), dpi=_DPI * scale, facecolor=look.surface)
    FigureCanvasAgg(figure)
    axes: Any = figure.add_axes(AXES, facecolor=look.surface)
    zone = datetime.now(UTC).astimezone().tzinfo
    days = sold_by_day(levels, span)
    noons = [datetime.combine(day, time(12), zone) for day in days]
    axes.bar(noons, list(days.values()), width=0.72, color=look.ground(Tone.INFO),
             edgecolor=look.ink(Tone.INFO), linewidth=0.8, label="Sold a day")  # fmt: skip
    at, units = _line(levels, span)
    axes.step(at, units, where="post", color=look.accent, linewidth=1.8, label="There and not sold")
    axes.axhline(0, color=look.border_strong, linewidth=0.8)
    axes.set_xlim(span.begins, span.ends)
    _dress(axes, look, zone)
    picture = io.BytesIO()
    figure.savefig(picture, format=kind, facecolor=look.surface)
    return picture.getvalue()


def _dress(axes: Any, look: Tokens, zone: tzinfo | None) -> None:
    """Give the axes the window's colours, and whole units."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.ticker import MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    locator = AutoDateLocator(tz=zone, maxticks=9)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    form = ConciseDateFormatter(locator, tz=zone, show_offset=False)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(form)
    axes.tick_params(colors=look.muted, labelsize=8.5, length=3)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(look.border)
    axes.grid(axis="y", color=look.border, linewidth=0.6)
    axes.set_axisbelow(True)
    legend = axes.legend(loc="upper right", bbox_to_anchor=(1.0, 1.2), ncols=2, frameon=False,
                         fontsize=8.5)  # fmt: skip
    for text in legend.get_texts():
        text.set_color(look.text)


def sold_by_day(levels: Sequence[Level], span: Span) -> dict[date, int]:
    """Return the units sold on each day here, in order."""
    found: Counter[date] = Counter()
    for level in levels:
        if level.sold and span.begins <= level.at <= span.ends:
            found[level.at.astimezone().date()] += level.sold
    return dict(sorted(found.items()))


def _line(levels: Sequence[Level], span: Span) -> tuple[list[datetime], list[int]]:
    """Return the corners of the line; before the first movement there was nothing."""
    at = [max(level.at, span.begins) for level in levels] or [span.begins]
    units = [level.units for level in levels] or [0]
    if at[0] > span.begins:
        at.insert(0, span.begins)
        units.insert(0, 0)
    return [*at, span.ends], [*units, units[-1]]


def span_of(levels: Sequence[Level], now: datetime, longest: timedelta) -> Span:
    """Return the time to show: since the first movement, at most so long."""
    first = min((level.at for level in levels), default=now - timedelta(days=1))
    return Span(max(first - timedelta(hours=1), now - longest), now)
