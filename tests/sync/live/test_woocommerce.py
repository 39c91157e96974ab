"""Do we speak with WooCommerce as its documentation says, and does nothing get lost on the way?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain.orders import ChannelState
from app.domain.outgoing import CancelledOrder, Offer
from app.sync.live.trouble import InDoubtError, RejectedError, SignInError, TransientError
from app.sync.loopback.faults import Does
from tests.contracts.documented import Documented
from tests.contracts.exchanges import everything_once
from tests.contracts.reference import CONTRACTS, MISSING
from tests.sync.live.practice import Practice, parcel_of, practice
from tests.sync.live.times import START


@pytest.fixture
def store() -> Iterator[Practice]:
    with practice("woocommerce") as opened:
        yield opened


@pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)
def test_every_request_is_one_that_the_documentation_knows() -> None:
    found = Documented()
    with practice("woocommerce", witness=found) as opened:
        opened.shop.page_size = 1
        everything_once(opened)
    assert found.problems == []
    assert {"orders", "order", "note", "confirm", "cancel", "quantity", "listings"} == found.seen


def test_an_order_is_completed_with_its_last_parcel(store: Practice) -> None:
    sold = store.sell(("MUG", 3), ("BOWL", 1))
    first = replace(parcel_of(sold, "1Z1", MUG=2, BOWL=0), is_last=False)
    store.client.confirm(first, "ship:1")
    assert [x.open for x in sold.lines] == [1, 1]
    assert store.client.find_confirmation(first) is not None
    last = replace(parcel_of(sold, "1Z2"), is_whole=False, is_last=True)
    assert store.client.find_confirmation(last) is None
    store.client.confirm(last, "ship:2")
    (seen,) = store.client.fetch([sold.id])
    assert seen.order is not None
    assert seen.order.state is ChannelState.SHIPPED


def test_the_buyer_is_told_once_though_the_store_broke_off_in_between(store: Practice) -> None:
    sold = store.sell(("MUG", 1))
    store.shop.faults.add(Does.STATUS, "confirm", status=503)
    with pytest.raises(TransientError):
        store.client.confirm(parcel_of(sold), "ship:1")
    assert store.client.find_confirmation(parcel_of(sold)) is None
    store.client.confirm(parcel_of(sold), "ship:1")
    store.client.confirm(parcel_of(sold), "ship:1")
    assert len(store.shop.answered[f"notes:{sold.id}"]) == 1
    assert len(store.shop.told("confirm")) == 1


def test_a_note_whose_answer_is_lost_is_looked_for(store: Practice) -> None:
    sold = store.sell(("MUG", 1))
    store.shop.faults.add(Does.COMMIT_THEN_DROP, "note")
    with pytest.raises(InDoubtError):
        store.client.confirm(parcel_of(sold), "ship:1")
    store.client.confirm(parcel_of(sold), "ship:1")
    assert len(store.shop.answered[f"notes:{sold.id}"]) == 1


def test_a_cancelled_order_is_found_cancelled(store: Practice) -> None:
    sold = store.sell(("MUG", 1))
    order = CancelledOrder(1, sold.id, sold.number, "no stock", START)
    assert store.client.find_cancellation(order) is None
    store.client.cancel(order, "cancel:1")
    assert store.client.find_cancellation(order) is not None


def test_one_product_that_is_refused_does_not_keep_back_the_others(store: Practice) -> None:
    store.shop.offers["BOWL"].is_refused = True
    listed = store.client.listings().listings
    offers = [Offer(at, x.sku_text, x.listing_id, "", "", 7) for at, x in enumerate(listed)]
    problems = {x.offer.sku_text: x.problem for x in store.client.push_quantities(offers, "q:1")}
    assert problems == {"MUG": "", "BOWL": "Invalid ID."}
    assert store.shop.offers["MUG"].quantity == 7
    unknown = Offer(9, "CUP", "", "", "Cup", 7)
    assert "not known" in store.client.push_quantities([unknown], "q:2")[0].problem


def test_an_outage_is_never_no_orders(store: Practice) -> None:
    for body in (b'{"errors": []}', b"<html>maintenance</html>", b"null"):
        store.shop.faults.add(Does.BODY, "orders", body=body)
        with pytest.raises(TransientError):
            store.client.pull(store.window())


def test_keys_that_were_withdrawn_ask_for_new_ones(store: Practice) -> None:
    store.shop.secrets["consumer_secret"] = "withdrawn"
    with pytest.raises(SignInError):
        store.client.check()


def test_an_order_that_was_deleted_is_not_told(store: Practice) -> None:
    sold = store.sell(("MUG", 1))
    del store.shop.orders[sold.id]
    with pytest.raises(RejectedError, match="does not know this order"):
        store.client.confirm(parcel_of(sold), "ship:1")
