"""What do Amazon's answers say: an order, a quantity, a refusal?"""

from __future__ import annotations

from app.domain.importing import ListingRow
from app.sync.channels.amazon.payloads import order_from
from app.sync.live.account import answered
from app.sync.live.bodies import NotJsonError, plain, read_json
from app.sync.live.channel import SeenOrder, seen
from app.sync.live.payload import Part, first
from app.sync.live.trouble import TransientError


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


def feed_refusals(report: bytes) -> dict[str, str]:
    """Return why SKUs of a feed were refused; a warning refuses nothing.

    Raises:
        TransientError: the report cannot be read.
    """
    try:
        told = answered("Amazon", read_json(report), "summary")
    except NotJsonError as broken:
        raise TransientError(
            f"Amazon's report of a feed is {broken}. Nothing was taken from it.",
            "The desk asks for it again by itself.",
        ) from broken
    found: dict[str, str] = {}
    for each in told.parts("issues"):
        if each.word("severity") == "error" and each.code("sku"):
            words = each.text("message")[:300]
            found.setdefault(each.code("sku"), words or "Amazon did not take it.")
    return found


def refusal(answer: Part) -> tuple[str, str]:
    """Return code and words of a refusal."""
    told = next(iter(answer.parts("errors")), Part({}))
    return told.text("code"), first((told.text("details"), told.text("message")))
