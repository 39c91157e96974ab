"""How does a chart stand on a page? What is pointed at is said below it, and its files are beside that."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Final, Protocol

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame

from app.ui.charts.drawing import Canvas, Drawing
from app.ui.charts.view import ChartPicture
from app.ui.exporting import exporter_of
from app.ui.pages.page import Shell
from app.ui.theme import font, tokens
from app.ui.timers import once
from app.ui.widgets.controls import across, button, down
from app.ui.widgets.text import Elided

SOON_MS: Final = 40
PRINTED: Final = 2.0  # how fine a picture for a file is
LEAST: Final = QSize(640, 320)
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


class Pictured(Protocol):
    """What was read together with its drawing."""

    @property
    def drawing(self) -> Drawing:
        """The chart."""


Read = Callable[[Canvas], Pictured]


def canvas_of(size: tuple[int, int], scale: float, kind: str) -> Canvas:
    """Return what is drawn on in the window's look."""
    return Canvas(tokens(), size, scale, kind, font().family())


class ChartCard(QFrame):
    """Shows one chart, draws it again at another size, and saves it as it is looked at."""

    arrived = Signal(object)  # what was read, with its drawing

    def __init__(self, shell: Shell, hint: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self._shell, self._operations, self._hint = shell, shell.operations, hint
        self._file = "chart"
        self._read: Read | None = None
        self._drawn_at = QSize()
        self._value = Elided(hint, quiet=True)
        self.chart = ChartPicture("Chart")
        self.chart.pointed.connect(lambda said: self._value.say(said or hint))
        self.chart.resized.connect(self._draw_again)
        files = (
            button("Picture…", self.save_picture, kind="link", hint="Save the chart as PNG, fine enough to print",
                   name="Save the chart as a picture"),
            button("Numbers…", self.save_numbers, kind="link", hint="Save what the chart shows, as a table",
                   name="Save the chart's numbers"),
        )  # fmt: skip
        foot = across(self._value, *files, spacing=14)
        foot.setStretch(0, 1)
        inside = down(self.chart, foot, spacing=0, margins=(6, 4, 10, 6))
        inside.setStretch(0, 1)
        self.setLayout(inside)
        self._soon = once(self, SOON_MS, self._draw)

    def show_picture(self, file: str, read: Read) -> None:
        """Read and draw something else, soon; ``file`` is what its files are called."""
        self._file, self._read = file, read
        self._soon.start()

    def _draw_again(self) -> None:
        """Draw at another size; one that has come back to what it was needs nothing."""
        if self.chart.size() != self._drawn_at and self.isVisible():
            self._soon.start()

    def _draw(self) -> None:
        if self._read is None:
            return
        size = self._drawn_at = self.chart.size()
        canvas = canvas_of((size.width(), size.height()), self.devicePixelRatioF(), "png")
        self._operations.ask(partial(self._read, canvas), then=self._drawn, slot=self)

    def _drawn(self, picture: Pictured) -> None:
        self.chart.show_drawing(picture.drawing)
        self._value.say(self._hint)
        self.arrived.emit(picture)

    # ---- to keep -----------------------------------------------------------------------------------

    def why_not_save(self) -> str:
        """Say why there is nothing to save."""
        return "" if self.chart.drawing is not None else "no chart is shown"

    def save_picture(self) -> None:
        """Save the chart as it is looked at, in dots."""
        self._save("png")

    def save_drawing(self) -> None:
        """Save the chart as a drawing that stays sharp at any size."""
        self._save("svg")

    def _save(self, kind: str) -> None:
        if self._read is not None:
            size = self.chart.size().expandedTo(LEAST)
            canvas = canvas_of((size.width(), size.height()), PRINTED, kind)
            self._operations.ask(
                partial(_picture, self._read, canvas),
                then=partial(self._shell.save_file, f"{self._file}.{kind}"),
            )

    def save_numbers(self) -> None:
        """Save the numbers of the chart: exactly those that are shown."""
        if self.chart.drawing is not None:
            table = self.chart.drawing.table
            rows = [[_cell(each) for each in row] for row in table.rows]
            content = exporter_of(self._operations).table("csv", table.header, rows)
            self._shell.save_file(f"{self._file}.csv", content)


def _picture(read: Read, canvas: Canvas) -> bytes:
    return read(canvas).drawing.picture


def _cell(said: str) -> str | Decimal:
    """Return what is a number as a number: no spreadsheet takes its minus for a formula."""
    return Decimal(said) if _NUMBER.fullmatch(said) else said
