"""How is a Shopify store asked and told, over its Admin GraphQL API?

What is wrong with the thing asked for stands in ``userErrors``, beside status 200.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from app.domain.importing import ListingRow
from app.domain.outgoing import CancelledOrder, Offer, ShippedParcel
from app.sync.channels.shopify import queries
from app.sync.channels.shopify.fulfilling import as_fulfilment, assigned
from app.sync.channels.shopify.graphql import GraphQl
from app.sync.channels.shopify.payloads import number_of, order_from
from app.sync.live.account import answered, named, without
from app.sync.live.adapters import Connection
from app.sync.live.bodies import plain
from app.sync.live.channel import (
    ListingPage,
    OrderPage,
    OrderRef,
    Place,
    QuantityReceipt,
    Receipt,
    SeenOrder,
    Shop,
    Window,
    seen,
    seen_in,
)
from app.sync.live.client import in_utc, unknown_order
from app.sync.live.payload import Part, first
from app.sync.live.terms import Operation
from app.sync.live.trouble import RejectedError

SCOPES: Final = {
    "read_orders": "to see what was ordered",
    "read_products": "to know which products the store offers",
    "read_inventory": "to compare what the store shows with what is there",
    "write_inventory": "to tell the store how many units may be sold",
    "read_merchant_managed_fulfillment_orders": "to see what is left to ship",
    "write_merchant_managed_fulfillment_orders": "to confirm a parcel with its tracking number",
    "write_orders": "to cancel an order that you cancel here",
}
_WORDS: Final = (("stock", "INVENTORY"), ("customer", "CUSTOMER"), ("buyer", "CUSTOMER"),
                 ("fraud", "FRAUD"), ("payment", "DECLINED"))  # fmt: skip


class ShopifyClient:
    """One Shopify store."""

    def __init__(self, connection: Connection) -> None:
        self._location = connection.settings.get("location", "")
        self._graph = GraphQl(connection.door, connection.secrets, connection.clock)
        self._ask = self._graph.ask

    def check(self) -> Shop:
        """Read the store's name, what we may do there, and where it keeps stock."""
        data = self._ask(Operation.CHECK, queries.SHOP, {})
        granted = {x["handle"] for x in data["currentAppInstallation"]["accessScopes"]}
        places = [x for x in data["locations"]["nodes"] if x["isActive"]]
        return Shop(
            data["shop"]["name"],
            data["shop"]["currencyCode"],
            tuple(x for x in SCOPES if x not in granted and _as_writer(x) not in granted),
            tuple(Place(x["id"], x["name"]) for x in places),
        )

    def pull(self, window: Window, token: str = "") -> OrderPage:
        """List the orders that changed, the longest unchanged first."""
        query = f"updated_at:>='{in_utc(window.since)}' AND updated_at:<='{in_utc(window.until)}'"
        data = self._ask(Operation.ORDERS, queries.ORDERS, {"query": query, "after": token or None})
        found = answered("Shopify", data.get("orders"), "nodes")
        orders = seen_in(found.entries("nodes"), self._seen)
        total = Part(data).units("ordersCount", "count") or 0
        is_more = found.flag("pageInfo", "hasNextPage")
        following = named("Shopify", found.part("pageInfo"), "endCursor") if is_more else ""
        if is_more is None:
            raise without("Shopify")
        return OrderPage(orders, following, _reached(orders) if is_more else window.until, total)

    def fetch(self, external_ids: Sequence[str]) -> tuple[SeenOrder, ...]:
        """Read single orders."""
        ids = [_gid("Order", each) for each in external_ids]
        data = self._ask(Operation.ORDER, queries.ORDERS_BY_ID, {"ids": ids})
        return tuple(self._seen(x) for x in data["nodes"] if x and x["__typename"] == "Order")

    def acknowledge(self, order: OrderRef, key: str) -> Receipt:
        """Nothing to do: Shopify wants no acknowledgement."""
        return Receipt(order.external_id)

    def confirm(self, parcel: ShippedParcel, key: str) -> Receipt:
        """Fulfil what is in the parcel, wherever Shopify has assigned it."""
        ready = self._fulfilment(parcel.external_id)
        variables = {"fulfillment": as_fulfilment(parcel, assigned(ready, parcel))}
        data = self._ask(Operation.CONFIRM, queries.CONFIRM, variables, is_safe=False)
        made = data["fulfillmentCreate"]
        _must_be_taken(made["userErrors"])
        return Receipt(number_of(made["fulfillment"]["id"]), plain(made["fulfillment"]))

    def find_confirmation(self, parcel: ShippedParcel) -> Receipt | None:
        """Look for a fulfilment with the parcel's tracking number."""
        for each in self._fulfilment(parcel.external_id)["fulfillments"]:
            numbers = [x["number"] for x in each["trackingInfo"]]
            if parcel.tracking_number in numbers and each["status"] != "CANCELLED":
                return Receipt(number_of(each["id"]), plain(each), is_found=True)
        return None

    def cancel(self, order: CancelledOrder, key: str) -> Receipt:
        """Cancel the order: the buyer is told and gets the money back."""
        variables = {"id": _gid("Order", order.external_id), "reason": _reason(order.reason),
                     "note": order.reason[:255]}  # fmt: skip
        data = self._ask(Operation.CANCEL, queries.CANCEL, variables, is_safe=False)
        _must_be_taken(data["orderCancel"]["orderCancelUserErrors"])
        return Receipt(order.external_id, plain(data["orderCancel"]["job"] or {}))

    def find_cancellation(self, order: CancelledOrder) -> Receipt | None:
        """Look whether Shopify shows the order as cancelled."""
        at = self._fulfilment(order.external_id)["cancelledAt"]
        return Receipt(order.external_id, {"cancelledAt": at}, is_found=True) if at else None

    def push_quantities(self, offers: Sequence[Offer], key: str) -> tuple[QuantityReceipt, ...]:
        """State available units at the chosen location, if nothing was sold in between."""
        wanted = [
            {"inventoryItemId": _gid("InventoryItem", x.listing_id), "locationId": self._location,
             "quantity": x.quantity, "changeFromQuantity": x.shown}
            for x in offers
        ]  # fmt: skip
        variables = {
            "key": str(uuid.uuid5(uuid.NAMESPACE_URL, key)),
            "input": {"name": "available", "reason": "correction", "quantities": wanted},
        }
        data = self._ask(Operation.QUANTITY, queries.SET_QUANTITIES, variables, is_safe=False)
        problems = _by_row(data["inventorySetQuantities"]["userErrors"])
        whole = problems.pop(None, "")
        return tuple(
            QuantityReceipt(offer, problems.get(at, whole)) for at, offer in enumerate(offers)
        )

    def read_quantities(self, offers: Sequence[Offer]) -> Mapping[Offer, int | None]:
        """Read available units at the chosen location."""
        ids = {_gid("InventoryItem", offer.listing_id): offer for offer in offers}
        variables = {"ids": list(ids), "location": self._location}
        data = self._ask(Operation.READ_QUANTITY, queries.QUANTITIES, variables)
        return {
            ids[node["id"]]: _available(node.get("inventoryLevel"))
            for node in data["nodes"]
            if node and node["__typename"] == "InventoryItem" and node["id"] in ids
        }

    def listings(self, token: str = "") -> ListingPage:
        """List every variant that has a SKU."""
        data = self._ask(Operation.LISTINGS, queries.LISTINGS, {"after": token or None})
        found = data["productVariants"]
        page = found["pageInfo"]
        rows = tuple(_listing(x) for x in Part(found).parts("nodes") if x.text("sku"))
        return ListingPage(rows, page["endCursor"] if page["hasNextPage"] else "")

    def _seen(self, payload: Mapping[str, Any]) -> SeenOrder:
        lines, cursors = payload.get("lineItems") or {}, set[str]()
        while Part(lines).flag("pageInfo", "hasNextPage"):
            cursor = lines["pageInfo"]["endCursor"]
            if cursor in cursors:
                raise ValueError("lines without end")
            cursors.add(cursor)
            variables = {"id": payload["id"], "after": cursor}
            more = self._ask(Operation.ORDER, queries.MORE_LINES, variables)["order"]["lineItems"]
            lines = {"pageInfo": more["pageInfo"], "nodes": [*lines["nodes"], *more["nodes"]]}
        payload = plain({**payload, "lineItems": lines})
        part = Part(payload)
        external_id = first((part.text("legacyResourceId"), number_of(part.text("id"))))
        return seen(external_id, payload, order_from, part.moment("updatedAt"))

    def _fulfilment(self, external_id: str) -> dict[str, Any]:
        variables = {"id": _gid("Order", external_id)}
        found = self._ask(Operation.ORDER, queries.FULFILMENT, variables)["order"]
        if found is None:
            raise unknown_order("Shopify", "the store")
        return dict(found)


