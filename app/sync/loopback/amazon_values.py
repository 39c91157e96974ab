"""How does Amazon write an order, an amount, a listing? The values of the loopback dialect."""

from __future__ import annotations

from typing import Any

from app.domain.money import to_decimal
from app.domain.orders import Address
from app.sync.loopback.routes import utc
from app.sync.loopback.shop import Offered, SentParcel, Sold, SoldLine


def as_order(sold: Sold) -> dict[str, Any]:
    """Return an order."""
    charges = {"ITEM": sold.goods, "SHIPPING": sold.shipping, "TAX": sold.tax}
    market = {"channelName": "AMAZON", "marketplaceId": "ATVPDKIKX0DER",
              "marketplaceName": "Amazon.com"}  # fmt: skip
    told: dict[str, Any] = {
        "orderId": sold.id, "createdTime": utc(sold.placed_at),
        "lastUpdatedTime": utc(sold.changed_at), "salesChannel": market,
        "fulfillment": _fulfilment(sold),
        "orderItems": [_as_item(sold, at, x) for at, x in enumerate(sold.lines)],
        "packages": [_as_package(x) for x in sold.parcels],
    }  # fmt: skip
    if not sold.is_paid:
        return told
    return told | {
        "buyer": {"buyerName": sold.buyer, "buyerEmail": sold.email},
        "recipient": {"deliveryAddress": _address(sold.ship_to),
                      "deliveryPreference": {"addressInstruction": sold.note}},
        "proceeds": {
            "grandTotal": money(sold.total, sold.currency),
            "breakdowns": [
                {"type": kind, "subtotal": money(minor, sold.currency)}
                for kind, minor in charges.items()
            ],
        },
    }  # fmt: skip


def as_item(offered: Offered) -> dict[str, Any]:
    """Return a listing with what the seller has of it."""
    stock = {"fulfillmentChannelCode": "DEFAULT", "quantity": offered.quantity}
    return {"sku": offered.sku, "fulfillmentAvailability": [stock]}


def money(minor: int, currency: str) -> dict[str, str]:
    """Return an amount with its currency."""
    return {"amount": str(to_decimal(minor, currency)), "currencyCode": currency}


def _fulfilment(sold: Sold) -> dict[str, Any]:
    told: dict[str, Any] = {
        "fulfillmentStatus": _status(sold), "fulfilledBy": "MERCHANT",
        "fulfillmentServiceLevel": sold.service.upper(),
    }  # fmt: skip
    if sold.ship_by:
        told["shipByWindow"] = {"latestDateTime": utc(sold.ship_by)}
    return told


def _status(sold: Sold) -> str:
    if sold.cancelled_at:
        return "CANCELLED"
    if sold.is_shipped:
        return "SHIPPED"
    if sold.parcels:
        return "PARTIALLY_SHIPPED"
    return "UNSHIPPED" if sold.is_paid else "PENDING"


def _as_item(sold: Sold, at: int, line: SoldLine) -> dict[str, Any]:
    goods = {"type": "ITEM", "subtotal": money(line.price * line.quantity, sold.currency)}
    tax = {"type": "TAX", "subtotal": money(0 if at else sold.tax, sold.currency)}
    told: dict[str, Any] = {
        "orderItemId": line.id, "quantityOrdered": line.quantity,
        "product": {"asin": f"B0{line.id:0>8}", "title": line.title, "sellerSku": line.sku},
        "fulfillment": {"quantityFulfilled": line.shipped, "quantityUnfulfilled": line.open},
    }  # fmt: skip
    if sold.is_paid:
        told["proceeds"] = {"breakdowns": [goods, tax]}
    if sold.cancel_asked:
        asked = {"requester": "BUYER", "cancelReason": sold.cancel_asked}
        told["cancellation"] = {"cancellationRequest": asked}
    return told


def _as_package(parcel: SentParcel) -> dict[str, Any]:
    items = [{"orderItemId": line, "quantity": units} for line, units in parcel.lines]
    return {
        "packageReferenceId": parcel.id, "createdTime": utc(parcel.at), "carrier": parcel.carrier,
        "packageStatus": {"status": "SHIPPED"}, "trackingNumber": parcel.tracking_number,
        "packageItems": items,
    }  # fmt: skip


def _address(to: Address) -> dict[str, str]:
    return {
        "name": to.name, "companyName": to.company, "addressLine1": to.line1,
        "addressLine2": to.line2, "city": to.city, "stateOrRegion": to.state,
        "postalCode": to.postcode, "countryCode": to.country, "phone": to.phone,
    }  # fmt: skip
