"""One figure at a glance: marketplaces and own stores apart, its trend, and how its standards stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from app.analytics.kpis.insights import Slice, Tile
from app.analytics.kpis.rows_behind import Counted, Part
from app.domain.kpis.kinds import Measure
from app.ui.pages.insights import words
from app.ui.theme import tokens
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, button, down, empty_out
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Text
from app.ui.words import number

WIDEST, NARROWEST, GAP = 380, 285, 10


@dataclass(frozen=True, slots=True)
class Opening:
    """What a tile opens: its figure, or the rows that one of its numbers counts."""

    figure: Callable[[Measure], object]
    rows: Callable[[Counted], object]


class Spark(QWidget):
    """The weeks of a figure as a small line for each slice, and the limit that it has to keep."""

    def __init__(self, slices: Sequence[Slice], *, is_share: bool, limit: float | None) -> None:
        super().__init__()
        self._lines = [
            [figure.value(is_share=is_share) for _week, figure, _counted in each.weeks]
            for each in slices
        ]
        self._limit = limit
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(34)
        self.setAccessibleName("Trend by week")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines; a week without rows is a gap."""
        values = [value for line in self._lines for value in line if value is not None]
        if not values:
            return
        low, high = self._range(values)
        painter, look = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._limit is not None:
            painter.setPen(QPen(QColor(look.ink(Tone.BAD)), 1, Qt.PenStyle.DashLine))
            y = self._y(self._limit, low, high)
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        for line, colour in zip(self._lines, (look.accent, look.ink(Tone.INFO)), strict=False):
            self._draw(painter, line, QColor(colour), low, high)

    def _range(self, values: Sequence[float]) -> tuple[float, float]:
        every = [*values, *([self._limit] if self._limit is not None else [])]
        low, high = min(every), max(every)
        return (low, high) if high > low else (low - 1, high + 1)

    def _y(self, value: float, low: float, high: float) -> float:
        return 4 + (1 - (value - low) / (high - low)) * (self.height() - 8)

    def _draw(
        self, painter: QPainter, line: Sequence[float | None], colour: QColor, low: float, high: float
    ) -> None:  # fmt: skip
        painter.setPen(QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        step = (self.width() - 8) / max(1, len(line) - 1)
        piece: list[QPointF] = []
        for at, value in enumerate([*line, None]):
            if value is not None:
                piece.append(QPointF(4 + at * step, self._y(value, low, high)))
            elif piece:
                painter.drawPolyline(QPolygonF(piece))
                painter.setBrush(colour)
                painter.drawEllipse(QRectF(piece[-1].x() - 1.8, piece[-1].y() - 1.8, 3.6, 3.6))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                piece = []


class TileCard(QFrame):
    """The card of one figure."""

    def __init__(self, measure: Measure, opening: Opening) -> None:
        super().__init__()
        self.measure, self._opening = measure, opening
        self.setObjectName("card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._inside = down(spacing=4, margins=(13, 9, 12, 10))
        self.setLayout(self._inside)
        self.numbers: list[tuple[Counted, int, QWidget]] = []
        self._is_chosen = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the figure week by week."""
        self._opening.figure(self.measure)

    def choose(self, *, is_chosen: bool) -> None:
        """Mark the figure that is shown beside."""
        if is_chosen != self._is_chosen:
            self._is_chosen = is_chosen
            self.setProperty("chosen", is_chosen)
            self.style().unpolish(self)
            self.style().polish(self)

    def say(self, tile: Tile) -> None:
        """Show the figure as it is now."""
        empty_out(self._inside)
        self.numbers = []
        kpi = tile.kpi
        title = button(kpi.name, partial(self._opening.figure, self.measure), kind="link",
                       hint=f"{kpi.question} Show it week by week.",
                       name=f"{kpi.name}: show it week by week")  # fmt: skip
        state = words.worst(tile.standings)
        marks = [PillLabel(words.pill(state), _standings(tile))] if state is not None else []
        self._inside.addLayout(across(title, None, *marks))
        if not tile.slices:
            self._inside.addWidget(Text("Nothing to count yet", quiet=True))
            return
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(2, 1)
        for at, each in enumerate(tile.slices):
            self._row(grid, at, tile, each)
        self._inside.addWidget(boxed(grid))
        self._inside.addWidget(Spark(tile.slices, is_share=kpi.is_share, limit=_limit(tile)))

    def _row(self, grid: QGridLayout, at: int, tile: Tile, each: Slice) -> None:
        kpi, figure = tile.kpi, each.figure
        colour = (Tone.ACCENT, Tone.INFO)[min(at, 1)]
        grid.addWidget(Text(each.title, step="small", tone=colour), at, 0)
        grid.addWidget(Text(words.value(kpi, figure), step="strong"), at, 1,
                       Qt.AlignmentFlag.AlignRight)  # fmt: skip
        if kpi.is_share:
            row = across(self._number(tile, each, Part.HITS, figure.hits, ""),
                         self._number(tile, each, Part.ALL, figure.rows, "of "), None, spacing=3)  # fmt: skip
        else:
            row = across(self._number(tile, each, Part.ALL, figure.rows, "of "), None)
        grid.addLayout(row, at, 2)

    def _number(self, tile: Tile, each: Slice, part: Part, count: int, before: str) -> QWidget:
        from dataclasses import replace

        counted = replace(each.counted, part=part)
        name = f"{tile.kpi.name}, {each.title}: {words.rows_of(tile.kpi, count)}"
        made = button(f"{before}{number(count)}", partial(self._opening.rows, counted), kind="link",
                      hint=f"Show {words.rows_of(tile.kpi, count)}", name=name)  # fmt: skip
        self.numbers.append((counted, count, made))
        return made


def _standings(tile: Tile) -> str:
    return "\n".join(words.standing_title(each) for each in tile.standings)


def _limit(tile: Tile) -> float | None:
    """Return the line that is drawn: the strictest limit of a share among its standards."""
    found = []
    for each in tile.standings:
        standard = each.standard
        if standard.is_share:
            limit = standard.limit / 100
            found.append(100 - limit if standard.counts_misses else limit)
    if not found:
        return None
    return max(found) if tile.kpi.good == "high" else min(found)


class Tiles(QWidget):
    """All figures, as many beside each other as have room."""

    def __init__(self, opening: Opening, measures: Sequence[Measure]) -> None:
        super().__init__()
        self.cards = {measure: TileCard(measure, opening) for measure in measures}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2, 2, 10, 12)
        self._grid.setSpacing(GAP)
        self._columns = 0
        self._lay(1)

    def say(self, tiles: Sequence[Tile]) -> None:
        """Show what was counted."""
        for tile in tiles:
            self.cards[tile.kpi.measure].say(tile)

    def choose(self, measure: Measure | None) -> None:
        """Mark the figure that is shown beside."""
        for each, card in self.cards.items():
            card.choose(is_chosen=each is measure)

    def _lay(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for at, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, at // columns, at % columns)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._grid.setRowStretch(len(self.cards), 1)

    def minimumSizeHint(self) -> QSize:
        """Need the width of one card."""
        return QSize(NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many beside each other as have room."""
        super().resizeEvent(event)
        self._lay(max(1, min(2, event.size().width() // NARROWEST)))
