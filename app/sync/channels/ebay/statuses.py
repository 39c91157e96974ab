"""How far is an eBay order? Its report has no status column: two dates tell."""

from __future__ import annotations

from app.domain.orders import ChannelState


def state_of(*, paid: str | None, shipped: str) -> ChannelState:
    """Return the state from Paid On Date (``None``: no such column) and Shipped On Date.

    Cancellations and refunds are not in this report.
    """
    if shipped.strip():
        return ChannelState.SHIPPED
    if paid is not None and not paid.strip():
        return ChannelState.AWAITING_PAYMENT
    return ChannelState.OPEN
