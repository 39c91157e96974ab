"""How does an order of Amazon's older Orders API (v0) become an order?

Its items, its buyer and its address came from requests of their own; a payload holds them side by
side: the order with ``OrderItems`` and, where they were asked for, ``BuyerInfo`` and
``ShippingAddress``. The desk itself asks the newer API only (payloads.py): no page or command leads
here. It is kept because Amazon's own description still holds this API's examples and sandbox answers,
and each of them must map without loss (tests/contracts/test_amazon_orders.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder, MapperHold
from app.sync.channels.amazon import marketplaces, statuses
from app.sync.files import line_states
from app.sync.files.amounts import split_line
from app.sync.live.payload import Part, first, noted, opened
from app.sync.live.understood import own_sum, settled

_TAXES: Final = ("ItemTax", "ShippingTax")
_TAX_OFF: Final = ("ShippingDiscountTax", "PromotionDiscountTax")
_CHARGES: Final = ("ShippingPrice", "CODFee")
_SHIPPING_OFF: Final = ("ShippingDiscount", "CODFeeDiscount")
_OVER: Final = (ChannelState.CANCELLED, ChannelState.SHIPPED, ChannelState.AWAITING_PAYMENT)


def joined(
    order: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]],
    buyer: Mapping[str, Any] | None = None,
    address: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return an order's payload made of the answers that it came in, each asked for by itself."""
    found = {**order, "OrderItems": list(items)}
    if buyer:
        found["BuyerInfo"] = {**(order.get("BuyerInfo") or {}), **buyer}
    if address:
        found["ShippingAddress"] = address.get("ShippingAddress") or {}
    return found


def order_from(payload: Mapping[str, Any]) -> IncomingOrder:
    """Map one order with its items.

    Raises:
        NotReadableError: it has no id, no time, or a line without a number of units.
    """
    part = opened(payload)
    number = part.identity("AmazonOrderId")
    address = _ship_to(part.part("ShippingAddress"))
    items = part.parts("OrderItems")
    currency = _currency(part, items, address)
    state, holds = _state(part, items)
    tax = _sum(items, currency, _TAXES) + _gift(items, currency, "GiftWrapTax")
    order = IncomingOrder(
        channel="amazon",
        external_id=number,
        number=number,
        placed_at=part.when(part.moment("PurchaseDate"), "PurchaseDate"),
        currency=currency,
        lines=tuple(_line(x, currency, is_over=state is ChannelState.CANCELLED) for x in items),
        ship_to=address,
        buyer_name=part.text("BuyerInfo", "BuyerName") or address.name,
        buyer_email=part.text("BuyerInfo", "BuyerEmail"),
        service=part.text("ShipServiceLevel") or part.text("ShipmentServiceLevelCategory"),
        shipping=_sum(items, currency, _CHARGES) + _gift(items, currency, "GiftWrapPrice"),
        tax=tax - _sum(items, currency, _TAX_OFF),
        discount=_sum(items, currency, _SHIPPING_OFF),
        total=_money(part, currency, "OrderTotal"),
        state=state,
        ship_by=part.moment("LatestShipDate"),
        deliver_by=_deliver_by(part, items),
        fulfilled_by_channel=statuses.is_fulfilled_by_amazon(part.word("FulfillmentChannel")),
        note=_note(part, items),
        holds=holds,
    )
    if not items:
        return settled(order, part, also=(order.total or 0,))
    return settled(order, part, also=(own_sum(order) - order.tax, own_sum(order) - order.tax + tax))


def _currency(part: Part, items: tuple[Part, ...], address: Address) -> str:
    stated = part.currency("OrderTotal", "CurrencyCode")
    prices = (x.currency("ItemPrice", "CurrencyCode") for x in items)
    channel = part.text("SalesChannel")
    return first((stated, *prices)) or marketplaces.currency_of(channel, address.country)


