"""What does an order wait for, in one word that the owner would use?"""

from __future__ import annotations

from enum import StrEnum

from app.domain.orders import OrderStatus


class Step(StrEnum):
    """Where an order stands on its way through the desk."""

    TO_DECIDE = "to decide"
    ON_HOLD = "on hold"
    SHORT = "short"
    NO_LOCATION = "no location"
    TO_SHIP = "to ship"
    PARTLY_SHIPPED = "partly shipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    CHANNEL_SHIPS = "channel ships it"
    TAKEN_BACK = "taken back"


_OVER = {
    OrderStatus.SHIPPED: Step.SHIPPED,
    OrderStatus.CANCELLED: Step.CANCELLED,
    OrderStatus.TAKEN_BACK: Step.TAKEN_BACK,
}
_DECIDED = {
    OrderStatus.ACCEPTED: Step.TO_SHIP,
    OrderStatus.PARTLY_SHIPPED: Step.PARTLY_SHIPPED,
}


def step_of(
    status: OrderStatus, *, by_channel: bool, is_held: bool, is_short: bool, is_routed: bool
) -> Step:
    """Return the step: what is over, then what stops the order, then what is next."""
    if status in _OVER:
        return _OVER[status]
    if by_channel:
        return Step.CHANNEL_SHIPS
    if is_held:
        return Step.ON_HOLD
    if status in _DECIDED:
        return _DECIDED[status]
    if is_short:
        return Step.SHORT
    return Step.TO_DECIDE if is_routed else Step.NO_LOCATION
