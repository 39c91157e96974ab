"""What is left of a sale, step by step; and where it costs most to serve. Rows from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.analytics.costs.report import CostReport, CostRow, Key
from app.domain.costs.serving import BASIS_WORDS, REVENUE, STEP_WORDS, Basis, Step
from app.domain.money import to_decimal
from app.ui.charts.drawing import (
    BODY,
    DPI,
    SMALL,
    Canvas,
    Drawing,
    Table,
    band,
    dress,
    finished,
    head,
    new_figure,
)
from app.ui.tokens import Tokens, Tone
from app.ui.words import count_of, money

_TOP, _FOOT, _LEFT, _RIGHT = 50, 30, 136, 100  # dots around the bars
_NAMES, _SHARES = 176, 140  # of slices: a channel and a SKU, an amount and a share
_ROW: Final = 20  # points that a row needs
_HATCHED: Final = {Basis.ACTUAL: "", Basis.QUOTED: "....", Basis.ESTIMATED: "////"}
_LEGEND: Final = "full: actual · dotted: quoted · hatched: estimated"
LEFT_OVER: Final = "Left over"


@dataclass(frozen=True, slots=True)
class CostOf:
    """What a bar opens: a slice (``None``: everything), or the orders of it that have these steps."""

    key: Key | None
    steps: tuple[Step, ...] = ()


def waterfall(row: CostRow, key: Key | None, title: str, canvas: Canvas) -> Drawing:
    """Draw what a slice brought, what was taken off, and what is left."""
    figure, look = new_figure(canvas), canvas.look
    steps = [step for step in Step if row.steps.get(step)]
    axes = _panel(figure, canvas, len(steps) + 1)
    at = 0
    for place, step in enumerate(steps):
        _step(axes, place, step, row, at, look)
        at += row.steps[step]
    _left_over(axes, len(steps), row, look)
    names = [*(STEP_WORDS[step] for step in steps), LEFT_OVER]
    amounts = [*(row.steps[step] for step in steps), row.contribution]
    _say(axes, names, [money(each, row.currency) for each in amounts], look)
    head(axes, look, title, _sum(row))
    axes.annotate(_LEGEND, (0, 0), xycoords="axes fraction", xytext=(0, -4), fontsize=SMALL,
                  textcoords="offset points", color=look.muted, va="top")  # fmt: skip
    spots = [
        band(figure, axes, place - 0.5, place + 0.5, _step_words(row, step),
             CostOf(key, (step,)) if row.touched.get(step) else None)
        for place, step in enumerate(steps)
    ]  # fmt: skip
    last = len(steps)
    words = (
        f"{LEFT_OVER}: {money(row.contribution, row.currency)} of {count_of(row.orders, 'order')}"
    )
    spots.append(band(figure, axes, last - 0.5, last + 0.5, words, CostOf(key)))
    return finished(figure, canvas, spots, _steps_table(row, steps))


def _panel(figure: Any, canvas: Canvas, rows: int, left: int = _LEFT, right: int = _RIGHT) -> Any:
    wide, tall = canvas.size
    axes = figure.add_axes((left / wide, _FOOT / tall, max(0.2, 1 - (left + right) / wide),
                            1 - (_TOP + _FOOT) / tall))  # fmt: skip
    dress(axes, canvas.look, has_grid=False)
    axes.spines["bottom"].set_visible(False)
    axes.set_ylim(max(rows, 4) - 0.4, -0.6)
    axes.set_xticks([])
    return axes


def _step(axes: Any, place: int, step: Step, row: CostRow, begin: int, look: Tokens) -> None:
    """Draw one step as far as each part of it is known."""
    tone = look.accent if step in REVENUE and row.steps[step] > 0 else look.ink(Tone.INFO)
    at = begin
    for basis in Basis:
        amount = row.bases.get(step, {}).get(basis, 0)
        if amount:
            axes.barh(place, amount, left=at, height=0.62, color=_paler(tone, basis), linewidth=0.6,
                      edgecolor=tone, hatch=_HATCHED[basis])  # fmt: skip
            at += amount
    axes.plot([at, at], [place + 0.31, place + 0.69], color=look.border_strong, linewidth=0.8)


def _paler(tone: str, basis: Basis) -> Any:
    from matplotlib.colors import to_rgba

    return to_rgba(tone, {Basis.ACTUAL: 0.9, Basis.QUOTED: 0.5, Basis.ESTIMATED: 0.22}[basis])


def _left_over(axes: Any, place: int, row: CostRow, look: Tokens) -> None:
    tone = look.ink(Tone.GOOD if row.contribution >= 0 else Tone.BAD)
    axes.barh(place, row.contribution, height=0.62, color=tone, linewidth=0)
    axes.axvline(0, color=look.border_strong, linewidth=0.8)
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0), max(high, 1))


def _say(
    axes: Any, names: Sequence[str], amounts: Sequence[str], look: Tokens, right: int = _RIGHT
) -> None:
    """Write each row's name before its bar, and its amount after it."""
    axes.set_yticks(range(len(names)), names, fontsize=BODY, color=look.text)
    axes.tick_params(axis="y", colors=look.text, labelsize=BODY, pad=8)
    for place, words in enumerate(amounts):
        axes.annotate(words, (1, place), xycoords=("axes fraction", "data"), xytext=((right - 14) * 72 / DPI, 0),
                      textcoords="offset points", ha="right", va="center", fontsize=BODY,
                      color=look.text)  # fmt: skip


