"""How does the loopback marketplace speak Walmart's Marketplace API?

An order that was not acknowledged cannot be shipped or cancelled; a shipment must carry the order's own
method. The next page is a query string, to be sent back as it is.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from app.domain.money import to_decimal
from app.sync.loopback.faults import page
from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.routes import Route, Routed, Visit, changed_since, is_let_in, renewed
from app.sync.loopback.shop import Offered, SentParcel, Shop, Sold, SoldLine
from app.sync.loopback.walmart_feeds import feed_state, invalid, refused, take_feed

_ORDER: Final = "/v3/orders/{order}"


def _token(visit: Visit) -> Reply:
    keys = (
        f"{visit.shop.secrets.get('client_id', '')}:{visit.shop.secrets.get('client_secret', '')}"
    )
    wanted = f"Basic {base64.b64encode(keys.encode()).decode()}"
    if visit.asked.headers.get("authorization") != wanted:
        return refused(401, "UNAUTHORIZED.GMP_GATEWAY_API", "Unauthorized")
    return Reply(200, renewed(visit.shop, lasts=900))


def _scopes(_visit: Visit) -> Reply:
    scopes = {"orders": "full_access", "inventory": "full_access", "feeds": "view_only"}
    return Reply(200, {"expire_at": "1795431600000", "issued_at": "1795430700000",
                       "is_valid": True, "is_channel_match": True, "scopes": scopes})  # fmt: skip


def _orders(visit: Visit) -> Reply:
    asked = visit.asked.query
    if asked.get("shipNodeType", "SellerFulfilled") != "SellerFulfilled":
        return _list([], {"totalCount": 0, "limit": 200})
    found = changed_since(visit.shop, datetime.fromisoformat(asked["lastModifiedStartDate"]))
    start, size = int(asked.get("soIndex", "0")), min(visit.shop.page_size, int(asked["limit"]))
    cut = page(found, start, size, visit.shop.faults.of_page("orders"))
    if cut.is_stale:
        return refused(400, "INVALID_REQUEST_PARAM.GMP_ORDER_API", "The cursor is not valid")
    meta: dict[str, Any] = {"totalCount": len(found), "limit": size}
    if cut.following is not None:
        following = {**asked, "soIndex": str(cut.following), "hasMoreElements": "true"}
        meta["nextCursor"] = f"?{urlencode(following)}"
    return _list([_as_order(x) for x in cut.rows if isinstance(x, Sold)], meta)


def _list(orders: list[dict[str, Any]], meta: Mapping[str, Any]) -> Reply:
    return Reply(200, {"list": {"meta": meta, "elements": {"order": orders}}})


def _one(visit: Visit) -> Reply:
    sold = visit.sold
    return _unknown() if sold is None else Reply(200, {"order": _as_order(sold)})


def _acknowledge(visit: Visit) -> Reply:
    sold = visit.sold
    if sold is None:
        return _unknown()
    visit.shop.acknowledge(sold)
    return _one(visit)


def _ship(visit: Visit) -> Reply:
    sold = visit.sold
    if sold is None:
        return _unknown()
    told = visit.asked.data["orderShipment"]["orderLines"]["orderLine"]
    if problem := _why_not_shipped(sold, told):
        return problem
    tracking = told[0]["orderLineStatuses"]["orderLineStatus"][0]["trackingInfo"]
    carrier = tracking["carrierName"].get("carrier") or tracking["carrierName"]["otherCarrier"]
    lines = tuple((x["lineNumber"], _told_units(x)) for x in told)
    parcel = SentParcel(
        str(visit.shop.next_number()), carrier, tracking["trackingNumber"], lines, visit.shop.now()
    )
    visit.shop.confirm(sold, parcel)
    return _one(visit)


def _why_not_shipped(sold: Sold, told: list[dict[str, Any]]) -> Reply | None:
    if sold.acknowledged_at is None:
        return invalid("orderLine", "The order is not acknowledged")
    for each in told:
        line = sold.line(each["lineNumber"])
        status = each["orderLineStatuses"]["orderLineStatus"][0]
        if line is None or _told_units(each) > line.open:
            return invalid("lineNumber", f"No quantity left to ship in line {each['lineNumber']}")
        if sold.cancel_asked and not each.get("intentToCancelOverride"):
            return invalid("intentToCancelOverride", "The customer asked to cancel this line")
        if status["trackingInfo"]["methodCode"] != sold.service:
            return invalid("methodCode", "Method code is not supported in line number 1")
    return None


def _cancel(visit: Visit) -> Reply:
    sold = visit.sold
    if sold is None:
        return _unknown()
    if sold.acknowledged_at is None or not any(x.open for x in sold.lines):
        return invalid("orderLine", "The order cannot be cancelled")
    told = visit.asked.data["orderCancellation"]["orderLines"]["orderLine"]
    status = told[0]["orderLineStatuses"]["orderLineStatus"][0]
    visit.shop.cancel(sold, status["cancellationReason"], by="seller")
    return _one(visit)


def _told_units(each: Mapping[str, Any]) -> int:
    status = each["orderLineStatuses"]["orderLineStatus"][0]
    return int(status["statusQuantity"]["amount"])


def _shown(visit: Visit) -> Reply:
    offered = visit.shop.offers.get(visit.asked.query.get("sku", ""))
    if offered is None:
        return refused(404, "CONTENT_NOT_FOUND.GMP_INVENTORY_API", "No such SKU")
    return Reply(200, {"sku": offered.sku, "quantity": _each(offered.quantity)})


def _set(visit: Visit) -> Reply:
    offered = visit.shop.offers.get(visit.asked.query.get("sku", ""))
    if offered is None or offered.is_refused:
        return refused(404, "CONTENT_NOT_FOUND.GMP_INVENTORY_API", "No such SKU")
    visit.shop.set_quantity(offered.sku, visit.asked.data["quantity"]["amount"])
    return _shown(visit)


def _inventories(visit: Visit) -> Reply:
    asked, offers = visit.asked.query, list(visit.shop.offers.values())
    start, size = int(asked.get("nextCursor", "0")), int(asked.get("limit", "10"))
    cut = page(offers, start, size, visit.shop.faults.of_page("listings"))
    rows = [
        {"sku": x.sku, "nodes": [{"shipNode": "100009", "inputQty": _each(x.quantity),
                                  "availToSellQty": _each(x.quantity), "reservedQty": _each(0)}]}
        for x in cut.rows if isinstance(x, Offered)
    ]  # fmt: skip
    meta: dict[str, Any] = {"totalCount": len(offers)}
    if cut.following is not None:
        meta["nextCursor"] = str(cut.following)
    return Reply(200, {"meta": meta, "elements": {"inventories": rows}})


def _each(units: int) -> dict[str, Any]:
    return {"unit": "EACH", "amount": units}


def _as_order(sold: Sold) -> dict[str, Any]:
    to, due = sold.ship_to, sold.ship_by or sold.placed_at + timedelta(days=2)
    address = {"name": to.name, "address1": to.line1, "city": to.city, "state": to.state,
               "postalCode": to.postcode, "country": "USA", "addressType": "RESIDENTIAL"}  # fmt: skip
    shipping = {
        "phone": to.phone or "0000000000",
        "estimatedShipDate": _epoch(due),
        "estimatedDeliveryDate": _epoch(due + timedelta(days=5)),
        "methodCode": sold.service,
        "postalAddress": {**address, **({"address2": to.line2} if to.line2 else {})},
    }
    return {
        "purchaseOrderId": sold.id, "customerOrderId": f"5{sold.id}",
        "customerEmailId": sold.email or "relay@relay.walmart.com", "orderType": "REGULAR",
        "orderDate": _epoch(sold.placed_at), "shippingInfo": shipping,
        "orderLines": {"orderLine": [_as_line(sold, at, x) for at, x in enumerate(sold.lines)]},
        "shipNode": {"type": "SellerFulfilled"},
    }  # fmt: skip


def _as_line(sold: Sold, at: int, line: SoldLine) -> dict[str, Any]:
    goods = line.price * line.quantity
    charges = [_charge("PRODUCT", "ItemPrice", goods, sold, tax=0 if at else sold.tax)]
    if sold.shipping and not at:
        charges.append(_charge("SHIPPING", "Shipping", sold.shipping, sold))
    told = {
        "lineNumber": line.id,
        "item": {"productName": line.title, "sku": line.sku},
        "charges": {"charge": charges},
        "orderLineQuantity": {"unitOfMeasurement": "EACH", "amount": str(line.quantity)},
        "statusDate": _epoch(sold.changed_at),
        "orderLineStatuses": {"orderLineStatus": _statuses(sold, line)},
        "fulfillment": {"fulfillmentOption": "S2H", "shipMethod": "VALUE"},
    }
    return {**told, "intentToCancel": "true"} if sold.cancel_asked else told


def _charge(kind: str, name: str, minor: int, sold: Sold, tax: int = 0) -> dict[str, Any]:
    amount = {"currency": sold.currency, "amount": float(to_decimal(minor, sold.currency))}
    made: dict[str, Any] = {"chargeType": kind, "chargeName": name, "chargeAmount": amount}
    if tax:
        taxed = {"currency": sold.currency, "amount": float(to_decimal(tax, sold.currency))}
        made["tax"] = {"taxName": "Tax1", "taxAmount": taxed}
    return made


def _statuses(sold: Sold, line: SoldLine) -> list[dict[str, Any]]:
    made = [
        {**_status("Shipped", units), "trackingInfo": _tracking(sold, parcel)}
        for parcel in sold.parcels
        for line_id, units in parcel.lines
        if line_id == line.id
    ]
    if line.cancelled:
        made.append(_status("Cancelled", line.cancelled))
    if line.open:
        made.append(_status("Acknowledged" if sold.acknowledged_at else "Created", line.open))
    return made


def _status(word: str, units: int) -> dict[str, Any]:
    return {"status": word, "statusQuantity": {"unitOfMeasurement": "EACH", "amount": str(units)}}


def _tracking(sold: Sold, parcel: SentParcel) -> dict[str, Any]:
    return {
        "shipDateTime": _epoch(parcel.at), "carrierName": {"carrier": parcel.carrier},
        "methodCode": sold.service, "trackingNumber": parcel.tracking_number,
    }  # fmt: skip


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _unknown() -> Reply:
    return refused(404, "CONTENT_NOT_FOUND.GMP_ORDER_API", "The purchase order was not found")


def _may_enter(shop: Shop, asked: Asked) -> bool:
    has_names = all(x in asked.headers for x in ("wm_qos.correlation_id", "wm_svc.name"))
    return has_names and is_let_in(shop, asked.headers.get("wm_sec.access_token", ""))


DIALECT: Final = Routed(
    channel="walmart",
    routes=(
        Route("POST", "/v3/token", "sign_in", _token, is_open=True),
        Route("GET", "/v3/token/detail", "check", _scopes),
        Route("GET", "/v3/orders", "orders", _orders),
        Route("GET", _ORDER, "order", _one),
        Route("POST", f"{_ORDER}/acknowledge", "acknowledge", _acknowledge),
        Route("POST", f"{_ORDER}/shipping", "confirm", _ship),
        Route("POST", f"{_ORDER}/cancel", "cancel", _cancel),
        Route("GET", "/v3/inventory", "read_quantity", _shown),
        Route("PUT", "/v3/inventory", "quantity", _set),
        Route("GET", "/v3/inventories", "listings", _inventories),
        Route("POST", "/v3/feeds", "bulk", take_feed),
        Route("GET", "/v3/feeds/{feed}", "bulk", feed_state),
    ),
    let_in=_may_enter,
    refused=refused(401, "UNAUTHORIZED.GMP_GATEWAY_API", "Unauthorized"),
    missing=refused(404, "NOT_FOUND.GMP_GATEWAY_API", "No such address"),
)
