"""The page Insights: how the desk works, figure by figure, and the rows behind every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from app.analytics.kpis.insights import Overview
from app.analytics.kpis.rows_behind import Counted
from app.domain.changes import Touched
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.kinds import Dimension, Measure
from app.ui.charts.drawing import Canvas
from app.ui.commands import Command
from app.ui.pages.insights.figure import FigurePane
from app.ui.pages.insights.reading import (
    OrdersOf,
    Picture,
    Shown,
    Wish,
    read_overview,
    read_picture,
    report_pages,
    saving,
)
from app.ui.pages.insights.tiles import Opening, Tiles
from app.ui.pages.page import Page, Shell
from app.ui.theme import font, tokens
from app.ui.timers import every, once
from app.ui.widgets.controls import (
    across,
    as_wide_as_its_words,
    boxed,
    button,
    choice,
    down,
    scrolling,
)
from app.ui.widgets.text import Text
from app.ui.words import ago

WEEKS: Final = ((4, "4 weeks"), (13, "13 weeks"), (26, "26 weeks"), (52, "A year"))
TICK_MS: Final = 60_000
FRESH: Final = timedelta(minutes=15)
SOON_MS: Final = 40
PRINTED: Final = 2.0  # how fine a picture for a file is


class InsightsPage(Page):
    """See how it goes, why, and which rows say so."""

    id = "insights"
    title = "Insights"
    icon = "insights"
    letter = "K"
    interests = Touched.ORDERS | Touched.STOCK | Touched.CASES | Touched.SETTINGS

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.wish = Wish(Measure.ON_TIME_SHIP)
        self.overview: Overview | None = None
        self._drawn_at = QSize()
        self.tiles = Tiles(Opening(self.show_figure, self.show_rows), list(KPIS))
        self.pane = FigurePane(shell, self._open_spot)
        self.pane.by.currentIndexChanged.connect(lambda _at: self._chosen())
        self.pane.shown.currentIndexChanged.connect(lambda _at: self._chosen())
        self.pane.chart.resized.connect(self._draw_again)
        self._weeks = choice("Weeks", WEEKS, self.wish.weeks)
        as_wide_as_its_words(self._weeks)
        self._weeks.currentIndexChanged.connect(lambda _at: self._chosen())
        self._says = Text(quiet=True)
        self._build()
        self._draw_soon = once(self, SOON_MS, self._draw)
        every(self, TICK_MS, self.tick).start()

    def _build(self) -> None:
        tools = across(
            Text("Insights", step="title"), self._says, None, self._weeks,
            button("Save picture…", self.save_picture, hint="As PNG, fine enough to print"),
            button("Save numbers…", self.save_numbers, hint="What the chart shows, as a table"),
            button("Weekly report…", self.weekly_report, icon_name="print", kind="primary",
                   hint="Every figure on paper, as a PDF"),
            margins=(18, 12, 18, 8),
        )  # fmt: skip
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        inside = boxed(down(self.tiles, None, margins=(16, 2, 4, 8)))
        inside.setObjectName("body")
        self.area = scrolling(inside, "Figures")
        self.area.setMinimumWidth(330)
        self.splitter.addWidget(self.area)
        self.splitter.addWidget(self.pane)
        layout = down(boxed(tools), self.splitter, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    # ---- reading ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read every figure again; the chart follows."""
        self.operations.ask(partial(read_overview, self.operations.desk, self.wish.weeks),
                            then=self._told, slot=(self.id, "overview"))  # fmt: skip

    def _told(self, whole: Overview) -> None:
        self.overview = whole
        self.setUpdatesEnabled(False)
        self.tiles.say(whole.tiles)
        self.tiles.choose(self.wish.measure)
        self.setUpdatesEnabled(True)
        self._say_age()
        self._draw_soon.start()
        self.pane.refresh_rows()
        if not whole.is_whole:
            self.make_stale()

    def tick(self) -> None:
        """A minute has passed: figures are older, and some are counted again."""
        self._say_age()
        at = self.overview.counted_at if self.overview is not None else None
        if at is not None and self.operations.now() - at >= FRESH:
            self.make_stale()

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

    def _draw_again(self) -> None:
        """Draw at another size; one that has come back to what it was needs nothing."""
        is_other = self.pane.chart.size() != self._drawn_at
        if is_other and self.isVisible() and self.overview is not None:
            self._draw_soon.start()

    def _draw(self) -> None:
        size = self._drawn_at = self.pane.chart.size()
        canvas = self._canvas((size.width(), size.height()), self.devicePixelRatioF(), "png")
        self.operations.ask(partial(read_picture, self.operations.desk, self.wish, canvas),
                            then=self._drawn, slot=(self.id, "picture"))  # fmt: skip

    def _canvas(self, size: tuple[int, int], scale: float, kind: str) -> Canvas:
        return Canvas(tokens(), size, scale, kind, font().family())

    def _drawn(self, picture: Picture) -> None:
        self.pane.show_picture(picture, self.operations.now())

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
            self.pane.close_rows()
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

    def save_picture(self) -> None:
        """Save the chart as it is looked at, in dots."""
        self._save("png")

    def save_drawing(self) -> None:
        """Save the chart as a drawing that stays sharp at any size."""
        self._save("svg")

    def _save(self, kind: str) -> None:
        size = self.pane.chart.size()
        canvas = self._canvas((max(640, size.width()), max(320, size.height())), PRINTED, kind)
        self.operations.ask(saving(self.operations.desk, self.wish, canvas),
                            then=partial(self.shell.save_file, f"{self._name()}.{kind}"))  # fmt: skip

    def save_numbers(self) -> None:
        """Save the numbers of the chart: exactly those that are shown."""
        drawing = self.pane.chart.drawing
        exporter = self.operations.desk.exporter
        if drawing is not None and exporter is not None:
            content = exporter.table("csv", drawing.table.header, drawing.table.rows)
            self.shell.save_file(f"{self._name()}.csv", content)

    def _name(self) -> str:
        wish = self.wish
        what = "stock-and-sales" if wish.shown is Shown.STOCK else f"{wish.measure}-by-{wish.by}"
        return what.replace("_", "-")

    def weekly_report(self) -> None:
        """Draw the week for paper, and ask where it goes."""
        canvas = self._canvas((850, 1100), 1.0, "pdf")
        day = self.operations.now().date().isoformat()
        self.operations.job(partial(report_pages, self.operations.desk, canvas),
                            then=partial(self.shell.save_file, f"orderdeck-week-{day}.pdf"),
                            shown="Draw the weekly report")  # fmt: skip

    # ---- as the window knows it ----------------------------------------------------------------------

    def lists(self) -> Sequence[QWidget]:
        """Return the list of rows, the chart, and the page."""
        return (self.pane.list, self.pane.chart, self)

    def start(self) -> None:
        """Begin at the chart, whose values the arrow keys say."""
        self.pane.chart.setFocus()

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
        """Declare what can be done here."""
        return [
            Command("insights.next_figure", "Next figure", partial(self._step, 1), "N", "next", "Reports",
                    self.id, help="Show the figure after this one"),
            Command("insights.previous_figure", "Figure before", partial(self._step, -1), "B", "previous",
                    "Reports", self.id, help="Show the figure before this one"),
            Command("insights.weekly_report", "Weekly report…", self.weekly_report, "W", "print", "Reports",
                    self.id, help="Every figure, its standard and its trend on paper, as a PDF"),
            Command("insights.save_picture", "Save the chart as a picture…", self.save_picture, "P", "export",
                    "Reports", self.id, help="As PNG, fine enough to print"),
            Command("insights.save_drawing", "Save the chart as a drawing…", self.save_drawing, "D", "export",
                    "Reports", self.id, help="As SVG, which stays sharp at any size"),
            Command("insights.save_numbers", "Save the chart's numbers…", self.save_numbers, "V", "file",
                    "Reports", self.id, help="Exactly the numbers that the chart shows, as CSV"),
            Command("insights.open_row", "Open the row", self.pane.open_row, "", "open", "Reports", self.id,
                    self.pane.why_not_open, help="The order or SKU of the row under the cursor"),
        ]  # fmt: skip

    def _step(self, step: int) -> None:
        measures = list(KPIS)
        self.show_figure(measures[(measures.index(self.wish.measure) + step) % len(measures)])
        self.area.ensureWidgetVisible(self.tiles.cards[self.wish.measure])
