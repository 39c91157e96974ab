"""One figure: what it counts, how its standards stand, its chart, and below it the rows of a number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from app.analytics.kpis.insights import Detail
from app.analytics.kpis.rows_behind import Counted
from app.analytics.kpis.standing import Standing
from app.domain.kpis.standards import Standard
from app.ui.charts.card import ChartCard
from app.ui.operations import Problem
from app.ui.pages.asking import QuestionPlace
from app.ui.pages.insights import words
from app.ui.pages.insights.listing import OverRows, RowsPanel, padded
from app.ui.pages.insights.reading import Picture, Shown, Wish
from app.ui.pages.insights.rows import counted_listing
from app.ui.pages.insights.standards import changes_of, of_standard
from app.ui.pages.page import Shell
from app.ui.widgets.controls import (
    across,
    as_wide_as_its_words,
    boxed,
    button,
    choice,
    down,
    empty_out,
    scrolling,
)
from app.ui.widgets.form import Values
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text
from app.ui.words import NotMoneyError, sentence

_SHOWN: Final = {Shown.WEEKS: "Week by week", Shown.TIMES: "By how long it took",
                 Shown.STOCK: "Stock beside sales"}  # fmt: skip


class FigurePane(QWidget):
    """Shows one figure."""

    def __init__(self, shell: Shell, open_spot: Callable[[object], object]) -> None:
        super().__init__()
        self._shell = shell
        self._titles: dict[str, str] = {}
        self._title = Text(step="heading")
        self._about = Text(quiet=True, wraps=True)
        self.by = choice(
            "Told apart by", [(each.value, title) for each, title in words.BY.items()], "channel"
        )
        self.shown = choice("Shown as", [(each.value, title) for each, title in _SHOWN.items()])
        for field in (self.by, self.shown):
            as_wide_as_its_words(field)
        self.card = ChartCard(shell, "Point at a week to read its value; click it for its rows.")
        self.card.chart.opened.connect(open_spot)
        self.card.arrived.connect(self._show_picture)
        self._standings = down(spacing=3)
        self.asking = QuestionPlace(shell)
        self._stack = QStackedWidget()  # the chart with its rows, or a question in their place
        self.rows = RowsPanel(shell)
        self._build()

    def _build(self) -> None:
        head = down(
            across(self._title, None, self.by, self.shown),
            self._about,
            spacing=4,
            margins=(16, 8, 16, 4),
        )
        self.splitter = OverRows(padded(self.card), self.rows)
        standings = boxed(self._standings)
        standings.setContentsMargins(16, 0, 16, 4)
        figure = down(standings, self.splitter, spacing=2)
        figure.setStretch(1, 1)
        for each in (boxed(figure), scrolling(boxed(down(self.asking, None)), "A standard")):
            self._stack.addWidget(each)
        self.asking.has_done.connect(self._show_figure)
        layout = down(head, self._stack, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _show_figure(self) -> None:
        """Ask no longer: the chart comes back."""
        self._stack.setCurrentIndex(0)

    # ---- the figure --------------------------------------------------------------------------------

    def choose(self, wish: Wish) -> None:
        """Show in the fields what is wished for."""
        for field, value in ((self.by, wish.by.value), (self.shown, wish.shown.value)):
            field.blockSignals(True)
            field.setCurrentIndex(max(0, field.findData(value)))
            field.blockSignals(False)

    def _show_picture(self, picture: Picture) -> None:
        """Show a figure that was drawn."""
        kpi = picture.detail.kpi
        self._titles.update({each.name: each.title for each in picture.detail.slices})
        if picture.wish.shown is Shown.STOCK:
            self._title.say("Stock beside sales")
            self._about.say("Units sold in each week, and units that lay there at its end.")
        else:
            self._title.say(kpi.title)
            counts = f"{kpi.counts}, of all {kpi.of}" if kpi.is_share else f"{kpi.counts}; {kpi.of}"
            self._about.say(f"{kpi.question} {sentence(counts)} Not counted: {kpi.left_out}.")
        empty_out(self._standings)
        if picture.wish.shown is not Shown.STOCK:
            self._show_standards(picture.detail)
        self.card.chart.setAccessibleName(f"Chart: {self._title.text()}")

    # ---- its standards -------------------------------------------------------------------------------

    def _show_standards(self, found: Detail) -> None:
        """Show how each standard stands, and those that do not count today."""
        now = self._shell.operations.now()
        for each in found.standings:
            self._standings.addWidget(_standing(each, now, self._change(each.standard, found)))
        for standard in found.resting:
            title = Elided(words.resting_title(standard, now), quiet=True)
            row = across(title, self._change(standard, found), spacing=8)
            row.setStretch(0, 1)
            self._standings.addWidget(boxed(row))

    def _change(self, standard: Standard, found: Detail) -> QPushButton:
        return button("Change…", partial(self.ask_standard, standard, found.version), kind="link",
                      name=f"Change the standard “{standard.title}”")  # fmt: skip

    def ask_standard(self, standard: Standard, version: int) -> None:
        """Ask what a standard is to say, in the place of the chart."""
        form = self.asking.ask(of_standard(standard, partial(self._save, standard, version)))
        form.closed.connect(self._show_figure)
        self._stack.setCurrentIndex(1)
        form.start()

    def _save(self, standard: Standard, version: int, values: Values) -> None:
        try:
            changes = changes_of(values, standard)
        except NotMoneyError as error:
            self.asking.complain(Problem(str(error), ""))
            return
        self.asking.run("change_standard", code=standard.code, changes=changes, based_on=version,
                        reason=str(values["reason"]).strip())  # fmt: skip

    # ---- the rows ------------------------------------------------------------------------------------

    def show_rows(self, counted: Counted) -> None:
        """List exactly the rows that a number counts."""
        self.splitter.show_rows(counted_listing(self._shell, counted, self._titles))


def _standing(each: Standing, now: datetime, change: QPushButton) -> QWidget:
    """Return one line: how it stands, what is promised, what it can still bear, and how it is changed."""
    source = each.standard.source + (f", read {each.standard.dated}" if each.standard.dated else "")
    title, more = (
        Text(words.standing_title(each), wraps=True),
        Text(words.standing_more(each, now), quiet=True, wraps=True),
    )
    row = across(PillLabel(words.pill(each.state), source), title, more, change, spacing=8)
    row.setStretch(1, 4)
    row.setStretch(2, 5)
    return boxed(row)
