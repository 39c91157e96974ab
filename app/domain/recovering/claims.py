"""Until when does a carrier take a claim, and from when on? A table with its sources.

Days are counted from the day on which the parcel left, also where a carrier counts from the promised
delivery: so a date here is never too late. Read in November 2026; carriers change their terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.recovering.matrix import Situation


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """First and last day for a claim, in days after the parcel left, and where that is written."""

    carrier: str
    opens_after: int
    closes_after: int
    source: str

    def opens_at(self, shipped_at: datetime, situation: Situation) -> datetime | None:
        """Return from when on the carrier takes it; what arrived broken is claimed at once."""
        if situation is Situation.DAMAGED or not self.opens_after:
            return None
        return shipped_at + timedelta(days=self.opens_after)

    def due_at(self, shipped_at: datetime) -> datetime:
        """Return the last moment at which the carrier takes it."""
        return shipped_at + timedelta(days=self.closes_after)


_RULES: Final[Mapping[str, ClaimRule]] = {
    # Lost: 15 to 60 days after mailing (Express 7 to 60); damaged: at once, 60 at the latest.
    "usps": ClaimRule("USPS", 15, 60, "https://www.usps.com/help/claims.htm"),
    # Reported within 60 days after (scheduled) delivery; 24 hours after it at the earliest.
    "ups": ClaimRule("UPS", 1, 60, "https://www.ups.com/us/en/support/file-a-claim.page"),
    # US domestic: within 60 days after the ship date.
    "fedex": ClaimRule("FedEx", 1, 60, "https://www.fedex.com/en-us/customer-support/claims.html"),
    # In writing within 30 days after DHL accepted the shipment.
    "dhl": ClaimRule(
        "DHL", 1, 30,
        "https://mydhl.express.dhl/us/en/help-and-support/contact-us/claims/claims-faqs.html",
    ),
}  # fmt: skip
# Nobody has looked it up: the shortest of the others, so that asking is never too late.
UNKNOWN: Final = ClaimRule("", 1, 30, "")
CLAIMABLE: Final = frozenset({Situation.STUCK, Situation.LOST, Situation.DAMAGED})


def rule_for(carrier: str) -> ClaimRule:
    """Return the rule of a carrier by the name that stands on the parcel."""
    words = carrier.casefold().replace("-", " ").split()
    return next((_RULES[word] for word in words if word in _RULES), UNKNOWN)
