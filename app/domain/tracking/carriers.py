"""Whose codes are these? Carriers' names as people write them, and the table of codes that is meant.

A name that none of these is keeps its own words: its codes are then only read as words, until the owner
gives them a meaning.
"""

from __future__ import annotations

from typing import Final

from app.domain.tracking.codebook import folded

# The first that a name begins with, or contains as words, holds: special services before their houses.
_NAMES: Final[tuple[tuple[str, str], ...]] = (
    ("usps", "usps"), ("us postal", "usps"), ("united states postal", "usps"),
    ("fedex", "fedex"), ("fed ex", "fedex"), ("federal express", "fedex"),
    ("dhl express", "dhl_express"), ("dhl parcel de", "dhl_parcel_de"), ("dhl", "dhl_universal"),
    ("canada post", "canadapost"), ("canadapost", "canadapost"), ("postes canada", "canadapost"),
    ("easypost", "easypost"), ("ups", "ups"), ("united parcel", "ups"), ("la poste", "laposte"),
    ("hermes", "hermes"), ("asendia", "asendia"), ("bpost", "bpost"), ("seko", "seko"),
    ("landmark", "landmark"), ("spring", "spring"), ("dpd", "dpd"), ("gls", "gls"),
    ("chronopost", "chronopost"),
)  # fmt: skip
LONGEST: Final = 30
# Carriers that can be asked over the network, as people call them.
TITLES: Final = {
    "ups": "UPS", "fedex": "FedEx", "usps": "USPS", "dhl": "DHL", "canadapost": "Canada Post",
    "easypost": "EasyPost",
}  # fmt: skip


def carrier_name(code: str) -> str:
    """Return what people call a carrier that can be asked."""
    return TITLES.get(code, code)


def house_of(name: str) -> str:
    """Return whose table of codes a carrier's name means: "FedEx Home Delivery" is "fedex"."""
    words = f" {folded(name)} "
    found = next((house for said, house in _NAMES if f" {said} " in words), "")
    return found or words.strip()[:LONGEST]
