"""In which file does Walmart take available quantities?

The bulk inventory sheet of Seller Center: a SKU and the number that may be sold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.outgoing import Offer
from app.sync.files.outgoing_table import Table

HEADER: Final = ("SKU", "Quantity")


def quantities(offers: Sequence[Offer], _time_zone: str) -> Table:
    """Return the file's rows; one SKU stands in it once."""
    units = {offer.sku_text: offer.quantity for offer in offers}
    return Table(HEADER, tuple(units.items()), title="Inventory")
