"""Every field that Etsy's description gives a receipt is mapped, or left out for a reason."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from app.domain.orders import ChannelState, HoldCode
from app.sync.channels.etsy.payloads import order_from
from app.sync.live.channel import NotReadableError
from tests.contracts.losses import dropped, unexplained
from tests.contracts.reference import CONTRACTS, MISSING, document
from tests.contracts.sampling import sample

pytestmark = pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)

_IDS = "the desk knows the order, its lines and listings by their own ids"
_SENT = "what was sent is read when a confirmation is looked up"
_SUMS = "a sum of what is mapped; the total is checked against the parts"
_TIMES = "kept beside the order, for the cursor"

DROPPED = {
    "buyer_user_id": _IDS,
    "create_timestamp": "the same as created_timestamp",
    "message_from_payment": "the payment service's own words",
    "message_from_seller": "the seller's own words",
    "payment_email": "Etsy collects the money",
    "payment_method": "Etsy collects the money",
    "receipt_type": "Etsy's shop and Pattern shop ship alike",
    "seller_email": "the seller's own",
    "seller_user_id": "the seller's own",
    "shipments": _SENT,
    "subtotal": _SUMS,
    "total_price": _SUMS,
    "total_vat_cost.amount": "contained in the prices; used where the total says that it is not",
    "transactions[].buyer_coupon": _SUMS,
    "transactions[].buyer_user_id": _IDS,
    "transactions[].create_timestamp": "the order's own time counts",
    "transactions[].created_timestamp": "the order's own time counts",
    "transactions[].description": "the seller's own words about the listing",
    "transactions[].file_data": "files are delivered by Etsy",
    "transactions[].listing_image_id": "the desk shows its own picture",
    "transactions[].max_processing_days": "the expected ship date says what comes of it",
    "transactions[].min_processing_days": "the expected ship date says what comes of it",
    "transactions[].paid_timestamp": "the receipt says whether it is paid",
    "transactions[].product_data": "the variation that the buyer chose is part of the title",
    "transactions[].product_id": _IDS,
    "transactions[].receipt_id": _IDS,
    "transactions[].seller_user_id": "the seller's own",
    "transactions[].shipped_timestamp": "the receipt says whether it is shipped",
    "transactions[].shipping_cost": _SUMS,
    "transactions[].shipping_method": "read where the buyer paid for no upgrade",
    "transactions[].shipping_profile_id": "the seller's own",
    "transactions[].shop_coupon": _SUMS,
    "transactions[].transaction_type": "a listing, always",
    "transactions[].variations[].property_id": "the words for it are part of the title",
    "transactions[].variations[].value_id": "the words for it are part of the title",
    "update_timestamp": _TIMES,
    "updated_timestamp": _TIMES,
}


def a_receipt(**changes: Any) -> dict[str, Any]:
    """Return a receipt of the description: two mugs at 10.00, 4.50 shipping, 1.50 tax, 2.00 off."""
    told = document("etsy/etsy-openapi-3.0.0.json")
    known = {
        "currency_code": "USD", "divisor": 100, "is_shipped": False, "status": "paid",
        "is_digital": False, "sku": "MUG-BLUE", "country_iso": "US", "zip": "97202",
        "expected_ship_date": 1_764_000_000,
        "grandtotal": _usd(2650), "total_price": _usd(2000), "subtotal": _usd(1800),
        "total_shipping_cost": _usd(450), "total_tax_cost": _usd(150), "total_vat_cost": _usd(0),
        "discount_amt": _usd(200), "gift_wrap_price": _usd(250), "price": _usd(1000),
    }  # fmt: skip
    schema = told["components"]["schemas"]["ShopReceipt"]
    receipt: dict[str, Any] = copy.deepcopy(sample(told, schema, known))
    return {**receipt, **changes}


def _usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "divisor": 100, "currency_code": "USD"}


def test_no_field_is_dropped_without_a_reason() -> None:
    refund = {"created_timestamp": 1_764_000_000, "amount": _usd(100), "status": "failed"}
    payloads = [
        a_receipt(), a_receipt(is_shipped=True), a_receipt(first_line=None),
        a_receipt(gift_message="", refunds=[refund]),
    ]  # fmt: skip
    assert unexplained(dropped(order_from, payloads), DROPPED) == set()


def test_an_amount_is_divided_by_what_etsy_names_never_by_a_hundred() -> None:
    yen = {"amount": 1200, "divisor": 1, "currency_code": "JPY"}
    fine = {"amount": 1_234_567, "divisor": 100_000, "currency_code": "USD"}
    assert order_from(_priced(yen)).lines[0].unit_price == 1200
    assert order_from(_priced(fine)).lines[0].unit_price == 1235


def test_an_amount_without_a_divisor_is_left_out_and_said() -> None:
    order = order_from(_priced({"amount": 1200, "currency_code": "USD"}))
    assert order.lines[0].unit_price == 0
    assert "transactions[0].price" in next(
        x.reason for x in order.holds if x.code is HoldCode.STATUS_UNCLEAR
    )


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"status": "paid"}, ChannelState.OPEN),
        ({"status": "open", "is_paid": False}, ChannelState.AWAITING_PAYMENT),
        ({"status": "payment processing"}, ChannelState.AWAITING_PAYMENT),
        ({"status": "completed", "is_shipped": True}, ChannelState.SHIPPED),
        ({"status": "canceled"}, ChannelState.CANCELLED),
        ({"status": "fully refunded"}, ChannelState.CANCELLED),
        ({"status": "fully refunded", "is_shipped": True}, ChannelState.SHIPPED),
        ({"status": "partially refunded"}, ChannelState.OPEN),
    ],
)
def test_a_receipt_is_as_far_as_its_status_and_two_flags_say(
    changes: dict[str, Any], state: ChannelState
) -> None:
    assert order_from(a_receipt(**changes)).state is state


def test_a_status_that_nobody_knows_is_quoted_and_holds_the_order() -> None:
    order = order_from(a_receipt(status="in review"))
    assert order.state is ChannelState.OPEN
    assert "in review" in order.holds[0].reason


def test_a_withheld_address_leaves_the_order_readable() -> None:
    fields = ("name", "first_line", "second_line", "city", "state", "zip", "formatted_address",
              "country_iso", "buyer_email")  # fmt: skip
    order = order_from(a_receipt(**dict.fromkeys(fields)))
    assert (order.ship_to.line1, order.buyer_email, order.lines[0].quantity) == ("", "", 2)


def test_a_receipt_without_an_id_cannot_be_read() -> None:
    with pytest.raises(NotReadableError, match="receipt_id"):
        order_from(a_receipt(receipt_id=None))


def test_an_order_of_files_only_ships_nothing() -> None:
    receipt = a_receipt()
    receipt["transactions"][0]["is_digital"] = True
    assert not order_from(receipt).lines[0].requires_shipping


def _priced(price: dict[str, Any]) -> dict[str, Any]:
    receipt = a_receipt(refunds=[])
    receipt["transactions"][0]["price"] = price
    currency = price["currency_code"]
    for name, each in receipt.items():
        if isinstance(each, dict) and "currency_code" in each:
            receipt[name] = {**each, "currency_code": currency}
    return receipt
