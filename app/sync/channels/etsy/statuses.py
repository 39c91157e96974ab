"""How far is an Etsy order? Its files have no status column: two dates tell."""

from __future__ import annotations

from app.domain.orders import ChannelState


def state_of(*, paid: str | None, shipped: str) -> ChannelState:
    """Return the state from Date Paid (``None``: no such column) and Date Shipped.

    Cancelled orders are not marked in Etsy's files.
    """
    if shipped.strip():
        return ChannelState.SHIPPED
    if paid is not None and not paid.strip():
        return ChannelState.AWAITING_PAYMENT
    return ChannelState.OPEN


RECEIPTS = {
    "paid": ChannelState.OPEN,
    "open": ChannelState.OPEN,
    "completed": ChannelState.SHIPPED,
    "payment processing": ChannelState.AWAITING_PAYMENT,
    "canceled": ChannelState.CANCELLED,
    "cancelled": ChannelState.CANCELLED,
    "fully refunded": ChannelState.CANCELLED,
    "partially refunded": ChannelState.OPEN,  # the rest is still owed to the buyer
}


def state_of_receipt(
    word: str, *, is_paid: bool | None, is_shipped: bool | None
) -> ChannelState | None:
    """Return the state of a receipt of the API; ``None`` if its status is new to us.

    What has left stays shipped, whatever was paid back later.
    """
    state = RECEIPTS.get(word.strip().casefold().replace("_", " "))
    if is_shipped and state is not None:
        return ChannelState.CANCELLED if "cancel" in word.casefold() else ChannelState.SHIPPED
    if state is ChannelState.OPEN and is_paid is False:
        return ChannelState.AWAITING_PAYMENT
    return state
