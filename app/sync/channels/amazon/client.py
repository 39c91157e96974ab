"""How is an Amazon seller asked and told, over the Selling Partner API?

Orders are read by the newer API (2026-01-01), which gives buyers and addresses to an application that
has the role for them, without tokens of their own; parcels are confirmed by the older one, where that
call stays. A list may only be asked about up to two minutes ago, and about once in three minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from app.domain.outgoing import CancelledOrder, Offer, ShippedParcel
from app.sync.channels.amazon import telling
from app.sync.channels.amazon.answers import fba_row, in_words, seen_order, shown
from app.sync.channels.amazon.confirmations import has_item_id
from app.sync.channels.amazon.documents import (
    ACKNOWLEDGEMENT,
    LISTINGS,
    Documents,
    listing_rows,
)
from app.sync.channels.amazon.listings import FBA_PLACE
from app.sync.channels.amazon.payloads import INCLUDED, order_from
from app.sync.live.account import Account, answered, beside, is_cancelled
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
from app.sync.live.trouble import RejectedError, SignInError, StaleTokenError, TransientError

_ORDERS: Final = "/orders/2026-01-01/orders"
_ITEMS: Final = "/listings/2021-08-01/items"
_SIGN_IN: Final = "https://api.amazon.com/auth/o2/token"
_MOST_LOOKS: Final = 45  # a report that is not made within a quarter of an hour is asked for anew
_ROLES: Final = {
    "Direct-to-Consumer Shipping": "to see buyers' addresses, and confirm parcels",
    "Inventory and Order Tracking": "to see orders, and cancel those that you cancel here",
    "Product Listing": "to tell Amazon how many units may be sold, and read what it shows",
    "Amazon Fulfillment": "to see what lies in Amazon's own warehouses",
}


class AmazonClient:
    """One seller on one marketplace of Amazon's."""

    def __init__(self, connection: Connection) -> None:
        settings = connection.settings
        self._door = connection.door
        self._sign_in = beside(connection, _SIGN_IN)
        self._seller = settings.get("seller_id", "")
        self._marketplace = settings.get("marketplace_id", "")
        self._account = Account(
            connection, self._renew, lambda x: {"x-amz-access-token": x}, ended=("401", "403")
        )
        self._documents = Documents(self._ask, connection.door, self._marketplace)

    def check(self) -> Shop:
        """Read the shop's name on the marketplace."""
        path = "/sellers/v1/marketplaceParticipations"
        told = answered("Amazon", self._get(Operation.CHECK, path).data, "payload")
        mine = [
            x for x in told.parts("payload") if x.code("marketplace", "id") == self._marketplace
        ]
        if not mine or not mine[0].flag("participation", "isParticipating"):
            return Shop("Amazon", missing=("this marketplace",))
        return Shop(mine[0].text("storeName"), mine[0].code("marketplace", "defaultCurrencyCode"))

    def pull(self, window: Window, token: str = "") -> OrderPage:
        """List the orders that changed; a page token lives for a day."""
        asked = {
            "lastUpdatedAfter": _utc(window.since),
            "lastUpdatedBefore": _utc(window.until),
            "marketplaceIds": self._marketplace,
            "maxResultsPerPage": "100",
            "includedData": ",".join(INCLUDED),
            **({"paginationToken": token} if token else {}),
        }
        try:
            answer = self._get(Operation.ORDERS, _ORDERS, asked)
        except RejectedError as refused:
            if token:
                raise StaleTokenError(refused.title, refused.advice, code=refused.code) from refused
            raise
        part = answered("Amazon", answer.data, "orders")
        orders = tuple(map(seen_order, part.parts("orders")))
        following = part.text("pagination", "nextToken")
        return OrderPage(orders, following, None if following else window.until)

    def fetch(self, external_ids: Sequence[str]) -> tuple[SeenOrder, ...]:
        """Read single orders."""
        found = map(self._order, external_ids)
        return tuple(seen_order(Part(x)) for x in found if x is not None)

    def acknowledge(self, order: OrderRef, key: str) -> Receipt:
        """Nothing to do: Amazon wants no acknowledgement of what the seller ships."""
        return Receipt(order.external_id)

    def confirm(self, parcel: ShippedParcel, key: str) -> Receipt:
        """Say that a parcel left."""
        knows_all = all(map(has_item_id, parcel.lines))
        order = None if knows_all else self._order(parcel.external_id)
        body = telling.confirmation(parcel, self._marketplace, order)
        path = f"/orders/v0/orders/{_in_path(parcel.external_id)}/shipmentConfirmation"
        self._ask(Request(Operation.CONFIRM, "POST", path, json=body))
        return Receipt(parcel.tracking_number)

    def find_confirmation(self, parcel: ShippedParcel) -> Receipt | None:
        """Look for the parcel among the order's packages: by its tracking number, or our own for it."""
        known = opened(self._order(parcel.external_id) or {})
        name = "trackingNumber" if parcel.tracking_number else "packageReferenceId"
        wanted = parcel.tracking_number or str(parcel.message_id)
        for each in known.parts("packages"):
            if each.code(name) == wanted:
                told = {x: each.data.get(x) for x in ("packageReferenceId", "packageStatus")}
                return Receipt(parcel.tracking_number, plain(told), is_found=True)
        return None

    def cancel(self, order: CancelledOrder, key: str) -> Receipt:
        """Hand in a feed that cancels the order's items."""
        known = self._order(order.external_id)
        items = [x.code("orderItemId") for x in opened(known or {}).parts("orderItems")]
        if not items:
            raise RejectedError(
                "Amazon does not know this order any more. It was not told.",
                "Look for it in Seller Central.", code="NOT_FOUND",
            )  # fmt: skip
        feed = telling.cancellation(self._seller, order.external_id, items, order.reason)
        return Receipt(self._documents.hand_in(Operation.CANCEL, ACKNOWLEDGEMENT, feed))

    def find_cancellation(self, order: CancelledOrder) -> Receipt | None:
        """Look whether Amazon shows the order as cancelled."""
        known = self._order(order.external_id)
        if known is None or not is_cancelled(known, order_from):
            return None
        return Receipt(order.external_id, is_found=True)

    def push_quantities(self, offers: Sequence[Offer], key: str) -> tuple[QuantityReceipt, ...]:
        """State how many units of each SKU the seller has."""
        return tuple(map(self._push, offers))

    def read_quantities(self, offers: Sequence[Offer]) -> Mapping[Offer, int | None]:
        """Read how many units of each SKU Amazon shows for the seller."""
        asked = {
            "marketplaceIds": self._marketplace,
            "identifiers": ",".join(x.sku_text for x in offers if "," not in x.sku_text),
            "identifiersType": "SKU",
            "includedData": "fulfillmentAvailability",
            "pageSize": "20",
        }
        if not asked["identifiers"]:
            return {}
        path = f"{_ITEMS}/{_in_path(self._seller)}"
        part = answered("Amazon", self._get(Operation.READ_QUANTITY, path, asked).data, "items")
        found = {x.code("sku"): shown(x) for x in part.parts("items")}
        return {x: found[x.sku_text] for x in offers if x.sku_text in found}

    def listings(self, token: str = "") -> ListingPage:
        """List every SKU by a report, which Amazon makes first; then what lies in its warehouses."""
        kind, _, rest = token.partition(":")
        if kind == "fba":
            return self._fba(rest)
        if kind != "report":
            return ListingPage((), f"report:{self._documents.order_report(LISTINGS)}:0")
        report, _, looks = rest.partition(":")
        state, document = self._documents.state(report)
        if state == "DONE" and document:
            return ListingPage(listing_rows(self._documents.fetch(document)), "fba:")
        if state == "CANCELLED":  # there was nothing to report
            return ListingPage((), "fba:")
        if state not in ("IN_QUEUE", "IN_PROGRESS") or int(looks) >= _MOST_LOOKS:
            raise TransientError(
                "Amazon did not make its report of the listings. Nothing was changed.",
                "The desk asks for it again by itself.", code=state,
            )  # fmt: skip
        return ListingPage((), f"report:{report}:{int(looks) + 1}")

    def _fba(self, token: str) -> ListingPage:
        asked = {"granularityType": "Marketplace", "granularityId": self._marketplace,
                 "marketplaceIds": self._marketplace, "details": "true",
                 **({"nextToken": token} if token else {})}  # fmt: skip
        answer = self._get(Operation.LISTINGS, "/fba/inventory/v1/summaries", asked)
        part = answered("Amazon", answer.data, "payload", "inventorySummaries")
        rows = tuple(fba_row(x, FBA_PLACE) for x in part.parts("payload", "inventorySummaries"))
        following = part.text("pagination", "nextToken")
        return ListingPage(rows, f"fba:{following}" if following else "")

    def _push(self, offer: Offer) -> QuantityReceipt:
        if offer.place == FBA_PLACE:
            return QuantityReceipt(offer, "Amazon keeps these units itself; it was not told.")
        path = f"{_ITEMS}/{_in_path(self._seller)}/{_in_path(offer.sku_text)}"
        asked = {"marketplaceIds": self._marketplace}
        request = Request(Operation.QUANTITY, "PATCH", path, asked,
                          json=telling.availability(offer), is_safe=True)  # fmt: skip
        try:
            told = answered("Amazon", self._ask(request).data)
        except RejectedError as refused:
            return QuantityReceipt(offer, refused.title, refused.answer)
        words = "; ".join(x.text("message") for x in told.parts("issues"))[:300]
        is_taken = told.text("status") in ("ACCEPTED", "VALID")
        return QuantityReceipt(offer, "" if is_taken else words or "Amazon did not take it.")

    def _order(self, external_id: str) -> Mapping[str, Any] | None:
        path, asked = f"{_ORDERS}/{_in_path(external_id)}", {"includedData": ",".join(INCLUDED)}
        answer = self._get(Operation.ORDER, path, asked, expects=(404,))
        return None if answer.status == 404 else answered("Amazon", answer.data).part("order").data

    def _get(
        self,
        operation: Operation,
        path: str,
        params: Mapping[str, str] | None = None,
        expects: tuple[int, ...] = (),
    ) -> Answer:
        return self._ask(Request(operation, "GET", path, params, expects=expects))

    def _ask(self, request: Request) -> Answer:
        try:
            return self._account.ask(request)
        except RejectedError as refused:
            raise in_words(refused) from refused

    def _renew(self, kept: Mapping[str, str]) -> Mapping[str, str]:
        """Get an access token for the refresh token, which has to be given anew each year."""
        names = ("refresh_token", "client_id", "client_secret")
        form = {"grant_type": "refresh_token", **{x: kept.get(x, "") for x in names}}
        request = Request(Operation.SIGN_IN, "POST", self._sign_in, form=form, is_safe=True)
        try:
            fresh = answered("Amazon", self._door.ask(request).data)
        except RejectedError as refused:
            raise SignInError(
                "Amazon has ended the sign-in. Nothing was sent.",
                "Authorise your application anew in Seller Central, and enter its refresh token.",
            ) from refused
        return {name: fresh.text(name) for name in ("access_token", "expires_in")}


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _in_path(text: str) -> str:
    return quote(text, safe="")


