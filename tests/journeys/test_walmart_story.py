"""Walmart: from the purchase orders' export to the same file, filled in."""

from __future__ import annotations

from tests.journeys.driver import DeskDriver, rows_of

EXPORT = """\
PO#,Order#,Order Date,Ship By,Delivery Date,Customer Name,Customer Shipping Address,Customer Phone Number,Ship to Address 1,Ship to Address 2,City,State,Zip,Segment,FLIDS,Line#,UPC,Status,Item Description,Shipping Method,Shipping Tier,Shipping SLA,Shipping Config SOurce,Qty,SKU,Item Cost,Shipping Cost,Tax,Update Status,Update Qty,Carrier,Tracking Number,Tracking Url,Seller Order NO,Fulfillment Entity,Replacement Order,Original Customer Order Id
108917420000001,200017420000001,2025-11-21,2025-11-24,2025-11-28,Ada Example,"1 Fictional Lane, Cambridge, MA 02138",6170000000,1 Fictional Lane,,Cambridge,MA,02138,,,1,012345678905,Acknowledged,Black tea,Standard,,,,2,TEA-002,12.00,0.00,0.00,,,,,,,,,
108917420000001,200017420000001,2025-11-21,2025-11-24,2025-11-28,Ada Example,"1 Fictional Lane, Cambridge, MA 02138",6170000000,1 Fictional Lane,,Cambridge,MA,02138,,,2,012345678912,Acknowledged,Blue mug,Standard,,,,1,MUG-BLUE,18.00,0.00,0.00,,,,,,,,,
108917420000002,200017420000002,2025-11-21,2025-11-24,2025-11-28,Bo Example,"2 Fictional Lane, Seattle, WA 98101",2060000000,2 Fictional Lane,,Seattle,WA,98101,,,1,012345678905,Acknowledged,Black tea,Standard,,,,1,TEA-002,12.00,0.00,0.00,,,,,,,,,
"""


def test_walmart_gets_its_own_file_back_filled_in(shop: DeskDriver) -> None:
    shop.imports("PO_Data.csv", EXPORT)
    assert shop.order("108917420000001").suggested == "STUDIO"
    assert shop.order("108917420000002").suggested == "SHOP"

    shop.accepts("108917420000001")
    shop.overrides("108917420000002", to="STUDIO", reason="The shop keeps its tea for Saturday.")
    shop.ships("108917420000001", "FedEx Home Delivery", "785400011122")
    shop.ships("108917420000002", "Speedy Llama", "SL-1")

    file = shop.waits().exports("walmart")
    rows = rows_of(file)
    assert file.name == f"orderdeck-{file.id}-walmart-shipped-2025-11-21.xlsx"
    assert list(rows[0]) == EXPORT.splitlines()[0].split(",")
    filled = [{name: cell for name, cell in row.items() if cell != ""} for row in rows]
    assert filled == [
        {
            "PO#": "108917420000001",
            "Line#": "1",
            "Item Description": "Black tea",
            "Qty": 2,
            "SKU": "TEA-002",
            "Update Status": "Shipped",
            "Update Qty": 2,
            "Carrier": "FedEx",
            "Tracking Number": "785400011122",
            "Tracking Url": "https://www.fedex.com/fedextrack/?trknbr=785400011122",
        },
        {
            "PO#": "108917420000001",
            "Line#": "2",
            "Item Description": "Blue mug",
            "Qty": 1,
            "SKU": "MUG-BLUE",
            "Update Status": "Shipped",
            "Update Qty": 1,
            "Carrier": "FedEx",
            "Tracking Number": "785400011122",
            "Tracking Url": "https://www.fedex.com/fedextrack/?trknbr=785400011122",
        },
        {
            "PO#": "108917420000002",
            "Line#": "1",
            "Item Description": "Black tea",
            "Qty": 1,
            "SKU": "TEA-002",
            "Update Status": "Shipped",
            "Update Qty": 1,
            "Carrier": "Other",
            "Tracking Number": "SL-1",
        },
    ]


def test_walmarts_file_is_also_there_as_csv(shop: DeskDriver) -> None:
    shop.imports("PO_Data.csv", EXPORT)
    shop.accepts("108917420000001")
    shop.ships("108917420000001", "UPS", "1Z999AA10123456784")
    file = shop.waits().exports("walmart", as_csv=True)
    rows = rows_of(file)
    assert file.name.endswith(".csv")
    assert [(r["PO#"], r["Line#"], r["Update Qty"], r["Carrier"]) for r in rows] == [
        ("108917420000001", "1", "2", "UPS"),
        ("108917420000001", "2", "1", "UPS"),
    ]
