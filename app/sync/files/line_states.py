"""How far is an order when its channel tells the state of each line?"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.orders import ChannelState, HoldCode, MapperHold

Holds = tuple[MapperHold, ...]


def combined(states: Sequence[ChannelState]) -> tuple[ChannelState, Holds]:
    """Return the state of the whole order, with a hold where only a part of it has shipped."""
    living = [x for x in states if x is not ChannelState.CANCELLED]
    if not living:
        return ChannelState.CANCELLED, ()
    shipped = [x for x in living if x is ChannelState.SHIPPED]
    if len(shipped) == len(living):
        return ChannelState.SHIPPED, ()
    if ChannelState.AWAITING_PAYMENT in living:
        return ChannelState.AWAITING_PAYMENT, (awaiting_payment(),)
    return ChannelState.OPEN, (partly_shipped(),) if shipped else ()


def awaiting_payment() -> MapperHold:
    """Return the hold of an order that its buyer has not paid."""
    return MapperHold(
        HoldCode.AWAITING_PAYMENT, "The channel has not received the payment yet. Do not ship."
    )


def partly_shipped() -> MapperHold:
    """Return the hold of an order of which the channel says that some lines have gone."""
    return MapperHold(
        HoldCode.STATUS_UNCLEAR,
        "The channel says that part of this order has shipped. Check which lines remain.",
    )


def unknown_status(word: str) -> MapperHold:
    """Return the hold of an order in a state that is new to us: open, but a person looks first."""
    return MapperHold(
        HoldCode.STATUS_UNCLEAR,
        f"The channel's status “{word.strip()[:40]}” is new here. Check the order, then release it.",
    )


def cancel_requested(who: str, reason: str = "") -> MapperHold:
    """Return the hold of an order whose buyer asks for it to be cancelled."""
    said = f" (“{reason.strip()[:60]}”)" if reason.strip() else ""
    return MapperHold(
        HoldCode.CANCEL_REQUESTED,
        f"{who} asks to cancel this order{said}. Cancel it, or release it and ship all the same.",
    )


def picked_up() -> MapperHold:
    """Return the hold of an order that nobody ships: its buyer comes for it."""
    return MapperHold(
        HoldCode.STATUS_UNCLEAR,
        "The channel says that the buyer picks this order up. Release it only if it is to be shipped.",
    )