ADAPTER: Final = Adapter(
    channel="amazon",
    title="Amazon",
    traits=Traits(
        capabilities=frozenset(Capability) - {Capability.ACKNOWLEDGE},
        # Amazon's usage plans as published; a cancellation and a report are three calls each.
        budgets={
            Operation.SIGN_IN: Budget(0.2, 5),
            Operation.CHECK: Budget(0.016, 15),
            Operation.ORDERS: Budget(0.0056, 20),
            Operation.ORDER: Budget(0.5, 30),
            Operation.CONFIRM: Budget(2.0, 10),
            Operation.CANCEL: Budget(0.025, 15),
            Operation.QUANTITY: Budget(5.0, 5),
            Operation.READ_QUANTITY: Budget(5.0, 5),
            Operation.LISTINGS: Budget(0.05, 10),
        },
        overlap=timedelta(minutes=5),
        settle=timedelta(minutes=2),
        push_size=20,
        fetch_size=10,
        keeps=frozenset((FBA_PLACE,)),
    ),
    address="https://sellingpartnerapi-{region}.amazon.com",
    hosts=(
        "sellingpartnerapi-na.amazon.com",
        "sellingpartnerapi-eu.amazon.com",
        "sellingpartnerapi-fe.amazon.com",
        "api.amazon.com",
        "*.amazonaws.com",
    ),
    fields=(
        Field("region", "Region", "na for America, eu for Europe, fe for the Far East", default="na"),
        Field("seller_id", "Merchant token", "in Seller Central under Account Info"),
        Field("marketplace_id", "Marketplace", "such as ATVPDKIKX0DER for amazon.com",
              default="ATVPDKIKX0DER"),
        Field("client_id", "Client identifier", "of your own application, under Develop Apps",
              is_secret=True),
        Field("client_secret", "Client secret", "from the same page", is_secret=True),
        Field("refresh_token", "Refresh token", "from Authorise app, on the same page",
              is_secret=True),
    ),
    permits=tuple(Permit(name, why) for name, why in _ROLES.items()),
    make=AmazonClient,
    notice="Amazon does not allow a program on a desk to be connected unless the seller has an "
    "approved application of their own. Everybody else works with Amazon's files: order reports in, "
    "confirmations out. Buyers' data must be gone thirty days after an order has left.",
)  # fmt: skip
