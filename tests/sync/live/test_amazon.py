"""Do we speak with Amazon as its own descriptions say, and does nothing get lost on the way?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.importing import ListingRow
from app.domain.orders import ChannelState, HoldCode
from app.domain.outgoing import CancelledOrder, Offer
from app.sync.channels.amazon.documents import listing_rows
from app.sync.channels.amazon.listings import FBA_PLACE
from app.sync.live.channel import Window
from app.sync.live.trouble import (
    InDoubtError,
    RejectedError,
    SignInError,
    StaleTokenError,
    TransientError,
)
from app.sync.loopback.faults import Does
from tests.contracts.descriptions import Description
from tests.contracts.exchanges import Exchanges, everything_once
from tests.contracts.reference import CONTRACTS, MISSING
from tests.sync.live.practice import Practice, parcel_of, practice
from tests.sync.live.times import START

MODELS = ("orders_2026-01-01", "ordersV0", "listingsItems_2021-08-01", "fbaInventory",
          "feeds_2021-06-30", "reports_2021-06-30", "sellers")  # fmt: skip


@pytest.fixture
def amazon() -> Iterator[Practice]:
    with practice("amazon") as opened:
        yield opened


@pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)
def test_every_exchange_is_as_amazons_descriptions_say() -> None:
    found = Exchanges(
        tuple(Description(f"amazon/models/{x}.json") for x in MODELS),
        {
            "/auth/o2/token": "Amazon's sign-in is described in words only",
            "/documents/": "a document lies at an address of its own, without any token",
        },
    )
    with practice("amazon", witness=found) as opened:
        opened.shop.page_size = 1
        everything_once(opened)
    assert found.problems == []
    assert found.seen == {"sign_in", "check", "orders", "order", "confirm", "cancel", "quantity",
                          "read_quantity", "bulk", "listings"}  # fmt: skip


def test_an_order_that_is_not_paid_waits_without_price_and_address(amazon: Practice) -> None:
    amazon.sell(("MUG", 2), is_paid=False)
    (seen,) = amazon.client.pull(amazon.window()).orders
    assert seen.order is not None
    assert seen.order.state is ChannelState.AWAITING_PAYMENT
    assert (seen.order.worth, seen.order.lines[0].quantity) == (0, 2)


def test_amazon_is_not_asked_about_the_last_two_minutes(amazon: Practice) -> None:
    now = amazon.clock.now()
    with pytest.raises(RejectedError, match="two minutes"):
        amazon.client.pull(Window(now - timedelta(days=1), now))
    settled = now - amazon.adapter.traits.settle
    assert amazon.client.pull(Window(now - timedelta(days=1), settled)).orders == ()


def test_a_page_token_that_has_expired_starts_the_window_again(amazon: Practice) -> None:
    amazon.shop.page_size = 1
    for _ in range(3):
        amazon.sell(("MUG", 1))
    asked = amazon.window()
    token = amazon.client.pull(asked).next
    amazon.shop.faults.add(Does.STALE_TOKEN, "orders")
    with pytest.raises(StaleTokenError):
        amazon.client.pull(asked, token)


def test_a_parcel_is_confirmed_by_itself_and_found_again(amazon: Practice) -> None:
    sold = amazon.sell(("MUG", 3), ("BOWL", 1))
    first = parcel_of(sold, "1Z1", MUG=2, BOWL=0)
    assert amazon.client.find_confirmation(first) is None
    amazon.client.confirm(first, "ship:1")
    found = amazon.client.find_confirmation(first)
    assert found is not None
    assert found.is_found
    second = replace(parcel_of(sold, "1Z2"), message_id=2)
    amazon.client.confirm(second, "ship:2")
    assert [x.id for x in sold.parcels] == ["1", "2"]
    (seen,) = amazon.client.fetch([sold.id])
    assert seen.order is not None
    assert seen.order.state is ChannelState.SHIPPED


def test_a_carrier_that_amazon_does_not_list_is_told_by_its_name(amazon: Practice) -> None:
    sold = amazon.sell(("MUG", 1))
    amazon.client.confirm(replace(parcel_of(sold), carrier="Bob's Vans"), "ship:1")
    assert amazon.shop.told("confirm")[0].detail["carrier"] == "Bob's Vans"


def test_a_line_that_came_by_a_report_without_item_ids_is_found_by_its_sku(
    amazon: Practice,
) -> None:
    sold = amazon.sell(("MUG", 1), ("BOWL", 1))
    lines = tuple(replace(x, external_id=f"{x.sku_text}/B0:1") for x in parcel_of(sold).lines)
    amazon.client.confirm(replace(parcel_of(sold), lines=lines), "ship:1")
    assert sold.is_shipped


def test_an_answer_that_is_lost_leaves_the_confirmation_in_doubt(amazon: Practice) -> None:
    sold = amazon.sell(("MUG", 1))
    amazon.shop.faults.add(Does.COMMIT_THEN_DROP, "confirm")
    with pytest.raises(InDoubtError):
        amazon.client.confirm(parcel_of(sold), "ship:1")
    assert amazon.client.find_confirmation(parcel_of(sold)) is not None


def test_a_refusal_is_told_in_amazons_own_words(amazon: Practice) -> None:
    sold = amazon.sell(("MUG", 1))
    parcel = parcel_of(sold)
    amazon.client.confirm(parcel, "ship:1")
    with pytest.raises(RejectedError, match="already fulfilled") as refused:
        amazon.client.confirm(parcel, "ship:2")
    assert refused.value.code == "InvalidInput"


def test_a_seller_cancels_by_a_feed_that_names_every_item(amazon: Practice) -> None:
    sold = amazon.sell(("MUG", 1), ("BOWL", 1))
    order = CancelledOrder(1, sold.id, sold.number, "out of stock", START)
    assert amazon.client.find_cancellation(order) is None
    amazon.client.cancel(order, "cancel:1")
    assert amazon.shop.told("cancel")[0].detail["reason"] == "NoInventory"
    assert amazon.client.find_cancellation(order) is not None
    (document,) = [x for key, x in amazon.shop.answered.items() if key.startswith("document:")]
    assert [f"<AmazonOrderItemCode>{x.id}<".encode() in document for x in sold.lines] == [
        True, True,
    ]  # fmt: skip


def test_a_buyer_who_asks_to_cancel_stops_the_order(amazon: Practice) -> None:
    sold = amazon.sell(("MUG", 1), cancel_asked="Found it cheaper")
    (seen,) = amazon.client.fetch([sold.id])
    assert seen.order is not None
    assert {x.code for x in seen.order.holds} == {HoldCode.CANCEL_REQUESTED}


def test_what_lies_at_amazon_is_never_told(amazon: Practice) -> None:
    offer = Offer(1, "MUG", "", FBA_PLACE, "Mug", 7)
    (receipt,) = amazon.client.push_quantities([offer], "quantity:1")
    assert "keeps these units itself" in receipt.problem
    assert amazon.shop.offers["MUG"].quantity == 40


def test_listings_come_by_a_report_that_is_made_first(amazon: Practice) -> None:
    amazon.shop.offer("FBA-CUP", "Cup", 3)
    rows: list[ListingRow] = []
    token, looks = "", 0
    while True:
        page = amazon.client.listings(token)
        rows, token, looks = [*rows, *page.listings], page.next, looks + 1
        if not token:
            break
    assert looks == 4  # asked for, not yet, made, and what lies at Amazon
    assert [(x.sku_text, x.quantity, x.location) for x in rows] == [
        ("MUG", 40, ""), ("BOWL", 9, ""), ("FBA-CUP", 3, ""), ("FBA-CUP", 0, FBA_PLACE),
    ]  # fmt: skip


def test_a_report_that_arrives_cut_off_is_never_taken_as_whole(amazon: Practice) -> None:
    token = amazon.client.listings(amazon.client.listings().next).next
    for cut in (Does.TRUNCATE, Does.TRUNCATE_QUIETLY):
        amazon.shop.faults.add(cut, "listings", nth=3)
        with pytest.raises(TransientError):
            amazon.client.listings(token)


def test_an_empty_quantity_in_a_report_is_not_zero() -> None:
    report = (
        "item-name\tseller-sku\tquantity\tasin1\nCafé mug\tMUG\t\tB01\nBowl\tBOWL\t0\tB02\n\t\t\t\n"
    ).encode("cp1252")
    assert [(x.sku_text, x.title, x.quantity) for x in listing_rows(report)] == [
        ("MUG", "Café mug", None), ("BOWL", "Bowl", 0),
    ]  # fmt: skip


def test_an_outage_is_never_no_orders(amazon: Practice) -> None:
    asked = amazon.window()
    for body in (b'{"errors": []}', b"<html>maintenance</html>", b"[]"):
        amazon.shop.faults.add(Does.BODY, "orders", body=body)
        with pytest.raises(TransientError):
            amazon.client.pull(asked)


def test_what_is_not_allowed_is_not_asked_for_ever(amazon: Practice) -> None:
    amazon.client.check()
    amazon.shop.faults.add(Does.STATUS, "check", status=403, count=5)
    with pytest.raises(SignInError):
        amazon.client.check()
    assert len([x for x in amazon.shop.requests if x.status == 403]) == 2


def test_a_sign_in_that_has_ended_asks_for_a_new_one(amazon: Practice) -> None:
    amazon.shop.secrets["refresh_token"] = "withdrawn"
    with pytest.raises(SignInError):
        amazon.client.check()
