"""What is told over the network: each message with what it says, what was answered, and the next try."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from app.queries.accounts import MessageRow, Recorded
from app.ui.lists.columns import Pill
from app.ui.operations import Operations
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.form import Field, Question
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text
from app.ui.words import count_of, exact, moment

KINDS: Final = {
    "ship_confirm": "Shipping confirmation", "cancel": "Cancellation",
    "acknowledge": "Acknowledgement", "quantity": "Quantity",
}  # fmt: skip
PILLS: Final = {
    "pending": Pill("Waits", Tone.NEUTRAL, "clock"),
    "sent": Pill("On its way", Tone.INFO, "export"),
    "acked": Pill("Taken", Tone.GOOD, "accept"),
    "rejected": Pill("Not taken", Tone.BAD, "exceptions"),
    "dead": Pill("Given up", Tone.BAD, "exceptions"),
    "in_doubt": Pill("Unclear", Tone.WARN, "late"),
}
_STUCK: Final = ("rejected", "dead", "in_doubt")
_MAY_CHANGE: Final = {"ship_confirm": (("carrier", "Carrier"), ("tracking_number", "Tracking number")),
                      "cancel": (("reason", "Reason"),)}  # fmt: skip
_OUTCOMES: Final = {
    "sent": "was sent", "acked": "was taken", "found": "was there already (found on a second look)",
    "not_found": "was not there", "again": "will be tried again", "rejected": "was not taken",
    "in_doubt": "got no answer", "edited": "was corrected", "replayed": "was sent again by hand",
    "dropped": "was dropped", "held_back": "waits for a decision",
}  # fmt: skip
_PARTS: Final = {"in": "Channel", "decided": "Desk", "out": "Told"}
Act = Callable[[str, MessageRow], object]


def queue(rows: Sequence[MessageRow], operations: Operations, act: Act) -> QWidget:
    """Return the messages, what is stuck first; ``act`` gets a verb and the message."""
    blocks = [_block(row, operations, act) for row in rows]
    return boxed(down(*blocks, spacing=10, margins=(0, 2, 0, 0)))


def _block(row: MessageRow, operations: Operations, act: Act) -> QBoxLayout:
    """One message: what it is and how it stands, then what was answered and what can be done."""
    head = across(spacing=10)
    head.addWidget(Elided(_title(row)), 1)
    head.addWidget(PillLabel(PILLS.get(row.state, PILLS["pending"])))
    verbs = _verbs(row, act)
    below = Text(_below(row, operations), quiet=True, step="small", wraps=True)
    if row.state in _STUCK:
        return down(head, below, verbs, spacing=2)
    head.addLayout(verbs)
    return down(head, below, spacing=0)


def _verbs(row: MessageRow, act: Act) -> QBoxLayout:
    box = across(spacing=8)
    name = _title(row)
    if row.state in _STUCK:
        if row.kind in _MAY_CHANGE and row.state != "in_doubt":
            box.addWidget(button("Correct…", partial(act, "correct", row), kind="link",
                                 name=f"Correct: {name}"))  # fmt: skip
        box.addWidget(button("Send again", partial(act, "again", row), kind="link",
                             name=f"Send again: {name}"))  # fmt: skip
        box.addWidget(button("Drop…", partial(act, "drop", row), kind="link", name=f"Drop: {name}"))
    if row.order_id is not None:
        box.addWidget(button("History", partial(act, "history", row), kind="link",
                             name=f"History: {name}"))  # fmt: skip
    if row.state in _STUCK:
        box.addStretch(1)
    return box


def _title(row: MessageRow) -> str:
    kind = KINDS.get(row.kind, row.kind)
    if row.kind == "quantity":
        return f"{row.payload.get('sku', '')}: {row.payload.get('quantity', '')} units"
    return f"Order {row.number}: {kind.lower()}" if row.number else kind


def _below(row: MessageRow, operations: Operations) -> str:
    parts = [row.account]
    if row.problem:
        parts.append(row.problem)
    if row.attempts > 1:
        parts.append(count_of(row.attempts, "try", "tries"))
    now = operations.now()
    if row.state in ("pending", "in_doubt"):
        parts.append(
            "next try now" if row.next_at <= now else f"next try {moment(row.next_at, now)}"
        )
    elif row.answered_at is not None:
        parts.append(moment(row.answered_at, now))
    return " · ".join(parts)


def correction(row: MessageRow, answer: Callable[..., object]) -> Question:
    """Ask what is to be told in place of what the channel did not take."""
    fields = [
        Field(key, label, str(row.payload.get(key, "")), is_needed=True,
              placeholder="as it is to be told")
        for key, label in _MAY_CHANGE[row.kind]
    ]  # fmt: skip
    return Question(
        f"Correct: {_title(row)}", fields, "Correct and send again", answer,
        note=f"{row.problem} What it said before stays in its history.",
    )  # fmt: skip


def dropping(row: MessageRow, answer: Callable[..., object]) -> Question:
    """Ask how the channel learns of it in another way."""
    return Question(
        f"Drop: {_title(row)}",
        [Field("reason", "Why", is_needed=True, placeholder="I told them on their own page …")],
        "Drop it", answer, note="The channel is not told any more.", kind="danger",
    )  # fmt: skip


def history(rows: Sequence[Recorded]) -> QWidget:
    """Return an order's flight recorder: in, decided, told, answered."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 4, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(2, 1)
    for at, row in enumerate(rows):
        grid.addWidget(Text(exact(row.at), quiet=True, step="small"), at, 0)
        grid.addWidget(Text(_PARTS[row.part], step="small"), at, 1)
        words = f"{_what(row)}. {row.words}".strip() if row.words else _what(row)
        grid.addWidget(Text(words, step="small", wraps=True).hint(row.who), at, 2)
    return boxed(grid)


def _what(row: Recorded) -> str:
    if row.part != "out":
        return row.what[:1].upper() + row.what[1:]
    kind, _, outcome = row.what.partition(":")
    return f"{KINDS.get(kind, kind)} {_OUTCOMES.get(outcome, outcome)}"
