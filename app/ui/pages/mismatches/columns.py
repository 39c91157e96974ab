"""What does the report say of each number that does not fit?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from app.domain.mismatching.causes import CAUSES, Reason
from app.queries.mismatches import MismatchRow
from app.ui.lists.columns import Column, Pill
from app.ui.tokens import Tone
from app.ui.words import ago, exact, money, number, said_moments, signed

_ICONS: Mapping[Reason, str] = {
    Reason.UNMAPPED_ALIAS: "link", Reason.LAG: "clock", Reason.PUSH_WAITING: "late",
    Reason.NOT_APPLIED: "repeat", Reason.MANUAL_EDIT: "person", Reason.ORDER_NOT_IMPORTED: "orders",
    Reason.CANCEL_NOT_RESTOCKED: "cancel", Reason.RETURN_NOT_LOOKED_AT: "undo",
    Reason.KIT_NOT_TAKEN_APART: "split", Reason.DUPLICATE_IMPORT: "copy",
    Reason.RECEIPT_LATE: "receive", Reason.COUNT_VARIANCE: "count", Reason.BY_POLICY: "settings",
    Reason.UNKNOWN: "search",
}  # fmt: skip


def mismatch_columns(now: Callable[[], datetime]) -> tuple[Column, ...]:
    """Return the columns; ``now`` is asked each time, because an age grows."""

    def risk(row: MismatchRow) -> str:
        return money(row.money, row.currency) if row.money else ""

    def why(row: MismatchRow) -> str:
        return said_moments(row.sentence, now())

    return (
        Column("SKU", lambda row: row.sku, 17, "sku", is_strong=True),
        Column("Where", lambda row: row.place, 18, "place"),
        Column("Cause", lambda row: row.cause_words, 23, "cause", pill=cause,
               hint=why),
        Column("Right", lambda row: units(row.expected), 8, is_numeric=True,
               about="What the movements and your policy say"),
        Column("Told", lambda row: units(row.published), 8, is_numeric=True, leaves=3,
               about="What the channel was told last, or what the desk counts"),
        Column("Shown", lambda row: units(row.observed), 8, is_numeric=True,
               about="What the channel showed when it was looked at"),
        Column("Off by", lambda row: signed(row.delta), 9, "delta", is_numeric=True, tone=off,
               about="Too many, or too few with a minus"),
        Column("Age", lambda row: ago(row.began_at, now()), 13, "began_at",
               hint=lambda row: exact(row.began_at)),
        Column("At risk", risk, 12, "money", is_numeric=True),
        Column("Orders", lambda row: number(row.orders) if row.orders else "", 8, "orders",
               is_numeric=True, leaves=2, about="Open orders that it concerns"),
        Column("Why", why, 20, stretches=True, is_quiet=True, leaves=1),
    )  # fmt: skip


def cause(row: MismatchRow) -> Pill:
    """Return the cause as icon, word and colour."""
    reason = Reason(row.cause)
    if row.state == "fixed":
        return Pill(CAUSES[reason].words, Tone.GOOD, "accept")
    if not row.is_error or row.state == "accepted":
        return Pill(CAUSES[reason].words, Tone.NEUTRAL, _ICONS[reason])
    return Pill(CAUSES[reason].words, Tone.BAD if row.delta > 0 else Tone.WARN, _ICONS[reason])


def units(value: int | None) -> str:
    """Return units; a dash where nobody knows."""
    return "–" if value is None else number(value)


def off(row: MismatchRow) -> Tone | None:
    """Return the colour of a difference that somebody has to end."""
    if not row.is_error or not row.delta:
        return None
    return Tone.BAD if row.delta > 0 else Tone.WARN
