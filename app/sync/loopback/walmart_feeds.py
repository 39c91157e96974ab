"""How does the loopback marketplace take Walmart's feeds of quantities, and what does it refuse?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any, Final

from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.routes import Visit
from app.sync.loopback.shop import Shop

_WORKS: Final = timedelta(seconds=30)  # how long a feed is worked through


def take_feed(visit: Visit) -> Reply:
    """Take a feed; it is worked through after a while."""
    if visit.asked.query.get("feedType") != "inventory":
        return invalid("feedType", "is not one that is taken here")
    number = f"F{visit.shop.next_number()}@AQ"
    told = json.loads(_file_of(visit.asked))
    visit.shop.answered[f"feed:{number}"] = (visit.shop.now(), told["Inventory"])
    return Reply(200, {"feedId": number})


def _file_of(asked: Asked) -> bytes:
    """Return the one file of a form."""
    head = f"Content-Type: {asked.headers.get('content-type', '')}\r\n\r\n".encode()
    form = message_from_bytes(head + asked.body, policy=default)
    return b"".join(bytes(part.get_content()) for part in form.iter_parts())


def feed_state(visit: Visit) -> Reply:
    """Be busy for a while, then work through the feed; the details come in pages."""
    number = visit.at["feed"]
    kept = visit.shop.answered.get(f"feed:{number}")
    if kept is None:
        return refused(404, "CONTENT_NOT_FOUND.GMP_FEED_API", "No such feed")
    begun, rows = kept
    told = {"feedId": number, "itemsReceived": len(rows), "offset": 0, "limit": 50}
    if visit.shop.now() - begun < _WORKS:
        return Reply(200, {**told, "feedStatus": "INPROGRESS", "itemsProcessing": len(rows)})
    place = f"worked:{number}"
    if place not in visit.shop.answered:
        visit.shop.answered[place] = [_taken(visit.shop, at, x) for at, x in enumerate(rows)]
    items = visit.shop.answered[place]
    failed = sum(x["ingestionStatus"] != "SUCCESS" for x in items)
    start = int(visit.asked.query.get("offset", "0"))
    return Reply(200, {
        **told, "feedStatus": "PROCESSED", "itemsSucceeded": len(items) - failed,
        "itemsFailed": failed, "itemsProcessing": 0, "offset": start,
        "itemDetails": {"itemIngestionStatus": items[start:start + 50]},
    })  # fmt: skip


def _taken(shop: Shop, at: int, row: Mapping[str, Any]) -> dict[str, Any]:
    offered = shop.offers.get(row["sku"])
    told = {"martId": 0, "sku": row["sku"], "index": at}
    if offered is None or offered.is_refused:
        problem = {
            "type": "DATA_ERROR",
            "code": "ERR_EXT_DATA_0101119",
            "description": "No such SKU",
        }
        return {**told, "ingestionStatus": "DATA_ERROR",
                "ingestionErrors": {"ingestionError": [problem]}}  # fmt: skip
    shop.set_quantity(row["sku"], row["quantity"]["amount"])
    return {**told, "ingestionStatus": "SUCCESS"}


def invalid(name: str, words: str) -> Reply:
    """Refuse a request of which a field is not as it must be."""
    return refused(400, "INVALID_REQUEST_CONTENT.GMP_ORDER_API", words, name)


def refused(status: int, code: str, words: str, name: str = "") -> Reply:
    """Refuse in the shape that Walmart has for it."""
    problem = {"code": code, "field": name, "description": words, "info": words,
               "severity": "ERROR", "category": "DATA"}  # fmt: skip
    return Reply(status, {"errors": {"error": [problem]}})
