"""What buyers of the own store are told: drafts to approve, what is about to leave, what has left."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedWidget, QWidget

from app.domain.changes import Changes
from app.errors import RefusedError
from app.queries.messages import BuyerMessage, buyer_message_rows
from app.services.desk import Desk
from app.services.messaging.composing import compose
from app.ui import receipts
from app.ui.lists.list_view import ListView
from app.ui.lists.small import SmallSource
from app.ui.lists.table import TableModel
from app.ui.operations import Problem
from app.ui.pages.channels.messages.columns import message_columns
from app.ui.pages.channels.messages.pane import MessagePane, Read, Verbs
from app.ui.pages.page import Shell
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.form import Field, Question
from app.ui.words import count_of

VIEWS: Final = (
    ("To decide", ("in_doubt", "rejected", "draft")), ("About to leave", ("pending", "sent")),
    ("Over", ("acked", "recalled")),
)  # fmt: skip


def read_messages(desk: Desk, view: int) -> list[BuyerMessage]:
    """Read the messages of one view."""
    return desk.read(buyer_message_rows, states=VIEWS[view][1], limit=2_000)


def read_message(desk: Desk, row: BuyerMessage) -> Read:
    """Write a message as it would leave now."""
    try:
        return Read(row, desk.read(compose, row.id))
    except RefusedError as refused:
        return Read(row, None, refused.title)


class Messages(QWidget):
    """The list of messages, and beside it the one that is selected, as it is read."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell, self._operations = shell, shell.operations
        self._read: Read | None = None
        self._view = 0
        self.model = TableModel(
            self._operations, message_columns(self._operations.now), parent=self
        )
        self.list = ListView(self.model, "Messages to buyers")
        self.list.current_changed.connect(self._follow)
        self.model.loaded.connect(self._loaded)
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        verbs = Verbs(
            self.send, self.hold, self.drop, self.again, self.open_order, self.save, self.stop
        )
        self.pane = MessagePane(verbs, self._operations.now)
        self.pane.setMinimumWidth(380)
        self.pane.show_nothing()
        body = QSplitter(Qt.Orientation.Horizontal)
        body.setHandleWidth(1)
        body.setChildrenCollapsible(False)
        body.addWidget(boxed(down(self._tools(), self._stack, spacing=0)))
        body.addWidget(self.pane)
        body.setStretchFactor(0, 1)
        body.setSizes([1150, 570])
        self.setLayout(down(body))

    def _tools(self) -> QWidget:
        self._tabs: list[QPushButton] = []
        for at, (title, _states) in enumerate(VIEWS):
            tab = button(title, partial(self.show_view, at), kind="tab")
            tab.setCheckable(True)
            tab.setChecked(at == self._view)
            self._tabs.append(tab)
        self._all = button("Send all drafts", self.send_all, icon_name="accept",
                           hint="Each can be taken back for some minutes")  # fmt: skip
        set_up = button("Set up…", partial(self._shell.go, "settings"), icon_name="settings",
                        hint="Who is written to, from which address, when, and in which words")  # fmt: skip
        return boxed(
            across(*self._tabs, None, self._all, set_up, spacing=6, margins=(12, 6, 12, 6))
        )

    def show_view(self, at: int) -> None:
        """Show what is to be decided, what is about to leave, or what is over."""
        self._view = at
        for n, tab in enumerate(self._tabs):
            tab.setChecked(n == at)
        self.refresh()

    def refresh(self) -> None:
        """Read the list, and what is selected, again."""
        self.model.show(SmallSource(partial(read_messages, self._operations.desk, self._view)))

    def _loaded(self) -> None:
        has_rows = bool(self.model.rowCount())
        self._stack.setCurrentIndex(0 if has_rows else 1)
        self._all.setEnabled(self._view == 0 and has_rows)
        if not has_rows:
            self._say_nothing()
            self._follow(None)
        elif self.list.current_row is not None:
            self._follow(self.list.current_row)

    def _say_nothing(self) -> None:
        if self._view == 0:
            self._empty.say(
                "done", "No message waits for you",
                "When parcels of your own store leave, arrive or are late, what their buyers are told waits here "
                "for a yes. Marketplaces tell their buyers themselves.",
                ("Set up messages…", partial(self._shell.go, "settings")),
            )  # fmt: skip
        else:
            self._empty.say(
                "done",
                "Nothing here",
                "",
                ("Show what is to be decided", partial(self.show_view, 0)),
            )

    def _follow(self, row: BuyerMessage | None) -> None:
        if row is None:
            self._read = None
            self.pane.show_nothing()
            return
        self._operations.ask(
            partial(read_message, self._operations.desk, row), then=self._show, slot="message"
        )

    def _show(self, read: Read) -> None:
        is_same = self._read is not None and self._read.row.id == read.row.id
        self._read = read
        self.pane.show_message(read, is_same=is_same)

    # ---- acting ---------------------------------------------------------------------------------

    def _ids(self) -> list[int]:
        return [self._read.row.id] if self._read is not None else []

    def send(self) -> None:
        """Let the message go, after its undo window."""
        self._run("approve_messages", message_ids=self._ids())

    def send_all(self) -> None:
        """Let every draft go."""
        self._operations.ask(
            lambda: self._operations.desk.read(buyer_message_rows, states=("draft",), limit=None),
            then=self._send_these,
        )

    def _send_these(self, rows: list[BuyerMessage]) -> None:
        if rows:
            self._run("approve_messages", message_ids=[row.id for row in rows])
        else:
            self._shell.say(f"{count_of(0, 'draft')} to send")

    def hold(self) -> None:
        """Take the yes back."""
        self._run("hold_messages", message_ids=self._ids())

    def again(self) -> None:
        """Send it again."""
        self._run("send_messages_again", message_ids=self._ids())

    def drop(self) -> None:
        """Ask why it is not sent."""
        ids = self._ids()
        self.pane.ask(Question(
            "Do not send this message",
            [Field("reason", "Why", placeholder="I told them by phone …")], "Do not send it",
            lambda v: self._run("drop_messages", message_ids=ids, reason=str(v["reason"])),
            note="The buyer hears nothing about this.", kind="danger",
        ))  # fmt: skip

    def open_order(self) -> None:
        """Show the order."""
        if self._read is not None:
            self._shell.open_order(self._read.row.order_id)

    def stop(self) -> None:
        """Write to this buyer no more."""
        if self._read is not None:
            self._run("stop_writing", order_id=self._read.row.order_id)

    def save(self) -> None:
        """Save the mail as the page that it is, to be looked at in a browser."""
        if self._read is not None and self._read.composed is not None:
            page = self._read.composed.written.html.encode("utf-8")
            self._shell.save_file(f"message {self._read.row.id}.html", page)

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
