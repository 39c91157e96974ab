"""Amazon: from the new-orders report to the shipping confirmation that Amazon takes back."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.journeys.driver import DeskDriver, rows_of

HEADER = (
    "order-id", "order-item-id", "purchase-date", "payments-date", "buyer-email", "buyer-name",
    "buyer-phone-number", "sku", "product-name", "quantity-purchased", "currency", "item-price",
    "item-tax", "shipping-price", "shipping-tax", "ship-service-level", "recipient-name",
    "ship-address-1", "ship-address-2", "ship-address-3", "ship-city", "ship-state",
    "ship-postal-code", "ship-country", "ship-phone-number",
)  # fmt: skip


def item(order: str, line: str, sku: str, quantity: int, total: str, city: str) -> str:
    """Write one row of the report; the price is the line's total."""
    city_name, state, postcode = city.split("|")
    cells = (
        order, line, "2025-11-21T15:14:00+00:00", "2025-11-21T15:15:00+00:00",
        "abc123@marketplace.amazon.com", "Ada Example", "", sku, 'Green tea 4" tin', str(quantity),
        "USD", total, "0.00", "0.00", "0.00", "Standard", "Ada Example", "1 Fictional Lane", "", "",
        city_name, state, postcode, "US", "",
    )  # fmt: skip
    return "\t".join(cells)


REPORT = "\n".join(
    (
        "\t".join(HEADER),
        item("111-0000001-0000001", "50000000000001", "AZ-TEA", 3, "59.97", "Cambridge|MA|02138"),
        item("111-0000001-0000001", "50000000000002", "GIFT-SET", 1, "64.00", "Cambridge|MA|02138"),
        item("111-0000002-0000002", "50000000000003", "AZ-TEA", 1, "19.99", "Boston|MA|02118"),
    )
)


def test_amazon_orders_come_in_by_file_and_go_back_by_file(shop: DeskDriver) -> None:
    shop.links("amazon", "AZ-TEA", "TEA-001")

    shop.imports("new_orders.txt", REPORT)
    assert shop.order("111-0000001-0000001").suggested == "STUDIO"
    assert shop.lines("111-0000001-0000001")[0].unit_price == 1999

    shop.accepts("111-0000001-0000001")
    shop.overrides("111-0000002-0000002", to="SHOP", reason="The studio is closed today.")
    overridden = shop.order("111-0000002-0000002")
    assert (overridden.decided, overridden.reason) == ("overridden", "The studio is closed today.")
    assert overridden.cost is not None
    assert overridden.suggested_cost is not None
    assert overridden.cost > overridden.suggested_cost

    shop.ships("111-0000001-0000001", "usps", "9400111899223197428490", service="Ground Advantage")
    # Half past nine in the evening in Portland is already tomorrow in Boston.
    shop.clock = datetime(2025, 11, 22, 5, 30, tzinfo=UTC)
    shop.ships("111-0000002-0000002", "Bicycle Couriers of Portland", "BCP-77")
    assert shop.shipped_from("111-0000002-0000002") == ["SHOP"]

    file = shop.waits().exports("amazon")
    assert file.name == f"orderdeck-{file.id}-amazon-shipped-2025-11-22.txt"
    assert file.content.split(b"\r\n")[0] == (
        b"order-id\torder-item-id\tquantity\tship-date\tcarrier-code\tcarrier-name"
        b"\ttracking-number\tship-method"
    )
    usps = {
        "order-id": "111-0000001-0000001", "ship-date": "2025-11-21", "carrier-code": "USPS",
        "carrier-name": "", "tracking-number": "9400111899223197428490",
        "ship-method": "Ground Advantage",
    }  # fmt: skip
    assert rows_of(file) == [
        {**usps, "order-item-id": "50000000000001", "quantity": "3"},
        {**usps, "order-item-id": "50000000000002", "quantity": "1"},
        {
            "order-id": "111-0000002-0000002",
            "order-item-id": "50000000000003",
            "quantity": "1",
            "ship-date": "2025-11-21",
            "carrier-code": "Other",
            "carrier-name": "Bicycle Couriers of Portland",
            "tracking-number": "BCP-77",
            "ship-method": "",
        },
    ]
    assert shop.waiting() == {}


def test_an_amazon_report_that_comes_twice_changes_nothing(shop: DeskDriver) -> None:
    shop.links("amazon", "AZ-TEA", "TEA-001")
    shop.imports("new_orders.txt", REPORT)
    parsed = shop.imports("new_orders (1).txt", REPORT)
    assert shop.takes_in(*parsed.orders) == {
        "111-0000001-0000001": "unchanged",
        "111-0000002-0000002": "unchanged",
    }
