"""Do we speak with Etsy as its own description says, and does nothing get lost on the way?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from app.domain.outgoing import CancelledOrder, Offer
from app.sync.channels.etsy import telling
from app.sync.live.terms import Capability
from app.sync.live.trouble import InDoubtError, RejectedError, SignInError, TransientError
from app.sync.loopback.faults import Does
from tests.contracts.descriptions import Description
from tests.contracts.exchanges import Exchanges, everything_once
from tests.contracts.reference import CONTRACTS, MISSING
from tests.sync.live.practice import HOME, Practice, parcel_of, practice
from tests.sync.live.times import START


@pytest.fixture
def etsy() -> Iterator[Practice]:
    with practice("etsy") as opened:
        yield opened


@pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)
def test_every_exchange_is_as_etsys_description_says() -> None:
    found = Exchanges(
        (Description("etsy/etsy-openapi-3.0.0.json"),),
        {"/v3/public/oauth/token": "the description names the address and nothing more"},
    )
    with practice("etsy", witness=found) as opened:
        opened.shop.page_size = 1
        everything_once(opened)
    assert found.problems == []
    assert found.seen == {"sign_in", "check", "orders", "order", "confirm", "quantity",
                          "read_quantity", "listings"}  # fmt: skip


def test_a_shop_in_yen_has_no_hundredths() -> None:
    with practice("etsy") as opened:
        opened.shop.currency = "JPY"
        opened.shop.offer("MUG", "Mug", 4, 1200)
        opened.shop.place([("MUG", 1)], HOME, currency="JPY", shipping=500)
        (seen,) = opened.client.pull(opened.window()).orders
    assert seen.order is not None
    assert (seen.order.currency, seen.order.total) == ("JPY", 1700)


def test_an_order_is_confirmed_as_a_whole_and_found_again(etsy: Practice) -> None:
    assert not etsy.adapter.traits.takes(Capability.PARTIAL)
    sold = etsy.sell(("MUG", 3), ("BOWL", 1))
    assert etsy.client.find_confirmation(parcel_of(sold)) is None
    etsy.client.confirm(parcel_of(sold), "ship:1")
    found = etsy.client.find_confirmation(parcel_of(sold))
    assert found is not None
    assert found.is_found
    assert sold.is_shipped
    assert etsy.shop.told("confirm")[0].detail["carrier"] == "ups"


def test_an_answer_that_is_lost_leaves_the_confirmation_in_doubt(etsy: Practice) -> None:
    sold = etsy.sell(("MUG", 1))
    etsy.shop.faults.add(Does.COMMIT_THEN_DROP, "confirm")
    with pytest.raises(InDoubtError):
        etsy.client.confirm(parcel_of(sold), "ship:1")
    assert etsy.client.find_confirmation(parcel_of(sold)) is not None


def test_a_cancellation_is_a_task_for_a_person(etsy: Practice) -> None:
    sold = etsy.sell(("MUG", 1))
    order = CancelledOrder(1, sold.id, sold.number, "no stock", START)
    with pytest.raises(RejectedError, match="no cancellation") as refused:
        etsy.client.cancel(order, "cancel:1")
    assert "Shop Manager" in refused.value.advice
    etsy.shop.cancel(sold, "by hand", by="seller")
    assert etsy.client.find_cancellation(order) is not None


def test_one_listing_that_is_refused_does_not_keep_back_the_others(etsy: Practice) -> None:
    etsy.shop.offers["BOWL"].is_refused = True
    offers = [Offer(at, x.sku_text, x.listing_id, "", x.title, 7)
              for at, x in enumerate(etsy.client.listings().listings)]  # fmt: skip
    problems = {x.offer.sku_text: x.problem for x in etsy.client.push_quantities(offers, "q:1")}
    assert ("cannot be changed" in problems["BOWL"], problems["MUG"]) == (True, "")
    assert etsy.shop.offers["MUG"].quantity == 7


def test_a_sku_that_is_not_on_its_listing_any_more_is_said(etsy: Practice) -> None:
    number = str(etsy.shop.offers["MUG"].id)
    offers = [Offer(1, "CUP", number, "", "Cup", 7), Offer(2, "CUP", "", "", "Cup", 7)]
    gone, nowhere = etsy.client.push_quantities(offers, "q:1")
    assert "not on this listing" in gone.problem
    assert "not known" in nowhere.problem
    assert etsy.client.read_quantities(offers[:1]) == {}


def test_all_of_a_listing_but_the_quantity_is_written_back_as_it_was() -> None:
    there = a_listing(quantity_on_property=[513])
    written = telling.inventory(there, {"MUG-S": 3})
    assert [x["offerings"][0]["quantity"] for x in written["products"]] == [3, 8]
    assert written["products"][1] == {
        "sku": "MUG-L",
        "property_values": [
            {"property_id": 513, "value_ids": [2], "property_name": "Size", "values": ["L"]}
        ],
        "offerings": [
            {"price": 12.5, "quantity": 8, "is_enabled": False, "readiness_state_id": 77}
        ],
    }
    assert (written["price_on_property"], written["sku_on_property"]) == ([513], [513])


def test_a_quantity_that_variations_share_is_the_smallest_that_is_wanted() -> None:
    written = telling.inventory(a_listing(quantity_on_property=[]), {"MUG-S": 3, "MUG-L": 1})
    assert [x["offerings"][0]["quantity"] for x in written["products"]] == [1, 1]


def a_listing(quantity_on_property: list[int]) -> Mapping[str, Any]:
    def product(at: int, sku: str, value: str, *, is_enabled: bool) -> dict[str, Any]:
        price = {"amount": 1250, "divisor": 100, "currency_code": "USD"}
        offering = {"offering_id": at, "quantity": 8, "is_enabled": is_enabled,
                    "is_deleted": False, "price": price, "readiness_state_id": 77}  # fmt: skip
        size = {"property_id": 513, "property_name": "Size", "scale_id": None, "value_ids": [at],
                "values": [value]}  # fmt: skip
        return {"product_id": at, "sku": sku, "is_deleted": False, "offerings": [offering],
                "property_values": [size]}  # fmt: skip

    gone = {**product(3, "MUG-XL", "XL", is_enabled=True), "is_deleted": True}
    return {
        "products": [product(1, "MUG-S", "S", is_enabled=True),
                     product(2, "MUG-L", "L", is_enabled=False), gone],
        "price_on_property": [513], "quantity_on_property": quantity_on_property,
        "sku_on_property": [513],
    }  # fmt: skip


def test_an_outage_is_never_no_orders(etsy: Practice) -> None:
    for body in (b'{"errors": []}', b"<html>maintenance</html>", b"[]"):
        etsy.shop.faults.add(Does.BODY, "orders", body=body)
        with pytest.raises(TransientError):
            etsy.client.pull(etsy.window())


def test_a_new_refresh_token_is_kept_before_anything_is_asked_with_it(etsy: Practice) -> None:
    etsy.shop.faults.add(Does.STATUS, "check", status=503)
    with pytest.raises(TransientError):
        etsy.client.check()
    assert etsy.secrets.kept["refresh_token"] == etsy.shop.secrets["refresh_token"]
    assert etsy.client.check().name == "practice"
    assert len([x for x in etsy.shop.requests if x.operation == "sign_in"]) == 1


def test_another_process_that_renewed_first_is_believed(etsy: Practice) -> None:
    etsy.client.check()
    etsy.clock.pass_by(3600)
    by_another = {**etsy.secrets.kept, "refresh_token": "4711.by-another"}
    etsy.shop.secrets["refresh_token"] = "4711.by-another"
    before = etsy.secrets.read
    reads = iter([before(), by_another])
    etsy.secrets.read = lambda: next(reads, None) or before()  # type: ignore[method-assign]
    assert etsy.client.check().name == "practice"


def test_a_new_refresh_token_that_was_lost_on_its_way_asks_to_sign_in_again(etsy: Practice) -> None:
    etsy.shop.faults.add(Does.COMMIT_THEN_DROP, "sign_in")
    with pytest.raises(TransientError):  # the line broke: it may just not have been asked
        etsy.client.check()
    with pytest.raises(SignInError) as ended:  # it was: the old one is dead
        etsy.client.check()
    assert "Sign in again" in ended.value.advice


def test_the_buyer_gets_one_mail_for_one_order(etsy: Practice) -> None:
    sold = etsy.sell(("MUG", 1))
    etsy.shop.faults.add(Does.RESET_AFTER, "confirm")
    with pytest.raises(InDoubtError):
        etsy.client.confirm(parcel_of(sold), "ship:1")
    if etsy.client.find_confirmation(parcel_of(sold)) is None:
        etsy.client.confirm(parcel_of(sold), "ship:1")
    assert len(etsy.shop.told("confirm")) == 1
