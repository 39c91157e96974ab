"""The standard day as one Shopify order export, and the least that reading it can cost."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

from benchmarks.workload import Day, Line, Sale

HEADER = [
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Fulfillment Status",
    "Fulfilled at",
    "Accepts Marketing",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Discount Code",
    "Discount Amount",
    "Shipping Method",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem compare at price",
    "Lineitem sku",
    "Lineitem requires shipping",
    "Lineitem taxable",
    "Lineitem fulfillment status",
    "Billing Name",
    "Billing Street",
    "Billing Address1",
    "Billing Address2",
    "Billing Company",
    "Billing City",
    "Billing Zip",
    "Billing Province",
    "Billing Country",
    "Billing Phone",
    "Shipping Name",
    "Shipping Street",
    "Shipping Address1",
    "Shipping Address2",
    "Shipping Company",
    "Shipping City",
    "Shipping Zip",
    "Shipping Province",
    "Shipping Country",
    "Shipping Phone",
    "Notes",
    "Note Attributes",
    "Cancelled at",
    "Payment Method",
    "Payment Reference",
    "Refunded Amount",
    "Vendor",
    "Outstanding Balance",
    "Employee",
    "Location",
    "Device ID",
    "Id",
    "Tags",
    "Risk Level",
    "Source",
    "Lineitem discount",
    "Tax 1 Name",
    "Tax 1 Value",
]


def write(day: Day) -> bytes:
    """Return the day as the export file that Shopify would give, one row a line item."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    for n, sale in enumerate(day.sales):
        for position, line in enumerate(sale.lines):
            head = _head(sale, n) if position == 0 else {}
            writer.writerow(_line(sale, n, line) | head)
    return text.getvalue().encode()


def least_reading(content: bytes) -> list[Sale]:
    """Group the rows into typed orders with nothing but the csv module: the reference."""
    reader = csv.reader(io.StringIO(content.decode(), newline=""))
    at = {name: n for n, name in enumerate(next(reader))}
    name_, sku, units, price = (
        at[x] for x in ("Name", "Lineitem sku", "Lineitem quantity", "Lineitem price")
    )
    heads: dict[str, list[str]] = {}
    lines: dict[str, list[Line]] = {}
    for row in reader:
        key = row[name_]
        heads.setdefault(key, row)
        lines.setdefault(key, []).append(
            Line(row[sku], row[sku], int(row[units]), int(Decimal(row[price]) * 100))
        )
    return [_sale(at, row, lines[key]) for key, row in heads.items()]


def _sale(at: dict[str, int], row: list[str], lines: list[Line]) -> Sale:
    placed = datetime.fromisoformat(row[at["Created at"]]).astimezone(UTC)
    city, state, postcode = (row[at[f"Shipping {x}"]] for x in ("City", "Province", "Zip"))
    return Sale(
        row[at["Name"]], "shopify", row[at["Id"]], placed, placed, row[at["Shipping Method"]],
        row[at["Shipping Name"]], row[at["Shipping Street"]], city, state,
        postcode.lstrip("'"), row[at["Shipping Country"]], tuple(lines),
    )  # fmt: skip


def _line(sale: Sale, n: int, line: Line) -> dict[str, str]:
    return {
        "Name": f"#{sale.number}",
        "Email": f"buyer{n}@example.invalid",
        "Created at": f"{sale.placed_at:%Y-%m-%d %H:%M:%S} +0000",
        "Lineitem quantity": str(line.quantity),
        "Lineitem name": f"Product {line.sku}",
        "Lineitem price": f"{line.price / 100:.2f}",
        "Lineitem sku": line.sku,
        "Lineitem requires shipping": "true",
        "Lineitem taxable": "true",
        "Lineitem fulfillment status": "pending",
        "Vendor": "Brand",
        "Lineitem discount": "0.00",
    }


def _head(sale: Sale, n: int) -> dict[str, str]:
    subtotal = sum(line.quantity * line.price for line in sale.lines)
    money = {"Subtotal": subtotal, "Shipping": 599, "Taxes": 0, "Total": subtotal + 599}
    place = {
        "Name": sale.name, "Street": sale.address, "Address1": sale.address, "City": sale.city,
        "Zip": f"'{sale.postcode}", "Province": sale.state, "Country": sale.country,
    }  # fmt: skip
    return (
        {
            "Financial Status": "paid",
            "Paid at": f"{sale.placed_at:%Y-%m-%d %H:%M:%S} +0000",
            "Fulfillment Status": "unfulfilled",
            "Currency": "USD",
            "Shipping Method": sale.service,
            "Id": str(5_000_000_000_000 + n),
            "Source": "web",
        }
        | {name: f"{amount / 100:.2f}" for name, amount in money.items()}
        | {
            f"{kind} {name}": text
            for kind in ("Billing", "Shipping")
            for name, text in place.items()
        }
    )
