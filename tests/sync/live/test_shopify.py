"""Do we speak with Shopify as its own schema says, and does nothing of an order get lost?"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from graphql import ExecutionResult, GraphQLSchema, build_client_schema, execute, parse, validate

from app.domain.orders import ChannelState, HoldCode
from app.domain.outgoing import CancelledOrder, Offer
from app.sync.channels.shopify import queries
from app.sync.channels.shopify.payloads import LEFT_OUT, order_from
from app.sync.live.channel import OrderRef
from app.sync.live.trouble import RejectedError, SignInError, ThrottledError, TransientError
from app.sync.loopback.faults import Does
from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.shop import Shop
from tests.sync.files.reference import MISSING, SHARED
from tests.sync.live.practice import Practice, parcel_of, practice
from tests.sync.live.times import START


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    found = SHARED / "contracts" / "shopify" / "admin-graphql"
    if not found.is_dir():
        pytest.skip(MISSING)
    with gzip.open(found / f"admin_{queries.VERSION}.json.gz") as file:
        said = json.load(file)
    return build_client_schema(said.get("data", said), assume_valid=True)


@pytest.fixture
def shopify() -> Iterator[Practice]:
    with practice("shopify") as opened:
        yield opened


@pytest.mark.parametrize(
    "document", queries.DOCUMENTS, ids=lambda text: text.split("(")[0].split()[1]
)
def test_every_question_is_one_that_shopify_knows(schema: GraphQLSchema, document: str) -> None:
    assert [str(problem) for problem in validate(schema, parse(document))] == []


def test_every_exchange_is_as_shopifys_schema_says(schema: GraphQLSchema) -> None:
    """Executing each document over the answer finds missing, wrong and unknown values."""
    seen: set[str] = set()

    def held_against(_shop: Shop, operation: str, asked: Asked, reply: Reply) -> None:
        document = parse(asked.data["query"])
        assert validate(schema, document) == []
        variables = asked.data["variables"]
        result = execute(schema, document, root_value=reply.data["data"], variable_values=variables)
        assert isinstance(result, ExecutionResult)
        assert result.errors is None, f"{operation}: {result.errors}"
        assert result.data == reply.data["data"]
        seen.add(operation)

    with practice("shopify", witness=held_against) as opened:
        everything_once(opened)
    assert seen == {"check", "orders", "order", "confirm", "cancel", "quantity", "read_quantity",
                    "listings"}  # fmt: skip


def everything_once(opened: Practice) -> None:
    opened.shop.offer("MUG", "Mug", 40)
    sold, other = opened.sell(("MUG", 2)), opened.sell(("MUG", 1))
    opened.client.check()
    opened.client.pull(opened.window())
    opened.client.fetch([sold.id, "1"])
    opened.client.confirm(parcel_of(sold), "ship:1")
    opened.client.find_confirmation(parcel_of(sold))
    opened.client.cancel(CancelledOrder(1, other.id, other.number, "no stock", START), "cancel:1")
    opened.clock.pass_by(1)
    row = opened.client.listings().listings[0]
    offer = Offer(1, row.sku_text, row.listing_id, "", row.title, 5, 37)
    opened.client.read_quantities([offer])
    opened.client.push_quantities([offer], "quantity:1")
    opened.client.pull(opened.window())


def test_an_order_with_many_lines_comes_whole(shopify: Practice) -> None:
    shopify.sell(*[("MUG", 1)] * 40, *[("THING", 1)] * 85)
    (seen,) = shopify.client.pull(shopify.window()).orders
    assert seen.order is not None
    assert len(seen.order.lines) == 125


def test_a_part_is_confirmed_as_a_part_and_found_again(shopify: Practice) -> None:
    sold = shopify.sell(("MUG", 3), ("BOWL", 1))
    first = parcel_of(sold, "1Z1", MUG=2, BOWL=0)
    assert shopify.client.find_confirmation(first) is None
    shopify.client.confirm(first, "ship:1")
    found = shopify.client.find_confirmation(first)
    assert found is not None
    assert found.is_found
    assert [line.open for line in sold.lines] == [1, 1]
    (seen,) = shopify.client.fetch([sold.id])
    assert seen.order is not None
    assert seen.order.state is ChannelState.OPEN


def test_more_than_is_left_is_refused_in_words(shopify: Practice) -> None:
    sold = shopify.sell(("MUG", 1))
    shopify.client.confirm(parcel_of(sold), "ship:1")
    twice = replace(parcel_of(sold), lines=parcel_of(shopify.sell(("MUG", 1))).lines)
    with pytest.raises(RejectedError, match="left to ship"):
        shopify.client.confirm(twice, "ship:2")


def test_a_quantity_that_was_sold_from_in_between_is_not_overwritten(shopify: Practice) -> None:
    row = next(x for x in shopify.client.listings().listings if x.sku_text == "MUG")
    offer = Offer(1, "MUG", row.listing_id, "", "Mug", 12, row.quantity)
    shopify.sell(("MUG", 3))
    (receipt,) = shopify.client.push_quantities([offer], "quantity:1")
    assert "CHANGE_FROM_QUANTITY_STALE" in receipt.problem
    assert shopify.shop.offers["MUG"].quantity == 37
    assert shopify.client.read_quantities([offer]) == {offer: 37}
    (receipt,) = shopify.client.push_quantities([replace(offer, shown=37)], "quantity:2")
    assert (receipt.problem, shopify.shop.offers["MUG"].quantity) == ("", 12)


def test_the_same_key_takes_effect_once(shopify: Practice) -> None:
    row = next(x for x in shopify.client.listings().listings if x.sku_text == "MUG")
    offer = Offer(1, "MUG", row.listing_id, "", "Mug", 12, row.quantity)
    shopify.client.push_quantities([offer], "quantity:1")
    shopify.client.push_quantities([offer], "quantity:1")
    assert len(shopify.shop.told("quantity")) == 1


def test_a_cancelled_order_is_found_cancelled(shopify: Practice) -> None:
    sold = shopify.sell(("MUG", 1))
    order = CancelledOrder(1, sold.id, sold.number, "out of stock", START)
    assert shopify.client.find_cancellation(order) is None
    shopify.client.cancel(order, "cancel:1")
    assert shopify.client.find_cancellation(order) is not None
    assert shopify.shop.told("cancel")[0].detail["reason"] == "INVENTORY"


def test_too_fast_is_said_with_status_200(shopify: Practice) -> None:
    said = {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
            "extensions": {"cost": {"requestedQueryCost": 500, "throttleStatus": {
                "currentlyAvailable": 100, "restoreRate": 50.0, "maximumAvailable": 1000}}}}  # fmt: skip
    shopify.shop.faults.add(Does.BODY, "orders", body=json.dumps(said).encode())
    with pytest.raises(ThrottledError) as trouble:
        shopify.client.pull(shopify.window())
    assert trouble.value.wait == 8.0


def test_an_outage_or_no_data_is_never_no_orders(shopify: Practice) -> None:
    shopify.shop.faults.add(Does.BODY, "orders", body=b"{}")
    with pytest.raises(TransientError):
        shopify.client.pull(shopify.window())


def test_an_expiring_token_is_renewed_and_kept_before_it_is_used() -> None:
    secrets = {"access_token": "old", "refresh_token": "refresh-1", "expires_at": ""}
    with practice("shopify", secrets) as opened:
        opened.client.pull(opened.window())
        assert opened.secrets.kept["refresh_token"] == opened.shop.secrets["refresh_token"]
        assert opened.secrets.kept["access_token"] != "old"
        assert opened.secrets.writes == 1


def test_a_token_that_was_withdrawn_asks_for_a_person(shopify: Practice) -> None:
    shopify.shop.secrets["access_token"] = "another"
    with pytest.raises(SignInError) as trouble:
        shopify.client.check()
    assert "canary" not in str(trouble.value)


def test_one_order_that_cannot_be_read_is_kept_and_says_why(shopify: Practice) -> None:
    good, bad = shopify.sell(("MUG", 1)), shopify.sell(("MUG", 1))
    bad.currency = "dollars"
    found = {each.external_id: each for each in shopify.client.pull(shopify.window()).orders}
    assert found[good.id].order is not None
    assert found[bad.id].order is None
    assert "dollars" in found[bad.id].problem
    assert found[bad.id].payload["name"] == bad.number


@pytest.mark.parametrize(
    ("risk", "held", "trusted"),
    [("CANCEL", True, False), ("INVESTIGATE", True, False), ("NONE", False, False), ("ACCEPT", False, True)],
)  # fmt: skip
def test_an_order_is_held_as_their_look_for_fraud_advises(
    shopify: Practice, risk: str, held: bool, trusted: bool
) -> None:
    shopify.sell(("MUG", 1)).risk = risk
    (seen,) = shopify.client.pull(shopify.window()).orders
    assert seen.order is not None
    assert [x.code for x in seen.order.holds] == [HoldCode.FRAUD_RISK] * held
    assert seen.order.is_trusted is trusted


def test_nothing_is_acknowledged(shopify: Practice) -> None:
    before = len(shopify.shop.requests)
    shopify.client.acknowledge(OrderRef("1", "#1"), "ack:1")
    assert len(shopify.shop.requests) == before


def leaves(payload: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Name every field of a payload."""
    for name, value in payload.items():
        where = f"{path}.{name}" if path else name
        if isinstance(value, dict):
            yield from leaves(value, where)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from leaves(value[0], where)
        else:
            yield where


