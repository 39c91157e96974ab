"""What does Etsy take back for a shipped order?

Nothing: Etsy imports no file of shipments. This is a list to work from in Shop Manager: open the
order, complete it, paste the tracking number. Etsy completes an order as a whole, so a parcel of
several says whether others follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.outgoing import ShippedParcel
from app.sync.files.carriers import plain_name, tracking_url
from app.sync.files.outgoing_table import Table

HEADER: Final = (
    "Order ID", "Carrier", "Tracking Number", "Date Shipped", "Items", "More parcels follow",
    "Tracking Url",
)  # fmt: skip


def confirmations(parcels: Sequence[ShippedParcel], time_zone: str) -> Table:
    """Return the list, one row a parcel."""
    return Table(HEADER, tuple(_row(parcel, ZoneInfo(time_zone)) for parcel in parcels))


def _row(parcel: ShippedParcel, zone: ZoneInfo) -> tuple[str, ...]:
    items = ", ".join(f"{line.quantity} × {line.sku_text or line.title}" for line in parcel.lines)
    return (
        parcel.external_id,
        plain_name(parcel.carrier),
        parcel.tracking_number,
        parcel.shipped_at.astimezone(zone).strftime("%m/%d/%Y"),
        items,
        "no" if parcel.is_whole or parcel.is_last else "yes",
        tracking_url(parcel.carrier, parcel.tracking_number),
    )
