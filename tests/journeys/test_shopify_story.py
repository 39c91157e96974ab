"""Shopify: from the orders export to the lines that a bulk-fulfilment app takes."""

from __future__ import annotations

from tests.journeys.driver import DeskDriver, rows_of

EXPORT = """\
Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Id,Tags,Risk Level,Source,Lineitem discount
#1001,ada@example.com,paid,2025-11-21 10:15:00 -0500,unfulfilled,,no,USD,62.00,5.00,0.00,67.00,,,Standard,2025-11-21 10:14:00 -0500,1,Tea for two,50.00,,GIFT-SET,true,true,pending,,,,,,,,,,,Ada Example,1 Fictional Lane,1 Fictional Lane,,,Cambridge,'02138,MA,US,,,,,,,0.00,,5550001,,Low,web,
#1001,ada@example.com,,,,,,,,,,,,,,2025-11-21 10:14:00 -0500,1,Green tea,12.00,,TEA-001,true,true,pending,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
#1002,bo@example.com,paid,2025-11-21 10:15:00 -0500,unfulfilled,,no,USD,24.00,5.00,0.00,29.00,,,Standard,2025-11-21 10:14:00 -0500,2,Black tea,12.00,,TEA-002,true,true,pending,,,,,,,,,,,Bo Example,2 Fictional Lane,2 Fictional Lane,,,Seattle,'98101,WA,US,,,,,,,0.00,,5550002,,Low,web,
"""


def test_shopify_is_told_line_by_line_and_a_kit_as_the_kit(shop: DeskDriver) -> None:
    shop.imports("orders_export.csv", EXPORT)
    assert shop.order("#1001").suggested == "STUDIO"

    shop.accepts("#1001")
    shop.overrides("#1002", to="STUDIO", reason="The shop is short of boxes.")
    shop.ships("#1001", "UPS", "1Z999AA10123456784")
    shop.ships("#1002", "DHL eCommerce", "GM 555")

    rows = rows_of(shop.waits().exports("shopify"))
    ups = {
        "Name": "#1001",
        "Id": "5550001",
        "Tracking Company": "UPS",
        "Tracking Number": "1Z999AA10123456784",
        "Tracking Url": "https://www.ups.com/track?tracknum=1Z999AA10123456784",
        "Fulfilled at": "2025-11-21 16:30:00 +0000",
    }
    assert rows == [
        {
            **ups,
            "Lineitem sku": "GIFT-SET",
            "Lineitem name": "Tea for two",
            "Lineitem quantity": "1",
        },
        {
            **ups,
            "Lineitem sku": "TEA-001",
            "Lineitem name": "Green tea",
            "Lineitem quantity": "1",
        },
        {
            "Name": "#1002",
            "Id": "5550002",
            "Lineitem sku": "TEA-002",
            "Lineitem name": "Black tea",
            "Lineitem quantity": "2",
            "Tracking Company": "DHL eCommerce",
            "Tracking Number": "GM 555",
            "Tracking Url": "https://webtrack.dhlecs.com/orders?trackingNumber=GM%20555",
            "Fulfilled at": "2025-11-21 16:30:00 +0000",
        },
    ]
