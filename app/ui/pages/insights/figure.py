"""One figure: what it counts, how its standards stand, its chart, and below it the rows of a number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from app.analytics.kpis.insights import KINDS
from app.analytics.kpis.rows_behind import Counted, CountedRow
from app.analytics.kpis.standing import Standing
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.kinds import Grain, Measure
from app.ui.charts.view import ChartPicture
from app.ui.lists.list_view import ListView
from app.ui.lists.table import TableModel
from app.ui.pages.insights import words
from app.ui.pages.insights.reading import Picture, Shown, Wish
from app.ui.pages.insights.rows import RowsSource, row_columns
from app.ui.pages.page import Shell
from app.ui.widgets.controls import (
    across,
    as_wide_as_its_words,
    boxed,
    button,
    choice,
    down,
    empty_out,
    frame,
)
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text
from app.ui.words import sentence

_SHOWN: Final = {Shown.WEEKS: "Week by week", Shown.TIMES: "By how long it took",
                 Shown.STOCK: "Stock beside sales"}  # fmt: skip


class FigurePane(QWidget):
    """Shows one figure."""

    def __init__(self, shell: Shell, open_spot: Callable[[object], object]) -> None:
        super().__init__()
        self._shell, self._operations = shell, shell.operations
        self.counted: Counted | None = None
        self._titles: dict[str, str] = {}
        self._title = Text(step="heading")
        self._about = Text(quiet=True, wraps=True)
        self.by = choice(
            "Told apart by", [(each.value, title) for each, title in words.BY.items()], "channel"
        )
        self.shown = choice("Shown as", [(each.value, title) for each, title in _SHOWN.items()])
        for field in (self.by, self.shown):
            as_wide_as_its_words(field)
        self.chart = ChartPicture("Chart")
        self.chart.opened.connect(open_spot)
        self._value = Elided(quiet=True)
        self.chart.pointed.connect(self._pointed)
        self._standings = down(spacing=3)
        self.model = TableModel(
            self._operations, row_columns(KPIS[Measure.ON_TIME_SHIP], self._operations.now)
        )
        self.list = ListView(self.model, "Rows")
        self.list.opened.connect(lambda _row: self.open_row())
        self.list.current_changed.connect(lambda _row: shell.state_changed())
        self.model.loaded.connect(self._say_rows)
        self._rows_title = Text(step="strong", wraps=True)
        self._build()

    def _build(self) -> None:
        head = down(across(self._title, None, self.by, self.shown), self._about,
                    self._standings, spacing=4, margins=(16, 2, 16, 4))  # fmt: skip
        chart = frame("card")
        inside = down(self.chart, self._value, spacing=0, margins=(6, 4, 6, 6))
        inside.setStretch(0, 1)
        chart.setLayout(inside)
        close = button("Close", self.close_rows, kind="link", name="Close the rows")
        opens = button("Open", self.open_row, kind="link", hint="Open the row under the cursor (Enter)",
                       name="Open the row")  # fmt: skip
        rows = down(across(self._rows_title, opens, close, margins=(14, 6, 14, 2)), self.list,
                    spacing=0)  # fmt: skip
        rows.setStretch(1, 1)
        self._rows = boxed(rows)
        self._rows.hide()
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(boxed(down(chart, margins=(10, 2, 16, 10))))
        self.splitter.addWidget(self._rows)
        layout = down(head, self.splitter, spacing=2)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    # ---- the figure --------------------------------------------------------------------------------

    def choose(self, wish: Wish) -> None:
        """Show in the fields what is wished for."""
        for field, value in ((self.by, wish.by.value), (self.shown, wish.shown.value)):
            field.blockSignals(True)
            field.setCurrentIndex(max(0, field.findData(value)))
            field.blockSignals(False)

    def show_picture(self, picture: Picture, now: datetime) -> None:
        """Show a figure that was drawn."""
        kpi = picture.detail.kpi
        self._titles = {each.name: each.title for each in picture.detail.slices}
        if picture.wish.shown is Shown.STOCK:
            self._title.say("Stock beside sales")
            self._about.say("Units sold in each week, and units that lay there at its end.")
        else:
            self._title.say(kpi.title)
            counts = f"{kpi.counts}, of all {kpi.of}" if kpi.is_share else f"{kpi.counts}; {kpi.of}"
            self._about.say(f"{kpi.question} {sentence(counts)} Not counted: {kpi.left_out}.")
        empty_out(self._standings)
        if picture.wish.shown is not Shown.STOCK:
            for each in picture.detail.standings:
                self._standings.addWidget(_standing(each, now))
        self.chart.setAccessibleName(f"Chart: {self._title.text()}")
        self.chart.show_drawing(picture.drawing)
        self._pointed("")

    def _pointed(self, said: str) -> None:
        self._value.say(said or "Point at a week to read its value; click it for its rows.")

    # ---- the rows ------------------------------------------------------------------------------------

    def show_rows(self, counted: Counted) -> None:
        """List exactly the rows that a number counts."""
        self.counted = counted
        self.model.set_columns(row_columns(KPIS[counted.measure], self._operations.now))
        self.list.size_columns()
        was_hidden = self._rows.isHidden()
        self._rows.show()
        if was_hidden:
            tall = max(300, self.splitter.height())
            self.splitter.setSizes([round(tall * 0.55), round(tall * 0.45)])
        self._rows_title.say("Reading …")
        self.model.show(RowsSource(self._operations.desk, counted, self._operations.now()))
        self.list.setFocus()

    def refresh_rows(self) -> None:
        """Read the rows again."""
        if self.counted is not None and not self._rows.isHidden():
            self.model.adopt(
                RowsSource(self._operations.desk, self.counted, self._operations.now())
            )
            self.list.refresh()

    def close_rows(self) -> None:
        """Show the chart alone."""
        self.counted = None
        self._rows.hide()

    def _say_rows(self) -> None:
        if self.counted is not None:
            count = self.model.rowCount()
            self._rows_title.say(
                words.counted_words(self.counted, self._titles | dict(KINDS), count)
            )

    def why_not_open(self) -> str:
        """Say why there is nothing to open."""
        return "" if self._current() is not None else "no row is selected"

    def open_row(self) -> None:
        """Open the order or the SKU of the row under the cursor."""
        row = self._current()
        if row is None or self.counted is None:
            return
        if row.order_id is not None:
            self._shell.open_order(row.order_id)
        elif KPIS[self.counted.measure].grain in (Grain.SHELF, Grain.NUMBER):
            self._shell.open_sku(row.name)
        else:
            self._shell.go("exceptions", "is:resolved")

    def _current(self) -> CountedRow | None:
        return None if self._rows.isHidden() else self.list.current_row


def _standing(each: Standing, now: datetime) -> QWidget:
    """Return one line: how it stands, what is promised, and what it can still bear."""
    source = each.standard.source + (f", read {each.standard.dated}" if each.standard.dated else "")
    title, more = (
        Elided(words.standing_title(each)),
        Elided(words.standing_more(each, now), quiet=True),
    )
    row = across(PillLabel(words.pill(each.state), source), title, more, spacing=8)
    row.setStretch(1, 4)
    row.setStretch(2, 5)
    return boxed(row)
