"""How is a way to make a parcel good called, and what does it cost, wherever it is offered?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app.domain.recovering.matrix import Offer, OfferKind
from app.ui.words import day, money

_TITLES: Final[Mapping[OfferKind, str]] = {
    OfferKind.WAIT: "Wait until {day}",
    OfferKind.RESHIP: "Send it again",
    OfferKind.REFUND: "Give the money back",
    OfferKind.PARTIAL: "Give a part back",
}
ICONS: Final[Mapping[OfferKind, str]] = {
    OfferKind.WAIT: "clock",
    OfferKind.RESHIP: "ship",
    OfferKind.REFUND: "money",
    OfferKind.PARTIAL: "money",
}


def offer_title(offer: Offer, now: datetime) -> str:
    """Return what the way is called on its button."""
    until = "" if offer.wait_until is None else day(offer.wait_until.astimezone().date(), now)
    return _TITLES[offer.kind].format(day=until)


def offer_cost(offer: Offer, currency: str) -> str:
    """Return what it costs, as the end of a sentence."""
    if offer.kind is OfferKind.WAIT:
        return "costs nothing"
    more = "" if offer.is_cost_known else " and the goods"
    return f"costs {money(offer.cost, currency)}{more}"
