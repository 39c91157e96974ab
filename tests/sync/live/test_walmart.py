"""Do we speak with Walmart as its own description says, and does nothing get lost on the way?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain.orders import HoldCode
from app.domain.outgoing import CancelledOrder
from app.sync.files.carriers import Carrier
from app.sync.live.channel import OrderRef
from app.sync.live.trouble import (
    InDoubtError,
    RejectedError,
    SignInError,
    TransientError,
)
from app.sync.loopback.faults import Does
from app.sync.loopback.shop import Sold
from tests.contracts.descriptions import Description
from tests.contracts.exchanges import Exchanges, everything_once
from tests.contracts.reference import CONTRACTS, MISSING
from tests.sync.live.practice import Practice, parcel_of, practice
from tests.sync.live.times import START


@pytest.fixture
def walmart() -> Iterator[Practice]:
    with practice("walmart") as opened:
        yield opened


@pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)
def test_every_exchange_is_as_walmarts_description_says() -> None:
    full = "walmart/us-mp-2024-12-full"
    found = Exchanges(
        (
            Description(
                f"{full}/orders.yml",
                inside={"getAnOrder": "order"},
                contradicted=("orderDate",),
                brought=("soIndex", "hasMoreElements"),
            ),
            Description(f"{full}/inventory.yml"),
            Description(f"{full}/feeds.yml"),
            Description(f"{full}/authentication.yml"),
        )
    )
    with practice("walmart", witness=found) as opened:
        opened.shop.page_size = 1
        everything_once(opened)
    assert found.problems == []
    assert found.seen == {"sign_in", "check", "orders", "order", "acknowledge", "confirm", "cancel",
                          "quantity", "read_quantity", "bulk", "listings"}  # fmt: skip


@pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)
@pytest.mark.parametrize("carrier", [*Carrier, "Bob's Vans"])
def test_every_carrier_is_told_by_a_name_that_walmart_lists(carrier: str) -> None:
    found = Exchanges((Description("walmart/us-mp-2024-12-full/orders.yml",
                                   inside={"getAnOrder": "order"}, contradicted=("orderDate",)),),
                      {"/v3/token": "held elsewhere"})  # fmt: skip
    with practice("walmart", witness=found) as opened:
        sold = acknowledged(opened, ("MUG", 1))
        opened.client.confirm(replace(parcel_of(sold), carrier=carrier), "ship:1")
    requests = [x for x in found.problems if " 200: " not in x]
    assert requests == []


def test_an_order_is_acknowledged_once_whatever_is_lost(walmart: Practice) -> None:
    sold = walmart.sell(("MUG", 1))
    walmart.shop.faults.add(Does.COMMIT_THEN_DROP, "acknowledge")
    reference = OrderRef(sold.id, sold.number)
    with pytest.raises(TransientError):  # saying it twice changes nothing there
        walmart.client.acknowledge(reference, "acknowledge:1")
    walmart.client.acknowledge(reference, "acknowledge:1")
    assert len(walmart.shop.told("acknowledge")) == 1


def test_a_part_is_confirmed_as_a_part_and_found_again(walmart: Practice) -> None:
    sold = acknowledged(walmart, ("MUG", 3), ("BOWL", 1))
    first = parcel_of(sold, "1Z1", MUG=2, BOWL=0)
    assert walmart.client.find_confirmation(first) is None
    walmart.client.confirm(first, "ship:1")
    found = walmart.client.find_confirmation(first)
    assert found is not None
    assert found.is_found
    assert [line.open for line in sold.lines] == [1, 1]
    (seen,) = walmart.client.fetch([sold.id])
    assert seen.order is not None
    assert [x.quantity for x in seen.order.lines] == [3, 1]  # shipping is progress, no change


def test_an_answer_that_is_lost_leaves_the_confirmation_in_doubt(walmart: Practice) -> None:
    sold = acknowledged(walmart, ("MUG", 1))
    walmart.shop.faults.add(Does.COMMIT_THEN_DROP, "confirm")
    with pytest.raises(InDoubtError):
        walmart.client.confirm(parcel_of(sold), "ship:1")
    assert walmart.client.find_confirmation(replace(parcel_of(sold), lines=())) is not None


def test_a_refusal_is_told_in_walmarts_own_words(walmart: Practice) -> None:
    sold = walmart.sell(("MUG", 1))
    with pytest.raises(RejectedError, match="not acknowledged") as refused:
        walmart.client.confirm(parcel_of(sold), "ship:1")
    assert refused.value.code == "INVALID_REQUEST_CONTENT.GMP_ORDER_API"


def test_a_shipment_carries_the_method_that_the_order_came_with(walmart: Practice) -> None:
    sold = acknowledged(walmart, ("MUG", 1), service="Express")
    walmart.client.confirm(parcel_of(sold), "ship:1")
    assert sold.is_shipped


def test_what_is_open_of_an_order_is_cancelled_with_a_reason(walmart: Practice) -> None:
    sold = acknowledged(walmart, ("MUG", 3))
    walmart.client.confirm(parcel_of(sold, "1Z1", MUG=1), "ship:1")
    order = CancelledOrder(1, sold.id, sold.number, "The buyer wants it no more", START)
    walmart.client.cancel(order, "cancel:1")
    assert walmart.shop.told("cancel")[0].detail["reason"] == (
        "CUSTOMER_REQUESTED_SELLER_TO_CANCEL"
    )
    assert [line.cancelled for line in sold.lines] == [2]


def test_an_outage_is_never_no_orders(walmart: Practice) -> None:
    for body in (b'{"errors": []}', b"<html>maintenance</html>", b"[]"):
        walmart.shop.faults.add(Does.BODY, "orders", body=body)
        with pytest.raises(TransientError):
            walmart.client.pull(walmart.window())
    walmart.shop.faults.add(Does.STATUS, "orders", status=404)
    with pytest.raises(TransientError):
        walmart.client.pull(walmart.window())


def test_keys_that_walmart_does_not_take_ask_for_new_ones(walmart: Practice) -> None:
    walmart.shop.secrets["client_secret"] = "changed"
    with pytest.raises(SignInError):
        walmart.client.check()


def test_a_customer_who_asked_to_cancel_gets_it_where_it_is_shipped_all_the_same(
    walmart: Practice,
) -> None:
    sold = acknowledged(walmart, ("MUG", 1), cancel_asked="too late")
    (seen,) = walmart.client.fetch([sold.id])
    assert seen.order is not None
    assert {x.code for x in seen.order.holds} == {HoldCode.CANCEL_REQUESTED}
    walmart.client.confirm(parcel_of(sold), "ship:1")
    assert sold.is_shipped


def acknowledged(walmart: Practice, *wanted: tuple[str, int], **more: object) -> Sold:
    """Let a buyer order, and acknowledge it."""
    sold = walmart.sell(*wanted, **more)
    walmart.client.acknowledge(OrderRef(sold.id, sold.number), f"acknowledge:{sold.id}")
    return sold
