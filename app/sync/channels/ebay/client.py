"""How is an eBay seller's account asked and told: Fulfillment, Inventory and Post-Order APIs?

Who asked to cancel an order stands only in the single order, so such orders are asked for once more.
Nothing here is idempotent: a parcel is looked for before it is confirmed again.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from app.domain.outgoing import CancelledOrder, Offer, ShippedParcel
from app.sync.channels.ebay import statuses, telling
from app.sync.channels.ebay.answers import in_words, item_row, refusals, seen_order, shown
from app.sync.channels.ebay.payloads import line_id, order_from
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
from app.sync.live.door import Answer, Request
from app.sync.live.payload import Part, opened
from app.sync.live.trouble import RejectedError, SignInError

_ORDERS: Final = "/sell/fulfillment/v1/order"
_INVENTORY: Final = "/sell/inventory/v1"
_CANCELLATION: Final = "/post-order/v2/cancellation"
_SCOPES: Final = {
    "sell.fulfillment": "to see orders, and confirm parcels with their tracking numbers",
    "sell.inventory": "to tell eBay how many units may be sold, and read what it shows",
    "sell.account.readonly": "to check that the account may sell",
}
_JSON: Final = {"content-type": "application/json", "content-language": "en-US"}


class EbayClient:
    """One seller's account on eBay."""

    def __init__(self, connection: Connection) -> None:
        self._door = connection.door
        self._account = Account(connection, self._renew, lambda x: {"authorization": f"Bearer {x}"})
        # The older API has a word of its own for the same token.
        self._older = Account(connection, self._renew, lambda x: {"authorization": f"IAF {x}"})

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
        orders = tuple(seen_order(self._in_full(x)) for x in part.parts("orders"))
        following = _offset(part.text("next"))
        return OrderPage(orders, following, None if following else window.until)

    def fetch(self, external_ids: Sequence[str]) -> tuple[SeenOrder, ...]:
        """Read single orders."""
        asked = {"orderIds": ",".join(external_ids), "fieldGroups": "TAX_BREAKDOWN"}
        answer = self._get(Operation.ORDER, _ORDERS, asked, expects=(404,))
        if answer.status == 404:
            return ()
        part = answered("eBay", answer.data, "orders")
        return tuple(seen_order(self._in_full(x)) for x in part.parts("orders"))

    def acknowledge(self, order: OrderRef, key: str) -> Receipt:
        """Nothing to do: eBay wants no acknowledgement."""
        return Receipt(order.external_id)

    def confirm(self, parcel: ShippedParcel, key: str) -> Receipt:
        """Say that a parcel left."""
        body = telling.fulfilment(parcel, self._must_know(parcel.external_id))
        path = f"{_ORDERS}/{_in_path(parcel.external_id)}/shipping_fulfillment"
        answer = self._tell(Operation.CONFIRM, path, body)
        made = answer.headers.get("location", "").rpartition("/")[2]
        return Receipt(made or parcel.tracking_number)

    def find_confirmation(self, parcel: ShippedParcel) -> Receipt | None:
        """Look for the tracking number among the order's fulfilments."""
        path = f"{_ORDERS}/{_in_path(parcel.external_id)}/shipping_fulfillment"
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
            path = f"{_CANCELLATION}/{_in_path(waiting.code('cancelRequestId'))}/approve"
            self._tell(Operation.CANCEL, path, {})
            return Receipt(waiting.code("cancelRequestId"))
        body = telling.cancellation(order.external_id, order.reason)
        made = opened(self._tell(Operation.CANCEL, _CANCELLATION, body).data or {})
        return Receipt(made.code("cancelId"), plain(dict(made.data)))

    def find_cancellation(self, order: CancelledOrder) -> Receipt | None:
        """Look whether eBay shows the order as cancelled, or is about to."""
        known = self._order(order.external_id)
        if known is None:
            return None
        was_cancelled = is_cancelled(known, order_from)
        is_asked = opened(known).word("cancelStatus", "cancelState") in statuses.CANCEL_ASKED
        return Receipt(order.external_id, is_found=True) if was_cancelled or is_asked else None

    def push_quantities(self, offers: Sequence[Offer], key: str) -> tuple[QuantityReceipt, ...]:
        """State how many units each SKU may show; eBay answers for each by itself."""
        rows = [telling.availability(x, self._offer_ids(x.sku_text)) for x in offers]
        path = f"{_INVENTORY}/bulk_update_price_quantity"
        try:
            answer = self._tell(Operation.QUANTITY, path, {"requests": rows}, is_safe=True)
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
        answer = self._tell(Operation.READ_QUANTITY, path, body, is_safe=True)
        found = shown(answered("eBay", answer.data, "responses"))
        return {x: found[x.sku_text] for x in offers if x.sku_text in found}

    def listings(self, token: str = "") -> ListingPage:
        """List every SKU that was listed through the Inventory API."""
        asked = {"limit": "100", "offset": token or "0"}
        answer = self._get(Operation.LISTINGS, f"{_INVENTORY}/inventory_item", asked)
        part = answered("eBay", answer.data, "inventoryItems")
        rows = tuple(item_row(x) for x in part.parts("inventoryItems"))
        return ListingPage(rows, _offset(part.text("next")))

    def _in_full(self, order: Part) -> Part:
        """Return an order with its requests to cancel, which a list leaves out."""
        if order.word("cancelStatus", "cancelState") not in statuses.CANCEL_ASKED:
            return order
        known = self._order(order.code("orderId"))
        return order if known is None else Part(known)

    def _offer_ids(self, sku: str) -> tuple[str, ...]:
        path, asked = f"{_INVENTORY}/offer", {"sku": sku, "limit": "25"}
        answer = self._get(Operation.QUANTITY, path, asked, expects=(404,))
        offers = () if answer.status == 404 else answered("eBay", answer.data).parts("offers")
        return tuple(x.code("offerId") for x in offers)

    def _order(self, external_id: str) -> Mapping[str, Any] | None:
        asked = {"fieldGroups": "TAX_BREAKDOWN"}
        path = f"{_ORDERS}/{_in_path(external_id)}"
        answer = self._get(Operation.ORDER, path, asked, expects=(404,))
        return None if answer.status == 404 else answered("eBay", answer.data).data

    def _must_know(self, external_id: str) -> Mapping[str, Any]:
        found = self._order(external_id)
        if found is None:
            raise RejectedError(
                "eBay does not know this order any more. It was not told.",
                "Look for it in Seller Hub; eBay keeps orders for two years.", code="NOT_FOUND",
            )  # fmt: skip
        return found

    def _get(
        self,
        operation: Operation,
        path: str,
        params: Mapping[str, str] | None = None,
        expects: tuple[int, ...] = (),
    ) -> Answer:
        return self._account.ask(Request(operation, "GET", path, params, expects=expects))

    def _tell(self, operation: Operation, path: str, body: Any, *, is_safe: bool = False) -> Answer:
        request = Request(operation, "POST", path, headers=_JSON, json=body, is_safe=is_safe)
        account = self._older if operation is Operation.CANCEL else self._account
        try:
            return account.ask(request)
        except RejectedError as refused:
            raise in_words(refused) from refused

    def _renew(self, kept: Mapping[str, str]) -> Mapping[str, str]:
        """Get an access token for the refresh token, which lasts for about eighteen months."""
        pair = f"{kept.get('client_id', '')}:{kept.get('client_secret', '')}"
        headers = {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        scopes = " ".join(f"https://api.ebay.com/oauth/api_scope/{x}" for x in _SCOPES)
        form = {"grant_type": "refresh_token", "refresh_token": kept.get("refresh_token", ""),
                "scope": scopes}  # fmt: skip
        request = Request(
            Operation.SIGN_IN, "POST", "/identity/v1/oauth2/token", headers=headers, form=form,
            is_safe=True,
        )  # fmt: skip
        try:
            fresh = answered("eBay", self._door.ask(request).data)
        except RejectedError as refused:
            raise SignInError(
                "eBay has ended the sign-in. Nothing was sent.",
                "Make a new user token on developer.ebay.com and enter it under Channels.",
            ) from refused
        return {name: fresh.text(name) for name in ("access_token", "expires_in")}


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


def _in_path(text: str) -> str:
    return quote(text, safe="")


ADAPTER: Final = Adapter(
    channel="ebay",
    title="eBay",
    traits=Traits(
        capabilities=frozenset(Capability) - {Capability.ACKNOWLEDGE},
        # Quotas are by the day; a burst is what a catch-up may take of it at once.
        budgets={
            Operation.SIGN_IN: Budget(0.2, 5),
            Operation.CHECK: Budget(0.3, 10),
            Operation.ORDERS: Budget(1.0, 200),
            Operation.ORDER: Budget(2.0, 200),
            Operation.CONFIRM: Budget(2.0, 200),
            Operation.CANCEL: Budget(1.0, 20),
            Operation.QUANTITY: Budget(5.0, 200),
            Operation.READ_QUANTITY: Budget(2.0, 100),
            Operation.LISTINGS: Budget(2.0, 100),
        },
        overlap=timedelta(minutes=5),
        reach=timedelta(days=90),
        push_size=25,
        fetch_size=50,
    ),
    address="https://api.ebay.com",
    hosts=("api.ebay.com", "apiz.ebay.com"),
    fields=(
        Field("client_id", "App ID", "of your own keyset on developer.ebay.com", is_secret=True),
        Field("client_secret", "Cert ID", "from the same keyset", is_secret=True),
        Field("refresh_token", "User token", "the refresh token that eBay shows after you signed in"
              " for your own application", is_secret=True),
    ),
    permits=tuple(Permit(name, why) for name, why in _SCOPES.items()),
    make=EbayClient,
    notice="eBay gives keys only to an application that takes its notices of deleted accounts, or is "
    "exempt from them. A program on a desk cannot take such notices, so this connection is for "
    "sellers with an approved application of their own. Everybody else works with eBay's files: "
    "nothing is missing there but the speed.",
)  # fmt: skip
