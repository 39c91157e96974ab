"""What does an own store take back for a shipped order?

Our own layout (docs/files.md): one row an order line in a parcel, times in UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.outgoing import ShippedLine, ShippedParcel
from app.sync.files.carriers import plain_name, tracking_url
from app.sync.files.outgoing_table import Table
from app.sync.files.writing import Cell

HEADER: Final = (
    "order_id", "sku", "title", "quantity", "carrier", "service", "tracking_number",
    "tracking_url", "shipped_at", "order_complete",
)  # fmt: skip


def confirmations(parcels: Sequence[ShippedParcel], _time_zone: str) -> Table:
    """Return the file's rows."""
    return Table(HEADER, tuple(_row(parcel, line) for parcel in parcels for line in parcel.lines))


def _row(parcel: ShippedParcel, line: ShippedLine) -> tuple[Cell, ...]:
    return (
        parcel.external_id,
        line.sku_text,
        line.title,
        line.quantity,
        plain_name(parcel.carrier),
        parcel.service,
        parcel.tracking_number,
        tracking_url(parcel.carrier, parcel.tracking_number),
        parcel.shipped_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "yes" if parcel.is_whole or parcel.is_last else "no",
    )
