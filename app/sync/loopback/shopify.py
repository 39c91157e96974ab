"""How does the loopback marketplace speak Shopify's Admin GraphQL API?

It answers the documents that our adapter sends, by the name of their operation, as Shopify's schema
describes the answer (a test executes both against it). What the schema does not say is here too: the
idempotency key is required, a stale quantity is refused, ``THROTTLED`` comes with status 200.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.sync.loopback.faults import page
from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.shop import Offered, SentParcel, Shop, Sold
from app.sync.loopback.shopify_values import amount, gid, lines_of, number, order, time_of, whole

LOCATION: Final = "gid://shopify/Location/1"
_SCOPES: Final = ("read_products", "write_inventory", "write_orders",
                  "read_merchant_managed_fulfillment_orders",
                  "write_merchant_managed_fulfillment_orders")  # fmt: skip
_NAMED: Final = re.compile(r"(?:query|mutation) (\w+)")
_SINCE: Final = re.compile(r"updated_at:>='([^']+)'")
_UNTIL: Final = re.compile(r"updated_at:<='([^']+)'")
_OPERATIONS: Final = {
    "Orders": "orders", "OrdersById": "order", "MoreLines": "order", "Fulfilment": "order",
    "Confirm": "confirm", "Cancel": "cancel", "SetQuantities": "quantity",
    "Quantities": "read_quantity", "Listings": "listings", "Shop": "check",
}  # fmt: skip
_BUCKET: Final = 2000.0


@dataclass(frozen=True, slots=True)
class Question:
    """One document with its variables, asked of one shop."""

    shop: Shop
    variables: Mapping[str, Any]
    document: str


class _RefusedError(Exception):
    """The question itself is refused: top-level ``errors``."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Shopify:
    """Shopify's language."""

    channel = "shopify"

    def operation(self, asked: Asked) -> str:
        """Return what a request is about."""
        if asked.path.endswith("/oauth/access_token"):
            return "sign_in"
        return _OPERATIONS.get(_name_of(asked), "")

    def answer(self, shop: Shop, asked: Asked) -> Reply:
        """Answer one document."""
        if asked.path.endswith("/oauth/access_token"):
            return _renewed(shop, asked.form)
        if not _is_let_in(shop, asked.headers.get("x-shopify-access-token", "")):
            return Reply(401, {"errors": "[API] Invalid API key or access token"})
        answering = _ANSWERS.get(_name_of(asked))
        if answering is None:
            return _said("this document is not known here", "undefinedField")
        try:
            data = answering(Question(shop, asked.data.get("variables") or {}, asked.data["query"]))
        except _RefusedError as refused:
            return _said(str(refused), refused.code)
        return Reply(200, {"data": data, "extensions": {"cost": _cost()}})


def _name_of(asked: Asked) -> str:
    found = _NAMED.match(str((asked.data or {}).get("query", "")))
    return found[1] if found else ""


def _is_let_in(shop: Shop, token: str) -> bool:
    """Check the token; one that is given a number of uses dies after them."""
    if not token or token != shop.secrets.get("access_token"):
        return False
    left = shop.secrets.get("uses_left")
    if left is not None:
        shop.secrets["uses_left"] = str(int(left) - 1)
        return int(left) > 0
    return True


def _renewed(shop: Shop, form: Mapping[str, str]) -> Reply:
    """Give a new token for a refresh token, which dies with it."""
    if form.get("refresh_token") != shop.secrets.get("refresh_token"):
        return Reply(400, {"error": "invalid_grant"})
    made = shop.next_number()
    fresh = {"access_token": f"access-{made}", "refresh_token": f"refresh-{made}"}
    shop.secrets.update(fresh)
    if "uses_each" in shop.secrets:
        shop.secrets["uses_left"] = shop.secrets["uses_each"]
    return Reply(200, {**fresh, "expires_in": 3600})


def _said(message: str, code: str) -> Reply:
    problem = {"message": message, "extensions": {"code": code}}
    return Reply(200, {"errors": [problem], "extensions": {"cost": _cost()}})


def _cost() -> dict[str, Any]:
    status = {"maximumAvailable": _BUCKET, "currentlyAvailable": _BUCKET - 50, "restoreRate": 100.0}
    return {"requestedQueryCost": 500, "actualQueryCost": 50, "throttleStatus": status}


# Questions.


