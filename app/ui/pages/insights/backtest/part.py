"""Back-test: what would have been, had a draft of the rules or of the policy sheet decided on the past?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from app.errors import RefusedError
from app.services.backtesting.comparing import Sweep
from app.ui.activity import Item
from app.ui.charts.card import ChartCard
from app.ui.commands import Command
from app.ui.operations import Problem
from app.ui.pages.asking import QuestionPlace
from app.ui.pages.insights.backtest.questions import (
    numbers_of,
    of_gate,
    of_numbers,
    of_since,
)
from app.ui.pages.insights.backtest.result import Ways, drawing_of, heading
from app.ui.pages.insights.backtest.tables import Table, tables_of
from app.ui.pages.insights.backtest.trying import (
    Known,
    Replay,
    Trial,
    Tried,
    TryNumbers,
    TryRules,
    TrySheet,
    of_file,
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

_FILES: Final = "Policy sheet or rules (*.toml *.txt);;Any file (*)"


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
            button("Try a file…", self.choose_file, hint="A policy sheet (.toml) or rules that were saved"),
            button("Before drafts count…", self.ask_gate, hint="Whether they have to be tried first"),
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

    def choose_file(self) -> None:
        """Let the person choose a policy sheet or rules."""
        chosen, _kind = QFileDialog.getOpenFileName(
            self, "Try a file on the past", str(Path.home()), _FILES
        )
        if chosen:
            self.look_into(Path(chosen))

    def look_into(self, path: Path) -> None:
        """Read what a file wants to be tried, and ask on which orders."""
        self.operations.ask(partial(of_file, path), otherwise=self.asking.complain,
                            then=partial(self._ask_since, f"Try {path.name}"))  # fmt: skip

    def ask_gate(self) -> None:
        """Ask whether drafts have to be tried before they count."""
        if self.known is not None:
            self.asking.ask(of_gate(self.known.is_gated, self._save_gate))

    def _save_gate(self, values: Values) -> None:
        self.asking.run("set_backtest_gate", is_on=bool(values["is_on"]))

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
            self._card.show_picture(f"back-test-{found.name.replace('_', '-')}", drawing_of(found))
        self._stack.setCurrentIndex(1)
        self._show_table()
        self.shell.state_changed()

    def _heading(self, tried: Tried) -> QWidget:
        ways = Ways(self.shell, self.open_number, self._back if self._swept is not None else None)
        return heading(tried, self.known.channels if self.known is not None else (), ways)

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
            Command("insights.try_file", "Try a file on the past…", self.choose_file, "", "file", "Reports", here,
                    self._why_hidden, help="A policy sheet or rules that were saved, order by order"),
            Command("insights.backtest_gate", "Say whether drafts have to be tried first…", self.ask_gate, "", "hold",
                    "Reports", here, self._why_hidden, help="Whether a draft counts only once a back-test spoke for it"),
            Command("insights.stop_backtest", "Stop the back-test", self.stop, "", "close", "Reports", here,
                    lambda: "" if self._item is not None else "no back-test is under way"),
        ]  # fmt: skip

    def _why_hidden(self) -> str:
        return "" if self.isVisible() else "the back-test is not shown"
