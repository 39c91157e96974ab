"""What does the list say of each parcel?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.domain.parcels import AT_REST, ParcelState
from app.queries.shipments import ParcelRow
from app.ui import statuses
from app.ui.lists.columns import Column, Pill
from app.ui.tokens import Tone
from app.ui.words import ago, exact, left, moment

STATES: Mapping[str, Pill] = {
    ParcelState.NOT_SCANNED: Pill("Not scanned yet", Tone.WARN, "clock"),
    ParcelState.MOVING: Pill("In transit", Tone.INFO, "ship"),
    ParcelState.DELAYED: Pill("Delayed", Tone.WARN, "late"),
    ParcelState.HELD: Pill("Held", Tone.WARN, "hold"),
    ParcelState.OUT: Pill("Out for delivery", Tone.INFO, "location"),
    ParcelState.ATTEMPTED: Pill("Not delivered", Tone.BAD, "late"),
    ParcelState.PICK_UP: Pill("To be picked up", Tone.WARN, "location"),
    ParcelState.DELIVERED: Pill("Delivered", Tone.GOOD, "accept"),
    ParcelState.COMING_BACK: Pill("Coming back", Tone.BAD, "undo"),
    ParcelState.RETURNED: Pill("Back with you", Tone.NEUTRAL, "undo"),
    ParcelState.LOST: Pill("Lost", Tone.BAD, "exceptions"),
    ParcelState.CANCELLED: Pill("Label cancelled", Tone.NEUTRAL, "cancel"),
    ParcelState.VOIDED: Pill("Voided", Tone.NEUTRAL, "cancel"),
}
_TOLD: Mapping[str, Pill] = {
    "pending": Pill("Not yet", Tone.WARN, "clock"),
    "sent": Pill("Told", Tone.GOOD, "accept"),
    "acked": Pill("Confirmed", Tone.GOOD, "accept"),
    "rejected": Pill("Refused", Tone.BAD, "exceptions"),
    "in_doubt": Pill("Unclear", Tone.WARN, "late"),
    "dead": Pill("Given up", Tone.BAD, "exceptions"),
    "recalled": Pill("Taken back", Tone.NEUTRAL, "undo"),
}
NEVER_TOLD = Pill("Not needed", Tone.NEUTRAL, "minus")


def parcel_columns(now: Callable[[], datetime]) -> tuple[Column, ...]:
    """Return the columns; ``now`` is asked each time, because times go by."""

    def promise(row: ParcelRow) -> str:
        if row.arrive_by is None or _is_over(row):
            return ""
        return left(row.arrive_by, now())

    def seen(row: ParcelRow) -> str:
        return "" if row.state in AT_REST else ago(row.scanned_at or row.shipped_at, now())

    def tone(row: ParcelRow) -> Tone | None:
        return None if _is_over(row) else statuses.urgency(row.arrive_by, now())

    return (
        Column("Shipped", lambda row: moment(row.shipped_at, now()), 17, "shipped_at",
               hint=lambda row: exact(row.shipped_at)),
        Column("Order", lambda row: row.number, 20, "number", is_strong=True),
        Column("Parcel", lambda row: parcel(row).text, 16, pill=parcel),
        Column("Channel told", lambda row: told(row).text, 12, pill=told, hint=told_hint,
               about="Whether the channel has the tracking number"),
        Column("Channel", lambda row: statuses.channel(row.channel), 14, "channel"),
        Column("Carrier", lambda row: f"{row.carrier} {row.service}".strip(), 22, "carrier", leaves=2),
        Column("Tracking number", lambda row: row.tracking_number, 25, "tracking", leaves=6),
        Column("Items", lambda row: row.items, 12, stretches=True),
        Column("Last scan", lambda row: row.scan, 26, leaves=1, hint=_scanned(now), is_quiet=True),
        Column("Arrives by", promise, 10, "arrive_by", tone=tone, leaves=3,
               hint=lambda row: exact(row.arrive_by) if row.arrive_by else "",
               about="How long is left of what the customer was promised"),
        Column("Shipped from", lambda row: statuses.short_place(row.location), 17, leaves=4,
               hint=lambda row: row.location),
        Column("Not seen for", seen, 11, "quiet", leaves=3, is_quiet=True,
               about="Since the carrier's last scan, or since it left"),
        Column("Buyer", lambda row: row.buyer_name, 15, "buyer_name", leaves=5),
    )  # fmt: skip


def parcel(row: Any) -> Pill:
    """Return how far a parcel has come."""
    return STATES.get(row.state, STATES[ParcelState.MOVING])


def told(row: Any) -> Pill:
    """Return whether the channel knows of it."""
    return _TOLD.get(row.told, NEVER_TOLD)


def told_hint(row: ParcelRow) -> str:
    """Say in a sentence whether the channel knows, and what is still to do."""
    name = statuses.channel(row.channel)
    words = {
        "pending": f"{name} does not know yet: its confirmation waits for a file.",
        "sent": f"Its confirmation is in a file for {name}.",
        "acked": f"{name} has taken the confirmation.",
        "rejected": f"{name} did not take the confirmation.",
        "in_doubt": f"It is unclear whether {name} has the confirmation.",
        "dead": f"{name} could not be told.",
        "recalled": f"The confirmation was taken back before {name} was told.",
    }
    return words.get(row.told, f"{name} needs no confirmation of this parcel.")


def _is_over(row: ParcelRow) -> bool:
    return row.state in AT_REST


def _scanned(now: Callable[[], datetime]) -> Callable[[ParcelRow], str]:
    def hint(row: ParcelRow) -> str:
        return f"{row.scan}, {ago(row.scanned_at, now())}" if row.scanned_at else ""

    return hint
