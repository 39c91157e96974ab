"""Etsy: from the sold-order-items export to the list to work from in Shop Manager."""

from __future__ import annotations

from tests.journeys.driver import DeskDriver, rows_of

EXPORT = """\
Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,Ship Name,Ship Address1,Ship Address2,Ship City,Ship State,Ship Zipcode,Ship Country,Order ID,Variations,Order Type,Listings Type,Payment Type,InPerson Discount,InPerson Location,VAT Paid by Buyer,SKU
11/21/25,Blue mug,ada (adaex),1,20.00,,,0.00,0.00,4.00,0.00,20.00,USD,4100000001,1200000001,11/21/2025,,Ada Example,1 Fictional Lane,,Cambridge,MA,02138,United States,3812345671,,online,listing,online_cc,,,,MUG-BLUE
11/21/25,Green tea,ada (adaex),2,10.00,,,0.00,0.00,4.00,0.00,20.00,USD,4100000002,1200000002,11/21/2025,,Ada Example,1 Fictional Lane,,Cambridge,MA,02138,United States,3812345671,,online,listing,online_cc,,,,TEA-001
11/21/25,Blue mug,bo (boex),1,20.00,,,0.00,0.00,4.00,0.00,20.00,USD,4100000003,1200000001,11/21/2025,,Bo Example,2 Fictional Lane,,Reno,NV,89501,United States,3812345672,,online,listing,online_cc,,,,MUG-BLUE
"""


def test_an_etsy_order_in_two_parcels_says_that_more_follows(shop: DeskDriver) -> None:
    shop.imports("EtsySoldOrderItems.csv", EXPORT)
    assert shop.order("3812345671").suggested == "STUDIO"

    shop.accepts("3812345672")
    shop.splits(
        "3812345671",
        {"MUG-BLUE": "STUDIO", "TEA-001": "SHOP"},
        reason="The studio's last mug, the shop's fresh tea.",
    )
    assert shop.order("3812345671").decided == "overridden"
    shop.ships("3812345671", "USPS", "9400-1", at="STUDIO")
    shop.ships("3812345672", "Pony Express", "PX 2")
    first = shop.waits().exports("etsy")
    shop.ships("3812345671", "USPS", "9400-3", at="SHOP")
    second = shop.waits().exports("etsy")

    page = "https://tools.usps.com/go/TrackConfirmAction?tLabels="
    assert rows_of(first) == [
        {
            "Order ID": "3812345671",
            "Carrier": "USPS",
            "Tracking Number": "9400-1",
            "Date Shipped": "11/21/2025",
            "Items": "1 × MUG-BLUE",
            "More parcels follow": "yes",
            "Tracking Url": f"{page}9400-1",
        },
        {
            "Order ID": "3812345672",
            "Carrier": "Pony Express",
            "Tracking Number": "PX 2",
            "Date Shipped": "11/21/2025",
            "Items": "1 × MUG-BLUE",
            "More parcels follow": "no",
            "Tracking Url": "",
        },
    ]
    assert [(r["Items"], r["More parcels follow"]) for r in rows_of(second)] == [
        ("2 × TEA-001", "no")
    ]
    assert b"Ada" not in first.content
