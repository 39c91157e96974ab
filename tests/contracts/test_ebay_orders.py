"""Every field that eBay's description gives an order is mapped, or left out for a reason."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from app.domain.orders import ChannelState, HoldCode, IncomingOrder
from app.sync.channels.ebay.payloads import line_id, order_from
from tests.contracts.losses import dropped, unexplained
from tests.contracts.reference import CONTRACTS, MISSING, document
from tests.contracts.sampling import sample

pytestmark = pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)

_START = "fulfillmentStartInstructions[]"
_LINE = "lineItems[]"
_OFFER = "the seller's own words about the offer"
_PAID = "eBay collects the money"
_SUM = "a part of a sum that is mapped"
_TAXES = "all taxes are one sum here"

DROPPED = {
    "*.convertedFromCurrency": "the amount in the order's own currency holds",
    "*.convertedFromValue": "the amount in the order's own currency holds",
    "buyer": "read where the parcel's address names nobody",
    "cancelStatus.cancelledDate": "the desk notes when it heard of it",
    "ebayCollectAndRemitTax": _TAXES,
    "fulfillmentHrefs": "what was sent is asked for when a confirmation is looked up",
    f"{_START}.appointment": "an installer's appointment, not a delivery",
    f"{_START}.ebaySupportedFulfillment": "the address is the hub's, with its reference",
    f"{_START}.finalDestinationAddress": "the parcel goes to the hub, not there",
    f"{_START}.maxEstimatedDeliveryDate": "the lines have their own; read where they have none",
    f"{_START}.minEstimatedDeliveryDate": "only the end of a window is a deadline",
    f"{_START}.shippingStep.shipTo.contactAddress.county": "read where there is no state",
    f"{_START}.shippingStep.shippingCarrierCode": "the desk chooses the carrier for the service",
    "lastModifiedDate": "kept beside the order, for the cursor",
    f"{_LINE}.appliedPromotions": _SUM,
    f"{_LINE}.compatibilityProperties": _OFFER,
    f"{_LINE}.deliveryCost": _SUM,
    f"{_LINE}.ebayCollectAndRemitTaxes[].collectionMethod": _TAXES,
    f"{_LINE}.ebayCollectAndRemitTaxes[].ebayReference": "for customs; eBay prints it",
    f"{_LINE}.ebayCollectAndRemitTaxes[].taxType": _TAXES,
    f"{_LINE}.ebayCollectedCharges": "between eBay and the buyer",
    f"{_LINE}.itemLocation": "the desk decides where an order ships from",
    f"{_LINE}.legacyVariationId": "the SKU and the variation's words tell them apart",
    f"{_LINE}.lineItemFulfillmentInstructions.guaranteedDelivery": "what it promises is in the dates",
    f"{_LINE}.lineItemFulfillmentInstructions.minEstimatedDeliveryDate": (
        "only the end of a window is a deadline"
    ),
    f"{_LINE}.linkedOrderLineItems": "another seller's or order's",
    f"{_LINE}.listingMarketplaceId": "the currency and the address tell what the desk needs of it",
    f"{_LINE}.properties": _OFFER,
    f"{_LINE}.purchaseMarketplaceId": "the currency and the address tell what the desk needs of it",
    f"{_LINE}.refunds": "stated for the order as well, and read there",
    f"{_LINE}.soldFormat": _OFFER,
    f"{_LINE}.taxes[].taxType": _TAXES,
    f"{_LINE}.total": "a sum of what is mapped",
    "paymentSummary.payments": _PAID,
    "paymentSummary.refunds[].refundReferenceId": "read where a refund has no id",
    "paymentSummary.refunds[].refundStatus": "only one that did not succeed is none",
    "paymentSummary.totalDueSeller": _PAID,
    "pricingSummary.priceDiscount.value": "the lines state it; read where they do not",
    "pricingSummary.priceSubtotal": "a sum of what is mapped",
    "program.authenticityVerification": "the address is the authenticator's",
    "program.ebayInternationalShipping": "who takes returns",
    "program.ebayShipping": "who buys the label",
    "program.ebayVault": "the address is the vault's",
    "salesRecordReference": "the desk knows the order by its own number",
    "sellerId": "the account's own",
    "totalFeeBasisAmount": "between eBay and the seller",
    "totalMarketplaceFee": "between eBay and the seller",
}


def an_order(**changes: Any) -> dict[str, Any]:
    """Return an order of the description: two mugs for 20.00, 2.00 off, 5.00 delivery, 1.60 tax."""
    told = document("ebay/sell_fulfillment_v1_oas3.json")
    known = {
        "currency": "USD", "value": "0.00", "convertedFromCurrency": "USD",
        "convertedFromValue": "0.00", "quantity": 2,
        "orderPaymentStatus": "PAID", "orderFulfillmentStatus": "NOT_STARTED",
        "lineItemFulfillmentStatus": "NOT_STARTED", "cancelState": "NONE_REQUESTED",
        "fulfillmentInstructionsType": "SHIP_TO", "pickupStep": {}, "giftDetails": {},
        "fulfilledBy": "SELLER", "cancelRequests": [], "countryCode": "US", "postalCode": "97202",
    }  # fmt: skip
    for name in ("creationDate", "lastModifiedDate", "shipByDate", "maxEstimatedDeliveryDate",
                 "minEstimatedDeliveryDate", "refundDate"):  # fmt: skip
        known[name] = "2026-11-20T10:00:00.000Z"
    schema = told["components"]["schemas"]["Order"]
    order: dict[str, Any] = copy.deepcopy(sample(told, schema, known))
    line = order["lineItems"][0]
    line["lineItemCost"]["value"], line["discountedLineItemCost"]["value"] = "20.00", "18.00"
    line["taxes"][0]["amount"]["value"] = "1.60"
    prices = {"priceSubtotal": "20.00", "priceDiscount": "-2.00", "deliveryCost": "5.00",
              "tax": "1.60", "total": "24.60"}  # fmt: skip
    for name, value in prices.items():
        order["pricingSummary"][name]["value"] = value
    return {**order, **changes}


def test_an_order_adds_up() -> None:
    order = order_from(an_order())
    assert order.holds == ()
    assert (order.lines[0].unit_price, order.lines[0].discount) == (1000, 200)
    assert (order.shipping, order.tax, order.discount, order.total) == (500, 160, 0, 2460)


def test_no_field_is_dropped_without_a_reason() -> None:
    assert unexplained(dropped(order_from, [an_order()]), DROPPED) == set()


def test_tax_that_ebay_collects_itself_is_part_of_the_total_or_not() -> None:
    payload = an_order()
    payload["lineItems"][0]["ebayCollectAndRemitTaxes"][0]["amount"]["value"] = "3.00"
    assert order_from(payload).holds == ()  # as without the breakdown
    payload["pricingSummary"]["total"]["value"] = "27.60"
    order = order_from(payload)
    assert (order.tax, order.total, order.holds) == (460, 2760, ())


def test_a_total_that_nothing_explains_holds_the_order() -> None:
    payload = an_order()
    payload["pricingSummary"]["total"]["value"] = "99.00"
    assert _codes(order_from(payload)) == {HoldCode.TOTAL_MISMATCH}


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ({}, ChannelState.OPEN),
        ({"orderPaymentStatus": "PENDING"}, ChannelState.AWAITING_PAYMENT),
        ({"orderPaymentStatus": "FAILED"}, ChannelState.AWAITING_PAYMENT),
        ({"orderFulfillmentStatus": "FULFILLED"}, ChannelState.SHIPPED),
        ({"orderPaymentStatus": "FULLY_REFUNDED"}, ChannelState.CANCELLED),
        ({"cancelStatus": {"cancelState": "CANCELED"}}, ChannelState.CANCELLED),
    ],
)
def test_an_order_is_as_far_as_its_three_words_say(
    words: dict[str, Any], state: ChannelState
) -> None:
    assert order_from(an_order(**words)).state is state


def test_a_buyer_who_asks_to_cancel_stops_the_order() -> None:
    asked = {"cancelInitiator": "BUYER", "cancelReason": "BUYER_ASKED_CANCEL"}
    told = {"cancelState": "IN_PROGRESS", "cancelRequests": [asked]}
    order = order_from(an_order(cancelStatus=told))
    assert _codes(order) == {HoldCode.CANCEL_REQUESTED}
    assert "buyer" in order.holds[0].reason


def test_a_word_that_nobody_knows_is_quoted_and_holds_the_order() -> None:
    order = order_from(an_order(orderPaymentStatus="PAID_LATER"))
    assert "PAID_LATER" in order.holds[0].reason


def test_the_parcel_goes_to_the_hub_with_its_reference() -> None:
    assert order_from(an_order()).ship_to.line3 == "Reference some shipToReferenceId"


def test_a_line_is_known_by_the_same_id_as_in_the_file() -> None:
    line = order_from(an_order()).lines[0]
    assert line.external_id == "some lineItemId/some legacyItemId"
    assert line_id(line.external_id) == "some lineItemId"


def _codes(order: IncomingOrder) -> set[HoldCode]:
    return {x.code for x in order.holds}
