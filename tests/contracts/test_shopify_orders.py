"""Shopify's own sample orders stand in its webhooks, in an older shape; what they say is understood.

The shape is turned here into that of the API that the desk asks; the values stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from app.domain.orders import ChannelState, HoldCode
from app.sync.channels.shopify.payloads import order_from
from tests.contracts.reference import CONTRACTS, MISSING

pytestmark = pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)

SAMPLES = CONTRACTS / "shopify/webhooks/2026-07/metadatas/orders"


def samples() -> dict[str, Mapping[str, Any]]:
    """Return the sample orders, by the webhook's name."""
    if not SAMPLES.exists():
        return {}
    told = {x.stem: json.loads(x.read_text(encoding="utf-8")) for x in sorted(SAMPLES.iterdir())}
    found = {name: x["response"] for name, x in told.items()}
    return {name: x for name, x in found.items() if "line_items" in x}


def as_asked(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return an order of a webhook in the shape of the API."""
    gid, to = told["admin_graphql_api_id"], told.get("shipping_address") or {}
    return {
        "id": gid, "legacyResourceId": gid.rpartition("/")[2], "name": told["name"],
        "processedAt": told["processed_at"], "updatedAt": told["updated_at"],
        "cancelledAt": told["cancelled_at"], "currencyCode": told["currency"],
        "displayFinancialStatus": (told["financial_status"] or "").upper(),
        "displayFulfillmentStatus": (told["fulfillment_status"] or "unfulfilled").upper(),
        "taxesIncluded": told["taxes_included"], "email": told["email"], "note": told["note"],
        "currentTotalPriceSet": _bag(told["current_total_price_set"]),
        "currentShippingPriceSet": _bag(told["current_shipping_price_set"]),
        "currentTotalTaxSet": _bag(told["current_total_tax_set"]),
        "currentTotalDiscountsSet": _bag(told["current_total_discounts_set"]),
        "currentTotalDutiesSet": _bag(told["current_total_duties_set"]),
        "shippingAddress": {
            "name": to.get("name"), "company": to.get("company"), "address1": to.get("address1"),
            "address2": to.get("address2"), "city": to.get("city"), "zip": to.get("zip"),
            "provinceCode": to.get("province_code"), "countryCodeV2": to.get("country_code"),
            "phone": to.get("phone"),
        },
        "shippingLine": {"title": next((x["title"] for x in told["shipping_lines"]), None)},
        "lineItems": {"nodes": [_line(x) for x in told["line_items"]]},
    }  # fmt: skip


def _line(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": told["admin_graphql_api_id"], "sku": told["sku"], "name": told["name"],
        "quantity": told["quantity"], "currentQuantity": told["current_quantity"],
        "requiresShipping": told["requires_shipping"],
        "originalUnitPriceSet": _bag(told["price_set"]),
        "discountAllocations": [
            {"allocatedAmountSet": _bag(x["amount_set"])} for x in told["discount_allocations"]
        ],
        "taxLines": [{"priceSet": _bag(x["price_set"])} for x in told["tax_lines"]],
        "product": {"id": f"gid://shopify/Product/{told['product_id']}"},
    }  # fmt: skip


def _bag(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if told is None:
        return None
    money = told["shop_money"]
    return {"shopMoney": {"amount": money["amount"], "currencyCode": money["currency_code"]}}


def test_every_sample_order_is_understood() -> None:
    found = samples()
    assert found
    for name, told in found.items():
        order = order_from(as_asked(told))
        assert order.number == told["name"], name
        assert sum(x.quantity for x in order.lines) == sum(
            x["current_quantity"] for x in told["line_items"]
        ), name
        assert order.total == round(float(told["current_total_price"]) * 100), name
        assert HoldCode.STATUS_UNCLEAR not in {x.code for x in order.holds}, name


def test_an_order_that_the_buyer_cancelled_is_cancelled() -> None:
    told = samples()["create"]
    order = order_from(as_asked(told))
    assert (told["cancel_reason"], order.state) == ("customer", ChannelState.CANCELLED)
