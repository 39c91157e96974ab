"""How is an eBay seller's account asked and told: Fulfillment, Inventory and Post-Order APIs?

Who asked to cancel an order stands only in the single order, so such orders are asked for once more.
Nothing here is idempotent: a parcel is looked for before it is confirmed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from app.domain.arriving import SeenOrder
from app.domain.outgoing import CancelledOrder, Offer, ShippedParcel
from app.sync.channels.ebay import statuses, telling
from app.sync.channels.ebay.answers import item_row, refusal, refusals, seen_order, shown
from app.sync.channels.ebay.payloads import line_id
from app.sync.live.account import TokenAccount, TokenRequest, answered, by_keys, renewed
from app.sync.live.adapters import Connection
from app.sync.live.bodies import plain
from app.sync.live.channel import ListingPage, OrderPage, QuantityReceipt, Receipt, Shop, Window
from app.sync.live.client import Manner, RestClient, in_path
from app.sync.live.door import Answer, Request
from app.sync.live.payload import Part, opened
from app.sync.live.terms import Operation
from app.sync.live.trouble import RejectedError

_ORDERS: Final = "/sell/fulfillment/v1/order"
_INVENTORY: Final = "/sell/inventory/v1"
_CANCELLATION: Final = "/post-order/v2/cancellation"
SCOPES: Final = {
    "sell.fulfillment": "to see orders, and confirm parcels with their tracking numbers",
    "sell.inventory": "to tell eBay how many units may be sold, and read what it shows",
    "sell.account.readonly": "to check that the account may sell",
}
_ANEW: Final = "Make a new user token on developer.ebay.com and enter it under Channels."
_JSON: Final = {"content-type": "application/json", "content-language": "en-US"}


class EbayClient(RestClient):
    """One seller's account on eBay."""

    _account: TokenAccount
    manner = Manner("eBay", "Seller Hub", seen_order, refusal)

    def __init__(self, connection: Connection) -> None:
        self._door = connection.door
        self._account = self._account_as(connection, "Bearer")
        self._older = self._account_as(connection, "IAF")  # another word for the same token

    def check(self) -> Shop:
        """Read whether the account may sell."""
        answer = self._get(Operation.CHECK, "/sell/account/v1/privilege")
        told = answered("eBay", answer.data)
        missing = () if told.flag("sellerRegistrationCompleted") else ("seller registration",)
        return Shop("eBay", "", missing)

    def pull(self, window: Window, token: str = "") -> OrderPage:
        """List the orders that changed since.

        The window has no end: an order that changes meanwhile would leave it, and the later ones
        would move up a place, one of them unseen.
        """
        asked = {
            "filter": f"lastmodifieddate:[{telling.stamp(window.since)}..]",
            "fieldGroups": "TAX_BREAKDOWN",
            "limit": "200",
            "offset": token or "0",
        }
        answer = self._get(Operation.ORDERS, _ORDERS, asked)
        part = answered("eBay", answer.data, "orders")
        orders = self._page(part, "orders")
        following = _offset(part.text("next"))
        reached = None if following else window.until
        return OrderPage(orders, following, reached, part.units("total") or 0)

    def fetch(self, external_ids: Sequence[str]) -> tuple[SeenOrder, ...]:
        """Read single orders."""
        asked = {"orderIds": ",".join(external_ids), "fieldGroups": "TAX_BREAKDOWN"}
        answer = self._get(Operation.ORDER, _ORDERS, asked, expects=(404,))
        if answer.status == 404:
            return ()
        part = answered("eBay", answer.data, "orders")
        return self._page(part, "orders")

    def confirm(self, parcel: ShippedParcel, key: str) -> Receipt:
        """Say that a parcel left."""
        body = telling.fulfilment(parcel, self._must_know(parcel.external_id))
        path = f"{_ORDERS}/{in_path(parcel.external_id)}/shipping_fulfillment"
        answer = self._post(Operation.CONFIRM, path, body)
        made = answer.headers.get("location", "").rpartition("/")[2]
        return Receipt(made or parcel.tracking_number)

    def find_confirmation(self, parcel: ShippedParcel) -> Receipt | None:
        """Look for the tracking number among the order's fulfilments."""
        path = f"{_ORDERS}/{in_path(parcel.external_id)}/shipping_fulfillment"
        answer = self._get(Operation.ORDER, path, expects=(404,))
        if answer.status == 404:
            return None
        for each in answered("eBay", answer.data, "fulfillments").parts("fulfillments"):
            if _is_it(each, parcel):
                return Receipt(each.code("fulfillmentId"), plain(dict(each.data)), is_found=True)
        return None

    def cancel(self, order: CancelledOrder, key: str) -> Receipt:
        """Cancel the order; where its buyer asked for that, say yes."""
        known = opened(self._must_know(order.external_id))
        asked = known.parts("cancelStatus", "cancelRequests")
        waiting = next((x for x in asked if x.word("cancelInitiator") == "buyer"), None)
        if waiting is not None and waiting.code("cancelRequestId"):
            path = f"{_CANCELLATION}/{in_path(waiting.code('cancelRequestId'))}/approve"
            self._post(Operation.CANCEL, path, {})
            return Receipt(waiting.code("cancelRequestId"))
        body = telling.cancellation(order.external_id, order.reason)
        made = opened(self._post(Operation.CANCEL, _CANCELLATION, body).data or {})
        return Receipt(made.code("cancelId"), plain(dict(made.data)))

    def find_cancellation(self, order: CancelledOrder) -> Receipt | None:
        """Look whether eBay shows the order as cancelled, or is about to."""
        known = opened(self._order(order.external_id) or {})
        if known.word("cancelStatus", "cancelState") in statuses.CANCEL_ASKED:
            return Receipt(order.external_id, is_found=True)
        return super().find_cancellation(order)

    def push_quantities(self, offers: Sequence[Offer], key: str) -> tuple[QuantityReceipt, ...]:
        """State how many units each SKU may show; eBay answers for each by itself."""
        rows = [telling.availability(x, self._offer_ids(x.sku_text)) for x in offers]
        path = f"{_INVENTORY}/bulk_update_price_quantity"
        try:
            answer = self._post(Operation.QUANTITY, path, {"requests": rows}, is_safe=True)
        except RejectedError as refused:
            if len(offers) == 1:
                return (QuantityReceipt(offers[0], refused.title, refused.answer),)
            return tuple(y for x in offers for y in self.push_quantities([x], key))
        problems = refusals(answered("eBay", answer.data, "responses"))
        return tuple(QuantityReceipt(x, problems.get(x.sku_text, "")) for x in offers)

    def read_quantities(self, offers: Sequence[Offer]) -> Mapping[Offer, int | None]:
        """Read how many units each SKU shows."""
        body = {"requests": [{"sku": x.sku_text} for x in offers]}
        path = f"{_INVENTORY}/bulk_get_inventory_item"
        answer = self._post(Operation.READ_QUANTITY, path, body, is_safe=True)
        found = shown(answered("eBay", answer.data, "responses"))
        return {x: found[x.sku_text] for x in offers if x.sku_text in found}

    def listings(self, token: str = "") -> ListingPage:
        """List every SKU that was listed through the Inventory API."""
        asked = {"limit": "100", "offset": token or "0"}
        answer = self._get(Operation.LISTINGS, f"{_INVENTORY}/inventory_item", asked)
        part = answered("eBay", answer.data, "inventoryItems")
        rows = tuple(item_row(x) for x in part.parts("inventoryItems"))
        return ListingPage(rows, _offset(part.text("next")))

    def _seen(self, payload: Mapping[str, Any]) -> SeenOrder:
        """Understand an order with its requests to cancel, which a list leaves out."""
        listed = Part(payload)
        is_asked = listed.word("cancelStatus", "cancelState") in statuses.CANCEL_ASKED
        known = self._order(listed.code("orderId")) if is_asked else None
        return super()._seen(payload if known is None else known)

    def _offer_ids(self, sku: str) -> tuple[str, ...]:
        path, asked = f"{_INVENTORY}/offer", {"sku": sku, "limit": "25"}
        found = self._found(Operation.QUANTITY, path, asked)
        offers = found.parts("offers") if found is not None else ()
        return tuple(x.code("offerId") for x in offers)

    def _order(self, external_id: str) -> Mapping[str, Any] | None:
        asked = {"fieldGroups": "TAX_BREAKDOWN"}
        found = self._found(Operation.ORDER, f"{_ORDERS}/{in_path(external_id)}", asked)
        return found.data if found is not None else None

    def _post(self, operation: Operation, path: str, body: Any, *, is_safe: bool = False) -> Answer:
        request = Request(operation, "POST", path, headers=_JSON, json=body, is_safe=is_safe)
        return self._ask(request)

    def _asks(self, request: Request) -> TokenAccount:
        return self._older if request.operation is Operation.CANCEL else self._account

    def _account_as(self, connection: Connection, word: str) -> TokenAccount:
        return TokenAccount(connection, self._renew, lambda x: {"authorization": f"{word} {x}"})

    def _renew(self, kept: Mapping[str, str]) -> Mapping[str, str]:
        """Get an access token for the refresh token, which lasts for about eighteen months."""
        scopes = " ".join(f"https://api.ebay.com/oauth/api_scope/{x}" for x in SCOPES)
        form = {"grant_type": "refresh_token", "refresh_token": kept.get("refresh_token", ""),
                "scope": scopes}  # fmt: skip
        keys = by_keys(kept, "client_id", "client_secret")
        path = "/identity/v1/oauth2/token"
        return renewed(self._door, TokenRequest(path, form, _ANEW, keys))


def _offset(address: str) -> str:
    """Return where the next page starts, from its address; empty on the last page."""
    return parse_qs(urlsplit(address).query).get("offset", [""])[0]


def _is_it(told: Part, parcel: ShippedParcel) -> bool:
    """Say whether a fulfilment is the parcel: by its number, or, where it has none, by its lines."""
    number = _bare(told.code("shipmentTrackingNumber"))
    if parcel.tracking_number or number:
        return number == _bare(parcel.tracking_number)
    there = {x.code("lineItemId"): x.units("quantity") for x in told.parts("lineItems")}
    return there == {line_id(x.external_id): x.quantity for x in parcel.lines}


def _bare(number: str) -> str:
    return "".join(x for x in number.casefold() if x.isalnum())
