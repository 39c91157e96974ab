"""What do Amazon's own words for the progress of an order or item mean here?"""

from __future__ import annotations

from app.domain.orders import ChannelState

STATES = {
    "": ChannelState.OPEN,  # the actionable and unshipped reports have no status: all are open
    "unshipped": ChannelState.OPEN,
    "partiallyshipped": ChannelState.OPEN,
    "partially shipped": ChannelState.OPEN,
    "unfulfillable": ChannelState.OPEN,
    "invoiceunconfirmed": ChannelState.OPEN,
    "pending": ChannelState.AWAITING_PAYMENT,  # no price and no address before it is paid
    "pending - waiting for pick up": ChannelState.SHIPPED,
    "pendingavailability": ChannelState.AWAITING_PAYMENT,
    "payment pending": ChannelState.AWAITING_PAYMENT,
    "shipping": ChannelState.SHIPPED,
    "shipped": ChannelState.SHIPPED,
    "complete": ChannelState.SHIPPED,
    "delivered": ChannelState.SHIPPED,
    "cancelled": ChannelState.CANCELLED,
    "canceled": ChannelState.CANCELLED,
}


def state_of(word: str) -> ChannelState | None:
    """Return the state a status stands for; ``None`` if it is new to us."""
    word = word.strip().casefold().replace("_", "")  # the API writes PARTIALLY_SHIPPED
    if word.startswith("shipped - "):  # … Delivered to Buyer, Returned to Seller, Picked Up
        return ChannelState.SHIPPED
    return STATES.get(word)


def is_fulfilled_by_amazon(channel: str) -> bool:
    """Say whether a fulfilment channel is Amazon's own warehouse (Amazon, AFN, AMAZON_NA)."""
    return channel.strip().casefold().startswith(("amazon", "afn"))
