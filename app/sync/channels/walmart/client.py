"""How is a Walmart seller's account asked and told, over the Marketplace API?

An order must be acknowledged within four hours, shipped or not. The next page is a ready query string.
Errors come in two shapes; both are read.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.domain.outgoing import CancelledOrder, Offer, ShippedParcel
from app.sync.channels.walmart import telling
from app.sync.channels.walmart.answers import (
    brief,
    feed_is_done,
    feed_refusals,
    listing_row,
    must_be_empty,
    refusal,
    seen_order,
)
from app.sync.channels.walmart.payloads import is_acknowledged
from app.sync.live.account import TokenAccount, TokenRequest, answered, by_keys, named, renewed
from app.sync.live.adapters import Connection
from app.sync.live.bodies import plain
from app.sync.live.channel import (
    ListingPage,
    OrderPage,
    OrderRef,
    QuantityReceipt,
    Receipt,
    Shop,
    Window,
)
from app.sync.live.client import Manner, RestClient, in_path, in_utc
from app.sync.live.door import Request
from app.sync.live.payload import opened
from app.sync.live.terms import Operation
from app.sync.live.trouble import RejectedError

_ANEW: Final = "Make new keys in the Developer Portal and enter them under Channels."
_SERVICE: Final = "Walmart Marketplace"
_PAGE: Final = "200"
_DETAILS: Final = "50"
_NODES: Final = ("SellerFulfilled", "3PLFulfilled")
PERMITS: Final = {
    "orders": "to see orders, acknowledge, confirm and cancel them",
    "inventory": "to tell Walmart how many units may be sold, and read what it shows",
}


class WalmartClient(RestClient):
    """One seller's account on Walmart's US marketplace."""

    manner = Manner("Walmart", "Seller Center", seen_order, refusal)

    def __init__(self, connection: Connection) -> None:
        self._door = connection.door
        self._node = connection.settings.get("ship_node", "")
        self._account = TokenAccount(connection, self._renew, _headers)

    def check(self) -> Shop:
        """Read what the keys let us do."""
        kind = {"content-type": "application/json"}  # Walmart wants it, body or none
        request = Request(Operation.CHECK, "GET", "/v3/token/detail", headers=kind)
        told = answered("Walmart", self._account.ask(request).data, "scopes")
        scopes = told.part("scopes")
        missing = tuple(x for x in PERMITS if scopes.word(x) != "full_access")
        return Shop("Walmart", "USD", missing)

    def pull(self, window: Window, token: str = "") -> OrderPage:
        """List the orders that changed: those that we ship, then those of our 3PL."""
        node, _, cursor = token.partition("|")
        node = node or _NODES[0]
        answer = self._get(
            Operation.ORDERS,
            f"/v3/orders{cursor}",
            None if cursor else _listing(window, node),
            expects=(404,),
        )
        if answer.status == 404:
            must_be_empty(answer.data)
            return OrderPage((), _next_node(node), None if _next_node(node) else window.until)
        part = answered("Walmart", answer.data, "list")
        orders = self._page(part, "list", "elements", "order")
        following = part.text("list", "meta", "nextCursor")
        following = f"{node}|{following}" if following else _next_node(node)
        return OrderPage(orders, following, None if following else window.until)

    def acknowledge(self, order: OrderRef, key: str) -> Receipt:
        """Say that the order was seen; Walmart minds no second time, and neither do we."""
        path = f"/v3/orders/{in_path(order.external_id)}/acknowledge"
        try:
            answer = self._tell(Operation.ACKNOWLEDGE, "POST", path, is_safe=True)
        except RejectedError:
            known = self._order(order.external_id)
            if known is None or not is_acknowledged(known):
                raise
            return Receipt(order.external_id, is_found=True)
        return Receipt(order.external_id, brief(answer.data))

    def confirm(self, parcel: ShippedParcel, key: str) -> Receipt:
        """Say that a parcel left; Walmart then charges the buyer."""
        order = self._must_know(parcel.external_id)
        path = f"/v3/orders/{in_path(parcel.external_id)}/shipping"
        answer = self._tell(Operation.CONFIRM, "POST", path, telling.shipment(parcel, order))
        return Receipt(parcel.tracking_number, brief(answer.data))

    def find_confirmation(self, parcel: ShippedParcel) -> Receipt | None:
        """Look for the tracking number on the lines of the order."""
        order = self._order(parcel.external_id)
        for line in opened(order or {}).parts("orderLines", "orderLine"):
            for told in line.parts("orderLineStatuses", "orderLineStatus"):
                number = told.code("trackingInfo", "trackingNumber")
                if number and number == parcel.tracking_number:
                    return Receipt(parcel.tracking_number, brief(told.data), is_found=True)
        return None

    def cancel(self, order: CancelledOrder, key: str) -> Receipt:
        """Cancel what is open of an order."""
        body = telling.cancellation(self._must_know(order.external_id), order.reason)
        path = f"/v3/orders/{in_path(order.external_id)}/cancel"
        return Receipt(
            order.external_id, brief(self._tell(Operation.CANCEL, "POST", path, body).data)
        )

    def push_quantities(self, offers: Sequence[Offer], key: str) -> tuple[QuantityReceipt, ...]:
        """State how many units each SKU may show."""
        return tuple(map(self._push, offers))

    def read_quantities(self, offers: Sequence[Offer]) -> Mapping[Offer, int | None]:
        """Read how many units each SKU shows."""
        found: dict[Offer, int | None] = {}
        for offer in offers:
            told = self._found(Operation.READ_QUANTITY, "/v3/inventory", self._of_sku(offer))
            if told is not None:
                found[offer] = told.units("quantity", "amount")
        return found

    def hand_in_quantities(self, offers: Sequence[Offer]) -> str:
        """Hand in a feed of quantities; each is absolute, so that handing it in twice is no harm."""
        kind, body = telling.quantities(offers)
        asked = {"feedType": "inventory", **({"shipNode": self._node} if self._node else {})}
        request = Request(
            Operation.BULK, "POST", "/v3/feeds", asked, headers={"content-type": kind},
            content=body, is_safe=True,
        )  # fmt: skip
        return named("Walmart", answered("Walmart", self._ask(request).data), "feedId")

    def bulk_outcome(self, number: str) -> Mapping[str, str] | None:
        """Look how far a feed of quantities is; a done one names what it did not take."""
        path, problems, at = f"/v3/feeds/{in_path(number)}", dict[str, str](), 0
        while True:
            asked = {"includeDetails": "true", "offset": str(at), "limit": _DETAILS}
            told = answered("Walmart", self._get(Operation.BULK, path, asked).data)
            if not feed_is_done(told):
                return None
            details = told.parts("itemDetails", "itemIngestionStatus")
            problems |= feed_refusals(details)
            at += len(details)
            if (
                not told.units("itemsFailed")
                or not details
                or at >= (told.units("itemsReceived") or 0)
            ):
                return problems

    def listings(self, token: str = "") -> ListingPage:
        """List every SKU that has an inventory, with what buyers may buy of it."""
        asked = {"limit": "50", **({"nextCursor": token} if token else {})}
        answer = self._get(Operation.LISTINGS, "/v3/inventories", asked)
        part = answered("Walmart", answer.data, "elements")
        rows = part.parts("elements", "inventories")
        following = part.text("meta", "nextCursor")
        return ListingPage(tuple(map(listing_row, rows)), following if rows else "")

    def _push(self, offer: Offer) -> QuantityReceipt:
        path, asked = "/v3/inventory", self._of_sku(offer)
        body = telling.quantity(offer)
        try:
            answer = self._tell(Operation.QUANTITY, "PUT", path, body, asked, is_safe=True)
        except RejectedError as refused:
            return QuantityReceipt(offer, str(refused), refused.answer)
        return QuantityReceipt(offer, "", plain(answer.data or {}))

    def _of_sku(self, offer: Offer) -> dict[str, str]:
        return {"sku": offer.sku_text, **({"shipNode": self._node} if self._node else {})}

    def _order(self, external_id: str) -> Mapping[str, Any] | None:
        path, asked = f"/v3/orders/{in_path(external_id)}", {"replacementInfo": "true"}
        found = self._found(Operation.ORDER, path, asked)
        return None if found is None else found.part("order").data or found.data

    def _renew(self, kept: Mapping[str, str]) -> Mapping[str, str]:
        """Get an access token for the keys; it lasts a quarter of an hour."""
        headers = {**_headers(""), **by_keys(kept, "client_id", "client_secret")}
        headers.pop("WM_SEC.ACCESS_TOKEN")
        form = {"grant_type": "client_credentials"}
        return renewed(self._door, TokenRequest("/v3/token", form, _ANEW, headers))


def _headers(token: str) -> dict[str, str]:
    return {
        "WM_SEC.ACCESS_TOKEN": token,
        "WM_QOS.CORRELATION_ID": str(uuid.uuid4()),
        "WM_SVC.NAME": _SERVICE,
    }


def _listing(window: Window, node: str) -> dict[str, str]:
    """Ask without an end: an order that changes meanwhile must not leave the list that is read."""
    return {
        "lastModifiedStartDate": in_utc(window.since),
        "limit": _PAGE,
        "shipNodeType": node,
        "replacementInfo": "true",
    }


def _next_node(node: str) -> str:
    following = _NODES[_NODES.index(node) + 1 :] if node in _NODES else ()
    return f"{following[0]}|" if following else ""
