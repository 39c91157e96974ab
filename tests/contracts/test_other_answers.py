"""What the descriptions' examples say of stock, feeds and reports is understood as well."""

from __future__ import annotations

from typing import Any

import pytest

from app.sync.channels.amazon.answers import fba_row, shown
from app.sync.channels.amazon.listings import FBA_PLACE
from app.sync.channels.walmart.answers import listing_row
from app.sync.live.payload import opened
from tests.contracts.reference import CONTRACTS, MISSING, content_examples, document, sandbox
from tests.contracts.sampling import sample

pytestmark = pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)

AMAZON = "amazon/models"
WALMART = "walmart/us-mp-2024-12-full/inventory.yml"


def _sandbox(model: str, part: str) -> list[Any]:
    found = sandbox(f"{AMAZON}/{model}.json")
    return [x for name, x in found if part in name and "errors" not in (x or {})]


def test_what_a_seller_has_of_a_listing_is_read_apart_from_what_amazon_has() -> None:
    items = [x for x in _sandbox("listingsItems_2021-08-01", "get ") if "sku" in x]
    told = {shown(opened(x)) for x in items if x.get("fulfillmentAvailability")}
    assert told - {None}
    at_amazon = {
        "fulfillmentAvailability": [{"fulfillmentChannelCode": "AMAZON_NA", "quantity": 9}]
    }
    assert shown(opened(at_amazon)) is None


def test_what_lies_in_amazons_warehouses_is_what_can_be_sold_of_it() -> None:
    told = document(f"{AMAZON}/fbaInventory.json")  # it gives no examples
    whole = sample(told, told["definitions"]["InventorySummary"], {"fulfillableQuantity": 7})
    row = fba_row(opened(whole), FBA_PLACE)
    assert (row.sku_text, row.quantity, row.location) == ("some sellerSku", 7, FBA_PLACE)


def test_a_feed_and_a_report_are_done_or_not_in_one_of_five_words() -> None:
    words = {
        x["processingStatus"]
        for model in ("feeds_2021-06-30", "reports_2021-06-30")
        for x in _sandbox(model, "get ")
        if "processingStatus" in x
    }
    assert words
    assert words <= {"CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE"}


def test_walmart_s_units_are_what_may_be_sold_over_all_nodes() -> None:
    answers = [x for name, x in content_examples(WALMART) if "get /v3/inventories 200" in name]
    rows = [listing_row(y) for x in answers for y in opened(x).parts("elements", "inventories")]
    assert [(x.sku_text, x.quantity) for x in rows] == [
        ("AI-IGH4-5509", 526),
        ("06397309545443", 0),
    ]
