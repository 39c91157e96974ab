"""Every order in Walmart's descriptions becomes one of ours, and what is left out has a reason."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from app.domain.orders import ChannelState, HoldCode, IncomingOrder
from app.sync.channels.walmart.payloads import is_acknowledged, order_from
from tests.contracts.losses import dropped, unexplained
from tests.contracts.reference import CONTRACTS, MISSING, content_examples

pytestmark = pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)

DESCRIPTIONS = ("walmart/us-mp/orders.json", "walmart/us-mp-2024-12-full/orders.yml")

_LINE = "orderLines.orderLine[]"
_STATUS = f"{_LINE}.orderLineStatuses.orderLineStatus[]"
_PICK_UP = "an order that its buyer fetches is held"

DROPPED = {
    f"{_LINE}.charges.charge[].chargeName": "the type tells; only a discount is known by its name",
    f"{_LINE}.charges.charge[].tax.taxName": "all taxes are one sum here",
    f"{_LINE}.fulfillment.pickUpBy": _PICK_UP,
    f"{_LINE}.fulfillment.pickUpDateTime": _PICK_UP,
    f"{_LINE}.fulfillment.shipMethod": "the order's own method code is its service",
    f"{_LINE}.fulfillment.shippingProgramType": "what it promises is in the dates",
    f"{_LINE}.fulfillment.storeId": _PICK_UP,
    f"{_LINE}.orderLineQuantity.unitOfMeasurement": "Walmart counts in units only",
    f"{_LINE}.refund.refundCharges.refundCharge[].charge.chargeName": "a refund is one sum here",
    f"{_LINE}.refund.refundCharges.refundCharge[].charge.chargeType": "a refund is one sum here",
    f"{_LINE}.refund.refundCharges.refundCharge[].charge.tax.taxName": "a refund is one sum here",
    f"{_STATUS}.cancellationReason": "the desk needs to know that, not why",
    f"{_STATUS}.returnCenterAddress": "the seller's own address",
    f"{_STATUS}.statusQuantity": "every example line has one status for all of its units",
    f"{_STATUS}.trackingInfo": "what was sent is read when a confirmation is looked up",
    "orderType": "the order that it replaces is named",
    "sellerOrderId": "the desk's own number, told by the desk",
    "shipNode.id": "the desk decides where an order ships from",
    "shipNode.name": "the desk decides where an order ships from",
    "shippingInfo.postalAddress.addressType": "carriers find it out themselves",
}


def _found(answer: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every purchase order that stands anywhere in an answer."""
    if isinstance(answer, Mapping):
        if "purchaseOrderId" in answer and "orderLines" in answer:
            yield answer
        for each in answer.values():
            yield from _found(each)
    elif isinstance(answer, list):
        for each in answer:
            yield from _found(each)


def orders() -> list[Mapping[str, Any]]:
    found = (x for name in DESCRIPTIONS for _, told in content_examples(name) for x in _found(told))
    return list({repr(x): x for x in found}.values())


def test_no_field_is_dropped_without_a_reason() -> None:
    assert unexplained(dropped(order_from, orders()), DROPPED) == set()


def test_the_units_of_a_line_that_were_cancelled_are_not_wanted_any_more() -> None:
    payload = _with_statuses(("Cancelled", 1), ("Acknowledged", 2))
    order = order_from(payload)
    assert (order.state, [x.quantity for x in order.lines]) == (ChannelState.OPEN, [2])


def test_a_line_of_which_a_part_has_left_asks_for_a_look() -> None:
    order = order_from(_with_statuses(("Shipped", 1), ("Acknowledged", 2)))
    assert order.state is ChannelState.OPEN
    assert _codes(order) == {HoldCode.STATUS_UNCLEAR}


def test_a_status_that_nobody_knows_is_quoted_and_holds_the_order() -> None:
    order = order_from(_with_statuses(("ON_HOLD_X", 3)))
    assert "ON_HOLD_X" in order.holds[0].reason


def test_a_customer_who_wants_to_cancel_stops_the_order() -> None:
    payload = _with_statuses(("Acknowledged", 3))
    payload["orderLines"]["orderLine"][0]["intentToCancel"] = "true"
    assert _codes(order_from(payload)) == {HoldCode.CANCEL_REQUESTED}


def test_only_a_line_that_is_created_still_waits_to_be_acknowledged() -> None:
    assert not is_acknowledged(_with_statuses(("Created", 3)))
    assert is_acknowledged(_with_statuses(("Acknowledged", 3)))
    assert is_acknowledged(_with_statuses(("Shipped", 3)))


def test_a_line_s_charge_is_for_all_of_its_units() -> None:
    payload = _with_statuses(("Created", 3))
    line = payload["orderLines"]["orderLine"][0]
    line["charges"]["charge"][0]["chargeAmount"]["amount"] = 10
    order = order_from(payload)
    assert order.lines[0].unit_price * 3 - order.lines[0].discount == 1000
    assert order.worth == 1000 + order.tax


def _with_statuses(*told: tuple[str, int]) -> dict[str, Any]:
    payload: dict[str, Any] = copy.deepcopy(dict(orders()[3]))
    line = payload["orderLines"]["orderLine"][0]
    line["orderLineQuantity"]["amount"] = str(sum(units for _, units in told))
    line["orderLineStatuses"]["orderLineStatus"] = [
        {"status": word, "statusQuantity": {"unitOfMeasurement": "EACH", "amount": str(units)}}
        for word, units in told
    ]
    return payload


def _codes(order: IncomingOrder) -> set[HoldCode]:
    return {x.code for x in order.holds}
