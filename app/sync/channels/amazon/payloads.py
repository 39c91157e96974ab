"""How does an order of Amazon's Orders API (2026-01-01) become an order?

Items come with the order. What each part of the price comes to stands in its ``proceeds``: by item,
and summed up for the order. Pending orders have neither price nor address. Amazon states how many
units of an item are shipped and how many are not: what is in neither was cancelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder, MapperHold
from app.sync.channels.amazon import marketplaces, statuses
from app.sync.files import line_states
from app.sync.files.amounts import split_line
from app.sync.live.payload import Part, first, noted, opened
from app.sync.live.understood import own_sum, settled

# What the desk asks for: all that says who ordered, where it goes, what it costs, how far it is.
INCLUDED: Final = ("BUYER", "RECIPIENT", "PROCEEDS", "CANCELLATION", "FULFILLMENT", "PACKAGES")
_PROCEEDS: Final = (
    "ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "TAX", "DISCOUNT", "DELIVERY_TIP", "OTHER",
)  # fmt: skip
_BEFORE: Final = {
    "REPLACEMENT_ORIGINAL_ID": "Replacement for",
    "EXCHANGE_ORIGINAL_ID": "Exchange for",
}
_NOT_CHARGES: Final = ("ITEM", "TAX", "DISCOUNT")
_OVER: Final = (ChannelState.CANCELLED, ChannelState.SHIPPED, ChannelState.AWAITING_PAYMENT)


def order_from(payload: Mapping[str, Any]) -> IncomingOrder:
    """Map one order of an answer.

    Raises:
        NotReadableError: it has no id, no time, or a line without a number of units.
    """
    part = opened(payload)
    number = part.identity("orderId")
    address = _ship_to(part.part("recipient", "deliveryAddress"))
    currency = _currency(part, address)
    items = part.parts("orderItems")
    state, holds = _state(part, items)
    lines = tuple(_line(x, currency, cancelled=state is ChannelState.CANCELLED) for x in items)
    order = IncomingOrder(
        channel="amazon",
        external_id=number,
        number=number,
        placed_at=part.when(part.moment("createdTime"), "createdTime"),
        currency=currency,
        lines=lines,
        ship_to=address,
        buyer_name=part.text("buyer", "buyerName") or address.name,
        buyer_email=part.text("buyer", "buyerEmail"),
        service=part.text("fulfillment", "fulfillmentServiceLevel"),
        shipping=_charges(part, items, currency),
        tax=_proceeds(part, items, currency, "TAX"),
        discount=max(0, _proceeds(part, items, currency, "DISCOUNT") - _discounts(items, currency)),
        total=part.money(currency, "proceeds", "grandTotal"),
        state=state,
        ship_by=part.moment("fulfillment", "shipByWindow", "latestDateTime"),
        deliver_by=_deliver_by(part, items),
        fulfilled_by_channel=statuses.is_fulfilled_by_amazon(_shipped_by(part)),
        note=_note(part, items),
        holds=holds,
    )
    return settled(order, part, also=(own_sum(order) - order.tax,))


def _currency(part: Part, address: Address) -> str:
    """Return the order's currency; a pending order states none, so its marketplace tells."""
    stated = part.currency("proceeds", "grandTotal", "currencyCode")
    prices = (
        x.currency("product", "price", "unitPrice", "currencyCode")
        for x in part.parts("orderItems")
    )
    market = part.text("salesChannel", "marketplaceName")
    return first((stated, *prices)) or marketplaces.currency_of(market, address.country)


def _shipped_by(part: Part) -> str:
    return part.word("fulfillment", "fulfilledBy")


def _state(part: Part, items: tuple[Part, ...]) -> tuple[ChannelState, tuple[MapperHold, ...]]:
    word = part.text("fulfillment", "fulfillmentStatus")
    stated = statuses.state_of(word) if word else None
    state, holds = stated or ChannelState.OPEN, _requests(part, items)
    if stated is None:
        holds += (line_states.unknown_status(word or "not stated"),)
    if _shipped_by(part) not in ("", "merchant", "amazon"):
        holds += (line_states.unknown_status(_shipped_by(part)),)
    if state in _OVER:
        return state, line_states.combined([state])[1] + holds
    state, partly = line_states.combined([_line_state(x) for x in items] or [state])
    if not partly and _has_left(part, items):
        partly = (line_states.partly_shipped(),)
    return state, partly + holds


def _requests(part: Part, items: tuple[Part, ...]) -> tuple[MapperHold, ...]:
    holds: tuple[MapperHold, ...] = ()
    for item in items:
        asked = item.part("cancellation", "cancellationRequest")
        done = item.states("cancellation", "cancellationExecution")
        if asked.states("requester") and not done:
            holds += (line_states.cancel_requested("The buyer", asked.text("cancelReason")),)
    if "IN_STORE_PICK_UP" in part.texts("programs"):
        holds += (line_states.picked_up(),)
    return holds


def _line_state(item: Part) -> ChannelState:
    units, left = _units(item), item.units("fulfillment", "quantityUnfulfilled")
    if not units:
        return ChannelState.CANCELLED
    shipped = item.units("fulfillment", "quantityFulfilled") or 0
    return ChannelState.SHIPPED if shipped and left == 0 else ChannelState.OPEN


def _has_left(part: Part, items: tuple[Part, ...]) -> bool:
    """Say whether a part of an open order is on its way: of a line, or nobody says of which."""
    words = part.word("fulfillment", "fulfillmentStatus") == "partially_shipped"
    return words or any(x.units("fulfillment", "quantityFulfilled") for x in items)


