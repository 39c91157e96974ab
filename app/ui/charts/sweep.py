"""What would each number have cost? Too few held back, too many, both together, and where that is least."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.money import to_decimal
from app.domain.promising.hindsight import Tried
from app.services.backtesting.comparing import Sweep
from app.ui.charts.drawing import (
    SMALL,
    Canvas,
    Drawing,
    Table,
    dress,
    finished,
    head,
    new_figure,
    strip,
)
from app.ui.tokens import Tokens, Tone
from app.ui.words import money

_TOP, _FOOT, _LEFT, _RIGHT = 52, 34, 78, 130  # dots around the panel


@dataclass(frozen=True, slots=True)
class NumberOf:
    """What a place of the chart opens: one of the numbers by itself."""

    value: int


_LINES: Final[Sequence[tuple[str, Tone, str, Callable[[Tried], int]]]] = (
    ("sold, not there", Tone.BAD, "--", lambda each: each.toll.oversold + each.toll.work),
    ("there, not sold", Tone.WARN, ":", lambda each: each.toll.unsold),
    ("together", Tone.ACCENT, "-", lambda each: each.toll.harm),
)  # fmt: skip


def sweep_chart(found: Sweep, title: str, canvas: Canvas) -> Drawing:
    """Draw what each number would have cost, with the one that costs least marked."""
    figure, look = new_figure(canvas), canvas.look
    wide, tall = canvas.size
    axes = figure.add_axes((_LEFT / wide, _FOOT / tall, max(0.2, 1 - (_LEFT + _RIGHT) / wide),
                            max(0.2, 1 - (_TOP + _FOOT) / tall)))  # fmt: skip
    dress(axes, look)
    values = [each.value for each in found.tried]
    most = max(found.now.harm, *(each.toll.harm for each in found.tried), 1)
    axes.set_xlim(values[0] - 0.5, values[-1] + 0.5)
    axes.set_ylim(-0.08 * most, most * 1.12)
    _lines(axes, found, look)
    _knee(axes, found, look)
    axes.set_xticks(values[:: max(1, len(values) // 12)])
    ticks = [most * share // 4 for share in range(5)]
    axes.set_yticks(ticks, [money(each, found.currency) for each in ticks])
    head(axes, look, title, "What each number would have cost; the ring marks where that is least")
    spots = [
        strip(figure, axes, each.value - 0.5, each.value + 0.5, _words(each, found.currency),
              NumberOf(each.value))
        for each in found.tried
    ]  # fmt: skip
    return finished(figure, canvas, spots, _table(found))


def _lines(axes: Any, found: Sweep, look: Tokens) -> None:
    """Draw the three sums, each named at its right end and apart from the others."""
    values = [each.value for each in found.tried]
    low, high = axes.get_ylim()
    room = (high - low) * 11 / 72 * axes.figure.dpi / axes.get_window_extent().height
    at = low
    for words, tone, dashes, of in sorted(_LINES, key=lambda each: each[3](found.tried[-1])):
        amounts = [of(each) for each in found.tried]
        axes.plot(values, amounts, color=look.ink(tone), linestyle=dashes, marker="o", markersize=3,
                  linewidth=2.0 if dashes == "-" else 1.4)  # fmt: skip
        at = max(at + room, amounts[-1])
        axes.annotate(words, (1, at), xycoords=("axes fraction", "data"), xytext=(8, 0),
                      textcoords="offset points", va="center", fontsize=SMALL, color=look.ink(tone))  # fmt: skip
    axes.axhline(found.now.harm, color=look.border_strong, linewidth=1.0, linestyle=(0, (6, 3)))
    axes.annotate("the sheet in force", (0, found.now.harm), xycoords=("axes fraction", "data"), xytext=(4, 3),
                  textcoords="offset points", fontsize=SMALL, color=look.muted)  # fmt: skip


def _knee(axes: Any, found: Sweep, look: Tokens) -> None:
    best = found.best
    axes.plot([best.value], [best.toll.harm], marker="o", markersize=11, markerfacecolor="none",
              markeredgecolor=look.ink(Tone.GOOD), markeredgewidth=2.2)  # fmt: skip
    axes.annotate(f"{best.value} costs least: {money(best.toll.harm, found.currency)}",
                  (best.value, best.toll.harm), xytext=(0, 13), textcoords="offset points", fontsize=SMALL,
                  color=look.ink(Tone.GOOD), fontweight="bold", ha=_side(found))  # fmt: skip


def _side(found: Sweep) -> str:
    """Return to which side of its ring the number is named, so that it stays in the panel."""
    values = [each.value for each in found.tried]
    share = (found.best.value - values[0]) / max(1, values[-1] - values[0])
    return "left" if share < 0.3 else "right" if share > 0.7 else "center"


def _words(each: Tried, currency: str) -> str:
    it = each.toll
    return (f"{each.value}: {money(it.oversold + it.work, currency)} for what was sold and not there, "
            f"{money(it.unsold, currency)} for what was there and not sold; "
            f"together {money(it.harm, currency)}")  # fmt: skip


def _table(found: Sweep) -> Table:
    coin = found.currency
    rows = [
        (str(each.value), str(it.oversold_units), f"{to_decimal(it.oversold + it.work, coin)}",
         str(it.unsold_units), f"{to_decimal(it.unsold, coin)}", f"{to_decimal(it.harm, coin)}",
         f"{it.held_back:.2f}", "yes" if each == found.best else "", coin)
        for each in found.tried for it in (each.toll,)
    ]  # fmt: skip
    return Table(("number", "units_not_there", "cost", "units_not_sold", "lost", "together", "held_back",
                  "costs_least", "currency"), tuple(rows))  # fmt: skip
