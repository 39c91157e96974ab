"""Every order in Amazon's descriptions becomes one of ours, and what is left out has a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.domain.orders import ChannelState, HoldCode, IncomingOrder
from app.sync.channels.amazon import payloads_v0
from app.sync.channels.amazon.payloads import order_from
from tests.contracts.losses import dropped, unexplained
from tests.contracts.reference import CONTRACTS, MISSING, sandbox

pytestmark = pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)

NEW, OLD = "amazon/models/orders_2026-01-01.json", "amazon/models/ordersV0.json"
_PACKED = "what was packed and sent is read when a confirmation is looked up"
_TAXES = "invoices are Amazon's or the bookkeeper's; the tax itself is mapped"
_SAID_TWICE = "stated elsewhere in the order, and read there"

DROPPED = {
    "buyer.buyerCompanyName": "the address has the company that receives it",
    "fulfillment.deliverByWindow.earliestDateTime": "only the end of a window is a deadline",
    "fulfillment.labelPrintingWindow": "only the end of a window is a deadline",
    "fulfillment.shipByWindow.earliestDateTime": "only the end of a window is a deadline",
    "fulfillmentOrders": "Amazon's own work order; nothing is told by it",
    "lastUpdatedTime": "kept beside the order, for the cursor",
    "orderAliases": "the desk knows the order by Amazon's number",
    "orderItems[].associatedOrderItems": "a service (such as assembly) that others perform",
    "orderItems[].cancellation": "the only example was decided; an open request is a hold",
    "orderItems[].expense": "points are settled between Amazon and the seller",
    "orderItems[].fulfillment.picking": "the desk offers no substitutes",
    "orderItems[].fulfillment.shipping.scheduledDeliveryWindow.earliestDateTime": (
        "only the end of a window is a deadline"
    ),
    "orderItems[].measurement": "the quantity ordered is in the same unit",
    "orderItems[].proceeds.breakdowns[].detailedBreakdowns": _SAID_TWICE,
    "orderItems[].proceeds.proceedsTotal": _SAID_TWICE,
    "orderItems[].product.condition": "the seller's own words about the offer",
    "orderItems[].product.price": "the item's proceeds come to the same; they hold",
    "orderItems[].product.serialNumbers": _PACKED,
    "orderItems[].programs": "what they promise is in the deadlines and constraints",
    "orderItems[].promotion": "what it took off is in the proceeds",
    "orderItems[].tax": _TAXES,
    "packages": _PACKED,
    "payment": "Amazon collects the money",
    "proceeds.breakdowns[].status": "a tip counts as soon as it is stated",
    "recipient.deliveryAddress.addressType": "carriers find it out themselves",
    "recipient.deliveryAddress.extendedFields": _SAID_TWICE,
    "recipient.deliveryPreference.deliveryCapabilities": "for Amazon's own carriers",
    "recipient.deliveryPreference.deliveryTime": "for Amazon's own carriers",
    "salesChannel": "read where an order states no currency",
    "tax": _TAXES,
}
DROPPED_OLD = {
    "AutomatedShippingSettings": "for labels that Amazon buys",
    "BuyerInfo.AmazonOrderId": _SAID_TWICE,
    "BuyerInfo.BuyerTaxInfo": _TAXES,
    "DefaultShipFromLocationAddress": "the desk decides where an order ships from",
    "EarliestDeliveryDate": "only the end of a window is a deadline",
    "EarliestShipDate": "only the end of a window is a deadline",
    "EasyShipShipmentStatus": "the carrier's progress, not the order's",
    "ElectronicInvoiceStatus": _TAXES,
    "FulfillmentInstruction": "the desk decides where an order ships from",
    "IsAccessPointOrder": "the address is the access point's",
    "IsBusinessOrder": "what it promises is in the deadlines",
    "IsGlobalExpressEnabled": "what it promises is in the deadlines",
    "IsIBA": "who is the seller of record in Amazon's books",
    "IsPremiumOrder": "what it promises is in the deadlines",
    "IsPrime": "what it promises is in the deadlines",
    "IsReplacementOrder": "the order that it replaces is named",
    "IsSoldByAB": "who is the seller of record in Amazon's books",
    "LastUpdateDate": "kept beside the order, for the cursor",
    "MarketplaceId": "the currency and the address tell what the desk needs of it",
    "NumberOfItemsShipped": _SAID_TWICE,
    "NumberOfItemsUnshipped": _SAID_TWICE,
    "OrderItems[].ConditionId": "the seller's own words about the offer",
    "OrderItems[].ConditionNote": "the seller's own words about the offer",
    "OrderItems[].ConditionSubtypeId": "the seller's own words about the offer",
    "OrderItems[].DeemedResellerCategory": _TAXES,
    "OrderItems[].IsGift": "the message and the wrapping are mapped",
    "OrderItems[].IsTransparency": _PACKED,
    "OrderItems[].PointsGranted": "points are settled between Amazon and the seller",
    "OrderItems[].PriceDesignation": "the price itself is mapped",
    "OrderItems[].ProductInfo": "the quantity ordered counts the units",
    "OrderItems[].PromotionIds": "what they took off is mapped",
    "OrderItems[].ScheduledDeliveryStartDate": "only the end of a window is a deadline",
    "OrderItems[].SerialNumberRequired": _PACKED,
    "OrderItems[].SerialNumbers": _PACKED,
    "OrderItems[].StoreChainStoreId": "such an order is held: its buyer picks it up",
    "OrderType": "what it promises is in the deadlines",
    "PaymentExecutionDetail": "Amazon collects the money",
    "PaymentMethod": "Amazon collects the money",
    "PaymentMethodDetails": "Amazon collects the money",
    "SalesChannel": "read where an order states no currency",
    "ShippingAddress.AddressType": "carriers find it out themselves",
    "ShippingAddress.ExtendedFields": _SAID_TWICE,
}


def orders() -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for _, answer in sandbox(NEW):
        orders = answer.get("orders") or [answer["order"]] if "errors" not in answer else []
        found.update({x["orderId"]: x for x in orders})
    return found


def old_orders() -> list[Mapping[str, Any]]:
    """Join the answers about one order; an order whose items are nowhere stays without."""
    answers = [x for _, x in sandbox(OLD) if x.get("payload")]
    payloads = [x["payload"] for x in answers]
    heads = [y for x in payloads for y in x.get("Orders", [x]) if "OrderStatus" in y]
    by_order: dict[str, list[Mapping[str, Any]]] = {}
    for each in payloads:
        by_order.setdefault(each.get("AmazonOrderId", ""), []).append(each)
    return [_joined(x, by_order.get(x["AmazonOrderId"], [])) for x in heads] + [_of_items(payloads)]


def _joined(head: Mapping[str, Any], about: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    items = [y for x in about for y in x.get("OrderItems", []) if "QuantityOrdered" in y]
    buyer = next((x for x in about if "BuyerEmail" in x), None)
    address = next((x for x in about if "ShippingAddress" in x and "OrderStatus" not in x), None)
    return payloads_v0.joined(head, items, buyer, address)


def _of_items(payloads: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return an order around the items that no example order has."""
    items = [y for x in payloads for y in x.get("OrderItems", []) if "QuantityOrdered" in y]
    return {
        "AmazonOrderId": "903-1671087-0812628", "PurchaseDate": "2013-09-01T00:00:00Z",
        "OrderStatus": "Unshipped", "OrderItems": items,
    }  # fmt: skip