def test_what_is_not_kept_of_an_order_has_a_reason(shopify: Practice) -> None:
    """A field is used if changing it changes the order, or reading it breaks; else it has a reason."""
    sold = shopify.sell(("MUG", 2), buyer="A", email="a@b.c", note="Thanks", shipping=100, tax=9)
    sold.risk = "INVESTIGATE"
    (seen,) = shopify.client.pull(shopify.window()).orders
    dropped = {
        where for where in leaves(seen.payload)
        if order_from(seen.payload) == changed(seen.payload, where)
    }  # fmt: skip
    quiet = {x for x in dropped if "pageInfo" not in x and not x.endswith("number")}
    assert quiet - set(LEFT_OUT) <= WITHOUT_EFFECT_HERE
    assert set(LEFT_OUT) <= dropped | {"shippingAddress.province"}


# Used, but in this payload its value is one that another gives as well.
WITHOUT_EFFECT_HERE = {
    "cancelledAt", "currentTotalDiscountsSet.shopMoney.amount",
    "lineItems.nodes.discountAllocations", "lineItems.nodes.taxLines", "currentTotalDutiesSet",
    "shippingAddress.company", "shippingAddress.address2", "lineItems.nodes.quantity",
    "displayFinancialStatus", "displayFulfillmentStatus", "shippingAddress.phone", "taxesIncluded",
}  # fmt: skip


def changed(payload: Mapping[str, Any], where: str) -> Any:
    """Read the payload with one field changed."""
    copy = json.loads(json.dumps(payload))
    at = copy
    *way, last = where.split(".")
    for name in way:
        at = at[name][0] if isinstance(at[name], list) else at[name]
    before = at[last]
    if isinstance(before, bool):
        at[last] = not before
    else:
        at[last] = 77 if isinstance(before, int) else "77"
    try:
        return order_from(copy)
    except Exception as broken:  # noqa: BLE001 - whatever it is: the field was read
        return broken
