"""How do Amazon's documents go there and come here: feeds that are handed in, reports that are made?

Both are asked for by one call and made later; the document itself lies elsewhere, at an address that
needs no token and gets none.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any, Final

from app.domain.importing import ListingRow
from app.sync.live.account import answered, named
from app.sync.live.bodies import NotJsonError, whole
from app.sync.live.door import Answer, Door, Request
from app.sync.live.payload import Part
from app.sync.live.terms import Operation
from app.sync.live.trouble import TransientError

LISTINGS: Final = "GET_MERCHANT_LISTINGS_ALL_DATA"
ACKNOWLEDGEMENT: Final = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
QUANTITIES: Final = "JSON_LISTINGS_FEED"
_FEEDS: Final = "/feeds/2021-06-30"
_REPORTS: Final = "/reports/2021-06-30"
_CONTENTS: Final = {
    ACKNOWLEDGEMENT: "text/xml; charset=UTF-8",
    QUANTITIES: "application/json; charset=UTF-8",
}

Ask = Callable[[Request], Answer]


class Documents:
    """Hands in feeds and fetches reports for one seller on one marketplace."""

    def __init__(self, ask: Ask, door: Door, marketplace: str) -> None:
        self._ask, self._door, self._marketplaces = ask, door, [marketplace]

    def hand_in(
        self, operation: Operation, kind: str, document: bytes, *, is_safe: bool = False
    ) -> str:
        """Hand a feed in, and return its number; what becomes of it shows later."""
        is_of = {"contentType": _CONTENTS[kind]}
        place = self._post(operation, f"{_FEEDS}/documents", is_of, is_safe=True)
        headers = {"content-type": _CONTENTS[kind]}
        upload = Request(
            operation, "PUT", named("Amazon", place, "url"), headers=headers, content=document,
            raw=True, is_safe=True,
        )  # fmt: skip
        self._door.ask(upload)
        feed = {"feedType": kind, "marketplaceIds": self._marketplaces,
                "inputFeedDocumentId": named("Amazon", place, "feedDocumentId")}  # fmt: skip
        made = self._post(operation, f"{_FEEDS}/feeds", feed, is_safe=is_safe)
        return named("Amazon", made, "feedId")

    def feed_state(self, feed: str) -> tuple[str, str]:
        """Return how far a feed is, and the number of what was reported of it once it is done."""
        asked = Request(Operation.BULK, "GET", f"{_FEEDS}/feeds/{feed}")
        told = answered("Amazon", self._ask(asked).data)
        return told.text("processingStatus"), told.code("resultFeedDocumentId")

    def feed_report(self, document: str) -> bytes:
        """Fetch what Amazon reports of a feed."""
        return self._fetched(Operation.BULK, f"{_FEEDS}/documents/{document}")

    def order_report(self, kind: str) -> str:
        """Ask for a report, and return its number."""
        body = {"reportType": kind, "marketplaceIds": self._marketplaces}
        made = self._post(Operation.LISTINGS, f"{_REPORTS}/reports", body, is_safe=True)
        return named("Amazon", made, "reportId")

    def state(self, report: str) -> tuple[str, str]:
        """Return how far a report is, and the number of its document once it is done."""
        asked = Request(Operation.LISTINGS, "GET", f"{_REPORTS}/reports/{report}")
        told = answered("Amazon", self._ask(asked).data)
        return told.text("processingStatus"), told.code("reportDocumentId")

    def fetch(self, document: str) -> bytes:
        """Fetch a report's document.

        Raises:
            TransientError: it did not arrive whole.
        """
        return self._fetched(Operation.LISTINGS, f"{_REPORTS}/documents/{document}")

    def _fetched(self, operation: Operation, path: str) -> bytes:
        told = answered("Amazon", self._ask(Request(operation, "GET", path)).data)
        file = Request(operation, "GET", named("Amazon", told, "url"), raw=True)
        found = self._door.ask(file)
        try:
            packed = told.word("compressionAlgorithm") == "gzip"
            body = whole([found.body], "gzip") if packed else found.body
        except NotJsonError as broken:
            raise _incomplete() from broken
        if not found.is_whole and not packed:
            raise _incomplete()  # nothing says where it ends
        return body

    def _post(
        self, operation: Operation, path: str, body: Mapping[str, Any], *, is_safe: bool
    ) -> Part:
        asked = Request(operation, "POST", path, json=body, is_safe=is_safe)
        return answered("Amazon", self._ask(asked).data)


def listing_rows(report: bytes) -> tuple[ListingRow, ...]:
    """Return the listings of the all-listings report: tab separated, never quoted.

    An empty quantity means that Amazon holds the stock.
    """
    rows = csv.DictReader(io.StringIO(_decoded(report)), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        ListingRow(
            "amazon", sku, (row.get("asin1") or sku).strip(), (row.get("item-name") or "").strip(),
            _units(row.get("quantity") or ""),
        )
        for row in rows
        if (sku := (row.get("seller-sku") or "").strip())
    )  # fmt: skip


def _decoded(report: bytes) -> str:
    try:
        return report.decode("utf-8-sig")
    except UnicodeDecodeError:
        return report.decode("cp1252", errors="replace")


def _units(text: str) -> int | None:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _incomplete() -> TransientError:
    return TransientError(
        "Amazon's report arrived incomplete. Nothing of it was taken.",
        "The desk asks for it again by itself.",
    )
