"""What does Walmart take back for a shipped order?

The purchase orders' own export, filled in: the same columns in the same order, with Update Status,
Update Qty, Carrier, Tracking Number and Tracking Url. Buyer, address and prices are not needed to
confirm and stay empty. The carrier is a name of Walmart's list; any other is "Other".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.outgoing import ShippedLine, ShippedParcel
from app.sync.files.carriers import Carrier, recognised, tracking_url
from app.sync.files.outgoing_table import Table
from app.sync.files.writing import Cell

HEADER: Final = (
    "PO#", "Order#", "Order Date", "Ship By", "Delivery Date", "Customer Name",
    "Customer Shipping Address", "Customer Phone Number", "Ship to Address 1", "Ship to Address 2",
    "City", "State", "Zip", "Segment", "FLIDS", "Line#", "UPC", "Status", "Item Description",
    "Shipping Method", "Shipping Tier", "Shipping SLA", "Shipping Config SOurce", "Qty", "SKU",
    "Item Cost", "Shipping Cost", "Tax", "Update Status", "Update Qty", "Carrier",
    "Tracking Number", "Tracking Url", "Seller Order NO", "Fulfillment Entity",
    "Replacement Order", "Original Customer Order Id",
)  # fmt: skip
_CODES: Final[Mapping[Carrier, str]] = {
    Carrier.USPS: "USPS",
    Carrier.UPS: "UPS",
    Carrier.UPS_MAIL: "UPSMI",
    Carrier.FEDEX: "FedEx",
    Carrier.FEDEX_SMARTPOST: "FEDEXSP",
    Carrier.DHL: "DHL",
    Carrier.DHL_ECOMMERCE: "DHL Ecommerce - US",
    Carrier.ONTRAC: "OnTrac",
    Carrier.LASERSHIP: "LS",
    Carrier.CANADA_POST: "Canada Post",
    Carrier.ROYAL_MAIL: "Royal Mail",
}


def confirmations(parcels: Sequence[ShippedParcel], _time_zone: str) -> Table:
    """Return the file's rows, one a line of a purchase order."""
    rows = tuple(_row(parcel, line) for parcel in parcels for line in parcel.lines)
    return Table(HEADER, rows, title="Po Details")


def carrier_code(carrier: str) -> str:
    """Return a carrier's name in Walmart's list, or nothing."""
    known = recognised(carrier)
    return _CODES.get(known, "") if known else ""


def _row(parcel: ShippedParcel, line: ShippedLine) -> tuple[Cell, ...]:
    cells: dict[str, Cell] = {
        "PO#": parcel.external_id,
        "Order#": parcel.number if parcel.number != parcel.external_id else "",
        "Line#": line.external_id,
        "Item Description": line.title,
        "Qty": line.ordered,
        "SKU": line.sku_text,
        "Update Status": "Shipped",
        "Update Qty": line.quantity,
        "Carrier": carrier_code(parcel.carrier) or "Other",
        "Tracking Number": parcel.tracking_number,
        "Tracking Url": tracking_url(parcel.carrier, parcel.tracking_number),
    }
    return tuple(cells.get(name, "") for name in HEADER)
