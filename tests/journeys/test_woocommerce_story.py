"""WooCommerce: from an order export to the shipment-tracking import."""

from __future__ import annotations

from tests.journeys.driver import DeskDriver, rows_of

EXPORT = """\
order_number,order_date,paid_date,completed_date,status,payment_method,payment_method_title,order_currency,shipping_total,tax_total,discount_total,order_total,customer_email,customer_note,billing_first_name,billing_last_name,billing_company,billing_address_1,billing_address_2,billing_city,billing_state,billing_postcode,billing_country,billing_phone,billing_email,shipping_first_name,shipping_last_name,shipping_company,shipping_address_1,shipping_address_2,shipping_city,shipping_state,shipping_postcode,shipping_country,product_name,sku,quantity,item_total
10001,2025-11-21 10:14:00,2025-11-21 10:15:00,,processing,stripe,Card,USD,5.00,0.00,0.00,41.00,ada@example.com,,Ada,Example,,1 Fictional Lane,,Cambridge,MA,02138,US,,ada@example.com,Ada,Example,,1 Fictional Lane,,Cambridge,MA,02138,US,Green tea,TEA-001,3,36.00
10002,2025-11-21 10:20:00,2025-11-21 10:21:00,,processing,stripe,Card,USD,5.00,0.00,0.00,35.00,bo@example.com,,Bo,Example,,2 Fictional Lane,,Seattle,WA,98101,US,,bo@example.com,Bo,Example,,2 Fictional Lane,,Seattle,WA,98101,US,Black tea,TEA-002,1,12.00
10002,2025-11-21 10:20:00,2025-11-21 10:21:00,,processing,stripe,Card,USD,,,,,bo@example.com,,Bo,Example,,2 Fictional Lane,,Seattle,WA,98101,US,,bo@example.com,Bo,Example,,2 Fictional Lane,,Seattle,WA,98101,US,Blue mug,MUG-BLUE,1,18.00
"""


def test_whole_orders_are_told_to_woocommerce_in_five_columns(shop: DeskDriver) -> None:
    shop.imports("orders.csv", EXPORT)
    assert shop.order("10001").suggested == "STUDIO"
    assert shop.order("10002").suggested == "SHOP"

    shop.accepts("10001")
    shop.overrides("10002", to="STUDIO", reason="One trip to the post office.")
    shop.ships("10001", "USPS", "9400-1")
    shop.ships("10002", "FedEx", "7854")

    rows = rows_of(shop.waits().exports("woocommerce"))
    assert rows == [
        {
            "order_id": "10001",
            "tracking_provider": "USPS",
            "tracking_number": "9400-1",
            "date_shipped": "11-21-2025",
            "status_shipped": "1",
        },
        {
            "order_id": "10002",
            "tracking_provider": "FedEx",
            "tracking_number": "7854",
            "date_shipped": "11-21-2025",
            "status_shipped": "1",
        },
    ]


def test_a_part_of_an_order_is_told_to_woocommerce_item_by_item(shop: DeskDriver) -> None:
    shop.imports("orders.csv", EXPORT)
    shop.splits("10002", {"TEA-002": "SHOP", "MUG-BLUE": "STUDIO"}, reason="Mugs are in Boston.")
    shop.ships("10002", "UPS", "1Z-1", at="SHOP")
    first = rows_of(shop.waits().exports("woocommerce"))
    shop.ships("10002", "UPS", "1Z-2", at="STUDIO")
    second = rows_of(shop.waits().exports("woocommerce"))
    told = [
        (r["tracking_number"], r["status_shipped"], r["sku"], r["qty"]) for r in (*first, *second)
    ]
    assert told == [("1Z-1", "2", "TEA-002", "1"), ("1Z-2", "1", "MUG-BLUE", "1")]
