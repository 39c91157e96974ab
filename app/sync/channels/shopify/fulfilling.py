"""Which of Shopify's fulfilment orders does a parcel fulfil, and by how much?

An order may have several, one for each place; each holds what is left of its lines there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.domain.outgoing import ShippedLine, ShippedParcel
from app.sync.channels.shopify.payloads import number_of
from app.sync.files.carriers import plain_name, tracking_url
from app.sync.live.trouble import RejectedError

_SHIPPABLE: Final = ("OPEN", "IN_PROGRESS")


def assigned(ready: Mapping[str, Any], parcel: ShippedParcel) -> dict[str, list[dict[str, Any]]]:
    """Spread the parcel's lines over what Shopify has left to ship, by its fulfilment orders."""
    chosen: dict[str, list[dict[str, Any]]] = {}
    open_lines = [
        (each["id"], line)
        for each in ready["fulfillmentOrders"]["nodes"]
        if each["status"] in _SHIPPABLE
        for line in each["lineItems"]["nodes"]
    ]
    left = {line["id"]: int(line["remainingQuantity"]) for _, line in open_lines}
    for shipped in parcel.lines:
        wanted = shipped.quantity
        for owner, line in open_lines:
            units = min(wanted, left[line["id"]]) if _is_same(line["lineItem"], shipped) else 0
            if units:
                chosen.setdefault(owner, []).append({"id": line["id"], "quantity": units})
                left[line["id"]] -= units
                wanted -= units
        if wanted:
            raise _nothing_left(ready, shipped)
    return chosen


def _is_same(line: Mapping[str, Any], shipped: ShippedLine) -> bool:
    """Match by Shopify's own line id; an order that came by file knows only the SKU."""
    if shipped.external_id.isdecimal():
        return number_of(line["id"]) == shipped.external_id
    return (line["sku"] or "") == shipped.sku_text


def _nothing_left(ready: Mapping[str, Any], shipped: ShippedLine) -> RejectedError:
    held = any(x["status"] in ("ON_HOLD", "SCHEDULED") for x in ready["fulfillmentOrders"]["nodes"])
    if held:
        return RejectedError(
            f"Shopify holds {shipped.sku_text or shipped.title} back. The parcel was not confirmed.",
            "Release the hold in Shopify, then send this again.", code="ON_HOLD",
        )  # fmt: skip
    return RejectedError(
        f"Shopify has no {shipped.quantity} × {shipped.sku_text or shipped.title} left to ship. "
        "The parcel was not confirmed.",
        "Look at the order in Shopify: it may be shipped or cancelled there.", code="NOTHING_LEFT",
    )  # fmt: skip


def as_fulfilment(
    parcel: ShippedParcel, chosen: Mapping[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    """Return the fulfilment as Shopify is told of it."""
    tracking: dict[str, Any] = {
        "company": plain_name(parcel.carrier), "number": parcel.tracking_number,
    }  # fmt: skip
    if url := tracking_url(parcel.carrier, parcel.tracking_number):
        tracking["url"] = url
    return {
        "notifyCustomer": True,
        "trackingInfo": tracking,
        "lineItemsByFulfillmentOrder": [
            {"fulfillmentOrderId": owner, "fulfillmentOrderLineItems": lines}
            for owner, lines in chosen.items()
        ],
    }
