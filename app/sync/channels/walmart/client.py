"""How is a Walmart seller's account asked and told, over the Marketplace API?

An order must be acknowledged within four hours, shipped or not. The next page is a ready query string.
Errors come in two shapes; both are read.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from app.domain.outgoing import CancelledOrder, Offer, ShippedParcel
from app.sync.channels.walmart import telling
from app.sync.channels.walmart.answers import (
    brief,
    in_words,
    listing_row,
    must_be_empty,
    seen_order,
)
from app.sync.channels.walmart.payloads import is_acknowledged, order_from
from app.sync.live.account import Account, answered, is_cancelled
from app.sync.live.adapters import Adapter, Connection, Field, Permit
from app.sync.live.bodies import plain
from app.sync.live.channel import (
    Budget,
    Capability,
    ListingPage,
    Operation,
    OrderPage,
    OrderRef,
    QuantityReceipt,
    Receipt,
    SeenOrder,
    Shop,
    Traits,
    Window,
)
from app.sync.live.door import Request
from app.sync.live.payload import Part, opened
from app.sync.live.trouble import RejectedError, SignInError

_SERVICE: Final = "Walmart Marketplace"
_PAGE: Final = "200"
_NODES: Final = ("SellerFulfilled", "3PLFulfilled")
_PERMITS: Final = {
    "orders": "to see orders, acknowledge, confirm and cancel them",
    "inventory": "to tell Walmart how many units may be sold, and read what it shows",
}


class WalmartClient:
    """One seller's account on Walmart's US marketplace."""

    def __init__(self, connection: Connection) -> None:
        self._door = connection.door
        self._node = connection.settings.get("ship_node", "")
        self._account = Account(connection, self._renew, _headers)

    def check(self) -> Shop:
        """Read what the keys let us do."""
        kind = {"content-type": "application/json"}  # Walmart wants it, body or none
        request = Request(Operation.CHECK, "GET", "/v3/token/detail", headers=kind)
        told = answered("Walmart", self._account.ask(request).data, "scopes")
        scopes = told.part("scopes")
        missing = tuple(x for x in _PERMITS if scopes.word(x) != "full_access")
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
        orders = tuple(map(seen_order, part.parts("list", "elements", "order")))
        following = part.text("list", "meta", "nextCursor")
        following = f"{node}|{following}" if following else _next_node(node)
        return OrderPage(orders, following, None if following else window.until)

    def fetch(self, external_ids: Sequence[str]) -> tuple[SeenOrder, ...]:
        """Read single orders."""
        found = map(self._order, external_ids)
        return tuple(seen_order(Part(x)) for x in found if x is not None)

    def acknowledge(self, order: OrderRef, key: str) -> Receipt:
        """Say that the order was seen; Walmart minds no second time, and neither do we."""
        path = f"/v3/orders/{_in_path(order.external_id)}/acknowledge"
        try:
            answer = self._tell(Operation.ACKNOWLEDGE, "POST", path, is_safe=True)
        except RejectedError:
            known = self._order(order.external_id)
            if known is None or not is_acknowledged(known):
                raise
            return Receipt(order.external_id, is_found=True)
        return Receipt(order.external_id, brief(answer))

    def confirm(self, parcel: ShippedParcel, key: str) -> Receipt:
        """Say that a parcel left; Walmart then charges the buyer."""
        order = self._must_know(parcel.external_id)
        path = f"/v3/orders/{_in_path(parcel.external_id)}/shipping"
        body = telling.shipment(parcel, order)
        return Receipt(
            parcel.tracking_number, brief(self._tell(Operation.CONFIRM, "POST", path, body))
        )

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
        path = f"/v3/orders/{_in_path(order.external_id)}/cancel"
        return Receipt(order.external_id, brief(self._tell(Operation.CANCEL, "POST", path, body)))

    def find_cancellation(self, order: CancelledOrder) -> Receipt | None:
        """Look whether every line of the order is cancelled."""
        known = self._order(order.external_id)
        if known is None or not is_cancelled(known, order_from):
            return None
        return Receipt(order.external_id, is_found=True)

    def push_quantities(self, offers: Sequence[Offer], key: str) -> tuple[QuantityReceipt, ...]:
        """State how many units each SKU may show."""
        return tuple(map(self._push, offers))

    def read_quantities(self, offers: Sequence[Offer]) -> Mapping[Offer, int | None]:
        """Read how many units each SKU shows."""
        found: dict[Offer, int | None] = {}
        for offer in offers:
            answer = self._get(
                Operation.READ_QUANTITY, "/v3/inventory", self._of_sku(offer), expects=(404,)
            )
            if answer.status != 404:
                found[offer] = answered("Walmart", answer.data).units("quantity", "amount")
        return found

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
        try:
            answer = self._tell(
                Operation.QUANTITY, "PUT", path, telling.quantity(offer), asked, is_safe=True
            )
        except RejectedError as refused:
            return QuantityReceipt(offer, str(refused), refused.answer)
        return QuantityReceipt(offer, "", answer)

    def _of_sku(self, offer: Offer) -> dict[str, str]:
        return {"sku": offer.sku_text, **({"shipNode": self._node} if self._node else {})}

    def _order(self, external_id: str) -> Mapping[str, Any] | None:
        answer = self._get(
            Operation.ORDER,
            f"/v3/orders/{_in_path(external_id)}",
            {"replacementInfo": "true"},
            expects=(404,),
        )
        if answer.status == 404:
            return None
        return (
            answered("Walmart", answer.data).part("order").data
            or answered("Walmart", answer.data).data
        )

    def _must_know(self, external_id: str) -> Mapping[str, Any]:
        found = self._order(external_id)
        if found is None:
            raise RejectedError(
                "Walmart does not know this order any more. It was not told.",
                "Look for it in Seller Center.", code="NOT_FOUND",
            )  # fmt: skip
        return found

    def _get(
        self,
        operation: Operation,
        path: str,
        params: Mapping[str, str] | None = None,
        expects: tuple[int, ...] = (),
    ) -> Any:
        return self._account.ask(Request(operation, "GET", path, params, expects=expects))

    def _tell(
        self,
        operation: Operation,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
        *,
        is_safe: bool = False,
    ) -> Mapping[str, Any]:
        request = Request(operation, method, path, params, json=body, is_safe=is_safe)
        try:
            return plain(self._account.ask(request).data or {})  # type: ignore[no-any-return]
        except RejectedError as refused:
            raise in_words(refused) from refused

    def _renew(self, kept: Mapping[str, str]) -> Mapping[str, str]:
        """Get an access token for the keys; it lasts a quarter of an hour."""
        pair = f"{kept.get('client_id', '')}:{kept.get('client_secret', '')}"
        headers = {
            **_headers(""),
            "authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
        }
        headers.pop("WM_SEC.ACCESS_TOKEN")
        request = Request(
            Operation.SIGN_IN, "POST", "/v3/token", headers=headers, is_safe=True,
            form={"grant_type": "client_credentials"},
        )  # fmt: skip
        try:
            fresh = answered("Walmart", self._door.ask(request).data)
        except RejectedError as refused:
            raise SignInError(
                "Walmart does not take the keys. Nothing was sent.",
                "Make new keys in the Developer Portal and enter them under Channels.",
            ) from refused
        return {name: fresh.text(name) for name in ("access_token", "expires_in")}


def _headers(token: str) -> dict[str, str]:
    return {
        "WM_SEC.ACCESS_TOKEN": token,
        "WM_QOS.CORRELATION_ID": str(uuid.uuid4()),
        "WM_SVC.NAME": _SERVICE,
    }


def _listing(window: Window, node: str) -> dict[str, str]:
    """Ask without an end: an order that changes meanwhile must not leave the list that is read."""
    return {
        "lastModifiedStartDate": _utc(window.since),
        "limit": _PAGE,
        "shipNodeType": node,
        "replacementInfo": "true",
    }


def _next_node(node: str) -> str:
    following = _NODES[_NODES.index(node) + 1 :] if node in _NODES else ()
    return f"{following[0]}|" if following else ""


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _in_path(text: str) -> str:
    return quote(text, safe="")


ADAPTER: Final = Adapter(
    channel="walmart",
    title="Walmart",
    traits=Traits(
        capabilities=frozenset(Capability),
        # By the second and in a row; the suppliers' published table, for the marketplace's own is not.
        budgets={
            Operation.SIGN_IN: Budget(100 / 3600, 20),
            Operation.ORDERS: Budget(1.0, 20),
            Operation.ORDER: Budget(1.0, 30),
            Operation.ACKNOWLEDGE: Budget(12.5, 60),
            Operation.CONFIRM: Budget(12.5, 60),
            Operation.CANCEL: Budget(12.5, 60),
            Operation.QUANTITY: Budget(25.0, 100),
            Operation.READ_QUANTITY: Budget(40.0, 100),
            Operation.LISTINGS: Budget(1.0, 10),
        },
        overlap=timedelta(minutes=5),
        reach=timedelta(days=180),
        acknowledge_within=timedelta(hours=4),
        push_size=50,
        fetch_size=10,
    ),
    address="https://marketplace.walmartapis.com",
    hosts=("marketplace.walmartapis.com",),
    fields=(
        Field("client_id", "Client ID", "from developer.walmart.com, My API Keys", is_secret=True),
        Field("client_secret", "Client secret", "from the same page", is_secret=True),
        Field("ship_node", "Ship node", "only if you have several", is_required=False),
    ),
    permits=tuple(Permit(name, why) for name, why in _PERMITS.items()),
    make=WalmartClient,
)
