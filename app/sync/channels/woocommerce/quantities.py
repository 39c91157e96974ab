"""In which file does WooCommerce take available quantities?

The shop's own product importer, with *Update existing products* ticked: products by SKU, and their
stock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.outgoing import Offer
from app.sync.files.outgoing_table import Table

HEADER: Final = ("SKU", "Stock")


def quantities(offers: Sequence[Offer], _time_zone: str) -> Table:
    """Return the file's rows; one SKU stands in it once."""
    units = {offer.sku_text: offer.quantity for offer in offers}
    return Table(HEADER, tuple(units.items()))
