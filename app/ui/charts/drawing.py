"""What is every chart drawn with? The window's colours and letters, and places that say their value.

matplotlib is loaded with the first chart, on a reader's thread; only pixels and places come back.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app.ui.tokens import PAPER, PAPER_INK, PAPER_QUIET, PAPER_RULE, Tokens, Tone

DPI: Final = 100
SMALL, BODY, STRONG = 8.0, 9.0, 10.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a picture that has a value: where it is, in shares from the top left, and what it says.

    ``opens`` is what a click shows: whatever the page knows to open.
    """

    left: float
    top: float
    width: float
    height: float
    words: str
    opens: object = None

    def has(self, x: float, y: float) -> bool:
        """Return whether a point is in it."""
        return self.left <= x <= self.left + self.width and self.top <= y <= self.top + self.height


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers that a picture shows."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as pixels (or as a drawing), its places, and its numbers."""

    picture: bytes
    spots: tuple[Spot, ...] = ()
    table: Table = Table((), ())


@dataclass(frozen=True, slots=True)
class Canvas:
    """How a chart is wanted: its points across and down, how fine, as png, svg or pdf, and in which look."""

    look: Tokens
    size: tuple[int, int]
    scale: float = 1.0
    kind: str = "png"
    font: str = ""


def on_paper(canvas: Canvas) -> Canvas:
    """Return the same chart for paper: black on white, whatever the window looks like."""
    from app.ui.tokens import LIGHT

    look = replace(LIGHT, surface=PAPER, text=PAPER_INK, muted=PAPER_QUIET, border=PAPER_RULE)
    return replace(canvas, look=look)


def new_figure(canvas: Canvas) -> Any:
    """Return an empty figure of the wanted size."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    wide, tall = canvas.size
    figure = Figure(figsize=(wide / DPI, tall / DPI), dpi=DPI * canvas.scale,
                    facecolor=canvas.look.surface)  # fmt: skip
    FigureCanvasAgg(figure)
    return figure


def finished(figure: Any, canvas: Canvas, spots: Sequence[Spot], table: Table) -> Drawing:
    """Return the figure as a picture, in the window's letters."""
    family = family_of(canvas.font)
    for text in figure.findobj(_is_text):
        text.set_fontfamily(family)
        text.set_parse_math(False)  # "$4 left of $9" is money
    out = io.BytesIO()
    figure.savefig(out, format=canvas.kind, facecolor=canvas.look.surface)
    return Drawing(out.getvalue(), tuple(spots), table)


def _is_text(artist: Any) -> bool:
    return hasattr(artist, "set_fontfamily")


def family_of(font: str) -> list[str]:
    """Return the letters to write with: the window's, where matplotlib knows them."""
    from matplotlib import font_manager

    known = {each.name for each in font_manager.fontManager.ttflist}
    return [font, "DejaVu Sans"] if font in known else ["DejaVu Sans"]


def dress(axes: Any, look: Tokens, *, has_grid: bool = True) -> None:
    """Give axes the window's colours: a quiet floor, hairlines, no box."""
    axes.set_facecolor(look.surface)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(look.border_strong)
        spine.set_linewidth(0.8)
    axes.tick_params(colors=look.muted, labelsize=SMALL, length=0, pad=4)
    if has_grid:
        axes.grid(axis="y", color=look.border, linewidth=0.7)
        axes.set_axisbelow(True)


def head(
    axes: Any, look: Tokens, title: str, figure: str, count: str = "", tone: Tone | None = None
) -> None:
    """Write a panel's name above it, how many rows it has, and below the name what it comes to."""
    color = look.ink(tone) if tone else look.muted
    for words, at, up, size, weight, ink in (
        (title, 0, 20, STRONG, "bold", look.text), (figure, 0, 7, SMALL, "normal", color),
        (count, 1, 21, SMALL, "normal", look.muted),
    ):  # fmt: skip
        axes.annotate(words, (at, 1), xycoords="axes fraction", xytext=(0, up), color=ink,
                      textcoords="offset points", fontsize=size, fontweight=weight,
                      va="bottom", ha="right" if at else "left")  # fmt: skip


def strip(figure: Any, axes: Any, first: float, last: float, words: str, opens: object) -> Spot:
    """Return the place of a panel between two values of its lower axis, over its whole height."""
    wide, tall = figure.bbox.width, figure.bbox.height
    box = axes.get_window_extent()
    left = axes.transData.transform((first, 0))[0]
    right = axes.transData.transform((last, 0))[0]
    left, right = max(left, box.x0), min(right, box.x1)
    return Spot(
        left / wide, 1 - box.y1 / tall, (right - left) / wide, box.height / tall, words, opens
    )


def band(figure: Any, axes: Any, first: float, last: float, words: str, opens: object) -> Spot:
    """Return the place between two values of a panel's upright axis, over the whole width."""
    tall, box = figure.bbox.height, axes.get_window_extent()
    ends = sorted(axes.transData.transform((0, value))[1] for value in (first, last))
    low, high = max(ends[0], box.y0), min(ends[1], box.y1)
    return Spot(0, 1 - high / tall, 1, (high - low) / tall, words, opens)
