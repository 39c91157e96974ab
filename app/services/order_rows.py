"""Which rows and cases follow from an order as its channel states it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.cases import OF_HOLD, CaseDraft, CaseKind
from app.domain.casework.kinds import TEMPLATES
from app.domain.orders import (
    ChannelState,
    HoldCode,
    IncomingLine,
    IncomingOrder,
    MapperHold,
    OrderStatus,
)
from app.domain.recognising import Code, Meant
from app.services.standing_in import Waits


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a batch of orders comes from: the account, and the file or the sync run.

    ``payloads`` are the orders as the channel gave them, by external id; a file's stay in the file.
    """

    account_id: int
    source: str
    import_file_id: int | None = None
    payloads: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def reserves_stock(order: IncomingOrder) -> bool:
    """Return whether the order claims units of ours: not if it is over, or not ours to ship."""
    over = order.state in (ChannelState.CANCELLED, ChannelState.SHIPPED)
    return not over and not order.fulfilled_by_channel


def first_status(order: IncomingOrder) -> OrderStatus:
    """Return the status of an order that the desk sees for the first time."""
    if order.state is ChannelState.CANCELLED:
        return OrderStatus.CANCELLED
    if order.state is ChannelState.SHIPPED:
        return OrderStatus.SHIPPED
    return OrderStatus.OPEN


def code_of(order: IncomingOrder, line: IncomingLine) -> Code:
    """Return what a channel calls the goods of a line, and when they were ordered."""
    return Code(line.sku_text, line.listing_id, line.variant, order.placed_at)


def unknown_sku(line: IncomingLine) -> MapperHold:
    """Return the hold of a line whose code is not in the catalogue."""
    return MapperHold(
        HoldCode.UNKNOWN_SKU,
        f"“{line.sku_text}” ({line.title}) is not a SKU of yours. Link it, and this order goes on.",
    )


def still_held(order: IncomingOrder, meant: Mapping[Code, Meant]) -> list[MapperHold]:
    """Return the order's holds without “no SKU”, if the listing says what each such line is."""
    if not order.holds:
        return []
    nameless = [x for x in order.lines if not x.sku_text and x.requires_shipping and x.quantity]
    if not all(code_of(order, line) in meant for line in nameless) or not nameless:
        return list(order.holds)
    return [hold for hold in order.holds if hold.code is not HoldCode.MISSING_SKU]


def order_values(order: IncomingOrder) -> dict[str, Any]:
    """Return the columns of an order that the channel owns."""
    to = order.ship_to
    return {
        "channel": order.channel,
        "external_id": order.external_id,
        "number": order.number,
        "channel_state": order.state,
        "fulfilled_by_channel": order.fulfilled_by_channel,
        "placed_at": order.placed_at,
        "ship_by": order.ship_by,
        "deliver_by": order.deliver_by,
        "service": order.service,
        "buyer_name": order.buyer_name,
        "buyer_email": order.buyer_email,
        "ship_name": to.name,
        "ship_company": to.company,
        "ship_line1": to.line1,
        "ship_line2": to.line2,
        "ship_line3": to.line3,
        "ship_city": to.city,
        "ship_state": to.state,
        "ship_postcode": to.postcode,
        "ship_country": to.country,
        "ship_phone": to.phone,
        "currency": order.currency,
        "shipping": order.shipping,
        "tax": order.tax,
        "discount": order.discount,
        "total": order.total,
        "units": sum(line.quantity for line in order.lines),
        "note": order.note,
    }


def line_row(
    line_id: int,
    order_id: int,
    position: int,
    line: IncomingLine,
    meant: Meant | None,
    state: str,
) -> dict[str, Any]:
    """Return the row of an order line."""
    return {
        "id": line_id,
        "order_id": order_id,
        "position": position,
        "external_id": line.external_id,
        "sku_text": line.sku_text,
        "sku_id": meant.sku_id if meant else None,
        "pack": meant.pack if meant else 1,
        "title": line.title,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount": line.discount,
        "tax": line.tax,
        "listing_id": line.listing_id,
        "requires_shipping": line.requires_shipping,
        "variant": line.variant,
        "claim": state,
    }


def hold_row(
    hold_id: int, order_id: int, problem: MapperHold, raised_by: str, now: datetime
) -> dict[str, Any]:
    """Return the row of a hold."""
    return {
        "id": hold_id,
        "order_id": order_id,
        "code": problem.code,
        "reason": problem.reason,
        "raised_by": raised_by,
        "raised_at": now,
    }


def inbox_row(
    inbox_id: int,
    arrival: Arrival,
    order: IncomingOrder,
    fingerprint: str,
    outcome: str,
    now: datetime,
) -> dict[str, Any]:
    """Return the row that remembers what the channel said, and where the original lies."""
    return {
        "id": inbox_id,
        "account_id": arrival.account_id,
        "external_id": order.external_id,
        "content_hash": fingerprint,
        "channel_state": order.state,
        "import_file_id": arrival.import_file_id,
        "payload": arrival.payloads.get(order.external_id) or {"lines": order.source_lines},
        "outcome": outcome,
        "received_at": now,
    }


def hold_case(
    order_id: int, order: IncomingOrder, problem: MapperHold, due: datetime,
    kind: CaseKind | None = None,
) -> CaseDraft:  # fmt: skip
    """Return the case behind a hold: of the usual kind, or of one that says more."""
    kind = kind or OF_HOLD[problem.code]
    return CaseDraft(
        kind, "order", order_id, f"Order {order.number}: {TEMPLATES[kind].title.lower()}",
        order.worth, order.currency, order_id, due_at=due,
        facts={"code": problem.code, "reason": problem.reason},
    )  # fmt: skip


def shortfall_case(
    order_id: int,
    number: str,
    money: int,
    currency: str,
    waiting: Sequence[Waits],
    due: datetime | None,
) -> CaseDraft:
    """Return the case of lines that found no stock, and of what is known to help."""
    facts: dict[str, Any] = {"missing": [each.as_told() for each in waiting]}
    message = " ".join(dict.fromkeys(each.sentence for each in waiting if each.sentence))
    return CaseDraft(
        CaseKind.SHORTFALL, "order", order_id, f"Order {number}: not enough stock",
        money, currency, order_id, waiting[0].short.sku_id, due,
        {**facts, "message": message} if message else facts,
    )  # fmt: skip
