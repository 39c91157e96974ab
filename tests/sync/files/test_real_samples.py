"""Every sample of a real export is read completely; the counts were checked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.importing import FileKind, ParsedFile
from app.sync.files.reading import read_path
from tests.sync.files.reference import MISSING, SAMPLES

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason=MISSING)

# file: format, orders, lines
ORDERS = {
    "shopify/orders_export.eu_multiline.redacted.csv": ("shopify-orders", 7, 19),
    "shopify/orders_export.eu_multiline_excel_wrapped.redacted.csv": ("shopify-orders", 7, 19),
    "amazon/new_orders_report_us_2009.anonymised.txt": ("amazon-orders", 4, 6),
    "amazon/order_report_promotions_variant.header_only.txt": ("amazon-orders", 0, 0),
    "amazon/unshipped_orders_report_in_2025.redacted.txt": ("amazon-unshipped", 1, 1),
    "amazon/all_orders_report.scrubbed.txt": ("amazon-all-orders", 1, 1),
    "etsy/EtsySoldOrderItems2020.redacted.csv": ("etsy-order-items", 57, 70),
    "etsy/EtsySoldOrderItems2022.redacted.csv": ("etsy-order-items", 49, 56),
    "etsy/EtsySoldOrderItems_cad_unshipped.synthetic.csv": ("etsy-order-items", 3, 3),
    "etsy/EtsySoldOrderItems_usd_dollar_sign.synthetic.csv": ("etsy-order-items", 2, 3),
    "etsy/EtsySoldOrders_leading_zero_zip.synthetic.csv": ("etsy-orders", 1, 1),
    "ebay/OrdersReport_us_80col.synthetic.csv": ("ebay-orders", 17, 17),
    "ebay/OrdersReport_us_51col.header_only.csv": ("ebay-orders", 0, 0),
    "ebay/OrdersReport_us_mixed_quoting.header_only.csv": ("ebay-orders", 0, 0),
    "walmart/PO_Data.header_only.csv": ("walmart-orders", 0, 0),
    "woocommerce/orders_one_row_per_item.synthetic_excerpt.csv": ("woocommerce-orders", 5, 12),
}
# file: format, kind, rows, and listings, SKUs or payout lines
OTHERS = {
    "shopify/inventory_export_1.devstore.csv": ("shopify-inventory", FileKind.LISTINGS, 67, 67),
    "shopify/inventory_export_location_column.first2000.csv": (
        "shopify-inventory", FileKind.LISTINGS, 2000, 2000,
    ),
    "shopify/products_export_1.devstore.csv": ("shopify-products", FileKind.CATALOGUE, 115, 0),
    "shopify/products_apparel.shopifypartners.csv": (
        "shopify-products", FileKind.CATALOGUE, 22, 0,
    ),
    "shopify/products_home-and-garden.shopifypartners.csv": (
        "shopify-products", FileKind.CATALOGUE, 21, 0,
    ),
    "amazon/active_listings_report_it.first1500.txt": (
        "amazon-open-listings", FileKind.LISTINGS, 1500, 1500,
    ),
    "amazon/open_listings_lite.sample.txt": ("amazon-open-listings", FileKind.LISTINGS, 2, 2),
    "amazon/fba_manage_inventory.header_only.txt": (
        "amazon-fba-inventory", FileKind.LISTINGS, 0, 0,
    ),
    "amazon/date_range_transaction_report_us.synthetic_excerpt.csv": (
        "amazon-transactions", FileKind.SETTLEMENT, 4, 24,
    ),
    "etsy/EtsyListingsDownload.header.csv": ("etsy-listings", FileKind.LISTINGS, 0, 0),
    "etsy/etsy_statement_2022.anonymised_excerpt.csv": (
        "etsy-statement", FileKind.SETTLEMENT, 13, 13,
    ),
    "ebay/Transaction-Report.redacted.csv": ("ebay-transactions", FileKind.SETTLEMENT, 374, 681),
}  # fmt: skip
# The first names one SKU for two items; the second has no item columns at all.
NOT_WHOLE = {
    "etsy/EtsySoldOrders_usd_dollar_sign.synthetic.csv",
    "ebay/OrdersReport_uk_blank_order_number.synthetic.csv",
}


def _read(name: str) -> ParsedFile:
    return read_path(SAMPLES / name, today=date(2026, 11, 23))


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_sample_is_read_with_all_its_lines(name: str) -> None:
    parsed = _read(name)
    lines = sum(len(x.lines) for x in parsed.orders)
    assert (parsed.format, len(parsed.orders), lines) == ORDERS[name]
    assert not parsed.refusal
    assert not parsed.rejected
    assert not [h for x in parsed.orders for h in x.holds if h.code == "TOTAL_MISMATCH"]


@pytest.mark.parametrize("name", OTHERS)
def test_another_sample_is_recognised_and_read(name: str) -> None:
    parsed = _read(name)
    records = len(parsed.listings) + len(parsed.skus) + len(parsed.payouts)
    assert (parsed.format, parsed.kind, parsed.rows, records) == OTHERS[name]
    assert not parsed.rejected


def test_no_sample_is_left_out() -> None:
    present = {str(x.relative_to(SAMPLES)) for x in SAMPLES.glob("*/*") if x.is_file()}
    assert present == ORDERS.keys() | OTHERS.keys() | NOT_WHOLE


def test_etsy_orders_without_lines_are_kept_back_with_the_way_out() -> None:
    parsed = _read("etsy/EtsySoldOrders_usd_dollar_sign.synthetic.csv")
    assert [(x.order, x.code) for x in parsed.rejected] == [("3001", "NO_ITEM_LINES")]
    assert "Order Items" in parsed.rejected[0].message
    assert [(x.number, x.total) for x in parsed.orders] == [("3002", 900)]


def test_an_ebay_report_without_items_is_refused_by_naming_them() -> None:
    parsed = _read("ebay/OrdersReport_uk_blank_order_number.synthetic.csv")
    assert "eBay orders report" in parsed.refusal
    assert "“item title”" in parsed.refusal


def test_a_european_shopify_total_contains_its_tax() -> None:
    order = _read("shopify/orders_export.eu_multiline.redacted.csv").orders[0]
    assert (order.number, order.total, order.discount, order.tax) == ("#2547", 31650, 4536, 5275)
    assert order.holds == ()


def test_etsy_shipping_counts_once_per_order() -> None:
    order = _read("etsy/EtsySoldOrderItems_usd_dollar_sign.synthetic.csv").orders[0]
    assert (order.number, order.shipping, order.tax, order.state) == ("3001", 450, 62, "shipped")


def test_an_amazon_price_without_a_leading_zero_is_read() -> None:
    listings = _read("amazon/active_listings_report_it.first1500.txt").listings
    assert listings[0].price == 3700
    assert all(x.price is not None for x in listings)


def test_every_payout_of_an_ebay_report_is_what_its_lines_add_up_to() -> None:
    lines = _read("ebay/Transaction-Report.redacted.csv").payouts
    paid = {line.payout for line in lines if line.type == "transfer"}
    rest = {each: sum(x.amount for x in lines if x.payout == each) for each in paid}
    assert len(paid) == 76
    assert set(rest.values()) == {0}


def test_a_deposit_of_an_etsy_statement_is_read_from_its_words() -> None:
    lines = _read("etsy/etsy_statement_2022.anonymised_excerpt.csv").payouts
    assert [(x.amount, x.payout) for x in lines if x.type == "transfer"] == [(-1534, "2022-01")]
    fee = next(x for x in lines if x.label == "Processing fee")
    assert (fee.amount, fee.order_ref) == (-212, "2233445566")
