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


# The API has three words for an order: how it is paid, sent, and cancelled.
PAYMENTS = {
    "": ChannelState.OPEN,
    "paid": ChannelState.OPEN,
    "partially_refunded": ChannelState.OPEN,  # the rest is still owed to the buyer
    "pending": ChannelState.AWAITING_PAYMENT,
    "failed": ChannelState.AWAITING_PAYMENT,
    "fully_refunded": ChannelState.CANCELLED,
}
FULFILMENTS = {
    "": ChannelState.OPEN,
    "not_started": ChannelState.OPEN,
    "in_progress": ChannelState.OPEN,
    "fulfilled": ChannelState.SHIPPED,
}
CANCELLATIONS = {
    "": ChannelState.OPEN,
    "none_requested": ChannelState.OPEN,
    "in_progress": ChannelState.OPEN,
    "cancel_requested": ChannelState.OPEN,
    "cancel_pending": ChannelState.OPEN,
    "cancel_rejected": ChannelState.OPEN,
    "canceled": ChannelState.CANCELLED,
    "cancelled": ChannelState.CANCELLED,
}
CANCEL_ASKED = ("in_progress", "cancel_requested", "cancel_pending")


def state_of_order(payment: str, fulfilment: str, cancellation: str) -> ChannelState:
    """Return the state of an order of the API; a word that is new to us leaves it open."""
    sent = FULFILMENTS.get(fulfilment.strip().casefold(), ChannelState.OPEN)
    if CANCELLATIONS.get(cancellation.strip().casefold()) is ChannelState.CANCELLED:
        return ChannelState.CANCELLED
    if sent is ChannelState.SHIPPED:
        return ChannelState.SHIPPED
    return PAYMENTS.get(payment.strip().casefold(), ChannelState.OPEN)


def unknown_words(payment: str, fulfilment: str, cancellation: str) -> list[str]:
    """Return those of an order's three words that are new to us."""
    told = ((payment, PAYMENTS), (fulfilment, FULFILMENTS), (cancellation, CANCELLATIONS))
    return [word for word, known in told if word.strip().casefold() not in known]
