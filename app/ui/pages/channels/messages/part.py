"""What buyers of the own store are told: drafts to approve, what is about to leave, what has left."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from app.errors import RefusedError
from app.queries.messages import BuyerMessage, buyer_message_rows
from app.services.desk import Desk
from app.services.messaging.composing import compose
from app.ui.pages.channels.list_part import ListPart
from app.ui.pages.channels.messages.columns import message_columns
from app.ui.pages.channels.messages.pane import MessagePane, Read, Verbs
from app.ui.pages.page import Shell
from app.ui.widgets.controls import button
from app.ui.widgets.form import Field, Question
from app.ui.words import count_of

VIEWS: Final = (
    ("To decide", ("in_doubt", "rejected", "draft")), ("About to leave", ("pending", "sent")),
    ("Over", ("acked", "recalled")),
)  # fmt: skip


def read_message(desk: Desk, row: BuyerMessage) -> Read:
    """Write a message as it would leave now."""
    try:
        return Read(row, desk.read(compose, row.id))
    except RefusedError as refused:
        return Read(row, None, refused.title)


class Messages(ListPart):
    """The list of messages, and beside it the one that is selected, as it is read."""

    name = "Messages to buyers"
    views = tuple(title for title, _states in VIEWS)
    sizes = (1150, 570)
    pane: MessagePane

    def __init__(self, shell: Shell) -> None:
        self._read_now: Read | None = None
        verbs = Verbs(
            self.send, self.hold, self.drop, self.again, self.open_order, self.save, self.stop
        )
        now = shell.operations.now
        super().__init__(shell, message_columns(now), MessagePane(verbs, now))
        self.pane.show_nothing()

    def tools(self) -> Sequence[QWidget]:
        """Offer to send every draft, and the settings."""
        self._all = button("Send all drafts", self.send_all, icon_name="accept",
                           hint="Each can be taken back for some minutes")  # fmt: skip
        set_up = button("Set up…", partial(self.shell.go, "settings"), icon_name="settings",
                        hint="Who is written to, from which address, when, and in which words")  # fmt: skip
        return self._all, set_up

    def read(self, desk: Desk, view: int) -> Sequence[BuyerMessage]:
        """Read the messages of one view."""
        return desk.read(buyer_message_rows, states=VIEWS[view][1], limit=2_000)

    def loaded(self) -> None:
        """Show the list; what is selected may have become another."""
        super().loaded()
        has_rows = bool(self.model.rowCount())
        self._all.setEnabled(self._view == 0 and has_rows)
        if has_rows and self.list.current_row is not None:
            self.follow(self.list.current_row)

    def say_nothing(self, view: int) -> None:
        """Say why nothing is here."""
        if view == 0:
            self.empty.say(
                "done", "No message waits for you",
                "When parcels of your own store leave, arrive or are late, what their buyers are told waits here "
                "for a yes. Marketplaces tell their buyers themselves.",
                ("Set up messages…", partial(self.shell.go, "settings")),
            )  # fmt: skip
        else:
            self.empty.say("done", "Nothing here", "",
                           ("Show what is to be decided", partial(self.show_view, 0)))  # fmt: skip

    def follow(self, row: BuyerMessage | None) -> None:
        """Show a message as it would be read."""
        if row is None:
            self._read_now = None
            self.pane.show_nothing()
            return
        self._operations.ask(
            partial(read_message, self._operations.desk, row), then=self._show, slot="message"
        )

    def _show(self, read: Read) -> None:
        is_same = self._read_now is not None and self._read_now.row.id == read.row.id
        self._read_now = read
        self.pane.show_message(read, is_same=is_same)

    # ---- acting ---------------------------------------------------------------------------------

    def _ids(self) -> list[int]:
        return [self._read_now.row.id] if self._read_now is not None else []

    def send(self) -> None:
        """Let the message go, after its undo window."""
        self.run("approve_messages", message_ids=self._ids())

    def send_all(self) -> None:
        """Let every draft go."""
        self._operations.ask(
            lambda: self._operations.desk.read(buyer_message_rows, states=("draft",), limit=None),
            then=self._send_these,
        )

    def _send_these(self, rows: list[BuyerMessage]) -> None:
        if rows:
            self.run("approve_messages", message_ids=[row.id for row in rows])
        else:
            self.shell.say(f"{count_of(0, 'draft')} to send")

    def hold(self) -> None:
        """Take the yes back."""
        self.run("hold_messages", message_ids=self._ids())

    def again(self) -> None:
        """Send it again."""
        self.run("send_messages_again", message_ids=self._ids())

    def drop(self) -> None:
        """Ask why it is not sent."""
        ids = self._ids()
        self.pane.ask(Question(
            "Do not send this message",
            [Field("reason", "Why", placeholder="I told them by phone …")], "Do not send it",
            lambda v: self.run("drop_messages", message_ids=ids, reason=str(v["reason"])),
            note="The buyer hears nothing about this.", kind="danger",
        ))  # fmt: skip

    def open_order(self) -> None:
        """Show the order."""
        if self._read_now is not None:
            self.shell.open_order(self._read_now.row.order_id)

    def stop(self) -> None:
        """Write to this buyer no more."""
        if self._read_now is not None:
            self.run("stop_writing", order_id=self._read_now.row.order_id)

    def save(self) -> None:
        """Save the mail as the page that it is, to be looked at in a browser."""
        if self._read_now is not None and self._read_now.composed is not None:
            page = self._read_now.composed.written.html.encode("utf-8")
            self.shell.save_file(f"message {self._read_now.row.id}.html", page)
