"""Which case does a quantity become that its channel refuses?"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.cases import CaseDraft, CaseKind
from app.domain.outgoing import Offer
from app.services.syncing import offers


def refused_quantities(
    account: str, problems: Mapping[Offer, str], rows: Mapping[Offer, int]
) -> list[CaseDraft]:
    """A number that was refused for good is a person's to settle; a stale one is told anew."""
    return [
        CaseDraft(
            CaseKind.LISTING_ERROR, "sku", offer.sku_id,
            f"{account} did not take the quantity of {offer.sku_text}: {problem}",
            sku_id=offer.sku_id, facts={"message": rows[offer], "problem": problem},
        )
        for offer, problem in problems.items()
        if offers.MOVED not in problem
    ]  # fmt: skip
