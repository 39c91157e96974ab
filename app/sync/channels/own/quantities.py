"""In which file does an own store take available quantities? Our own layout (docs/files.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.outgoing import Offer
from app.sync.files.outgoing_table import Table

HEADER: Final = ("sku", "available")


def quantities(offers: Sequence[Offer], _time_zone: str) -> Table:
    """Return the file's rows; one SKU stands in it once."""
    units = {offer.sku_text: offer.quantity for offer in offers}
    return Table(HEADER, tuple(units.items()))
