"""Which carrier does a person mean, and where is its parcel followed?

People write "usps ground advantage" or "FedEx Home"; each channel has its own list of names. The
carrier is recognised here once; a channel's own spelling stands in its ``confirmations.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from urllib.parse import quote


class Carrier(StrEnum):
    """A carrier that channels know by name; the value is how people write it."""

    USPS = "USPS"
    UPS = "UPS"
    UPS_MAIL = "UPS Mail Innovations"
    FEDEX = "FedEx"
    FEDEX_SMARTPOST = "FedEx SmartPost"
    DHL = "DHL"
    DHL_ECOMMERCE = "DHL eCommerce"
    ONTRAC = "OnTrac"
    LASERSHIP = "LaserShip"
    CANADA_POST = "Canada Post"
    ROYAL_MAIL = "Royal Mail"


# The first that matches holds: the special services stand before their houses.
_PATTERNS: Final[tuple[tuple[re.Pattern[str], Carrier], ...]] = tuple(
    (re.compile(pattern), carrier)
    for pattern, carrier in (
        (r"\b(ups ?mi|ups mail|mail innovations)\b", Carrier.UPS_MAIL),
        (r"\b(smart ?post|fedexsp|ground economy)\b", Carrier.FEDEX_SMARTPOST),
        (r"\b(usps|us postal|u s postal|united states postal|us mail)\b", Carrier.USPS),
        (r"\b(fedex|fed ex|federal express)\b", Carrier.FEDEX),
        (r"\bdhl\b.*\b(ecommerce|e commerce|global mail)\b", Carrier.DHL_ECOMMERCE),
        (r"\bdhl\b", Carrier.DHL),
        (r"\b(ontrac|on trac)\b", Carrier.ONTRAC),
        (r"\blaser ?ship\b", Carrier.LASERSHIP),
        (r"\bcanada post\b", Carrier.CANADA_POST),
        (r"\broyal mail\b", Carrier.ROYAL_MAIL),
        (r"\b(ups|united parcel service)\b", Carrier.UPS),
    )
)
_TRACKING: Final[Mapping[Carrier, str]] = {
    Carrier.USPS: "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    Carrier.UPS: "https://www.ups.com/track?tracknum={}",
    Carrier.UPS_MAIL: "https://www.ups.com/track?tracknum={}",
    Carrier.FEDEX: "https://www.fedex.com/fedextrack/?trknbr={}",
    Carrier.FEDEX_SMARTPOST: "https://www.fedex.com/fedextrack/?trknbr={}",
    Carrier.DHL: "https://www.dhl.com/us-en/home/tracking.html?tracking-id={}",
    Carrier.DHL_ECOMMERCE: "https://webtrack.dhlecs.com/orders?trackingNumber={}",
    Carrier.ONTRAC: "https://www.ontrac.com/tracking/?number={}",
}


def recognised(text: str) -> Carrier | None:
    """Return the carrier that a person's words name, or ``None``."""
    words = " ".join(re.sub(r"[^a-z0-9]+", " ", text.casefold()).split())
    return next((carrier for pattern, carrier in _PATTERNS if pattern.search(words)), None)


def tracking_url(carrier: str, number: str) -> str:
    """Return the page that follows a parcel, or an empty text for a carrier without one."""
    known = recognised(carrier)
    page = _TRACKING.get(known) if known else None
    return page.format(quote(number, safe="")) if page else ""


def plain_name(text: str) -> str:
    """Return the carrier's usual name; one that is not known stays as it was written."""
    return str(recognised(text) or text)
