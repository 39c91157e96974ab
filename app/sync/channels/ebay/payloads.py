"""How does an order of eBay's Fulfillment API become an order?

A line's cost is for all of its units, before discounts. Discounts are stated as negative amounts.
Tax that eBay collects itself is part of the total only where the breakdown was asked for, so the
desk asks for it. The parcel goes to ``shipTo``: for eBay's international shipping that is a hub, and
its reference must stand on the label.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder, IncomingRefund
from app.sync.channels.ebay import statuses
from app.sync.files import line_states
from app.sync.files.amounts import split_line
from app.sync.live.payload import Part, first, noted, opened
from app.sync.live.understood import own_sum, settled

_SUMMARY: Final = "pricingSummary"
_TO_SHIP: Final = ("", "ship_to")


def order_from(payload: Mapping[str, Any]) -> IncomingOrder:
    """Map one order of an answer.

    Raises:
        NotReadableError: it has no id, no time, or a line without a number of units.
    """
    part = opened(payload)
    number = part.identity("orderId")
    items = part.parts("lineItems")
    currency = _currency(part, items)
    start = next(iter(part.parts("fulfillmentStartInstructions")), Part({}, "", part.unread))
    state, holds = _state(part, items, start)
    is_over = state is ChannelState.CANCELLED
    lines = tuple(_line(x, currency, is_over=is_over) for x in items)
    address = _ship_to(start.part("shippingStep"))
    adjusted = _summed(part, currency, "adjustment")
    order = IncomingOrder(
        channel="ebay",
        external_id=number,
        number=number,
        placed_at=part.when(part.moment("creationDate"), "creationDate"),
        currency=currency,
        lines=lines,
        ship_to=address,
        buyer_name=_buyer(part, address),
        buyer_email=_email(part, start),
        service=start.text("shippingStep", "shippingServiceCode"),
        shipping=_summed(part, currency, "deliveryCost", "fee") + max(0, adjusted),
        tax=_tax(part, items, currency),
        discount=_discount(part, items, currency) + max(0, -adjusted),
        total=_money(part, currency, _SUMMARY, "total"),
        state=state,
        ship_by=_earliest(items, "shipByDate"),
        deliver_by=_deliver_by(items, start),
        fulfilled_by_channel=_shipped_by(part) == "ebay",
        note=_note(part, items),
        holds=holds,
        refunds=_refunds(part, items, currency),
    )
    collected = sum(_collected(x, currency) for x in items)
    stated = own_sum(order) - order.tax
    return settled(order, part, also=(stated, stated + order.tax - collected))


def line_id(external_id: str) -> str:
    """Return eBay's id of a line from ours, which names the item as well (as the files do)."""
    return external_id.partition("/")[0]


def _money(part: Part, currency: str, *path: str) -> int | None:
    return part.money(currency, *path, amount="value", unit="currency")


def _currency(part: Part, items: tuple[Part, ...]) -> str:
    costs = (x.currency("lineItemCost", "currency") for x in items)
    found = first((part.currency(_SUMMARY, "total", "currency"), *costs))
    if not found:
        part.unread.append(f"{_SUMMARY}.total.currency")
    return found or "USD"


def _summed(part: Part, currency: str, *names: str) -> int:
    return sum(_money(part, currency, _SUMMARY, name) or 0 for name in names)


def _state(
    part: Part, items: tuple[Part, ...], start: Part
) -> tuple[ChannelState, line_states.Holds]:
    words = {name: part.text(name) for name in ("orderPaymentStatus", "orderFulfillmentStatus")}
    words["cancelState"] = part.text("cancelStatus", "cancelState")
    state = statuses.state_of_order(
        words["orderPaymentStatus"], words["orderFulfillmentStatus"], words["cancelState"]
    )
    unknown = first((*statuses.unknown_words(*words.values()), *_unknown_beside(part, items)))
    holds: line_states.Holds = (line_states.unknown_status(unknown),) if unknown else ()
    holds += _requests(part) + _pick_up(start)
    if state is ChannelState.OPEN and _has_left(words["orderFulfillmentStatus"], items):
        holds += (line_states.partly_shipped(),)
    return state, (
        line_states.combined([state])[1] if state is not ChannelState.OPEN else ()
    ) + holds


def _unknown_beside(part: Part, items: tuple[Part, ...]) -> list[str]:
    """Return words that are new to us: of who ships the order, and how far its lines are."""
    lines = [x.text("lineItemFulfillmentStatus") for x in items]
    new = [x for x in lines if x.casefold() not in statuses.FULFILMENTS]
    return new if _shipped_by(part) in ("", "ebay", "seller") else [*new, _shipped_by(part)]


def _shipped_by(part: Part) -> str:
    return part.word("program", "fulfillmentProgram", "fulfilledBy")


def _buyer(part: Part, address: Address) -> str:
    registered = part.text("buyer", "buyerRegistrationAddress", "fullName")
    return first((address.name, registered, part.text("buyer", "username")))


def _has_left(word: str, items: tuple[Part, ...]) -> bool:
    shipped = any(
        x.word("lineItemFulfillmentStatus") in ("fulfilled", "in_progress") for x in items
    )
    return shipped or word.casefold() == "in_progress"


