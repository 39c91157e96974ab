"""How does an order of Shopify's Admin API become ours?

Quantities and amounts are the *current* ones: what an edit or a refund has left. The identity is the
number within Shopify's global id, the same as in an export's Id column, so that an order that came by
file is known again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.orders import Address, IncomingLine, IncomingOrder, IncomingRefund
from app.sync.channels.shopify.statuses import is_trusted, risk_holds, state_of
from app.sync.files.totals import adds_up, lines_total
from app.sync.live.payload import Part, first, opened
from app.sync.live.understood import own_sum, settled

_STATUS = {
    "partially_fulfilled": "partial",
    "pending_fulfillment": "pending",
    "fulfillment_not_required": "unfulfilled",  # its lines say that nothing is to be sent
}

# What an order of theirs says and we do not keep, with the reason.
LEFT_OUT: Mapping[str, str] = {
    "id": "the number within it is the identity",
    "updatedAt": "moves the cursor, and is no fact about the order",
    "createdAt": "when the record was made; processedAt is when the buyer ordered",
    "cancelReason": "the channel's own; the state says that it is cancelled",
    "tags": "the shop's own sorting; tags here are the desk's",
    "test": "a test order is an order; its name says so",
    "shippingAddress.province": "provinceCode is on the label",
    "shippingAddress.country": "countryCodeV2 is on the label",
}


def order_from(payload: Mapping[str, Any]) -> IncomingOrder:
    """Return an order.

    Raises:
        NotReadableError: it has no number, no time, or a line without a number of units.
    """
    part = opened(payload)
    currency = _currency(part)
    items = part.parts("lineItems", "nodes")
    lines = tuple(line for each in items if (line := _line(each, currency)).quantity)
    state, holds = state_of(*_states(part))
    risk = part.part("risk").word("recommendation")
    address = _address(part.part("shippingAddress"))
    shipping = sum(
        _amount(part, currency, x) or 0
        for x in ("currentShippingPriceSet", "currentTotalDutiesSet")
    )
    tax = _amount(part, currency, "currentTotalTaxSet") or 0
    total = _amount(part, currency, "currentTotalPriceSet")
    contained = bool(part.flag("taxesIncluded"))
    gross = lines_total(lines) + shipping + (0 if contained else tax)
    order = IncomingOrder(
        channel="shopify",
        external_id=part.identity("legacyResourceId"),
        number=part.identity("name"),
        placed_at=part.when(part.moment("processedAt"), "processedAt"),
        currency=currency,
        lines=lines,
        ship_to=address,
        buyer_name=part.text("billingAddress", "name") or address.name,
        buyer_email=part.text("email"),
        service=part.text("shippingLine", "title"),
        shipping=shipping,
        tax=tax,
        discount=_beyond(part, lines, gross, total, currency),
        total=total,
        state=state,
        note=part.text("note"),
        holds=holds + risk_holds(risk, state),
        is_trusted=is_trusted(risk),
        refunds=tuple(_refund(x, currency) for x in part.parts("refunds")),
    )
    return settled(
        order, part, also=(own_sum(order) - tax,) if contained else (), refunds_units=True
    )


def number_of(global_id: str) -> str:
    """Return the number at the end of a global id."""
    return global_id.rpartition("/")[2]


def _currency(part: Part) -> str:
    found = part.currency("currencyCode")
    if not found:
        part.unread.append("currencyCode")
    return found or "USD"


def _states(part: Part) -> tuple[str, str, str]:
    fulfilment = part.word("displayFulfillmentStatus")
    shown = _STATUS.get(fulfilment, fulfilment)
    return part.word("displayFinancialStatus"), shown, part.text("cancelledAt")


def _line(item: Part, currency: str) -> IncomingLine:
    ordered = item.quantity("quantity")
    current = item.units("currentQuantity")
    left = ordered if current is None else current
    off = sum(
        _amount(x, currency, "allocatedAmountSet") or 0 for x in item.parts("discountAllocations")
    )
    tax = sum(_amount(x, currency, "priceSet") or 0 for x in item.parts("taxLines"))
    return IncomingLine(
        external_id=number_of(item.identity("id")),
        sku_text=item.code("sku"),
        title=item.text("name"),
        quantity=left,
        unit_price=_amount(item, currency, "originalUnitPriceSet") or 0,
        discount=off * left // ordered if ordered else 0,
        tax=tax * left // ordered if ordered else 0,
        listing_id=number_of(item.code("product", "id")),
        requires_shipping=item.flag("requiresShipping") is not False,
    )


def _amount(part: Part, currency: str, name: str) -> int | None:
    return part.money(currency, name, "shopMoney")


def _beyond(
    part: Part, lines: tuple[IncomingLine, ...], gross: int, total: int | None, currency: str
) -> int:
    """Return the discount beyond the lines' own.

    A discount on shipping is in the shipping price already, so of the two readings the one that
    gives the stated total holds.
    """
    told = _amount(part, currency, "currentTotalDiscountsSet") or 0
    if total is None or adds_up(total, gross, currency):
        return 0
    return max(0, told - sum(line.discount for line in lines))


def _refund(told: Part, currency: str) -> IncomingRefund:
    back = abs(_amount(told, currency, "totalRefundedSet") or 0)
    number = number_of(told.code("id"))
    return IncomingRefund(number, back, told.moment("createdAt"), told.text("note"))


def _address(to: Part) -> Address:
    return Address(
        name=to.text("name"),
        company=to.text("company"),
        line1=to.text("address1"),
        line2=to.text("address2"),
        city=to.text("city"),
        state=first((to.text("provinceCode"), to.text("province"))),
        postcode=to.text("zip"),
        country=first((to.text("countryCodeV2"), to.text("country"))),
        phone=to.text("phone"),
    )
