"""What does Amazon's API take: a parcel that left, a quantity, a cancellation?

One call confirms one parcel. A quantity is a patch of the listing, absolute. A seller cancels through a
feed, the order acknowledgement with a failure: there is no call for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree as Xml

from app.domain.outgoing import Offer, ShippedLine, ShippedParcel
from app.sync.channels.amazon.confirmations import carrier_code, has_item_id
from app.sync.live.payload import Part, opened
from app.sync.live.trouble import RejectedError

_NAME_CHARS: Final = 50
_REASONS: Final = (
    (("buyer", "customer"), "BuyerCanceled"),
    (("address",), "ShippingAddressUndeliverable"),
    (("price", "pricing"), "PricingError"),
    (("exchange",), "CustomerExchange"),
)
_NO_STOCK: Final = "NoInventory"


def confirmation(
    parcel: ShippedParcel, marketplace: str, order: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return the confirmation of a parcel; ``order`` is read where lines do not know their ids."""
    items = opened(order or {}).parts("orderItems")
    code = carrier_code(parcel.carrier)
    package: dict[str, Any] = {
        "packageReferenceId": str(parcel.message_id),  # a number of ours: the same parcel, the same
        "carrierCode": code or "Other",
        "trackingNumber": parcel.tracking_number,
        "shipDate": parcel.shipped_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "orderItems": [
            {"orderItemId": _id_of(x, items), "quantity": x.quantity} for x in parcel.lines
        ],
    }
    if not code:
        package["carrierName"] = (parcel.carrier or "Other")[:_NAME_CHARS]
    if parcel.service:
        package["shippingMethod"] = parcel.service
    return {"packageDetail": package, "marketplaceId": marketplace}


def _id_of(line: ShippedLine, items: Sequence[Part]) -> str:
    if has_item_id(line):
        return line.external_id
    skus = (x.code("orderItemId") for x in items if x.code("product", "sellerSku") == line.sku_text)
    known = next(skus, "") if line.sku_text else ""
    if not known:
        raise RejectedError(
            f"Amazon's order has no item {line.sku_text or line.title}. "
            "The parcel was not confirmed.",
            "Look at the order in Seller Central, and confirm the parcel there.", code="NO_ITEM",
        )  # fmt: skip
    return known


def availability(offer: Offer) -> dict[str, Any]:
    """Return a patch that states how many units of a SKU the seller has."""
    value = {"fulfillment_channel_code": "DEFAULT", "quantity": offer.quantity}
    patch = {"op": "merge", "path": "/attributes/fulfillment_availability", "value": [value]}
    return {"productType": "PRODUCT", "patches": [patch]}


def availabilities(seller: str, offers: Sequence[Offer]) -> bytes:
    """Return the feed that states how many units of many SKUs the seller has, numbered from 1."""
    messages = [
        {"messageId": at, "sku": x.sku_text, "operationType": "PATCH", **availability(x)}
        for at, x in enumerate(offers, 1)
    ]
    header = {"sellerId": seller, "version": "2.0", "issueLocale": "en_US"}
    return json.dumps({"header": header, "messages": messages}).encode()


def cancellation(seller: str, order_id: str, item_ids: Sequence[str], reason: str) -> bytes:
    """Return the feed that cancels an order's items."""
    envelope = Xml.Element("AmazonEnvelope")
    header = Xml.SubElement(envelope, "Header")
    Xml.SubElement(header, "DocumentVersion").text = "1.01"
    Xml.SubElement(header, "MerchantIdentifier").text = seller
    Xml.SubElement(envelope, "MessageType").text = "OrderAcknowledgement"
    message = Xml.SubElement(envelope, "Message")
    Xml.SubElement(message, "MessageID").text = "1"
    told = Xml.SubElement(message, "OrderAcknowledgement")
    Xml.SubElement(told, "AmazonOrderID").text = order_id
    Xml.SubElement(told, "StatusCode").text = "Failure"
    for each in item_ids:
        item = Xml.SubElement(told, "Item")
        Xml.SubElement(item, "AmazonOrderItemCode").text = each
        Xml.SubElement(item, "CancelReason").text = _reason(reason)
    made: bytes = Xml.tostring(envelope, encoding="utf-8", xml_declaration=True)
    return made


def _reason(words: str) -> str:
    folded = words.casefold()
    found = (code for known, code in _REASONS if any(x in folded for x in known))
    return next(found, _NO_STOCK)
