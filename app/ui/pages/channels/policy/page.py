"""The policy sheet: change answers, see which listings would change by how much, then save a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.domain.changes import Changes
from app.domain.promising.calendar import Overlay
from app.domain.promising.deciders import Duty, Record
from app.errors import DeskError
from app.queries.published import Decisions, decisions
from app.services.promising import limits, sheets
from app.services.promising.sheets import Preview
from app.ui import statuses
from app.ui.operations import Problem
from app.ui.pages.asking import Asks, of_reason
from app.ui.pages.channels.policy import questions, words
from app.ui.pages.channels.policy.matrix import matrix, unused
from app.ui.pages.insights.backtest.trying import TrySheet
from app.ui.pages.page import Shell
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import (
    across,
    boxed,
    button,
    down,
    empty_out,
    frame,
    rule_down,
    scrolling,
)
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.text import Elided, Text
from app.ui.words import count_of, day, number, signed

SHOWN = 60
PANE = 320


class PolicySheet(Asks, QWidget):
    """The sheet with its draft, and beside it what is asked and what would change."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell, self._operations = shell, shell.operations
        self._known: Decisions | None = None
        self._duties: tuple[Duty, ...] = ()
        self._draft: dict[str, dict[str, Any]] = {}
        self._calendar: list[dict[str, Any]] | None = None
        self._changes: Sequence[Preview] = ()
        self._is_whole = False
        self._content = down(spacing=10)
        inside = boxed(down(self._content, None, margins=(24, 18, 18, 30)))
        inside.setObjectName("body")
        self.pane = DetailPane("Change the sheet")
        self.pane.setFixedWidth(PANE)
        body = across(scrolling(inside, "Policy sheet"), rule_down(), self.pane, spacing=0)
        body.setStretch(0, 1)
        self.setLayout(body)
        self._beside()

    def refresh(self) -> None:
        """Read the sheet; a draft stays."""
        self._operations.query(decisions, then=self._read, slot="policy sheet")
        self._operations.query(limits.deciders, then=self._read_duties, slot="who decides")

    def _read(self, known: Decisions) -> None:
        self._known = known
        self._show()

    def _read_duties(self, duties: tuple[Duty, ...]) -> None:
        self._duties = duties
        self._show()

    # ---- what is shown --------------------------------------------------------------------------

    def _show(self) -> None:
        known = self._known
        if known is None:
            return
        self.setUpdatesEnabled(False)
        empty_out(self._content)
        rows = sheets.drafted(known.sheet, self._draft, None).rows
        self._head(known)
        self._content.addWidget(
            matrix(
                rows,
                known.channels,
                self._draft,
                self.ask_value,
                settled=known.settled,
                is_whole=self._is_whole,
            )
        )
        self._offer_the_rest(unused(rows, self._draft))
        self._content.addSpacing(10)
        self._title(
            "Calendar",
            button("Add…", self.add_to_calendar, icon_name="plus", name="Add to the calendar"),
        )
        self._content.addWidget(self._entries(known.sheet.calendar))
        self._content.addSpacing(10)
        self._title(
            "Stop and ask", button("Change…", self.ask_breakers, name="Change when to stop and ask")
        )
        at = known.thresholds
        self._content.addWidget(
            Text(
                f"When more than {count_of(at.zeros, 'SKU')} of a channel would go to zero at once, or more than "
                f"{at.share_percent} % of its numbers (at least {number(at.least)}) would change.",
                wraps=True,
            )
        )
        self._content.addSpacing(10)
        self._title("Who decides what", None)
        self._content.addWidget(self._table())
        self.setUpdatesEnabled(True)

    def _offer_the_rest(self, count: int) -> None:
        """Lead to the questions that no channel answers, or away from them."""
        if not count:
            return
        many = count_of(count, "question")
        says = (
            "Leave out what no channel uses"
            if self._is_whole
            else f"Show {many} more that no channel uses yet"
        )
        self._content.addLayout(across(button(says, self._turn_whole, kind="link"), None))

    def _turn_whole(self) -> None:
        self._is_whole = not self._is_whole
        self._show()

    def _head(self, known: Decisions) -> None:
        drafted = sheets.drafted(known.sheet, self._draft, None)
        open_ = [
            f"{statuses.channel(channel)}: {words.ROWS[field].label.lower()}"
            for channel in known.channels
            for field in drafted.row(channel).undecided
        ]
        if open_:
            words_ = Text(
                f"Nothing is deciding: {', '.join(open_)}.",
                tone=Tone.BAD,
                step="strong",
                wraps=True,
            )
            row = across(IconLabel("exceptions", Tone.BAD), spacing=8)
            row.addWidget(words_, 1)
            self._content.addLayout(row)
        self._content.addWidget(
            Text(f"Version {known.sheet.version}. Each version is kept.", quiet=True)
        )

    def _title(self, title: str, tool: QWidget | None) -> None:
        self._content.addLayout(
            across(Text(title, step="heading"), None, *([tool] if tool else []))
        )

    def _entries(self, entries: Sequence[Overlay]) -> QWidget:
        if not entries:
            return Text("Nothing: the sheet counts as it stands.", quiet=True)
        now = self._operations.now()
        grid = _grid()
        for at, each in enumerate(entries):
            where = ", ".join(map(statuses.channel, each.channels)) or "Every channel"
            what = ", ".join(
                f"{words.ROWS[f].label.lower()} {words.said(f, v)}" for f, v in each.changes.items()
            )
            last = f"{day(each.starts_at.astimezone().date(), now)} to {day(each.ends_at.astimezone().date(), now)}"
            over = " (over)" if each.ends_at <= now else " (now)" if each.is_on(now) else ""
            grid.addWidget(Text(each.name + over, step="strong"), at, 0)
            only = f", only {', '.join(each.skus)}" if each.skus else ""
            grid.addWidget(Text(f"{where}{only}: {what}", wraps=True), at, 1)
            grid.addWidget(Text(last, quiet=True), at, 2)
            grid.addWidget(button("Remove", partial(self._remove, at), kind="link",
                                  name=f"Remove {each.name}"), at, 3)  # fmt: skip
        return _card(grid)

    def _table(self) -> QWidget:
        grid = _grid()
        for column, title in enumerate(("Data", "Decides", "May write it", "In a conflict", "")):
            grid.addWidget(Text(title, quiet=True, step="small"), 0, column)
        for at, duty in enumerate(self._duties, 1):
            is_open = duty.decides is Record.NOBODY
            grid.addWidget(Text(f"{duty.data}: {duty.field}").hint(duty.note), at, 0)
            grid.addWidget(
                Text(words.RECORDS[duty.decides], tone=Tone.BAD if is_open else None), at, 1
            )
            grid.addWidget(Elided(", ".join(duty.writers), quiet=True), at, 2)
            grid.addWidget(Text(words.CONFLICTS[duty.on_conflict]), at, 3)
            grid.addWidget(button("Change…", partial(self.ask_duty, duty), kind="link",
                                  name=f"Change who decides {duty.data}: {duty.field}"), at, 4)  # fmt: skip
        grid.setColumnStretch(2, 1)
        return _card(grid)

    # ---- the draft ------------------------------------------------------------------------------

    @property
    def is_drafted(self) -> bool:
        """Whether something is changed and not saved."""
        return bool(self._draft) or self._calendar is not None

    def ask_value(self, channel: str, field: str) -> None:
        """Ask for one answer of one channel."""
        if self._known is not None:
            rules = sheets.drafted(self._known.sheet, self._draft, None).rows[channel]
            self.ask(questions.of_cell(channel, field, rules, partial(self.draft, channel, field)))

    def draft(self, channel: str, field: str, value: object) -> None:
        """Take an answer into the draft, and say what it would change."""
        row = {**self._draft.get(channel, {}), field: value}
        self._try({**self._draft, channel: row}, self._calendar)

    def add_to_calendar(self) -> None:
        """Ask what counts instead for a while."""
        if self._known is not None:
            self.ask(questions.of_calendar(self._known.channels, self._operations.now(), self._add))

    def _add(self, values: Mapping[str, object]) -> None:
        try:
            entry = questions.entry(values)
        except DeskError as error:
            self.complain(Problem(error.title, error.advice))
            return
        self._try(self._draft, [*self._entries_said(), entry])

    def _remove(self, at: int) -> None:
        kept = [each for n, each in enumerate(self._entries_said()) if n != at]
        self._try(self._draft, kept)

    def _entries_said(self) -> list[dict[str, Any]]:
        if self._calendar is not None:
            return self._calendar
        return sheets.calendar_said(self._known.sheet) if self._known is not None else []

    def _try(self, draft: dict[str, dict[str, Any]], calendar: list[dict[str, Any]] | None) -> None:
        """Hold the draft against the catalogue; one that cannot be is not taken over."""
        self._operations.query(
            sheets.preview, channels=draft, calendar=calendar, now=self._operations.now(),
            then=partial(self._tried, draft, calendar), otherwise=self.complain, slot="preview",
        )  # fmt: skip

    def _tried(
        self, draft: dict[str, dict[str, Any]], calendar: list[dict[str, Any]] | None,
        changes: Sequence[Preview],
    ) -> None:  # fmt: skip
        self._draft, self._calendar, self._changes = draft, calendar, changes
        self.pane.close_question()
        self._show()
        self._beside()

    def _beside(self) -> None:
        """Show what the draft would change, and offer to save it."""
        if not self.is_drafted:
            self.pane.fill([], [Text("Choose an answer on the left to change it. You see which listings "
                                     "would change before anything is saved.", quiet=True, wraps=True)])  # fmt: skip
            return
        count = len(self._changes)
        units = sum(each.change for each in self._changes)
        head: list[QWidget | QLayout] = [
            Text(f"{count_of(count, 'listing')} would change", step="title", wraps=True),
            Text(f"{signed(units)} units in all." if units else "No units in all.", quiet=True),
            across(button("Save this version", self.save, kind="primary"),
                   button("Leave it", self.discard, kind="quiet"), None),
            across(button("Try it on the past…", self.try_on_past, kind="link",
                          hint="What it would have cost or spared: Insights, Back-test"), None),
        ]  # fmt: skip
        self.pane.fill(head, [self._listing(self._changes)])

    def _listing(self, changes: Sequence[Preview]) -> QWidget:
        grid = _grid()
        right = Qt.AlignmentFlag.AlignRight
        for at, each in enumerate(sorted(changes, key=lambda one: one.change)[:SHOWN]):
            link = button(each.sku, partial(self.shell.open_sku, each.sku), kind="link")
            grid.addWidget(link, at, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(Elided(each.account, quiet=True), at, 1)
            grid.addWidget(
                Text(f"{words.told(each.before)} → {words.told(each.after)}"), at, 2, right
            )
            tone = Tone.BAD if each.change < 0 else Tone.GOOD
            grid.addWidget(Text(signed(each.change), tone=tone, step="strong"), at, 3, right)
        if len(changes) > SHOWN:
            grid.addWidget(
                Text(f"and {number(len(changes) - SHOWN)} more", quiet=True), SHOWN, 0, 1, 4
            )
        grid.setColumnStretch(1, 1)
        return boxed(grid)

    def try_on_past(self) -> None:
        """Try the draft on the orders of the past."""
        link = TrySheet(self._draft, self._calendar).link
        self.shell.go("insights", f"backtest:sheet:{link}")

    def take_draft(self, link: str) -> None:
        """Say what a draft would change that was tried on the past."""
        trial = TrySheet.of_link(link)
        self._try(trial.channels, trial.calendar)

    def save(self) -> None:
        """Save the draft as the next version."""
        self._save()

    def _save(self, **named: Any) -> None:
        """Save it; where a back-test does not speak for it, ask why all the same."""
        if self._known is not None:
            self._operations.run(
                "save_sheet", channels=self._draft, calendar=self._calendar,
                based_on=self._known.sheet.version, then=self._saved, otherwise=self._unsaved, **named,
            )  # fmt: skip

    def _unsaved(self, problem: Problem) -> None:
        if problem.takes_reason:
            self.ask(of_reason(problem, lambda reason: self._save(anyway=True, reason=reason)))
        else:
            self.complain(problem)

    def _saved(self, changes: Changes) -> None:
        self.discard()
        self.done(changes)

    def discard(self) -> None:
        """Leave the sheet as it is."""
        self._draft, self._calendar, self._changes = {}, None, ()
        self._show()
        self._beside()

    # ---- what else is set -----------------------------------------------------------------------

    def ask_breakers(self) -> None:
        """Ask from when on publishing stops and asks."""
        if self._known is not None:
            self.ask(questions.of_breakers(
                self._known.thresholds, lambda v: self.run("set_breakers", changes=dict(v))))  # fmt: skip

    def ask_duty(self, duty: Duty) -> None:
        """Ask who decides one kind of data."""
        self.ask(questions.of_duty(duty, lambda lines: self.run("save_deciders", lines=lines)))

    def done(self, changes: Changes) -> None:
        """Read the sheet again as it is now."""
        super().done(changes)
        self.refresh()


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(5)
    return grid


def _card(grid: QGridLayout) -> QWidget:
    card = frame("card")
    grid.setContentsMargins(16, 12, 14, 12)
    card.setLayout(grid)
    return card
