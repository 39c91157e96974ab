"""How does the loopback marketplace speak Amazon's Selling Partner API?

A list ends two minutes ago at the latest. A page token is opaque. Feeds are taken now and done later;
documents lie at addresses of their own, which need no token.
"""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime, timedelta
from typing import Any, Final
from xml.etree import ElementTree as Xml

from app.sync.loopback.amazon_values import as_item, as_order
from app.sync.loopback.faults import page
from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.routes import (
    Route,
    Routed,
    Visit,
    changed_since,
    is_let_in,
    renewed,
    utc,
    whole,
)
from app.sync.loopback.shop import Offered, SentParcel, Shop, Sold

MARKETPLACE: Final = "ATVPDKIKX0DER"
_ORDERS: Final = "/orders/2026-01-01/orders"
_FEEDS: Final = "/feeds/2021-06-30"
_REPORTS: Final = "/reports/2021-06-30"
_ITEMS: Final = "/listings/2021-08-01/items/{seller}"
_LISTINGS_FEED: Final = "JSON_LISTINGS_FEED"
_WORKS: Final = timedelta(seconds=30)  # how long a feed is worked through
_NOT_YET: Final = timedelta(minutes=2)


def _token(visit: Visit) -> Reply:
    if visit.asked.form.get("refresh_token") != visit.shop.secrets.get("refresh_token"):
        return Reply(400, {"error": "invalid_grant", "error_description": "the token has expired"})
    return Reply(200, renewed(visit.shop, lasts=3600))


def _participations(visit: Visit) -> Reply:
    market = {"id": MARKETPLACE, "name": "Amazon.com", "countryCode": "US",
              "defaultCurrencyCode": visit.shop.currency, "defaultLanguageCode": "en_US",
              "domainName": "www.amazon.com"}  # fmt: skip
    state = {"isParticipating": True, "hasSuspendedListings": False}
    told = {"marketplace": market, "participation": state, "storeName": visit.shop.name}
    return Reply(200, {"payload": [told]})


def _orders(visit: Visit) -> Reply:
    asked, shop = visit.asked.query, visit.shop
    until = datetime.fromisoformat(asked["lastUpdatedBefore"])
    if until > shop.now() - _NOT_YET:
        return _refused(400, "lastUpdatedBefore must be at least two minutes before now")
    since = datetime.fromisoformat(asked["lastUpdatedAfter"])
    found = [x for x in changed_since(shop, since) if whole(x.changed_at) <= until]
    start = _start(asked.get("paginationToken", ""))
    size = min(shop.page_size, int(asked["maxResultsPerPage"]))
    cut = page(found, start, size, shop.faults.of_page("orders"))
    if cut.is_stale:
        return _refused(400, "The paginationToken has expired")
    told: dict[str, Any] = {"orders": [as_order(x) for x in cut.rows if isinstance(x, Sold)]}
    if cut.following is not None:
        told["pagination"] = {"nextToken": base64.b64encode(str(cut.following).encode()).decode()}
    return Reply(200, {**told, "lastUpdatedBefore": utc(until)})


def _start(token: str) -> int:
    return int(base64.b64decode(token)) if token else 0


def _one(visit: Visit) -> Reply:
    sold = visit.sold
    return _unknown() if sold is None else Reply(200, {"order": as_order(sold)})


def _confirm(visit: Visit) -> Reply:
    sold, told = visit.sold, visit.asked.data["packageDetail"]
    if sold is None:
        return _unknown()
    if told["carrierCode"] == "Other" and not told.get("carrierName"):
        return _refused(400, "carrierName is required when carrierCode is Other")
    lines = tuple((x["orderItemId"], int(x["quantity"])) for x in told["orderItems"])
    for line_id, units in lines:
        line = sold.line(line_id)
        if line is None or units > line.open:
            return _refused(400, "PackageToUpdateNotFound: the order is already fulfilled")
    carrier = told.get("carrierName") or told["carrierCode"]
    parcel = SentParcel(
        told["packageReferenceId"], carrier, told["trackingNumber"], lines, visit.shop.now()
    )
    visit.shop.confirm(sold, parcel)
    return Reply(204)


def _item(visit: Visit) -> Reply:
    asked = visit.asked.query
    wanted = asked.get("identifiers", "").split(",")
    found = [x for x in visit.shop.offers.values() if x.sku in wanted]
    return Reply(200, {"numberOfResults": len(found), "items": [as_item(x) for x in found]})


