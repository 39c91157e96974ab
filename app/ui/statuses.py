"""What do the desk's states look like? Each is an icon, a word and a colour that mean the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.domain.cases import Severity
from app.domain.steps import Step
from app.ui.lists.columns import Pill
from app.ui.tokens import Tone
from app.ui.words import left

STEPS: Mapping[str, Pill] = {
    Step.TO_DECIDE: Pill("To decide", Tone.ACCENT, "override"),
    Step.ON_HOLD: Pill("On hold", Tone.WARN, "hold"),
    Step.SHORT: Pill("Short", Tone.BAD, "short"),
    Step.NO_LOCATION: Pill("No location", Tone.BAD, "location"),
    Step.TO_SHIP: Pill("To ship", Tone.INFO, "shipments"),
    Step.PARTLY_SHIPPED: Pill("Partly shipped", Tone.INFO, "split"),
    Step.SHIPPED: Pill("Shipped", Tone.GOOD, "accept"),
    Step.CANCELLED: Pill("Cancelled", Tone.NEUTRAL, "cancel"),
    Step.CHANNEL_SHIPS: Pill("Channel ships it", Tone.NEUTRAL, "channels"),
    Step.TAKEN_BACK: Pill("Taken back", Tone.NEUTRAL, "undo"),
}
OVER = (Step.SHIPPED, Step.CANCELLED, Step.CHANNEL_SHIPS, Step.TAKEN_BACK)

SEVERITIES: Mapping[str, Pill] = {
    Severity.HIGH: Pill("High", Tone.BAD, "exceptions"),
    Severity.MEDIUM: Pill("Medium", Tone.WARN, "late"),
    Severity.LOW: Pill("Low", Tone.NEUTRAL, "info"),
}

CHANNELS: Mapping[str, str] = {
    "amazon": "Amazon", "walmart": "Walmart", "etsy": "Etsy", "ebay": "eBay",
    "shopify": "Shopify", "woocommerce": "WooCommerce", "own": "Own store",
}  # fmt: skip

_SOON = timedelta(hours=6)


def channel(code: str) -> str:
    """Return a channel's name."""
    return CHANNELS.get(code, code.replace("_", " ").capitalize())


def short_place(name: str) -> str:
    """Return a location's name as far as a narrow column needs it: "Garage, Portland ME" is "Garage"."""
    return name.partition(",")[0]


def short_places(names: str) -> str:
    """Return several locations' names in short; where a name itself has a comma, the first one's."""
    return short_place(names)


def step(word: str) -> Pill:
    """Return an order's status."""
    return STEPS.get(word) or Pill(word.capitalize(), Tone.NEUTRAL, "info")


def urgency(deadline: datetime | None, now: datetime) -> Tone | None:
    """Return the tone of a deadline: past, within hours, or nothing special."""
    if deadline is None:
        return None
    if deadline < now:
        return Tone.BAD
    return Tone.WARN if deadline - now < _SOON else None


def promise(deadline: datetime | None, now: datetime) -> Pill | None:
    """Return what a deadline leaves, as a status."""
    if deadline is None:
        return None
    tone = urgency(deadline, now) or Tone.NEUTRAL
    return Pill(left(deadline, now), tone, "late" if tone is Tone.BAD else "clock")