def _state(part: Part, items: tuple[Part, ...]) -> tuple[ChannelState, tuple[MapperHold, ...]]:
    word = part.text("OrderStatus")
    stated = statuses.state_of(word) if word else None
    state, holds = stated or ChannelState.OPEN, _requests(part, items)
    if stated is None:
        holds += (line_states.unknown_status(word or "not stated"),)
    if part.word("FulfillmentChannel") not in ("", "mfn", "afn"):
        holds += (line_states.unknown_status(part.text("FulfillmentChannel")),)
    if state in _OVER:
        return state, line_states.combined([state])[1] + holds
    partly = part.word("OrderStatus") == "partiallyshipped"
    left = partly or any(x.units("QuantityShipped") for x in items)
    return state, ((line_states.partly_shipped(),) if left else ()) + holds


def _deliver_by(part: Part, items: tuple[Part, ...]) -> datetime | None:
    """Return the promised end of delivery, or the earlier end of what the buyer arranged."""
    arranged = (x.moment("ScheduledDeliveryEndDate") for x in items)
    return min((x for x in (part.moment("LatestDeliveryDate"), *arranged) if x), default=None)


def _requests(part: Part, items: tuple[Part, ...]) -> tuple[MapperHold, ...]:
    asked = [x.part("BuyerRequestedCancel") for x in items]
    holds = tuple(
        line_states.cancel_requested("The buyer", x.text("BuyerCancelReason"))
        for x in asked
        if x.flag("IsBuyerRequestedCancel")
    )
    return (*holds, line_states.picked_up()) if part.flag("IsISPU") else holds


def _line(item: Part, currency: str, *, is_over: bool) -> IncomingLine:
    ordered = item.quantity("QuantityOrdered")
    price, rest = split_line(_money(item, currency, "ItemPrice") or 0, ordered)
    off = abs(_money(item, currency, "PromotionDiscount") or 0)
    return IncomingLine(
        external_id=item.identity("OrderItemId"),
        sku_text=item.code("SellerSKU"),
        title=item.text("Title"),
        quantity=0 if is_over else ordered,
        unit_price=price,
        discount=rest + off,
        tax=_money(item, currency, "ItemTax") or 0,
        listing_id=item.code("ASIN"),
    )


def _money(part: Part, currency: str, *path: str) -> int | None:
    return part.money(currency, *path, amount="Amount", unit="CurrencyCode")


def _sum(items: tuple[Part, ...], currency: str, names: tuple[str, ...]) -> int:
    return sum(abs(_money(x, currency, name) or 0) for x in items for name in names)


def _gift(items: tuple[Part, ...], currency: str, name: str) -> int:
    return sum(_money(x, currency, "BuyerInfo", name) or 0 for x in items)


def _note(part: Part, items: tuple[Part, ...]) -> str:
    return noted(
        ("Buyer's order number", part.text("BuyerInfo", "PurchaseOrderNumber")),
        ("Replacement for", part.text("ReplacedOrderId")),
        *(each for item in items for each in _item_notes(item)),
    )


def _item_notes(item: Part) -> tuple[tuple[str, str], ...]:
    needed = [words for name, words in _CONSTRAINTS if item.states("ShippingConstraints", name)]
    return (
        ("Gift message", item.text("BuyerInfo", "GiftMessageText")),
        ("Gift wrap", item.text("BuyerInfo", "GiftWrapLevel")),
        ("Customised", item.text("BuyerInfo", "BuyerCustomizedInfo", "CustomizedURL")),
        ("The carrier must", ", ".join(needed)),
        ("IOSS number", item.text("IossNumber")),
    )


_CONSTRAINTS: Final = (
    ("SignatureConfirmation", "get a signature"),
    ("RecipientIdentityVerification", "check who receives it"),
    ("RecipientAgeVerification", "check the receiver's age"),
    ("PalletDelivery", "deliver it on a pallet"),
)


def _ship_to(to: Part) -> Address:
    return Address(
        name=to.text("Name"),
        company=to.text("CompanyName"),
        line1=to.text("AddressLine1"),
        line2=to.text("AddressLine2"),
        line3=to.text("AddressLine3"),
        city=to.text("City") or to.text("Municipality"),
        state=first((to.text("StateOrRegion"), to.text("County"), to.text("District"))),
        postcode=to.text("PostalCode"),
        country=to.text("CountryCode"),
        phone=to.text("Phone"),
    )