def _sum(row: CostRow) -> str:
    margin = (
        f" ({row.margin_tenths / 10:.1f} %)".replace("-", "−")
        if row.margin_tenths is not None
        else ""
    )
    return (f"{money(row.contribution, row.currency)} left of {money(row.revenue, row.currency)}"
            f"{margin}; costs {known_words(row)}")  # fmt: skip


def known_words(row: CostRow) -> str:
    """Say how the costs are known: "62 % actual, 30 % quoted, 8 % estimated"."""
    shares = [f"{share} % {BASIS_WORDS[basis]}" for basis in Basis if (share := row.known(basis))]
    return ", ".join(shares) or "none"


def _step_words(row: CostRow, step: Step) -> str:
    known = [f"{money(amount, row.currency)} {BASIS_WORDS[basis]}"
             for basis in Basis if (amount := row.bases.get(step, {}).get(basis, 0))]  # fmt: skip
    return (f"{STEP_WORDS[step]}: {money(row.steps[step], row.currency)} in "
            f"{count_of(row.touched.get(step, 0), 'order')}; {', '.join(known)}")  # fmt: skip


def _steps_table(row: CostRow, steps: Sequence[Step]) -> Table:
    def cells(name: str, amount: int, orders: int, bases: Sequence[int]) -> tuple[str, ...]:
        said = (f"{to_decimal(each, row.currency)}" for each in (amount, *bases))
        return (name, *said, str(orders), row.currency)

    rows = [
        cells(STEP_WORDS[step], row.steps[step], row.touched.get(step, 0),
              [row.bases.get(step, {}).get(basis, 0) for basis in Basis])
        for step in steps
    ]  # fmt: skip
    known = [sum(row.bases.get(step, {}).get(basis, 0) for step in steps) for basis in Basis]
    rows.append(cells(LEFT_OVER, row.contribution, row.orders, known))
    return Table(("step", "amount", *(str(basis) for basis in Basis), "orders", "currency"),
                 tuple(rows))  # fmt: skip


# ---- where it costs most ---------------------------------------------------------------------------


def pareto(report: CostReport, names: Sequence[str], canvas: Canvas) -> Drawing:
    """Draw which slices cost most to serve, and what share of all they make together.

    ``names`` are those of the rows. As many as have room; the others together are the last row.
    """
    figure, look = new_figure(canvas), canvas.look
    ranked = sorted(zip(names, report.rows, strict=True), key=lambda each: -each[1].served)
    room = max(3, (canvas.size[1] - _TOP - _FOOT) // _ROW)
    shown = ranked if len(ranked) <= room else ranked[: room - 1]
    rest = sum(row.served for _name, row in ranked[len(shown) :])
    total = sum(row.served for _name, row in ranked)
    bars = [(name, row.served) for name, row in shown]
    if len(ranked) > len(shown):
        bars.append((f"{len(ranked) - len(shown)} others", rest))
    axes = _panel(figure, canvas, len(bars), _NAMES, _SHARES)
    tones = [look.ink(Tone.BAD if row.contribution < 0 else Tone.INFO) for _name, row in shown]
    axes.barh(range(len(shown)), [row.served for _name, row in shown], height=0.62, color=tones)
    shares = _together([amount for _name, amount in bars], total)
    _line(axes, shares, max((row.served for _name, row in shown), default=1), look)
    currency = report.total.currency
    said = [f"{money(amount, currency)} · {share:.0f} %"
            for (_name, amount), share in zip(bars, shares, strict=True)]  # fmt: skip
    _say(axes, [_cut(name) for name, _amount in bars], said, look, _SHARES)
    head(axes, look, "What it costs to serve", f"{money(total, currency)} besides the goods; "
         "line and per cents add up; red: a loss", "")  # fmt: skip
    spots = [
        band(figure, axes, at - 0.5, at + 0.5, _bar_words(name, amount, shares[at], currency),
             CostOf(shown[at][1].key) if at < len(shown) else None)
        for at, (name, amount) in enumerate(bars)
    ]  # fmt: skip
    return finished(figure, canvas, spots, _pareto_table(bars, shares, currency))


def _cut(name: str) -> str:
    return name if len(name) <= 20 else f"{name[:19]}…"


def _together(amounts: Sequence[int], total: int) -> list[float]:
    found, so_far = [], 0
    for amount in amounts:
        so_far += amount
        found.append(100 * so_far / total if total else 0.0)
    return found


def _line(axes: Any, shares: Sequence[float], most: int, look: Tokens) -> None:
    """Draw the shares so far as a line whose right end is all of it."""
    most = max(1, most)
    axes.set_xlim(0, most * 1.02)
    axes.plot([share * most / 100 for share in shares], range(len(shares)), color=look.ink(Tone.WARN),
              linewidth=1.4, marker="o", markersize=3.6)  # fmt: skip


def _bar_words(name: str, amount: int, share: float, currency: str) -> str:
    return f"{name}: {money(amount, currency)} to serve; with those before it {share:.0f} % of all"


def _pareto_table(bars: Sequence[tuple[str, int]], shares: Sequence[float], currency: str) -> Table:
    rows = [
        (name, f"{to_decimal(amount, currency)}", f"{share:.1f}", currency)
        for (name, amount), share in zip(bars, shares, strict=True)
    ]
    return Table(("slice", "cost_to_serve", "percent_so_far", "currency"), tuple(rows))
