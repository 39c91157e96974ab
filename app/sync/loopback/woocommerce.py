"""How does the loopback marketplace speak WooCommerce's REST API?

It keeps what a program keeps with an order, knows no parcels, and completes an order when its status is
set. What the desk keeps there is what it took effect as.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from math import ceil
from typing import Any, Final

from app.domain.money import to_decimal
from app.domain.orders import Address
from app.sync.channels.woocommerce.telling import PARCELS
from app.sync.loopback.faults import page
from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.routes import Route, Routed, Visit, changed_since
from app.sync.loopback.shop import Offered, SentParcel, Shop, Sold, SoldLine

_API: Final = "/wp-json/wc/v3"
_ORDER: Final = f"{_API}/orders/{{order}}"


def _orders(visit: Visit) -> Reply:
    asked = visit.asked.query
    since = datetime.fromisoformat(asked.get("modified_after", "1970-01-01T00:00:00"))
    found = changed_since(visit.shop, since.replace(tzinfo=UTC))
    return _page(visit, found, "orders")


def _page(visit: Visit, found: list[Any], operation: str) -> Reply:
    asked = visit.asked.query
    size = min(visit.shop.page_size, int(asked.get("per_page", "10")))
    start = int(asked.get("offset", "0"))
    cut = page(found, start, size, visit.shop.faults.of_page(operation))
    rows = [_as_order(visit.shop, x) for x in cut.rows if isinstance(x, Sold)]
    rows += [_as_product(x) for x in cut.rows if isinstance(x, Offered)]
    pages = str(max(1, ceil(len(found) / size)))
    return Reply(200, rows, {"x-wp-total": str(len(found)), "x-wp-totalpages": pages})


def _one(visit: Visit) -> Reply:
    sold = visit.sold
    return _missing() if sold is None else Reply(200, _as_order(visit.shop, sold))


def _change(visit: Visit) -> Reply:
    sold, told = visit.sold, visit.asked.data
    if sold is None:
        return _missing()
    for meta in told.get("meta_data", []):
        if meta["key"] == PARCELS:
            _confirm(visit.shop, sold, meta["value"])
    if told.get("status") == "cancelled":
        visit.shop.cancel(sold, "cancelled", by="seller")
    return _one(visit)


def _what_changes(asked: Asked) -> str:
    return "cancel" if (asked.data or {}).get("status") == "cancelled" else "confirm"


def _confirm(shop: Shop, sold: Sold, parcels: list[dict[str, Any]]) -> None:
    known = {x.tracking_number for x in sold.parcels}
    for each in parcels:
        if each["tracking_number"] not in known:
            lines = tuple((x["id"], int(x["quantity"])) for x in each["items"])
            number = str(shop.next_number())
            shop.confirm(
                sold,
                SentParcel(number, each["carrier"], each["tracking_number"], lines, shop.now()),
            )


def _notes(visit: Visit) -> Reply:
    kept = visit.shop.answered.get(f"notes:{visit.at['order']}", [])
    return Reply(200, kept) if visit.sold else _missing()


def _new_note(visit: Visit) -> Reply:
    kept = visit.shop.answered.setdefault(f"notes:{visit.at['order']}", [])
    made = {"id": visit.shop.next_number(), **visit.asked.data}
    kept.append(made)
    return Reply(201, made)


def _products(visit: Visit) -> Reply:
    wanted = visit.asked.query.get("include")
    offers = [x for x in visit.shop.offers.values() if not wanted or str(x.id) in wanted.split(",")]
    return _page(visit, offers, "listings")


def _batch(visit: Visit) -> Reply:
    by_id = {x.id: x for x in visit.shop.offers.values()}
    answers: list[dict[str, Any]] = []
    for each in visit.asked.data["update"]:
        offered = by_id.get(each["id"])
        if offered is None or offered.is_refused:
            problem = {"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID."}
            answers.append({"id": each["id"], "error": problem})
        else:
            visit.shop.set_quantity(offered.sku, each["stock_quantity"])
            answers.append(_as_product(offered))
    return Reply(200, {"update": answers})


def _as_product(offered: Offered) -> dict[str, Any]:
    return {
        "id": offered.id, "name": offered.title, "sku": offered.sku, "type": "simple",
        "price": str(to_decimal(offered.price, "USD")), "manage_stock": True,
        "stock_quantity": offered.quantity,
    }  # fmt: skip


def _as_order(shop: Shop, sold: Sold) -> dict[str, Any]:
    to = sold.ship_to
    kept = [
        {"tracking_number": x.tracking_number, "carrier": x.carrier,
         "items": [{"id": i, "quantity": n} for i, n in x.lines]}
        for x in sold.parcels
    ]  # fmt: skip
    return {
        "id": int(sold.id), "number": sold.id, "status": _status(sold), "currency": sold.currency,
        "date_created": _time(sold.placed_at), "date_created_gmt": _time(sold.placed_at),
        "date_modified": _time(sold.changed_at), "date_modified_gmt": _time(sold.changed_at),
        "total": _amount(sold, sold.total), "shipping_total": _amount(sold, sold.shipping),
        "total_tax": _amount(sold, sold.tax), "discount_total": _amount(sold, 0),
        "customer_note": sold.note, "prices_include_tax": False,
        "billing": {**_address(to), "email": sold.email, "phone": to.phone},
        "shipping": _address(to),
        "line_items": [_as_line(shop, sold, at, x) for at, x in enumerate(sold.lines)],
        "shipping_lines": [{"id": 1, "method_title": sold.service}],
        "fee_lines": [], "coupon_lines": [], "refunds": [],
        "meta_data": [{"id": 1, "key": PARCELS, "value": kept}] if kept else [],
    }  # fmt: skip


def _as_line(shop: Shop, sold: Sold, at: int, line: SoldLine) -> dict[str, Any]:
    known = shop.offers.get(line.sku)
    goods = _amount(sold, line.price * line.quantity)
    return {
        "id": int(line.id), "name": line.title, "sku": line.sku, "quantity": line.quantity,
        "product_id": known.id if known else 0, "variation_id": 0, "subtotal": goods,
        "total": goods, "total_tax": _amount(sold, 0 if at else sold.tax), "meta_data": [],
    }  # fmt: skip


def _status(sold: Sold) -> str:
    if sold.cancelled_at:
        return "cancelled"
    if sold.is_shipped:
        return "completed"
    return "processing" if sold.is_paid else "pending"


def _address(to: Address) -> dict[str, str]:
    first, _, last = to.name.partition(" ")
    return {
        "first_name": first, "last_name": last, "company": to.company, "address_1": to.line1,
        "address_2": to.line2, "city": to.city, "state": to.state, "postcode": to.postcode,
        "country": to.country,
    }  # fmt: skip


def _amount(sold: Sold, minor: int) -> str:
    return str(to_decimal(minor, sold.currency))


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _missing() -> Reply:
    return _refused(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")


def _refused(status: int, code: str, words: str) -> Reply:
    return Reply(status, {"code": code, "message": words, "data": {"status": status}})


def _may_enter(shop: Shop, asked: Asked) -> bool:
    pair = f"{shop.secrets.get('consumer_key', '')}:{shop.secrets.get('consumer_secret', '')}"
    wanted = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return asked.headers.get("authorization") == wanted


DIALECT: Final = Routed(
    channel="woocommerce",
    routes=(
        Route("GET", f"{_API}/orders", "orders", _orders),
        Route("GET", _ORDER, "order", _one),
        Route("PUT", _ORDER, _what_changes, _change),
        Route("GET", f"{_ORDER}/notes", "order", _notes),
        Route("POST", f"{_ORDER}/notes", "note", _new_note),
        Route("GET", f"{_API}/products", "listings", _products),
        Route("POST", f"{_API}/products/batch", "quantity", _batch),
    ),
    let_in=_may_enter,
    refused=_refused(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources."),
    missing=_refused(404, "rest_no_route", "No route was found."),
)
