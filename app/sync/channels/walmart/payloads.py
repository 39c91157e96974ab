"""How does an order of Walmart's Orders API become an order?

A payload is one purchase order: its id is the identity, as in the file; one order of a customer may
be several. Each line carries its charges and, by number of units, how far it is. A charge is that
of the whole line, tax inside it. Times are counted in milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.orders import Address, ChannelState, IncomingLine, IncomingOrder, IncomingRefund
from app.sync.channels.walmart import statuses
from app.sync.files import line_states
from app.sync.files.amounts import split_line
from app.sync.live.payload import Part, first, noted, opened
from app.sync.live.understood import own_sum, settled

_CHARGES: Final = ("PRODUCT", "SHIPPING", "FEE", "FEES")  # any other may be for the goods or not
_MILLISECONDS: Final = 1000
_HOME: Final = ("", "s2h", "delivery", "ship_to_home")  # anything else is fetched by its buyer
_SHIPPERS: Final = ("", "sellerfulfilled", "3plfulfilled", "wfsfulfilled")


def order_from(payload: Mapping[str, Any]) -> IncomingOrder:
    """Map one purchase order of an answer.

    Raises:
        NotReadableError: it has no id, no time, or a line without a number of units.
    """
    part = opened(payload)
    number = part.identity("purchaseOrderId")
    items = part.parts("orderLines", "orderLine")
    currency = _currency(items)
    lines = tuple(_line(x, currency) for x in items)
    state, holds = _state(part, items)
    address = _ship_to(part.part("shippingInfo"))
    order = IncomingOrder(
        channel="walmart",
        external_id=number,
        number=number,
        placed_at=part.when(_time(part, "orderDate"), "orderDate"),
        currency=currency,
        lines=lines,
        ship_to=address,
        buyer_name=address.name,
        buyer_email=part.text("customerEmailId"),
        service=part.text("shippingInfo", "methodCode"),
        shipping=sum(_charged(x, currency, beside_goods=True) for x in items),
        tax=sum(_tax(x, currency) for x in items),
        total=_total(part, currency),
        state=state,
        ship_by=_time(part, "shippingInfo", "estimatedShipDate"),
        deliver_by=_time(part, "shippingInfo", "estimatedDeliveryDate"),
        fulfilled_by_channel=statuses.is_fulfilled_by_walmart(part.text("shipNode", "type")),
        note=_note(part, items),
        holds=holds,
        refunds=tuple(y for x in items for y in _refunds(x, currency)),
    )
    return settled(order, part, also=(own_sum(order) - order.tax,))


def is_acknowledged(payload: Mapping[str, Any]) -> bool:
    """Say whether no line of a purchase order still waits to be acknowledged."""
    lines = opened(payload).parts("orderLines", "orderLine")
    return not any(y.word("status") == "created" for x in lines for y in _told(x))


def _told(line: Part) -> tuple[Part, ...]:
    return line.parts("orderLineStatuses", "orderLineStatus")


def _time(part: Part, *path: str) -> datetime | None:
    return part.epoch(*path, per_second=_MILLISECONDS)


def _currency(items: tuple[Part, ...]) -> str:
    """Return the currency of the first charge; the US marketplace sells in dollars."""
    charges = (y for x in items for y in x.parts("charges", "charge"))
    return first(x.currency("chargeAmount", "currency") for x in charges) or "USD"


def _total(part: Part, currency: str) -> int | None:
    return part.money(
        currency, "orderSummary", "totalAmount", amount="currencyAmount", unit="currencyUnit"
    )


def _state(part: Part, items: tuple[Part, ...]) -> tuple[ChannelState, line_states.Holds]:
    states, unknown = [], []
    for item in items:
        words = [x.text("status") for x in _told(item)]
        unknown += [x or "not stated" for x in words or [""] if statuses.state_of(x or "?") is None]
        states.append(_line_state(item))
    if part.word("shipNode", "type") not in _SHIPPERS:
        unknown.append(part.text("shipNode", "type"))
    state, holds = line_states.combined(states or [ChannelState.OPEN])
    if state is ChannelState.OPEN and not holds and any(map(_has_left, items)):
        holds = (line_states.partly_shipped(),)
    return state, holds + tuple(map(line_states.unknown_status, unknown[:1])) + _requests(
        part, items
    )


def _line_state(item: Part) -> ChannelState:
    """Return how far a line is: as far as the part of it that is least far."""
    states = {statuses.state_of(x.text("status")) or ChannelState.OPEN for x in _told(item)}
    living = states - {ChannelState.CANCELLED}
    if states and not living:
        return ChannelState.CANCELLED
    return ChannelState.SHIPPED if living == {ChannelState.SHIPPED} else ChannelState.OPEN


def _has_left(item: Part) -> bool:
    return any(statuses.state_of(x.text("status")) is ChannelState.SHIPPED for x in _told(item))


def _requests(part: Part, items: tuple[Part, ...]) -> line_states.Holds:
    holds: line_states.Holds = ()
    if any(_wants_cancelled(x) for x in items):
        holds += (line_states.cancel_requested("The buyer"),)
    ways = {x.word("fulfillment", "fulfillmentOption") for x in items}
    if ways - set(_HOME) or part.states("pickupPersons"):
        holds += (line_states.picked_up(),)
    return holds


def _wants_cancelled(item: Part) -> bool:
    """Say whether the customer asked for the line to be cancelled, and it still may be."""
    is_open = _line_state(item) is ChannelState.OPEN
    return is_open and item.word("intentToCancel") not in ("", "false", "n", "no")


def _line(item: Part, currency: str) -> IncomingLine:
    ordered = item.quantity("orderLineQuantity", "amount")
    price, rest = split_line(_charged(item, currency, beside_goods=False), ordered)
    return IncomingLine(
        external_id=item.identity("lineNumber"),
        sku_text=item.code("item", "sku"),
        title=item.text("item", "productName"),
        quantity=max(0, ordered - _cancelled(item)),
        unit_price=price,
        discount=rest + _discount(item, currency),
        tax=_tax(item, currency),
    )


def _cancelled(item: Part) -> int:
    """Return the units of a line that were cancelled; a line with one status says none of its own."""
    told = [x for x in _told(item) if statuses.state_of(x.text("status")) is ChannelState.CANCELLED]
    if told and len(told) == len(_told(item)):
        return item.quantity("orderLineQuantity", "amount")
    return sum(x.units("statusQuantity", "amount") or 0 for x in told)


def _charged(item: Part, currency: str, *, beside_goods: bool) -> int:
    """Return the charges of a line: for the goods, or for everything else (shipping, fees)."""
    return sum(
        _amount(x, currency)
        for x in item.parts("charges", "charge")
        if not _is_discount(x) and (x.one_of(_CHARGES, "chargeType") != "PRODUCT") is beside_goods
    )


def _discount(item: Part, currency: str) -> int:
    charges = item.parts("charges", "charge")
    return sum(abs(_amount(x, currency)) for x in charges if _is_discount(x))


def _is_discount(charge: Part) -> bool:
    """Say whether a charge takes off: a subscription's discount is a PRODUCT charge by its name."""
    return "discount" in charge.word("chargeType") + charge.word("chargeName")


