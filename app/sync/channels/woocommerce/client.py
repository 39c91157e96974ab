"""How is a WooCommerce store asked and told, over its REST API?

The store is the owner's own: it has no limits of its own, but its host may. A status is set as often as
one likes to the same effect; only the note to the buyer is not, so it is looked for before it is
written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from app.domain.importing import ListingRow
from app.domain.outgoing import CancelledOrder, Offer, ShippedParcel
from app.sync.channels.woocommerce import telling
from app.sync.channels.woocommerce.answers import listing_row, refusal, refusals, seen_order, stock
from app.sync.live.account import KeyAccount, by_keys
from app.sync.live.adapters import Connection
from app.sync.live.bodies import plain
from app.sync.live.channel import ListingPage, OrderPage, QuantityReceipt, Receipt, Shop, Window
from app.sync.live.client import Manner, RestClient, in_path
from app.sync.live.door import Answer
from app.sync.live.payload import Part, opened
from app.sync.live.terms import Operation
from app.sync.live.trouble import TransientError

_API: Final = "/wp-json/wc/v3"
_ORDERS: Final = f"{_API}/orders"
_PAGE: Final = "100"


class WooCommerceClient(RestClient):
    """One WooCommerce store."""

    manner = Manner("The store", "the store", seen_order, refusal)

    def __init__(self, connection: Connection) -> None:
        self._account = KeyAccount(
            connection.door,
            connection.secrets,
            lambda kept: by_keys(kept, "consumer_key", "consumer_secret"),
        )
        self._host = urlsplit(connection.address).hostname or "WooCommerce"

    def check(self) -> Shop:
        """Read one order and one product: the keys may do both, or are refused."""
        for what in (_ORDERS, _goods("")):
            _rows(self._get(Operation.CHECK, what, {"per_page": "1"}))
        return Shop(self._host)

    def pull(self, window: Window, token: str = "") -> OrderPage:
        """List the orders that changed since, by their numbers.

        The window has no end: an order that changes meanwhile would leave it, and a later one would
        move up unseen.
        """
        asked = {
            "modified_after": window.since.strftime("%Y-%m-%dT%H:%M:%S"),
            "dates_are_gmt": "true",
            "status": "any",
            "orderby": "id",
            "order": "asc",
            "per_page": _PAGE,
            "offset": _start(token),
        }
        answer = self._get(Operation.ORDERS, _ORDERS, asked)
        orders = self._page(_list(answer), "rows")
        following = _following(answer, token, len(orders))
        reached, total = None if following else window.until, answer.headers.get("x-wp-total", "")
        return OrderPage(orders, following, reached, int(total) if total.isdecimal() else 0)

    def confirm(self, parcel: ShippedParcel, key: str) -> Receipt:
        """Tell the buyer, keep the parcel with the order, and complete it once all has left."""
        path = f"{_ORDERS}/{in_path(parcel.external_id)}"
        known = self._must_know(parcel.external_id)
        if not self._is_noted(path, parcel):
            self._tell(Operation.CONFIRM, "POST", f"{path}/notes", telling.note(parcel))
        changed = telling.shipment(parcel, known)
        self._tell(Operation.CONFIRM, "PUT", path, changed, is_safe=True)
        return Receipt(parcel.tracking_number)

    def find_confirmation(self, parcel: ShippedParcel) -> Receipt | None:
        """Look for the parcel among those that are kept with the order."""
        known = self._order(parcel.external_id)
        for each in telling.parcels_told(known or {}):
            if telling.is_it(each, parcel):
                return Receipt(parcel.tracking_number, plain(each), is_found=True)
        return None

    def cancel(self, order: CancelledOrder, key: str) -> Receipt:
        """Cancel the order; the store then tells the buyer."""
        path, changed = f"{_ORDERS}/{in_path(order.external_id)}", {"status": "cancelled"}
        self._tell(Operation.CANCEL, "PUT", path, changed, is_safe=True)
        return Receipt(order.external_id)

    def push_quantities(self, offers: Sequence[Offer], key: str) -> tuple[QuantityReceipt, ...]:
        """State how many units each product has; the store answers for each by itself."""
        problems: dict[int, str] = {}
        for parent, units in telling.quantities(offers).items():
            for part in telling.batch(units):
                answer = self._tell(Operation.QUANTITY, "POST", f"{_goods(parent)}/batch", part,
                                    is_safe=True)  # fmt: skip
                problems |= refusals(opened(answer.data))
        return tuple(QuantityReceipt(x, _problem(x, problems)) for x in offers)

    def read_quantities(self, offers: Sequence[Offer]) -> Mapping[Offer, int | None]:
        """Read how many units each product has."""
        shown: dict[str, int | None] = {}
        for parent, units in telling.quantities(offers).items():
            asked = {"include": ",".join(map(str, units)), "per_page": _PAGE}
            rows = _rows(self._get(Operation.READ_QUANTITY, _goods(parent), asked))
            shown.update({x.code("id"): stock(x) for x in rows})
        return {x: shown[number] for x in offers if (number := telling.where(x)[1]) in shown}

    def listings(self, token: str = "") -> ListingPage:
        """List every product, and each variation of those that have some."""
        asked = {"per_page": _PAGE, "offset": _start(token), "orderby": "id", "order": "asc"}
        answer = self._get(Operation.LISTINGS, _goods(""), asked)
        rows = _rows(answer)
        found = tuple(y for x in rows for y in self._offered(x))
        return ListingPage(found, _following(answer, token, len(rows)))

    def _offered(self, product: Part) -> Iterator[ListingRow]:
        number, title = product.code("id"), product.text("name")
        if product.word("type") != "variable":
            yield listing_row(product, number, title)
            return
        token = ""
        while True:
            asked = {"per_page": _PAGE, "offset": _start(token)}
            answer = self._get(Operation.LISTINGS, _goods(number), asked)
            rows = _rows(answer)
            for each in rows:
                yield listing_row(each, f"{number}/{each.code('id')}", title)
            token = _following(answer, token, len(rows))
            if not token:
                return

    def _is_noted(self, path: str, parcel: ShippedParcel) -> bool:
        """Say whether the buyer was told of a parcel: an earlier attempt may have come so far."""
        notes = _rows(self._get(Operation.ORDER, f"{path}/notes", {"type": "customer"}))
        wanted = parcel.tracking_number or telling.note(parcel)["note"]
        return any(wanted in x.text("note") for x in notes)

    def _order(self, external_id: str) -> Mapping[str, Any] | None:
        found = self._found(Operation.ORDER, f"{_ORDERS}/{in_path(external_id)}")
        return found.data if found is not None else None


def _goods(parent: str) -> str:
    return f"{_API}/products/{parent}/variations" if parent else f"{_API}/products"


def _rows(answer: Answer) -> tuple[Part, ...]:
    """Return the objects of a list; anything else is an outage, never "nothing".

    Raises:
        TransientError: it is no list.
    """
    return _list(answer).parts("rows")


def _list(answer: Answer) -> Part:
    if not isinstance(answer.data, list):
        raise TransientError(
            "The store answered without what it was asked for. Nothing was changed.",
            "The desk tries again by itself.",
        )
    return Part({"rows": answer.data})


def _start(token: str) -> str:
    return token.partition(":")[0] or "0"


def _following(answer: Answer, token: str, found: int) -> str:
    """Return where the next page starts; the store says how many there are in all.

    A plug-in may leave some out, and a short page is no end: so it goes on where the rows ended. An
    empty page is asked for once more, and passed over if it stays empty.
    """
    start, total = int(_start(token)), answer.headers.get("x-wp-total", "")
    if not total.isdecimal() or start >= int(total):
        return ""
    if not found and not token.endswith(":again"):
        return f"{start}:again"
    reached = start + (found or int(_PAGE))
    return str(reached) if reached < int(total) else ""


def _problem(offer: Offer, problems: Mapping[int, str]) -> str:
    number = telling.where(offer)[1]
    if not number:
        return "It is not known which product this SKU is. Read the listings first."
    return problems.get(int(number), "")
