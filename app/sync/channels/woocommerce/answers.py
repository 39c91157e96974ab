"""What do a WooCommerce store's answers say: an order, a listing, a refusal?"""

from __future__ import annotations

from app.domain.importing import ListingRow
from app.sync.channels.woocommerce.payloads import order_from
from app.sync.live.bodies import plain
from app.sync.live.channel import SeenOrder, seen
from app.sync.live.payload import Part


def seen_order(part: Part) -> SeenOrder:
    """Return one order, raw and understood."""
    changed_at = part.moment("date_modified_gmt")
    return seen(part.code("id"), plain(dict(part.data)), order_from, changed_at)


def refusal(answer: Part) -> tuple[str, str]:
    """Return code and words of a refusal."""
    return answer.text("code"), answer.text("message")


def stock(product: Part) -> int | None:
    """Return a product's units; ``None`` where the store does not count them (or its product does)."""
    return product.units("stock_quantity") if product.flag("manage_stock") else None


def listing_row(product: Part, number: str, title: str) -> ListingRow:
    """Return one product as it is offered."""
    return ListingRow("woocommerce", product.code("sku"), number, title, stock(product))


def refusals(answer: Part) -> dict[int, str]:
    """Return why single products were refused, by their numbers."""
    return {
        x.units("id") or 0: x.text("error", "message") or "The store did not take it."
        for x in answer.parts("update")
        if x.states("error")
    }
