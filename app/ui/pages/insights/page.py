"""The page Insights: how it goes, what it costs, what comes next, each as a view of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from app.domain.changes import Touched
from app.ui.charts.card import ChartCard
from app.ui.commands import Command
from app.ui.pages.insights.backtest.part import BacktestView
from app.ui.pages.insights.cost.part import CostToServe
from app.ui.pages.insights.figures import Figures
from app.ui.pages.insights.launch.part import LaunchView
from app.ui.pages.insights.part import InsightsPart
from app.ui.pages.insights.where.part import WhereWeAre
from app.ui.pages.page import Page, Shell
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.text import Text

VIEWS: Final[Sequence[type[InsightsPart]]] = (
    Figures, CostToServe, LaunchView, BacktestView, WhereWeAre,
)  # fmt: skip


class InsightsPage(Page):
    """See how it goes, why, and which rows say so."""

    id = "insights"
    title = "Insights"
    icon = "insights"
    letter = "K"
    interests = (
        Touched.ORDERS | Touched.STOCK | Touched.CASES | Touched.SHIPMENTS | Touched.FILES
        | Touched.SETTINGS
    )  # fmt: skip

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.parts: dict[str, InsightsPart] = {each.key: each(shell) for each in VIEWS}
        self._stale = set(self.parts)
        self._tabs = {key: self._tab(key, part) for key, part in self.parts.items()}
        self._tools, self._stack = QStackedWidget(), QStackedWidget()
        for part in self.parts.values():
            part.aged.connect(partial(self._aged, part))
            self._tools.addWidget(boxed(across(None, *part.tools())))
            self._stack.addWidget(part)
        head = boxed(across(Text(self.title, step="heading"), 10, *self._tabs.values(), self._tools,
                            spacing=2, margins=(14, 7, 12, 7)))  # fmt: skip
        head.setObjectName("header")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = down(head, self._stack, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.show_view_by_key(VIEWS[0].key)

    def _tab(self, key: str, part: InsightsPart) -> QPushButton:
        tab = button(part.title, partial(self.show_view_by_key, key), kind="tab")
        tab.setCheckable(True)
        return tab

    @property
    def part(self) -> InsightsPart:
        """The view that is shown."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, InsightsPart)
        return shown

    # ---- which view --------------------------------------------------------------------------------

    def offered_views(self) -> Sequence[tuple[str, str]]:
        """Return the views."""
        return [(key, part.title) for key, part in self.parts.items()]

    def show_view_by_key(self, key: str) -> None:
        """Show one of the views."""
        if key not in self.parts:
            return
        self._stack.setCurrentWidget(self.parts[key])
        self._tools.setCurrentIndex(self._stack.currentIndex())
        for each, tab in self._tabs.items():
            tab.setChecked(each == key)
        if self.isVisible():
            self._refresh_part()
            self.shell.state_changed()

    def search(self, query: str) -> None:
        """Open what a link leads to: "launch", or "launch:7" within it."""
        key, _colon, within = query.partition(":")
        self.show_view_by_key(key)
        if within and key in self.parts:
            self.parts[key].search(within)

    # ---- reading -----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the view that is shown again; the others once they are."""
        self._stale = set(self.parts)
        self._refresh_part()

    def _refresh_part(self) -> None:
        if self.part.key in self._stale:
            self._stale.discard(self.part.key)
            self.part.refresh()

    def _aged(self, part: InsightsPart) -> None:
        if part is self.part:
            self.make_stale()
        self._stale.add(part.key)

    # ---- as the window knows it ----------------------------------------------------------------------

    def lists(self) -> Sequence[QWidget]:
        """Return where plain letters are commands, in every view."""
        return [*(each for part in self.parts.values() for each in part.lists()), self]

    def start(self) -> None:
        """Begin where the view begins."""
        self.part.start()

    def state(self) -> dict[str, Any]:
        """Return what is looked at."""
        return {"view": self.part.key, **{key: part.state() for key, part in self.parts.items()}}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at what was looked at; what makes no sense any more is left out."""
        for key, part in self.parts.items():
            kept = state.get(key)
            part.restore(kept if isinstance(kept, Mapping) else {})
        self.show_view_by_key(str(state.get("view", "")))

    def commands(self) -> Sequence[Command]:
        """Declare what can be done: with the chart of any view, and in each."""
        save = ChartCard.save_picture, ChartCard.save_drawing, ChartCard.save_numbers
        return [
            *(self._saving(run, *said) for run, said in zip(save, _SAVED, strict=True)),
            *(command for part in self.parts.values() for command in part.commands()),
        ]

    def _saving(
        self, run: Callable[[ChartCard], object], name: str, title: str, key: str, icon: str, about: str
    ) -> Command:  # fmt: skip
        return Command(f"insights.{name}", title, partial(self._with_chart, run), key, icon, "Reports",
                       self.id, self._why_no_chart, help=about)  # fmt: skip

    def _with_chart(self, run: Callable[[ChartCard], object]) -> None:
        if (card := self.part.card()) is not None:
            run(card)

    def _why_no_chart(self) -> str:
        card = self.part.card()
        return card.why_not_save() if card is not None else "no chart is shown"


_SAVED: Final = (
    ("save_picture", "Save the chart as a picture…", "P", "export", "As PNG, fine enough to print"),
    ("save_drawing", "Save the chart as a drawing…", "D", "export",
     "As SVG, which stays sharp at any size"),
    ("save_numbers", "Save the chart's numbers…", "V", "file",
     "Exactly the numbers that the chart shows, as CSV"),
)  # fmt: skip
