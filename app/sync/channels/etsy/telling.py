"""What does Etsy's API take: a parcel that left, and the quantities of a listing?

Etsy takes the inventory of a listing only whole: every product with its price and properties. So it is
read, the quantities are changed in it, and all of it is written back: what is left out would vanish.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.domain.outgoing import ShippedParcel
from app.sync.files.carriers import Carrier, recognised
from app.sync.live.payload import Part, opened

_CARRIERS: Final[Mapping[Carrier, str]] = {
    Carrier.USPS: "usps",
    Carrier.UPS: "ups",
    Carrier.FEDEX: "fedex",
    Carrier.DHL: "dhl",
    Carrier.CANADA_POST: "canada-post",
    Carrier.ROYAL_MAIL: "royal-mail",
}
_ON_PROPERTY: Final = (
    "price_on_property", "quantity_on_property", "sku_on_property", "readiness_state_on_property",
)  # fmt: skip


def tracking(parcel: ShippedParcel) -> dict[str, str]:
    """Return the confirmation of an order; Etsy then writes to the buyer, each time."""
    known = recognised(parcel.carrier)
    told = {"send_bcc": "false"}
    if parcel.tracking_number:
        carrier = _CARRIERS.get(known, "other") if known else "other"
        told |= {"tracking_code": parcel.tracking_number, "carrier_name": carrier}
    return told


def inventory(there: Mapping[str, Any], wanted: Mapping[str, int]) -> dict[str, Any]:
    """Return a listing's inventory with other quantities, by SKU; all else stays as it is there.

    Where a listing has one quantity for all of its variations, the smallest that is wanted holds:
    a larger one would sell what is not there.
    """
    part = opened(there)
    shares = not part.data.get("quantity_on_property")
    floor = min(wanted.values()) if shares and len(part.parts("products")) > 1 else None
    products = [
        _product(x, wanted.get(x.code("sku")) if floor is None else floor)
        for x in part.parts("products")
        if not x.flag("is_deleted")
    ]
    told: dict[str, Any] = {"products": products}
    return told | {x: part.data[x] for x in _ON_PROPERTY if part.data.get(x) is not None}


def _product(product: Part, quantity: int | None) -> dict[str, Any]:
    return {
        "sku": product.text("sku"),
        "property_values": [_property(x) for x in product.parts("property_values")],
        "offerings": [
            _offering(x, quantity) for x in product.parts("offerings") if not x.flag("is_deleted")
        ],
    }


def _property(value: Part) -> dict[str, Any]:
    names = ("property_id", "value_ids", "scale_id", "property_name", "values")
    return {x: value.data[x] for x in names if value.data.get(x) is not None}


def _offering(offering: Part, quantity: int | None) -> dict[str, Any]:
    amount, divisor = offering.decimal("price", "amount"), offering.decimal("price", "divisor")
    there = offering.units("quantity") or 0
    return {
        "price": float((amount or 0) / (divisor or 1)),
        "quantity": there if quantity is None else quantity,
        "is_enabled": offering.flag("is_enabled") is not False,
        "readiness_state_id": offering.data.get("readiness_state_id"),
    }


def shown(there: Mapping[str, Any], sku: str) -> int | None:
    """Return how many units of a SKU a listing shows; ``None`` if the SKU is not on it."""
    products = [x for x in opened(there).parts("products") if not x.flag("is_deleted")]
    mine = [x for x in products if x.code("sku") == sku]
    units = [
        y.units("quantity") or 0
        for x in mine
        for y in x.parts("offerings")
        if y.flag("is_enabled") is not False and not y.flag("is_deleted")
    ]
    return sum(units) if mine else None
