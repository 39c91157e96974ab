"""What do Walmart's own words for the progress of a purchase order line mean here?"""

from __future__ import annotations

from app.domain.orders import ChannelState

STATES = {
    "": ChannelState.OPEN,
    "created": ChannelState.OPEN,
    "acknowledged": ChannelState.OPEN,
    "new": ChannelState.OPEN,
    "shipped": ChannelState.SHIPPED,
    "delivered": ChannelState.SHIPPED,
    "refund": ChannelState.SHIPPED,  # Walmart refunds what has been shipped
    "refunded": ChannelState.SHIPPED,
    "cancelled": ChannelState.CANCELLED,
    "canceled": ChannelState.CANCELLED,
}


def state_of(word: str) -> ChannelState | None:
    """Return the state a line's status stands for; ``None`` if it is new to us."""
    return STATES.get(word.strip().casefold())


def is_fulfilled_by_walmart(entity: str) -> bool:
    """Say whether a fulfilment entity is Walmart Fulfillment Services."""
    word = entity.strip().casefold()
    return word.startswith(("wfs", "walmart"))
