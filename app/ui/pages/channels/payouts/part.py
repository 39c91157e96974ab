"""The payouts of all channels: what fits, what waits, what differs, each down to its lines."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedWidget, QWidget

from app.domain.changes import Changes
from app.domain.money import to_decimal
from app.queries.payout_findings import FindingRow, findings
from app.queries.payouts import PayoutRow, lines_of_payout, payout_of, payout_rows
from app.services.desk import Desk
from app.ui import receipts
from app.ui.lists.list_view import ListView
from app.ui.lists.small import SmallSource
from app.ui.lists.table import TableModel
from app.ui.operations import Problem
from app.ui.pages.channels.payouts.columns import payout_columns
from app.ui.pages.channels.payouts.pane import PayoutPane, Told, Verbs
from app.ui.pages.orders.sections import wording
from app.ui.pages.page import Shell
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.form import Field, Question

VIEWS: Final = (("look", "To look at"), ("waits", "Not paid out yet"), ("all", "All"))
ALL: Final = 2


def read_payouts(desk: Desk, view: str) -> list[PayoutRow]:
    """Read the payouts of one view; there are some hundreds a year."""
    return [row for row in desk.read(payout_rows, limit=None) if _is_in(row, view)]


def _is_in(row: PayoutRow, view: str) -> bool:
    if view == "look":
        has_strangers = bool(row.loose and row.orders)  # orders of that time are here, but not all
        return bool(row.differences) or has_strangers or row.state in ("differs", "bare")
    return view == "all" or row.state == "waits"


def read_payout(desk: Desk, payout_id: int) -> Told | None:
    """Read everything about one payout."""
    payout = desk.read(payout_of, payout_id)
    if payout is None:
        return None
    words = wording(desk.now())
    lines = desk.read(lines_of_payout, payout_id)
    return Told(payout, lines, desk.read(findings, payout_id=payout_id, wording=words))


class Payouts(QWidget):
    """The list of payouts, and beside it the one that is selected."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell, self._operations = shell, shell.operations
        self._told: Told | None = None
        self._view = ALL
        self.model = TableModel(
            self._operations, payout_columns(self._operations.now), sort="", parent=self
        )
        self.list = ListView(self.model, "Payouts")
        self.list.current_changed.connect(self._follow)
        self.model.loaded.connect(self._loaded)
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        self.pane = PayoutPane(
            Verbs(self.accept, self.reopen, shell.open_order, self.save), self._operations.now
        )
        self.pane.setMinimumWidth(380)
        self.pane.show_nothing()
        body = QSplitter(Qt.Orientation.Horizontal)
        body.setHandleWidth(1)
        body.setChildrenCollapsible(False)
        body.addWidget(boxed(down(self._tools(), self._stack, spacing=0)))
        body.addWidget(self.pane)
        body.setStretchFactor(0, 1)
        body.setSizes([1250, 470])
        self.setLayout(down(body))

    def _tools(self) -> QWidget:
        self._tabs: list[QPushButton] = []
        for at, (_key, title) in enumerate(VIEWS):
            tab = button(title, partial(self.show_view, at), kind="tab")
            tab.setCheckable(True)
            tab.setChecked(at == self._view)
            self._tabs.append(tab)
        check = button("Check again", self.check, icon_name="refresh",
                       hint="Hold everything that was paid against the orders again")  # fmt: skip
        return boxed(across(*self._tabs, None, check, spacing=6, margins=(12, 6, 12, 6)))

    def show_view(self, at: int) -> None:
        """Show what has to be looked at, what waits, or everything."""
        self._view = at
        for n, tab in enumerate(self._tabs):
            tab.setChecked(n == at)
        self.refresh()

    def refresh(self) -> None:
        """Read the list, and what is selected, again."""
        read = partial(read_payouts, self._operations.desk, VIEWS[self._view][0])
        self.model.show(SmallSource(read))
        if self._told is not None:
            self._read(self._told.payout.id)

    def _loaded(self) -> None:
        if not self.model.rowCount():
            self._say_nothing()
        self._stack.setCurrentIndex(0 if self.model.rowCount() else 1)
        if not self.model.rowCount():
            self._follow(None)

    def _say_nothing(self) -> None:
        if self._view == ALL:
            self._empty.say(
                "import", "No payout is here yet",
                "Import the settlement or transaction report of a channel: each amount is held against "
                "your orders, to the cent.", ("Import files…", self._shell.choose_files),
            )  # fmt: skip
        else:
            what = (
                "Everything that was paid fits"
                if self._view == 0
                else "Nothing waits to be paid out"
            )
            self._empty.say("done", what, "", ("Show all payouts", partial(self.show_view, ALL)))

    def _follow(self, row: PayoutRow | None) -> None:
        if row is None:
            self._told = None
            self.pane.show_nothing()
        else:
            self._read(row.id)

    def _read(self, payout_id: int) -> None:
        self._operations.ask(
            partial(read_payout, self._operations.desk, payout_id), then=self._show, slot="payout"
        )

    def _show(self, told: Told | None) -> None:
        if told is None:
            self._follow(None)
            return
        is_same = self._told is not None and self._told.payout.id == told.payout.id
        self._told = told
        self.pane.show_payout(told, is_same=is_same)

    # ---- acting ---------------------------------------------------------------------------------

    def check(self) -> None:
        """Hold everything that was paid against the orders again."""
        self._run("check_payouts")

    def accept(self, row: FindingRow) -> None:
        """Ask why something is right as it was paid."""
        self.pane.ask(Question(
            f"{f'Order {row.number}' if row.number else 'This payout'} is right as it was paid",
            [Field("reason", "Why", is_needed=True, placeholder="I agreed with the channel …")], "It is right",
            lambda v: self._run("accept_payout_findings", finding_ids=[row.id], reason=str(v["reason"])),
            note="It is asked about again once its amount changes.",
        ))  # fmt: skip

    def reopen(self, row: FindingRow) -> None:
        """Ask about it again."""
        self._run("reopen_payout_findings", finding_ids=[row.id])

    def save(self, told: Told) -> None:
        """Save every line of a payout as a file for a spreadsheet."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(
            ["booked", "order", "type", "what", "item", "amount", "currency", "file", "line"]
        )
        for line in told.lines:
            words = (line.number or line.order_ref, line.type, line.label, line.item_ref)
            writer.writerow([line.posted_at.isoformat(), *map(_cell, words),
                             to_decimal(line.amount, line.currency), line.currency, _cell(line.file),
                             line.raw_line])  # fmt: skip
        name = f"payout {told.payout.account} {told.payout.ref}.csv"
        safe = "".join(sign if sign.isalnum() or sign in " .-" else "_" for sign in name)
        self._shell.save_file(safe, text.getvalue().encode("utf-8-sig"))

    def _run(self, operation: str, **arguments: Any) -> None:
        self._operations.run(operation, then=self._done, otherwise=self._complain, **arguments)

    def _done(self, changes: Changes) -> None:
        self.pane.close_question()
        self._shell.say(receipts.done(changes), receipts.why_skipped(changes.skipped),
                        can_undo=bool(changes.undo and changes.done))  # fmt: skip
        self.refresh()

    def _complain(self, problem: Problem) -> None:
        if self.pane.form is not None:
            self.pane.form.complain(f"{problem.title} {problem.advice}".strip())
        elif not problem.details:
            self._shell.complain(problem.title, problem.advice)


def _cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