def _patch(visit: Visit) -> Reply:
    sku = visit.at["sku"]
    offered = visit.shop.offers.get(sku)
    told: dict[str, Any] = {"sku": sku, "submissionId": str(visit.shop.next_number())}
    if offered is None or offered.is_refused:
        problem = {"code": "4000003", "severity": "ERROR", "categories": [],
                   "message": "The SKU does not exist"}  # fmt: skip
        return Reply(200, {**told, "status": "INVALID", "issues": [problem]})
    value = visit.asked.data["patches"][0]["value"][0]
    visit.shop.set_quantity(sku, value["quantity"])
    return Reply(200, {**told, "status": "ACCEPTED"})


def _new_document(visit: Visit) -> Reply:
    number = str(visit.shop.next_number())
    return Reply(201, {"feedDocumentId": number, "url": _address(visit, number)})


def _upload(visit: Visit) -> Reply:
    visit.shop.answered[f"document:{visit.at['document']}"] = visit.asked.body
    return Reply(200, {})


def _feed(visit: Visit) -> Reply:
    number = visit.asked.data["inputFeedDocumentId"]
    document = visit.shop.answered.get(f"document:{number}")
    if document is None:
        return _refused(400, "The feed document was not uploaded")
    feed = str(visit.shop.next_number())
    if visit.asked.data["feedType"] == _LISTINGS_FEED:
        visit.shop.answered[f"feed:{feed}"] = (visit.shop.now(), document)
        return Reply(202, {"feedId": feed})
    told = Xml.fromstring(document)
    sold = visit.shop.orders.get(told.findtext(".//AmazonOrderID") or "")
    if sold is not None and not sold.parcels:
        visit.shop.cancel(sold, told.findtext(".//CancelReason") or "", by="seller")
    return Reply(202, {"feedId": feed})


def _feed_state(visit: Visit) -> Reply:
    """Be busy for a while, then work through the feed; its report says what was refused."""
    number = visit.at["feed"]
    kept = visit.shop.answered.get(f"feed:{number}")
    if kept is None:
        return _unknown()
    told = {"feedId": number, "feedType": _LISTINGS_FEED, "createdTime": utc(kept[0])}
    if visit.shop.now() - kept[0] < _WORKS:
        return Reply(200, {**told, "processingStatus": "IN_PROGRESS"})
    place = f"document:feed-{number}"
    if place not in visit.shop.answered:
        visit.shop.answered[place] = _worked_through(visit.shop, number, kept[1])
    return Reply(
        200, {**told, "processingStatus": "DONE", "resultFeedDocumentId": f"feed-{number}"}
    )


def _worked_through(shop: Shop, number: str, document: bytes) -> bytes:
    feed = json.loads(document)
    issues = []
    for each in feed["messages"]:
        offered = shop.offers.get(each["sku"])
        if offered is None or offered.is_refused:
            issues.append({"messageId": each["messageId"], "sku": each["sku"], "code": "4000003",
                           "severity": "ERROR", "message": "The SKU does not exist"})  # fmt: skip
        else:
            shop.set_quantity(each["sku"], each["patches"][0]["value"][0]["quantity"])
    count = len(feed["messages"])
    told = {"errors": len(issues), "warnings": 0, "messagesProcessed": count,
            "messagesAccepted": count - len(issues), "messagesInvalid": len(issues)}  # fmt: skip
    head = {"sellerId": feed["header"]["sellerId"], "version": "2.0", "feedId": number}
    return json.dumps({"header": head, "issues": issues, "summary": told}).encode()


def _feed_document(visit: Visit) -> Reply:
    number = visit.at["document"]
    return Reply(200, {"feedDocumentId": number, "url": _address(visit, number)})


def _report(visit: Visit) -> Reply:
    number = str(visit.shop.next_number())
    visit.shop.answered[f"report:{number}"] = 0
    return Reply(202, {"reportId": number})


def _report_state(visit: Visit) -> Reply:
    """Be busy at the first look, done at the second."""
    number = visit.at["report"]
    looks = visit.shop.answered.get(f"report:{number}")
    if looks is None:
        return _unknown()
    visit.shop.answered[f"report:{number}"] = looks + 1
    told = {"reportId": number, "reportType": "GET_MERCHANT_LISTINGS_ALL_DATA",
            "createdTime": utc(visit.shop.now())}  # fmt: skip
    if not looks:
        return Reply(200, {**told, "processingStatus": "IN_PROGRESS"})
    return Reply(200, {**told, "processingStatus": "DONE", "reportDocumentId": f"report-{number}"})


