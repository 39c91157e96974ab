"""How is an Etsy shop asked and told, over the Open API v3?

The refresh token changes with every use: the new one is kept before anything is asked with it. A
receipt is confirmed as a whole, and each time its buyer gets an e-mail: so it is looked up first. Etsy
has no way to cancel an order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from app.domain.importing import ListingRow
from app.domain.outgoing import CancelledOrder, Offer, ShippedParcel
from app.sync.channels.etsy import telling
from app.sync.channels.etsy.payloads import order_from
from app.sync.live.account import Account, answered, is_cancelled, named
from app.sync.live.adapters import Adapter, Connection, Field, Permit, SignIn
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
    seen,
)
from app.sync.live.door import Answer, Request
from app.sync.live.payload import Part, opened
from app.sync.live.signing_in import REDIRECT
from app.sync.live.trouble import RejectedError, SignInError

_API: Final = "/v3/application"
_PAGE: Final = 100
_SCOPES: Final = {
    "transactions_r": "to see what was ordered",
    "transactions_w": "to confirm an order with its tracking number",
    "listings_r": "to know which products the shop offers, and how many it shows",
    "listings_w": "to tell the shop how many units may be sold",
    "shops_r": "to know which shop it is",
}


class EtsyClient:
    """One Etsy shop."""

    def __init__(self, connection: Connection) -> None:
        self._door, self._secrets = connection.door, connection.secrets
        self._account = Account(connection, self._renew, self._headers)
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
        orders = tuple(map(_seen, part.parts("results")))
        following = _following(part, int(token or 0), len(orders))
        return OrderPage(orders, following, None if following else window.until)

    def fetch(self, external_ids: Sequence[str]) -> tuple[SeenOrder, ...]:
        """Read single receipts."""
        found = map(self._receipt, external_ids)
        return tuple(_seen(Part(x)) for x in found if x is not None)

    def acknowledge(self, order: OrderRef, key: str) -> Receipt:
        """Nothing to do: Etsy wants no acknowledgement."""
        return Receipt(order.external_id)

    def confirm(self, parcel: ShippedParcel, key: str) -> Receipt:
        """Say that the order left; Etsy writes to the buyer."""
        path = f"{self._home()}/receipts/{parcel.external_id}/tracking"
        form = telling.tracking(parcel)
        answer = self._told(Request(Operation.CONFIRM, "POST", path, form=form, is_safe=False))
        return Receipt(parcel.tracking_number, _shipments(answered("Etsy", answer.data)))

    def find_confirmation(self, parcel: ShippedParcel) -> Receipt | None:
        """Look for the tracking number among the receipt's shipments; without one, whether it left."""
        known = opened(self._receipt(parcel.external_id) or {})
        codes = [x.code("tracking_code") for x in known.parts("shipments")]
        is_there = parcel.tracking_number in codes if parcel.tracking_number else bool(codes)
        if not is_there and (parcel.tracking_number or not known.flag("is_shipped")):
            return None
        return Receipt(parcel.tracking_number, _shipments(known), is_found=True)

    def cancel(self, order: CancelledOrder, key: str) -> Receipt:
        """Refuse: Etsy has no request for it."""
        raise RejectedError(
            "Etsy takes no cancellation from a program. The order is still open there.",
            "Cancel it in Shop Manager, under Orders; then it is cancelled here by itself.",
            code="BY_HAND",
        )

    def find_cancellation(self, order: CancelledOrder) -> Receipt | None:
        """Look whether Etsy shows the receipt as cancelled."""
        known = self._receipt(order.external_id)
        if known is None or not is_cancelled(known, order_from):
            return None
        return Receipt(order.external_id, is_found=True)

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
        rows = tuple(y for x in found for y in _rows(x))
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
            self._told(request)
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

    def _receipt(self, external_id: str) -> Mapping[str, Any] | None:
        path = f"{self._home()}/receipts/{external_id}"
        answer = self._get(Operation.ORDER, path, expects=(404,))
        return None if answer.status == 404 else answered("Etsy", answer.data).data

    def _get(
        self,
        operation: Operation,
        path: str,
        params: Mapping[str, str] | None = None,
        expects: tuple[int, ...] = (),
    ) -> Answer:
        return self._account.ask(Request(operation, "GET", path, params, expects=expects))

    def _told(self, request: Request) -> Answer:
        try:
            return self._account.ask(request)
        except RejectedError as refused:
            words = opened(refused.answer).text("error")[:300]
            title = f"Etsy did not accept this: {words}" if words else refused.title
            raise RejectedError(
                title, refused.advice, code=refused.code, answer=refused.answer
            ) from refused

    def _headers(self, token: str) -> Mapping[str, str]:
        kept = self._secrets.read()
        key = ":".join(x for x in (kept.get("client_id"), kept.get("client_secret")) if x)
        return {"authorization": f"Bearer {token}", "x-api-key": key}

    def _renew(self, kept: Mapping[str, str]) -> Mapping[str, str]:
        """Trade the refresh token for new tokens; the old one is dead from then on."""
        form = {"grant_type": "refresh_token", "client_id": kept.get("client_id", ""),
                "refresh_token": kept.get("refresh_token", "")}  # fmt: skip
        # Asked again with a token that was traded, Etsy refuses: then the owner signs in.
        request = Request(
            Operation.SIGN_IN, "POST", "/v3/public/oauth/token", form=form, is_safe=True
        )
        try:
            fresh = answered("Etsy", self._door.ask(request).data)
        except RejectedError as refused:
            raise SignInError(
                "Etsy has ended the sign-in. Nothing was sent.",
                "Sign in again under Channels; orders since then are fetched by themselves.",
            ) from refused
        names = ("access_token", "refresh_token", "expires_in")
        return {name: fresh.text(name) for name in names if fresh.states(name)}