def _orders(q: Question) -> Any:
    since, until = _bounds(str(q.variables.get("query") or ""))
    found = [s for s in q.shop.visible() if since <= whole(s.changed_at) <= until]
    found.sort(key=lambda sold: (sold.changed_at, int(sold.id)))
    start = int(q.variables.get("after") or 0)
    cut = page(found, start, min(q.shop.page_size, 10), q.shop.faults.of_page("orders"))
    if cut.is_stale:
        raise _RefusedError("Invalid cursor for current pagination sort.", "BAD_REQUEST")
    return {"ordersCount": {"count": len(found)}, "orders": {
        "pageInfo": {"hasNextPage": cut.following is not None,
                     "endCursor": None if cut.following is None else str(cut.following)},
        "nodes": [order(sold) for sold in cut.rows if isinstance(sold, Sold)],
    }}  # fmt: skip


def _orders_by_id(q: Question) -> Any:
    wrong = [each for each in q.variables["ids"] if not number(each).isdecimal()]
    if wrong:
        raise _RefusedError(f"Invalid global id '{wrong[0]}'", "INVALID_VARIABLE")
    found = [q.shop.orders.get(number(each)) for each in q.variables["ids"]]
    return {"nodes": [{"__typename": "Order", **order(x)} if x else None for x in found]}


def _more_lines(q: Question) -> Any:
    sold = q.shop.orders[number(q.variables["id"])]
    start = int(q.variables.get("after") or 0)
    return {"order": {"id": q.variables["id"], "lineItems": lines_of(sold, start)}}


def _ready(q: Question) -> Any:
    sold = q.shop.orders.get(number(q.variables["id"]))
    return {"order": sold and {
        "id": gid("Order", sold.id),
        "cancelledAt": time_of(sold.cancelled_at),
        "fulfillments": [
            {"id": gid("Fulfillment", parcel.id), "status": "SUCCESS",
             "trackingInfo": [{"company": parcel.carrier, "number": parcel.tracking_number}]}
            for parcel in sold.parcels
        ],
        "fulfillmentOrders": {"nodes": [{
            "id": gid("FulfillmentOrder", sold.id),
            "status": "CLOSED" if sold.cancelled_at or sold.is_shipped else "OPEN",
            "lineItems": {"nodes": [
                {"id": gid("FulfillmentOrderLineItem", line.id), "remainingQuantity": line.open,
                 "lineItem": {"id": gid("LineItem", line.id), "sku": line.sku}}
                for line in sold.lines
            ]},
        }]},
    }}  # fmt: skip


def _shop(q: Question) -> Any:
    return {
        "shop": {"name": q.shop.name, "currencyCode": q.shop.currency, "ianaTimezone": "America/New_York"},
        "currentAppInstallation": {"accessScopes": [{"handle": x} for x in _SCOPES]},
        "locations": {"nodes": [{"id": LOCATION, "name": "Warehouse", "isActive": True}]},
    }  # fmt: skip


def _quantities(q: Question) -> Any:
    return {"nodes": [_level(_item(q.shop, each), each) for each in q.variables["ids"]]}


def _listings(q: Question) -> Any:
    start = int(q.variables.get("after") or 0)
    cut = page(list(q.shop.offers.values()), start, 100, q.shop.faults.of_page("listings"))
    return {"productVariants": {
        "pageInfo": {"hasNextPage": cut.following is not None,
                     "endCursor": None if cut.following is None else str(cut.following)},
        "nodes": [
            {"id": gid("ProductVariant", str(each.id)), "sku": each.sku, "displayName": each.title,
             "price": amount(each.price, q.shop.currency), "inventoryQuantity": each.quantity,
             "inventoryItem": {"id": gid("InventoryItem", str(each.id)), "tracked": True}}
            for each in cut.rows if isinstance(each, Offered)
        ],
    }}  # fmt: skip


# What takes effect.


def _confirm(q: Question) -> Any:
    wanted = q.variables["fulfillment"]
    taken: list[tuple[str, int]] = []
    sold: Sold | None = None
    for group in wanted["lineItemsByFulfillmentOrder"]:
        sold = q.shop.orders.get(number(group["fulfillmentOrderId"]))
        if sold is None or sold.cancelled_at:
            return _not_made("Fulfillment order is not open")
        for each in group["fulfillmentOrderLineItems"]:
            line = sold.line(number(each["id"]))
            if line is None or each["quantity"] > line.open:
                return _not_made("Invalid fulfillment order line item quantity requested.")
            taken.append((line.id, each["quantity"]))
    if sold is None or not taken:
        return _not_made("Nothing to fulfill")
    made_id, tracking = str(q.shop.next_number()), wanted["trackingInfo"]
    q.shop.confirm(
        sold,
        SentParcel(made_id, tracking["company"], tracking["number"], tuple(taken), q.shop.now()),
    )
    made = {"id": gid("Fulfillment", made_id), "status": "SUCCESS"}
    return {"fulfillmentCreate": {"fulfillment": made, "userErrors": []}}


