"""What every channel's client has to do, whatever the language: seen at the practice shop of each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.importing import ListingRow
from app.domain.orders import ChannelState
from app.domain.outgoing import Offer
from app.sync.loopback.faults import Does
from tests.sync.live.practice import Practice, practice

CHANNELS = ("amazon", "walmart", "etsy", "ebay", "shopify", "woocommerce")
RENEWED = ("amazon", "walmart", "etsy", "ebay")
# Whose list has no end, so that an order that changes meanwhile stays in it.
OPEN_ENDED = ("walmart", "etsy", "ebay", "woocommerce")
# Walmart states no total: what its charges come to is the worth.
TOTALS = dict.fromkeys(CHANNELS, 5113) | {"walmart": None}
DETAILS = {
    "amazon": ("buyer_name", "Ada Byron"),
    "walmart": ("service", "Standard"),
    "etsy": ("note", "Ring twice"),
    "ebay": ("note", "Ring twice"),
    "shopify": ("buyer_name", "Ada Byron"),
    "woocommerce": ("note", "Ring twice"),
}
REFUSALS = {
    "amazon": "The SKU does not exist",
    "walmart": "No such SKU",
    "ebay": "could not be found",
}


@pytest.fixture
def shop(request: pytest.FixtureRequest) -> Iterator[Practice]:
    with practice(str(request.param)) as opened:
        yield opened


at_each = pytest.mark.parametrize("shop", CHANNELS, indirect=True)


@at_each
def test_an_order_comes_as_it_was_placed(shop: Practice) -> None:
    channel = shop.shop.channel
    sold = shop.sell(
        ("MUG", 2), ("BOWL", 1), shipping=490, tax=123, buyer="Ada Byron", note="Ring twice",
        email="ada@relay.example.com",
    )  # fmt: skip
    (seen,) = shop.client.pull(shop.window()).orders
    order = seen.order
    assert order is not None
    name, value = DETAILS[channel]
    assert (order.external_id, getattr(order, name)) == (sold.id, value)
    assert (order.worth, order.total) == (5113, TOTALS[channel])
    assert [(x.sku_text, x.quantity, x.unit_price) for x in order.lines] == [
        ("MUG", 2, 1500), ("BOWL", 1, 1500),
    ]  # fmt: skip
    assert (order.state, order.holds) == (ChannelState.OPEN, ())
    assert (order.ship_to.name, order.ship_to.postcode) == ("Ada Byron", "62701")


@at_each
def test_every_page_is_read_though_pages_are_short_and_an_order_changes(shop: Practice) -> None:
    shop.shop.page_size = 10
    sold = [shop.sell(("MUG", 1)) for _ in range(23)]
    asked = shop.window()
    shop.shop.faults.add(Does.SHRINK_PAGE, "orders", nth=2)
    pages = []
    for page in shop.pages(asked):
        pages.append(page)
        if page.next and shop.shop.channel in OPEN_ENDED:
            shop.clock.pass_by(60)
            shop.shop.changed(sold[0])
    seen = {order.external_id for page in pages for order in page.orders}
    assert (len(pages) > 2, seen) == (True, {x.id for x in sold})
    assert pages[-1].reached == asked.until


@at_each
def test_what_is_listed_and_is_no_order_is_kept_and_said(shop: Practice) -> None:
    sold = shop.sell(("MUG", 1))
    shop.shop.faults.add(Does.NULL_ROW, "orders")
    seen = {each.external_id: each for each in shop.client.pull(shop.window()).orders}
    assert sold.id in seen
    assert "no order" in seen[""].problem


@pytest.mark.parametrize("shop", sorted(REFUSALS), indirect=True)
def test_one_sku_that_is_refused_does_not_keep_back_the_others(shop: Practice) -> None:
    shop.shop.offers["BOWL"].is_refused = True
    rows = {row.sku_text: row for row in listed(shop)}
    offers = [
        Offer(at, sku, rows[sku].listing_id, "", sku, 7) for at, sku in enumerate(("BOWL", "MUG"))
    ]
    first, second = shop.client.push_quantities(offers, "quantity:1")
    assert (REFUSALS[shop.shop.channel] in first.problem, second.problem) == (True, "")
    assert (shop.shop.offers["BOWL"].quantity, shop.shop.offers["MUG"].quantity) == (9, 7)


@pytest.mark.parametrize("shop", RENEWED, indirect=True)
def test_a_token_that_ends_early_is_renewed_once_and_the_question_asked_again(
    shop: Practice,
) -> None:
    shop.client.check()
    shop.shop.secrets["access_token"] = "another"
    assert shop.client.check().missing == ()
    assert shop.secrets.kept["access_token"] == shop.shop.secrets["access_token"]


def listed(shop: Practice) -> list[ListingRow]:
    """Read everything that the account offers."""
    found: list[ListingRow] = []
    token = ""
    while True:
        page = shop.client.listings(token)
        found += page.listings
        token = page.next
        if not token:
            return found
