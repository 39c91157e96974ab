"""What does Walmart's API take: a parcel that left, a cancellation, a quantity?

Every request names the lines of the purchase order and a number of units, as text. A shipment must
carry the method that the order came with: Walmart refuses any other.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.domain.orders import ChannelState
from app.domain.outgoing import Offer, ShippedLine, ShippedParcel
from app.sync.channels.walmart import statuses
from app.sync.channels.walmart.confirmations import carrier_code
from app.sync.files.carriers import tracking_url
from app.sync.live.payload import opened

_NUMBER_CHARS: Final = 30
_REASONS: Final = (
    (("buyer", "customer"), "CUSTOMER_REQUESTED_SELLER_TO_CANCEL"),
    (("price", "pricing"), "SELLER_CANCEL_PRICING_ERROR"),
    (("fraud",), "SELLER_CANCEL_FRAUD_STOP_SHIPMENT"),
    (("address",), "SELLER_CANCEL_ADDRESS_NOT_SERVICEABLE"),
)
_OUT_OF_STOCK: Final = "SELLER_CANCEL_OUT_OF_STOCK"


def shipment(parcel: ShippedParcel, order: Mapping[str, Any]) -> dict[str, Any]:
    """Return the confirmation of a parcel; ``order`` is the purchase order as it is there now."""
    asked = {
        x.code("lineNumber")
        for x in opened(order).parts("orderLines", "orderLine")
        if x.word("intentToCancel") not in ("", "false", "n", "no")
    }
    method = opened(order).text("shippingInfo", "methodCode") or "Standard"
    lines = [_shipped(parcel, x, method, override=x.external_id in asked) for x in parcel.lines]
    return {"orderShipment": {"orderLines": {"orderLine": lines}}}


def _shipped(
    parcel: ShippedParcel, line: ShippedLine, method: str, *, override: bool
) -> dict[str, Any]:
    tracking: dict[str, Any] = {
        "shipDateTime": int(parcel.shipped_at.timestamp() * 1000),
        "carrierName": _carrier(parcel.carrier),
        "methodCode": method,
        "trackingNumber": parcel.tracking_number,
    }
    if url := tracking_url(parcel.carrier, parcel.tracking_number):
        tracking["trackingURL"] = url
    status = {**_status("Shipped", line.quantity), "trackingInfo": tracking}
    return {
        "lineNumber": line.external_id,
        "intentToCancelOverride": override,
        "sellerOrderId": parcel.number[:_NUMBER_CHARS],
        "orderLineStatuses": {"orderLineStatus": [status]},
    }


def _carrier(name: str) -> dict[str, str]:
    known = carrier_code(name)
    return {"carrier": known} if known else {"otherCarrier": name or "Other"}


def cancellation(order: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """Return the cancellation of everything of a purchase order that is still open."""
    lines = [
        {
            "lineNumber": x.code("lineNumber"),
            "orderLineStatuses": {
                "orderLineStatus": [
                    {**_status("Cancelled", units), "cancellationReason": _reason(reason)}
                ]
            },
        }
        for x in opened(order).parts("orderLines", "orderLine")
        if (units := _open_units(x))
    ]
    return {"orderCancellation": {"orderLines": {"orderLine": lines}}}


def _open_units(line: Any) -> int:
    told = line.parts("orderLineStatuses", "orderLineStatus")
    over = (ChannelState.CANCELLED, ChannelState.SHIPPED)
    gone = [x for x in told if statuses.state_of(x.text("status")) in over]
    if told and len(gone) == len(told):
        return 0
    gone_units = sum(x.units("statusQuantity", "amount") or 0 for x in gone)
    return max(0, int(line.quantity("orderLineQuantity", "amount")) - gone_units)


def _status(word: str, units: int) -> dict[str, Any]:
    return {
        "status": word,
        "statusQuantity": {"unitOfMeasurement": "EACH", "amount": str(units)},
    }


def _reason(words: str) -> str:
    folded = words.casefold()
    found = (code for known, code in _REASONS if any(x in folded for x in known))
    return next(found, _OUT_OF_STOCK)


def quantities(offers: Sequence[Offer]) -> tuple[str, bytes]:
    """Return a feed of quantities as a file of a form: its kind with the boundary, and the bytes."""
    feed = {"InventoryHeader": {"version": "1.4"}, "Inventory": [quantity(x) for x in offers]}
    edge = f"orderdeck-{uuid.uuid4().hex}"
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="inventory.json"\r\n'
        "Content-Type: application/json\r\n\r\n"
    )
    body = head.encode() + json.dumps(feed).encode() + f"\r\n--{edge}--\r\n".encode()
    return f"multipart/form-data; boundary={edge}", body


def quantity(offer: Offer) -> dict[str, Any]:
    """Return what a SKU may show."""
    return {"sku": offer.sku_text, "quantity": {"unit": "EACH", "amount": offer.quantity}}