def _not_made(message: str) -> Any:
    problems = [{"field": ["fulfillment"], "message": message}]
    return {"fulfillmentCreate": {"fulfillment": None, "userErrors": problems}}


def _cancel(q: Question) -> Any:
    sold = q.shop.orders.get(number(q.variables["id"]))
    problem = ""
    if sold is None:
        problem = "Order does not exist"
    elif sold.parcels:
        problem = "Cannot cancel an order that has fulfillments"
    elif sold.cancelled_at:
        problem = "Cannot cancel an order that is already canceled"
    if problem or sold is None:
        said = [{"code": "INVALID", "field": ["orderId"], "message": problem}]
        return {"orderCancel": {"job": None, "orderCancelUserErrors": said}}
    q.shop.cancel(sold, q.variables["reason"], by="seller")
    job = {"id": gid("Job", str(q.shop.next_number())), "done": False}
    return {"orderCancel": {"job": job, "orderCancelUserErrors": []}}


def _set_quantities(q: Question) -> Any:
    if "@idempotent" not in q.document or not str(q.variables.get("key") or "").strip():
        raise _RefusedError("The @idempotent directive is required here.", "BAD_REQUEST")
    key, wanted = q.variables["key"], q.variables["input"]["quantities"]
    known = q.shop.answered.get(key)
    if known is not None:
        if known[0] == wanted:
            return known[1]
        return _not_set([], "IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "The key was used before")
    for at, each in enumerate(wanted):
        if problem := _why_not_set(q.shop, each):
            return _not_set([str(at)], *problem)
    for each in wanted:
        offered = _item(q.shop, each["inventoryItemId"])
        if offered is not None:
            q.shop.set_quantity(offered.sku, each["quantity"], key)
    group = {"id": gid("InventoryAdjustmentGroup", str(q.shop.next_number()))}
    made = {"inventorySetQuantities": {"inventoryAdjustmentGroup": group, "userErrors": []}}
    q.shop.answered[key] = (wanted, made)
    return made


def _why_not_set(shop: Shop, each: Mapping[str, Any]) -> tuple[str, str] | None:
    offered = _item(shop, each["inventoryItemId"])
    if offered is None or offered.is_refused:
        return "INVALID_INVENTORY_ITEM", "The item is not stocked here"
    if "changeFromQuantity" not in each:
        raise _RefusedError("changeFromQuantity is required", "BAD_REQUEST")
    if each["changeFromQuantity"] not in (None, offered.quantity):
        return "CHANGE_FROM_QUANTITY_STALE", "The quantity has changed"
    return None


def _not_set(at: list[str], code: str, message: str) -> Any:
    where = ["input", "quantities", *at]
    problems = [{"code": code, "field": where, "message": message}]
    return {"inventorySetQuantities": {"inventoryAdjustmentGroup": None, "userErrors": problems}}


_ANSWERS: Mapping[str, Callable[[Question], Any]] = {
    "Orders": _orders, "OrdersById": _orders_by_id, "MoreLines": _more_lines, "Fulfilment": _ready,
    "Shop": _shop, "Quantities": _quantities, "Listings": _listings, "Confirm": _confirm,
    "Cancel": _cancel, "SetQuantities": _set_quantities,
}  # fmt: skip


def _bounds(query: str) -> tuple[datetime, datetime]:
    since, until = _SINCE.search(query), _UNTIL.search(query)
    if not since or not until:
        raise _RefusedError("the query is not understood", "BAD_REQUEST")
    return datetime.fromisoformat(since[1]), datetime.fromisoformat(until[1])


def _item(shop: Shop, gid: str) -> Offered | None:
    return next((x for x in shop.offers.values() if str(x.id) == number(gid)), None)


def _level(offered: Offered | None, gid: str) -> Any:
    if offered is None:
        return None
    quantities = [{"name": "available", "quantity": offered.quantity}]
    return {"__typename": "InventoryItem", "id": gid, "inventoryLevel": {"quantities": quantities}}


DIALECT: Final = Shopify()
