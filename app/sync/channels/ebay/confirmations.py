"""What does eBay take back for a shipped order?

The template "Add order tracking and shipping info" of Seller Hub > Reports: an ``#INFO`` line, the
header, one row an order line. It has no column for units or for a date: a line counts as shipped
with its row, on the day of the upload. A second parcel of a line is a second row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.outgoing import ShippedLine, ShippedParcel
from app.sync.files.carriers import plain_name
from app.sync.files.outgoing_table import Table

HEADER: Final = (
    "Shipping Status", "Order Number", "Item Number", "Item Title", "Custom Label",
    "Transaction ID", "Shipping Carrier Used", "Tracking Number",
)  # fmt: skip
INFO: Final = ("#INFO", *[""] * (len(HEADER) - 1))


def confirmations(parcels: Sequence[ShippedParcel], _time_zone: str) -> Table:
    """Return the file's rows."""
    rows = tuple(_row(parcel, line) for parcel in parcels for line in parcel.lines)
    return Table(HEADER, rows, above=(INFO,))


def _row(parcel: ShippedParcel, line: ShippedLine) -> tuple[str, ...]:
    # The mapper's line id is "transaction/item"; where old exports have none it is ours alone.
    transaction, told, _item = line.external_id.partition("/")
    return (
        "Shipped", parcel.external_id, line.listing_id, line.title, line.sku_text,
        transaction if told else "",
        plain_name(parcel.carrier), parcel.tracking_number,
    )  # fmt: skip
