"""In which file does Etsy take available quantities?

In none: a list to work from, beside what Etsy showed last. Only what differs needs a hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.outgoing import Offer
from app.sync.files.outgoing_table import Table

HEADER: Final = ("SKU", "Listing ID", "Title", "Quantity", "Quantity on Etsy", "Change needed")


def quantities(offers: Sequence[Offer], _time_zone: str) -> Table:
    """Return the list."""
    rows = tuple(
        (
            offer.sku_text,
            offer.listing_id,
            offer.title,
            offer.quantity,
            "" if offer.shown is None else offer.shown,
            "no" if offer.shown == offer.quantity else "yes",
        )
        for offer in offers
    )
    return Table(HEADER, rows)
