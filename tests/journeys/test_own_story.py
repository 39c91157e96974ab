"""An own store: from our documented CSV to our documented CSV."""

from __future__ import annotations

import pytest

from app.errors import RefusedError
from tests.journeys.driver import DeskDriver, rows_of

EXPORT = """\
order_id,created_at,email,name,address1,address2,city,state,zip,country,sku,title,quantity,unit_price,currency,note
W-1,2025-11-21T15:14:00Z,ada@example.com,Ada Example,1 Fictional Lane,,Cambridge,MA,02138,US,TEA-001,Green tea,2,12.00,USD,Please wrap it
W-1,2025-11-21T15:14:00Z,ada@example.com,Ada Example,1 Fictional Lane,,Cambridge,MA,02138,US,MUG-BLUE,Blue mug,1,18.00,USD,Please wrap it
W-2,2025-11-21T15:20:00Z,bo@example.com,Bo Example,2 Fictional Lane,,Seattle,WA,98101,US,GIFT-SET,Tea for two,1,50.00,USD,
"""


def test_an_own_store_is_told_by_our_own_layout(shop: DeskDriver) -> None:
    shop.imports("my shop.csv", EXPORT)
    assert shop.order("W-1").suggested == "STUDIO"
    assert shop.order("W-2").suggested == "SHOP"

    shop.accepts("W-1")
    shop.overrides("W-2", to="STUDIO", reason="Gift sets are packed in the studio.")
    shop.ships("W-1", "UPS", "1Z-1", service="Ground")
    shop.ships("W-2", "Bike", "B-2")
    assert [shop.shipped_from(number) for number in ("W-1", "W-2")] == [["STUDIO"], ["STUDIO"]]

    file = shop.waits().exports("own")
    ups = {
        "order_id": "W-1",
        "carrier": "UPS",
        "service": "Ground",
        "tracking_number": "1Z-1",
        "tracking_url": "https://www.ups.com/track?tracknum=1Z-1",
        "shipped_at": "2025-11-21T16:30:00Z",
        "order_complete": "yes",
    }
    assert rows_of(file) == [
        {**ups, "sku": "TEA-001", "title": "Green tea", "quantity": "2"},
        {**ups, "sku": "MUG-BLUE", "title": "Blue mug", "quantity": "1"},
        {
            "order_id": "W-2",
            "sku": "GIFT-SET",
            "title": "Tea for two",
            "quantity": "1",
            "carrier": "Bike",
            "service": "",
            "tracking_number": "B-2",
            "tracking_url": "",
            "shipped_at": "2025-11-21T16:30:00Z",
            "order_complete": "yes",
        },
    ]
    assert shop.exporter.again(file.id) == file
    with pytest.raises(RefusedError, match="already told"):
        shop.desk.run("void_shipments", order_ids=[shop.order("W-1").id], reason="Oops.")
