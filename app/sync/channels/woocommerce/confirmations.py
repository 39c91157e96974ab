"""What does WooCommerce take back for a shipped order?

The core imports none; the widely used Advanced Shipment Tracking does, by these exact column names:
``status_shipped`` 1 completes the order, 2 marks it partly shipped. Parcels that hold a part of an
order are told item by item (``sku``, ``qty``); the two columns are left away where nothing needs
them, because the free version does not know them. The date is the shop's own day as MM-DD-YYYY:
choose that format on the import page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.outgoing import ShippedParcel
from app.sync.files.carriers import plain_name
from app.sync.files.outgoing_table import Table
from app.sync.files.writing import Cell

HEADER: Final = (
    "order_id", "tracking_provider", "tracking_number", "date_shipped", "status_shipped",
)  # fmt: skip
PER_ITEM: Final = ("sku", "qty")
COMPLETED, PARTLY_SHIPPED = 1, 2


def confirmations(parcels: Sequence[ShippedParcel], time_zone: str) -> Table:
    """Return the file's rows."""
    zone = ZoneInfo(time_zone)
    if all(parcel.is_whole for parcel in parcels):
        return Table(HEADER, tuple(_order(parcel, zone) for parcel in parcels))
    rows = tuple(row for parcel in parcels for row in _items(parcel, zone))
    return Table((*HEADER, *PER_ITEM), rows)


def _order(parcel: ShippedParcel, zone: ZoneInfo) -> tuple[Cell, ...]:
    return (
        parcel.external_id,
        plain_name(parcel.carrier),
        parcel.tracking_number,
        parcel.shipped_at.astimezone(zone).strftime("%m-%d-%Y"),
        COMPLETED if parcel.is_whole or parcel.is_last else PARTLY_SHIPPED,
    )


def _items(parcel: ShippedParcel, zone: ZoneInfo) -> Iterator[tuple[Cell, ...]]:
    if parcel.is_whole:
        yield (*_order(parcel, zone), "", "")
        return
    for line in parcel.lines:
        yield (*_order(parcel, zone), line.sku_text, line.quantity)
