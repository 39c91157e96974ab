"""What do Etsy's answers say: an order, a listing, a refusal?"""

from __future__ import annotations

from typing import Any

from app.domain.importing import ListingRow
from app.sync.channels.etsy import telling
from app.sync.channels.etsy.payloads import order_from
from app.sync.live.bodies import plain
from app.sync.live.channel import SeenOrder, seen
from app.sync.live.payload import Part


def seen_order(part: Part) -> SeenOrder:
    """Return one order, raw and understood."""
    changed_at = part.epoch("updated_timestamp") or part.epoch("update_timestamp")
    return seen(part.code("receipt_id"), plain(dict(part.data)), order_from, changed_at)


def refusal(answer: Part) -> tuple[str, str]:
    """Return code and words of a refusal."""
    return "", answer.text("error")


def listing_rows(listing: Part) -> tuple[ListingRow, ...]:
    """Return each product of a listing that has a SKU."""
    number, title = listing.code("listing_id"), listing.text("title")
    there = listing.part("inventory").data
    skus = [x.code("sku") for x in listing.part("inventory").parts("products")]
    return tuple(
        ListingRow("etsy", sku, number, title, telling.shown(there, sku))
        for sku in dict.fromkeys(skus)
        if sku
    )


def shipments(receipt: Part) -> dict[str, Any]:
    """Return the parcels that Etsy knows of."""
    return {"shipments": plain([dict(x.data) for x in receipt.parts("shipments")])}
