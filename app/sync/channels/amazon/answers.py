"""What do Amazon's answers say: an order, a quantity, a refusal?"""

from __future__ import annotations

from app.domain.importing import ListingRow
from app.sync.channels.amazon.payloads import order_from
from app.sync.live.bodies import plain
from app.sync.live.channel import SeenOrder, seen
from app.sync.live.payload import Part, first, opened
from app.sync.live.trouble import RejectedError


def seen_order(part: Part) -> SeenOrder:
    """Return one order, raw and understood."""
    changed_at = part.moment("lastUpdatedTime")
    return seen(part.code("orderId"), plain(dict(part.data)), order_from, changed_at)


def shown(item: Part) -> int | None:
    """Return how many units of its own stock a seller shows; ``None`` if Amazon keeps the stock."""
    own = [
        x.units("quantity")
        for x in item.parts("fulfillmentAvailability")
        if x.code("fulfillmentChannelCode") == "DEFAULT"
    ]
    return own[0] if own else None


def fba_row(summary: Part, place: str) -> ListingRow:
    """Return what of a SKU lies in Amazon's warehouses and can be sold."""
    return ListingRow(
        "amazon", summary.code("sellerSku"), summary.code("asin"), summary.text("productName"),
        summary.units("inventoryDetails", "fulfillableQuantity"), location=place,
    )  # fmt: skip


def in_words(refused: RejectedError) -> RejectedError:
    """Return a refusal with Amazon's own words for it."""
    told = next(iter(opened(refused.answer).parts("errors")), None)
    if told is None:
        return refused
    words = first((told.text("details"), told.text("message")))[:200]
    title = f"Amazon did not accept this: {words}"
    return RejectedError(title, refused.advice, code=told.text("code"), answer=refused.answer)