def _reached(orders: Sequence[SeenOrder]) -> datetime | None:
    """Return up to when a page has come, if it is in the order that was asked for."""
    stamps = [each.changed_at for each in orders if each.changed_at is not None]
    return stamps[-1] if len(stamps) == len(orders) and stamps == sorted(stamps) else None


def _gid(kind: str, number: str) -> str:
    return number if number.startswith("gid:") else f"gid://shopify/{kind}/{number}"


def _as_writer(scope: str) -> str:
    """Return the scope that includes a reading one."""
    return scope.replace("read_", "write_", 1)


def _reason(words: str) -> str:
    folded = words.casefold()
    return next((reason for word, reason in _WORDS if word in folded), "OTHER")


def _must_be_taken(problems: Any) -> None:
    """Refuse where the thing asked for was refused."""
    if not problems:
        return
    words = "; ".join(Part(x).text("message") for x in problems)[:300]
    raise RejectedError(
        f"Shopify did not accept this: {words}", "Correct it, and send it again.",
        code=Part(problems[0]).text("code"), answer={"userErrors": plain(problems)},
    )  # fmt: skip


def _by_row(problems: Sequence[Mapping[str, Any]]) -> dict[int | None, str]:
    """Return what was refused, by the row of the question; what names no row concerns all of it."""
    found: dict[int | None, str] = {}
    for each in problems:
        where = [x for x in each.get("field") or [] if str(x).isdecimal()]
        code, words = Part(each).text("code"), Part(each).text("message")
        found[int(where[0]) if where else None] = f"{words} ({code})" if code else words
    return found


def _available(level: Mapping[str, Any] | None) -> int | None:
    rows = (level or {}).get("quantities") or []
    return int(rows[0]["quantity"]) if rows else None


def _listing(each: Part) -> ListingRow:
    is_counted = each.flag("inventoryItem", "tracked")
    # A negative number is what the store has oversold: it shows none.
    shown = max(0, int(each.decimal("inventoryQuantity") or 0)) if is_counted else None
    return ListingRow(
        "shopify", each.code("sku"), number_of(each.text("inventoryItem", "id")),
        each.text("displayName"), shown, each.amount("USD", "price"),
    )  # fmt: skip