def test_no_field_is_dropped_without_a_reason() -> None:
    assert unexplained(dropped(order_from, orders().values()), DROPPED) == set()


def test_no_field_of_the_older_api_is_dropped_without_a_reason() -> None:
    found = dropped(payloads_v0.order_from, old_orders())
    assert unexplained(found, DROPPED_OLD) == set()


def test_every_order_adds_up_to_the_total_that_amazon_states() -> None:
    for payload in orders().values():
        assert HoldCode.TOTAL_MISMATCH not in _codes(order_from(payload)), payload["orderId"]


def test_an_order_in_yen_has_no_hundredths() -> None:
    order = order_from(orders()["250-1234567-8901234"])
    assert (order.currency, order.total, order.lines[1].unit_price) == ("JPY", 19940, 6980)
    assert order.fulfilled_by_channel


def test_an_order_for_the_store_counter_is_not_shipped_by_itself() -> None:
    order = order_from(orders()["114-9876543-1234567"])
    assert order.state is ChannelState.OPEN
    assert _codes(order) == {HoldCode.STATUS_UNCLEAR}


def test_a_buyer_who_asks_to_cancel_stops_the_order() -> None:
    payload = _changed(
        "171-9876543-2109876",
        cancellation={"cancellationRequest": {"requester": "BUYER", "cancelReason": "Too late"}},
    )
    order = order_from(payload)
    assert _codes(order) == {HoldCode.CANCEL_REQUESTED}
    assert "Too late" in order.holds[0].reason


def test_units_that_amazon_cancelled_are_not_wanted_any_more() -> None:
    payload = _changed(
        "028-1234567-8901234", fulfillment={"quantityFulfilled": 0, "quantityUnfulfilled": 1}
    )
    payload["fulfillment"]["fulfillmentStatus"] = "UNSHIPPED"
    assert [x.quantity for x in order_from(payload).lines] == [1]


def test_a_pending_order_waits_without_price_and_address() -> None:
    payload = dict(orders()["171-9876543-2109876"])
    payload["fulfillment"] = {"fulfillmentStatus": "PENDING", "fulfilledBy": "MERCHANT"}
    for name in ("recipient", "buyer", "proceeds"):
        payload.pop(name)
    payload["orderItems"] = [
        {"orderItemId": "1", "quantityOrdered": 2, "product": {"sellerSku": "MUG"}}
    ]
    order = order_from(payload)
    assert order.state is ChannelState.AWAITING_PAYMENT
    assert (order.currency, order.worth) == ("BRL", 0)


def _changed(number: str, **item: Any) -> dict[str, Any]:
    payload = dict(orders()[number])
    payload["fulfillment"] = dict(payload["fulfillment"])
    payload["orderItems"] = [{**payload["orderItems"][0], **item}]
    return payload


def _codes(order: IncomingOrder) -> set[HoldCode]:
    return {x.code for x in order.holds}
