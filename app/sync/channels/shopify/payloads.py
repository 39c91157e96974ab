"""How does an order of Shopify's Admin API become ours?

Quantities and amounts are the *current* ones: what an edit or a refund has left. The identity is the
number within Shopify's global id, the same as in an export's Id column, so that an order that came by
file is known again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.orders import Address, IncomingLine, IncomingOrder
from app.sync.channels.shopify.statuses import state_of
from app.sync.files.totals import adds_up, lines_total, total_mismatch
from app.sync.live import fields

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
        NotReadableError: a field that must be there is missing or of another kind.
    """
    money = fields.currency(payload.get("currencyCode"))
    lines = tuple(
        line
        for each in fields.rows(fields.part(payload, "lineItems", "nodes"), "lines")
        if (line := _line(each, money)).quantity
    )
    state, holds = state_of(*_states(payload))
    address = _address(payload.get("shippingAddress") or {})
    tax, total = _amount(payload, "currentTotalTaxSet", money), _total(payload, money)
    shipping = _amount(payload, "currentShippingPriceSet", money)
    shipping += _amount(payload, "currentTotalDutiesSet", money)
    beyond, computed = _settled(payload, lines, shipping, tax, total, money)
    order = IncomingOrder(
        channel="shopify",
        external_id=fields.required(payload.get("legacyResourceId"), "number"),
        number=fields.required(payload.get("name"), "name"),
        placed_at=fields.moment(payload.get("processedAt"), "date"),
        currency=money,
        lines=lines,
        ship_to=address,
        buyer_name=fields.text(fields.part(payload, "billingAddress", "name")) or address.name,
        buyer_email=fields.text(payload.get("email")),
        service=fields.text(fields.part(payload, "shippingLine", "title")),
        shipping=shipping,
        tax=tax,
        discount=beyond,
        total=total,
        state=state,
        note=fields.text(payload.get("note")),
        holds=holds + total_mismatch(total, computed, money),
    )
    return replace(order, holds=order.holds + fields.doubts(order))


def number_of(global_id: Any) -> str:
    """Return the number at the end of a global id."""
    return fields.required(global_id, "id").rpartition("/")[2]


def _states(payload: Mapping[str, Any]) -> tuple[str, str, str]:
    financial = fields.text(payload.get("displayFinancialStatus")).casefold()
    fulfilment = fields.text(payload.get("displayFulfillmentStatus")).casefold()
    cancelled = fields.text(payload.get("cancelledAt"))
    return financial, _STATUS.get(fulfilment, fulfilment), cancelled


def _line(each: Mapping[str, Any], money: str) -> IncomingLine:
    ordered = fields.units(each.get("quantity"))
    left = fields.units(each.get("currentQuantity", ordered))
    off = sum(
        _amount(x, "allocatedAmountSet", money)
        for x in fields.rows(each.get("discountAllocations"), "discounts")
    )
    tax = sum(_amount(x, "priceSet", money) for x in fields.rows(each.get("taxLines"), "taxes"))
    return IncomingLine(
        external_id=number_of(each.get("id")),
        sku_text=fields.text(each.get("sku"), "SKU"),
        title=fields.text(each.get("name"), "title"),
        quantity=left,
        unit_price=_amount(each, "originalUnitPriceSet", money),
        discount=off * left // ordered if ordered else 0,
        tax=tax * left // ordered if ordered else 0,
        listing_id=number_of(each["product"]["id"]) if each.get("product") else "",
        requires_shipping=each.get("requiresShipping") is not False,
    )


def _amount(payload: Mapping[str, Any], name: str, money: str) -> int:
    return fields.minor(fields.part(payload, name, "shopMoney", "amount"), money, name)


def _total(payload: Mapping[str, Any], money: str) -> int | None:
    stated = fields.part(payload, "currentTotalPriceSet", "shopMoney", "amount")
    return None if stated is None else fields.minor(stated, money, "total")


def _settled(
    payload: Mapping[str, Any],
    lines: tuple[IncomingLine, ...],
    shipping: int,
    tax: int,
    total: int | None,
    money: str,
) -> tuple[int, int]:
    """Return the discount beyond the lines' own, and what the order comes to.

    A discount on shipping is in the shipping price already, so of the two readings the one that
    gives the stated total holds.
    """
    gross = lines_total(lines) + shipping + (0 if payload.get("taxesIncluded") else tax)
    told = _amount(payload, "currentTotalDiscountsSet", money)
    beyond = max(0, told - sum(line.discount for line in lines))
    if total is None or adds_up(total, gross, money):
        return 0, gross
    return beyond, gross - beyond


def _address(to: Mapping[str, Any]) -> Address:
    read = fields.text
    return Address(
        name=read(to.get("name")),
        company=read(to.get("company")),
        line1=read(to.get("address1")),
        line2=read(to.get("address2")),
        city=read(to.get("city")),
        state=read(to.get("provinceCode")) or read(to.get("province")),
        postcode=read(to.get("zip")),
        country=read(to.get("countryCodeV2")) or read(to.get("country")),
        phone=read(to.get("phone")),
    )
