"""Cost to serve: what each channel, SKU and location brings and costs, and the orders behind each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from app.analytics.costs.report import GROUPS, By, CostRow, Key, OrderShare
from app.domain.costs.serving import STEP_WORDS, Step
from app.ui.charts.card import ChartCard
from app.ui.commands import Command
from app.ui.exporting import exporter_of
from app.ui.lists.list_view import ListView
from app.ui.lists.small import SmallSource
from app.ui.lists.table import TableModel
from app.ui.operations import Problem
from app.ui.pages.asking import QuestionPlace
from app.ui.pages.insights.cost.columns import BY, cost_columns, name_of, share_columns, sum_of
from app.ui.pages.insights.cost.questions import changes_of, of_work
from app.ui.pages.insights.cost.reading import Costs, drawing_most, drawing_slice, read_costs
from app.ui.pages.insights.listing import OverRows, RowList, RowsPanel, padded
from app.ui.pages.insights.part import InsightsPart
from app.ui.pages.page import Shell
from app.ui.widgets.controls import across, as_wide_as_its_words, boxed, button, choice, down
from app.ui.widgets.form import Values
from app.ui.widgets.text import Elided
from app.ui.words import NotMoneyError, count_of, money, visible

DAYS: Final = ((30, "30 days"), (90, "90 days"), (180, "180 days"), (365, "A year"))
STEPS, MOST = "steps", "most"
_SHOWN: Final = ((STEPS, "Step by step"), (MOST, "Where it costs most"))
_HINT: Final = "Point at a bar to read it; click it for its orders."


class CostToServe(InsightsPart):
    """The table above, the chart of what is selected below, and its orders beside it."""

    key = "cost"
    title = "Cost to serve"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.by, self.days, self.shown = By.CHANNEL, 30, STEPS
        self.found: Costs | None = None
        self._ids: dict[Key, int] = {}
        self.asking = QuestionPlace(shell)
        self.asking.has_done.connect(self.refresh)
        self._by = choice("Told apart by", [(by.value, title) for by, title in BY.items()])
        self._days = choice("Orders of the last", DAYS, self.days)
        self._shown = choice("Shown as", _SHOWN)
        for field in (self._by, self._days, self._shown):
            as_wide_as_its_words(field)
            field.currentIndexChanged.connect(lambda _at: self._chosen())
        self._all = button("", self._open_all, kind="link", name="Show every order that counts")
        self._sum = Elided(quiet=True)
        self._together = button("Together", self.show_together, kind="link",
                                hint="Show the steps of everything together")  # fmt: skip
        self._is_all = False
        self.model = TableModel(self.operations, cost_columns(self.by), parent=self)
        self.list = ListView(self.model, "Cost to serve")
        self.list.current_changed.connect(lambda _row: self._follow())
        self.list.opened.connect(self._open_cell)
        self._card = ChartCard(shell, _HINT)
        self._card.chart.opened.connect(self._open_spot)
        self.rows = RowsPanel(shell)
        self._build()

    def _build(self) -> None:
        work = button("What work costs…", self.ask_work, kind="link",
                      hint="Wages, minutes, what returns lose")  # fmt: skip
        sums = across(self._all, self._sum, self._together, work, spacing=6,
                      margins=(16, 8, 16, 6))  # fmt: skip
        sums.setStretch(1, 1)
        table = down(self.asking, sums, self.list, spacing=0)
        table.setStretch(2, 1)
        beside = OverRows(padded(self._card), self.rows, Qt.Orientation.Horizontal)
        self._beside = beside
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(boxed(table))
        self.splitter.addWidget(beside)
        self.setLayout(down(self.splitter))

    def tools(self) -> Sequence[QWidget]:
        """Return what is told apart, how far back, and as what."""
        return (
            self._by, self._days, self._shown,
            button("Save table…", self.save_table, hint="Every row of the table, as it is shown"),
        )  # fmt: skip

    # ---- reading ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the orders again, and add them up."""
        self.operations.ask(partial(read_costs, self.operations.desk, self.by, self.days),
                            then=self._told, slot=("insights", "costs"))  # fmt: skip

    def _told(self, found: Costs) -> None:
        if found.by is not self.by:
            return  # somebody has chosen otherwise meanwhile; that is on its way
        rows = [replace(row, id=self._ids.setdefault(row.key, len(self._ids) + 1))
                for row in found.report.rows]  # fmt: skip
        self.found = replace(found, report=replace(found.report, rows=rows))
        if [each.name for each in self.model.columns] != [c.name for c in cost_columns(self.by)]:
            self.model.set_columns(cost_columns(self.by))
            self.list.size_columns()
        self.model.show(SmallSource(lambda: rows))
        self._all.setText(count_of(found.report.total.orders, "order"))
        self._sum.say(sum_of(found.report))
        self._draw()
        self.rows.refresh()

    @property
    def _rows(self) -> Sequence[CostRow]:
        return self.found.report.rows if self.found is not None else ()

    def _draw(self) -> None:
        if self.found is None:
            return
        if self.shown == MOST:
            self._card.show_picture(f"cost-to-serve-by-{self._file()}", drawing_most(self.found))
            return
        row = None if self._is_all else self._selected()
        what = self.found.report.total if row is None else row
        self._card.show_picture("waterfall", drawing_slice(self.found, what, is_all=row is None))

    def show_together(self) -> None:
        """Show the steps of everything together."""
        self._is_all = True
        self.look(self.by, self.days)

    def _follow(self) -> None:
        """Show the slice that the cursor has come to."""
        self._is_all = False
        self._draw()

    def _selected(self) -> CostRow | None:
        """Return the slice under the cursor as it is known now."""
        current = self.list.current_row
        return next((row for row in self._rows if current and row.key == current.key), None)

    def _file(self) -> str:
        return self.by.value.replace("_", "-")

    # ---- what is looked at -------------------------------------------------------------------------

    def _chosen(self) -> None:
        by, days = By(self._by.currentData()), int(self._days.currentData())
        self.look(by, days, str(self._shown.currentData()))

    def look(self, by: By, days: int, shown: str = STEPS) -> None:
        """Show the costs told apart, of so many days, in one of the two ways."""
        needs_all = (by, days) != (self.by, self.days)
        self._put(by, days, shown)
        if needs_all:
            self.rows.put_away()
            self.refresh()
        else:
            self._draw()

    def _put(self, by: By, days: int, shown: str) -> None:
        self.by, self.days, self.shown = by, days, shown
        for field, value in ((self._by, by.value), (self._days, days), (self._shown, shown)):
            field.blockSignals(True)
            field.setCurrentIndex(field.findData(value))
            field.blockSignals(False)

    # ---- the orders behind a number ------------------------------------------------------------------

    def _open_all(self) -> None:
        self.show_orders(None)

    def _open_cell(self, row: CostRow) -> None:
        """Show the orders of the number under the cursor."""
        column = self.model.columns[self.list.currentIndex().column()]
        self.show_orders(row.key, GROUPS.get(column.name, ()), column.words)

    def _open_spot(self, opens: object) -> None:
        from app.ui.charts.costs import CostOf  # it is there: the chart was drawn with it

        if isinstance(opens, CostOf):
            self.show_orders(opens.key, opens.steps)

    def show_orders(self, key: Key | None, steps: Sequence[Step] = (), title: str = "") -> None:
        """List exactly the orders of a slice that have one of these steps; of none, all of its orders."""
        if self.found is None:
            return
        said = title if len(steps) != 1 else STEP_WORDS[steps[0]]
        columns = share_columns(
            said, self.found.book.currency, self.operations.now, has_step=bool(steps)
        )
        read = partial(self._behind, key, tuple(steps))
        self._beside.show_rows(
            RowList(
                lambda: SmallSource(read), columns, partial(self._say_orders, key, steps, said),
                lambda row: self.shell.open_order(row.id),
            )
        )  # fmt: skip

    def _behind(self, key: Key | None, steps: Sequence[Step]) -> list[OrderShare]:
        found = self.found
        return [] if found is None else found.book.behind(found.by, key, steps)

    def _say_orders(self, key: Key | None, steps: Sequence[Step], said: str, count: int) -> str:
        if self.found is None:
            return ""
        total = self.found.report.total
        row = next((row for row in self._rows if row.key == key), total)
        where = "" if key is None else f" of {name_of(row, self.by)}"
        amount = sum(row.steps.get(step, 0) for step in steps) if steps else row.contribution
        what = said if steps else "left over"
        return f"{count_of(count, 'order')}{where}: {what} {money(amount, total.currency)}"

    # ---- what is said by hand, and to keep -------------------------------------------------------------

    def ask_work(self) -> None:
        """Ask what work, payments and returns cost."""
        if (found := self.found) is not None:
            self.asking.ask(of_work(found.policy, found.packaging, found.book.currency, self._save))

    def _save(self, values: Values) -> None:
        if (found := self.found) is None:
            return
        try:
            changes = changes_of(values, found.policy, found.book.currency)
        except NotMoneyError as error:
            self.asking.complain(Problem(str(error), ""))
            return
        self.asking.run("save_cost_policy", changes=changes, based_on=found.policy.version)

    def save_table(self) -> None:
        """Save every row of the table in words, as it is shown."""
        columns = self.model.columns
        rows = [[visible(column.text(row)) for column in columns] for row in self._rows]
        header = [visible(column.words) for column in columns]
        content = exporter_of(self.operations).table("csv", header, rows)
        self.shell.save_file(f"costs-by-{self._file()}.csv", content)

    # ---- as the page knows it ------------------------------------------------------------------------

    def card(self) -> ChartCard:
        """Return the chart."""
        return self._card

    def lists(self) -> Sequence[QWidget]:
        """Return the table, the chart and the orders."""
        return (self.list, self._card.chart, self.rows.list)

    def start(self) -> None:
        """Begin in the table."""
        self.list.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Give the chart what twelve steps need."""
        super().showEvent(event)
        if not self.splitter.property("laid"):
            self.splitter.setProperty("laid", True)
            below = min(400, self.height() // 2)
            self.splitter.setSizes([self.height() - below, below])

    def commands(self) -> Sequence[Command]:
        """Declare what can be done with costs."""
        here = "insights"
        return [
            Command("insights.work_costs", "Say what work costs…", self.ask_work, "", "money", "Reports", here,
                    self._why_not_shown, help="Wages, minutes, payments, and what returns lose"),
            Command("insights.save_costs", "Save the table of costs…", self.save_table, "", "file", "Reports",
                    here, self._why_not_shown, help="Every row of the table as it is shown, as CSV"),
        ]  # fmt: skip

    def _why_not_shown(self) -> str:
        return "" if self.isVisible() and self.found is not None else "the costs are not shown"

    def state(self) -> dict[str, Any]:
        """Return what is looked at."""
        return {"by": self.by.value, "days": self.days, "shown": self.shown}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at what was looked at; what makes no sense any more is left out."""
        try:
            by, days, shown = By(state["by"]), int(state["days"]), str(state["shown"])
        except (KeyError, ValueError, TypeError):
            return
        if by in BY and days in dict(DAYS) and shown in dict(_SHOWN):
            self._put(by, days, shown)
