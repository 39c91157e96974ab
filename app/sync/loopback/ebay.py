"""How does the loopback marketplace speak eBay's Fulfillment, Inventory and Post-Order APIs?

A list of orders never has the requests to cancel; a single order has. The next page is an address.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from app.domain.money import to_decimal
from app.sync.loopback.faults import page
from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.routes import Route, Routed, Visit, changed_since, is_let_in, renewed, utc
from app.sync.loopback.shop import Offered, SentParcel, Shop, Sold, SoldLine

_ORDER: Final = "/sell/fulfillment/v1/order"
_ITEMS: Final = "/sell/inventory/v1"
_WINDOW: Final = re.compile(r"lastmodifieddate:\[([^.]+\.[0-9]+Z)\.\.\]")


def _token(visit: Visit) -> Reply:
    if visit.asked.form.get("refresh_token") != visit.shop.secrets.get("refresh_token"):
        return Reply(400, {"error": "invalid_grant", "error_description": "the token is expired"})
    return Reply(200, renewed(visit.shop, lasts=7200))


def _privilege(_visit: Visit) -> Reply:
    limit = {"amount": {"currency": "USD", "value": "25000.0"}, "quantity": 1000}
    return Reply(200, {"sellerRegistrationCompleted": True, "sellingLimit": limit})


def _orders(visit: Visit) -> Reply:
    asked = visit.asked.query
    if "orderIds" in asked:
        known = (visit.shop.orders.get(x) for x in asked["orderIds"].split(","))
        return _order_page([_as_order(x) for x in known if x], 0, 50, "")
    window = _WINDOW.search(asked.get("filter", ""))
    if window is None:
        return _refused(400, 30700, "The filter is not valid")
    found = changed_since(visit.shop, datetime.fromisoformat(window[1]))
    start, size = int(asked.get("offset", "0")), min(int(asked["limit"]), visit.shop.page_size)
    cut = page(found, start, size, visit.shop.faults.of_page("orders"))
    following = ""
    if cut.following is not None:
        query = urlencode({**asked, "offset": str(cut.following)})
        following = f"https://api.ebay.com{_ORDER}?{query}"
    rows = [_as_order(x) for x in cut.rows if isinstance(x, Sold)]
    return _order_page(rows, len(found), size, following)


def _order_page(rows: list[dict[str, Any]], total: int, size: int, following: str) -> Reply:
    told: dict[str, Any] = {"orders": rows, "total": total, "limit": size}
    return Reply(200, {**told, "next": following} if following else told)


def _one(visit: Visit) -> Reply:
    sold = visit.sold
    if sold is None:
        return _unknown()
    told = _as_order(sold)
    if sold.cancel_asked:
        asked = {"cancelRequestId": f"request-{sold.id}", "cancelInitiator": "BUYER",
                 "cancelReason": sold.cancel_asked}  # fmt: skip
        told["cancelStatus"]["cancelRequests"] = [asked]
    return Reply(200, told)


def _fulfilments(visit: Visit) -> Reply:
    sold = visit.sold
    if sold is None:
        return _unknown()
    told = [
        {"fulfillmentId": x.id, "shipmentTrackingNumber": x.tracking_number,
         "shippingCarrierCode": x.carrier, "shippedDate": utc(x.at),
         "lineItems": [{"lineItemId": i, "quantity": n} for i, n in x.lines]}
        for x in sold.parcels
    ]  # fmt: skip
    return Reply(200, {"fulfillments": told, "total": len(told)})


def _fulfil(visit: Visit) -> Reply:
    sold, told = visit.sold, visit.asked.data
    if sold is None:
        return _unknown()
    if sold.cancelled_at:
        return _refused(400, 32100, "The order is cancelled")
    lines = tuple((x["lineItemId"], int(x["quantity"])) for x in told["lineItems"])
    for line_id, units in lines:
        line = sold.line(line_id)
        if line is None or units > line.open:
            return _refused(400, 32210, f"Invalid quantity for line item {line_id}")
    number = told.get("trackingNumber", "")
    if bool(number) != bool(told.get("shippingCarrierCode")):
        return _refused(400, 32220, "Carrier and tracking number go together")
    kept = re.sub(r"[^A-Za-z0-9]", "", number)
    made = kept or "999"
    carrier = told.get("shippingCarrierCode", "")
    visit.shop.confirm(sold, SentParcel(made, carrier, kept, lines, visit.shop.now()))
    where = f"https://api.ebay.com{_ORDER}/{quote(sold.id)}/shipping_fulfillment/{made}"
    return Reply(201, {}, {"location": where})


def _cancel(visit: Visit) -> Reply:
    told = visit.asked.data
    sold = visit.shop.orders.get(str(told.get("legacyOrderId")))
    if sold is None:
        return _unknown()
    if sold.parcels or sold.cancelled_at:
        return _refused(400, 1500, "The order cannot be cancelled any more")
    visit.shop.cancel(sold, told["cancelReason"], by="seller")
    return Reply(200, {"cancelId": str(visit.shop.next_number())})


def _approve(visit: Visit) -> Reply:
    asked = visit.at["request"].removeprefix("request-")
    sold = visit.shop.orders.get(asked)
    if sold is None:
        return _unknown()
    visit.shop.cancel(sold, "BUYER_ASKED_CANCEL", by="seller")
    return Reply(200, {})


def _update(visit: Visit) -> Reply:
    answers = []
    for each in visit.asked.data["requests"]:
        offered = visit.shop.offers.get(each["sku"])
        if offered is None or offered.is_refused:
            problem = [{"errorId": 25710, "message": "The SKU could not be found"}]
            answers.append({"sku": each["sku"], "statusCode": 404, "errors": problem})
        else:
            units = each["shipToLocationAvailability"]["quantity"]
            visit.shop.set_quantity(offered.sku, units)
            answers.append({"sku": each["sku"], "statusCode": 200})
    is_mixed = len({x["statusCode"] for x in answers}) > 1
    return Reply(207 if is_mixed else 200, {"responses": answers})


def _items_by_sku(visit: Visit) -> Reply:
    answers: list[dict[str, Any]] = []
    for each in visit.asked.data["requests"]:
        offered = visit.shop.offers.get(each["sku"])
        if offered is None:
            answers.append({"sku": each["sku"], "statusCode": 404})
        else:
            item = {"sku": offered.sku, "inventoryItem": _as_item(offered)}
            answers.append({**item, "statusCode": 200})
    return Reply(200, {"responses": answers})


def _items(visit: Visit) -> Reply:
    asked, offers = visit.asked.query, list(visit.shop.offers.values())
    start, size = int(asked.get("offset", "0")), int(asked.get("limit", "25"))
    cut = page(offers, start, size, visit.shop.faults.of_page("listings"))
    rows = [{"sku": x.sku, **_as_item(x)} for x in cut.rows if isinstance(x, Offered)]
    told: dict[str, Any] = {"inventoryItems": rows, "total": len(offers), "limit": size}
    if cut.following is not None:
        told["next"] = f"{_ITEMS}/inventory_item?limit={size}&offset={cut.following}"
    return Reply(200, told)


def _offers(visit: Visit) -> Reply:
    offered = visit.shop.offers.get(visit.asked.query.get("sku", ""))
    if offered is None:
        return _unknown()
    told = {"offerId": f"7{offered.id}", "sku": offered.sku, "status": "PUBLISHED"}
    return Reply(200, {"offers": [told], "total": 1, "size": 1})


def _as_item(offered: Offered) -> dict[str, Any]:
    shown = {"shipToLocationAvailability": {"quantity": offered.quantity}}
    return {"product": {"title": offered.title}, "availability": shown, "condition": "NEW"}


def _as_order(sold: Sold) -> dict[str, Any]:
    to = sold.ship_to
    address = {"addressLine1": to.line1, "addressLine2": to.line2, "city": to.city,
               "stateOrProvince": to.state, "postalCode": to.postcode,
               "countryCode": to.country}  # fmt: skip
    ship_to = {"fullName": to.name, "contactAddress": address, "email": sold.email,
               "primaryPhone": {"phoneNumber": to.phone}}  # fmt: skip
    prices = {"priceSubtotal": _money(sold, sold.goods), "deliveryCost": _money(sold, sold.shipping),
              "tax": _money(sold, sold.tax), "total": _money(sold, sold.total)}  # fmt: skip
    return {
        "orderId": sold.id, "legacyOrderId": sold.id, "creationDate": _stamp(sold.placed_at),
        "lastModifiedDate": _stamp(sold.changed_at), "buyer": {"username": sold.buyer},
        "buyerCheckoutNotes": sold.note, "orderPaymentStatus": "PAID" if sold.is_paid else "PENDING",
        "orderFulfillmentStatus": _progress(sold), "pricingSummary": prices,
        "cancelStatus": {"cancelState": _cancel_state(sold), "cancelRequests": []},
        "fulfillmentStartInstructions": [{
            "fulfillmentInstructionsType": "SHIP_TO",
            "shippingStep": {"shipTo": ship_to, "shippingServiceCode": sold.service},
        }],
        "lineItems": [_as_line(sold, at, x) for at, x in enumerate(sold.lines)],
    }  # fmt: skip


def _as_line(sold: Sold, at: int, line: SoldLine) -> dict[str, Any]:
    tax = [{"amount": _money(sold, sold.tax), "taxType": "STATE_SALES_TAX"}] if not at else []
    told = {
        "lineItemId": line.id, "legacyItemId": f"2{line.id}", "sku": line.sku, "title": line.title,
        "quantity": line.quantity, "lineItemCost": _money(sold, line.price * line.quantity),
        "taxes": tax, "lineItemFulfillmentStatus": "NOT_STARTED" if line.open else "FULFILLED",
    }  # fmt: skip
    due = {"shipByDate": _stamp(sold.ship_by)} if sold.ship_by else {}
    return {**told, "lineItemFulfillmentInstructions": due}


def _cancel_state(sold: Sold) -> str:
    if sold.cancelled_at:
        return "CANCELED"
    return "IN_PROGRESS" if sold.cancel_asked else "NONE_REQUESTED"


def _progress(sold: Sold) -> str:
    if sold.is_shipped:
        return "FULFILLED"
    return "IN_PROGRESS" if sold.parcels else "NOT_STARTED"


def _money(sold: Sold, minor: int) -> dict[str, str]:
    return {"value": str(to_decimal(minor, sold.currency)), "currency": sold.currency}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _unknown() -> Reply:
    return _refused(404, 32100, "The resource was not found")


def _refused(status: int, code: int, words: str) -> Reply:
    problem = {"errorId": code, "domain": "API_FULFILLMENT", "category": "REQUEST",
               "message": words, "longMessage": words}  # fmt: skip
    return Reply(status, {"errors": [problem]})


def _may_enter(shop: Shop, asked: Asked) -> bool:
    kind, _, token = asked.headers.get("authorization", "").partition(" ")
    wanted = "IAF" if asked.path.startswith("/post-order/") else "Bearer"
    return kind == wanted and is_let_in(shop, token)


DIALECT: Final = Routed(
    channel="ebay",
    routes=(
        Route("POST", "/identity/v1/oauth2/token", "sign_in", _token, is_open=True),
        Route("GET", "/sell/account/v1/privilege", "check", _privilege),
        Route("GET", _ORDER, "orders", _orders),
        Route("GET", f"{_ORDER}/{{order}}", "order", _one),
        Route("GET", f"{_ORDER}/{{order}}/shipping_fulfillment", "order", _fulfilments),
        Route("POST", f"{_ORDER}/{{order}}/shipping_fulfillment", "confirm", _fulfil),
        Route("POST", "/post-order/v2/cancellation", "cancel", _cancel),
        Route("POST", "/post-order/v2/cancellation/{request}/approve", "cancel", _approve),
        Route("GET", f"{_ITEMS}/inventory_item", "listings", _items),
        Route("GET", f"{_ITEMS}/offer", "quantity", _offers),
        Route("POST", f"{_ITEMS}/bulk_get_inventory_item", "read_quantity", _items_by_sku),
        Route("POST", f"{_ITEMS}/bulk_update_price_quantity", "quantity", _update),
    ),
    let_in=_may_enter,
    refused=_refused(401, 1001, "Invalid access token"),
    missing=_refused(404, 2002, "Resource not found"),
)
