"""Every order in WooCommerce's documentation becomes one of ours; what is left out has a reason."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from app.domain.orders import ChannelState, HoldCode
from app.sync.channels.woocommerce.payloads import order_from
from tests.contracts.losses import dropped, unexplained
from tests.contracts.reference import CONTRACTS, MISSING

pytestmark = pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)

_SUM = "a part of a sum that is mapped"
_SITE = "the site's own"
_TIME = "the status says how far the order is"

DROPPED = {
    "_links": "where the site keeps it",
    "billing": "read where the order has no shipping address; name and e-mail always",
    "cart_hash": _SITE,
    "cart_tax": _SUM,
    "created_via": _SITE,
    "customer_id": _SITE,
    "customer_ip_address": "not needed to ship, so not kept",
    "customer_user_agent": "not needed to ship, so not kept",
    "date_completed": _TIME,
    "date_completed_gmt": _TIME,
    "date_created": "the same moment as date_created_gmt, by the site's clock",
    "date_modified": "kept beside the order, for the cursor",
    "date_modified_gmt": "kept beside the order, for the cursor",
    "date_paid": _TIME,
    "date_paid_gmt": _TIME,
    "discount_tax": _SUM,
    "discount_total": "the lines state what was taken off each",
    "line_items[].meta_data[].id": _SITE,
    "line_items[].price": "the line's sum holds; this is rounded",
    "line_items[].subtotal_tax": _SUM,
    "line_items[].taxes": _SUM,
    "meta_data": _SITE,
    "order_key": _SITE,
    "parent_id": _SITE,
    "payment_method": "the shop collects the money",
    "payment_method_title": "the shop collects the money",
    "prices_include_tax": "amounts are without tax here, whatever the shop shows",
    "shipping_lines[].id": _SITE,
    "shipping_lines[].meta_data": _SITE,
    "shipping_lines[].method_id": "the words for it are the service",
    "shipping_lines[].total": _SUM,
    "shipping_lines[].total_tax": _SUM,
    "shipping_tax": _SUM,
    "tax_lines": _SUM,
    "version": _SITE,
}


def orders() -> list[dict[str, Any]]:
    """Return every order of the documentation's examples, each once."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((CONTRACTS / "woocommerce/samples").glob("orders__*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        several = told if isinstance(told, list) else told.get("create", [told])
        more = told.get("update", []) if isinstance(told, dict) else []
        found.update({repr(x): x for x in [*several, *more] if "line_items" in x})
    return list(found.values())


def test_no_field_is_dropped_without_a_reason() -> None:
    assert unexplained(dropped(order_from, orders()), DROPPED) == set()


def test_every_order_adds_up_to_the_total_that_the_shop_states() -> None:
    for payload in orders():
        codes = {x.code for x in order_from(payload).holds}
        assert HoldCode.TOTAL_MISMATCH not in codes, payload["number"]


def test_a_coupon_is_on_its_line_and_a_fee_beside_it() -> None:
    payload = an_order(
        total="36.35", fee_lines=[{"total": "9.00"}, {"total": "-2.00"}], discount_total="0.00"
    )
    order = order_from(payload)
    assert (order.shipping, order.discount) == (1900, 200)
    payload["line_items"][0].update(subtotal="6.00", total="4.50")
    line = order_from(payload).lines[0]
    assert (line.unit_price, line.quantity, line.discount) == (300, 2, 150)


def test_an_order_without_a_shipping_address_goes_to_its_payer() -> None:
    payload = an_order()
    payload["shipping"] = dict.fromkeys(payload["shipping"], "")
    assert order_from(payload).ship_to.line1 == payload["billing"]["address_1"]


def test_a_plug_ins_status_is_quoted_and_holds_the_order() -> None:
    order = order_from(an_order(status="packed-by-robot"))
    assert order.state is ChannelState.OPEN
    assert "packed-by-robot" in order.holds[0].reason


def test_what_the_buyer_had_put_on_a_thing_is_part_of_its_title() -> None:
    payload = an_order()
    payload["line_items"][0]["meta_data"] = [
        {"id": 1, "key": "Engraving", "value": "For Tom &amp; Ann"},
        {"id": 2, "key": "_internal", "value": "x"},
    ]
    assert order_from(payload).lines[0].title == "Woo Single #1 (Engraving: For Tom & Ann)"


def an_order(**changes: Any) -> dict[str, Any]:
    found = next(x for x in orders() if x["number"] == "727" and x["status"] == "processing")
    return {**copy.deepcopy(found), **changes}
