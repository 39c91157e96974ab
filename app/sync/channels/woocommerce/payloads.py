"""How does an order of WooCommerce's REST API become an order?

A line states what it comes to before discounts and after, both without tax; all tax is one sum for the
order. An order that is shipped to its payer has no shipping address. Plug-ins add statuses of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import unescape
from typing import Any

from app.domain.orders import (
    Address,
    ChannelState,
    IncomingLine,
    IncomingOrder,
    IncomingRefund,
    MapperHold,
)
from app.sync.channels.woocommerce.statuses import state_of
from app.sync.files.amounts import split_line
from app.sync.files.line_states import combined, unknown_status
from app.sync.live.payload import Part, first, opened
from app.sync.live.understood import own_sum, settled


def order_from(payload: Mapping[str, Any]) -> IncomingOrder:
    """Map one order of an answer.

    Raises:
        NotReadableError: it has no id, no time, or a line without a number of units.
    """
    part = opened(payload)
    number = part.identity("id")
    currency = _currency(part)
    items, fees = part.parts("line_items"), part.parts("fee_lines")
    state, holds = _state(part)
    charged = [x.amount(currency, "total") or 0 for x in fees]
    order = IncomingOrder(
        channel="woocommerce",
        external_id=number,
        number=part.code("number") or number,
        placed_at=part.when(_made(part), "date_created_gmt"),
        currency=currency,
        lines=tuple(_line(x, currency, is_over=state is ChannelState.CANCELLED) for x in items),
        ship_to=_ship_to(part),
        buyer_name=_name(part.part("billing")) or _name(part.part("shipping")),
        buyer_email=part.text("billing", "email"),
        service=first(x.text("method_title") for x in part.parts("shipping_lines")),
        shipping=(part.amount(currency, "shipping_total") or 0) + sum(x for x in charged if x > 0),
        tax=part.amount(currency, "total_tax") or 0,
        discount=-sum(x for x in charged if x < 0),
        total=part.amount(currency, "total"),
        state=state,
        note=part.text("customer_note"),
        holds=holds,
        refunds=tuple(_refund(x, currency) for x in part.parts("refunds")),
    )
    return settled(order, part, also=(own_sum(order) - order.tax,))


def _made(part: Part) -> datetime | None:
    return part.moment("date_created_gmt") or part.moment("date_created")


def _currency(part: Part) -> str:
    found = part.currency("currency")
    if not found:
        part.unread.append("currency")
    return found or "USD"


def _state(part: Part) -> tuple[ChannelState, tuple[MapperHold, ...]]:
    word = part.text("status")
    state = state_of(word) if word else None
    if state is None:
        return ChannelState.OPEN, (unknown_status(word or "not stated"),)
    return combined([state])


def _line(item: Part, currency: str, *, is_over: bool) -> IncomingLine:
    quantity = item.quantity("quantity")
    after = item.amount(currency, "total") or 0
    before = item.amount(currency, "subtotal")
    price, rest = split_line(after if before is None else before, quantity)
    off = max(0, (after if before is None else before) - after)
    product, variation = item.code("product_id"), item.code("variation_id")
    return IncomingLine(
        external_id=item.identity("id"),
        sku_text=item.code("sku"),
        title=_title(item),
        quantity=0 if is_over else quantity,
        unit_price=price,
        discount=rest + off,
        tax=item.amount(currency, "total_tax") or 0,
        listing_id=f"{product}/{variation}" if variation not in ("", "0") else product,
    )


def _title(item: Part) -> str:
    """Return what was bought, with what the buyer chose or had put on it; WooCommerce writes HTML."""
    name = unescape(item.text("name"))
    said = ((x.text("key"), x.text("value")) for x in item.parts("meta_data") if _is_told(x))
    chosen = [f"{key}: {unescape(value)}" for key, value in said if value not in name]
    return f"{name} ({', '.join(chosen)})" if chosen else name


def _is_told(meta: Part) -> bool:
    """Say whether a line's own fact is for people; names with a low line are for programs."""
    value = meta.data.get("value")
    return isinstance(value, str) and bool(value) and not meta.text("key").startswith("_")


def _refund(told: Part, currency: str) -> IncomingRefund:
    amount = abs(told.amount(currency, "total") or 0)
    return IncomingRefund(told.code("id"), amount, None, told.text("reason"))


def _ship_to(part: Part) -> Address:
    """Return the shipping address; orders shipped to the payer leave it empty."""
    billing, shipping = part.part("billing"), part.part("shipping")
    to = shipping if shipping.text("address_1").strip() else billing
    return Address(
        name=_name(to),
        company=to.text("company"),
        line1=to.text("address_1"),
        line2=to.text("address_2"),
        city=to.text("city"),
        state=to.text("state"),
        postcode=to.text("postcode"),
        country=to.text("country"),
        phone=shipping.text("phone") or billing.text("phone"),
    )


def _name(to: Part) -> str:
    return " ".join(x for x in (to.text("first_name"), to.text("last_name")) if x)
