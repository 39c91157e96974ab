"""What does Shopify take back for a shipped order?

Shopify itself imports no file of shipments; bulk-fulfilment apps do, and let columns be matched by
name. This is the layout that they recognise most easily: Shopify's own words, one row a line, so
that a part of an order is fulfilled as a part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.outgoing import ShippedLine, ShippedParcel
from app.sync.files.carriers import plain_name, tracking_url
from app.sync.files.outgoing_table import Table
from app.sync.files.writing import Cell

HEADER: Final = (
    "Name", "Id", "Lineitem sku", "Lineitem name", "Lineitem quantity", "Tracking Company",
    "Tracking Number", "Tracking Url", "Fulfilled at",
)  # fmt: skip


def confirmations(parcels: Sequence[ShippedParcel], _time_zone: str) -> Table:
    """Return the file's rows."""
    return Table(HEADER, tuple(_row(parcel, line) for parcel in parcels for line in parcel.lines))


def _row(parcel: ShippedParcel, line: ShippedLine) -> tuple[Cell, ...]:
    return (
        parcel.number,
        parcel.external_id if parcel.external_id != parcel.number else "",
        line.sku_text,
        line.title,
        line.quantity,
        plain_name(parcel.carrier),
        parcel.tracking_number,
        tracking_url(parcel.carrier, parcel.tracking_number),
        parcel.shipped_at.strftime("%Y-%m-%d %H:%M:%S +0000"),
    )
