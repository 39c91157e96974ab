"""In which file does eBay take available quantities?

The template "Edit price and quantity" of Seller Hub > Reports. A row names its listing by the item
number; an offer whose item number is not known here cannot be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.outgoing import Offer
from app.sync.files.outgoing_table import Table

HEADER: Final = (
    "Action", "Category name", "Item number", "Title", "Listing site", "Currency", "Start price",
    "Buy It Now price", "Available quantity", "Relationship", "Relationship details",
    "Custom label (SKU)",
)  # fmt: skip
INFO: Final = (
    "#INFO", "Version=1.0.0", "Template= eBay-active-revise-price-quantity-download_US",
    *[""] * (len(HEADER) - 3),
)  # fmt: skip


def quantities(offers: Sequence[Offer], _time_zone: str) -> Table:
    """Return the file's rows."""
    rows = tuple(
        ("Revise", "", offer.listing_id, offer.title, "", "", "", "", offer.quantity, "", "",
         offer.sku_text)
        for offer in offers
    )  # fmt: skip
    return Table(HEADER, rows, above=(INFO,))


def can_offer(offer: Offer) -> bool:
    """Say whether a number can be told: eBay finds the listing by its item number."""
    return bool(offer.listing_id)
