"""The check of requests against descriptions can fail: what is wrong is found."""

from __future__ import annotations

import json

import pytest

from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.shop import Shop
from tests.contracts.descriptions import Description
from tests.contracts.documented import Documented
from tests.contracts.reference import CONTRACTS, MISSING
from tests.sync.live.times import FakeClock

pytestmark = pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)

EBAY = Description("ebay/sell_fulfillment_v1_oas3.json", "/sell/fulfillment/v1")
AMAZON = Description("amazon/models/orders_2026-01-01.json")
ETSY = Description("etsy/etsy-openapi-3.0.0.json")
JSON = {"content-type": "application/json"}


def _confirm(body: object) -> list[str]:
    path = "/sell/fulfillment/v1/order/12-3/shipping_fulfillment"
    return EBAY.problems("POST", path, "", JSON, json.dumps(body).encode())


def test_a_right_request_has_no_problem() -> None:
    assert _confirm({"lineItems": [{"lineItemId": "1", "quantity": 2}]}) == []


def test_a_field_that_is_misspelt_or_of_another_kind_is_found() -> None:
    assert "no field" in _confirm({"lineitems": []})[0]
    assert "not of type" in _confirm({"lineItems": [{"lineItemId": 1}]})[0]


def test_a_parameter_or_path_that_is_not_known_is_found() -> None:
    path = "/orders/2026-01-01/orders"
    assert AMAZON.problems("GET", path, "createdAfter=2026-01-01T00:00:00Z", {}, b"") == []
    assert "Colour" in AMAZON.problems("GET", path, "Colour=red", {}, b"")[0]
    assert "date-time" in AMAZON.problems("GET", path, "createdAfter=yesterday", {}, b"")[0]
    assert "'MINE'" in AMAZON.problems("GET", path, "includedData=BUYER,MINE", {}, b"")[0]
    assert "knows no" in AMAZON.problems("PUT", path, "", {}, b"")[0]


def test_a_form_is_held_against_its_schema() -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    path = "/v3/application/shops/1/receipts/2/tracking"
    assert ETSY.problems("POST", path, "", form, b"tracking_code=1Z&carrier_name=ups") == []
    assert "no field" in ETSY.problems("POST", path, "", form, b"code=1Z")[0]


def test_an_answer_that_lacks_what_is_promised_is_found() -> None:
    path = "/orders/2026-01-01/orders"
    assert AMAZON.answer_problems("GET", path, 200, {"orders": []}) == []
    assert "required" in AMAZON.answer_problems("GET", path, 200, {})[0]
    assert "never answers" in AMAZON.answer_problems("GET", path, 299, {})[0]


def test_what_woocommerce_documents_nowhere_is_found() -> None:
    found = Documented()
    shop = Shop("practice", "woocommerce", FakeClock())
    for method, path, query, body in (
        ("GET", "/orders", {"colour": "red"}, b""),
        ("PUT", "/orders/7", {}, b'{"total": "1.00", "status": 7}'),
        ("GET", "/customers", {}, b""),
    ):
        found(shop, "", Asked(method, f"/wp-json/wc/v3{path}", query, {}, body), Reply())
    assert found.problems == [
        "_orders.md has no parameter 'colour'",
        "_orders.md lets nobody write 'total'",
        "_orders.md wants 'status' as string",
        "no page has GET /wp-json/wc/v3/customers",
    ]
