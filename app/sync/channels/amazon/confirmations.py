"""What does Amazon take back for a shipped order?

The Shipping Confirmation flat file (Orders > Upload Order Related Files): tab separated, one row an
order item, the date as yyyy-mm-dd. The date is Amazon.com's own day (Pacific), so that it is never
in the future there. A carrier that Amazon does not list is "Other" with its name beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.outgoing import ShippedLine, ShippedParcel
from app.sync.files.carriers import Carrier, recognised
from app.sync.files.outgoing_table import Table
from app.sync.files.writing import Cell

HEADER: Final = (
    "order-id", "order-item-id", "quantity", "ship-date", "carrier-code", "carrier-name",
    "tracking-number", "ship-method",
)  # fmt: skip
_PACIFIC: Final = ZoneInfo("America/Los_Angeles")
_NAME_CHARS: Final = 50
_CODES: Final[Mapping[Carrier, str]] = {
    Carrier.USPS: "USPS",
    Carrier.UPS: "UPS",
    Carrier.UPS_MAIL: "UPSMI",
    Carrier.FEDEX: "FedEx",
    Carrier.FEDEX_SMARTPOST: "FedEx SmartPost",
    Carrier.DHL: "DHL",
    Carrier.DHL_ECOMMERCE: "DHL eCommerce",
    Carrier.ONTRAC: "OnTrac",
    Carrier.LASERSHIP: "Lasership",
    Carrier.CANADA_POST: "Canada Post",
    Carrier.ROYAL_MAIL: "Royal Mail",
}


def confirmations(parcels: Sequence[ShippedParcel], _time_zone: str) -> Table:
    """Return the file's rows."""
    return Table(HEADER, tuple(row for parcel in parcels for row in _rows(parcel)))


def can_tell(parcel: ShippedParcel) -> bool:
    """Say whether Amazon can be told of the parcel now.

    A part of an order is told by order-item-id. The "all orders" report has none; such an order is
    told as a whole, once all of it has left.
    """
    return parcel.is_whole or parcel.is_last or all(map(has_item_id, parcel.lines))


def _rows(parcel: ShippedParcel) -> Iterator[tuple[Cell, ...]]:
    if all(map(has_item_id, parcel.lines)):
        for line in parcel.lines:
            yield (parcel.external_id, line.external_id, line.quantity, *_shipped(parcel))
    else:
        yield (parcel.external_id, "", "", *_shipped(parcel))


def carrier_code(carrier: str) -> str:
    """Return a carrier's name in Amazon's list, or nothing: it is "Other" then."""
    known = recognised(carrier)
    return _CODES.get(known, "") if known else ""


def has_item_id(line: ShippedLine) -> bool:
    """Say whether a line is known by Amazon's own id of it."""
    return line.external_id.isascii() and line.external_id.isdigit()


def _shipped(parcel: ShippedParcel) -> tuple[str, ...]:
    code = carrier_code(parcel.carrier)
    return (
        parcel.shipped_at.astimezone(_PACIFIC).date().isoformat(),
        code or "Other",
        "" if code else parcel.carrier[:_NAME_CHARS],
        parcel.tracking_number,
        parcel.service,
    )
