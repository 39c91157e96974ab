"""What do Shopify's own words for an order's progress mean here?"""

from __future__ import annotations

from app.domain.orders import ChannelState, HoldCode, MapperHold

FINANCIAL = {
    "paid": ChannelState.OPEN,
    "authorized": ChannelState.OPEN,  # captured when it ships
    "partially_refunded": ChannelState.OPEN,  # the rest is still owed to the buyer
    "pending": ChannelState.AWAITING_PAYMENT,
    "partially_paid": ChannelState.AWAITING_PAYMENT,
    "unpaid": ChannelState.AWAITING_PAYMENT,
    "expired": ChannelState.AWAITING_PAYMENT,  # the authorisation lapsed before capture
    "refunded": ChannelState.CANCELLED,
    "voided": ChannelState.CANCELLED,
    "": ChannelState.OPEN,  # free orders and drafts turned into orders
}
FULFILMENT = {
    "": ChannelState.OPEN,
    "unfulfilled": ChannelState.OPEN,
    "pending": ChannelState.OPEN,
    "scheduled": ChannelState.OPEN,
    "open": ChannelState.OPEN,
    "in_progress": ChannelState.OPEN,
    "on_hold": ChannelState.OPEN,
    "request_declined": ChannelState.OPEN,
    "partial": ChannelState.OPEN,
    "restocked": ChannelState.CANCELLED,
    "fulfilled": ChannelState.SHIPPED,
    "shipped": ChannelState.SHIPPED,
}


def state_of(
    financial: str, fulfilment: str, cancelled_at: str
) -> tuple[ChannelState, tuple[MapperHold, ...]]:
    """Return the channel's state, and the holds that it asks for.

    What we do not know is never guessed: the order is open, held, and the hold quotes the word.
    """
    financial, fulfilment = _word(financial), _word(fulfilment)
    paid, sent = FINANCIAL.get(financial), FULFILMENT.get(fulfilment)
    if sent is ChannelState.SHIPPED:
        return ChannelState.SHIPPED, ()
    if cancelled_at.strip():
        return ChannelState.CANCELLED, ()
    if paid is None or sent is None:
        return ChannelState.OPEN, (_unknown(financial if paid is None else fulfilment),)
    if ChannelState.CANCELLED in (paid, sent):
        return ChannelState.CANCELLED, ()
    return paid, _holds(paid, fulfilment)


# What their look at a payment says, as the API recommends and as an export calls it.
_SUSPECT = {
    "cancel": "Shopify thinks that it is fraud, and advises to cancel it.",
    "high": "Shopify thinks that it is fraud: a high risk.",
    "investigate": "Shopify is not sure that it is genuine, and advises to ask the buyer.",
    "medium": "Shopify is not sure that it is genuine: a medium risk.",
}
_TRUSTED = ("accept", "low")


def risk_holds(risk: str, state: ChannelState) -> tuple[MapperHold, ...]:
    """Return the hold of an order in which Shopify sees fraud; once it has left, or is off, there is none."""
    reason = _SUSPECT.get(_word(risk), "")
    if not reason or state in (ChannelState.SHIPPED, ChannelState.CANCELLED):
        return ()
    return (MapperHold(HoldCode.FRAUD_RISK, f"{reason} Look at it before it leaves."),)


def is_trusted(risk: str) -> bool:
    """Return whether Shopify has looked at it and sees no fraud."""
    return _word(risk) in _TRUSTED


def _word(text: str) -> str:
    return text.strip().casefold().replace(" ", "_")


def _holds(paid: ChannelState, fulfilment: str) -> tuple[MapperHold, ...]:
    holds: tuple[MapperHold, ...] = ()
    if paid is ChannelState.AWAITING_PAYMENT:
        holds += (MapperHold(HoldCode.AWAITING_PAYMENT, "Shopify has not received the payment."),)
    if fulfilment == "partial":
        reason = "Shopify says that part of this order has shipped. Check which lines remain."
        holds += (MapperHold(HoldCode.STATUS_UNCLEAR, reason),)
    if fulfilment == "on_hold":
        reason = "Shopify holds this order's fulfilment. Release it there first."
        holds += (MapperHold(HoldCode.STATUS_UNCLEAR, reason),)
    return holds


def _unknown(word: str) -> MapperHold:
    reason = (
        f"Shopify calls this order “{word[:40]}”, which is new here. Check it, then release it."
    )
    return MapperHold(HoldCode.STATUS_UNCLEAR, reason)
