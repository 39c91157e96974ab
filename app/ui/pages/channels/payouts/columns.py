"""What does the list say of each payout?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from app.queries.payouts import PayoutRow
from app.ui.lists.columns import Column, Pill
from app.ui.tokens import Tone
from app.ui.words import day, exact, money, number

STATES: Final[Mapping[str, Pill]] = {
    "fits": Pill("Adds up", Tone.GOOD, "accept"),
    "differs": Pill("Differs", Tone.BAD, "exceptions"),
    "waits": Pill("Not paid out yet", Tone.NEUTRAL, "clock"),
    "running": Pill("Rest stays there", Tone.INFO, "info"),
    "bare": Pill("Lines are missing", Tone.WARN, "import"),
    "orders_differ": Pill("Orders differ", Tone.WARN, "exceptions"),
    "orders_missing": Pill("Orders not here", Tone.WARN, "search"),
}


def state(row: PayoutRow) -> Pill:
    """Return whether it adds up, as icon, word and colour; an order that differs counts as well."""
    return STATES[row.standing]


def payout_columns(now: Callable[[], datetime]) -> tuple[Column, ...]:
    """Return the columns; ``now`` is asked each time, because days become yesterday."""

    def paid_at(row: PayoutRow) -> str:
        return day(row.paid_at.astimezone().date(), now()) if row.paid_at else ""

    return (
        Column("Account", lambda row: row.account, 14, "account", is_strong=True),
        Column("Payout", lambda row: row.ref or "Not named yet", 22, "ref",
               about="What the channel calls it"),
        Column("Paid", paid_at, 14, "paid_at", hint=lambda row: exact(row.paid_at)),
        Column("State", lambda row: state(row).text, 18, "state", pill=state),
        Column("Sales", _money(lambda row: row.earned), 12, "earned", is_numeric=True,
               about="What buyers paid, before anything is taken off"),
        Column("Fees", _money(lambda row: row.kept), 11, "kept", is_numeric=True, about="Fees, and labels bought there"),
        Column("Refunds", _money(lambda row: row.given_back), 11, "given_back", is_numeric=True, leaves=2),
        Column("Other", _money(lambda row: row.other), 10, "other", is_numeric=True, leaves=1),
        Column("Paid out", _money(lambda row: row.paid), 12, "paid", is_numeric=True, is_strong=True),
        Column("Rest", _money(lambda row: row.difference), 10, "difference", is_numeric=True, tone=_off,
               about="What of its lines did not go to the bank"),
        Column("Orders", lambda row: number(row.orders), 8, "orders", is_numeric=True, leaves=3),
        Column("Not here", lambda row: number(row.loose) if row.loose else "", 9, "loose",
               is_numeric=True, leaves=2, about="Lines whose order is not in this desk"),
    )  # fmt: skip


def _money(of: Callable[[PayoutRow], int]) -> Callable[[PayoutRow], str]:
    """Say an amount; nothing where there is none."""
    return lambda row: money(of(row), row.currency) if of(row) else ""


def _off(row: PayoutRow) -> Tone | None:
    return Tone.BAD if row.state == "differs" else None
