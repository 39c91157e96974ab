"""What do Walmart's answers say: an order, a listing, a refusal?

Errors come in two shapes, and no description has either; both are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.domain.importing import ListingRow
from app.sync.channels.walmart.payloads import order_from
from app.sync.live.bodies import plain
from app.sync.live.channel import SeenOrder, seen
from app.sync.live.payload import Part, first, opened
from app.sync.live.trouble import RejectedError, TransientError

_NOTHING: Final = "CONTENT_NOT_FOUND"


def seen_order(part: Part) -> SeenOrder:
    """Return one purchase order, raw and understood."""
    payload = plain(dict(part.data))
    lines = part.parts("orderLines", "orderLine")
    stamps = [x.epoch("statusDate", per_second=1000) for x in lines]
    changed_at = max((x for x in stamps if x is not None), default=None)
    return seen(part.code("purchaseOrderId"), payload, order_from, changed_at)


def listing_row(each: Part) -> ListingRow:
    """Return one SKU with what buyers may buy of it, over all of its nodes."""
    shown = [x.units("availToSellQty", "amount") for x in each.parts("nodes")]
    stated = [x for x in shown if x is not None]
    quantity = sum(stated) if stated else None
    return ListingRow("walmart", each.code("sku"), each.code("sku"), quantity=quantity)


def brief(answer: Any) -> Mapping[str, Any]:
    """Return an answer without the buyer: what is kept of it is how far the order is."""
    told = opened(answer or {})
    part = told.part("order") if told.has("order") else told
    keep = ("purchaseOrderId", "status", "trackingInfo")
    return {name: plain(part.data[name]) for name in keep if name in part.data}


def must_be_empty(answer: Any) -> None:
    """Take a 404 as an empty list only where Walmart says so in words.

    Raises:
        TransientError: it says something else; no orders is not what it says.
    """
    if not any(_NOTHING in code for code, _ in _errors(answer)):
        raise TransientError(
            "Walmart did not find its own list of orders. Nothing was read.",
            "The desk tries again by itself.", code="404",
        )  # fmt: skip


def feed_is_done(feed: Part) -> bool:
    """Say whether Walmart has worked through a feed.

    Raises:
        RejectedError: it has given it up.
    """
    state = feed.word("feedStatus")
    if state == "error":
        raise RejectedError(
            "Walmart did not work through the quantities that it was handed.",
            "The desk tells them anew by itself.", code="ERROR",
        )  # fmt: skip
    return state == "processed"


def feed_refusals(details: Iterable[Part]) -> dict[str, str]:
    """Return why SKUs of a feed were refused."""
    return {
        x.code("sku"): _feed_words(x) for x in details if x.word("ingestionStatus") != "success"
    }


def _feed_words(item: Part) -> str:
    told = item.parts("ingestionErrors", "ingestionError")
    words = first(x.text("description") or x.text("code") for x in told)
    return words[:300] or "Walmart did not take it."


def refusal(answer: Part) -> tuple[str, str]:
    """Return code and words of a refusal."""
    return next(iter(_errors(answer.data)), ("", ""))


def _errors(answer: Any) -> list[tuple[str, str]]:
    """Return code and words of each error: {errors: {error: […]}}, {errors: […]} or {error: […]}."""
    if not isinstance(answer, Mapping):
        return []
    part = opened(answer)
    found = part.parts("errors", "error") or part.parts("error") or part.parts("errors")
    return [(x.text("code"), first((x.text("description"), x.text("info")))) for x in found]
