"""How does a receipt of Etsy's Open API v3 become an order?

A receipt is one order, its transactions are the lines. Every amount names what it is divided by,
which is not always a hundred. Times are counted in seconds. A buyer's name, address and e-mail are
withheld from some applications. Only whole receipts are shipped, cancelled or refunded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP
from typing import Any, Final

from app.domain.money import exponent
from app.domain.orders import (
    Address,
    ChannelState,
    IncomingLine,
    IncomingOrder,
    IncomingRefund,
    MapperHold,
)
from app.sync.channels.etsy import statuses
from app.sync.files.line_states import awaiting_payment, unknown_status
from app.sync.live.payload import MOST_MINOR, Part, first, noted, opened
from app.sync.live.understood import own_sum, settled

_DIVISORS: Final = tuple(10**power for power in range(7))


def order_from(payload: Mapping[str, Any]) -> IncomingOrder:
    """Map one receipt with its transactions.

    Raises:
        NotReadableError: it has no id, no time, or a line without a number of units.
    """
    part = opened(payload)
    number = part.identity("receipt_id")
    items = part.parts("transactions")
    currency = _currency(part, items)
    state, holds = _state(part)
    is_over = state is ChannelState.CANCELLED
    address = _ship_to(part)
    vat = money(part, currency, "total_vat_cost") or 0
    order = IncomingOrder(
        channel="etsy",
        external_id=number,
        number=number,
        placed_at=part.when(_made(part), "created_timestamp"),
        currency=currency,
        lines=tuple(_line(x, currency, is_over=is_over) for x in items),
        ship_to=address,
        buyer_name=address.name,
        buyer_email=part.text("buyer_email"),
        service=_service(items),
        shipping=sum(
            money(part, currency, x) or 0 for x in ("total_shipping_cost", "gift_wrap_price")
        ),
        tax=money(part, currency, "total_tax_cost") or 0,
        discount=money(part, currency, "discount_amt") or 0,
        total=money(part, currency, "grandtotal"),
        state=state,
        ship_by=min(filter(None, (x.epoch("expected_ship_date") for x in items)), default=None),
        note=_note(part),
        holds=holds,
        refunds=_refunds(part, currency),
    )
    # European tax is contained in the prices, or stands beside them: the total tells.
    readings = (own_sum(order) + vat, own_sum(order) - order.tax, own_sum(order) - order.tax + vat)
    return settled(order, part, also=() if is_over else readings)


def money(part: Part, currency: str, *path: str) -> int | None:
    """Return an amount in minor units: Etsy's number, divided by the divisor that it names."""
    told = part.part(*path)
    amount, divisor = told.decimal("amount"), told.decimal("divisor")
    if amount is None:
        return None
    if (
        divisor is None
        or divisor not in _DIVISORS
        or told.code("currency_code") not in ("", currency)
    ):
        part.unread.append(told.at)
        return None
    exact = amount.scaleb(exponent(currency)) / divisor
    if abs(exact) >= MOST_MINOR:
        part.unread.append(told.at)
        return None
    return int(exact.to_integral_value(ROUND_HALF_UP))


def _currency(part: Part, items: tuple[Part, ...]) -> str:
    prices = (x.currency("price", "currency_code") for x in items)
    found = first((part.currency("grandtotal", "currency_code"), *prices))
    if not found:
        part.unread.append("grandtotal.currency_code")
    return found or "USD"


def _made(part: Part) -> datetime | None:
    return part.epoch("created_timestamp") or part.epoch("create_timestamp")


def _state(part: Part) -> tuple[ChannelState, tuple[MapperHold, ...]]:
    word = part.text("status")
    stated = statuses.state_of_receipt(
        word, is_paid=part.flag("is_paid"), is_shipped=part.flag("is_shipped")
    )
    state = stated or ChannelState.OPEN
    holds = () if stated else (unknown_status(word or "not stated"),)
    return state, (awaiting_payment(),) if state is ChannelState.AWAITING_PAYMENT else holds


def _line(item: Part, currency: str, *, is_over: bool) -> IncomingLine:
    quantity = item.quantity("quantity")
    price = money(item, currency, "price") or 0
    return IncomingLine(
        external_id=item.identity("transaction_id"),
        sku_text=item.code("sku"),
        title=_title(item),
        quantity=0 if is_over else quantity,
        unit_price=price,
        listing_id=item.code("listing_id"),
        requires_shipping=not item.flag("is_digital"),
    )


def _title(item: Part) -> str:
    """Return what was bought, with the variation and the words that the buyer chose."""
    chosen = ", ".join(
        f"{x.text('formatted_name')}: {x.text('formatted_value')}" for x in item.parts("variations")
    )
    return f"{item.text('title')} ({chosen})" if chosen else item.text("title")


def _service(items: tuple[Part, ...]) -> str:
    """Return the shipping upgrade that the buyer paid for, else the method of the first line."""
    upgrades = (x.text("shipping_upgrade") for x in items)
    return first((*upgrades, *(x.text("shipping_method") for x in items)))


def _refunds(part: Part, currency: str) -> tuple[IncomingRefund, ...]:
    """Return what the buyer got back; Etsy numbers no refund, so its time and amount name it."""
    found = []
    for each in part.parts("refunds"):
        at, back = each.epoch("created_timestamp"), money(each, currency, "amount") or 0
        why = noted(("", each.text("reason")), ("", each.text("note_from_issuer")))
        known_by = f"{int(at.timestamp()) if at else 0}:{back}"
        if each.word("status") not in ("failed", "cancelled", "canceled"):
            found.append(IncomingRefund(known_by, back, at, why.replace("\n", " · ")))
    return tuple(found)


def _note(part: Part) -> str:
    gift = "yes" if part.flag("is_gift") and not part.text("gift_message") else ""
    wrapped = "yes" if (part.part("gift_wrap_price").decimal("amount") or 0) > 0 else ""
    return noted(
        ("", part.text("message_from_buyer")),
        ("Gift", gift),
        ("Gift message", part.text("gift_message")),
        ("Gift from", part.text("gift_sender")),
        ("Gift wrap", wrapped),
    )


def _ship_to(part: Part) -> Address:
    """Return the address; where only Etsy's printed form of it is given, its lines."""
    line1, line2 = part.text("first_line"), part.text("second_line")
    if not line1:
        printed = [x for x in part.text("formatted_address").splitlines() if x.strip()]
        rest = printed[1:] if printed[:1] == [part.text("name")] else printed
        line1, line2 = " ".join(rest[:1]), ", ".join(rest[1:])
    return Address(
        name=part.text("name"),
        line1=line1,
        line2=line2,
        city=part.text("city"),
        state=part.text("state"),
        postcode=part.text("zip"),
        country=part.text("country_iso"),
    )
