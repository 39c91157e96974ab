"""What does eBay's API take: a parcel that left, quantities, a cancellation?

A parcel names its lines by eBay's own ids. An order that came by an old file may not know them: its
lines are found by item number, then by SKU.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from app.domain.outgoing import Offer, ShippedLine, ShippedParcel
from app.sync.channels.ebay.payloads import line_id
from app.sync.files.carriers import plain_name
from app.sync.live.payload import Part, opened
from app.sync.live.trouble import RejectedError

_BUYER: Final = "BUYER_ASKED_CANCEL"
_ADDRESS: Final = "ADDRESS_ISSUES"
_OUT_OF_STOCK: Final = "OUT_OF_STOCK_OR_CANNOT_FULFILL"


def fulfilment(parcel: ShippedParcel, order: Mapping[str, Any]) -> dict[str, Any]:
    """Return the confirmation of a parcel; ``order`` is the order as it is there now."""
    items = opened(order).parts("lineItems")
    lines = [{"lineItemId": _id_of(x, items), "quantity": x.quantity} for x in parcel.lines]
    body: dict[str, Any] = {"lineItems": lines, "shippedDate": stamp(parcel.shipped_at)}
    if parcel.tracking_number:  # both or neither
        body["shippingCarrierCode"] = plain_name(parcel.carrier)
        body["trackingNumber"] = parcel.tracking_number
    return body


def _id_of(line: ShippedLine, items: Sequence[Part]) -> str:
    known = (
        _first(items, "lineItemId", line_id(line.external_id))
        or _first(items, "legacyItemId", line.listing_id)
        or _first(items, "sku", line.sku_text)
    )
    if not known:
        raise RejectedError(
            f"eBay's order has no line for {line.sku_text or line.title}. "
            "The parcel was not confirmed.",
            "Look at the order on eBay, and confirm the parcel there.", code="NO_LINE",
        )  # fmt: skip
    return known


def _first(items: Sequence[Part], name: str, value: str) -> str:
    found = (x.code("lineItemId") for x in items if value and x.code(name) == value)
    return next(found, "")


def availability(offer: Offer, offer_ids: Sequence[str]) -> dict[str, Any]:
    """Return what a SKU may show: in all, and on each of its listings, which would cap it."""
    listed = [{"offerId": x, "availableQuantity": offer.quantity} for x in offer_ids]
    return {
        "sku": offer.sku_text,
        "shipToLocationAvailability": {"quantity": offer.quantity},
        **({"offers": listed} if listed else {}),
    }


def cancellation(order_id: str, reason: str) -> dict[str, str]:
    """Return a seller's cancellation; being out of stock counts against the seller."""
    return {"legacyOrderId": order_id, "cancelReason": _reason(reason)}


def _reason(words: str) -> str:
    folded = words.casefold()
    if "buyer" in folded or "customer" in folded:
        return _BUYER
    return _ADDRESS if "address" in folded else _OUT_OF_STOCK


def stamp(moment: datetime) -> str:
    """Return a moment as eBay writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