def _units(item: Part) -> int:
    """Return how many units are wanted; those in no count any more were cancelled."""
    ordered = item.quantity("quantityOrdered")
    done = item.units("fulfillment", "quantityFulfilled")
    left = item.units("fulfillment", "quantityUnfulfilled")
    if done is not None and left is not None:
        return min(ordered, done + left)
    return 0 if item.states("cancellation", "cancellationExecution") else ordered


def _line(item: Part, currency: str, *, cancelled: bool) -> IncomingLine:
    ordered = item.quantity("quantityOrdered")
    price, rest = _price(item, currency, ordered)
    off = abs(_proceed(item, currency, "DISCOUNT"))
    return IncomingLine(
        external_id=item.identity("orderItemId"),
        sku_text=item.code("product", "sellerSku"),
        title=item.text("product", "title"),
        quantity=0 if cancelled else _units(item),
        unit_price=price,
        discount=rest + off,
        tax=_proceed(item, currency, "TAX"),
        listing_id=item.code("product", "asin"),
    )


def _price(item: Part, currency: str, units: int) -> tuple[int, int]:
    """Return the unit price, and the discount that makes the line come to what Amazon states."""
    unit = item.money(currency, "product", "price", "unitPrice")
    line = _proceed(item, currency, "ITEM") or None
    if line is None or (unit is not None and unit * units == line):
        return unit or 0, 0
    return split_line(line, units)


def _proceed(part: Part, currency: str, kind: str) -> int:
    """Return what the breakdown of an item or order states for one kind of charge."""
    return sum(
        x.money(currency, "subtotal") or 0
        for x in part.parts("proceeds", "breakdowns")
        if x.one_of(_PROCEEDS, "type") == kind
    )


def _proceeds(part: Part, items: tuple[Part, ...], currency: str, kind: str) -> int:
    """Return one kind of charge for the order, stated by item or for the whole."""
    whole = _proceed(part, currency, kind)
    found = whole or sum(_proceed(x, currency, kind) for x in items)
    return abs(found) if kind == "DISCOUNT" else found


def _discounts(items: tuple[Part, ...], currency: str) -> int:
    return sum(abs(_proceed(x, currency, "DISCOUNT")) for x in items)


def _charges(part: Part, items: tuple[Part, ...], currency: str) -> int:
    """Return what the buyer pays beside the goods: shipping, wrapping, a tip, whatever comes new."""
    kinds = {
        x.text("type") for each in (part, *items) for x in each.parts("proceeds", "breakdowns")
    }
    return sum(_proceeds(part, items, currency, kind) for kind in sorted(kinds - set(_NOT_CHARGES)))


def _deliver_by(part: Part, items: tuple[Part, ...]) -> datetime | None:
    """Return the promised end of delivery, or the earlier end of what the buyer arranged."""
    promised = part.moment("fulfillment", "deliverByWindow", "latestDateTime")
    window = ("fulfillment", "shipping", "scheduledDeliveryWindow", "latestDateTime")
    ends = [promised, *(x.moment(*window) for x in items)]
    return min((x for x in ends if x), default=None)


def _note(part: Part, items: tuple[Part, ...]) -> str:
    to = part.part("recipient", "deliveryPreference")
    before = (
        (_BEFORE.get(x.one_of(_BEFORE, "associationType"), ""), x.text("orderId"))
        for x in part.parts("associatedOrders")
    )
    return noted(
        ("Buyer's order number", part.text("buyer", "buyerPurchaseOrderNumber")),
        *((label, number) for label, number in before if label),
        ("Leave at", to.text("dropOffLocation")),
        ("Delivery", to.text("addressInstruction")),
        *(each for item in items for each in _item_notes(item)),
    )


def _item_notes(item: Part) -> tuple[tuple[str, str], ...]:
    gift, shipping = item.part("fulfillment", "packing", "giftOption"), ("fulfillment", "shipping")
    needed = [
        words for name, words in _CONSTRAINTS if item.states(*shipping, "shippingConstraints", name)
    ]
    return (
        ("Gift message", gift.text("giftMessage")),
        ("Gift wrap", gift.text("giftWrapLevel")),
        ("Customised", item.text("product", "customization", "customizedUrl")),
        ("The carrier must", ", ".join(needed)),
        ("IOSS number", item.text(*shipping, "internationalShipping", "iossNumber")),
    )


_CONSTRAINTS: Final = (
    ("signatureConfirmation", "get a signature"),
    ("recipientIdentityVerification", "check who receives it"),
    ("recipientAgeVerification", "check the receiver's age"),
    ("cashOnDelivery", "collect the money"),
    ("palletDelivery", "deliver it on a pallet"),
)


def _ship_to(to: Part) -> Address:
    country, region = to.text("countryCode"), to.text("stateOrRegion")
    district = first((to.text("districtOrCounty"), to.text("municipality")))
    # The carrier needs the district where it is a part of the address; a US county is none.
    is_needed = region and country.upper() != "US" and district != to.text("city")
    return Address(
        name=to.text("name"),
        company=to.text("companyName"),
        line1=to.text("addressLine1"),
        line2=to.text("addressLine2"),
        line3=to.text("addressLine3") or (district if is_needed else ""),
        city=to.text("city") or to.text("municipality"),
        state=region or district,
        postcode=to.text("postalCode"),
        country=country,
        phone=to.text("phone"),
    )
