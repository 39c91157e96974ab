"""Every figure at a glance, week by week, and the rows behind every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from app.analytics.kpis.insights import Overview
from app.analytics.kpis.rows_behind import Counted
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.kinds import Dimension, Measure
from app.ui.charts.card import ChartCard, canvas_of
from app.ui.commands import Command
from app.ui.pages.insights.figure import FigurePane
from app.ui.pages.insights.part import InsightsPart
from app.ui.pages.insights.reading import (
    OrdersOf,
    Shown,
    Wish,
    read_overview,
    read_picture,
    report_pages,
)
from app.ui.pages.insights.tiles import Opening, Tiles
from app.ui.pages.page import Shell
from app.ui.timers import every
from app.ui.widgets.controls import as_wide_as_its_words, boxed, button, choice, down, scrolling
from app.ui.widgets.text import Text
from app.ui.words import ago

WEEKS: Final = ((4, "4 weeks"), (13, "13 weeks"), (26, "26 weeks"), (52, "A year"))
TICK_MS: Final = 60_000
FRESH: Final = timedelta(minutes=15)
PAPER: Final = (850, 1100)


class Figures(InsightsPart):
    """The figures as tiles, and one of them beside."""

    key = "figures"
    title = "Figures"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.wish = Wish(Measure.ON_TIME_SHIP)
        self.overview: Overview | None = None
        self.tiles = Tiles(Opening(self.show_figure, self.show_rows), list(KPIS))
        self.pane = FigurePane(shell, self._open_spot)
        self.pane.by.currentIndexChanged.connect(lambda _at: self._chosen())
        self.pane.shown.currentIndexChanged.connect(lambda _at: self._chosen())
        self._weeks = choice("Weeks", WEEKS, self.wish.weeks)
        as_wide_as_its_words(self._weeks)
        self._weeks.currentIndexChanged.connect(lambda _at: self._chosen())
        self._says = Text(quiet=True)
        self._build()
        every(self, TICK_MS, self.tick).start()

    def tools(self) -> Sequence[QWidget]:
        """Return how old the figures are, how far they go back, and the report."""
        report = button("Weekly report…", self.weekly_report, icon_name="print", kind="primary",
                        hint="Every figure on paper, as a PDF")  # fmt: skip
        return self._says, self._weeks, report

    def _build(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        inside = boxed(down(self.tiles, None, margins=(16, 10, 4, 8)))
        inside.setObjectName("body")
        self.area = scrolling(inside, "Figures")
        self.area.setMinimumWidth(330)
        self.splitter.addWidget(self.area)
        self.splitter.addWidget(self.pane)
        self.setLayout(down(self.splitter))

    # ---- reading ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read every figure again; the chart follows."""
        self.operations.ask(partial(read_overview, self.operations.desk, self.wish.weeks),
                            then=self._told, slot=("insights", "overview"))  # fmt: skip

    def _told(self, whole: Overview) -> None:
        self.overview = whole
        self.setUpdatesEnabled(False)
        self.tiles.say(whole.tiles)
        self.tiles.choose(self.wish.measure)
        self.setUpdatesEnabled(True)
        self._say_age()
        self._draw()
        self.pane.rows.refresh()
        if not whole.is_whole:
            self.aged.emit()

    def tick(self) -> None:
        """A minute has passed: figures are older, and some are counted again."""
        self._say_age()
        at = self.overview.counted_at if self.overview is not None else None
        if at is not None and self.operations.now() - at >= FRESH:
            self.aged.emit()

    def _say_age(self) -> None:
        whole = self.overview
        if whole is None:
            return
        if not whole.is_whole:
            self._says.say("Counting the weeks before …")
        elif whole.counted_at is None:
            self._says.say("Figures appear with the first orders")
        else:
            self._says.say(f"Counted {ago(whole.counted_at, self.operations.now())}")

    def _draw(self) -> None:
        self.pane.card.show_picture(
            self._name(), partial(read_picture, self.operations.desk, self.wish)
        )

    # ---- what is looked at -------------------------------------------------------------------------

    def show_figure(self, measure: Measure) -> None:
        """Show one figure week by week."""
        self.look(Wish(measure, self.wish.by, self.wish.weeks, Shown.WEEKS))

    def look(self, wish: Wish) -> None:
        """Show what is wished for."""
        needs_all = wish.weeks != self.wish.weeks
        is_other = wish.measure is not self.wish.measure
        self.wish = wish
        self.pane.choose(wish)
        self.tiles.choose(wish.measure)
        if is_other:
            self.pane.rows.put_away()
        if needs_all:
            self.refresh()
        else:
            self._draw()
        self.shell.state_changed()

    def _chosen(self) -> None:
        by, shown = self.pane.by.currentData(), self.pane.shown.currentData()
        wish = Wish(self.wish.measure, Dimension(by), int(self._weeks.currentData()), Shown(shown))
        if wish != self.wish:
            self.look(wish)

    def show_rows(self, counted: Counted) -> None:
        """Show the rows that a number counts."""
        if counted.measure is not self.wish.measure:
            self.show_figure(counted.measure)
        self.pane.show_rows(counted)

    def _open_spot(self, opens: object) -> None:
        if isinstance(opens, OrdersOf):
            self.shell.go("orders", opens.query)
        elif isinstance(opens, Counted):
            self.pane.show_rows(opens)

    # ---- to keep -----------------------------------------------------------------------------------

    def card(self) -> ChartCard:
        """Return the chart of the figure."""
        return self.pane.card

    def _name(self) -> str:
        wish = self.wish
        what = "stock-and-sales" if wish.shown is Shown.STOCK else f"{wish.measure}-by-{wish.by}"
        return what.replace("_", "-")

    def weekly_report(self) -> None:
        """Draw the week for paper, and ask where it goes."""
        day = self.operations.now().date().isoformat()
        self.operations.job(partial(report_pages, self.operations.desk, canvas_of(PAPER, 1.0, "pdf")),
                            then=partial(self.shell.save_file, f"orderdeck-week-{day}.pdf"),
                            shown="Draw the weekly report")  # fmt: skip

    # ---- as the page knows it ------------------------------------------------------------------------

    def lists(self) -> Sequence[QWidget]:
        """Return the list of rows, and the chart."""
        return (self.pane.rows.list, self.pane.card.chart)

    def start(self) -> None:
        """Begin at the chart, whose values the arrow keys say."""
        self.pane.card.chart.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Give the figures a third of the width."""
        super().showEvent(event)
        if not self.splitter.property("laid"):
            self.splitter.setProperty("laid", True)
            left = 640 if self.width() > 1500 else 345
            self.splitter.setSizes([left, max(400, self.width() - left)])

    def state(self) -> dict[str, Any]:
        """Return what is looked at."""
        wish = self.wish
        return {"measure": wish.measure.value, "by": wish.by.value, "weeks": wish.weeks,
                "shown": wish.shown.value}  # fmt: skip

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at what was looked at; what makes no sense any more is left out."""
        try:
            wish = Wish(Measure(state["measure"]), Dimension(state["by"]), int(state["weeks"]),
                        Shown(state["shown"]))  # fmt: skip
        except (KeyError, ValueError, TypeError):
            return
        if wish.weeks in [weeks for weeks, _title in WEEKS]:
            self._weeks.setCurrentIndex(self._weeks.findData(wish.weeks))
            self.wish = wish
            self.pane.choose(wish)

    def commands(self) -> Sequence[Command]:
        """Declare what can be done with figures."""
        here, rows = "insights", self.pane.rows
        return [
            Command("insights.next_figure", "Next figure", partial(self._step, 1), "N", "next", "Reports",
                    here, self._why_not_shown, help="Show the figure after this one"),
            Command("insights.previous_figure", "Figure before", partial(self._step, -1), "B", "previous",
                    "Reports", here, self._why_not_shown, help="Show the figure before this one"),
            Command("insights.weekly_report", "Weekly report…", self.weekly_report, "W", "print", "Reports",
                    here, help="Every figure, its standard and its trend on paper, as a PDF"),
            Command("insights.open_row", "Open the row", rows.open_row, "", "open", "Reports", here,
                    rows.why_not_open, help="The order or SKU of the row under the cursor"),
        ]  # fmt: skip

    def _why_not_shown(self) -> str:
        return "" if self.isVisible() else "the figures are not shown"

    def _step(self, step: int) -> None:
        measures = list(KPIS)
        self.show_figure(measures[(measures.index(self.wish.measure) + step) % len(measures)])
        self.area.ensureWidgetVisible(self.tiles.cards[self.wish.measure])
