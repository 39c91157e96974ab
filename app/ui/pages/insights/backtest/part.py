"""Back-test: what would have been, had a draft of the rules or of the policy sheet decided on the past?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from app.errors import RefusedError
from app.services.backtesting.comparing import Sweep
from app.ui import statuses
from app.ui.activity import Item
from app.ui.charts.card import ChartCard
from app.ui.charts.drawing import Canvas, Drawing
from app.ui.commands import Command
from app.ui.operations import Problem
from app.ui.pages.asking import QuestionPlace
from app.ui.pages.channels.policy.questions import field_title
from app.ui.pages.insights.backtest import words
from app.ui.pages.insights.backtest.questions import numbers_of, of_numbers, of_since
from app.ui.pages.insights.backtest.tables import Table, tables_of
from app.ui.pages.insights.backtest.trying import (
    Known,
    Replay,
    Trial,
    Tried,
    TryNumbers,
    TryRules,
    TrySheet,
    read_known,
)
from app.ui.pages.insights.listing import OverRows, RowsPanel, padded
from app.ui.pages.insights.part import InsightsPart
from app.ui.pages.page import Shell
from app.ui.tokens import Tone
from app.ui.widgets.controls import (
    across,
    as_wide_as_its_words,
    boxed,
    button,
    choice,
    down,
    empty_out,
)
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.form import Values
from app.ui.widgets.text import Text
from app.ui.words import number

_ABOUT = (
    "Orders of the past are decided once more, against the stock of their moment: what another policy "
    "sheet or other rules would have cost or spared. Nothing is changed."
)


class BacktestView(InsightsPart):
    """What it comes to above, the chart of a sweep below, and the orders behind it."""

    key = "backtest"
    title = "Back-test"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.known: Known | None = None
        self.tried: Tried | None = None
        self._swept: Tried | None = None  # the sweep of which one number is looked at
        self._item: Item | None = None
        self._days = 90
        self._tables: list[Table] = []
        self.asking = QuestionPlace(shell)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._far = Text(wraps=True)
        self._stop = button("Stop", self.stop, kind="link", name="Stop the back-test")
        self._progress = boxed(across(self._far, self._stop, None, margins=(16, 8, 16, 4)))
        self._progress.hide()
        self._head = down(spacing=5)
        self._which = choice("Table", [])
        self._which.activated.connect(lambda _at: self._show_table())
        self._card = ChartCard(shell, "Point at a number to read it; click it for its orders.")
        self._card.chart.opened.connect(self._open_spot)
        self.rows = RowsPanel(shell)
        self._lay_out()

    def _lay_out(self) -> None:
        self.empty = EmptyState()
        self.empty.say("undo", "Nothing was tried yet", _ABOUT,
                       ("Try numbers of the sheet…", self.ask_numbers))  # fmt: skip
        self._charted = padded(self._card)
        self._beside = OverRows(self._charted, self.rows)
        pick = across(Text("Show", quiet=True), self._which, None, margins=(16, 2, 16, 2))
        result = down(boxed(self._head), boxed(pick), self._beside, spacing=0)
        result.setStretch(2, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(boxed(result))
        layout = down(self.asking, self._progress, self._stack, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def tools(self) -> Sequence[QWidget]:
        """Return what can be tried."""
        return (
            button("Try rules…", self.ask_rules, hint="Decide the orders of the past by their draft"),
            button("Try numbers…", self.ask_numbers,
                   hint="Which buffer, reserve or cap would have cost least"),
        )  # fmt: skip

    def refresh(self) -> None:
        """Read what can be tried; what was tried stays."""
        self.operations.ask(partial(read_known, self.operations.desk), then=self._told,
                            slot=("insights", "backtest"))  # fmt: skip

    def _told(self, known: Known) -> None:
        self.known = known
        self.shell.state_changed()

    # ---- what is tried ---------------------------------------------------------------------------

    def ask_rules(self) -> None:
        """Ask on which orders the draft of the rules is tried."""
        if (known := self.known) is None:
            return
        if known.draft is None:
            self.shell.complain("There is no draft of the rules; nothing was tried.",
                                "Change a rule on the page Rules: that begins one.")  # fmt: skip
            return
        self._ask_since("Try the draft of the rules", TryRules(known.draft))

    def _ask_since(self, title: str, trial: Trial) -> None:
        self.asking.ask(of_since(title, partial(self._begin_of, trial)))

    def ask_numbers(self) -> None:
        """Ask which numbers of the sheet are tried."""
        if self.known is not None:
            self.asking.ask(of_numbers(self.known.channels, self._numbers))

    def _numbers(self, values: Values) -> None:
        try:
            trial = numbers_of(values, self.known.channels if self.known is not None else ())
        except RefusedError as error:
            self.asking.complain(Problem(error.title, error.advice))
            return
        is_one = len(trial.values) == 1
        self._begin_of(trial.only(trial.values[0]) if is_one else trial, values)

    def search(self, query: str) -> None:
        """Try what a link leads to: "sheet:…" is a draft of the policy sheet."""
        kind, _colon, said = query.partition(":")
        if kind == "sheet":
            self._ask_since("Try the draft of the policy sheet", TrySheet.of_link(said))

    def _begin_of(self, trial: Trial, values: Values) -> None:
        self.asking.answered()
        self._days, self._swept = int(str(values["days"])), None
        self.begin(trial)

    # ---- the job ---------------------------------------------------------------------------------

    def begin(self, trial: Trial) -> None:
        """Try something on the orders of the last days, as a job beside everything else."""
        self.stop()
        operations = self.operations
        replay = Replay(operations.desk, trial, operations.now() - timedelta(days=self._days))
        item = self._item = operations.activity.begin("Back-test", stop=replay.stop)

        def tell(done: int, total: int) -> None:
            operations.report(partial(self._tell, item, done, total))
            operations.give_way()

        operations.job(partial(replay.run, tell), then=partial(self._arrived, item),
                       otherwise=partial(self._refused, item), shown=item)  # fmt: skip
        self._say_far("Reading the orders and the stock of that time …")

    def stop(self) -> None:
        """Go no further; what was tried before is shown still."""
        if self._item is not None:
            self._item.stop()
            self._over()

    def _say_far(self, said: str) -> None:
        self._far.say(said)
        self._progress.show()

    def _over(self) -> None:
        self._item = None
        self._progress.hide()
        self.shell.state_changed()

    def _tell(self, item: Item, done: int, total: int) -> None:
        item.progress(done, total)
        if item is self._item:
            self._say_far(f"Replaying: {number(done)} of {number(total)} …")

    def _arrived(self, item: Item, tried: Tried | None) -> None:
        if tried is None:
            item.end("Stopped", Tone.NEUTRAL)
        elif item is self._item:
            self._over()
            self.show_tried(tried)
            if tried.verdict is not None:
                self.operations.run("keep_backtest", remembers=False, **tried.verdict)

    def _refused(self, item: Item, problem: Problem) -> None:
        if item is self._item:
            self._over()
        if not problem.details:
            self.shell.complain(problem.title, problem.advice)

    # ---- what came of it -------------------------------------------------------------------------

    def show_tried(self, tried: Tried) -> None:
        """Show what a trial came to."""
        self.tried = tried
        found = tried.found
        empty_out(self._head)
        self._head.addWidget(self._heading(tried))
        self._tables = tables_of(found, self.shell, self.open_number)
        self._which.clear()
        for table in self._tables:
            self._which.addItem(f"{table.title} ({number(len(table.lines))})")
        as_wide_as_its_words(self._which)
        self._charted.setVisible(isinstance(found, Sweep))
        if isinstance(found, Sweep):
            self._card.show_picture(f"back-test-{found.name.replace('_', '-')}", _drawing(found))
        self._stack.setCurrentIndex(1)
        self._show_table()
        self.shell.state_changed()

    def _heading(self, tried: Tried) -> QWidget:
        found, now = tried.found, self.operations.now()
        gate = words.gate_words(tried)
        used = self.known.channels if self.known is not None else ()
        said = [
            *words.tried_words(tried.trial, used),
            *words.sentences(found, now),
            *([gate] if gate else []),
        ]
        told = [Text(each, wraps=True) for each in said]
        ways = [self._way_on(tried)]
        if self._swept is not None:
            ways.append(button("Back to the numbers", self._back, kind="quiet"))
        says = down(Text(words.headline(found), step="heading", wraps=True), *told,
                    across(*ways, None), None, spacing=6)  # fmt: skip
        row = across(
            boxed(says), boxed(_grid(*words.sides(found))), spacing=28, margins=(16, 10, 20, 6)
        )
        row.setStretch(0, 1)
        return boxed(row)

    def _way_on(self, tried: Tried) -> QWidget:
        """Return what leads on: the preview of the draft, or the best number by itself."""
        trial, found = tried.trial, tried.found
        if isinstance(found, Sweep):
            return button(f"Look at {number(found.best.value)} by itself",
                          partial(self.open_number, found.best.value), kind="primary")  # fmt: skip
        link = ("rules", "preview")
        if isinstance(trial, TrySheet):
            link = ("channels", f"policy:draft:{trial.link}")
        return button("Put it in force…", partial(self.shell.go, *link), kind="primary",
                      hint="First you see what it would change now")  # fmt: skip

    def _show_table(self) -> None:
        if self._tables:
            self._beside.show_rows(self._tables[max(0, self._which.currentIndex())].listing)

    def _open_spot(self, opens: object) -> None:
        from app.ui.charts.sweep import NumberOf  # it is there: the chart was drawn with it

        if isinstance(opens, NumberOf):
            self.open_number(opens.value)

    def open_number(self, value: int) -> None:
        """Try one number of a sweep by itself, for its orders."""
        if self.tried is not None and isinstance(self.tried.trial, TryNumbers):
            self._swept = self.tried
            self.begin(self.tried.trial.only(value))

    def _back(self) -> None:
        """Show the sweep again."""
        swept, self._swept = self._swept, None
        if swept is not None:
            self.show_tried(swept)

    # ---- as the page knows it ----------------------------------------------------------------------

    def card(self) -> ChartCard | None:
        """Return the chart, if what was tried has one."""
        return (
            self._card if self.tried is not None and isinstance(self.tried.found, Sweep) else None
        )

    def lists(self) -> Sequence[QWidget]:
        """Return the table, the chart and the view."""
        return (self.rows.list, self._card.chart, self)

    def start(self) -> None:
        """Let the keys be for the view."""
        self.setFocus()

    def commands(self) -> Sequence[Command]:
        """Declare what can be tried."""
        here = "insights"
        return [
            Command("insights.try_rules", "Try the draft of the rules on the past…", self.ask_rules, "", "rules",
                    "Reports", here, self._why_hidden, help="What it would have cost or spared, order by order"),
            Command("insights.try_numbers", "Try numbers of the policy sheet on the past…", self.ask_numbers, "",
                    "channels", "Reports", here, self._why_hidden,
                    help="Which buffer, reserve or cap would have cost least"),
            Command("insights.stop_backtest", "Stop the back-test", self.stop, "", "close", "Reports", here,
                    lambda: "" if self._item is not None else "no back-test is under way"),
        ]  # fmt: skip

    def _why_hidden(self) -> str:
        return "" if self.isVisible() else "the back-test is not shown"


class _Picture:
    """A chart that was drawn."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing


def _drawing(found: Sweep) -> Callable[[Canvas], _Picture]:
    def draw(canvas: Canvas) -> _Picture:
        from app.ui.charts.sweep import sweep_chart  # matplotlib comes with the first chart

        where = statuses.channel(found.channel) if found.channel else "every channel"
        return _Picture(sweep_chart(found, f"{field_title(found.name)} ({where})", canvas))

    return draw


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(2)
    for at, row in enumerate((head, *rows)):
        for column, said in enumerate(row):
            cell = Text(said, quiet=not at or not column)
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            grid.addWidget(cell, at, column, side)
    grid.setRowStretch(len(rows) + 1, 1)
    return grid
