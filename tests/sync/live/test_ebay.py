"""Do we speak with eBay as its own description says, and does nothing get lost on the way?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain.orders import ChannelState, HoldCode
from app.domain.outgoing import CancelledOrder
from app.sync.live.trouble import InDoubtError, RejectedError, SignInError, TransientError
from app.sync.loopback.faults import Does
from tests.contracts.descriptions import Description
from tests.contracts.exchanges import Exchanges, everything_once
from tests.contracts.reference import CONTRACTS, MISSING
from tests.sync.live.practice import Practice, parcel_of, practice
from tests.sync.live.times import START


@pytest.fixture
def ebay() -> Iterator[Practice]:
    with practice("ebay") as opened:
        yield opened


@pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)
def test_every_exchange_is_as_ebays_descriptions_say() -> None:
    found = Exchanges(
        (
            Description("ebay/sell_fulfillment_v1_oas3.json", "/sell/fulfillment/v1"),
            Description("ebay/sell_inventory_v1_oas3.json", "/sell/inventory/v1"),
            Description("ebay/sell_account_v1_oas3.json", "/sell/account/v1"),
            Description("ebay/post_order_cancellation_oas3.json", "/post-order/v2"),
        ),
        {"/identity/v1/oauth2/token": "no description of eBay's has its sign-in"},
    )
    with practice("ebay", witness=found) as opened:
        opened.shop.page_size = 1
        everything_once(opened)
    assert found.problems == []
    assert found.seen == {"sign_in", "check", "orders", "order", "confirm", "cancel", "quantity",
                          "read_quantity", "listings"}  # fmt: skip


def test_a_request_to_cancel_is_seen_though_a_list_leaves_it_out(ebay: Practice) -> None:
    sold = ebay.sell(("MUG", 1), cancel_asked="BUYER_ASKED_CANCEL")
    (seen,) = ebay.client.pull(ebay.window()).orders
    assert seen.order is not None
    assert {x.code for x in seen.order.holds} == {HoldCode.CANCEL_REQUESTED}
    order = CancelledOrder(1, sold.id, sold.number, "The buyer asked", START)
    ebay.client.cancel(order, "cancel:1")
    assert ebay.shop.told("cancel")[0].detail["reason"] == "BUYER_ASKED_CANCEL"


def test_a_part_is_confirmed_as_a_part_and_found_again(ebay: Practice) -> None:
    sold = ebay.sell(("MUG", 3), ("BOWL", 1))
    first = parcel_of(sold, "1Z 99-1", MUG=2, BOWL=0)
    assert ebay.client.find_confirmation(first) is None
    ebay.client.confirm(first, "ship:1")
    found = ebay.client.find_confirmation(first)  # eBay keeps the number without its blanks
    assert found is not None
    assert found.is_found
    assert [line.open for line in sold.lines] == [1, 1]
    (seen,) = ebay.client.fetch([sold.id])
    assert seen.order is not None
    assert seen.order.state is ChannelState.OPEN


def test_a_line_that_came_by_file_is_found_by_its_sku(ebay: Practice) -> None:
    sold = ebay.sell(("MUG", 1), ("BOWL", 1))
    parcel = parcel_of(sold)
    lines = tuple(replace(x, external_id=f"{x.sku_text}:1") for x in parcel.lines)
    ebay.client.confirm(replace(parcel, lines=lines), "ship:1")
    assert sold.is_shipped


def test_a_line_that_the_order_does_not_have_is_not_confirmed(ebay: Practice) -> None:
    sold = ebay.sell(("MUG", 1))
    lines = tuple(replace(x, external_id="9", sku_text="CUP") for x in parcel_of(sold).lines)
    with pytest.raises(RejectedError, match="no line for CUP"):
        ebay.client.confirm(replace(parcel_of(sold), lines=lines), "ship:1")
    assert ebay.shop.told("confirm") == []


def test_an_answer_that_is_lost_leaves_the_confirmation_in_doubt(ebay: Practice) -> None:
    sold = ebay.sell(("MUG", 1))
    ebay.shop.faults.add(Does.COMMIT_THEN_DROP, "confirm")
    with pytest.raises(InDoubtError):
        ebay.client.confirm(parcel_of(sold), "ship:1")
    assert ebay.client.find_confirmation(parcel_of(sold)) is not None


def test_a_refusal_is_told_in_ebays_own_words(ebay: Practice) -> None:
    sold = ebay.sell(("MUG", 1))
    parcel = parcel_of(sold)
    ebay.client.confirm(parcel, "ship:1")
    with pytest.raises(RejectedError, match="Invalid quantity") as refused:
        ebay.client.confirm(parcel, "ship:2")
    assert refused.value.code == "32210"


def test_an_outage_is_never_no_orders(ebay: Practice) -> None:
    for body in (b'{"errors": []}', b"<html>maintenance</html>", b"[]"):
        ebay.shop.faults.add(Does.BODY, "orders", body=body)
        with pytest.raises(TransientError):
            ebay.client.pull(ebay.window())


def test_a_sign_in_that_has_ended_asks_for_a_new_one(ebay: Practice) -> None:
    ebay.shop.secrets["refresh_token"] = "withdrawn"
    with pytest.raises(SignInError):
        ebay.client.check()
