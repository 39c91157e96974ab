"""How is a suggestion kept, with everything that explains it?

What is not so is not said: these rows are half of what a store holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.reservation import Claim
from app.domain.routing import Candidate, RoutingSuggestion
from app.domain.rulebook.effects import NOTHING_ASKED, Effects
from app.services.planning.router import Routable, Router
from app.services.standing_in import NOTHING_BESIDE, Beside


def suggestion_row(
    suggestion_id: int,
    order: Routable,
    suggestion: RoutingSuggestion,
    router: Router,
    asked: Effects = NOTHING_ASKED,
    done: frozenset[str] = frozenset(),
    beside: Beside = NOTHING_BESIDE,
) -> dict[str, Any]:
    """Return the row that keeps a suggestion, with everything that explains it.

    ``done`` is what rules have done to the order, now or before; ``beside`` what else is told of it.
    """
    return {
        "id": suggestion_id,
        "order_id": order.order_id,
        "state": "open",
        "cost": suggestion.cost,
        "currency": router.rates.currency,
        "policy_version": router.rates.version,
        "rulebook_version": router.rules.version if router.rules else None,
        "service": asked.service or None,
        "explanation": _explanation(order, suggestion, router, asked, done) | beside.as_told(),
        "made_at": router.now,
    }


def places(suggestion: RoutingSuggestion) -> dict[Claim, int]:
    """Return the location that the suggestion gives to each claim."""
    return {
        claim: parcel.candidate.site_id for parcel in suggestion.parcels for claim in parcel.claims
    }


def _explanation(
    order: Routable,
    suggestion: RoutingSuggestion,
    router: Router,
    asked: Effects,
    done: frozenset[str],
) -> dict[str, Any]:
    told = _told(suggestion, order, router, asked)
    told["service"] = router.service(asked.service or order.service).name
    told["policies"] = router.policies.versions
    if router.rules is None:
        return told
    rules: dict[str, Any] = {"version": router.rules.version, "met": list(asked.rules)}
    if done:
        rules["done"] = sorted(done)
    if asked.needs:
        rules["needs"] = list(asked.needs)
    return {**told, "rules": rules}


def _told(
    suggestion: RoutingSuggestion, order: Routable, router: Router, asked: Effects
) -> dict[str, Any]:
    missed = router.missed(order, suggestion.candidates, asked)
    return {
        "complete": suggestion.is_complete,
        "parcels": [
            {
                **_judged(parcel.candidate),
                "units": [[c.line_id, c.sku_id, c.quantity] for c in parcel.claims],
            }
            for parcel in suggestion.parcels
        ],
        "candidates": [_compared(each, missed) for each in suggestion.candidates],
    }


def _compared(candidate: Candidate, missed: Mapping[int, int]) -> dict[str, Any]:
    """Return what a location offers, and what keeps it from shipping the order."""
    told = _judged(candidate)
    if candidate.site_id in missed:
        told["missed"] = missed[candidate.site_id]
    if candidate.rule:
        told["rule"] = candidate.rule
    if candidate.blocked:
        told["blocked"] = candidate.blocked
    if candidate.missing is not None:
        told |= {"missing": candidate.missing, "lacking": candidate.lacking,
                 "short_by": candidate.short_by}  # fmt: skip
    return told


def _judged(candidate: Candidate) -> dict[str, Any]:
    """Return what a location offers."""
    told: dict[str, Any] = {
        "location": candidate.site_id,
        "zone": candidate.zone,
        "postage": candidate.postage,
        "handling": candidate.handling,
        "ships_on": candidate.ships_on.isoformat(),
        "arrives_on": candidate.arrives_on.isoformat(),
    }
    if candidate.leaves_late or candidate.arrives_late:
        told["late"] = _late(candidate)
    if candidate.safety_used:
        told["safety_used"] = candidate.safety_used
    if candidate.service:
        told["service"] = candidate.service
    if candidate.penalty:
        told["penalty"] = candidate.penalty
    return told


def _late(candidate: Candidate) -> str:
    """Return what comes later than promised."""
    if candidate.leaves_late and candidate.arrives_late:
        return "both"
    return "leaves" if candidate.leaves_late else "arrives"
