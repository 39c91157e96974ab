"""How does the loopback marketplace speak Etsy's Open API v3?

The refresh token dies with its use. Tracking is for the whole receipt, and each time the buyer gets an
e-mail. An inventory is written whole: a product that is left out is gone.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any, Final

from app.domain.money import exponent
from app.sync.loopback.faults import page
from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.routes import Route, Routed, Visit, changed_since, is_let_in, renewed
from app.sync.loopback.shop import Offered, SentParcel, Shop, Sold, SoldLine

USER: Final = 4711
SHOP: Final = 8088
_HOME: Final = f"/v3/application/shops/{SHOP}"
_RECEIPT: Final = f"{_HOME}/receipts/{{order}}"
_INVENTORY: Final = "/v3/application/listings/{listing}/inventory"


def _token(visit: Visit) -> Reply:
    """Trade a code for tokens, with the proof that it is asked by whoever began; or a refresh token."""
    told, kept = visit.asked.form, visit.shop.secrets
    if told.get("grant_type") == "authorization_code":
        digest = hashlib.sha256(told.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_right = told.get("code") == kept.get("code") and proof == kept.get("code_challenge")
    else:
        is_right = told.get("refresh_token") == kept.get("refresh_token")
    if not is_right:
        return Reply(
            400, {"error": "invalid_grant", "error_description": "refresh_token is invalid"}
        )
    fresh = renewed(visit.shop, lasts=3600, rotates=True)
    token = f"{USER}.{fresh['access_token']}"
    visit.shop.secrets["access_token"] = token
    return Reply(200, {**fresh, "access_token": token})


def _shop(visit: Visit) -> Reply:
    told = {"shop_id": SHOP, "user_id": USER, "shop_name": visit.shop.name,
            "currency_code": visit.shop.currency}  # fmt: skip
    return Reply(200, told)


def _receipts(visit: Visit) -> Reply:
    asked = visit.asked.query
    since = datetime.fromtimestamp(int(asked["min_last_modified"]), UTC)
    found = changed_since(visit.shop, since)
    start, size = int(asked.get("offset", "0")), min(int(asked["limit"]), visit.shop.page_size)
    cut = page(found, start, size, visit.shop.faults.of_page("orders"))
    rows = [_as_receipt(x) for x in cut.rows if isinstance(x, Sold)]
    return Reply(200, {"count": len(found), "results": rows})


def _one(visit: Visit) -> Reply:
    sold = visit.sold
    return _missing() if sold is None else Reply(200, _as_receipt(sold))


def _track(visit: Visit) -> Reply:
    sold, told = visit.sold, visit.asked.form
    if sold is None:
        return _missing()
    if sold.cancelled_at:
        return Reply(400, {"error": "Receipt is canceled"})
    lines = tuple((x.id, x.open) for x in sold.lines if x.open)
    parcel = SentParcel(
        str(visit.shop.next_number()), told.get("carrier_name", ""), told.get("tracking_code", ""),
        lines, visit.shop.now(),
    )  # fmt: skip
    visit.shop.confirm(sold, parcel)
    return Reply(200, _as_receipt(sold))


def _listings(visit: Visit) -> Reply:
    asked, offers = visit.asked.query, list(visit.shop.offers.values())
    start, size = int(asked.get("offset", "0")), int(asked.get("limit", "25"))
    cut = page(offers, start, size, visit.shop.faults.of_page("listings"))
    rows = [_as_listing(visit.shop, x) for x in cut.rows if isinstance(x, Offered)]
    return Reply(200, {"count": len(offers), "results": rows})


def _batch(visit: Visit) -> Reply:
    ids = visit.asked.query["listing_ids"].split(",")
    found = [x for x in visit.shop.offers.values() if str(x.id) in ids]
    return Reply(200, {"count": len(found), "results": [_as_listing(visit.shop, x) for x in found]})


def _inventory(visit: Visit) -> Reply:
    offered = _offered(visit)
    return _missing() if offered is None else Reply(200, _as_inventory(visit.shop, offered))


def _set_inventory(visit: Visit) -> Reply:
    offered = _offered(visit)
    if offered is None:
        return _missing()
    mine = [x for x in visit.asked.data["products"] if x["sku"] == offered.sku]
    if offered.is_refused or not mine:
        return Reply(400, {"error": "The products of this listing cannot be changed so"})
    visit.shop.set_quantity(offered.sku, mine[0]["offerings"][0]["quantity"])
    offered.price = round(mine[0]["offerings"][0]["price"] * 10 ** exponent(visit.shop.currency))
    return Reply(200, _as_inventory(visit.shop, offered))


def _offered(visit: Visit) -> Offered | None:
    offers = visit.shop.offers.values()
    return next((x for x in offers if str(x.id) == visit.at["listing"]), None)


def _as_listing(shop: Shop, offered: Offered) -> dict[str, Any]:
    return {
        "listing_id": offered.id, "shop_id": SHOP, "title": offered.title, "state": "active",
        "quantity": offered.quantity, "skus": [offered.sku],
        "inventory": _as_inventory(shop, offered),
    }  # fmt: skip


def _as_inventory(shop: Shop, offered: Offered) -> dict[str, Any]:
    offering = {"offering_id": offered.id, "quantity": offered.quantity, "is_enabled": True,
                "is_deleted": False, "price": _money(offered.price, shop.currency),
                "readiness_state_id": 1}  # fmt: skip
    size = {"property_id": 513, "property_name": "Size", "scale_id": None, "scale_name": None,
            "value_ids": [1], "values": ["One size"]}  # fmt: skip
    product = {"product_id": offered.id, "sku": offered.sku, "is_deleted": False,
               "offerings": [offering], "property_values": [size]}  # fmt: skip
    on = {f"{x}_on_property": [513] for x in ("price", "quantity", "sku")}
    return {"products": [product], **on, "readiness_state_on_property": [513]}


def _as_receipt(sold: Sold) -> dict[str, Any]:
    to = sold.ship_to
    made, changed = _epoch(sold.placed_at), _epoch(sold.changed_at)
    amounts = {"grandtotal": sold.total, "total_price": sold.goods, "subtotal": sold.goods,
               "total_shipping_cost": sold.shipping, "total_tax_cost": sold.tax,
               "total_vat_cost": 0, "discount_amt": 0, "gift_wrap_price": 0}  # fmt: skip
    return {
        "receipt_id": int(sold.id), "receipt_type": 0, "buyer_email": sold.email or None,
        "name": to.name, "first_line": to.line1, "second_line": to.line2 or None, "city": to.city,
        "state": to.state, "zip": to.postcode, "country_iso": to.country, "status": _status(sold),
        "message_from_buyer": sold.note or None, "is_paid": sold.is_paid,
        "is_shipped": bool(sold.parcels), "is_gift": False, "gift_message": "",
        "create_timestamp": made, "created_timestamp": made,
        "update_timestamp": changed, "updated_timestamp": changed,
        **{name: _money(x, sold.currency) for name, x in amounts.items()},
        "shipments": [_as_shipment(x) for x in sold.parcels],
        "transactions": [_as_transaction(sold, x) for x in sold.lines], "refunds": [],
    }  # fmt: skip


def _status(sold: Sold) -> str:
    if sold.cancelled_at:
        return "canceled"
    if sold.parcels:
        return "completed"
    return "paid" if sold.is_paid else "payment processing"


def _as_shipment(parcel: SentParcel) -> dict[str, Any]:
    return {
        "receipt_shipping_id": int(parcel.id), "carrier_name": parcel.carrier,
        "shipment_notification_timestamp": _epoch(parcel.at),
        "tracking_code": parcel.tracking_number,
    }  # fmt: skip


def _as_transaction(sold: Sold, line: SoldLine) -> dict[str, Any]:
    return {
        "transaction_id": int(line.id), "receipt_id": int(sold.id), "title": line.title,
        "sku": line.sku, "quantity": line.quantity, "price": _money(line.price, sold.currency),
        "listing_id": int(line.id), "is_digital": False, "variations": [],
        "shipping_method": sold.service, "shipping_upgrade": None,
        "expected_ship_date": _epoch(sold.ship_by) if sold.ship_by else None,
    }  # fmt: skip


def _money(minor: int, currency: str) -> dict[str, Any]:
    return {"amount": minor, "divisor": 10 ** exponent(currency), "currency_code": currency}


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def _missing() -> Reply:
    return Reply(404, {"error": "Resource not found"})


def _may_enter(shop: Shop, asked: Asked) -> bool:
    key = f"{shop.secrets.get('client_id', '')}:{shop.secrets.get('client_secret', '')}"
    token = asked.headers.get("authorization", "").removeprefix("Bearer ")
    return asked.headers.get("x-api-key") == key and is_let_in(shop, token)


DIALECT: Final = Routed(
    channel="etsy",
    routes=(
        Route("POST", "/v3/public/oauth/token", "sign_in", _token, is_open=True),
        Route("GET", f"/v3/application/users/{USER}/shops", "check", _shop),
        Route("GET", f"{_HOME}/receipts", "orders", _receipts),
        Route("GET", _RECEIPT, "order", _one),
        Route("POST", f"{_RECEIPT}/tracking", "confirm", _track),
        Route("GET", f"{_HOME}/listings", "listings", _listings),
        Route("GET", "/v3/application/listings/batch", "read_quantity", _batch),
        Route("GET", _INVENTORY, "quantity", _inventory),
        Route("PUT", _INVENTORY, "quantity", _set_inventory),
    ),
    let_in=_may_enter,
    refused=Reply(401, {"error": "invalid_token"}),
    missing=Reply(404, {"error": "Resource not found"}),
)
