"""What does the list say of each return, and in which words?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from app.queries.returns import ReturnRow
from app.services.returning.announcing import REASONS
from app.ui import statuses
from app.ui.lists.columns import Column, Pill
from app.ui.tokens import Tone
from app.ui.words import exact, moment, money

STEPS: Mapping[str, Pill] = {
    "whose": Pill("Whose is it?", Tone.WARN, "search"),
    "expected": Pill("To come", Tone.INFO, "ship"),
    "inspect": Pill("To inspect", Tone.WARN, "receive"),
    "put away": Pill("To put away", Tone.WARN, "inventory"),
    "refund": Pill("To refund", Tone.BAD, "money"),
    "decide": Pill("Money open", Tone.WARN, "money"),
    "done": Pill("Done", Tone.GOOD, "done"),
}
MONEY: Mapping[str, Pill] = {
    "none": Pill("Not promised", Tone.NEUTRAL, "minus"),
    "promised": Pill("Promised", Tone.BAD, "clock"),
    "partly_refunded": Pill("Partly refunded", Tone.INFO, "money"),
    "refunded": Pill("Refunded", Tone.GOOD, "accept"),
    "denied": Pill("No money", Tone.NEUTRAL, "cancel"),
}


def return_columns(now: Callable[[], datetime]) -> tuple[Column, ...]:
    """Return the columns; ``now`` is asked each time, because times go by."""

    def given(row: ReturnRow) -> str:
        return money(row.refunded, row.currency) if row.refunded else ""

    def paid(row: ReturnRow) -> str:
        return money(row.worth, row.currency) if row.order_id else ""

    return (
        Column("Opened", lambda row: moment(row.opened_at, now()), 17, "opened_at", leaves=7,
               hint=lambda row: exact(row.opened_at)),
        Column("Return", lambda row: row.number, 10, "number", is_strong=True),
        Column("Next", lambda row: step(row).text, 15, pill=step, about="What is to be done next"),
        Column("Order", lambda row: row.order_number or "not known", 19, "order"),
        Column("Channel", lambda row: statuses.channel(row.channel) if row.channel else "", 13,
               "channel", leaves=3),
        Column("From", lambda row: row.who, 17, "buyer_name", leaves=5,
               about="The buyer, or who stands on the parcel"),
        Column("Items", lambda row: row.items, 12, stretches=True),
        Column("Why", lambda row: REASONS.get(row.reason_code, "").capitalize(), 22, leaves=1,
               is_quiet=True, hint=lambda row: row.reason),
        Column("Grade", lambda row: row.grades, 8, leaves=4, about="What was seen, A as new to D broken"),
        Column("Money", lambda row: money_of(row).text, 18, pill=money_of),
        Column("Paid", paid, 11, is_numeric=True, about="What the customer paid for it"),
        Column("Given back", given, 11, is_numeric=True, leaves=6),
        Column("Lies at", lambda row: statuses.short_places(row.location), 14, leaves=2,
               hint=lambda row: row.location),
    )  # fmt: skip


def step(row: ReturnRow) -> Pill:
    """Return what is next."""
    return STEPS[row.step]


def money_of(row: ReturnRow) -> Pill:
    """Return how far the money is."""
    return MONEY[row.money_state]
