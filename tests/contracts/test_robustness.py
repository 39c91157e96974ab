"""Answers change without notice: whatever a field becomes, an order is read, held, or refused aloud."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.domain.orders import Address, ChannelState, HoldCode, IncomingOrder
from app.sync.channels.amazon.payloads import order_from as from_amazon
from app.sync.channels.amazon.payloads_v0 import order_from as from_old_amazon
from app.sync.channels.ebay.payloads import order_from as from_ebay
from app.sync.channels.etsy.payloads import order_from as from_etsy
from app.sync.channels.shopify.payloads import order_from as from_shopify
from app.sync.channels.walmart.payloads import order_from as from_walmart
from app.sync.channels.woocommerce.payloads import order_from as from_woocommerce
from app.sync.live.channel import NotReadableError
from app.sync.loopback.shop import Shop
from app.sync.loopback.shopify_values import order as as_shopify
from tests.contracts import (
    test_amazon_orders,
    test_ebay_orders,
    test_etsy_orders,
    test_walmart_orders,
    test_woocommerce_orders,
)
from tests.contracts.losses import leaves
from tests.contracts.reference import CONTRACTS, MISSING
from tests.sync.live.practice import HOME
from tests.sync.live.times import FakeClock

pytestmark = pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)

Understand = Callable[[Mapping[str, Any]], IncomingOrder]
ODD: tuple[Any, ...] = (
    None, "", "☂", "NEW_WORD_OF_2027", -1, 10**23, Decimal("1E+400"), Decimal("NaN"), True, [], {},
    [None], [[]], "2026-13-45", "1e9", "\x00\ud800", "x" * 100_000, {"amount": {}},
)  # fmt: skip


def a_shopify_order() -> Mapping[str, Any]:
    shop = Shop("practice", "shopify", FakeClock())
    shop.offer("MUG", "Mug", 9)
    sold = shop.place([("MUG", 2)], HOME, shipping=490, tax=123, buyer="Ada Byron")
    assert sold is not None
    return as_shopify(sold)


Case = tuple[Understand, Callable[[], Mapping[str, Any]]]
CASES: list[Case] = [
    (from_amazon, lambda: next(iter(test_amazon_orders.orders().values()))),
    (from_old_amazon, lambda: test_amazon_orders.old_orders()[1]),
    (from_walmart, lambda: test_walmart_orders.orders()[3]),
    (from_etsy, test_etsy_orders.a_receipt),
    (from_ebay, test_ebay_orders.an_order),
    (from_woocommerce, test_woocommerce_orders.an_order),
    (from_shopify, a_shopify_order),
]
NAMES = ("amazon", "amazon v0", "walmart", "etsy", "ebay", "woocommerce", "shopify")


@pytest.mark.parametrize(("understand", "payload"), CASES, ids=NAMES)
def test_no_value_of_any_field_breaks_a_mapper(
    understand: Understand, payload: Callable[[], Mapping[str, Any]]
) -> None:
    whole, chance = payload(), random.Random(17)
    for path in leaves(whole):
        for depth in sorted({len(path), chance.randint(1, len(path))}):
            _is_read_or_refused(understand, _with(whole, path[:depth], chance.choice(ODD)))


@pytest.mark.parametrize(("understand", "payload"), CASES, ids=NAMES)
def test_a_field_that_is_missing_never_breaks_a_mapper(
    understand: Understand, payload: Callable[[], Mapping[str, Any]]
) -> None:
    whole = payload()
    for path in leaves(whole):
        _is_read_or_refused(understand, _without(whole, path))


# What stands for an amount, a time, a count or a word of the channel's own, and is none.
MEANINGLESS: tuple[Any, ...] = ("☂", -7, True, 10**23, Decimal("1E+400"))
# Free text may be a number or a yes: it is shown as it came, or not at all.
FREE = ("meta_data",)


@pytest.mark.parametrize(("understand", "payload"), CASES, ids=NAMES)
def test_what_cannot_be_understood_is_never_passed_over_in_silence(
    understand: Understand, payload: Callable[[], Mapping[str, Any]]
) -> None:
    """If a value that matters is replaced by nonsense, the order is refused, held, or shows it."""
    whole = payload()
    before = understand(whole)
    for path in leaves(whole):
        for odd in MEANINGLESS:
            try:
                order = understand(_with(whole, path, odd))
            except NotReadableError:
                continue
            is_as_before = replace(order, holds=()) == replace(before, holds=())
            is_said = order.holds != before.holds or str(odd) in repr(order)
            # What was given back is written with a minus here and without one there.
            is_sign = odd == -7 and understand(_with(whole, path, 7)) == order
            assert is_as_before or is_said or is_sign or set(FREE) & set(path), (path, odd)


@pytest.mark.parametrize("understand", [each for each, _ in CASES], ids=NAMES)
def test_what_is_no_order_is_refused_in_words(understand: Understand) -> None:
    for odd in ODD:
        with pytest.raises(NotReadableError, match=r"field|cannot be read"):
            understand(odd)


def _is_read_or_refused(understand: Understand, payload: Mapping[str, Any]) -> None:
    try:
        order = understand(payload)
    except NotReadableError:
        return
    _is_storable(order)


def _is_storable(order: IncomingOrder) -> None:
    assert isinstance(order.state, ChannelState)
    assert order.placed_at.tzinfo is not None
    lines = [text for x in order.lines for text in (x.external_id, x.sku_text, x.title)]
    for text in (*_texts(order), *lines, *(x.reason for x in order.holds)):
        text.encode()
        assert "\x00" not in text
    assert all(0 <= x.quantity <= 99_999 and isinstance(x.unit_price, int) for x in order.lines)


def _texts(order: IncomingOrder) -> list[str]:
    address = [getattr(order.ship_to, name) for name in Address.__slots__]
    return [*address, order.buyer_name, order.buyer_email, order.note, order.service, order.number]


def _with(payload: Mapping[str, Any], path: tuple[str | int, ...], value: Any) -> Mapping[str, Any]:
    changed = copy.deepcopy(payload)
    target: Any = changed
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return changed


def _without(payload: Mapping[str, Any], path: tuple[str | int, ...]) -> Mapping[str, Any]:
    changed = copy.deepcopy(payload)
    target: Any = changed
    for step in path[:-1]:
        target = target[step]
    del target[path[-1]]
    return changed


def test_goods_that_nobody_says_where_to_send_are_held() -> None:
    whole = a_shopify_order()
    assert order_holds(whole) == []
    for address in (None, {}, {"name": "Ada Byron"}):
        (why,) = order_holds({**whole, "shippingAddress": address})
        assert "no address" in why


def order_holds(payload: Mapping[str, Any]) -> list[str]:
    return [each.reason for each in from_shopify(payload).holds]


def test_an_open_order_waits_where_nobody_says_which_units_were_refunded() -> None:
    back = {"id": 5, "reason": "One is broken", "total": "-4.00"}
    told = {**test_woocommerce_orders.orders()[0], "status": "processing", "refunds": [back]}
    (why,) = refund_holds(told)
    assert "gave 4.00 USD back" in why
    assert refund_holds({**told, "status": "completed"}) == []
    assert refund_holds({**told, "refunds": []}) == []


def refund_holds(payload: Mapping[str, Any]) -> list[str]:
    seen = from_woocommerce(payload).holds
    return [each.reason for each in seen if each.code is HoldCode.REFUNDED_IN_PART]