def _requests(part: Part) -> line_states.Holds:
    """Hold an order that its buyer wants cancelled. Only the single order tells who asked and why."""
    if part.word("cancelStatus", "cancelState") not in statuses.CANCEL_ASKED:
        return ()
    asked = part.parts("cancelStatus", "cancelRequests")
    by_seller = any(x.word("cancelInitiator") == "seller" for x in asked)
    why = first(x.text("cancelReason") for x in asked)
    return (line_states.cancel_requested("The seller" if by_seller else "The buyer", why),)


def _pick_up(start: Part) -> line_states.Holds:
    is_fetched = start.word("fulfillmentInstructionsType") not in _TO_SHIP
    is_digital = start.word("fulfillmentInstructionsType") == "digital"
    return (
        (line_states.picked_up(),)
        if (is_fetched and not is_digital) or start.states("pickupStep")
        else ()
    )


def _line(item: Part, currency: str, *, is_over: bool) -> IncomingLine:
    quantity = item.quantity("quantity")
    cost = _money(item, currency, "lineItemCost") or 0
    price, rest = split_line(cost, quantity)
    after = _money(item, currency, "discountedLineItemCost")
    number, listing = item.identity("lineItemId"), item.code("legacyItemId")
    return IncomingLine(
        external_id=f"{number}/{listing}" if listing else number,
        sku_text=item.code("sku"),
        title=_title(item),
        quantity=0 if is_over else quantity,
        unit_price=price,
        discount=rest + (max(0, cost - after) if after is not None else 0),
        tax=_line_tax(item, currency),
        listing_id=listing,
        requires_shipping=not item.states("giftDetails"),
    )


def _title(item: Part) -> str:
    chosen = " ".join(
        f"[{x.text('name')}:{x.text('value')}]" for x in item.parts("variationAspects")
    )
    return f"{item.text('title')} {chosen}".strip()


def _line_tax(item: Part, currency: str) -> int:
    own = sum(_money(x, currency, "amount") or 0 for x in item.parts("taxes"))
    return own + _collected(item, currency)


def _collected(item: Part, currency: str) -> int:
    """Return the tax that eBay collects for a line and pays to the authorities itself."""
    taxes = item.parts("ebayCollectAndRemitTaxes")
    return sum(_money(x, currency, "amount") or 0 for x in taxes)


def _tax(part: Part, items: tuple[Part, ...], currency: str) -> int:
    """Return all tax: eBay's sum is without what it collects itself, or with it."""
    stated = _money(part, currency, _SUMMARY, "tax")
    by_line = sum(_line_tax(x, currency) for x in items)
    return max(stated or 0, by_line)


def _discount(part: Part, items: tuple[Part, ...], currency: str) -> int:
    """Return what was taken off beyond what stands on the lines."""
    on_lines = sum(
        max(0, (_money(x, currency, "lineItemCost") or 0) - after)
        for x in items
        if (after := _money(x, currency, "discountedLineItemCost")) is not None
    )
    whole = abs(_summed(part, currency, "priceDiscount"))
    return max(0, whole - on_lines) + abs(_summed(part, currency, "deliveryDiscount"))


def _earliest(items: tuple[Part, ...], name: str) -> datetime | None:
    times = (x.moment("lineItemFulfillmentInstructions", name) for x in items)
    return min((x for x in times if x), default=None)


def _deliver_by(items: tuple[Part, ...], start: Part) -> datetime | None:
    return _earliest(items, "maxEstimatedDeliveryDate") or start.moment("maxEstimatedDeliveryDate")


def _email(part: Part, start: Part) -> str:
    return first(
        (
            start.text("shippingStep", "shipTo", "email"),
            part.text("buyer", "buyerRegistrationAddress", "email"),
        )
    )


def _refunds(part: Part, items: tuple[Part, ...], currency: str) -> tuple[IncomingRefund, ...]:
    """Return what the buyer got back; each refund is stated for the order, and by line as well."""
    told = part.parts("paymentSummary", "refunds") or tuple(
        y for x in items for y in x.parts("refunds")
    )
    found = []
    for each in told:
        at, back = each.moment("refundDate"), abs(_money(each, currency, "amount") or 0)
        known_by = first((each.code("refundId"), each.code("refundReferenceId")))
        if each.word("refundStatus") != "failed":
            known_by = known_by or f"{at.isoformat() if at else 'refund'}:{back}"
            found.append(IncomingRefund(known_by, back, at))
    return tuple(found)


def _note(part: Part, items: tuple[Part, ...]) -> str:
    messages = (("Gift message", x.text("giftDetails", "message")) for x in items)
    return noted(("", part.text("buyerCheckoutNotes")), *messages)


def _ship_to(step: Part) -> Address:
    to = step.part("shipTo")
    at = to.part("contactAddress")
    reference = step.text("shipToReferenceId")
    return Address(
        name=to.text("fullName"),
        company=to.text("companyName"),
        line1=at.text("addressLine1"),
        line2=at.text("addressLine2"),
        line3=f"Reference {reference}" if reference else "",
        city=at.text("city"),
        state=at.text("stateOrProvince") or at.text("county"),
        postcode=at.text("postalCode"),
        country=at.text("countryCode"),
        phone=to.text("primaryPhone", "phoneNumber"),
    )
