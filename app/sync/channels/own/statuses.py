"""How far is an order of one's own store? Its file says so only if it has a status column."""

from __future__ import annotations

from app.domain.orders import ChannelState

STATES = {
    "": ChannelState.OPEN,
    "open": ChannelState.OPEN,
    "new": ChannelState.OPEN,
    "paid": ChannelState.OPEN,
    "processing": ChannelState.OPEN,
    "unpaid": ChannelState.AWAITING_PAYMENT,
    "pending": ChannelState.AWAITING_PAYMENT,
    "awaiting_payment": ChannelState.AWAITING_PAYMENT,
    "shipped": ChannelState.SHIPPED,
    "completed": ChannelState.SHIPPED,
    "delivered": ChannelState.SHIPPED,
    "cancelled": ChannelState.CANCELLED,
    "canceled": ChannelState.CANCELLED,
    "refunded": ChannelState.CANCELLED,
}


def state_of(word: str) -> ChannelState | None:
    """Return the state a status stands for; ``None`` if it is new to us."""
    return STATES.get(word.strip().casefold().replace(" ", "_"))