def _seen(part: Part) -> SeenOrder:
    changed_at = part.epoch("updated_timestamp") or part.epoch("update_timestamp")
    return seen(part.code("receipt_id"), plain(dict(part.data)), order_from, changed_at)


def _following(part: Part, start: int, found: int) -> str:
    """Return where the next page starts: Etsy says how many there are in all."""
    reached = start + found
    return str(reached) if reached < (part.units("count") or 0) else ""


def _rows(listing: Part) -> tuple[ListingRow, ...]:
    number, title = listing.code("listing_id"), listing.text("title")
    there = listing.part("inventory").data
    skus = [x.code("sku") for x in listing.part("inventory").parts("products")]
    return tuple(
        ListingRow("etsy", sku, number, title, telling.shown(there, sku))
        for sku in dict.fromkeys(skus)
        if sku
    )


def _shipments(receipt: Part) -> dict[str, Any]:
    return {"shipments": plain([dict(x.data) for x in receipt.parts("shipments")])}


ADAPTER: Final = Adapter(
    channel="etsy",
    title="Etsy",
    traits=Traits(
        capabilities=frozenset(
            (Capability.CONFIRM, Capability.QUANTITY, Capability.READ_QUANTITY, Capability.LISTINGS)
        ),
        # 10 a second and 10,000 a day for all of it together.
        budgets={operation: Budget(0.1, 60) for operation in Operation}
        | {Operation.SIGN_IN: Budget(0.1, 5), Operation.QUANTITY: Budget(0.5, 200)},
        overlap=timedelta(minutes=10),
        sweep=timedelta(minutes=60),  # a cancellation does not move an order's time of change
        push_size=20,
        fetch_size=10,
    ),
    address="https://api.etsy.com",
    hosts=("api.etsy.com", "openapi.etsy.com"),
    fields=(
        Field(
            "client_id",
            "Keystring",
            f"of your own app on etsy.com/developers; its callback address must be {REDIRECT}",
            is_secret=True,
        ),
        Field("client_secret", "Shared secret", "from the same page", is_secret=True),
    ),
    permits=tuple(Permit(name, why) for name, why in _SCOPES.items()),
    make=EtsyClient,
    sign_in=SignIn(
        "https://www.etsy.com/oauth/connect",
        "https://api.etsy.com/v3/public/oauth/token",
        tuple(_SCOPES),
    ),
    notice="Etsy takes no cancellation and no part of an order from a program: an order is confirmed "
    "once, when all of it has left, and is cancelled in Shop Manager.",
)
