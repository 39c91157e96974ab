"""How is an Etsy shop asked and told, over the Open API v3?

The refresh token changes with every use: the new one is kept before anything is asked with it. A
receipt is confirmed as a whole, and each time its buyer gets an e-mail: so it is looked up first. Etsy
has no way to cancel an order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.domain.outgoing import CancelledOrder, Offer, ShippedParcel
from app.sync.channels.etsy import telling
from app.sync.channels.etsy.answers import listing_rows, refusal, seen_order, shipments
from app.sync.live.account import TokenAccount, TokenRequest, answered, named, renewed
from app.sync.live.adapters import Connection
from app.sync.live.channel import ListingPage, OrderPage, QuantityReceipt, Receipt, Shop, Window
from app.sync.live.client import Manner, RestClient, in_path
from app.sync.live.door import Request
from app.sync.live.payload import Part, opened
from app.sync.live.terms import Operation
from app.sync.live.trouble import RejectedError

_API: Final = "/v3/application"
_PAGE: Final = 100
_ANEW: Final = "Sign in again under Channels; orders since then are fetched by themselves."
SCOPES: Final = {
    "transactions_r": "to see what was ordered",
    "transactions_w": "to confirm an order with its tracking number",
    "listings_r": "to know which products the shop offers, and how many it shows",
    "listings_w": "to tell the shop how many units may be sold",
    "shops_r": "to know which shop it is",
}


class EtsyClient(RestClient):
    """One Etsy shop."""

    _account: TokenAccount
    manner = Manner("Etsy", "Shop Manager", seen_order, refusal)

    def __init__(self, connection: Connection) -> None:
        self._door, self._secrets = connection.door, connection.secrets
        self._account = TokenAccount(connection, self._renew, self._headers)
        self._known_shop = connection.settings.get("shop_id", "")

    def check(self) -> Shop:
        """Read the shop of whoever signed in."""
        told = self._shop()
        return Shop(told.text("shop_name"), told.text("currency_code"))

    def pull(self, window: Window, token: str = "") -> OrderPage:
        """List the receipts that changed since, in the order in which they were placed.

        The window has no end: a receipt that changes meanwhile would leave it, and every later one
        would move up a place, one of them unseen.
        """
        asked = {
            "min_last_modified": str(int(window.since.timestamp())),
            "sort_on": "created",
            "sort_order": "asc",
            "limit": str(_PAGE),
            "offset": token or "0",
        }
        answer = self._get(Operation.ORDERS, f"{self._home()}/receipts", asked)
        part = answered("Etsy", answer.data, "results")
        orders = self._page(part, "results")
        following = _following(part, int(token or 0), len(orders))
        reached = None if following else window.until
        return OrderPage(orders, following, reached, part.units("count") or 0)

    def confirm(self, parcel: ShippedParcel, key: str) -> Receipt:
        """Say that the order left; Etsy writes to the buyer."""
        path = f"{self._home()}/receipts/{in_path(parcel.external_id)}/tracking"
        form = telling.tracking(parcel)
        answer = self._ask(Request(Operation.CONFIRM, "POST", path, form=form, is_safe=False))
        return Receipt(parcel.tracking_number, shipments(answered("Etsy", answer.data)))

    def find_confirmation(self, parcel: ShippedParcel) -> Receipt | None:
        """Look for the tracking number among the receipt's shipments; without one, whether it left."""
        known = opened(self._order(parcel.external_id) or {})
        codes = [x.code("tracking_code") for x in known.parts("shipments")]
        is_there = parcel.tracking_number in codes if parcel.tracking_number else bool(codes)
        if not is_there and (parcel.tracking_number or not known.flag("is_shipped")):
            return None
        return Receipt(parcel.tracking_number, shipments(known), is_found=True)

    def cancel(self, order: CancelledOrder, key: str) -> Receipt:
        """Refuse: Etsy has no request for it."""
        raise RejectedError(
            "Etsy takes no cancellation from a program. The order is still open there.",
            "Cancel it in Shop Manager, under Orders; then it is cancelled here by itself.",
            code="BY_HAND",
        )

    def push_quantities(self, offers: Sequence[Offer], key: str) -> tuple[QuantityReceipt, ...]:
        """State quantities, a listing at a time: each is read and written back whole."""
        done: dict[Offer, QuantityReceipt] = {}
        for listing_id in dict.fromkeys(x.listing_id for x in offers):
            mine = [x for x in offers if x.listing_id == listing_id]
            done |= {x.offer: x for x in self._push(listing_id, mine)}
        return tuple(done[x] for x in offers)

    def read_quantities(self, offers: Sequence[Offer]) -> Mapping[Offer, int | None]:
        """Read how many units each SKU shows on its listing."""
        ids = list(dict.fromkeys(x.listing_id for x in offers if x.listing_id))
        asked = {"listing_ids": ",".join(ids), "includes": "Inventory", "legacy": "false"}
        if not ids:
            return {}
        answer = self._get(Operation.READ_QUANTITY, f"{_API}/listings/batch", asked)
        part = answered("Etsy", answer.data, "results")
        there = {x.code("listing_id"): x.part("inventory").data for x in part.parts("results")}
        found = {x: telling.shown(there.get(x.listing_id, {}), x.sku_text) for x in offers}
        return {offer: units for offer, units in found.items() if units is not None}

    def listings(self, token: str = "") -> ListingPage:
        """List every product of every active listing."""
        asked = {"state": "active", "includes": "Inventory", "limit": str(_PAGE),
                 "offset": token or "0", "legacy": "false"}  # fmt: skip
        answer = self._get(Operation.LISTINGS, f"{self._home()}/listings", asked)
        part = answered("Etsy", answer.data, "results")
        found = part.parts("results")
        rows = tuple(y for x in found for y in listing_rows(x))
        return ListingPage(rows, _following(part, int(token or 0), len(found)))

    def _push(self, listing_id: str, offers: Sequence[Offer]) -> list[QuantityReceipt]:
        if not listing_id:
            words = "It is not known on which listing this SKU is. Read the listings first."
            return [QuantityReceipt(x, words) for x in offers]
        path, asked = f"{_API}/listings/{listing_id}/inventory", {"legacy": "false"}
        answer = self._get(Operation.QUANTITY, path, asked, expects=(404,))
        there = answered("Etsy", answer.data).data
        missing = {x for x in offers if telling.shown(there, x.sku_text) is None}
        mine = {x.sku_text: x.quantity for x in offers if x not in missing}
        problem = self._written(path, telling.inventory(there, mine)) if mine else ""
        gone = "The SKU is not on this listing any more."
        return [QuantityReceipt(x, gone if x in missing else problem) for x in offers]

    def _written(self, path: str, body: Mapping[str, Any]) -> str:
        """Write an inventory back; return why it was refused, if it was."""
        asked = {"legacy": "false"}
        request = Request(Operation.QUANTITY, "PUT", path, asked, json=body, is_safe=True)
        try:
            self._ask(request)
        except RejectedError as refused:
            return refused.title
        return ""

    def _home(self) -> str:
        if not self._known_shop:
            self._known_shop = named("Etsy", self._shop(), "shop_id")
        return f"{_API}/shops/{self._known_shop}"

    def _shop(self) -> Part:
        """Read the shop of the user whose number the access token begins with."""
        user = self._account.token().partition(".")[0]
        answer = self._get(Operation.CHECK, f"{_API}/users/{user}/shops")
        return answered("Etsy", answer.data)

    def _order(self, external_id: str) -> Mapping[str, Any] | None:
        found = self._found(Operation.ORDER, f"{self._home()}/receipts/{in_path(external_id)}")
        return found.data if found is not None else None

    def _headers(self, token: str) -> Mapping[str, str]:
        kept = self._secrets.read()
        key = ":".join(x for x in (kept.get("client_id"), kept.get("client_secret")) if x)
        return {"authorization": f"Bearer {token}", "x-api-key": key}

    def _renew(self, kept: Mapping[str, str]) -> Mapping[str, str]:
        """Trade the refresh token for new tokens; the old one is dead from then on."""
        form = {"grant_type": "refresh_token", "client_id": kept.get("client_id", ""),
                "refresh_token": kept.get("refresh_token", "")}  # fmt: skip
        return renewed(self._door, TokenRequest("/v3/public/oauth/token", form, _ANEW))


def _following(part: Part, start: int, found: int) -> str:
    """Return where the next page starts: Etsy says how many there are in all."""
    reached = start + found
    return str(reached) if reached < (part.units("count") or 0) else ""
