"""How is an Amazon seller asked and told, over the Selling Partner API?

Orders are read by the newer API (2026-01-01), which gives buyers and addresses to an application that
has the role for them, without tokens of their own; parcels are confirmed by the older one, where that
call stays. A list may only be asked about up to two minutes ago, and about once in three minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.domain.outgoing import CancelledOrder, Offer, ShippedParcel
from app.sync.channels.amazon import telling
from app.sync.channels.amazon.answers import fba_row, feed_refusals, refusal, seen_order, shown
from app.sync.channels.amazon.confirmations import has_item_id
from app.sync.channels.amazon.documents import (
    ACKNOWLEDGEMENT,
    LISTINGS,
    QUANTITIES,
    Documents,
    listing_rows,
)
from app.sync.channels.amazon.listings import FBA_PLACE
from app.sync.channels.amazon.payloads import INCLUDED
from app.sync.live.account import TokenAccount, TokenRequest, answered, beside, renewed
from app.sync.live.adapters import Connection
from app.sync.live.bodies import plain
from app.sync.live.channel import ListingPage, OrderPage, QuantityReceipt, Receipt, Shop, Window
from app.sync.live.client import Manner, RestClient, in_path, in_utc
from app.sync.live.payload import opened
from app.sync.live.terms import Operation
from app.sync.live.trouble import RejectedError, StaleTokenError, TransientError

_ORDERS: Final = "/orders/2026-01-01/orders"
_ITEMS: Final = "/listings/2021-08-01/items"
_SIGN_IN: Final = "https://api.amazon.com/auth/o2/token"
_ANEW: Final = "Authorise your application anew in Seller Central, and enter its refresh token."
_MOST_LOOKS: Final = 45  # a report that is not made within a quarter of an hour is asked for anew
ROLES: Final = {
    "Direct-to-Consumer Shipping": "to see buyers' addresses, and confirm parcels",
    "Inventory and Order Tracking": "to see orders, and cancel those that you cancel here",
    "Product Listing": "to tell Amazon how many units may be sold, and read what it shows",
    "Amazon Fulfillment": "to see what lies in Amazon's own warehouses",
}


class AmazonClient(RestClient):
    """One seller on one marketplace of Amazon's."""

    manner = Manner("Amazon", "Seller Central", seen_order, refusal)

    def __init__(self, connection: Connection) -> None:
        settings = connection.settings
        self._door = connection.door
        self._sign_in = beside(connection, _SIGN_IN)
        self._seller = settings.get("seller_id", "")
        self._marketplace = settings.get("marketplace_id", "")
        self._account = TokenAccount(
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
            "lastUpdatedAfter": in_utc(window.since),
            "lastUpdatedBefore": in_utc(window.until),
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
        orders = self._page(part, "orders")
        following = part.text("pagination", "nextToken")
        return OrderPage(orders, following, None if following else window.until)

    def confirm(self, parcel: ShippedParcel, key: str) -> Receipt:
        """Say that a parcel left."""
        knows_all = all(map(has_item_id, parcel.lines))
        order = None if knows_all else self._order(parcel.external_id)
        body = telling.confirmation(parcel, self._marketplace, order)
        path = f"/orders/v0/orders/{in_path(parcel.external_id)}/shipmentConfirmation"
        self._tell(Operation.CONFIRM, "POST", path, body)
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
        known = opened(self._must_know(order.external_id))
        items = [x.code("orderItemId") for x in known.parts("orderItems")]
        feed = telling.cancellation(self._seller, order.external_id, items, order.reason)
        return Receipt(self._documents.hand_in(Operation.CANCEL, ACKNOWLEDGEMENT, feed))

    def push_quantities(self, offers: Sequence[Offer], key: str) -> tuple[QuantityReceipt, ...]:
        """State how many units of each SKU the seller has."""
        return tuple(map(self._push, offers))

    def hand_in_quantities(self, offers: Sequence[Offer]) -> str:
        """Hand in a feed of quantities; each is absolute, so that handing it in twice is no harm."""
        feed = telling.availabilities(self._seller, offers)
        return self._documents.hand_in(Operation.BULK, QUANTITIES, feed, is_safe=True)

    def bulk_outcome(self, number: str) -> Mapping[str, str] | None:
        """Look how far a feed of quantities is; a done one names what it did not take."""
        state, document = self._documents.feed_state(number)
        if state in ("IN_QUEUE", "IN_PROGRESS"):
            return None
        if state != "DONE":
            raise RejectedError(
                "Amazon did not work through the quantities that it was handed.",
                "The desk tells them anew by itself.", code=state,
            )  # fmt: skip
        return feed_refusals(self._documents.feed_report(document)) if document else {}

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
        path = f"{_ITEMS}/{in_path(self._seller)}"
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
        path = f"{_ITEMS}/{in_path(self._seller)}/{in_path(offer.sku_text)}"
        asked = {"marketplaceIds": self._marketplace}
        body = telling.availability(offer)
        try:
            answer = self._tell(Operation.QUANTITY, "PATCH", path, body, asked, is_safe=True)
            told = answered("Amazon", answer.data)
        except RejectedError as refused:
            return QuantityReceipt(offer, refused.title, refused.answer)
        words = "; ".join(x.text("message") for x in told.parts("issues"))[:300]
        is_taken = told.text("status") in ("ACCEPTED", "VALID")
        return QuantityReceipt(offer, "" if is_taken else words or "Amazon did not take it.")

    def _order(self, external_id: str) -> Mapping[str, Any] | None:
        asked = {"includedData": ",".join(INCLUDED)}
        found = self._found(Operation.ORDER, f"{_ORDERS}/{in_path(external_id)}", asked)
        return found.part("order").data if found is not None else None

    def _renew(self, kept: Mapping[str, str]) -> Mapping[str, str]:
        """Get an access token for the refresh token, which has to be given anew each year."""
        names = ("refresh_token", "client_id", "client_secret")
        form = {"grant_type": "refresh_token", **{x: kept.get(x, "") for x in names}}
        return renewed(self._door, TokenRequest(self._sign_in, form, _ANEW))
