"""What do WooCommerce's own words for an order's progress mean here?"""

from __future__ import annotations

from app.domain.orders import ChannelState

STATES = {
    "": ChannelState.OPEN,
    "processing": ChannelState.OPEN,  # paid, to be shipped
    "pending": ChannelState.AWAITING_PAYMENT,
    "pending payment": ChannelState.AWAITING_PAYMENT,
    "on-hold": ChannelState.AWAITING_PAYMENT,  # bank transfer or cheque not confirmed
    "on hold": ChannelState.AWAITING_PAYMENT,
    "failed": ChannelState.AWAITING_PAYMENT,  # the buyer may try again
    "checkout-draft": ChannelState.AWAITING_PAYMENT,
    "completed": ChannelState.SHIPPED,
    "cancelled": ChannelState.CANCELLED,
    "refunded": ChannelState.CANCELLED,
    "trash": ChannelState.CANCELLED,
}


def state_of(word: str) -> ChannelState | None:
    """Return the state a status stands for; ``None`` if it is new to us (plug-ins add some)."""
    return STATES.get(word.strip().casefold().removeprefix("wc-"))
