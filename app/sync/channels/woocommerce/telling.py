"""What does a WooCommerce store take: a parcel that left, a cancellation, quantities?

It has no field for tracking numbers. So the parcels are kept with the order, under a name of ours, where
they are found again; and the buyer is told in a note, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.domain.outgoing import Offer, ShippedParcel
from app.sync.files.carriers import plain_name, tracking_url
from app.sync.live.payload import opened

PARCELS: Final = "_orderdeck_parcels"
_BATCH: Final = 100


def parcels_told(order: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the parcels that were confirmed so far, as they are kept with the order."""
    for each in opened(order).parts("meta_data"):
        value = each.data.get("value")
        if each.text("key") == PARCELS and isinstance(value, list):
            return [dict(x) for x in value if isinstance(x, Mapping)]
    return []


def shipment(parcel: ShippedParcel, order: Mapping[str, Any]) -> dict[str, Any]:
    """Return the order's change: one more parcel, and completed once nothing is left to ship."""
    told = {
        "tracking_number": parcel.tracking_number,
        "carrier": plain_name(parcel.carrier),
        "shipped_at": parcel.shipped_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "items": _items(parcel),
    }
    others = [x for x in parcels_told(order) if not is_it(x, parcel)]
    parcels = [*others, told]
    changed: dict[str, Any] = {"meta_data": [{"key": PARCELS, "value": parcels}]}
    if parcel.is_whole or parcel.is_last:
        changed["status"] = "completed"
    return changed


def is_it(told: Mapping[str, Any], parcel: ShippedParcel) -> bool:
    """Say whether what is kept is the parcel: by its number, or, where it has none, by its lines."""
    if parcel.tracking_number or told.get("tracking_number"):
        return told.get("tracking_number") == parcel.tracking_number
    return told.get("items") == _items(parcel)


def _items(parcel: ShippedParcel) -> list[dict[str, Any]]:
    return [{"id": x.external_id, "quantity": x.quantity} for x in parcel.lines]


def note(parcel: ShippedParcel) -> dict[str, Any]:
    """Return the note that tells the buyer of a parcel."""
    link = tracking_url(parcel.carrier, parcel.tracking_number)
    words = f"Shipped with {plain_name(parcel.carrier)}"
    words += f", tracking number {parcel.tracking_number}." if parcel.tracking_number else "."
    return {"note": f"{words} {link}".strip(), "customer_note": True}


def quantities(offers: Sequence[Offer]) -> dict[str, dict[int, int]]:
    """Return units by number of product; variations stand under the product that they are of."""
    found: dict[str, dict[int, int]] = {}
    for offer in offers:
        parent, number = where(offer)
        if number:
            found.setdefault(parent, {})[int(number)] = offer.quantity
    return found


def where(offer: Offer) -> tuple[str, str]:
    """Return the product that a variation is of (empty: none), and the number of what is offered."""
    parent, _, variation = offer.listing_id.partition("/")
    number = variation or parent
    return (parent if variation else ""), number if number.isdecimal() else ""


def batch(units: Mapping[int, int]) -> list[dict[str, Any]]:
    """Return the batches that set these units, a hundred at a time."""
    rows = [{"id": x, "manage_stock": True, "stock_quantity": y} for x, y in units.items()]
    return [{"update": rows[at : at + _BATCH]} for at in range(0, len(rows), _BATCH)]
