"""Small good files of each channel, written here so that tests can bend them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_SHOPIFY = (
    "Name,Email,Financial Status,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,"
    "Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,"
    "Lineitem requires shipping,Shipping Name,Shipping Address1,Shipping City,Shipping Zip,"
    "Shipping Province,Shipping Country,Notes,Cancelled at,Id,Lineitem discount"
)
_AMAZON = (
    "order-id order-item-id purchase-date buyer-email buyer-name sku product-name "
    "quantity-purchased currency item-price item-tax shipping-price recipient-name ship-address-1 "
    "ship-city ship-state ship-postal-code ship-country"
)
_ALL_ORDERS = (
    "amazon-order-id purchase-date last-updated-date order-status fulfillment-channel "
    "sales-channel product-name sku asin item-status quantity currency item-price"
)
_EBAY = (
    "Sales Record Number,Order Number,Buyer Name,Ship To Name,Ship To Address 1,Ship To City,"
    "Ship To State,Ship To Zip,Ship To Country,Item Number,Item Title,Custom Label,Quantity,"
    "Sold For,Shipping And Handling,eBay Collected Tax,Total Price,Sale Date,Paid On Date,"
    "Ship By Date,Shipped On Date,Transaction ID"
)
_OWN = (
    "order_id,created_at,name,address1,city,state,zip,country,sku,title,quantity,unit_price,"
    "currency,note"
)

SHOPIFY, EBAY, OWN = (x.split(",") for x in (_SHOPIFY, _EBAY, _OWN))
AMAZON, ALL_ORDERS = (x.split() for x in (_AMAZON, _ALL_ORDERS))


def shopify(name: str = "#1", **cells: str) -> dict[str, str]:
    """One first row of a Shopify order; the Id is the name without its sign."""
    row = {
        "Name": name, "Email": "ada@example.com", "Financial Status": "paid", "Currency": "USD",
        "Shipping": "5.00", "Taxes": "0.00", "Created at": "2025-11-21 10:14:00 -0500",
        "Lineitem quantity": "1", "Lineitem name": "Green tea", "Lineitem price": "10.00",
        "Lineitem sku": "TEA-001", "Lineitem requires shipping": "true",
        "Shipping Name": "Ada Example", "Shipping Address1": "1 Fictional Lane",
        "Shipping City": "Cambridge", "Shipping Zip": "'02138", "Shipping Province": "MA",
        "Shipping Country": "US", "Id": "900" + name.strip("#"),
    }  # fmt: skip
    return row | {x.replace("_", " "): y for x, y in cells.items()}


def more(name: str = "#1", **cells: str) -> dict[str, str]:
    """A continuation row of a Shopify order."""
    row = {
        "Name": name, "Created at": "2025-11-21 10:14:00 -0500", "Lineitem quantity": "1",
        "Lineitem name": "Mug", "Lineitem price": "4.00", "Lineitem sku": "MUG-RED",
    }  # fmt: skip
    return row | {x.replace("_", " "): y for x, y in cells.items()}


def amazon(order: str = "111-1", item: str = "501", **cells: str) -> dict[str, str]:
    """One item of an Amazon order."""
    row = {
        "order-id": order, "order-item-id": item, "purchase-date": "2025-11-21T15:14:00+00:00",
        "sku": "TEA-001", "product-name": 'Tea 5" box', "quantity-purchased": "1",
        "currency": "USD", "item-price": "10.00", "recipient-name": "Ada Example",
        "ship-city": "Cambridge", "ship-state": "MA", "ship-postal-code": "02138",
        "ship-country": "US",
    }  # fmt: skip
    return row | {x.replace("_", "-"): y for x, y in cells.items()}


def all_orders(order: str = "111-1", **cells: str) -> dict[str, str]:
    """One row of an Amazon all orders report."""
    row = {
        "amazon-order-id": order, "purchase-date": "2025-11-20T15:14:00+00:00",
        "last-updated-date": "2025-11-21T15:14:00+00:00", "order-status": "Unshipped",
        "fulfillment-channel": "Merchant", "sales-channel": "Amazon.com", "product-name": "Tea",
        "sku": "TEA-001", "asin": "B01", "quantity": "1", "currency": "USD", "item-price": "10.00",
    }  # fmt: skip
    return row | {x.replace("_", "-"): y for x, y in cells.items()}


def ebay(record: str = "101", order: str = "11-1", **cells: str) -> dict[str, str]:
    """One item of an eBay order."""
    row = {
        "Sales Record Number": record, "Order Number": order, "Ship To Name": "Ada Example",
        "Ship To City": "Cambridge", "Ship To Zip": "02138", "Ship To Country": "United States",
        "Item Number": "1100", "Item Title": "Red mug", "Custom Label": "MUG-RED", "Quantity": "1",
        "Sold For": "$15.00", "Shipping And Handling": "$4.00", "Total Price": "$19.00",
        "Sale Date": "Nov-21-25", "Paid On Date": "Nov-21-25", "Transaction ID": "7" + record,
    }  # fmt: skip
    return row | {x.replace("_", " "): y for x, y in cells.items()}


def own(order: str = "W-1", **cells: str) -> dict[str, str]:
    """One line of an own store's order."""
    row = {
        "order_id": order, "created_at": "2025-11-21T15:14:00Z", "name": "Ada Example",
        "address1": "1 Fictional Lane", "city": "Cambridge", "state": "MA", "zip": "02138",
        "country": "US", "sku": "TEA-001", "title": "Green tea", "quantity": "1",
        "unit_price": "10.00", "currency": "USD",
    }  # fmt: skip
    return row | cells


def table(
    columns: Sequence[str], rows: Iterable[dict[str, str]], delimiter: str = ",", end: str = "\n"
) -> str:
    """Write rows under a header as the channel would: Amazon's tabs are never quoted."""
    if delimiter == "\t":
        cells = [columns, *([row.get(x, "") for x in columns] for row in rows)]
        return "".join("\t".join(x) + end for x in cells)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end)
    writer.writerow(columns)
    writer.writerows([row.get(x, "") for x in columns] for row in rows)
    return buffer.getvalue()
