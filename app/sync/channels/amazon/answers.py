"""What do Amazon's answers say: an order, a quantity, a refusal?"""

from __future__ import annotations

from app.domain.importing import ListingRow
from app.sync.channels.amazon.payloads import order_from
from app.sync.live.bodies import plain
from app.sync.live.channel import SeenOrder, seen
from app.sync.live.payload import Part, first


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


def refusal(answer: Part) -> tuple[str, str]:
    """Return code and words of a refusal."""
    told = next(iter(answer.parts("errors")), Part({}))
    return told.text("code"), first((told.text("details"), told.text("message")))