def _report_document(visit: Visit) -> Reply:
    number = visit.at["document"]
    return Reply(200, {"reportDocumentId": number, "url": _address(visit, number)})


def _download(visit: Visit) -> Reply:
    report = visit.shop.answered.get(f"document:{visit.at['document']}")
    if report is not None:
        return Reply(200, None, {"content-type": "application/json"}, report)
    rows = ["item-name\tseller-sku\tprice\tquantity\tasin1\tfulfillment-channel"]
    rows += [
        f"{x.title}\t{x.sku}\t{x.price / 100:.2f}\t{x.quantity}\tB0{x.id:08d}\tDEFAULT"
        for x in visit.shop.offers.values()
    ]
    body = "\r\n".join(rows).encode("cp1252", errors="replace")
    return Reply(200, None, {"content-type": "text/plain"}, body)


def _address(visit: Visit, number: str) -> str:
    return f"http://{visit.asked.headers.get('host', '')}/{visit.shop.name}/documents/{number}"


def _fba(visit: Visit) -> Reply:
    asked, offers = visit.asked.query, list(visit.shop.offers.values())
    cut = page(offers, _start(asked.get("nextToken", "")), 50, None)
    rows = [
        {"sellerSku": x.sku, "asin": f"B0{x.id:08d}", "productName": x.title, "totalQuantity": 0,
         "inventoryDetails": {"fulfillableQuantity": 0}}
        for x in cut.rows if isinstance(x, Offered) and x.sku.startswith("FBA-")
    ]  # fmt: skip
    place = {"granularityType": "Marketplace", "granularityId": MARKETPLACE}
    return Reply(200, {"payload": {"granularity": place, "inventorySummaries": rows}})


def _unknown() -> Reply:
    return _refused(404, "The requested resource does not exist", "NotFound")


def _refused(status: int, words: str, code: str = "InvalidInput") -> Reply:
    return Reply(status, {"errors": [{"code": code, "message": words}]})


def _may_enter(shop: Shop, asked: Asked) -> bool:
    if re.match(r"/documents/", asked.path):
        return "x-amz-access-token" not in asked.headers  # a token must not come here
    return is_let_in(shop, asked.headers.get("x-amz-access-token", ""))


def _about(asked: Asked) -> str:
    """Say what a feed is about: quantities, or a cancellation."""
    said = asked.data if isinstance(asked.data, dict) else {}
    kind = said.get("contentType") or asked.headers.get("content-type", "")
    is_bulk = said.get("feedType") == _LISTINGS_FEED or (
        "feedType" not in said and kind.startswith("application/json; charset")
    )
    return "bulk" if is_bulk else "cancel"


def _downloads(asked: Asked) -> str:
    return "bulk" if "/feed-" in asked.path else "listings"


DIALECT: Final = Routed(
    channel="amazon",
    routes=(
        Route("POST", "/auth/o2/token", "sign_in", _token, is_open=True),
        Route("GET", "/sellers/v1/marketplaceParticipations", "check", _participations),
        Route("GET", _ORDERS, "orders", _orders),
        Route("GET", f"{_ORDERS}/{{order}}", "order", _one),
        Route("POST", "/orders/v0/orders/{order}/shipmentConfirmation", "confirm", _confirm),
        Route("GET", _ITEMS, "read_quantity", _item),
        Route("PATCH", f"{_ITEMS}/{{sku}}", "quantity", _patch),
        Route("GET", "/fba/inventory/v1/summaries", "listings", _fba),
        Route("POST", f"{_FEEDS}/documents", _about, _new_document),
        Route("PUT", "/documents/{document}", _about, _upload),
        Route("POST", f"{_FEEDS}/feeds", _about, _feed),
        Route("GET", f"{_FEEDS}/feeds/{{feed}}", "bulk", _feed_state),
        Route("GET", f"{_FEEDS}/documents/{{document}}", "bulk", _feed_document),
        Route("POST", f"{_REPORTS}/reports", "listings", _report),
        Route("GET", f"{_REPORTS}/reports/{{report}}", "listings", _report_state),
        Route("GET", f"{_REPORTS}/documents/{{document}}", "listings", _report_document),
        Route("GET", "/documents/{document}", _downloads, _download),
    ),
    let_in=_may_enter,
    refused=_refused(403, "Access to requested resource is denied.", "Unauthorized"),
    missing=_refused(404, "No such operation", "NotFound"),
)
