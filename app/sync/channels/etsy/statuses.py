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
