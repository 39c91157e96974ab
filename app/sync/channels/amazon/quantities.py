"""In which file does Amazon take available quantities?

The Price & Quantity file (Catalogue > Add products via upload): tab separated; only ``sku`` is
required, and what stays empty is not changed there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.outgoing import Offer
from app.sync.channels.amazon.listings import FBA_PLACE
from app.sync.files.outgoing_table import Table

HEADER: Final = (
    "sku", "price", "minimum-seller-allowed-price", "maximum-seller-allowed-price", "quantity",
    "handling-time", "fulfillment-channel",
)  # fmt: skip


def quantities(offers: Sequence[Offer], _time_zone: str) -> Table:
    """Return the file's rows; one SKU stands in it once."""
    units = {offer.sku_text: offer.quantity for offer in offers}
    return Table(HEADER, tuple((sku, "", "", "", n, "", "") for sku, n in units.items()))


def can_offer(offer: Offer) -> bool:
    """Say whether a number can be told: not for units that lie in Amazon's own warehouse."""
    return offer.place != FBA_PLACE
