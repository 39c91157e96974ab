"""Which files does each channel take? One line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.domain.outgoing import Offer, ShippedParcel
from app.sync.channels.amazon import confirmations as amazon
from app.sync.channels.amazon import quantities as amazon_stock
from app.sync.channels.ebay import confirmations as ebay
from app.sync.channels.ebay import quantities as ebay_stock
from app.sync.channels.etsy import confirmations as etsy
from app.sync.channels.etsy import quantities as etsy_stock
from app.sync.channels.own import confirmations as own
from app.sync.channels.own import quantities as own_stock
from app.sync.channels.shopify import confirmations as shopify
from app.sync.channels.shopify import quantities as shopify_stock
from app.sync.channels.walmart import confirmations as walmart
from app.sync.channels.walmart import quantities as walmart_stock
from app.sync.channels.woocommerce import confirmations as woocommerce
from app.sync.channels.woocommerce import quantities as woocommerce_stock
from app.sync.files.outgoing_table import ConfirmationTable, FileType, QuantityTable


def _always(_value: object) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What one channel takes: its tables, and the file types, the usual one first."""

    confirmations: ConfirmationTable
    quantities: QuantityTable
    confirmation_types: tuple[FileType, ...] = (FileType.CSV,)
    quantity_types: tuple[FileType, ...] = (FileType.CSV,)
    can_tell: Callable[[ShippedParcel], bool] = _always
    can_offer: Callable[[Offer], bool] = _always


_TAB, _SHEET = (FileType.TAB,), (FileType.XLSX, FileType.CSV)
OWN: Final = Outgoing(own.confirmations, own_stock.quantities)
OUTGOING: Final[dict[str, Outgoing]] = {
    "amazon": Outgoing(
        amazon.confirmations,
        amazon_stock.quantities,
        _TAB,
        _TAB,
        amazon.can_tell,
        amazon_stock.can_offer,
    ),
    "ebay": Outgoing(ebay.confirmations, ebay_stock.quantities, can_offer=ebay_stock.can_offer),
    "etsy": Outgoing(etsy.confirmations, etsy_stock.quantities),
    "own": OWN,
    "shopify": Outgoing(shopify.confirmations, shopify_stock.quantities),
    "walmart": Outgoing(walmart.confirmations, walmart_stock.quantities, _SHEET, _SHEET),
    "woocommerce": Outgoing(woocommerce.confirmations, woocommerce_stock.quantities),
}


def outgoing(channel: str) -> Outgoing:
    """Return what a channel takes; one that is not known takes our own layout."""
    return OUTGOING.get(channel, OWN)
