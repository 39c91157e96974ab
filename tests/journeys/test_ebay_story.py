"""eBay: from the orders report to the tracking template of Seller Hub."""

from __future__ import annotations

from tests.journeys.driver import DeskDriver, rows_of

REPORT = """\
,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
"Sales Record Number","Order Number","Buyer Username","Buyer Name","Buyer Email","Buyer Note","Ship To Name","Ship To Phone","Ship To Address 1","Ship To Address 2","Ship To City","Ship To State","Ship To Zip","Ship To Country","Item Number","Item Title","Custom Label","Quantity","Sold For","Shipping And Handling","Total Price","Payment Method","Sale Date","Paid On Date","Ship By Date","Shipped On Date","Shipping Service","Tracking Number","Transaction ID","Variation Details"
,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
"101","11-00001-00001","ada_ex","Ada Example","ada@example.com","","Ada Example","","1 Fictional Lane","","Cambridge","MA","02138","United States","110000000001","Blue mug, hand thrown","MUG-BLUE","1","$18.00","$4.00","$22.00","","Nov-21-25","Nov-21-25","Nov-24-25","","USPS Ground Advantage","","7101",""
"102","11-00001-00002","bo_ex","Bo Example","bo@example.com","","Bo Example","","2 Fictional Lane","","Boise","ID","83702","United States","110000000002","Green tea","TEA-001","2","$12.00","$4.00","$28.00","","Nov-21-25","Nov-21-25","Nov-24-25","","USPS Ground Advantage","","7102",""
,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
"2","record(s) downloaded,"," from ","Nov-01-25 00:00:00"," to ","Nov-30-25 23:59:59"
"Seller ID : example_seller"
"""


def test_ebay_gets_tracking_by_order_item_and_transaction(shop: DeskDriver) -> None:
    shop.imports("OrdersReport.csv", REPORT)
    assert shop.order("11-00001-00001").suggested == "STUDIO"

    shop.accepts("11-00001-00001")
    shop.overrides("11-00001-00002", to="STUDIO", reason="The shop's tea is older.")
    shop.ships("11-00001-00001", "USPS Ground Advantage", "9400111899223197428490")
    shop.ships("11-00001-00002", "ups", "1Z999AA10123456784")

    file = shop.waits().exports("ebay")
    assert file.content.startswith(b"#INFO,,,,,,,\r\n")
    assert rows_of(file, skip=1) == [
        {
            "Shipping Status": "Shipped",
            "Order Number": "11-00001-00001",
            "Item Number": "110000000001",
            "Item Title": "Blue mug, hand thrown",
            "Custom Label": "MUG-BLUE",
            "Transaction ID": "7101",
            "Shipping Carrier Used": "USPS",
            "Tracking Number": "9400111899223197428490",
        },
        {
            "Shipping Status": "Shipped",
            "Order Number": "11-00001-00002",
            "Item Number": "110000000002",
            "Item Title": "Green tea",
            "Custom Label": "TEA-001",
            "Transaction ID": "7102",
            "Shipping Carrier Used": "UPS",
            "Tracking Number": "1Z999AA10123456784",
        },
    ]
