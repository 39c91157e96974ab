"""What does the list say of each message to a buyer?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from app.queries.messages import BuyerMessage
from app.ui.lists.columns import Column, Pill
from app.ui.tokens import Tone
from app.ui.words import exact, moment

EVENTS: Final[Mapping[str, str]] = {
    "shipped": "Parcel has left", "partly_shipped": "First parcel has left", "delivered": "Parcel has arrived",
    "delayed": "Parcel is late", "refund": "Money paid back", "replacement": "Sent again",
}  # fmt: skip
STATES: Final[Mapping[str, Pill]] = {
    "draft": Pill("Waits for a yes", Tone.ACCENT, "override"),
    "pending": Pill("About to leave", Tone.INFO, "clock"),
    "sent": Pill("Is leaving", Tone.INFO, "export"),
    "acked": Pill("Has left", Tone.GOOD, "accept"),
    "rejected": Pill("Not taken", Tone.BAD, "exceptions"),
    "in_doubt": Pill("May have left", Tone.WARN, "search"),
    "recalled": Pill("Not sent", Tone.NEUTRAL, "cancel"),
}
WAYS: Final[Mapping[str, str]] = {"mail": "Mail", "sms": "Text message"}


def message_columns(now: Callable[[], datetime]) -> tuple[Column, ...]:
    """Return the columns; ``now`` is asked each time, because days become yesterday."""

    def when(row: BuyerMessage) -> str:
        if row.state == "pending":
            return f"leaves {moment(row.not_before, now())}"
        return moment(row.answered_at, now()) if row.answered_at else ""

    return (
        Column("Order", lambda row: row.number, 16, "number", is_strong=True),
        Column("About", lambda row: EVENTS[row.event], 22, "event"),
        Column("State", lambda row: STATES[row.state].text, 17, "state", pill=lambda row: STATES[row.state]),
        Column("When", when, 20, "not_before", hint=lambda row: exact(row.answered_at or row.not_before)),
        Column("By", lambda row: WAYS[row.way], 13, "way", leaves=2),
        Column("Store", lambda row: row.account, 14, "account", leaves=1),
        Column("Note", lambda row: row.problem, 30, "problem", stretches=True, is_quiet=True, leaves=1),
    )  # fmt: skip
