"""What do eBay's answers say: an order, an item, a refusal?"""

from __future__ import annotations

from app.domain.importing import ListingRow
from app.sync.channels.ebay.payloads import order_from
from app.sync.live.bodies import plain
from app.sync.live.channel import SeenOrder, seen
from app.sync.live.payload import Part, first

_SHIP_TO = ("availability", "shipToLocationAvailability", "quantity")


def seen_order(part: Part) -> SeenOrder:
    """Return one order, raw and understood."""
    changed_at = part.moment("lastModifiedDate")
    return seen(part.code("orderId"), plain(dict(part.data)), order_from, changed_at)


def item_row(item: Part) -> ListingRow:
    """Return one inventory item as a listing: eBay takes its quantity by the SKU."""
    sku, title = item.code("sku"), item.text("product", "title")
    return ListingRow("ebay", sku, sku, title, item.units(*_SHIP_TO))


def shown(answer: Part) -> dict[str, int | None]:
    """Return how many units each SKU of an answer shows; those that eBay does not have are left out."""
    return {
        x.code("sku"): x.units("inventoryItem", *_SHIP_TO)
        for x in answer.parts("responses")
        if _is_fine(x)
    }


def refusals(answer: Part) -> dict[str, str]:
    """Return what was refused in an answer, by SKU: in all, or on one of its listings."""
    found: dict[str, str] = {}
    for each in answer.parts("responses"):
        if not _is_fine(each):
            found[each.code("sku")] = _words(each) or "eBay did not take it."
    return found


def refusal(answer: Part) -> tuple[str, str]:
    """Return code and words of a refusal."""
    return first(x.text("errorId") for x in answer.parts("errors")), _words(answer)


def _is_fine(each: Part) -> bool:
    return (each.units("statusCode") or 200) < 300


def _words(told: Part) -> str:
    words = (first((x.text("longMessage"), x.text("message"))) for x in told.parts("errors"))
    return " ".join(x for x in words if x)[:300]
