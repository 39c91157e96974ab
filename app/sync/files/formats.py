"""Which exports do we know? One line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.domain.importing import FileKind
from app.sync.channels.amazon import listings as amazon_listings
from app.sync.channels.amazon import mapper as amazon
from app.sync.channels.amazon import settlements as amazon_money
from app.sync.channels.ebay import mapper as ebay
from app.sync.channels.ebay import settlements as ebay_money
from app.sync.channels.etsy import listings as etsy_listings
from app.sync.channels.etsy import mapper as etsy
from app.sync.channels.etsy import settlements as etsy_money
from app.sync.channels.etsy import sold_orders as etsy_sold_orders
from app.sync.channels.own import catalogue, rates
from app.sync.channels.own import mapper as own
from app.sync.channels.shopify import inventory as shopify_inventory
from app.sync.channels.shopify import mapper as shopify
from app.sync.channels.shopify import products as shopify_products
from app.sync.channels.shopify import settlements as shopify_money
from app.sync.channels.walmart import mapper as walmart
from app.sync.channels.walmart import settlements as walmart_money
from app.sync.channels.woocommerce import mapper as woocommerce
from app.sync.files import tracking
from app.sync.files.layout import Layout
from app.sync.files.sheet import Mapped, Sheet


@dataclass(frozen=True, slots=True)
class Format:
    """One export: its name on the command line, its title for people, and how it is read."""

    name: str
    title: str
    kind: FileKind
    channel: str
    layout: Layout
    read: Callable[[Sheet], Mapped]


# fmt: off
FORMATS: Final[tuple[Format, ...]] = (
    Format("shopify-orders", "a Shopify orders export", FileKind.ORDERS, "shopify", shopify.LAYOUT, shopify.orders_from_rows),
    Format("shopify-inventory", "a Shopify inventory export", FileKind.LISTINGS, "shopify", shopify_inventory.LAYOUT, shopify_inventory.listings_from_rows),
    Format("shopify-products", "a Shopify products export", FileKind.CATALOGUE, "shopify", shopify_products.LAYOUT, shopify_products.skus_from_rows),
    Format("shopify-payments", "a Shopify Payments transactions export", FileKind.SETTLEMENT, "shopify", shopify_money.TRANSACTIONS, shopify_money.transactions_from_rows),
    Format("shopify-payouts", "a Shopify Payments payouts export", FileKind.SETTLEMENT, "shopify", shopify_money.PAYOUTS, shopify_money.payouts_from_rows),
    Format("amazon-orders", "an Amazon orders report", FileKind.ORDERS, "amazon", amazon.ORDERS, amazon.orders_from_rows),
    Format("amazon-unshipped", "an Amazon unshipped orders report", FileKind.ORDERS, "amazon", amazon.UNSHIPPED, amazon.orders_from_rows),
    Format("amazon-all-orders", "an Amazon all orders report", FileKind.ORDERS, "amazon", amazon.ALL_ORDERS, amazon.orders_from_rows),
    Format("amazon-open-listings", "an Amazon open listings report", FileKind.LISTINGS, "amazon", amazon_listings.OPEN_LISTINGS, amazon_listings.listings_from_rows),
    Format("amazon-all-listings", "an Amazon all listings report", FileKind.LISTINGS, "amazon", amazon_listings.ALL_LISTINGS, amazon_listings.listings_from_rows),
    Format("amazon-fba-inventory", "an Amazon FBA inventory report", FileKind.LISTINGS, "amazon", amazon_listings.FBA_INVENTORY, amazon_listings.listings_from_rows),
    Format("amazon-transactions", "an Amazon transaction report", FileKind.SETTLEMENT, "amazon", amazon_money.TRANSACTIONS, amazon_money.transactions_from_rows),
    Format("amazon-settlement", "an Amazon settlement report", FileKind.SETTLEMENT, "amazon", amazon_money.SETTLEMENT, amazon_money.settlement_from_rows),
    Format("amazon-settlement-old", "an Amazon settlement report of the older kind", FileKind.SETTLEMENT, "amazon", amazon_money.OLD_SETTLEMENT, amazon_money.old_settlement_from_rows),
    Format("etsy-order-items", "an Etsy sold order items file", FileKind.ORDERS, "etsy", etsy.LAYOUT, etsy.orders_from_rows),
    Format("etsy-orders", "an Etsy sold orders file", FileKind.ORDERS, "etsy", etsy_sold_orders.LAYOUT, etsy_sold_orders.orders_from_rows),
    Format("etsy-listings", "an Etsy listings download", FileKind.LISTINGS, "etsy", etsy_listings.LAYOUT, etsy_listings.listings_from_rows),
    Format("etsy-statement", "an Etsy statement", FileKind.SETTLEMENT, "etsy", etsy_money.LAYOUT, etsy_money.lines_of_statement),
    Format("ebay-orders", "an eBay orders report", FileKind.ORDERS, "ebay", ebay.LAYOUT, ebay.orders_from_rows),
    Format("ebay-transactions", "an eBay transaction report", FileKind.SETTLEMENT, "ebay", ebay_money.LAYOUT, ebay_money.lines_of_report),
    Format("walmart-orders", "a Walmart purchase order export", FileKind.ORDERS, "walmart", walmart.LAYOUT, walmart.orders_from_rows),
    Format("walmart-payments", "a Walmart payment report", FileKind.SETTLEMENT, "walmart", walmart_money.LAYOUT, walmart_money.lines_of_report),
    Format("woocommerce-orders", "a WooCommerce orders export", FileKind.ORDERS, "woocommerce", woocommerce.LAYOUT, woocommerce.orders_from_rows),
    Format("own-orders", "an orders file of your own store", FileKind.ORDERS, "own", own.LAYOUT, own.orders_from_rows),
    Format("catalogue", "a catalogue file", FileKind.CATALOGUE, "own", catalogue.CATALOGUE, catalogue.skus_from_rows),
    Format("stock", "a stock file", FileKind.STOCK, "own", catalogue.STOCK, catalogue.stock_from_rows),
    Format("tracking", "a tracking file", FileKind.TRACKING, "own", tracking.TRACKING, tracking.events_from_rows),
    Format("tracking-codes", "a tracking file with codes", FileKind.TRACKING, "own", tracking.TRACKING_CODES, tracking.events_from_rows),
    Format("tracking-days", "a tracking file with days and times", FileKind.TRACKING, "own", tracking.TRACKING_DAYS, tracking.events_from_rows),
    Format("rates", "a rate file", FileKind.RATES, "own", rates.RATES, rates.rates_from_rows),
    Format("kits", "a kit file", FileKind.KITS, "own", catalogue.KITS, catalogue.kits_from_rows),
)
# fmt: on
