"""In which file does Shopify take available quantities?

The inventory import for *available* units: a product is named by its handle, and each location has
a column of its own. The whole number stands in the first location that Shopify listed, and 0 in the
others, because Shopify adds them up; a row whose handle is not known here cannot be imported and
stays as a line to work from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.outgoing import Offer
from app.sync.files.outgoing_table import Table
from app.sync.files.writing import Cell

FIXED: Final = (
    "Handle", "Title", "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value",
    "Option3 Name", "Option3 Value", "SKU", "HS Code", "COO",
)  # fmt: skip
NO_PLACE: Final = "Available"


def quantities(offers: Sequence[Offer], _time_zone: str) -> Table:
    """Return the file's rows, one a product."""
    places = sorted({offer.place for offer in offers if offer.place}) or [NO_PLACE]
    products: dict[tuple[str, str], Offer] = {}
    for offer in offers:
        products.setdefault((offer.listing_id, offer.sku_text), offer)
    rows = tuple(_row(offer, len(places)) for offer in products.values())
    return Table((*FIXED, *places), rows)


def _row(offer: Offer, places: int) -> tuple[Cell, ...]:
    named = (offer.listing_id, offer.title, "", "", "", "", "", "", offer.sku_text, "", "")
    return (*named, offer.quantity, *[0] * (places - 1))