def _amount(charge: Part, currency: str) -> int:
    return charge.money(currency, "chargeAmount", unit="currency") or 0


def _tax(item: Part, currency: str) -> int:
    return sum(
        x.money(currency, "tax", "taxAmount", unit="currency") or 0
        for x in item.parts("charges", "charge")
    )


def _refunds(item: Part, currency: str) -> tuple[IncomingRefund, ...]:
    """Return what a line's buyer got back; Walmart states one refund a line, its charges inside."""
    told = item.part("refund")
    charges = told.parts("refundCharges", "refundCharge")
    if not charges:
        return ()
    back = sum(
        abs(x.money(currency, "charge", *path, unit="currency") or 0)
        for x in charges
        for path in (("chargeAmount",), ("tax", "taxAmount"))
    )
    why = first((told.text("refundComments"), *(x.text("refundReason") for x in charges)))
    known_by = told.code("refundId") or f"line:{item.code('lineNumber')}"
    return (IncomingRefund(known_by, back, _time(item, "statusDate"), why),)


def _note(part: Part, items: tuple[Part, ...]) -> str:
    return noted(
        ("Walmart's number for the customer", part.text("customerOrderId")),
        ("Replacement for", part.text("originalCustomerOrderID")),
        *(("Customised", x.text("configId")) for x in items),
    )


def _ship_to(info: Part) -> Address:
    to = info.part("postalAddress")
    country = to.text("country")
    return Address(
        name=to.text("name"),
        line1=to.text("address1"),
        line2=to.text("address2"),
        city=to.text("city"),
        state=to.text("state"),
        postcode=to.text("postalCode"),
        country="US" if country.strip().upper() in ("USA", "") else country,
        phone=info.text("phone"),
    )
