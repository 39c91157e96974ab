"""The pane of one message: how far it is, and what the buyer reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QLayout, QPushButton, QWidget

from app.queries.messages import BuyerMessage
from app.services.messaging.composing import Composed
from app.ui.pages.channels.messages.columns import EVENTS, STATES, WAYS
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.controls import across, boxed, button, down, frame
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Text
from app.ui.words import exact, moment, sentence


@dataclass(frozen=True, slots=True)
class Read:
    """A message, and its words; why it has none, if the channel forbids it."""

    row: BuyerMessage
    composed: Composed | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Verbs:
    """What the buttons of the pane do."""

    send: Callable[[], object]
    hold: Callable[[], object]
    drop: Callable[[], object]
    again: Callable[[], object]
    open_order: Callable[[], object]
    save: Callable[[], object]
    stop: Callable[[], object]


class MessagePane(DetailPane):
    """Everything about one message."""

    def __init__(self, verbs: Verbs, now: Callable[[], datetime]) -> None:
        super().__init__("Message")
        self._verbs, self._now = verbs, now

    def show_nothing(self) -> None:
        """Say what can be done."""
        self.close_question()
        self.fill(
            [], [Text("Select a message to read it as its buyer will.", quiet=True, wraps=True)]
        )

    def show_message(self, read: Read, *, is_same: bool) -> None:
        """Show one message."""
        if not is_same:
            self.close_question()
        self.fill(self._head_of(read.row), self._body_of(read), keeps_place=is_same)

    def _head_of(self, row: BuyerMessage) -> list[QWidget | QLayout]:
        happened = (
            f"{EVENTS[row.event]} {moment(row.happened_at, self._now())} · {WAYS[row.way].lower()}"
        )
        return [
            Text(f"To the buyer of {row.number}", step="heading", wraps=True),
            across(PillLabel(STATES[row.state]), None),
            Text(happened, quiet=True, wraps=True).hint(exact(row.happened_at)),
            across(*self._buttons(row), None, spacing=6),
        ]

    def _buttons(self, row: BuyerMessage) -> list[QPushButton]:
        do, made = self._verbs, list[QPushButton]()
        if row.state == "draft":
            made.append(button("Send it", do.send, kind="primary", icon_name="accept",
                               hint="It can be taken back for some minutes"))  # fmt: skip
        if row.state == "pending":
            made.append(button("Take back", do.hold, kind="primary", icon_name="withdraw"))
        if row.state in ("rejected", "in_doubt"):
            made.append(button("Send again", do.again, icon_name="repeat",
                               hint="It may arrive twice if it did leave" if row.state == "in_doubt" else ""))  # fmt: skip
        if row.state in ("draft", "pending", "rejected", "in_doubt"):
            made.append(button("Do not send…", do.drop, icon_name="cancel"))
        return made

    def _body_of(self, read: Read) -> list[QWidget | QLayout]:
        row, parts = read.row, list[QWidget | QLayout]()
        if row.problem and row.state in ("rejected", "in_doubt", "pending"):
            tone = Tone.BAD if row.state == "rejected" else Tone.WARN
            parts.append(Banner(STATES[row.state].text, sentence(row.problem), tone=tone))
        if row.state == "pending" and not row.problem:
            leaves = f"It leaves {moment(row.not_before, self._now())}, {row.approved_by} said yes."
            parts.append(Text(leaves, wraps=True))
        if read.composed is None:
            parts.append(Text(sentence(read.refusal), wraps=True, tone=Tone.BAD))
        else:
            parts.append(_letter(read.composed))
            as_page = button("Save as the page that it is…", self._verbs.save, kind="link")
            parts.append(across(as_page, None))
        links = (
            button("Open the order", self._verbs.open_order, kind="link"),
            button("Write to this buyer no more", self._verbs.stop, kind="link"),
        )
        parts.append(boxed(down(*(across(each, None) for each in links), spacing=2)))
        return parts


def _letter(composed: Composed) -> QWidget:
    card = frame("card")
    to = Text(f"To: {composed.to or 'nobody any more'}", quiet=True, step="small", wraps=True)
    subject = Text(composed.written.subject, step="strong", wraps=True, copies=True)
    body = Text(composed.written.text.strip(), wraps=True, copies=True)
    card.setLayout(down(to, subject, body, spacing=9, margins=(16, 12, 16, 14)))
    card.setAccessibleName("What the buyer reads")
    return card
