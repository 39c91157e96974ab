"""How does Shopify write an order, an amount, a moment? The values of the loopback dialect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.domain.money import to_decimal
from app.domain.orders import Address
from app.sync.loopback.shop import Sold, SoldLine


def order(sold: Sold) -> dict[str, Any]:
    """Return an order."""
    left = sum((line.quantity - line.cancelled) * line.price for line in sold.lines)
    return {
        "id": gid("Order", sold.id), "legacyResourceId": sold.id, "name": sold.number,
        "createdAt": time_of(sold.placed_at), "processedAt": time_of(sold.placed_at),
        "updatedAt": time_of(sold.changed_at), "cancelledAt": time_of(sold.cancelled_at),
        "cancelReason": "OTHER" if sold.cancelled_at else None, "test": False,
        "risk": {"recommendation": sold.risk},
        "currencyCode": sold.currency, "displayFinancialStatus": "PAID" if sold.is_paid else "PENDING",
        "displayFulfillmentStatus": _progress(sold), "taxesIncluded": False,
        "email": sold.email or None, "note": sold.note or None, "tags": [],
        "currentTotalPriceSet": bag(left + sold.shipping + sold.tax, sold.currency),
        "currentShippingPriceSet": bag(sold.shipping, sold.currency),
        "currentTotalTaxSet": bag(sold.tax, sold.currency),
        "currentTotalDiscountsSet": bag(0, sold.currency),
        "currentTotalDutiesSet": None,
        "billingAddress": {"name": sold.buyer} if sold.buyer else None,
        "shippingAddress": _address(sold.ship_to),
        "shippingLine": {"title": sold.service}, "refunds": [],
        "lineItems": lines_of(sold, 0),
    }  # fmt: skip


def _progress(sold: Sold) -> str:
    if sold.is_shipped:
        return "FULFILLED"
    return "PARTIALLY_FULFILLED" if sold.parcels else "UNFULFILLED"


def lines_of(sold: Sold, start: int) -> dict[str, Any]:
    """Return one page of an order's lines."""
    mine: Sequence[SoldLine] = sold.lines[start : start + 50]
    more = start + 50 < len(sold.lines)
    return {
        "pageInfo": {"hasNextPage": more, "endCursor": str(start + 50) if more else None},
        "nodes": [
            {"id": gid("LineItem", line.id), "sku": line.sku, "name": line.title,
             "quantity": line.quantity, "currentQuantity": line.quantity - line.cancelled,
             "requiresShipping": True,
             "originalUnitPriceSet": bag(line.price, sold.currency),
             "discountAllocations": [], "taxLines": [],
             "product": {"id": gid("Product", line.id)}}
            for line in mine
        ],
    }  # fmt: skip


def _address(to: Address) -> dict[str, Any]:
    return {
        "name": to.name, "company": to.company or None, "address1": to.line1,
        "address2": to.line2 or None, "city": to.city, "province": to.state,
        "provinceCode": to.state, "zip": to.postcode, "country": to.country,
        "countryCodeV2": to.country, "phone": to.phone or None,
    }  # fmt: skip


def bag(minor: int, currency: str) -> dict[str, Any]:
    """Return an amount with its currency."""
    return {"shopMoney": {"amount": amount(minor, currency), "currencyCode": currency}}


def amount(minor: int, currency: str) -> str:
    """Return an amount."""
    return str(to_decimal(minor, currency))


def time_of(moment: datetime | None) -> str | None:
    """Return a moment."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def whole(moment: datetime) -> datetime:
    """Return a moment to the second, as Shopify keeps it."""
    return moment.replace(microsecond=0)


def gid(kind: str, number: str) -> str:
    """Return a global id."""
    return f"gid://shopify/{kind}/{number}"


def number(gid: str) -> str:
    """Return the number in a global id."""
    return gid.rpartition("/")[2]
